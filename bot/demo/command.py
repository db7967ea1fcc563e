"""`attache demo`: the whole road on the sample wire, with no token and no network."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.wiring import App
    from news.channels import Channel, Workspace

MORNING = datetime(2024, 12, 5, 7, 0, tzinfo=UTC)
"""The demo's now: the third morning of the wire, nine o'clock in its time zone."""
TIMEZONE = "Europe/Kyiv"


class FrozenClock:
    """Always the same moment, so that the demo tells the same every time."""

    def now(self) -> datetime:
        """The demo's morning."""
        return MORNING


def demo() -> None:
    """Read an invented news wire, post its morning digest, answer two questions."""
    asyncio.run(_demo())


async def _demo() -> None:
    from pydantic import SecretStr

    from bot.demo.server import serve_wire
    from bot.logs import set_up_logs
    from bot.settings import Settings
    from bot.wiring import open_app

    set_up_logs("error", "console")
    with tempfile.TemporaryDirectory(prefix="attache-demo-") as folder:
        async with serve_wire(until=MORNING) as wire:
            settings = Settings(
                database_url=SecretStr(f"sqlite:///{Path(folder) / 'demo.db'}"),
                timezone=TIMEZONE,
                private_hosts=frozenset({wire.host}),
            )
            async with open_app(settings, clock=FrozenClock()) as app:
                await _show_round(app, wire.feeds)


async def _show_round(app: App, feeds: dict[str, str]) -> None:
    from bot.platforms.terminal.shell import converse
    from news.channels import Channel, Platform

    workspace = await app.desk.workspace(Platform.TERMINAL, "local")
    channel = Channel(Platform.TERMINAL, "local")
    await _take_in(app, workspace, feeds)
    for line in ("digest", "whosaid …", "whosaid about …"):
        await _ask(app, workspace, channel, line)
    if sys.stdin.isatty() and sys.stdout.isatty():
        await converse(app.desk, workspace, channel)


async def _take_in(app: App, workspace: Workspace, feeds: dict[str, str]) -> None:
    """Follows the wire's feeds and reads what they hold, as the running bot would."""
    from bot.jobs.brief import cluster, read_articles
    from bot.jobs.collect import collect

    async with app.store.write() as uow:
        for outlet, url in feeds.items():
            await uow.feeds.follow(workspace.id, url, outlet=outlet)
        await uow.commit()
    done = await collect(app.store, app.reader, app.clock)
    await read_articles(app.store, app.understanding)
    await cluster(app.store, app.understanding)
    sys.stdout.write(
        f"An invented wire on this machine: {done.feeds} feeds read, {done.failed} failing, "
        f"{done.articles} articles. It is Thursday, 5 December 2024, 09:00.\n"
    )


async def _ask(app: App, workspace: Workspace, channel: Channel, line: str) -> None:
    from bot.grammar import parse
    from bot.platforms.terminal.output import show_message

    parsed = parse(line)
    sys.stdout.write(f"\n> /{line}\n\n")
    show_message(await app.desk.answer(workspace, channel, parsed.command, parsed.options))
