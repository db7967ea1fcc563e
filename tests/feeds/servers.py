"""Servers that a well-behaved library would never build, and a clock that a test moves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

Role = Callable[[asyncio.StreamWriter], Awaitable[None]]


class FakeTime:
    """A clock that stands still but when somebody sleeps; with `stands`, not even then."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.stands = False
        self._now = 1000.0

    def now(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if not self.stands:
            self._now += seconds

    def pass_by(self, seconds: float) -> None:
        self._now += seconds


@asynccontextmanager
async def a_server(role: Role) -> AsyncIterator[str]:
    """A server that plays a role whatever it is asked, until its client leaves; yields its host."""
    tasks: set[asyncio.Task[None]] = set()

    async def handle(incoming: asyncio.StreamReader, outgoing: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await incoming.readuntil(b"\r\n\r\n")
            await role(outgoing)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass
        finally:
            outgoing.transport.abort() if outgoing.is_closing() else outgoing.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks)


def says(answer: bytes) -> Role:
    """Says these bytes and hangs up."""

    async def role(outgoing: asyncio.StreamWriter) -> None:
        outgoing.write(answer)
        await outgoing.drain()

    return role


def repeats(start: bytes, again: bytes, *, every: float = 0) -> Role:
    """Says something over and over, for ever, with so many seconds in between."""

    async def role(outgoing: asyncio.StreamWriter) -> None:
        outgoing.write(start)
        while not outgoing.is_closing():
            outgoing.write(again)
            await outgoing.drain()
            await asyncio.sleep(every)

    return role


def resets(start: bytes) -> Role:
    """Breaks the connection in the middle of its answer."""

    async def role(outgoing: asyncio.StreamWriter) -> None:
        outgoing.write(start)
        await outgoing.drain()
        outgoing.transport.abort()

    return role


def falls_silent(start: bytes = b"") -> Role:
    """Says the beginning of an answer and then nothing, without hanging up."""

    async def role(outgoing: asyncio.StreamWriter) -> None:
        outgoing.write(start)
        await outgoing.drain()
        await asyncio.Event().wait()

    return role
