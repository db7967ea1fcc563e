"""`attache run`: the bot. Reads feeds as they come due and posts digests when it is time."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack, suppress
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.running import run, settings, tell
from news.errors import AttacheError

if TYPE_CHECKING:
    from bot.jobs.retention import Retention
    from bot.ports import Messenger
    from bot.wiring import App
    from news.channels import Platform

PATIENCE = 120.0
"""Seconds that the first digests wait for the first round of intake."""


def run_bot(
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, then leave.")] = False,
) -> None:
    """Read feeds and post digests until stopped."""
    run(_run(once))


async def _run(once: bool) -> None:
    from bot.wiring import open_app

    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(open_app(settings()))
        messengers = await _messengers(app, stack)
        if once:
            await take_in(app)
            await read(app)
            await deliver(app, messengers)
            if (retention := _retention(app)) is not None:
                await tidy(retention)
            return
        await _serve(app, messengers)


async def _serve(app: App, messengers: dict[Platform, Messenger]) -> None:
    from bot.schedule import heartbeat

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    places = ", ".join(sorted(messengers))
    tell(f"attache: running; posts to {places}. Stop it with Ctrl-C.")
    taken_in, caught_up = asyncio.Event(), asyncio.Event()

    async def intake() -> None:
        try:
            await take_in(app)
        finally:
            taken_in.set()

    async def reading() -> None:
        # By itself, for much may wait to be read, and feeds are asked all the same.
        await taken_in.wait()
        try:
            await read(app)
        finally:
            caught_up.set()

    async def posting() -> None:
        # A digest that became due while we were away tells what was published meanwhile.
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await caught_up.wait()
        await deliver(app, messengers)

    beats = {"intake": intake, "reading": reading, "posting": posting}
    if (retention := _retention(app)) is not None:
        beats["retention"] = lambda: tidy(retention)
    async with heartbeat(beats, every=timedelta(seconds=app.settings.heartbeat_seconds)):
        await stop.wait()
    tell("attache: stopped")


async def take_in(app: App) -> None:
    """One round of intake: due feeds, and what is to be told of them."""
    import structlog

    from bot.jobs.collect import collect
    from bot.jobs.notices import plan_notices

    log = structlog.get_logger("attache")
    try:
        done = await collect(app.store, app.reader, app.clock)
        await plan_notices(app.store, app.clock)
    except AttacheError as error:
        log.error("intake failed, it is tried again with the next beat", error=str(error))
        return
    except Exception:
        log.exception("intake broke, it is tried again with the next beat")
        return
    if done.feeds:
        log.info("intake", feeds=done.feeds, failed=done.failed, articles=done.articles)


async def read(app: App) -> None:
    """One round of reading: what intake brought is understood and put into stories."""
    import structlog

    from bot.jobs.brief import catch_up

    log = structlog.get_logger("attache")
    try:
        done = await catch_up(app.store, app.understanding, app.clock)
    except AttacheError as error:
        log.error("reading failed, it is tried again with the next beat", error=str(error))
        return
    except Exception:
        log.exception("reading broke, it is tried again with the next beat")
        return
    if done:
        log.info("reading", articles=done)


def _retention(app: App) -> Retention | None:
    """What takes away what is too old; None where everything is kept."""
    from bot.jobs.retention import Retention
    from bot.settings import keeps

    keep = keeps(app.settings)
    return None if keep is None else Retention(app.store, app.understanding, app.clock, keep)


async def tidy(retention: Retention) -> None:
    """Once a day: what is too old is taken away."""
    import structlog

    log = structlog.get_logger("attache")
    try:
        done = await retention()
    except AttacheError as error:
        log.error("retention failed, it is tried again with the next beat", error=str(error))
        return
    except Exception:
        log.exception("retention broke, it is tried again with the next beat")
        return
    if not done.nothing:
        log.info("retention", **asdict(done))


async def deliver(app: App, messengers: dict[Platform, Messenger]) -> None:
    """One round of posting: what is due is composed, what is open is sent; then notices are."""
    import structlog

    from bot.jobs.deliver import plan_due, send_open
    from bot.jobs.notices import send_notices

    log = structlog.get_logger("attache")
    try:
        await plan_due(app.store, app.clock, tuple(messengers))
        await send_open(app.store, app.clock, messengers)
        await send_notices(app.store, app.clock, messengers)
    except AttacheError as error:
        log.error("posting failed, it is tried again", error=str(error))


async def _messengers(app: App, stack: AsyncExitStack) -> dict[Platform, Messenger]:
    """The platforms that the settings name, and the terminal."""
    from bot.platforms.terminal.messenger import TerminalMessenger
    from bot.platforms.terminal.output import show_message
    from bot.wiring import open_discord
    from news.channels import Platform

    messengers: dict[Platform, Messenger] = {Platform.TERMINAL: TerminalMessenger(show_message)}
    if app.settings.discord_token is not None:
        messengers[Platform.DISCORD] = await stack.enter_async_context(open_discord(app))
    return messengers
