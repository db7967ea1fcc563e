"""What a platform must be able to do for scenarios to be played on it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from bot.ports import Desk, Messenger
from news.channels import Platform


@dataclass(frozen=True)
class Shown:
    """What people see of one message."""

    words: str
    """As they read them, with single spaces."""
    alone: bool = False
    """Whether only the one who asked sees it."""
    active: tuple[str, ...] = ()
    """What acts in it: markup, mentions and addresses of strangers, and breaches of the platform's limits."""


class Driver(Protocol):
    """One platform, with the bot connected to it and one channel in which somebody asks."""

    platform: Platform
    messenger: Messenger
    """How the bot posts there."""

    async def say(self, line: str) -> Shown:
        """Somebody types that; what they are shown."""
        ...

    async def press(self, button: str) -> Shown:
        """They press a button of what they were shown last; what they see then."""
        ...

    async def picture(self) -> str:
        """What the picture of what they were shown last shows, in words."""
        ...

    async def posts(self) -> list[Shown]:
        """What the bot has posted by itself, oldest first."""
        ...


Opening = Callable[[Desk, str], AbstractAsyncContextManager[Driver]]
"""Connects the bot whose desk that is; links to that address are ours."""


def even(text: str) -> str:
    """With single spaces, however the lines are broken."""
    return " ".join(text.split())
