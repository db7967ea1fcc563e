"""What holds of a brief whatever the text: its parts lie in the text, in order, and agree with each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from news.briefs import Brief
from news.spans import Span
from news.statements import Kind, Statement
from summarizer.quotations import find_quotations
from summarizer.wrapping import unwrapped
from tests.summarizer.reading import brief_of, shown

READ = 200_000
"""Characters that are read at most."""
_WORD = re.compile(r"\w+")


def sound_brief_of(text: str, *, title: str | None = None) -> Brief:
    """The brief of a text, after it was held against everything that must be true of it."""
    brief = brief_of(text, title=title)
    assert brief.length == len(text)
    quoted = _places(piece for q in find_quotations(unwrapped(text[:READ])) for piece in q.pieces)
    for span in (sentence.span for sentence in brief.summary):
        assert span is not None, "an extract without its place"
        _assert_inside(text, span)
    for statement in brief.statements:
        _assert_sound(text, statement)
        assert statement.kind in _kinds(text, statement, quoted), (
            f"kind {statement.kind} of {shown(text, statement)}"
        )
    return brief


def _assert_sound(text: str, statement: Statement) -> None:
    words = shown(text, statement)
    assert statement.content, "a statement without content"
    for part in (statement.content, statement.cue, statement.source, statement.venue):
        for span in part:
            _assert_inside(text, span)
        assert all(a.end <= b.start for a, b in pairwise(part)), f"out of order: {words}"
    roles = (*statement.source, *statement.cue)
    assert not any(c.overlaps(r) for c in statement.content for r in roles), (
        f"a place with two roles: {words}"
    )
    assert not any(s.overlaps(c) for s in statement.source for c in statement.cue), f"cue in source: {words}"
    if statement.speaker is not None:
        assert statement.source, f"a speaker without a source: {words}"
        assert statement.speaker.name.strip(), f"a speaker without a name: {words}"


def _assert_inside(text: str, span: Span) -> None:
    assert 0 <= span.start < span.end <= min(len(text), READ), f"{span} outside a text of {len(text)}"
    assert span.of(text) == span.of(text).strip(), f"blanks at the edge of {span.of(text)!r}"


def _kinds(text: str, statement: Statement, quoted: frozenset[int]) -> tuple[Kind, ...]:
    """The kinds that fit what stands between quotation marks; without any word, two of them do."""
    inside = {
        w.start() in quoted for span in statement.content for w in _WORD.finditer(text, span.start, span.end)
    }
    if not inside:
        return (Kind.DIRECT, Kind.INDIRECT)
    if inside == {True}:
        return (Kind.DIRECT,)
    return (Kind.INDIRECT,) if inside == {False} else (Kind.MIXED,)


def _places(spans: Iterator[Span]) -> frozenset[int]:
    return frozenset(place for span in spans for place in range(span.start, span.end))
