"""Attributions: statements before anybody looked up who their source is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from news.spans import Span
from news.statements import Mode


class Pattern(StrEnum):
    """The rule that found an attribution."""

    QUOTE_BEFORE = "quote before"
    """`“…,” Bell said` and `“…,” said Bell`."""
    QUOTE_AFTER = "quote after"
    """`Bell said: “…”`"""
    CLAUSE_BEFORE = "clause before"
    """`The bridge is closed, Bell said.`"""
    CLAUSE_INVERTED = "clause inverted"
    """`The bridge is closed, said Bell.`"""
    THAT = "that"
    BARE = "bare"
    OBJECT = "object"
    """`Bell rejected the plan`"""
    TO = "to"
    PARTICIPLE = "participle"
    """`…, adding that …`"""
    ACCORDING = "according"
    LABEL = "label"
    """`Anna Bell: “…”`"""


@dataclass(frozen=True, slots=True)
class Attribution:
    """A statement before anybody looked up who its source is."""

    content: tuple[Span, ...]
    cue: tuple[Span, ...]
    source: tuple[Span, ...]
    venue: tuple[Span, ...]
    mode: Mode
    pattern: Pattern
    frame: int
    """The index of its frame."""
    open: bool = False
    """Whether a quotation in a paragraph of its own may go on from it."""


def merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans in order, overlapping and touching ones as one."""
    kept: list[Span] = []
    for span in sorted(spans):
        if kept and span.start <= kept[-1].end:
            kept[-1] = Span(kept[-1].start, max(kept[-1].end, span.end))
        else:
            kept.append(span)
    return tuple(kept)
