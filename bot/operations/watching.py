"""Watching: what an operator sees of a running `attache run`. Where no setting asks for it, nothing of it is loaded."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Protocol

from bot.ports import UNCOUNTED

if TYPE_CHECKING:
    from bot.operations.doctor import Soundness
    from bot.ports import Clock, Desk, FeedReader, Messenger, Meter, Summarizer
    from bot.settings import Settings
    from news.channels import Platform

Beats = Mapping[str, Callable[[], Awaitable[None]]]


class Noting(Protocol):
    """Who is told whether a platform is there; as `bot.platforms.connecting.Noting`."""

    async def away(self, reason: str) -> None: ...
    async def there(self) -> None: ...


class Unwatched:
    """Nobody looks: all is passed on as it is."""

    meter: Meter = UNCOUNTED

    def reader(self, reader: FeedReader) -> FeedReader:
        """The reader of feeds, counted where somebody counts; so are the others."""
        return reader

    def summarizer(self, summarizer: Summarizer) -> Summarizer:
        return summarizer

    def desk(self, desk: Desk) -> Desk:
        return desk

    def messengers(self, messengers: Mapping[Platform, Messenger]) -> Mapping[Platform, Messenger]:
        return messengers

    def noting(self, platform: Platform, noting: Noting) -> Noting:
        """Who is told whether the platform is there, which from now on is to be connected to."""
        return noting

    def beats(self, beats: Beats) -> Beats:
        """What the heartbeat calls; from now on it is expected to beat."""
        return beats


@asynccontextmanager
async def watched(
    settings: Settings, soundness: Callable[[], Soundness], clock: Clock
) -> AsyncIterator[Unwatched]:
    """What the settings say of being looked at, from before the database is there until all has ended.

    Raises InputError for settings that cannot be used.
    """
    async with AsyncExitStack() as stack:
        if settings.sentry_dsn is not None:
            from bot.operations.reporting import reporting
            from bot.settings import secrets_of

            dsn = settings.sentry_dsn.get_secret_value()
            await stack.enter_async_context(reporting(dsn, secrets_of(settings)))
        if settings.status_http is None:
            yield Unwatched()
            return
        from bot.operations.metrics import Metrics
        from bot.operations.status import answering
        from bot.operations.watch import Watch

        watch = Watch(Metrics(), soundness, clock, settings.heartbeat_seconds)
        await stack.enter_async_context(answering(settings.status_http, watch.ready, watch.render))
        looking = asyncio.create_task(watch.look_at_the_loop())
        try:
            yield watch
        finally:
            looking.cancel()
            await asyncio.wait({looking})
