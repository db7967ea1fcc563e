"""`attache run`: the bot, or the part of it that is one process's. How it starts, and how it stops."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Collection, Mapping
from contextlib import AsyncExitStack, suppress
from datetime import timedelta
from itertools import chain, repeat
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.allocation import give_memory_back, giving_holes_back
from bot.cli.beats import beats_of
from bot.cli.connections import at_once, breakers_for_all, connected, named, patiently
from bot.cli.rounds import Rounds
from bot.cli.running import run, settings, tell, tell_new
from bot.cli.turns import take_short_turns
from bot.cli.warming import warmed
from bot.roles import Role
from news.errors import InputError, StoreAway

if TYPE_CHECKING:
    from bot.jobs.breaker import Breaker
    from bot.ports import Messenger, ReadingJobs
    from bot.settings import Settings
    from bot.wiring import App
    from news.channels import Platform

WAITS = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds between tries to open a database that is not there yet, the last one again and again."""


def run_bot(
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, then leave.")] = False,
    role: Annotated[
        Role | None,
        typer.Option(
            help="What this process does, where several share a PostgreSQL: answer and post (bot), take feeds in "
            "(reader), read articles (worker), or everything.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Read feeds and post digests until stopped."""
    give_memory_back()
    run(_once(role) if once else _run(role))


def _settings(role: Role | None) -> Settings:
    """The settings, with the role that was asked for. Raises InputError where the store cannot be shared."""
    from bot.wiring import is_shared

    given = settings()
    if role is not None:
        given = given.model_copy(update={"role": role})
    if given.role is not Role.ALL and not is_shared(given):
        raise InputError(
            f"The role {given.role} shares the database with other processes, for which SQLite is not made: "
            "set ATTACHE_DATABASE_URL to a PostgreSQL database, or run everything in one process (--role all)."
        )
    return given


async def _once(role: Role | None = None) -> None:
    from bot.wiring import open_app

    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(open_app(_settings(role), make=True))
        rounds = Rounds(app, await connected(app, at_once(app, stack)))
        async with rounds.leases.kept():
            await rounds.leases.settled()
            await _do_once(app.settings.role, rounds)
        tell_new(app.new)


async def _do_once(role: Role, rounds: Rounds) -> None:
    if role.takes_in:
        await rounds.take_in()
    if role.reads:
        await rounds.read()
    if role.posts:
        await rounds.deliver()
    if role.reads:
        await rounds.reread()
    if role.takes_in:
        await rounds.tidy(at_once=True)


async def _run(role: Role | None = None) -> None:
    from bot.wiring import open_jobs

    take_short_turns()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        app = await _opened(_settings(role), stack, stop)
        if app is not None:
            breakers, welcome = breakers_for_all(), set(named(app.settings))
            await warmed(app)
            messengers = await connected(app, patiently(app, stack, breakers, welcome))
            jobs = await stack.enter_async_context(open_jobs(app))
            tell_new(app.new)
            tell(f"attache: running{_told(app.settings.role, messengers, welcome)}. Stop it with Ctrl-C.")
            await _serve(app, messengers, breakers, jobs, stop)
    tell("attache: stopped")


async def _opened(given: Settings, stack: AsyncExitStack, stop: asyncio.Event) -> App | None:
    """The application, as soon as its database is there; None where it was stopped before.

    It is waited for as long as it takes: a server that is started with us may come later, and who restarts what
    has ended would only do the same.
    """
    from bot.operations.watching import watched
    from bot.wiring import SystemClock, open_app, soundness_of

    told = ""
    watch = await stack.enter_async_context(watched(given, lambda: soundness_of(given), SystemClock()))
    for wait in chain(WAITS, repeat(WAITS[-1])):
        try:
            return await stack.enter_async_context(open_app(given, make=True, watch=watch, lasts=True))
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
    jobs: ReadingJobs | None,
    stop: asyncio.Event,
) -> None:
    from bot.schedule import heartbeat

    rounds = Rounds(app, messengers, breakers, jobs=jobs)
    beats = beats_of(app.settings.role, rounds, stop)
    gc.freeze()  # and no collection before it, as in warming: people ask already
    async with (
        giving_holes_back(),
        rounds.leases.kept(),
        heartbeat(app.watch.beats(beats), every=timedelta(seconds=app.settings.heartbeat_seconds)),
    ):
        await stop.wait()


def _told(role: Role, messengers: Mapping[Platform, Messenger], welcome: Collection[Platform]) -> str:
    """What is said of it when it begins; those that refuse us have been told of already."""
    from news.channels import Platform

    refused = sorted({*messengers} - {Platform.TERMINAL, *welcome})
    told = "" if role is Role.ALL else f" as {role}"
    if role.posts:
        told += f"; posts to {', '.join(sorted({*messengers} - {*refused}))}"
    if refused:
        told += f", but not to {', '.join(refused)}, which refuses it"
    return told
