"""What Discord takes at most; lengths are counted in UTF-16 code units, the strictest count in use there."""

from __future__ import annotations

from itertools import accumulate
from typing import Final

CONTENT: Final = 2000
EMBEDS: Final = 10
TOTAL: Final = 6000
"""Over all embeds of one message: titles, descriptions, fields and footers."""
TITLE: Final = 256
DESCRIPTION: Final = 4096
FIELDS: Final = 25
FIELD_NAME: Final = 256
FIELD_VALUE: Final = 1024
FOOTER: Final = 2048
NONCE: Final = 25
CHOICES: Final = 25
"""What is offered while an option is typed."""
CHOICE: Final = 100
"""Name and value of each."""
CUSTOM_ID: Final = 100
LABEL: Final = 80
BUTTONS: Final = 5
"""In one row."""
THREAD_NAME: Final = 100
OPTION: Final = 100
"""Ours, for one typed option; Discord itself would take 6,000 characters."""
WORDS: Final = 2000
"""Ours, for one that holds several wordings."""
DESCRIBED: Final = 1024
"""A file in words."""
ADDRESS: Final = 2000
"""Ours, for one that is an address."""
FILE: Final = 1 << 20
"""Ours, in bytes, for a file that is read."""


def length(text: str) -> int:
    """How long Discord may take `text` to be."""
    # Encoded, for to look at each character takes most of the time that a message takes.
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def shortened(text: str, most: int) -> str:
    """`text`, or as much of its beginning as there is room for with a sign that there is more."""
    if length(text) <= most:
        return text
    ends = accumulate(map(length, text))
    return text[: sum(end < most for end in ends)].rstrip() + "…"
