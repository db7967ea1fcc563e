"""`attache run`: the bot. Reads feeds as they come due and posts digests when it is time."""

from __future__ import annotations

import asyncio
import gc
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import asdict
from datetime import timedelta
from itertools import chain, repeat
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.running import run, settings, tell, tell_new
from news.errors import AttacheError, StoreAway

if TYPE_CHECKING:
    from bot.jobs.breaker import Breaker
    from bot.jobs.collect import Shelf
    from bot.jobs.retention import Retention
    from bot.ports import Messenger
    from bot.wiring import App
    from news.channels import Platform

    Connect = Callable[[App], AbstractAsyncContextManager[Messenger]]
    Reach = Callable[[Platform, Connect], Awaitable[Messenger]]
    """How a platform is connected to."""

PATIENCE = 120.0
"""Seconds that the first digests wait for the first round of intake."""
WAITS = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds between tries to open a database that is not there yet, the last one again and again."""


def run_bot(
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, then leave.")] = False,
) -> None:
    """Read feeds and post digests until stopped."""
    run(_once() if once else _run())


async def _once() -> None:
    from bot.wiring import open_app

    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(open_app(settings(), make=True))
        messengers = await _messengers(app, lambda _, connect: stack.enter_async_context(connect(app)))
        rounds = Rounds(app, messengers)
        await rounds.take_in()
        await rounds.read()
        await rounds.deliver()
        await rounds.reread()
        await rounds.tidy()
        tell_new(app.new)


async def _run() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        app = await _opened(stack, stop)
        if app is not None:
            breakers = _breakers()
            messengers = await _messengers(app, _patiently(app, stack, breakers))
            await _serve(app, messengers, breakers, stop)
    tell("attache: stopped")


async def _opened(stack: AsyncExitStack, stop: asyncio.Event) -> App | None:
    """The application, as soon as its database is there; None where it was stopped before.

    It is waited for as long as it takes: a server that is started with us may come later, and who restarts what
    has ended would only do the same.
    """
    from bot.operations.watching import watched
    from bot.wiring import SystemClock, open_app, soundness_of

    told, given = "", settings()
    watch = await stack.enter_async_context(watched(given, lambda: soundness_of(given), SystemClock()))
    for wait in chain(WAITS, repeat(WAITS[-1])):
        try:
            return await stack.enter_async_context(open_app(given, make=True, watch=watch))
        except StoreAway as error:
            if str(error) != told:
                tell(f"attache: waiting for the database. {error}")
                told = str(error)
        with suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await stop.wait()
                return None
    return None


async def _serve(
    app: App,
    messengers: Mapping[Platform, Messenger],
    breakers: Mapping[Platform, Breaker],
    stop: asyncio.Event,
) -> None:
    from bot.schedule import heartbeat
    from news.channels import Platform

    tell_new(app.new)
    places = ", ".join(sorted(messengers))
    tell(f"attache: running; posts to {places}. Stop it with Ctrl-C.")
    taken_in, caught_up = asyncio.Event(), asyncio.Event()
    rounds = Rounds(app, messengers, breakers)

    async def intake() -> None:
        try:
            await rounds.take_in()
        finally:
            taken_in.set()

    async def reading() -> None:
        # By itself, for much may wait to be read, and feeds are asked all the same.
        await taken_in.wait()
        try:
            await rounds.read()
        finally:
            caught_up.set()

    async def posting() -> None:
        # A digest that became due while we were away tells what was published meanwhile.
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await caught_up.wait()
        await rounds.deliver()

    beats = {"intake": intake, "reading": reading, "posting": posting, "rereading": rounds.reread}
    if rounds.retains:
        beats["retention"] = rounds.tidy
    warming = asyncio.create_task(_warm_up(draws=bool(set(messengers) - {Platform.TERMINAL})))
    try:
        async with heartbeat(app.watch.beats(beats), every=timedelta(seconds=app.settings.heartbeat_seconds)):
            await stop.wait()
    finally:
        await warming
        await rounds.leave()


async def _warm_up(*, draws: bool) -> None:
    """Has ready what the first picture needs, where one can be shown; what stays is no more looked at for garbage."""
    import structlog

    log = structlog.get_logger("attache")
    if draws:
        from bot.pictures.positions import warm_up

        try:
            await asyncio.to_thread(warm_up)
        except Exception:  # answers are given in words alone then
            log.exception("positions cannot be drawn")
    gc.collect()
    gc.freeze()


class Rounds:
    """The bot's work, round after round; what fails is told once, tried again with the next beat, and told when it works."""

    def __init__(
        self,
        app: App,
        messengers: Mapping[Platform, Messenger],
        breakers: Mapping[Platform, Breaker] | None = None,
    ) -> None:
        from bot.jobs.lease import Lease
        from bot.jobs.rereading import Rereader

        self._app = app
        self._messengers = messengers
        self._shelf: Shelf = {}
        self._breakers = breakers or _breakers()
        self._turn = Lease(app.store, app.clock, "posting")
        self._failing: dict[str, str] = {}
        self._retention = _retention(app)
        self._reread = Rereader(app.store, app.understanding)

    @property
    def retains(self) -> bool:
        """Whether anything is ever taken away."""
        return self._retention is not None

    async def take_in(self) -> None:
        """One round of intake: due feeds, and what is to be told of them."""
        import structlog

        from bot.jobs.collect import collect
        from bot.jobs.notices import plan_notices

        app = self._app
        async with self._accounted_for("intake"):
            done = await collect(app.store, app.reader, app.clock, shelf=self._shelf, meter=app.watch.meter)
            await plan_notices(app.store, app.clock)
            if done.feeds:
                structlog.get_logger("attache").info(
                    "intake", feeds=done.feeds, failed=done.failed, articles=done.articles
                )

    async def read(self) -> None:
        """One round of reading: what intake brought is understood and put into stories."""
        import structlog

        from bot.jobs.brief import catch_up

        async with self._accounted_for("reading"):
            done = await catch_up(self._app.store, self._app.understanding, self._app.clock)
            if done:
                structlog.get_logger("attache").info("reading", articles=done)

    async def reread(self) -> None:
        """Some articles that were read before a target was there get their positions for it."""
        import structlog

        async with self._accounted_for("rereading"):
            done = await self._reread()
            if done:
                structlog.get_logger("attache").info("rereading", articles=done)

    async def deliver(self) -> None:
        """One round of posting: what is due is composed, what is open is sent; then notices are."""
        from bot.jobs.deliver import deliver
        from bot.jobs.notices import send_notices

        app = self._app
        async with self._accounted_for("posting"):
            meter = app.watch.meter
            await deliver(app.store, app.clock, self._messengers, self._breakers, self._turn.hold, meter)
            if await self._turn.hold():
                await send_notices(app.store, app.clock, self._messengers, self._breakers, meter)

    async def leave(self) -> None:
        """At the end: another process may post at once."""
        async with self._accounted_for("posting"):
            await self._turn.give_back()

    async def tidy(self) -> None:
        """Once a day: what is too old is taken away."""
        import structlog

        if self._retention is None:
            return
        async with self._accounted_for("retention"):
            done = await self._retention()
            if not done.nothing:
                structlog.get_logger("attache").info("retention", **asdict(done))

    @asynccontextmanager
    async def _accounted_for(self, work: str) -> AsyncIterator[None]:
        import structlog

        log, begun, outcome = structlog.get_logger("attache"), time.monotonic(), "failed"
        try:
            yield
        except AttacheError as error:
            if self._failing.get(work) != str(error):
                log.error("failed, it is tried again with each beat", work=work, error=str(error))
            self._failing[work] = str(error)
        except Exception:
            log.exception("broke, it is tried again with the next beat", work=work)
        else:
            outcome = "done"
            if self._failing.pop(work, None) is not None:
                log.info("works again", work=work)
        finally:
            self._app.watch.meter.beat(work, outcome, time.monotonic() - begun)


