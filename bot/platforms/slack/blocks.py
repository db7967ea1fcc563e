"""The few kinds of Slack's blocks in use, and words laid out in them: large ones in sections, small ones in contexts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.platforms.slack import limits
from bot.platforms.slack.limits import length

Block = dict[str, Any]
"""As Slack's API takes it."""


class Size(StrEnum):
    """How words look: as running text, or small and grey."""

    LARGE = "large"
    SMALL = "small"


APART = ""
"""Before words that begin a block of their own."""


@dataclass(frozen=True, slots=True)
class Words:
    """Some markup that is not parted."""

    text: str
    size: Size = Size.LARGE
    gap: str = "\n"
    """Before it, where it stands in one block with what is before it."""


@dataclass(frozen=True, slots=True)
class Room:
    """What blocks take, or may take."""

    characters: int
    blocks: int

    def __sub__(self, other: Room) -> Room:
        return Room(self.characters - other.characters, self.blocks - other.blocks)

    def holds(self, other: Room) -> bool:
        """Whether so much finds room here."""
        return other.characters <= self.characters and other.blocks <= self.blocks


NO_END = Room(limits.TOTAL * 10, limits.BLOCKS * 10)
"""What words take that no block can hold."""


def header(words: str) -> Block:
    """A heading of plain words, in which nothing acts: `:smile:` stays as it is."""
    return {"type": "header", "text": {"type": "plain_text", "text": words, "emoji": False}}


def section(text: str) -> Block:
    """Running text, all of it shown."""
    return {"type": "section", "text": _markup(text), "expand": True}


def context(text: str) -> Block:
    """Small text."""
    return {"type": "context", "elements": [_markup(text)]}


def divider() -> Block:
    """A line across."""
    return {"type": "divider"}


def lay(words: Iterable[tuple[str, Words]]) -> list[Block]:
    """The words in as few blocks as hold them, each whole in one; what is before it there comes with it."""
    blocks: list[Block] = []
    texts: list[str] = []
    size, taken = Size.LARGE, 0
    for before, each in words:
        more = length(each.text) + len(before)
        if texts and (before == APART or size is not each.size or taken + more > limits.SECTION):
            blocks.append(_block(size, texts))
            texts, taken = [], 0
        size, taken = each.size, taken + more
        texts += (before, each.text) if texts else (each.text,)
    return [*blocks, _block(size, texts)] if texts else blocks


def _block(size: Size, texts: Iterable[str]) -> Block:
    return section("".join(texts)) if size is Size.LARGE else context("".join(texts))


def taken(blocks: Sequence[Block]) -> Room:
    """What the blocks take of a message; `NO_END` where one is longer than Slack takes."""
    if any(length(text) > limits.SECTION for block in blocks for text in _texts(block)):
        return NO_END
    written = length(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))
    counted = sum(map(_words_in, blocks)) + limits.BLOCK * len(blocks)
    return Room(max(written, counted), len(blocks))  # nobody knows which of them Slack counts


def _words_in(value: object) -> int:
    """How long all texts in it are."""
    if isinstance(value, dict):
        return sum(
            length(part) if isinstance(part, str) and name == "text" else _words_in(part)
            for name, part in value.items()
        )
    return sum(map(_words_in, value)) if isinstance(value, list) else 0


def _texts(block: Block) -> list[str]:
    """The words of a section or a context."""
    if block["type"] == "context":
        return [element["text"] for element in block["elements"]]
    return [block["text"]["text"]] if block["type"] == "section" else []


def _markup(text: str) -> dict[str, Any]:
    """Markup in which Slack looks for no addresses and names of its own accord."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}
