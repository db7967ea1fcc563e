"""Pacing: no more requests a second than Discord takes from one bot; discord.py itself keeps no account of them all."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable

RATE = 49
"""Requests in any second: one less than Discord's limit, for its clock and the way to it are not ours."""
CATCH_UP = 0.2
"""Seconds of a standstill of ours that are made up for."""


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
