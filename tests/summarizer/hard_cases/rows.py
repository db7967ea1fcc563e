"""What a row of the tables is: a text, and the statements that a careful editor finds in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial

from news.spans import Span
from news.statements import Kind, Mode

_ORDINAL = re.compile(r"#(\d+)$")
_BETWEEN = " | "


@dataclass(frozen=True, slots=True)
class Expected:
    """One statement, in the text's words: ` | ` stands between pieces, `#2` picks the second place of several."""

    content: str
    by: str | None = None
    """The speaker's name, None for nobody."""
    cue: str = ""
    """Words that must be among the reporting words; empty where editors would differ."""
    source: str | None = None
    """Taken from `by` where it is not given; an empty one must be absent."""
    kind: Kind = Kind.DIRECT
    mode: Mode = Mode.SPEECH
    anonymous: bool | None = None
    """Whether the name is kept back; None where that is not at stake."""
    loose: bool = False
    """Whether only the speaker and half of the content are at stake, since editors differ on the edges."""
    optional: bool = False
    """Whether editors differ on its being a statement at all; if it is one, it is this one."""

    @property
    def source_words(self) -> str:
        """The source, as `source` or else `by` has it."""
        return (self.by or "") if self.source is None else self.source


direct = partial(Expected, kind=Kind.DIRECT)
indirect = partial(Expected, kind=Kind.INDIRECT)
mixed = partial(Expected, kind=Kind.MIXED)


@dataclass(frozen=True, slots=True)
class Row:
    """One text and everything that is stated in it; an id is `category/name`."""

    id: str
    text: str
    expected: tuple[Expected, ...]
    title: str | None = None
    flags: tuple[str, ...] = ()

    @property
    def category(self) -> str:
        """The trap that the row sets."""
        return self.id.partition("/")[0]


def row(name: str, text: str, *expected: Expected, title: str | None = None, flags: str = "") -> Row:
    """A row with the statements in any order; none where the text states nothing."""
    return Row(name, text, expected, title, tuple(flags.split()))


def find(text: str, words: str) -> tuple[Span, ...]:
    """Where the words stand; each piece must stand there once, or say by an ordinal which place is meant."""
    return tuple(_place(text, piece) for piece in words.split(_BETWEEN)) if words else ()


def _place(text: str, piece: str) -> Span:
    ordinal = _ORDINAL.search(piece)
    wanted = _ORDINAL.sub("", piece)
    places = [m.start() for m in re.finditer(rf"(?<!\w){re.escape(wanted)}(?!\w)", text)]
    if not places:
        raise ValueError(f"“{wanted}” does not stand in the text")
    if ordinal is None and len(places) > 1:
        raise ValueError(f"“{wanted}” stands in the text {len(places)} times: say which")
    number = int(ordinal.group(1)) if ordinal else 1
    if not 1 <= number <= len(places):
        raise ValueError(f"“{wanted}” stands in the text {len(places)} times, not {number}")
    return Span(places[number - 1], places[number - 1] + len(wanted))
