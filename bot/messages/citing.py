"""How the parts of a message refer to the articles behind them, for platforms that lay them out apart."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.messages.message import Block, Heading, Line, Link, Note, Sources, Text

MARK = re.compile(r"\[([0-9]{1,9})\]")
"""What a source is known by."""


def split_closing(blocks: Sequence[Block]) -> tuple[Sequence[Block], Sequence[Block]]:
    """Notes behind the last part's sources belong to the whole message."""
    end = len(blocks)
    while end and isinstance(blocks[end - 1], Note):
        end -= 1
    follows_sources = end > 0 and isinstance(blocks[end - 1], Sources)
    if not follows_sources or not any(isinstance(block, Heading) for block in blocks):
        return blocks, ()
    return blocks[:end], blocks[end:]


def marks_of(line: Line) -> frozenset[int]:
    """The numbers of the sources that the line refers to."""
    texts = [
        inline.text.strip() for inline in line if isinstance(inline, (Text, Link)) and "[" in inline.text
    ]
    return frozenset(int(found[1]) for text in texts if (found := MARK.fullmatch(text)))


def addresses_of(blocks: Sequence[Block]) -> frozenset[str]:
    """Where the part's sources lead."""
    lines = [line for block in blocks if isinstance(block, Sources) for line in block.items]
    return frozenset(inline.url for line in lines for inline in line if isinstance(inline, Link))


def without_links(line: Line, below: frozenset[str]) -> Line:
    """Addresses are long: those that the sources below carry are not repeated at each mark."""
    return tuple(
        Text(inline.text) if isinstance(inline, Link) and inline.url in below else inline for inline in line
    )
