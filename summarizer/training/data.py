"""The corpus as windows with labels."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from summarizer.models.labels import Cue, Link
from summarizer.models.windows import PIECES, Window, pack
from summarizer.models.words import Word, find_words
from summarizer.quotations import find_quotations
from summarizer.sentences import find_paragraphs


@dataclass(frozen=True, slots=True)
class Gold:
    """One annotated attribution, as word ranges of its article: half-open pairs."""

    source: tuple[tuple[int, int], ...]
    cue: tuple[tuple[int, int], ...]
    content: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Document:
    """An article as words, paragraph by paragraph, with its attributions."""

    id: str
    text: str
    paragraphs: tuple[tuple[Word, ...], ...]
    gold: tuple[Gold, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A window with its labels."""

    window: Window
    cues: tuple[int, ...]
    """A `Cue` for each word."""
    anchors: tuple[int, ...]
    """The first word of each cue."""
    links: tuple[tuple[int, ...], ...]
    """For each anchor, a `Link` for each word."""


def read_corpus(path: Path) -> list[Document]:
    """The articles of a `.jsonl.gz` file of the corpus."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [_document(json.loads(line)) for line in lines]


def _document(row: dict[str, Any]) -> Document:
    text = row["text"]
    paragraphs = find_words(text, find_paragraphs(text), find_quotations(text))
    words = [word for paragraph in paragraphs for word in paragraph]
    gold = []
    for attribution in row["attributions"]:
        roles = {
            role: tuple(r for s, e in attribution[role] if (r := _range(words, s, e)))
            for role in ("source", "cue", "content")
        }
        if roles["cue"] and roles["content"]:
            gold.append(Gold(**roles))
    return Document(row["id"], text, paragraphs, tuple(gold))


def _range(words: Sequence[Word], start: int, end: int) -> tuple[int, int] | None:
    inside = [i for i, word in enumerate(words) if word.start < end and word.end > start]
    return (inside[0], inside[-1] + 1) if inside else None


def examples(document: Document, *, chance: random.Random | None = None) -> Iterator[Example]:
    """The document's windows; with `chance`, packed differently each time."""
    first = chance.randrange(PIECES // 4, PIECES + 1) if chance else None
    start = 0
    for window in pack(document.paragraphs, first=first):
        stop = start + len(window.words)
        yield _example(window, document.gold, start, stop)
        start = stop


def _example(window: Window, gold: Sequence[Gold], start: int, stop: int) -> Example:
    cues = [int(Cue.OUTSIDE)] * (stop - start)
    held: dict[int, list[int]] = {}
    for attribution in gold:
        first, last = attribution.cue[0]
        if not start <= first < stop:
            continue
        anchor = first - start
        cues[anchor] = Cue.FIRST
        for index in range(anchor + 1, min(last, stop) - start):
            cues[index] = Cue.LATER
        links = held.setdefault(anchor, [int(Link.NOTHING)] * (stop - start))
        _mark(links, attribution.source, start, stop, Link.SOURCE_FIRST)
        _mark(links, attribution.content, start, stop, Link.CONTENT_FIRST)
    for links in held.values():
        _begin(links)
    anchors = sorted(held)
    return Example(window, tuple(cues), tuple(anchors), tuple(tuple(held[a]) for a in anchors))


def _begin(links: list[int]) -> None:
    """Makes a word a first one where marks that overlap left no word of its role before it."""
    for index, label in enumerate(links):
        if label in (Link.SOURCE_LATER, Link.CONTENT_LATER) and (
            index == 0 or links[index - 1] not in (label, label - 1)
        ):
            links[index] = label - 1


def _mark(links: list[int], ranges: Sequence[tuple[int, int]], start: int, stop: int, first: Link) -> None:
    for begin, end in ranges:
        for index in range(max(begin, start), min(end, stop)):
            links[index - start] = first if index == max(begin, start) else first + 1
