"""What a fake Slack keeps: installations, channels, their messages, files, views, and what single people were shown."""

from __future__ import annotations

import asyncio
import copy
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import TypeVar

T = TypeVar("T")

APP = "A0ATTACHE01"
TEAM = "T0WORKSPACE"
BOT = "B0ATTACHE01"
BOT_USER = "U0ATTACHE01"
READER = "U0READER001"
OTHER = "U0READER002"
NEWS = "C0NEWS00001"
"""A public channel that the bot is in."""
LOBBY = "C0LOBBY0001"
"""A public one that it is not in."""
DESK = "G0DESK00001"
"""A private one that it is in."""
VAULT = "G0VAULT0001"
"""A private one that it is not in."""
ATTIC = "C0ATTIC0001"
"""An archived one."""
TOKEN = "xoxb-a-good-token"
APP_TOKEN = "xapp-a-good-token"
SIGNING_SECRET = "a signing secret"
CLIENT_ID, CLIENT_SECRET = "111.222", "a client secret"
SCOPES = (
    "channels:history", "channels:read", "chat:write", "chat:write.public", "commands", "files:write", "groups:history",
    "groups:read", "im:history", "im:read", "im:write", "mpim:history", "mpim:read", "users:read",
)  # fmt: skip


class Refused(Exception):
    """What is answered with `ok: false`."""

    def __init__(self, error: str, *messages: str, **more: object) -> None:
        super().__init__(error)
        self.answer = {"ok": False, "error": error, **more}
        if messages:
            self.answer["response_metadata"] = {"messages": list(messages)}


@dataclass
class Installation:
    """The app in one workspace."""

    token: str
    team: str = TEAM
    bot_user: str = BOT_USER
    scopes: tuple[str, ...] = SCOPES
    enterprise: str = ""
    teams: tuple[str, ...] = ()
    """Where the whole enterprise installed it: its workspaces; there is no `team` then."""
    refused: str = ""
    """Why the token is not taken: `token_revoked`, `account_inactive` …"""

    def is_in(self, team: str) -> bool:
        return team in (self.teams or (self.team,))


@dataclass
class Channel:
    """A conversation: a channel, or a direct one with `user`."""

    id: str
    name: str
    team: str = TEAM
    private: bool = False
    archived: bool = False
    member: bool = True
    """Whether the bot is in it."""
    user: str = ""
    group: bool = False
    """Whether it is the messages of a few people; these are private, too."""
    shared: tuple[str, ...] = ()
    """The other workspaces that it is a channel of."""
    messages: list[dict] = field(default_factory=list)
    """Oldest first, replies in threads among them."""

    @property
    def texts(self) -> list[str]:
        return [message["text"] for message in self.messages]

    def is_in(self, installation: Installation) -> bool:
        return any(installation.is_in(team) for team in (self.team, *self.shared))

    def message(self, ts: str) -> dict | None:
        return next((each for each in self.messages if each["ts"] == ts), None)

    def described(self) -> dict:
        direct = bool(self.user)
        return {
            "id": self.id, "name": self.name, "is_channel": not direct and not self.private, "is_group": self.private,
            "is_im": direct, "is_mpim": self.group, "is_private": self.private or direct, "is_archived": self.archived,
            "is_member": self.member, "context_team_id": self.team, "is_ext_shared": bool(self.shared), **({"user": self.user} if direct else {}),
        }  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """A message that somebody sees; a private one is shown to `user` alone."""

    payload: dict
    private: bool
    channel: str
    user: str = ""
    ts: str = ""

    @property
    def text(self) -> str:
        return self.payload.get("text") or ""

    @property
    def blocks(self) -> list[dict]:
        return self.payload.get("blocks") or []

    @property
    def buttons(self) -> dict[str, dict]:
        """The buttons in it, by their labels."""
        return {each["text"]["text"]: each for each in elements_of(self.blocks) if each["type"] == "button"}


def elements_of(blocks: list[dict]) -> list[dict]:
    """What can be pressed, chosen or typed into."""
    found: list[dict] = []
    for block in blocks:
        match block["type"]:
            case "actions":
                found += block["elements"]
            case "section":
                found += [block["accessory"]] if block.get("accessory") else []
            case "input":
                found.append(block["element"])
    return [each for each in found if each["type"] != "image"]


def bare(view: dict) -> dict:
    """A view as Slack sends it: without whose it is."""
    return {key: value for key, value in view.items() if key != "user"}


