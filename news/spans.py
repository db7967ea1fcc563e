"""Spans: half-open character ranges into an article's text. Evidence is offsets, never a loose copy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters `start` up to, not including, `end`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"no span: {self.start}..{self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The characters of `text` that the span covers; ValueError when it reaches past the end."""
        if self.end > len(text):
            raise ValueError(f"span {self.start}..{self.end} outside a text of {len(text)}")
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """Whether every character of `other` lies in this span."""
        return self.start <= other.start and other.end <= self.end

    def trimmed(self, text: str) -> Span:
        """The span without white space at its edges (empty at its end when it holds nothing else)."""
        start, end = self.start, self.end
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        return Span(start, end)


GAP = " … "
"""Between the words of two spans where the text has others between them."""


def words_of(text: str, spans: Iterable[Span], gap: str = GAP) -> str:
    """The spans' words in reading order; `gap` stands where text between two spans is left out."""
    return gap.join(span.of(text) for span in sorted(spans))
