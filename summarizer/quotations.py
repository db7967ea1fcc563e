"""Where quotations stand in a text: every style of marks, quotations over several paragraphs, marks left open."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from news.spans import Span

_LINE = re.compile(r"[^\n]+")
_MARK = re.compile(r"''|``|[\"“”„‟«»'‘’‚‹›]")
_DOUBLE = frozenset(("''", "``", '"', "“", "”", "„", "‟", "«", "»"))
_CLOSERS = {
    '"': ('"', "”", "“"),
    "“": ("”", '"', "“"),
    "”": ("”", '"'),
    "„": ("“", "”", '"'),
    "‟": ("”", '"'),
    "«": ("»",),
    "»": ("«", "»"),
    "''": ("''",),
    "``": ("''", "``", '"'),
    "‘": ("’", "'"),
    "'": ("'", "’"),
    "‚": ("‘", "’"),
    "‹": ("›",),
}
_REACH = 100
"""Marks that a quotation may hold; the bound keeps a text of nothing but marks from taking forever."""
_ELISIONS = re.compile(r"(?:tis|twas|em|til|cause|n|bout|round|\d0s|\d\d)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quotation:
    """One quotation, its marks included; one piece a paragraph, each reopened by a mark of its own."""

    pieces: tuple[Span, ...]
    closed: bool = True
    """False when no mark closes it: it then ends with its paragraph."""


class Quoted:
    """Looks up where a place stands towards quotation marks."""

    def __init__(self, quotations: Sequence[Quotation]) -> None:
        self._pieces = sorted(
            ((piece, quotation.closed) for quotation in quotations for piece in quotation.pieces),
            key=lambda held: held[0],
        )
        self._starts = [piece.start for piece, _ in self._pieces]

    def at(self, place: int) -> tuple[Span, bool] | None:
        """The piece that the place is inside of, and whether a mark closes it; None outside quotations."""
        index = bisect_right(self._starts, place) - 1
        if index < 0 or place >= self._pieces[index][0].end:
            return None
        return self._pieces[index]


@dataclass(frozen=True, slots=True)
class _Mark:
    """A quotation mark and what its place allows."""

    text: str
    start: int
    end: int
    opens: bool
    closes: bool
    doubtful: bool = False
    """A single closing mark that may as well be a plural's apostrophe."""


def find_quotations(text: str) -> tuple[Quotation, ...]:
    """All quotations in reading order; they never overlap, and marks inside another quotation are part of it."""
    found: list[Quotation] = []
    chain: list[Span] = []
    for line in _LINE.finditer(text):
        inside = list(_in_line(text, line.start(), line.end()))
        if chain and inside and _reopens(text, line.start(), chain[-1], inside[0].pieces[0]):
            chain.extend(inside[0].pieces)
            if len(inside) == 1 and not inside[0].closed:
                continue
            inside[0] = Quotation(tuple(chain), inside[0].closed)
        elif chain:
            found.append(Quotation(tuple(chain), closed=False))
        chain = [*inside.pop().pieces] if inside and not inside[-1].closed else []
        found.extend(inside)
    if chain:
        found.append(Quotation(tuple(chain), closed=False))
    return tuple(found)


def _reopens(text: str, line: int, earlier: Span, piece: Span) -> bool:
    """Whether the piece starts its paragraph with the mark that the earlier one left open."""
    return not text[line : piece.start].strip() and text[piece.start] == text[earlier.start]


def _in_line(text: str, start: int, end: int) -> Iterator[Quotation]:
    marks = [
        m
        for m in (_mark(text, start, end, f) for f in _MARK.finditer(text, start, end))
        if m.opens or m.closes
    ]
    at = 0
    while at < len(marks):
        mark = marks[at]
        if not mark.opens:
            at += 1
            continue
        close, following = _close(marks, at)
        if close is not None:
            if close.start > mark.end:
                yield Quotation((Span(mark.start, close.end),))
        elif mark.text in _DOUBLE and mark.text != "''":
            until = marks[following].start if following < len(marks) else end
            piece = Span(mark.start, until).trimmed(text)
            if piece.end > mark.end:
                yield Quotation((piece,), closed=False)
        else:
            following = at + 1
        at = following


def _close(marks: list[_Mark], at: int) -> tuple[_Mark | None, int]:
    """The mark that closes the one at `at`, and the index to go on from."""
    opener = marks[at]
    closers = _CLOSERS.get(opener.text, ())
    double = opener.text in _DOUBLE
    doubtful: tuple[_Mark, int] | None = None
    reach = min(len(marks), at + 1 + _REACH)
    for index in range(at + 1, reach):
        mark = marks[index]
        if double and mark.text == opener.text and mark.opens and not mark.closes:
            return None, index
        if not double and mark.text == opener.text and mark.opens and not mark.closes:
            break
        if mark.text not in closers or not mark.closes:
            continue
        if not mark.doubtful:
            return mark, index + 1
        doubtful = (mark, index + 1)
    return doubtful or (None, reach)


def _mark(text: str, start: int, end: int, found: re.Match[str]) -> _Mark:
    mark = found.group()
    before = text[found.start() - 1] if found.start() > start else " "
    after = text[found.end()] if found.end() < end else " "
    ahead = not after.isspace() and after not in ".,;:!?)"
    behind = not before.isspace() and before not in "(["
    if mark in _DOUBLE:
        opens = (mark in "“„«``" and mark != "''") or (not before.isalnum() and ahead)
        if mark in "”»" and mark:
            opens = opens and before not in ".,!?…"
        return _Mark(mark, found.start(), found.end(), opens, behind or mark in "”»" or not ahead)
    opens = mark in "'‘‚‹" and not before.isalnum() and (after.isalnum() or after in '“"…$£€¿¡[«')
    if opens and mark in "'’" and _ELISIONS.match(text, found.end(), end):
        opens = False
    closes = mark in "'’‘›" and behind and not after.isalnum()
    doubtful = before in "sSzx" and after == " " and text[found.end() + 1 : found.end() + 2].isalpha()
    return _Mark(mark, found.start(), found.end(), opens, closes, doubtful)
