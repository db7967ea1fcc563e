"""What every platform must take out of strangers' words before it shows them, whatever its own markup is."""

from __future__ import annotations

import re
import unicodedata

_BREAK = re.compile(r"(?<! ) *[\t\n\r\f\v\x1c-\x1f\x85\u2028\u2029][ \t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]*")
_REPLACEMENT = "\ufffd"


def harmless(text: str) -> str:
    """The words on one line, without anything that acts instead of being read.

    Control characters (so also escape sequences) and halves of surrogate pairs become U+FFFD; line ends and
    tabs, with what is blank around them, become one space; characters that are not seen but change how others are (direction,
    joining, zero width) are left out.
    """
    if text.isprintable():
        return text
    line = _BREAK.sub(" ", text)
    return line.translate({ord(c): _replacement(c) for c in set(line) if not c.isprintable()})


def _replacement(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Cs"):
        return _REPLACEMENT
    return "" if category == "Cf" else character
