"""Passages: neighbouring sentences that are read together, and which targets each may be about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from news.spans import Span
from summarizer.frames import Frame
from summarizer.models.positions import pieces_in
from summarizer.sentences import find_sentences

_MOST_PIECES = 100
"""Word pieces of a passage, but for a sentence that is longer alone."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences from one paragraph to the next; the first of them stands in the passage before, too."""

    span: Span
    sentences: tuple[Span, ...]


def find_passages(text: str, frames: Sequence[Frame]) -> Iterator[Passage]:
    """The passages of an article in reading order, each beginning with the sentence that the one before ended with."""
    sentences = [s for frame in frames for s in find_sentences(text, (frame.span,))]
    sizes = [pieces_in(sentence.of(text)) for sentence in sentences]
    start = 0
    while start < len(sentences):
        end, pieces = start, 0
        while end < len(sentences) and (end == start or pieces + sizes[end] <= _MOST_PIECES):
            pieces += sizes[end]
            end += 1
        yield Passage(Span(sentences[start].start, sentences[end - 1].end), tuple(sentences[start:end]))
        if end >= len(sentences):
            return
        start = max(start + 1, end - 1)
