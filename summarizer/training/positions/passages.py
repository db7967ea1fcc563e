"""Passages with the positions in them: our own, and those of PolNeAR that we labelled."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from news.spans import Span
from news.stances import Position
from summarizer.models.encoder import embed
from summarizer.models.positions import LABELS, PASSAGE_PIECES, pieces_in, word_pieces
from summarizer.models.words import tokenizer
from summarizer.sentences import find_paragraphs, find_sentences
from summarizer.stances.passages import grouped

PASSAGES = Path(__file__).parents[1] / "passages"
LABELLED = Path(__file__).parents[1] / "labels"
IGNORED = -100
"""The label of pieces that teach nothing."""
_NEAR_ENOUGH = 0.27
"""How like a target (a cosine) part of a longer text must be to be where its positions are told."""
_KEPT_ASIDE = 5
"""Of so many articles that we labelled one measures and never trains."""


@dataclass(frozen=True, slots=True)
class Wordings:
    """The pieces of a target: what it is, and its wordings for and against."""

    head: list[int]
    supporting: list[list[int]]
    opposing: list[list[int]]


@dataclass(frozen=True, slots=True)
class Example:
    """A passage's pieces, and what they name."""

    pieces: list[int]
    targets: list[Wordings]
    """All targets of its folder."""
    labels: dict[int, list[int]]
    """Of a target a label for each piece; a target that is missing has positions of nobody."""
    told: list[int]
    """Targets on which somebody who is named takes a position here."""
    others: list[int]
    """Targets on which nobody does, the likest first."""


@dataclass(slots=True)
class Likeness:
    """How like passages are to targets; vectors are kept."""

    vectors: dict[str, NDArray[np.float32]] = field(default_factory=dict)

    def of(self, text: str, targets: Sequence[dict[str, Any]]) -> NDArray[np.float32]:
        """Of each target the cosine of the likest sentence and wording."""
        held = np.stack([self._vector(sentence.of(text)) for sentence in sentences_of(text)])
        return np.array([float((held @ self._wordings(target).T).max()) for target in targets], np.float32)

    def _wordings(self, target: dict[str, Any]) -> NDArray[np.float32]:
        told = (
            f"{target['name']}. {target['description']}",
            *given(target, "for"),
            *given(target, "against"),
        )
        return np.stack([self._vector(text) for text in told])

    def _vector(self, text: str) -> NDArray[np.float32]:
        if text not in self.vectors:
            self.vectors[text] = embed(text)
        return self.vectors[text]


def own_examples(folder: Path, likeness: Likeness) -> Iterator[Example]:
    """Those of a folder of `passages/`; a longer text in parts."""
    targets = targets_in(folder)
    asked = [wordings_of(target) for target in targets]
    for line in (folder / "cases.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        parts = list(parts_of(case["text"]))
        for text in parts:
            yield _example(text, case, targets, asked, likeness, is_part=len(parts) > 1)


def real_examples(folder: Path, polnear: Path, likeness: Likeness, *, aside: bool) -> Iterator[Example]:
    """Those of a folder of `labels/`, the articles that are kept aside or the others; `polnear` is its `train.jsonl.gz`."""
    targets = targets_in(folder)
    asked = [wordings_of(target) for target in targets]
    texts = texts_of(polnear)
    for line in (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        if is_kept_aside(case["doc"]) is aside:
            text = texts[case["doc"]][case["start"] : case["end"]]
            yield _example(text, case, targets, asked, likeness, is_part=False)


@cache
def texts_of(polnear: Path) -> Mapping[str, str]:
    """The articles of PolNeAR's `train.jsonl.gz` by their ids, read once."""
    with gzip.open(polnear, "rt", encoding="utf-8") as file:
        return {row["id"]: row["text"] for row in map(json.loads, file)}


def targets_in(folder: Path) -> list[dict[str, Any]]:
    """The targets of a folder, as they are written."""
    rows: list[dict[str, Any]] = yaml.safe_load((folder / "targets.yaml").read_text(encoding="utf-8"))
    return rows


def is_kept_aside(article: str) -> bool:
    """Whether an article of PolNeAR measures and never trains, by its id."""
    return zlib.crc32(article.encode()) % _KEPT_ASIDE == 0


def sentences_of(text: str) -> list[Span]:
    """The sentences of a passage."""
    return [s for paragraph in find_paragraphs(text) for s in find_sentences(text, (paragraph,))]


def parts_of(text: str) -> Iterator[str]:
    """The text, or where it is longer than what is read at once neighbouring sentences of it, the last one twice."""
    sentences = sentences_of(text)
    sizes = [pieces_in(sentence.of(text)) for sentence in sentences]
    if sum(sizes) <= PASSAGE_PIECES:
        yield text
        return
    for start, end in grouped(sizes, PASSAGE_PIECES - 20):
        yield text[sentences[start].start : sentences[end - 1].end]


def mentions(text: str, names: Sequence[str]) -> list[tuple[int, int]]:
    """Where an actor's names stand, the longest taken first."""
    found: list[tuple[int, int]] = []
    for name in sorted(set(names), key=len, reverse=True):
        flags = re.IGNORECASE if name.lower().startswith("the ") else 0
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, flags):
            if not any(start < match.end() and match.start() < end for start, end in found):
                found.append(match.span())
    return found


def _example(
    text: str,
    case: dict[str, Any],
    targets: list[dict[str, Any]],
    asked: list[Wordings],
    likeness: Likeness,
    *,
    is_part: bool,
) -> Example:
    encoding = tokenizer().encode(text, add_special_tokens=False)
    offsets = encoding.offsets[:PASSAGE_PIECES]
    places = {target["name"]: at for at, target in enumerate(targets)}
    labels: dict[int, list[int]] = {}
    for kind in ("stances", "also"):
        for stance in case[kind]:
            row = labels.setdefault(places[stance["target"]], [0] * len(offsets))
            label = LABELS.index(Position(stance["position"])) if kind == "stances" else IGNORED
            for start, end in mentions(text, stance["actor"]):
                for at, (s, e) in enumerate(offsets):
                    if start <= s and e <= end and (kind == "stances" or not row[at]):
                        row[at] = label
    like = likeness.of(text, targets)
    gold = {places[stance["target"]] for stance in case["stances"]}
    told = [at for at in sorted(gold) if max(labels[at]) > 0 and (like[at] >= _NEAR_ENOUGH or not is_part)]
    others = [int(at) for at in np.argsort(-like, kind="stable") if int(at) not in gold]
    return Example(list(encoding.ids[:PASSAGE_PIECES]), asked, labels, told, others)


def wordings_of(target: dict[str, Any]) -> Wordings:
    """The target as the reader has it."""
    return Wordings(
        word_pieces(f"{target['name']}. {target['description']}"),
        [word_pieces(text) for text in given(target, "for")],
        [word_pieces(text) for text in given(target, "against")],
    )


def given(target: dict[str, Any], side: str) -> list[str]:
    """Its wordings `for` or `against`."""
    return list(target.get(side) or ())
