"""Texts whose lines are broken at a width: which line breaks are no paragraph's end."""

from __future__ import annotations

import re

_BREAK = re.compile(r"\r?\n")
"""Within a block of lines; blank lines stand between blocks."""
_BLANK = re.compile(r"\r?\n[ \t]*\r?\n\s*")
_ENDED = re.compile(r"[.!?…:][”\"’'»)\]]*\s*$")
_WIDTH = 100
"""Characters that a line broken at a width stays below."""
_FEWEST = 2
"""Line breaks within paragraphs that it takes to tell."""


def unwrapped(text: str) -> str:
    """The text with spaces for the line breaks inside its paragraphs; of the same length, so offsets stay.

    A text that has no blank lines, or whose lines mostly end sentences, has one paragraph a line: it stays as it is.
    """
    if not _is_wrapped(text):
        return text
    parts, at = list[str](), 0
    for blank in _BLANK.finditer(text):
        parts += _joined(text[at : blank.start()]), blank.group()
        at = blank.end()
    return "".join((*parts, _joined(text[at:])))


def _joined(block: str) -> str:
    return re.sub(r"[\r\n]", " ", block)


def _is_wrapped(text: str) -> bool:
    blocks = _BLANK.split(text.strip())
    if len(blocks) < 2:
        return False
    lines = [line for block in blocks for line in _BREAK.split(block.strip())[:-1]]
    if len(lines) < _FEWEST or any(len(line) > _WIDTH for line in lines):
        return False
    return 2 * sum(_ENDED.search(line) is not None for line in lines) < len(lines)
