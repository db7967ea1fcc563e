"""A platform that may not be there yet: it is tried again and again, and nobody waits for it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from typing import Protocol

import structlog

from bot.jobs.keeping import STORE_FAILS
from bot.messages.message import Message
from bot.platforms.alongside import alongside, cancelled
from bot.ports import Messenger
from news.channels import Channel, Platform
from news.errors import DeliveryError, PlatformAway

log = structlog.get_logger(__name__)

PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before the second try; it doubles with each, and each is up to a half shorter, so that those who were let
down together do not come back together."""
REFUSED_PAUSE = 300.0
"""Seconds before it is tried again where we were refused: somebody has to mend that first."""
FIRST = 20.0
"""Seconds for which the first try is waited for: whoever has a wrong token is to hear of nothing else before."""

Connect = Callable[[], AbstractAsyncContextManager[Messenger]]


class Noting(Protocol):
    """Who is told whether a platform is there."""

    async def away(self, reason: str) -> None:
        """It is not; `reason` is one sentence. Told with every try."""
        ...

    async def there(self) -> None:
        """It is; or nobody tries to reach it any more."""
        ...


@asynccontextmanager
async def connecting(
    platform: Platform,
    connect: Connect,
    noting: Noting,
    *,
    welcome: set[Platform] | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[Messenger]:
    """A messenger to the platform while the body runs; while it is not there, whatever is sent waits (PlatformAway).

    `welcome` are the platforms that have not refused us, this one among them; all that are connected to share it. While
    others are left in it, this one is tried again also after a refusal, and without them that is raised, as is what
    `connect` raises but for a DeliveryError that may pass and a store that is away. The body is cancelled when that
    comes later.
    """
    connection = _Connection(platform, connect, noting, {platform} if welcome is None else welcome, sleep)
    async with alongside(connection.stay(), end=connection.leave):
        await connection.first()
        yield connection


class _Connection:
    """The messenger, as soon as there is one. Implements `bot.ports.Messenger`."""

    def __init__(
        self,
        platform: Platform,
        connect: Connect,
        noting: Noting,
        welcome: set[Platform],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._platform = platform
        self._connect = connect
        self._noting = noting
        self._welcome = welcome
        self._sleep = sleep
        self._messenger: Messenger | None = None
        self._why = f"{platform.value.capitalize()} is not connected yet."
        self._told, self._pause = "", PAUSE
        self._tried, self._leaving = asyncio.Event(), asyncio.Event()

    @property
    def platform(self) -> Platform:
        return self._platform

    async def send(self, channel: Channel, message: Message, *, key: str) -> str:
        """As `Messenger.send`."""
        return await self._there().send(channel, message, key=key)

    async def find(self, channel: Channel, *, key: str, after: datetime) -> str | None:
        """As `Messenger.find`."""
        return await self._there().find(channel, key=key, after=after)

    async def complete(self, channel: Channel, message: Message, *, key: str, receipt: str) -> None:
        """As `Messenger.complete`."""
        await self._there().complete(channel, message, key=key, receipt=receipt)

    async def stay(self) -> None:
        """Connects, however often that has to be tried, and stays until `leave`."""
        while True:
            try:
                await self._connected()
                return
            except (DeliveryError, *STORE_FAILS) as error:
                refused = isinstance(error, DeliveryError) and error.permanent
                if self._leaving.is_set() or (refused and not self._goes_on()):
                    raise
                self._why = str(error)
            self._tell(refused=refused)
            await self._noting.away(self._why)  # each time: it may not have been noted, or be so no longer
            self._tried.set()
            await self._sleep(REFUSED_PAUSE if refused else self._pause * random.uniform(0.5, 1.0))
            self._pause = min(self._pause * 2, LONGEST_PAUSE)

    async def first(self) -> None:
        """Returns when it is known how the first try went, or takes long."""
        tried = asyncio.ensure_future(self._tried.wait())
        try:
            await asyncio.wait({tried}, timeout=FIRST)
        finally:
            tried.cancel()

    async def leave(self, task: asyncio.Task[None]) -> None:
        """Ends `stay`, which runs in the task: in order where we are connected, and at once where we are not."""
        self._leaving.set()
        if self._messenger is None:
            await cancelled(task)
            await self._noting.there()
        else:
            await asyncio.wait({task})

    async def _connected(self) -> None:
        """Until `leave`, or until what is raised ends it."""
        async with self._connect() as messenger:
            try:
                await self._arrive(messenger)
                await self._leaving.wait()
            finally:
                self._messenger = None

    async def _arrive(self, messenger: Messenger) -> None:
        self._messenger = messenger
        if self._tried.is_set():
            log.info("connected at last", platform=self._platform.value)
        self._welcome.add(self._platform)
        self._told, self._pause = "", PAUSE
        self._tried.set()
        await self._noting.there()

    def _goes_on(self) -> bool:
        """Whether others are left, now that this one has refused us."""
        self._welcome.discard(self._platform)
        return bool(self._welcome)

    def _tell(self, *, refused: bool) -> None:
        if self._why == self._told:
            return
        self._told = self._why
        if refused:
            log.error(
                "the platform refuses us, it is tried again every five minutes",
                platform=self._platform.value,
                error=self._why,
            )
        else:
            log.warning("not connected, it is tried again", platform=self._platform.value, error=self._why)

    def _there(self) -> Messenger:
        if self._messenger is None:
            raise PlatformAway(self._why)
        return self._messenger
