"""Courtesy: who asks comes first, and work that nobody waits for lets them pass."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress

Pause = Callable[[], Awaitable[None]]
"""Waits until a piece of work may begin."""

MOST = 0.05
"""Seconds that a piece of work waits at most once it is its turn: where people ask all the time, it is done all the same."""


async def at_once() -> None:
    """The pause of work that lets nobody pass."""


class Courtesy:
    """Feeds, digests and posts are begun one after the other between answers, and not all in the moment that they are due.

    The event loop is one: an answer that meets thirty feeds and ten digests on it comes after some of each.
    """

    def __init__(self) -> None:
        self._answering = 0
        self._nobody = asyncio.Event()
        self._nobody.set()
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """While the body runs, somebody waits for an answer."""
        self._answering += 1
        self._nobody.clear()
        try:
            yield
        finally:
            self._answering -= 1
            if not self._answering:
                self._nobody.set()

    def pause(self, work: str) -> Pause:
        """What each piece of this work waits for before it begins."""
        turn = self._turns[work]

        async def after_them() -> None:
            async with turn:
                if self._answering:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(MOST):
                            await self._nobody.wait()

        return after_them
