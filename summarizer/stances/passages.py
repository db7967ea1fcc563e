"""Passages: neighbouring sentences that are read together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from news.spans import Span
from summarizer.frames import Frame
from summarizer.models.positions import pieces_in
from summarizer.sentences import find_sentences

_MOST_PIECES = 124
"""Word pieces of a passage, but for a sentence that is longer alone."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences from one paragraph to the next; the first of them stands in the passage before, too."""

    span: Span
    sentences: tuple[Span, ...]


def find_passages(text: str, frames: Sequence[Frame]) -> Iterator[Passage]:
    """The passages of an article in reading order, each beginning with the sentence that the one before ended with."""
    sentences = [s for frame in frames for s in find_sentences(text, (frame.span,))]
    # A subheading behind a sentence is read with it.
    sizes = [pieces_in(text[one.start : max(one.end, other.start)]) for one, other in pairwise(sentences)]
    sizes += [pieces_in(last.of(text)) for last in sentences[-1:]]
    for start, end in grouped(sizes, _MOST_PIECES):
        yield Passage(Span(sentences[start].start, sentences[end - 1].end), tuple(sentences[start:end]))


def grouped(sizes: Sequence[int], most: int) -> Iterator[tuple[int, int]]:
    """Neighbours of these sizes in groups of at most `most` together, but for one that is larger alone.

    Each group begins with the last of the one before, where that has more than one.
    """
    start = 0
    while start < len(sizes):
        end, total = start, 0
        while end < len(sizes) and (end == start or total + sizes[end] <= most):
            total += sizes[end]
            end += 1
        yield start, end
        if end >= len(sizes):
            return
        start = max(start + 1, end - 1)
