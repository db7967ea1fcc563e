"""Pacing: no more requests a second than Discord takes from one bot; discord.py itself keeps no account of them all.

Each request takes its turn as it is made, so that those count too that discord.py makes anew by itself.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import aiohttp
import discord
from discord.http import Route

RATE = 49
"""Requests in any second: one less than Discord's limit, for its clock and the way to it are not ours."""
CATCH_UP = 0.04
"""Seconds of a standstill of ours that are made up for."""
LONGEST = 90.0
"""Seconds after which no request is made any more for what was asked: by then somebody else may look for the post."""
_UNCOUNTED = ("/interactions/", "/webhooks/")
"""Answers to commands do not count to the limit, and must not wait."""


class Pacer:
    """Lets requests through one by one, evenly, in the order in which they come."""

    def __init__(
        self,
        rate: int = RATE,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._between = 1 / rate
        self._made: deque[float] = deque(maxlen=rate)
        """When the last ones were made, as many as may be in a second."""
        self._next = 0.0
        self._turn = asyncio.Lock()
        self._now = now
        self._sleep = sleep

    async def turn(self) -> None:
        """Returns when the request may be made."""
        came = self._now()
        async with self._turn:
            while (wait := self._wait()) > 0:
                await self._sleep(wait)
            now = self._now()
            self._made.append(now)
            # After a standstill they follow each other more closely, but never more than that many in a second.
            self._next = max(came, self._next, now - CATCH_UP) + self._between

    def _wait(self) -> float:
        full = self._made[0] + 1.0 if len(self._made) == self._made.maxlen else 0.0
        return max(self._next, full) - self._now()


@dataclass(slots=True)
class Asked:
    """Something that is asked of Discord, in one request or several alike."""

    once: bool
    until: float
    unsure: bool = False
    """Whether a request went out that Discord may have acted on, though it did not say so."""


_asked: ContextVar[Asked | None] = ContextVar("asked", default=None)


@contextmanager
def asking(*, once: bool = False) -> Iterator[Asked]:
    """What is asked within is not asked for ever; and not again, after Discord failed, where it is asked `once`."""
    asked = Asked(once, time.monotonic() + LONGEST)
    token = _asked.set(asked)
    try:
        yield asked
    finally:
        _asked.reset(token)


def paced(pacer: Pacer, limited: Callable[[], None] = lambda: None) -> aiohttp.TraceConfig:
    """What every request that counts takes its turn by; `limited` is called where Discord refuses one as too many."""

    async def begin(
        session: aiohttp.ClientSession, context: object, params: aiohttp.TraceRequestStartParams
    ) -> None:
        if not _counts(str(params.url)):
            return
        await pacer.turn()
        asked = _asked.get()
        if asked is not None and time.monotonic() > asked.until:
            raise TimeoutError("nobody waits for it any more")

    async def end(
        session: aiohttp.ClientSession, context: object, params: aiohttp.TraceRequestEndParams
    ) -> None:
        asked = _asked.get()
        if params.response.status == 429:
            limited()
        if asked is not None and params.response.status >= 500:
            asked.unsure = True
            if asked.once:
                raise discord.DiscordServerError(params.response, None)

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(begin)
    trace.on_request_end.append(end)
    return trace


def _counts(url: str) -> bool:
    return url.startswith(Route.BASE) and not url.removeprefix(Route.BASE).startswith(_UNCOUNTED)
