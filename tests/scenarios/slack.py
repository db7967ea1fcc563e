"""Scenarios on Slack: the bot by Socket Mode at the fake Slack of `tests.slack`."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.platforms.slack.answering import PATIENCE_FOR_NEWS
from bot.platforms.slack.names import NAMES
from bot.ports import Desk, Messenger
from news.channels import Platform
from tests.scenarios.drivers import Driver, Shown, even
from tests.slack import payloads
from tests.slack.bots import connect
from tests.slack.draw import words_of
from tests.slack.fake import NEWS, TEAM, FakeSlack, running
from tests.slack.fake import Shown as Message
from tests.slack.interactions import Asked

_UNSEEN = re.compile("[\u200b\u2060\ufeff]")
_LOOKS_LIKE = str.maketrans("\u2217\u02cd\u223c\u02cb\u203a", "*_~`>")
"""Signs that stand for marks of Slack's."""
_LINK = re.compile(r"<(https?://[^|>]*)\|")


class Slack:
    """Implements `Driver`."""

    platform = Platform.SLACK

    def __init__(self, slack: FakeSlack, messenger: Messenger, ours: str) -> None:
        self._slack, self._ours = slack, ours
        self.messenger = messenger
        self._last: Message | None = None

    async def say(self, line: str) -> Shown:
        """By the command of that name, else by the one that takes all of them."""
        name, _, rest = line.partition(" ")
        command, text = (name, rest) if name in NAMES else ("attache", line)
        asked = await self._slack.command(f"/{command}", _typed(text))
        self._last = await self._slack.until(lambda: _answer(asked))
        return self._shown(self._last.payload, alone=self._last.private)

    async def press(self, button: str) -> Shown:
        """The message that the button is on becomes another."""
        assert self._last is not None
        stored = self._slack.channel(self._last.channel).message(self._last.ts)
        pressed = await self._slack.press(stored or self._last, button)
        return self._shown(await pressed.replaced(), alone=self._last.private)

    async def picture(self) -> str:
        """Of the file that was uploaded; what comes in the answer alone is read there."""
        file = await self._slack.until(
            lambda: next((each for each in self._slack.files.values() if each["done"]), None)
        )
        assert file["content"].startswith(b"\x89PNG")
        return even(file["alt_txt"])

    async def posts(self) -> list[Shown]:
        stored = self._slack.channel(NEWS).messages
        return [self._shown(each) for each in stored if "metadata" in each]

    def _shown(self, payload: dict, *, alone: bool = False) -> Shown:
        texts = [text for block in payload.get("blocks") or [] for text in _texts(block)]
        found = list(_strangers(texts, self._ours))
        found += [each for each in payloads.breaches(payload) if "act" in each]
        return Shown(even(" ".join(map(_read, texts))), alone, tuple(found))


def _answer(asked: Asked) -> Message | None:
    """What was asked for: on a machine that is busy something else is said first."""
    return next((each for each in asked.answers if PATIENCE_FOR_NEWS not in each.text), None)


def _typed(text: str) -> str:
    """As Slack sends what was typed."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _texts(block: dict) -> list[str]:
    if block["type"] == "actions":
        return []
    parts = [block["text"]] if "text" in block else block.get("elements") or []
    return [part["text"] for part in parts]


def _read(text: str) -> str:
    """The text as it looks, letter by letter."""
    lines = (line.removeprefix("> ") for line in text.split("\n"))
    shown = "\n".join("".join(word.text for word in words_of(line)) for line in lines)
    return _UNSEEN.sub("", shown).translate(_LOOKS_LIKE)


def _strangers(texts: list[str], ours: str) -> list[str]:
    """Addresses that lead elsewhere than to the outlets."""
    return [url for text in texts for url in _LINK.findall(text) if not url.startswith(f"{ours}/")]


@asynccontextmanager
async def opened(desk: Desk, ours: str) -> AsyncIterator[Driver]:
    """The bot at work in the workspace `TEAM`."""
    async with running() as slack, connect(slack, desk) as messenger:
        yield Slack(slack, messenger, ours)


__all__ = ["TEAM", "opened"]
