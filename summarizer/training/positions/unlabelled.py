"""Passages that nobody labelled, with targets that they may be about: what a teacher is asked, and what it answered."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from news.spans import Span
from summarizer.models.positions import PASSAGE_PIECES, pieces_in, word_pieces
from summarizer.training.positions.passages import (
    Likeness,
    Wordings,
    is_kept_aside,
    parts_of,
    sentences_of,
    targets_in,
    texts_of,
    wordings_of,
)

_SENTENCES = (1, 2, 2, 3, 3, 4, 5)
"""How many sentences of an article are read together, one of these."""
_FEWEST, _MOST = 14, 115
"""Pieces of a passage."""
_NEAR, _NEAR_OWN = 7, 5
"""Targets that a passage is likest: those it is asked for; of our own passages of targets from other folders."""
_OWN = 0.5
"""Share of our own passages."""


@dataclass(frozen=True, slots=True)
class Unlabelled:
    """A passage's pieces and the targets that a teacher is asked for."""

    pieces: list[int]
    targets: list[Wordings]


@dataclass(frozen=True, slots=True)
class Answered:
    """The same with the teacher's answers, in 255ths."""

    pieces: list[int]
    targets: list[Wordings]
    likely: NDArray[np.uint8]
    """(targets, pieces, positions)"""
    there: NDArray[np.uint8]
    """(targets, positions)"""


@dataclass(frozen=True, slots=True)
class Told:
    """A target of any folder: as it is written, and as the reader has it."""

    row: dict[str, Any]
    wordings: Wordings


class Pool:
    """All targets of some folders, each once, and which of them a passage is likest."""

    def __init__(self, folders: Sequence[Path], likeness: Likeness) -> None:
        self._likeness = likeness
        told: dict[str, Told] = {}
        for folder in folders:
            for row in targets_in(folder):
                told.setdefault(_key(row), Told(row, wordings_of(row)))
        self._told = list(told.values())
        self._rows = [one.row for one in self._told]

    def near(self, text: str, most: int, without: frozenset[str] = frozenset()) -> list[Wordings]:
        """The likest targets, the likest first, but for some by their keys."""
        ranked = np.argsort(-self._likeness.of(text, self._rows), kind="stable")
        found = (self._told[int(at)] for at in ranked)
        return [one.wordings for one in found if _key(one.row) not in without][:most]

    def any(self, chance: random.Random) -> Wordings:
        """One of them, whatever it is about."""
        return chance.choice(self._told).wordings

    def of_news(self, polnear: Path, chance: random.Random) -> Iterator[Unlabelled]:
        """Neighbouring sentences of PolNeAR's `train` but for the articles that are kept aside, two times over."""
        for article, whole in texts_of(polnear).items():
            if is_kept_aside(article):
                continue
            for text in _windows(whole, chance):
                yield Unlabelled(_pieces(text), [*self.near(text, _NEAR), self.any(chance)])

    def of_own(self, folder: Path, chance: random.Random) -> Iterator[Unlabelled]:
        """Half of the passages of a folder, with targets of others."""
        own = frozenset(map(_key, targets_in(folder)))
        for line in (folder / "cases.jsonl").read_text(encoding="utf-8").splitlines():
            if chance.random() < _OWN:
                for text in parts_of(json.loads(line)["text"]):
                    yield Unlabelled(_pieces(text), self.near(text, _NEAR_OWN, own))


def _key(row: dict[str, Any]) -> str:
    return f"{row['name']}. {row['description']}"


def _pieces(text: str) -> list[int]:
    return word_pieces(text)[:PASSAGE_PIECES]


def _windows(text: str, chance: random.Random) -> Iterator[str]:
    """Neighbouring sentences, once from the first and once from the second one on."""
    sentences: Sequence[Span] = sentences_of(text)
    sizes = [pieces_in(sentence.of(text)) for sentence in sentences]
    for start in (0, 1):
        at = start
        while at < len(sentences):
            end, total, most = at, 0, at + chance.choice(_SENTENCES)
            while end < min(most, len(sentences)) and total + sizes[end] <= _MOST:
                total += sizes[end]
                end += 1
            if total >= _FEWEST:
                yield text[sentences[at].start : sentences[end - 1].end]
            at = max(end, at + 1)
