"""`attache demo`: the whole road on the sample wire, with no token and no network; or the wire alone, to be followed."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.demo.server import WireServer
    from bot.settings import Settings
    from bot.wiring import App

MORNING = datetime(2024, 12, 5, 7, 0, tzinfo=UTC)
"""The demo's now: the third morning of the wire, nine o'clock in its time zone."""
ROUNDS = (datetime(2024, 12, 5, 6, 0, tzinfo=UTC), datetime(2024, 12, 5, 6, 58, tzinfo=UTC))
"""When the feeds are read: between the two, an outlet edits an article."""
TIMEZONE = "Europe/Kyiv"
WORKSPACE = "local"
QUESTIONS = ("digest", "whosaid Tarokhin", "whosaid about furniture", 'stance target "negotiations now"')

_TICK_SECONDS = 1.0


class DemoClock:
    """Stands where it is put, so that the demo tells the same every time."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """The demo's time."""
        return self.at


def demo(
    serve: Annotated[
        int | None,
        typer.Option(
            metavar="PORT",
            min=0,
            max=65535,
            help="Only serve the wire there, as if its last morning were now, until Ctrl-C; 0 is a free port.",
        ),
    ] = None,
) -> None:
    """An invented news wire, its digest and three answers."""
    if serve is None:
        asyncio.run(_demo())
        return
    with suppress(KeyboardInterrupt):  # it is how it ends
        asyncio.run(_serve(serve))


async def _serve(port: int) -> None:
    """The wire for another process to follow. What it puts out after its morning comes out as time goes by."""
    from bot.demo.sample import load_wire, moved
    from bot.demo.server import HOST, serve_wire
    from news.errors import InputError

    now = datetime.now(UTC)
    wire = moved(load_wire(), now - MORNING)
    async with AsyncExitStack() as stack:
        try:
            server = await stack.enter_async_context(serve_wire(wire, until=now, port=port))
        except OSError as error:
            reason = error.strerror or str(error)
            raise InputError(
                f"Nothing can be served at {HOST}:{port} ({reason}): choose another port."
            ) from None
        sys.stdout.write(f"The invented wire is at {server.base_url} until Ctrl-C. Its feeds:\n")
        sys.stdout.writelines(f"  {url}  {outlet}\n" for outlet, url in server.feeds.items())
        sys.stdout.write(f"Who reads it needs ATTACHE_PRIVATE_HOSTS={server.host}\n")
        sys.stdout.flush()
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            server.advance(datetime.now(UTC))


async def _demo() -> None:
    from bot.demo.server import serve_wire
    from bot.logs import set_up_logs
    from bot.wiring import open_app

    set_up_logs("error", "console")
    clock = DemoClock(ROUNDS[0])
    with tempfile.TemporaryDirectory(prefix="attache-demo-") as folder:
        async with (
            serve_wire(until=clock.at) as wire,
            open_app(_settings(folder, wire.host), clock=clock, make=True) as app,
        ):
            await _take_in(app, wire, clock)
            await _ask_all(app)


def _settings(folder: str, host: str) -> Settings:
    """Nothing of the environment's: the demo asks no server, and looks the same everywhere."""
    from pydantic import SecretStr

    from bot.settings import Settings

    return Settings.model_construct(
        database_url=SecretStr(f"sqlite:///{Path(folder) / 'demo.db'}"),
        timezone=TIMEZONE,
        private_hosts=frozenset({host}),
    )


async def _take_in(app: App, wire: WireServer, clock: DemoClock) -> None:
    """Follows the wire's feeds and reads what they hold, round after round, as the running bot would."""
    from bot.jobs.brief import catch_up
    from bot.jobs.collect import collect
    from news.channels import Platform

    workspace = await app.desk.workspace(Platform.TERMINAL, WORKSPACE)
    async with app.store.write() as uow:
        for outlet, url in wire.feeds.items():
            await uow.feeds.follow(workspace.id, url, outlet=outlet)
        await uow.commit()
    for clock.at in ROUNDS:
        wire.advance(clock.at)
        done = await collect(app.store, app.reader, app.clock)
        await catch_up(app.store, app.understanding, app.clock)
        sys.stdout.write(
            f"{clock.at:%H:%M} UTC  {done.feeds} feeds of an invented wire on this machine: "
            f"{done.articles} articles new or edited, {done.failed} feed failing\n"
        )
    clock.at = MORNING


async def _ask_all(app: App) -> None:
    """The digest and three answers; in a terminal, the shell."""
    from bot.grammar import parse
    from bot.platforms.terminal.output import has_person, show_message
    from bot.platforms.terminal.shell import converse
    from news.channels import Channel, Platform

    workspace = await app.desk.workspace(Platform.TERMINAL, WORKSPACE)
    channel = Channel(Platform.TERMINAL, WORKSPACE)
    for line in QUESTIONS:
        parsed = parse(line)
        sys.stdout.write(f"\n> /{line}\n\n")
        show_message(await app.desk.answer(workspace, channel, parsed.command, parsed.options))
    if has_person() and sys.stdout.isatty():
        await converse(app.desk, workspace, channel)
