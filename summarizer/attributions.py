"""Attributions: statements before anybody looked up who their source is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from news.spans import Span
from news.statements import Mode, Withheld


@dataclass(frozen=True, slots=True)
class Attribution:
    """A statement before anybody looked up who its source is."""

    content: tuple[Span, ...]
    cue: tuple[Span, ...]
    source: tuple[Span, ...]
    mode: Mode
    confidence: float
    frame: int | None
    """The index of the frame that its cue stands in; None in a heading."""
    withheld: Withheld | None = None
    venue: tuple[Span, ...] = ()


def merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans in order, overlapping and touching ones as one."""
    kept: list[Span] = []
    for span in sorted(spans):
        if kept and span.start <= kept[-1].end:
            kept[-1] = Span(kept[-1].start, max(kept[-1].end, span.end))
        else:
            kept.append(span)
    return tuple(kept)
