"""The sentence around a statement: a plain rule for reading on, not the summarizer's splitter.

Where it is unsure whether a sentence ends, it reads on: too much context does no harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from news.spans import Span

FARTHEST = 600
"""Characters that are read before and after a statement; where no sentence ends within them, a word does."""
_BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_BREAK = re.compile(f"[{_BREAKS}]")
_CLOSING = "\"'”’»)]」』"
_STOPS = ".!?…。！？"
_STOP = re.compile(rf"[.!?…]+[{re.escape(_CLOSING)}]*(?=\s|$)|[。！？]+[{re.escape(_CLOSING)}]*")
_OPENING = re.compile(r"[\s\"'“‘„«‹(\[「『—–-]*")
_SHORTENED = re.compile(
    r"(?:\b[^\W\d_]|\b(?:Mr|Mrs|Ms|Messrs|Dr|Prof|Rev|Hon|Sens?|Reps?|Govs?|Gen|Col|Lt|Maj|Capt|Sgt|Cmdr|Adm|Amb|Atty"
    r"|St|No|Nos|vs|etc|Inc|Ltd|Co|Corp|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec))$"
)


def sentence_around(text: str, spans: Iterable[Span]) -> Span:
    """The sentence, or the sentences, that hold all the spans; at most a paragraph beyond them."""
    held = tuple(spans)
    first, last = min(span.start for span in held), max(span.end for span in held)
    return Span(_begin(text, first), _end(text, first, last)).trimmed(text)


def begins_sentence(text: str, sentence: Span, start: int) -> bool:
    """Whether what begins at `start` begins the sentence, or one of its own behind a quotation mark."""
    before = text[sentence.start : start]
    if not _OPENING.sub("", before):
        return True
    words = text[start : start + 40]
    letters = _OPENING.sub("", words, count=1)
    quoted = len(letters) < len(words) or before.rstrip(" ")[-1:] in tuple("\"'“‘„«‹「『")
    return quoted and letters[:1].isupper()


def _begin(text: str, first: int) -> int:
    since = max(0, first - FARTHEST)
    window = text[since:first]
    begin = max((found.end() for found in _BREAK.finditer(window)), default=-1)
    ends = (
        found.end()
        for found in _STOP.finditer(window)
        if _ends(text, since + found.start(), since + found.end())
    )
    begin = max(begin, max(ends, default=-1))
    if begin < 0 < since:
        space = re.search(r"\s", window)
        begin = space.end() if space else len(window)
    return since + max(begin, 0)


def _end(text: str, first: int, last: int) -> int:
    # The statement may hold the stop that ends its sentence.
    at = last
    while at > first and text[at - 1] in _STOPS + _CLOSING:
        at -= 1
    until = min(len(text), last + FARTHEST)
    broken = _BREAK.search(text, last, until)
    limit = broken.start() if broken else until
    for found in _STOP.finditer(text, at, limit):
        if found.end() >= last and _ends(text, found.start(), found.end()):
            return found.end()
    if limit < until or limit == len(text):
        return limit
    space = text.rfind(" ", last, limit)
    return max(last, space)


def _ends(text: str, stop: int, after: int) -> bool:
    """Whether the stop, with the marks that close behind it, ends a sentence."""
    if (
        text[stop:after].startswith(".")
        and after == stop + 1
        and _SHORTENED.search(text[max(0, stop - 8) : stop])
    ):
        return False
    following = _OPENING.sub("", text[after : after + 20], count=1)
    return not following[:1].islower()
