"""Measured: the application's ports, with somebody who is told how long each took and how it ended."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from news.errors import (
    AddressRefused,
    AttacheError,
    ChannelLost,
    DeliveryUnknown,
    FeedError,
    FetchError,
    ParseError,
    PlatformAway,
    StoreError,
)
from news.feeds import Fetched, NotModified

if TYPE_CHECKING:
    from datetime import datetime

    from bot.messages.message import Message
    from bot.ports import Desk, FeedReader, Kind, Messenger, Meter, Suggestion, Summarizer
    from news.articles import Article
    from news.briefs import Brief
    from news.channels import Channel, Platform, Subscription, Workspace
    from news.feeds import Feed, FeedUpdate, Follow, Listed, Page
    from news.stances import Stance
    from news.statements import Statement
    from news.stories import Signature
    from news.targets import Target

T = TypeVar("T")
COMMANDS = frozenset(
    {"digest", "whosaid", "stance", "actor", "actors", "feeds", "schedule", "targets", "help"}
)
"""What a command may be called in a metric: what people type is no label."""


@dataclass(slots=True)
class _Clock:
    """Seconds since it was made."""

    begun: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.begun


class MeasuredReader:
    """A `FeedReader` whose feeds are counted."""

    def __init__(self, reader: FeedReader, meter: Meter) -> None:
        self._reader = reader
        self._meter = meter

    async def fetch(self, feed: Feed) -> FeedUpdate:
        """As `FeedReader.fetch`; so are the others."""
        clock = _Clock()
        try:
            update = await self._reader.fetch(feed)
        except Exception as error:
            self._meter.fetched(_failure(error), clock.seconds)
            raise
        self._meter.fetched(_success(update), clock.seconds)
        return update

    async def page(self, url: str) -> Page:
        return await self._reader.page(url)

    async def parse(self, body: bytes, source: str) -> Fetched:
        return await self._reader.parse(body, source)

    async def extract(self, html: bytes | str, url: str | None = None) -> Page:
        return await self._reader.extract(html, url)

    async def read_list(self, body: bytes, source: str) -> tuple[Listed, ...]:
        return await self._reader.read_list(body, source)

    def write_list(self, follows: Sequence[Follow], title: str) -> bytes:
        return self._reader.write_list(follows, title)


def _success(update: FeedUpdate) -> str:
    if isinstance(update, Fetched):
        return "fetched"
    return "unchanged" if isinstance(update, NotModified) else "ended"


def _failure(error: Exception) -> str:
    match error:
        case AddressRefused():
            return "address_refused"
        case ParseError():
            return "no_feed"
        case FetchError():
            return "waits" if error.retry_after else "unreachable"
        case FeedError():
            return "unreadable"
    return "broken"


class MeasuredSummarizer:
    """A `Summarizer` whose briefs are counted."""

    def __init__(self, summarizer: Summarizer, meter: Meter) -> None:
        self._summarizer = summarizer
        self._meter = meter

    def brief(self, article: Article, targets: Sequence[Target]) -> Brief:
        """As `Summarizer.brief`; so are the others."""
        clock = _Clock()
        try:
            brief = self._summarizer.brief(article, targets)
        except BaseException:
            self._meter.read(None, clock.seconds)
            raise
        self._meter.read(brief, clock.seconds)
        return brief

    def positions(
        self, article: Article, statements: Sequence[Statement], targets: Sequence[Target]
    ) -> tuple[Stance, ...]:
        return self._summarizer.positions(article, statements, targets)

    def fault(self, target: Target, others: Sequence[Target]) -> str | None:
        return self._summarizer.fault(target, others)

    def sign(self, article: Article) -> Signature:
        return self._summarizer.sign(article)


class MeasuredMessenger:
    """A `Messenger` whose posts are timed."""

    def __init__(self, messenger: Messenger, meter: Meter) -> None:
        self._messenger = messenger
        self._meter = meter

    @property
    def platform(self) -> Platform:
        return self._messenger.platform

    async def send(self, channel: Channel, message: Message, *, key: str) -> str:
        """As `Messenger.send`; so are the others."""
        with self._timed("send"):
            return await self._messenger.send(channel, message, key=key)

    async def find(self, channel: Channel, *, key: str, after: datetime) -> str | None:
        with self._timed("find"):
            return await self._messenger.find(channel, key=key, after=after)

    async def complete(self, channel: Channel, message: Message, *, key: str, receipt: str) -> None:
        with self._timed("complete"):
            await self._messenger.complete(channel, message, key=key, receipt=receipt)

    @contextmanager
    def _timed(self, operation: str) -> Iterator[None]:
        clock, outcome = _Clock(), "done"
        try:
            yield
        except BaseException as error:
            outcome = _refusal(error)
            raise
        finally:
            self._meter.asked(self.platform, operation, outcome, clock.seconds)


def _refusal(error: BaseException) -> str:
    match error:
        case DeliveryUnknown():
            return "unknown"
        case PlatformAway():
            return "away"
        case ChannelLost():
            return "channel_lost"
        case AttacheError():
            return "refused"
    return "broken"


class MeasuredDesk:
    """A `Desk` whose answers are timed."""

    def __init__(self, desk: Desk, meter: Meter) -> None:
        self._desk = desk
        self._meter = meter

    async def workspace(self, platform: Platform, external_id: str) -> Workspace:
        """As `Desk.workspace`; so are the others."""
        return await self._desk.workspace(platform, external_id)

    async def known(self, platform: Platform, external_id: str) -> Workspace | None:
        return await self._desk.known(platform, external_id)

    async def schedules(self, platform: Platform, external_id: str) -> tuple[Subscription, ...]:
        return await self._desk.schedules(platform, external_id)

    async def suggest(self, workspace: Workspace, kind: Kind, typed: str) -> tuple[Suggestion, ...]:
        return await self._timed("suggestion", self._desk.suggest(workspace, kind, typed))

    async def answer(
        self, workspace: Workspace, channel: Channel, command: str, options: Mapping[str, str]
    ) -> Message:
        name = command if command in COMMANDS else "other"
        return await self._timed(name, self._desk.answer(workspace, channel, command, options))

    async def import_feeds(self, workspace: Workspace, channel: Channel, body: bytes, source: str) -> Message:
        return await self._timed("feeds", self._desk.import_feeds(workspace, channel, body, source))

    async def import_targets(
        self, workspace: Workspace, channel: Channel, body: bytes, source: str
    ) -> Message:
        return await self._timed("targets", self._desk.import_targets(workspace, channel, body, source))

    async def _timed(self, command: str, answer: Awaitable[T]) -> T:
        clock, outcome = _Clock(), "answered"
        try:
            return await answer
        except BaseException as error:
            mendable = isinstance(error, AttacheError) and not isinstance(error, StoreError)
            outcome = "refused" if mendable else "failed"
            raise
        finally:
            self._meter.answered(command, outcome, clock.seconds)