class Places:
    """What is where; a part of `FakeSlack`."""

    def __init__(self) -> None:
        super().__init__()
        self._numbers = count(1)
        self._news = asyncio.Event()
        self._stamp = 0
        self.installations = {TOKEN: Installation(TOKEN)}
        self.to_be_installed: dict[str, Installation] = {}
        """What `oauth.v2.access` gives, by code."""
        self.channels: dict[str, Channel] = {}
        for channel in (
            Channel(NEWS, "news"),
            Channel(LOBBY, "lobby", member=False),
            Channel(DESK, "desk", private=True),
            Channel(VAULT, "vault", private=True, member=False),
            Channel(ATTIC, "attic", archived=True),
        ):
            self.channels[channel.id] = channel
        self.users = {READER: "reader", OTHER: "other"}
        self.ephemerals: list[Shown] = []
        """What single people were shown, by whatever way."""
        self.homes: dict[str, list[dict]] = {}
        """The Home tabs that were published, by user, newest last."""
        self.views: dict[str, dict] = {}
        """Modals that are open, by id."""
        self.files: dict[str, dict] = {}
        """Files by id: `name`, `content`, `title`, `alt_txt`, `done`."""

    # news

    def changed(self) -> None:
        """Wakes whoever waits for something."""
        self._news.set()

    async def until(self, come: Callable[[], T], *, within: float = 10) -> T:
        """What `come` gives, as soon as it is true; raises TimeoutError where it does not become so."""
        async with asyncio.timeout(within):
            while not (found := come()):
                self._news.clear()
                await self._news.wait()
        return found

    def new_id(self, letter: str) -> str:
        return f"{letter}{next(self._numbers):010d}"

    def new_ts(self, at: float | None = None) -> str:
        """A message's timestamp; never one that was given out."""
        if at is not None:
            return f"{int(at)}.{next(self._numbers):06d}"
        self._stamp = max(self._stamp + 1, int(time.time() * 1e6))
        return f"{self._stamp // 1_000_000}.{self._stamp % 1_000_000:06d}"

    # installations

    def allow(self, installation: Installation) -> str:
        """Somebody presses Allow: the code that the app gets the installation's token for."""
        code = self.new_id("code-")
        self.to_be_installed[code] = installation
        return code

    # channels

    def channel(self, channel: str = NEWS) -> Channel:
        return self.channels[channel]

    def channel_of(self, installation: Installation, channel: str, *, posting: bool = False) -> Channel:
        """A channel as the bot finds it; raises Refused as Slack does."""
        if posting and channel.startswith("U"):
            channel = self.direct(installation, channel).id
        found = self.channels.get(channel)
        hidden = found is not None and (found.private or found.user) and not found.member
        if found is None or hidden or not found.is_in(installation):
            raise Refused("channel_not_found")
        if posting and found.archived:
            raise Refused("is_archived")
        uninvited = posting and not found.member and "chat:write.public" not in installation.scopes
        if uninvited:
            raise Refused("not_in_channel")
        return found

    def direct(self, installation: Installation, user: str) -> Channel:
        """The direct conversation of the bot with somebody, opened where it is not yet."""
        if user not in self.users:
            raise Refused("user_not_found")
        for channel in self.channels.values():
            if channel.user == user and channel.team == installation.team:
                return channel
        opened = Channel(self.new_id("D"), "", installation.team, user=user)
        self.channels[opened.id] = opened
        return opened

    def store(self, channel: Channel, payload: dict, *, at: float | None = None, **more: object) -> dict:
        """A message in a channel."""
        message = {"type": "message", "ts": self.new_ts(at), "text": payload.get("text") or "", **more}
        for key in ("metadata", "thread_ts", "files", "attachments"):
            if payload.get(key):
                message[key] = payload[key]
        if payload.get("blocks"):
            message["blocks"] = self.named(payload["blocks"])
        channel.messages.append(message)
        channel.messages.sort(key=lambda each: float(each["ts"]))
        self.changed()
        return message

    def say(self, text: str, channel: str = NEWS, *, user: str = READER, at: float | None = None) -> dict:
        """Somebody writes something; `at` that Unix time."""
        return self.store(self.channels[channel], {"text": text}, at=at, user=user)

    async def posted(self, times: int = 1, channel: str = NEWS) -> list[dict]:
        """The messages of a channel, as soon as it has so many."""
        messages = self.channels[channel].messages
        return await self.until(lambda: messages if len(messages) >= times else None)

    def named(self, blocks: list[dict]) -> list[dict]:
        """The blocks with the names that Slack gives to those without one."""
        blocks = copy.deepcopy(blocks)
        for block in blocks:
            block.setdefault("block_id", self.new_id("b"))
            for element in elements_of([block]):
                element.setdefault("action_id", self.new_id("a"))
        return blocks

    def show(self, shown: Shown) -> Shown:
        """Shows a message to one person."""
        self.ephemerals.append(shown)
        self.changed()
        return shown
