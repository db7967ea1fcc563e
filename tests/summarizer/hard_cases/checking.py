"""Holds what was read against a row: what is wrong, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from news.briefs import Brief
from news.spans import Span
from news.statements import Statement
from tests.summarizer.hard_cases.rows import Expected, Row, find
from tests.summarizer.reading import brief_of, words

_MATTERS = re.compile(r"[\w\"“”„‟«»‘‚‹›`]|''|(?<!\w)['’]|['’](?!\w)")
"""Letters, digits and quotation marks; whether a comma or a full stop at the edge belongs to a part is taste."""
_LETTER = re.compile(r"\w")
_ARTICLE = re.compile(r"^(?:the|an?|one|both)\s+", re.IGNORECASE)


def problems(row: Row) -> list[str]:
    """Every difference between the row and what is read from its text; none when it is read right."""
    brief = brief_of(row.text, title=row.title)
    left = list(brief.statements)
    found: list[str] = []
    for expected in row.expected:
        statement = _nearest(row.text, expected, left)
        if statement is None:
            if not expected.optional:
                found.append(f"missing: {expected.content}")
            continue
        left.remove(statement)
        found.extend(_differences(row.text, expected, statement))
    found.extend(f"not a statement: {_shown(row.text, statement)}" for statement in left)
    return found + list(_flag_problems(row, brief))


def _nearest(text: str, expected: Expected, statements: Sequence[Statement]) -> Statement | None:
    """The statement that shares most of its content with the expected one."""
    wanted = _matter(text, find(text, expected.content), _LETTER)
    shared = {i: len(wanted & _matter(text, s.content, _LETTER)) for i, s in enumerate(statements)}
    best = max(shared, key=lambda i: shared[i], default=None)
    return statements[best] if best is not None and shared[best] else None


def _differences(text: str, expected: Expected, statement: Statement) -> Iterator[str]:
    shown = _shown(text, statement)
    name = statement.speaker.name if statement.speaker else None
    if _plain(name) != _plain(expected.by):
        yield f"speaker {name!r} instead of {expected.by!r}: {shown}"
    if expected.anonymous is not None and (
        statement.speaker is None or statement.speaker.anonymous != expected.anonymous
    ):
        yield f"the speaker’s being anonymous is not {expected.anonymous}: {shown}"
    if expected.loose:
        yield from _loose_differences(text, expected, statement)
    else:
        yield from _strict_differences(text, expected, statement)


def _loose_differences(text: str, expected: Expected, statement: Statement) -> Iterator[str]:
    wanted = _matter(text, find(text, expected.content), _LETTER)
    got = _matter(text, statement.content, _LETTER)
    if 2 * len(wanted & got) < max(len(wanted), len(got)):
        yield f"content shares less than half with “{expected.content}”: {_shown(text, statement)}"


def _strict_differences(text: str, expected: Expected, statement: Statement) -> Iterator[str]:
    shown = _shown(text, statement)
    wanted, got = find(text, expected.content), statement.content
    if _matter(text, wanted, _MATTERS) != _matter(text, got, _MATTERS):
        yield f"content is not “{expected.content}”: {shown}"
    source = find(text, expected.source_words)
    if _matter(text, source, _LETTER) != _matter(text, statement.source, _LETTER):
        yield f"source is not “{expected.source_words}”: {shown}"
    if _matter(text, find(text, expected.cue), _LETTER) - _matter(text, statement.cue, _LETTER):
        yield f"cue lacks “{expected.cue}”: {shown}"
    if statement.kind is not expected.kind:
        yield f"kind is {statement.kind}, not {expected.kind}: {shown}"
    if statement.mode is not expected.mode:
        yield f"mode is {statement.mode}, not {expected.mode}: {shown}"


def _flag_problems(row: Row, brief: Brief) -> Iterator[str]:
    flags = tuple(flag.kind for flag in brief.flags)
    if flags != row.flags:
        yield f"flags are {flags}, not {row.flags}"


def _matter(text: str, spans: Iterable[Span], pattern: re.Pattern[str]) -> frozenset[int]:
    """The places of the characters that matter, however many pieces they come in."""
    inside = {place for span in spans for place in range(span.start, span.end)}
    return frozenset(m.start() for m in pattern.finditer(text) if m.start() in inside)


def _plain(name: str | None) -> str | None:
    return None if name is None else " ".join(_ARTICLE.sub("", name).rstrip(".").casefold().split())


def _shown(text: str, statement: Statement) -> str:
    source, cue, content = (
        words(text, part) for part in (statement.source, statement.cue, statement.content)
    )
    return f"[{source}] [{cue}] [{content}]"
