"""Where paragraphs and sentences stand in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from news.spans import Span

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_WINDOW = 4_000
"""Characters of one paragraph that the library sees at once: its time grows faster than the text."""
_TITLE = re.compile(
    r"(?:^|[\s(\[“\"‘'])(?:Ms|Mr|Mrs|Dr|Messrs|Prof|Rev|Hon|Sens?|Reps?|Govs?|Gen|Col|Lt|Maj|Capt|Sgt|Cmdr|Adm|Amb|Atty)"
    r"\.\s*$"
)
_CLOCK = re.compile(r"\b[ap]\.m\.\s*$", re.IGNORECASE)
_AFTER_CLOCK = re.compile(
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|E[SD]?T|C[SDE]{0,2}T|P[SD]?T|GMT|UTC|Eastern|Pacific|Central)\b"
)
_MAY_GO_ON = re.compile(r"(?:\b[^\W\d_]\.[^\W\d_]\.|[?!…]|\.\.\.)[”\"’'»)]*\s*$")
_NO = re.compile(r"\bno\.\s+(?=[A-Z“‘])")
"""`He said no. She left.`: not the abbreviation of a number."""
_GOES_ON = re.compile(r"[a-z,;:]")


def find_paragraphs(text: str) -> tuple[Span, ...]:
    """Lines that hold something, trimmed, in reading order."""
    lines = (Span(m.start(), m.end()).trimmed(text) for m in _LINE.finditer(text))
    return tuple(span for span in lines if span)


def find_sentences(text: str, paragraphs: tuple[Span, ...] | None = None) -> tuple[Span, ...]:
    """Sentences in reading order, trimmed; none reaches over the end of a paragraph."""
    if paragraphs is None:
        paragraphs = find_paragraphs(text)
    return tuple(sentence for paragraph in paragraphs for sentence in _in_paragraph(text, paragraph))


def _in_paragraph(text: str, paragraph: Span) -> Iterator[Span]:
    open_since: int | None = None
    for piece in _pieces(text, paragraph):
        start = piece.start if open_since is None else open_since
        if piece.end < paragraph.end and _continues(text, piece):
            open_since = start
            continue
        open_since = None
        sentence = Span(start, piece.end).trimmed(text)
        if sentence:
            yield sentence


def _pieces(text: str, paragraph: Span) -> Iterator[Span]:
    """What the library takes for sentences, a window at a time."""
    from sentencex import get_sentence_boundaries

    at = paragraph.start
    while at < paragraph.end:
        window = text[at : min(at + _WINDOW, paragraph.end)]
        ends = [b["end_index"] for b in get_sentence_boundaries("en", window)]
        last = at + len(window) >= paragraph.end
        if not last and len(ends) > 1:
            del ends[-1]
        start = at
        for end in (at + e for e in ends or [len(window)]):
            for found in _NO.finditer(text, start, end):
                yield Span(start, found.end())
                start = found.end()
            if end > start:
                yield Span(start, end)
                start = end
        at = start if start > at else at + len(window)


def _continues(text: str, piece: Span) -> bool:
    """Whether the sentence goes on where the library splits."""
    tail = text[max(piece.start, piece.end - 40) : piece.end]
    following = text[piece.end : piece.end + 12].lstrip()
    if _CLOCK.search(tail):
        return bool(_AFTER_CLOCK.match(following) or _GOES_ON.match(following))
    if _TITLE.search(tail):
        return True
    return bool(_MAY_GO_ON.search(tail) and _GOES_ON.match(following))
