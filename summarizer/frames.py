"""Frames: sentences as attribution reads them, where a quotation is one token and never torn apart."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from news.spans import Span
from summarizer.quotations import Quotation
from summarizer.sentences import find_sentences

_TOKEN = re.compile(
    r"(?:Mr|Mrs|Ms|Dr|Messrs|Prof|Rev|Hon|Sens?|Reps?|Govs?|Gen|Col|Lt|Maj|Capt|Sgt|Adm|St|Jr|Sr)\.(?=\s)"
    r"|(?:[^\W\d_]\.){2,}"
    r"|\w+(?:[.,’'&@/-]\w+)*[’'](?=\s)"
    r"|\w+(?:[.,’'&@/-]\w+)*"
    r"|--+|\.\.\.|[^\w\s]"
)
_ENDS_SENTENCE = re.compile(r"[.!?…][”\"’'»]*$")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a punctuation mark, or a whole quotation."""

    span: Span
    text: str
    lower: str
    quotation: Quotation | None = None

    @property
    def capital(self) -> bool:
        """Whether it is a word that starts with a capital letter."""
        return self.quotation is None and self.text[:1].isupper()

    @property
    def word(self) -> bool:
        """Whether it is a word or a number."""
        return self.quotation is None and self.text[:1].isalnum()


@dataclass(frozen=True, slots=True)
class Frame:
    """A sentence, or several that one quotation holds together."""

    span: Span
    paragraph: int
    """Which paragraph it stands in, counted from 0."""
    tokens: tuple[Token, ...]

    @property
    def bare(self) -> bool:
        """Whether it is nothing but quotations."""
        return any(t.quotation for t in self.tokens) and not any(t.word for t in self.tokens)


def find_frames(
    text: str,
    paragraphs: Sequence[Span],
    quotations: Sequence[Quotation],
    *,
    skip: frozenset[int] = frozenset(),
) -> tuple[Frame, ...]:
    """The frames of all paragraphs but those in `skip`, in reading order."""
    pieces = [(piece, quotation) for quotation in quotations for piece in quotation.pieces]
    pieces.sort(key=lambda p: p[0])
    starts = [piece.start for piece, _ in pieces]
    frames: list[Frame] = []
    for number, paragraph in enumerate(paragraphs):
        if number in skip:
            continue
        inside = pieces[bisect_left(starts, paragraph.start) : bisect_right(starts, paragraph.end)]
        for span, held in _joined(text, paragraph, inside):
            frames.append(Frame(span, number, tuple(_tokens(text, span, held))))
    return tuple(frames)


class Places:
    """Frames, to look up where something stands."""

    def __init__(self, frames: Sequence[Frame]) -> None:
        self._frames = frames
        self._starts = [frame.span.start for frame in frames]

    def at(self, place: int) -> int | None:
        """The index of the frame that a character stands in; None outside all of them."""
        index = bisect_right(self._starts, place) - 1
        return index if index >= 0 and place < self._frames[index].span.end else None


def _joined(
    text: str, paragraph: Span, pieces: Sequence[tuple[Span, Quotation]]
) -> Iterator[tuple[Span, list[tuple[Span, Quotation]]]]:
    """Sentences, joined where a boundary falls inside a quotation, each with its quotations."""
    at, start = 0, None
    held: list[tuple[Span, Quotation]] = []
    for sentence in find_sentences(text, (paragraph,)):
        start = sentence.start if start is None else start
        while at < len(pieces) and pieces[at][0].start < sentence.end:
            held.append(pieces[at])
            at += 1
        if held and held[-1][0].end > sentence.end:
            continue
        yield from _parted(text, Span(start, sentence.end), held)
        start, held = None, []
    if start is not None:
        yield from _parted(text, Span(start, paragraph.end), held)


def _parted(
    text: str, span: Span, held: list[tuple[Span, Quotation]]
) -> Iterator[tuple[Span, list[tuple[Span, Quotation]]]]:
    """Parts a sentence after a quotation that ends one, where a quotation follows at once."""
    start, mine = span.start, list[tuple[Span, Quotation]]()
    for index, (piece, quotation) in enumerate(held):
        mine.append((piece, quotation))
        following = held[index + 1][0].start if index + 1 < len(held) else None
        if following is None:
            continue
        between = text[piece.end : following].strip()
        if _ENDS_SENTENCE.search(between[-6:] if between else piece.of(text)[-6:]):
            yield Span(start, following).trimmed(text), mine
            start, mine = following, []
    yield Span(start, span.end).trimmed(text), mine


def _tokens(text: str, span: Span, held: Sequence[tuple[Span, Quotation]]) -> Iterator[Token]:
    at = span.start
    for piece, quotation in held:
        if piece.start < at:
            continue
        yield from _words(text, at, piece.start)
        yield Token(piece, piece.of(text), "", quotation)
        at = piece.end
    yield from _words(text, at, span.end)


def _words(text: str, start: int, end: int) -> Iterator[Token]:
    for found in _TOKEN.finditer(text, start, end):
        word = found.group()
        yield Token(Span(found.start(), found.end()), word, word.lower().replace("’", "'"))
