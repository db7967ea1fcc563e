"""What stands in a text beside the reporting: headlines, subheadings, datelines."""

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

_DATELINE = re.compile(
    r"[A-Z][A-Z’'.-]+(?:[ /][A-Z’'.-]{2,}){0,4}(?:, [A-Z][\w.]*(?: [A-Z]\w*)?(?: \d{1,2})?){0,2}(?: \([A-Z][^()\n]{1,30}\))?"
    r"\s*(?:--?|[–—])\s+"
)
"""`OLDHAVEN, Aug. 12 (Wire) -- `"""


def find_datelines(text: str, paragraphs: Sequence[Span]) -> tuple[Span, ...]:
    """Where paragraphs say first whence and when they were sent."""
    found = (_DATELINE.match(text, paragraph.start, paragraph.end) for paragraph in paragraphs)
    return tuple(Span(*match.span()) for match in found if match)


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
