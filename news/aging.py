"""Aging: an old article's text is reduced to the sentences around what it says of anybody, each word as it was."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from news.sentences import begins_sentence, sentence_around
from news.spans import Span, words_of
from news.statements import Statement

BETWEEN = "\n\n"
"""Between two pieces that do not touch in the text."""


@dataclass(frozen=True, slots=True)
class Reduced:
    """What is left of a text, and where its spans are now."""

    text: str
    kept: tuple[Span, ...]
    """The pieces of the whole text that are left, in their order."""
    begins: tuple[int, ...] = (0,)
    """Where each piece begins now."""

    def move(self, span: Span) -> Span:
        """Where the span's words are now; ValueError for one that was not kept."""
        at = bisect_right(self.kept, span.start, key=lambda piece: piece.start) - 1
        if at < 0 or not self.kept[at].contains(span):
            raise ValueError(f"span {span.start}..{span.end} was not kept")
        shift = self.begins[at] - self.kept[at].start
        return Span(span.start + shift, span.end + shift)


def reduce(text: str, statements: Sequence[Statement], evidence: Iterable[Sequence[Span]] = ()) -> Reduced:
    """The sentences around the statements and around each piece of evidence, in the order of the text.

    A statement has the same words in the same sentence as before. Where a reader of the rest would take another
    sentence for the one around a statement, and where a span lies outside the text, all of the text is kept.
    """
    shown = [(spans, spans) for spans in evidence if spans]
    shown += [(_shown_by(statement), _spans_of(statement)) for statement in statements]
    if any(span.end > len(text) for _, spans in shown for span in spans):
        return Reduced(text, (Span(0, len(text)),))
    pieces = [piece for by, spans in shown for piece in (sentence_around(text, by), *spans)]
    pieces += [sentence_around(text, [span]) for statement in statements for span in statement.venue]
    reduced = _left(text, _merged(pieces))
    same = all(_told(text, one) == _told(reduced.text, moved(one, reduced)) for one in statements)
    return reduced if same else Reduced(text, (Span(0, len(text)),))


def moved(statement: Statement, reduced: Reduced) -> Statement:
    """The statement, pointing into what is left of its text."""
    return replace(
        statement,
        content=tuple(map(reduced.move, statement.content)),
        cue=tuple(map(reduced.move, statement.cue)),
        source=tuple(map(reduced.move, statement.source)),
        venue=tuple(map(reduced.move, statement.venue)),
    )


def _shown_by(statement: Statement) -> tuple[Span, ...]:
    """What the sentence around it is found by."""
    return (*statement.content, *statement.cue, *statement.source)


def _spans_of(statement: Statement) -> tuple[Span, ...]:
    return (*_shown_by(statement), *statement.venue)


def _merged(pieces: Iterable[Span]) -> tuple[Span, ...]:
    """The pieces in order, those that overlap or touch as one."""
    merged: list[Span] = []
    for piece in sorted(pieces):
        if merged and piece.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, piece.end))
        else:
            merged.append(piece)
    return tuple(merged)


def _left(text: str, pieces: tuple[Span, ...]) -> Reduced:
    begins = accumulate((len(piece) + len(BETWEEN) for piece in pieces[:-1]), initial=0)
    return Reduced(BETWEEN.join(piece.of(text) for piece in pieces), pieces, tuple(begins))


def _told(text: str, statement: Statement) -> tuple[object, ...]:
    """All that is shown of the statement's place in its text."""
    sentence = sentence_around(text, _shown_by(statement))
    start = min(span.start for span in statement.content)
    parts = (statement.content, statement.cue, statement.source, statement.venue)
    return (
        *(words_of(text, spans) for spans in parts),
        sentence.of(text),
        start - sentence.start,
        begins_sentence(text, sentence, start),
    )
