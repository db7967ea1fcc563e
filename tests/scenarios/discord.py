"""Scenarios on Discord: the bot at the fake Discord of `tests.discord`, lines filled in field by field."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.grammar import parse
from bot.platforms.discord.client import connected
from bot.ports import Desk, Messenger
from news.channels import Platform
from news.errors import GrammarError
from tests.discord.draw import words_of
from tests.discord.fake import TOKEN, FakeDiscord, breaches, running
from tests.discord.interactions import Asked
from tests.scenarios.drivers import Driver, Shown, even

GUILD, CHANNEL = "42", 9
_NUMBER = 4
"""The kind of an option that holds a whole number."""
_FIELDS = {
    ("feeds", "add"): {"url": "address"},
    ("feeds", "remove"): {"url": "feed"},
    ("actor", ""): {"actor": "name"},
    ("actors", "alias"): {"name": "as"},
    ("actors", "merge"): {"actor": "into"},
    ("actors", "split"): {"actor": "from"},
    ("schedule", "timezone"): {"timezone": "name"},
}
"""What fields are called where the grammar calls them otherwise."""
_LINK = re.compile(r"(?<!\\)\[(?:\\.|[^\[\]\\])*\]\((https?://[^\s()]+)\)")
_OURS = re.compile(r"<t:-?\d+:[tDf]>|<#\d+>|\*\*|^(?:> |-# |### )", re.MULTILINE)
_MARKS = re.compile(r"[*_~`|<>\[\]@#]|:\S")


class Discord:
    """Implements `Driver`."""

    platform = Platform.DISCORD

    def __init__(self, discord: FakeDiscord, messenger: Messenger, ours: str) -> None:
        self._discord, self._ours = discord, ours
        self.messenger = messenger
        self._asked: Asked | None = None

    async def say(self, line: str) -> Shown:
        self._asked = await self._discord.ask(*self._filled_in(line))
        return await self._answer()

    async def press(self, button: str) -> Shown:
        assert self._asked is not None
        self._asked = await self._discord.press(self._asked.answers[-1], button)
        return await self._answer()

    async def picture(self) -> str:
        assert self._asked is not None
        payload = (await self._asked.answer()).payload
        (content,) = payload["files"].values()
        assert content.startswith(b"\x89PNG")
        return even(payload["attachments"][0]["description"])

    async def posts(self) -> list[Shown]:
        return [self._shown(each) for each in self._discord.messages.get(CHANNEL, [])]

    async def _answer(self) -> Shown:
        assert self._asked is not None
        answer = await self._asked.answer()
        assert answer.payload["allowed_mentions"] == {"parse": []}
        return self._shown(answer.payload, alone=answer.private)

    def _filled_in(self, line: str) -> tuple[str, dict[str, object]]:
        """The command and its fields, as the bot has them registered; of a line that is none, the command it names.

        Discord would not send that: it is what somebody sees who has had Discord open since before an update.
        """
        try:
            parsed = parse(line)
        except GrammarError:
            return line.split()[0], {}
        options = dict(parsed.options)
        action = options.pop("action", "")
        command = f"{parsed.command} {action}".strip()
        named = _FIELDS.get((parsed.command, action), {})
        kinds = {option["name"]: option["type"] for option in self._registered(parsed.command, action)}
        fields = {named.get(name, name): value for name, value in options.items()}
        return command, {name: int(text) if kinds[name] == _NUMBER else text for name, text in fields.items()}

    def _registered(self, command: str, action: str) -> list[dict]:
        (found,) = [each for each in self._discord.commands if each["name"] == command]
        if action:
            (found,) = [each for each in found["options"] if each["name"] == action]
        return found.get("options") or []

    def _shown(self, payload: dict, *, alone: bool = False) -> Shown:
        texts, footers = [payload.get("content") or ""], []
        for embed in payload.get("embeds") or []:
            texts += [embed.get("title") or "", embed.get("description") or ""]
            footers.append((embed.get("footer") or {}).get("text") or "")  # where Discord reads no markup
        found = [each for text in texts for each in _active(text, self._ours)]
        words = even(" ".join([*map(_read, texts), *footers]))
        return Shown(words, alone, (*found, *breaches(payload)))


def _read(text: str) -> str:
    """The text as it looks, letter by letter."""
    lines = (re.sub(r"^(?:> |-# |### )", "", line) for line in text.split("\n"))
    return "\n".join("".join(word.text for word in words_of(line)) for line in lines)


def _active(text: str, ours: str) -> list[str]:
    """Markup that is not the bot's own, and addresses that lead elsewhere than to the outlets."""
    strangers = [url for url in _LINK.findall(text) if not url.startswith(f"{ours}/")]
    bare = _OURS.sub("", re.sub(r"\\[^0-9A-Za-z\s]", "", _LINK.sub("", text)))
    return strangers + _MARKS.findall(bare)


@asynccontextmanager
async def opened(desk: Desk, ours: str) -> AsyncIterator[Driver]:
    """The bot at work in the guild `GUILD`."""
    async with (
        running() as discord,
        connected(
            desk,
            TOKEN,
            api_url=discord.api_url,
            gateway_url=discord.gateway_url,
            pause=0.01,
            between_shards=0.0,
        ) as messenger,
    ):
        yield Discord(discord, messenger, ours)
