"""What Slack takes at most; lengths are counted in UTF-16 code units of the escaped text, the strictest count in use."""

from __future__ import annotations

from itertools import accumulate
from typing import Final

BLOCKS: Final = 50
"""In one message."""
TOTAL: Final = 12_000
"""Over all blocks of one message, written as JSON.

Slack tells no figure. Messages are refused with `msg_blocks_too_long` from about 13,200 characters on, addresses of
links and what holds the words included.
"""
BLOCK: Final = 125
"""What a block may take of that beside its words: a divider was seen to (slackapi/bolt-js, issue 2509)."""
SECTION: Final = 3000
CONTEXT: Final = 3000
"""One text of a context block."""
HEADER: Final = 150
ELEMENTS: Final = 10
"""Of a context block."""
BUTTONS: Final = 25
"""In one actions block."""
LABEL: Final = 75
VALUE: Final = 2000
"""What a button carries."""
BLOCK_ID: Final = 255
FALLBACK: Final = 300
"""Ours, for the text that stands in a notification."""
DESCRIBED: Final = 1000
"""A file in words."""


def length(text: str) -> int:
    """How long Slack may take `text` to be."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def shortened(text: str, most: int) -> str:
    """`text`, or as much of its beginning as there is room for with a sign that there is more."""
    if length(text) <= most:
        return text
    ends = accumulate(map(length, text[:most]))
    return text[: sum(end < most for end in ends)].rstrip() + "…"
