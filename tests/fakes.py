"""Stand-ins that speak the ports' language: a clock that is set, feeds in memory, a messenger that remembers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.messages.message import Message
from bot.repositories import Store, UnitOfWork
from news.channels import Channel, Platform
from news.errors import FeedError, FetchError, ParseError, StoreError, StoreUnknown, UnreadableInput
from news.feeds import Feed, FeedUpdate, Fetched, Follow, Listed, Page

NOON = datetime(2024, 12, 5, 12, 0, tzinfo=UTC)


@dataclass
class SetClock:
    """Stands still until it is moved."""

    at: datetime = NOON

    def now(self) -> datetime:
        return self.at

    def forward(self, **span: float) -> None:
        self.at += timedelta(**span)


class FailingStore:
    """The store, whose commits fail as told, one after the other: before anything was kept, or after."""

    def __init__(self, store: Store, *failures: StoreError) -> None:
        self._store = store
        self.failures = list(failures)
        self.writes = 0

    def read(self) -> AbstractAsyncContextManager[UnitOfWork]:
        return self._store.read()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[UnitOfWork]:
        self.writes += 1
        async with self._store.write() as uow:
            commit = uow.commit

            async def failing() -> None:
                if not self.failures:
                    return await commit()
                error = self.failures.pop(0)
                if isinstance(error, StoreUnknown):
                    await commit()
                raise error

            uow.commit = failing
            yield uow


@dataclass
class MemoryReader:
    """Feeds and pages held in memory; an exception in place of a feed is raised."""

    feeds: dict[str, FeedUpdate | FeedError] = field(default_factory=dict)
    pages: dict[str, Page | FeedError] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)
    paged: list[str] = field(default_factory=list)

    async def fetch(self, feed: Feed) -> FeedUpdate:
        self.fetched.append(feed.url)
        held = self.feeds.get(feed.url, FetchError(feed.url, f"{feed.url} answered 404: check the address."))
        if isinstance(held, FeedError):
            raise held
        return held

    async def page(self, url: str) -> Page:
        self.paged.append(url)
        held = self.pages.get(url, FetchError(url, f"{url} answered 404: check the address."))
        if isinstance(held, FeedError):
            raise held
        return held

    async def parse(self, body: bytes, source: str) -> Fetched:
        raise NotImplementedError

    async def read_list(self, body: bytes, source: str) -> tuple[Listed, ...]:
        """One `address | title | folder` a line; anything else is no list."""
        if not body:
            raise ParseError(source, f"{source} is no list of feeds: export one from another reader.")
        parts = [[part.strip() for part in line.split("|")] for line in body.decode().splitlines()]
        return tuple(Listed(url, title or None, folder) for url, title, folder in parts)

    def write_list(self, follows: Sequence[Follow], title: str) -> bytes:
        lines = [f"{each.feed.url} | {each.feed.name} | {each.folder}" for each in follows]
        return "\n".join(lines).encode()

    async def extract(self, html: bytes | str, url: str | None = None) -> Page:
        raise UnreadableInput("no_text", "no text")


@dataclass
class MemoryMessenger:
    """Keeps what was sent under its key; `failures` are raised first, one a call of `send`."""

    platform: Platform = Platform.TERMINAL
    sent: list[tuple[Channel, Message, str]] = field(default_factory=list)
    failures: list[tuple[Exception, bool]] = field(default_factory=list)
    """What to raise, and whether the post is stored before (the reply is lost)."""
    completed: list[str] = field(default_factory=list)
    incomplete: Exception | None = None
    """What `complete` raises."""
    blind: Exception | None = None
    """What `find` raises, for a platform that cannot tell."""

    async def send(self, channel: Channel, message: Message, *, key: str) -> str:
        if self.failures:
            error, stored = self.failures.pop(0)
            if stored:
                self.sent.append((channel, message, key))
            raise error
        self.sent.append((channel, message, key))
        return f"post-{len(self.sent)}"

    async def find(self, channel: Channel, *, key: str, after: datetime) -> str | None:
        if self.blind:
            raise self.blind
        for at, (where, _, known) in enumerate(self.sent, start=1):
            if (where, known) == (channel, key):
                return f"post-{at}"
        return None

    async def complete(self, channel: Channel, message: Message, *, key: str, receipt: str) -> None:
        if self.incomplete:
            raise self.incomplete
        self.completed.append(key)


class Noted:
    """Whether a platform is there, as `connecting` tells of it."""

    def __init__(self) -> None:
        self._told: asyncio.Queue[str] = asyncio.Queue()

    async def away(self, reason: str) -> None:
        self._told.put_nowait(reason)

    async def there(self) -> None:
        self._told.put_nowait("there")

    async def next(self) -> str:
        """`there`, or why it is not; as soon as it is told."""
        return await self._told.get()