def _retention(app: App) -> Retention | None:
    """What takes away what is too old; None where everything is kept."""
    from bot.jobs.retention import Retention
    from bot.settings import keeps

    keep = keeps(app.settings)
    return None if keep is None else Retention(app.store, app.understanding, app.clock, keep)


def _breakers() -> dict[Platform, Breaker]:
    from bot.jobs.breaker import Breaker
    from news.channels import Platform

    return {platform: Breaker() for platform in Platform}


def _patiently(app: App, stack: AsyncExitStack, breakers: Mapping[Platform, Breaker]) -> Reach:
    """Connects to a platform in the background where it is not there yet: feeds are read and others posted to."""
    from bot.jobs.outages import Outage
    from bot.platforms.connecting import connecting

    async def reach(platform: Platform, connect: Connect) -> Messenger:
        outage = Outage(app.store, app.clock, platform, breakers[platform].worked)
        noting = app.watch.noting(platform, outage)
        return await stack.enter_async_context(connecting(platform, lambda: connect(app), noting))

    return reach


async def _messengers(app: App, reach: Reach) -> Mapping[Platform, Messenger]:
    """The platforms that the settings name, and the terminal. Raises DeliveryError, InputError."""
    from bot.platforms.terminal.messenger import TerminalMessenger
    from bot.platforms.terminal.output import show_message
    from bot.wiring import open_discord, open_slack
    from news.channels import Platform

    messengers: dict[Platform, Messenger] = {Platform.TERMINAL: TerminalMessenger(show_message)}
    if app.settings.discord_token is not None:
        messengers[Platform.DISCORD] = await reach(Platform.DISCORD, open_discord)
    if app.settings.slack_bot_token is not None or app.settings.slack_client_id is not None:
        messengers[Platform.SLACK] = await reach(Platform.SLACK, open_slack)
    return app.watch.messengers(messengers)
