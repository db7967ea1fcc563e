"""What nobody said: attributions that a text only supposes, or that it denies of everybody.

An annotator marks `Nobody said that it is safe` and `If Bell says that it is safe` too. A reader who was shown their
content would take it for what somebody said.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from news.spans import Span
from summarizer.frames import Frame, Token
from summarizer.grammar import NOBODY
from summarizer.lexicon import listed

_UNNAMED = re.compile(r"(?:not )?to be (?:named|identified|quoted)\b", re.IGNORECASE)
_NOBODY = listed("nobody none neither no nothing never few hardly nor")
_INVERTED = listed("had should were")
_CONDITIONS = listed("if unless whether lest")
_NAMES_NOBODY = listed("its her them him us me percent cent certain various own such same %")
_MEASURES = listed(
    "plan size schedule law custom tradition protocol need taste rank age weight height legend"
)
"""After `according to` these tell how, not who."""
_CLAUSE_WORDS = 12
"""Words between a condition and the reporting words that it still holds for."""


def is_disowned(text: str, frame: Frame, source: Sequence[Span], cue: Sequence[Span]) -> bool:
    """Whether the words have a source that did not say it: `nobody said`, `if Bell says`, `41 percent said`."""
    tokens = frame.tokens
    at = _token_at(tokens, cue[0].start)
    if not source:
        return bool(at) and tokens[at - 1].lower in _NOBODY
    named = " ".join(span.of(text) for span in source)
    measured = named.split()[0] in _MEASURES and cue[0].of(text).lower().startswith("according")
    if _names_nobody(named) or measured:
        return True
    if source[0].start < frame.span.start:
        return False
    start = _before_apposition(tokens, _token_at(tokens, source[0].start), _token_at(tokens, source[0].end))
    return _is_supposed(tokens, start, at) or _is_denied(tokens, start)


def _before_apposition(tokens: Sequence[Token], start: int, end: int) -> int:
    """Where the name begins that the source only describes: `Mary Rowe, [the mayor,] says`."""
    closed = tokens[end - 1].text == "," or (end < len(tokens) and tokens[end].text == ",")
    if not (closed and start > 1 and tokens[start - 1].text == ","):
        return start
    at = start - 1
    while at and tokens[at - 1].capital and tokens[at - 1].lower not in _CONDITIONS:
        at -= 1
    return at


def keeps_name_back(text: str, content: Sequence[Span]) -> bool:
    """Whether the content is only that somebody wants no name: `who asked [not to be named]`."""
    return _UNNAMED.match(content[0].of(text)) is not None


def _names_nobody(source: str) -> bool:
    words = source.split()
    if not words or (words[0].lower() in _NOBODY and not (len(words) > 1 and words[1][0].isdigit())):
        return True
    return all(_is_share(part.split()) for part in source.split(","))


def _is_share(words: Sequence[str]) -> bool:
    """Whether the words only count: `41 percent`, `300`, `one of them`."""
    return not words or words[-1] in _NAMES_NOBODY or not any(c.isalpha() for word in words for c in word)


def _is_supposed(tokens: Sequence[Token], source: int, cue: int) -> bool:
    """Whether the clause only imagines or asks: `if Bell says`, `Had Bell said`, `nor Bell said`."""
    before = tokens[source - 1].lower if source else ""
    if source == 0 and tokens[0].lower in _INVERTED:
        return True
    if before in _CONDITIONS | {"nor"} or (source == 1 and before in _INVERTED):
        return True
    if source and before == "," and cue > source:
        return False
    opening = next(
        (
            i
            for i in range(source - 1, max(-1, source - _CLAUSE_WORDS), -1)
            if tokens[i].text in {",", ";", ":"}
        ),
        -1,
    )
    inside = tokens[opening + 1 : source]
    return bool(inside) and inside[0].lower in _CONDITIONS and all(t.word for t in inside)


def _is_denied(tokens: Sequence[Token], source: int) -> bool:
    """Whether nobody and nothing says that the source said it: `Nothing suggests that Bell said`."""
    if source < 2 or source > _CLAUSE_WORDS or tokens[0].lower not in NOBODY:
        return False
    return any(token.lower == "that" for token in tokens[1:source]) and all(t.word for t in tokens[1:source])


def _token_at(tokens: Sequence[Token], place: int) -> int:
    return bisect_left(tokens, place + 1, key=lambda token: token.span.end)
