"""The platforms: a Discord and a Slack that remember every post, fail when they are told to, and forget what is over."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress

from aiohttp import web

from tests.discord import fake as discords
from tests.discord.fake import _json
from tests.evaluation.crashes.outside import Discord, Time, Watch, Watches
from tests.evaluation.crashes.soundness import Posted
from tests.slack import fake as slacks
from tests.slack.fake import Channel, FakeSlack, Installation, Trouble
from tests.slack.socket import Envelope
from tests.slack.web_api import Call

POST = "chat.postMessage"
DISCORD_FAULTS = (
    "429", "500", "502", "503", "dropped before", "dropped after",
    "closed 1000", "closed 4000", "closed 1001", "cut off", "asked to reconnect", "invalid, may resume",
)  # fmt: skip
SLACK_FAULTS = (
    "429", "503", "dropped before", "dropped after", "closed", "cut off", "refreshed", "envelope twice",
)  # fmt: skip
KEPT = 3000
"""Of what is over, so much is remembered."""


class SoakDiscord(Discord):
    """Its posts fare as `failing` says, one after the other."""

    def __init__(self, time: Time) -> None:
        super().__init__(time)
        self.failing: deque[int] = deque()
        """Statuses of the next posts."""
        self.at: dict[str, float] = {}
        """When each post came, by its key."""

    @property
    def births(self) -> int:
        """How many sessions there were."""
        return len(self.identities)

    @property
    def is_listening(self) -> bool:
        return bool(self.sessions) and self.sessions[-1].connected

    @property
    def keeps_questions(self) -> bool:
        """What is asked between two connections of one session comes with the second."""
        return True

    async def _post(self, request: web.Request) -> web.StreamResponse:
        if self.failing:
            status = self.failing.popleft()
            if status != 429:
                return _json({"message": "no", "code": 0}, status)
            full = _json({"message": "full", "retry_after": 1.0, "global": False}, 429)
            full.headers["Via"] = "1.1 google"
            return full
        before = len(self.posted)
        answer = await super()._post(request)
        for post in self.posted[before:]:
            self.at.setdefault(post.key, self.time.clock.now().timestamp())
        return answer

    async def fail(self, fault: str) -> None:
        """Goes wrong in that way, now or with the next post."""
        with suppress(ConnectionError, IndexError):
            match fault.split():
                case ["closed", code]:
                    await self.hang_up(int(code))
                case ["cut", "off"]:
                    await self.abort()
                case ["asked", *_]:
                    await self.tell_gateway(7)
                case ["invalid,", *_]:
                    await self.tell_gateway(9, True)
                case ["dropped", "before"]:
                    self.watches.post_came = Watch(1)
                case ["dropped", "after"]:
                    self.watches.post_taken = Watch(1)
                case [status]:
                    self.failing.append(int(status))

    def calm(self) -> None:
        """Nothing goes wrong any more."""
        self.failing.clear()
        self.watches = Watches()

    def forget(self) -> None:
        """What is over and was not forgotten yet."""
        for token in list(self.asked)[:-KEPT]:
            del self.asked[token]
        del self.post_attempts[:-KEPT]
        for session in self.sessions[:-1]:
            session.sent.clear()


class SoakSlack(FakeSlack):
    """What was posted when, by the clock that all outside go by."""

    def __init__(self, time: Time) -> None:
        super().__init__()
        self.time = time
        self.posted: list[Posted] = []
        self.at: dict[str, float] = {}
        self.posts = asyncio.Event()

    @property
    def births(self) -> int:
        return len(self.sockets)

    @property
    def is_listening(self) -> bool:
        return bool(self.listening)

    @property
    def keeps_questions(self) -> bool:
        """Whether what is asked now reaches the bot at all."""
        return self.has_socket

    def new_ts(self, at: float | None = None) -> str:
        if at is not None:
            return super().new_ts(at)
        self._stamp = max(self._stamp + 1, int(self.time.clock.now().timestamp() * 1e6))
        return f"{self._stamp // 1_000_000}.{self._stamp % 1_000_000:06d}"

    def _post(self, call: Call, installation: Installation) -> dict:
        answer = super()._post(call, installation)
        metadata = call.arguments.get("metadata") or {}
        key = (metadata.get("event_payload") or {}).get("key", "")
        self.posted.append(Posted(key, answer["ts"]))
        self.at.setdefault(key, self.time.clock.now().timestamp())
        self.posts.set()
        return answer

    def make_channels(self, ids: list[str]) -> None:
        self.channels |= {one: Channel(one, "news") for one in ids}

    async def fail(self, fault: str) -> None:
        """Goes wrong in that way, now or with the next post."""
        self.knobs.troubles[:] = [one for one in self.knobs.troubles if one.times > 0]
        with suppress(ConnectionError, IndexError):
            match fault.split():
                case ["429"]:
                    self.knobs.limit(method=POST)
                case ["503"]:
                    self.knobs.break_down(method=POST)
                case ["dropped", when]:
                    self.knobs.troubles.append(Trouble(POST, drop=when))
                case ["closed"]:
                    await self.close_socket()
                case ["cut", "off"]:
                    self.abort()
                case ["refreshed"]:
                    await self.disconnect()
                case ["envelope", "twice"]:
                    self.knobs.repeat_envelopes += 1

    def calm(self) -> None:
        """Nothing goes wrong any more."""
        self.knobs.troubles.clear()
        self.knobs.repeat_envelopes = 0

    def forget(self) -> None:
        """What is over and was not forgotten yet."""
        self.envelopes[:] = [one for one in self.envelopes if not _is_over(one)]
        for each in (self.calls, self.ephemerals, self.stray_acks, self.connections):
            del each[:-KEPT]
        for named in (self.response_urls, self.triggers):
            for name in list(named)[:-KEPT]:
                del named[name]
        for channel in self.channels.values():
            old, new = channel.messages[:-50], channel.messages[-50:]
            channel.messages[:] = [one for one in old if "metadata" in one] + new


def _is_over(envelope: Envelope) -> bool:
    return (
        bool(envelope.acks or envelope.given_up) and envelope.sent_at < asyncio.get_running_loop().time() - 60
    )


def settings_of(discord: SoakDiscord, slack: SoakSlack) -> dict[str, str]:
    """By which a bot is connected to both."""
    return {
        **discords.settings_of(discord),
        "ATTACHE_SLACK_BOT_TOKEN": slacks.TOKEN,
        "ATTACHE_SLACK_APP_TOKEN": slacks.APP_TOKEN,
        "ATTACHE_SLACK_API_URL": slack.api_url,
    }
