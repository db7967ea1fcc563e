"""Pacing: a message a second in each channel, and a share of every other method; what Slack wants left alone rests.

Channels do not wait for each other, unless Slack says that the whole workspace posts too much.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable

POST = "chat.postMessage"
BETWEEN_POSTS = 1.0
"""Seconds between two messages in one channel."""
SPREAD, STRAINED = 0.2, 600.0
"""Seconds between a workspace's messages, and for how long, after Slack had said that it posts too much."""
LONGEST = 90.0
"""Seconds after which nothing is asked any more for one post: by then somebody else may look for it."""
LONGEST_REST = 3600.0
"""Seconds that we leave Slack alone at most; then it may say so again."""
UNTOLD_REST = 10.0
"""Likewise where it does not say for how long."""
A_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
"""Requests that a method of each tier takes in one workspace."""
TIERS = {
    "auth.test": 4,
    "chat.update": 3,
    "conversations.history": 3,
    "conversations.info": 3,
    "conversations.open": 3,
    "conversations.replies": 3,
    "files.upload": 4,
    "users.info": 4,
    "views.publish": 4,
    "views.update": 4,
}
"""Methods in use; any other counts as tier 2. `files.upload` is the three steps of an upload."""
_AT_ONCE = 5
"""The part of a method's share of a minute that may be used at once: a fifth."""
_TICK = 1e-6
"""Seconds that are not worth a wait."""
_KEPT = 10_000
"""Channels and methods that are remembered, as long as there are others that nobody uses now."""


class TooLate(Exception):
    """The turn would come when nobody waits for it any more; nothing was asked."""


class Turns:
    """Lets requests through one by one, in the order in which they come."""

    def __init__(
        self,
        between: float,
        at_once: int = 1,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.between = between
        """Seconds; what was not used adds up to `at_once` requests."""
        self._at_once = at_once
        self._due = self._rested = float("-inf")
        self._turn = asyncio.Lock()
        self._now = now
        self._sleep = sleep

    @property
    def idle(self) -> bool:
        """Whether nobody waits, and one who came would find it as if nothing had ever been asked."""
        return not self._turn.locked() and max(self._due, self._rested) <= self._now()

    async def turn(self, until: float) -> None:
        """Returns when the request may be made; raises TooLate where that is not by `until`."""
        async with self._turn:
            while (wait := self._opens() - self._now()) > _TICK:
                if self._now() + wait > until:
                    raise TooLate
                await self._sleep(wait)
            now = self._now()
            if now > until:
                raise TooLate
            self._due = max(self._due, now) + self.between

    def rest(self, seconds: float) -> None:
        """Lets nobody through for so long."""
        self._rested = max(self._rested, self._now() + seconds)

    def _opens(self) -> float:
        return max(self._due - (self._at_once - 1) * self.between, self._rested)


class Pacer:
    """Whose turn it is, in every workspace; one for all that is asked of Slack with the same tokens."""

    def __init__(
        self,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        told: Callable[[], None] = lambda: None,
    ) -> None:
        """`told` is called where Slack refuses a request as one too many."""
        self.now = now
        self.told = told
        self._sleep = sleep
        self._turns: dict[Hashable, Turns] = {}
        self._strained: dict[str, float] = {}
        """Workspaces whose messages are spread out, and until when."""
        self._limited: dict[str, tuple[str, float]] = {}
        """The channel of a workspace that was refused a message last, and until when it rests."""

    async def post(self, workspace: str, channel: str, until: float) -> None:
        """Returns when a message may be posted there; raises TooLate."""
        await self._of_channel(workspace, channel).turn(until)
        await self._of_workspace(workspace).turn(until)

    async def ask(self, workspace: str, method: str, until: float) -> None:
        """Returns when another method may be used; raises TooLate."""
        await self._of_method(workspace, method).turn(until)

    def limited(self, workspace: str, method: str, channel: str, retry_after: float | None) -> None:
        """Slack takes no more of it for so many seconds: of other methods none at all, of messages none in that
        channel; where it refuses those in another one too meanwhile, none in the whole workspace."""
        self.told()
        rest = UNTOLD_REST if retry_after is None else min(retry_after, LONGEST_REST)
        if method != POST:
            self._of_method(workspace, method).rest(rest)
            return
        self._of_channel(workspace, channel).rest(rest)
        other, until = self._limited.get(workspace, (channel, 0.0))
        if other != channel and until > self.now():  # the channel's own limit would not have met both
            self._strained[workspace] = self.now() + STRAINED
            self._of_workspace(workspace).rest(rest)
        self._limited[workspace] = (channel, self.now() + rest)

    def _of_channel(self, workspace: str, channel: str) -> Turns:
        return self._get((workspace, POST, channel), BETWEEN_POSTS)

    def _of_workspace(self, workspace: str) -> Turns:
        turns = self._get((workspace, POST), 0.0)
        turns.between = SPREAD if self._strained.get(workspace, 0.0) > self.now() else 0.0
        return turns

    def _of_method(self, workspace: str, method: str) -> Turns:
        share = A_MINUTE[TIERS.get(method, 2)]
        return self._get((workspace, method), 60 / share, max(1, share // _AT_ONCE))

    def _get(self, key: Hashable, between: float, at_once: int = 1) -> Turns:
        turns = self._turns.get(key)
        if turns is None:
            if len(self._turns) >= _KEPT:
                self._turns = {name: each for name, each in self._turns.items() if not each.idle}
            turns = self._turns[key] = Turns(between, at_once, now=self.now, sleep=self._sleep)
        return turns
