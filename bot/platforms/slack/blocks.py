"""The few kinds of Slack's blocks in use, and words laid out in them: large ones in sections, small ones in contexts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from bot.platforms.slack import limits
from bot.platforms.slack.limits import length

Block = dict[str, Any]
"""As Slack's API takes it."""
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


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
    characters: int = field(init=False, repr=False, compare=False)
    """How long it is; measured once, for it is asked at each try to find room."""
    written: int = field(init=False, repr=False, compare=False)
    """How long it is within JSON."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "characters", length(self.text))
        object.__setattr__(self, "written", self.characters + _escapes(self.text))


class Room(NamedTuple):
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


class Laid(NamedTuple):
    """What blocks take that are filled with words, one after the other: sums, so that a try costs only what is new."""

    blocks: int = 0
    written: int = 0
    """As JSON, each with what parts it from the next one."""
    counted: int = 0
    """Words, and what each block takes beside them."""
    size: Size | None = None
    """What the last block holds; None where words cannot join it."""
    filled: int = 0
    """How much of the last block is taken."""
    fits: bool = True
    """Whether no block is longer than Slack takes."""

    def with_words(self, words: Iterable[tuple[str, Words]]) -> Laid:
        """With these too, in as few blocks as hold them, each whole in one; what is before it there comes with it."""
        blocks, written, counted, size, filled, fits = self
        for before, each in words:
            more = each.characters + len(before)
            if before == APART or size is not each.size or filled + more > limits.SECTION:
                size, filled = each.size, more
                blocks += 1
                written += _AROUND[size] + each.written
                counted += limits.BLOCK + each.characters
                fits = fits and each.characters <= limits.SECTION
            else:
                filled += more
                written += len(before) + _escapes_between(before) + each.written
                counted += more
        return Laid(blocks, written, counted, size, filled, fits)

    @property
    def room(self) -> Room:
        """All that it takes of a message; `NO_END` where it does not fit."""
        if not self.fits:
            return NO_END
        brackets = 1 if self.blocks else 2  # behind the last block is no comma
        # Nobody knows which of the two Slack counts.
        return Room(max(self.written + brackets, self.counted), self.blocks)


def lay(words: Iterable[tuple[str, Words]]) -> list[Block]:
    """The words in blocks, as they were measured."""
    blocks: list[Block] = []
    texts: list[str] = []
    laid = Laid()
    for word in words:
        before, each = word
        further = laid.with_words((word,))
        if further.blocks == laid.blocks:
            texts += (before, each.text)
        else:
            if laid.size is not None:
                blocks.append(_block(laid.size, texts))
            texts = [each.text]
        laid = further
    return blocks if laid.size is None else [*blocks, _block(laid.size, texts)]


def _block(size: Size, texts: Iterable[str]) -> Block:
    return section("".join(texts)) if size is Size.LARGE else context("".join(texts))


def laid(blocks: Sequence[Block]) -> Laid:
    """The blocks as they are; no words join them."""
    return Laid(
        blocks=len(blocks),
        written=sum(length(_JSON.encode(block)) + 1 for block in blocks),
        counted=sum(map(_words_in, blocks)) + limits.BLOCK * len(blocks),
        fits=all(length(text) <= limits.SECTION for block in blocks for text in _texts(block)),
    )


def taken(blocks: Sequence[Block]) -> Room:
    """What the blocks take of a message; `NO_END` where one is longer than Slack takes."""
    return laid(blocks).room


def _escapes(text: str) -> int:
    """How much longer the words are within JSON, but for the marks around them: nothing that it escapes is wide."""
    if (
        text.isprintable() and '"' not in text and "\\" not in text
    ):  # as most are; encoding takes several times as long
        return 0
    return len(_JSON.encode(text)) - 2 - len(text)


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


_escapes_between = lru_cache(_escapes)
"""There are few gaps, and each is met hundreds of times."""
_AROUND = {Size.LARGE: laid([section("")]).written, Size.SMALL: laid([context("")]).written}
"""What a block takes beside its words as JSON."""
