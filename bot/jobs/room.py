"""A room for several at one time, or for one alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Room:
    """Who wants it alone waits until it is empty; meanwhile nobody else enters."""

    def __init__(self) -> None:
        self._inside = 0
        self._taken = asyncio.Lock()
        self._empty = asyncio.Event()
        self._empty.set()

    @asynccontextmanager
    async def enter(self, *, alone: bool) -> AsyncIterator[None]:
        """In it while the body runs."""
        if alone:
            async with self._taken:
                await self._empty.wait()
                yield
            return
        async with self._taken:
            self._inside += 1
            self._empty.clear()
        try:
            yield
        finally:
            self._inside -= 1
            if not self._inside:
                self._empty.set()
