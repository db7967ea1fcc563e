"""Which lines of a text are headlines and subheadings rather than reporting."""

from __future__ import annotations

import re
from collections.abc import Sequence

from news.spans import Span

_HEADLINE, _SUBHEADING = 120, 80
"""Characters that a headline, and a subheading, stays below."""
_SUBHEADING_WORDS = 12
_FULL_STOP = re.compile(r"[.…:][”\"’'»)\s]*$")
_ENDED = re.compile(r"[.…:;,!?”\"’'»)\]]\s*$")
_WORD = re.compile(r"\w+")


def find_headings(text: str, paragraphs: Sequence[Span], title: str | None = None) -> frozenset[int]:
    """The paragraphs that are the headline or a subheading; never all of them."""
    headings: set[int] = set()
    for number, paragraph in enumerate(paragraphs):
        if len(paragraph) >= _HEADLINE and not (title and number == 0):
            continue
        line = paragraph.of(text)
        if number == 0:
            is_heading = _is_headline(line, title)
        else:
            is_heading = _is_subheading(line) or (
                number - 1 in headings and number < 3 and _is_title(line, title)
            )
        if is_heading:
            headings.add(number)
    return frozenset(headings) if len(headings) < len(paragraphs) else frozenset()


def _is_headline(line: str, title: str | None) -> bool:
    return _is_title(line, title) or (len(line) < _HEADLINE and not _FULL_STOP.search(line))


def _is_title(line: str, title: str | None) -> bool:
    """Whether the line is the title, or a part of it."""
    if not title:
        return False
    words, known = _WORD.findall(line.casefold()), _WORD.findall(title.casefold())
    return bool(words) and len(words) <= len(known) and " ".join(words) in " ".join(known)


def _is_subheading(line: str) -> bool:
    if len(line) >= _SUBHEADING or _ENDED.search(line):
        return False
    return len(line.split()) <= _SUBHEADING_WORDS and any(c.isalpha() for c in line)
