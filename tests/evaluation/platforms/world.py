"""What is measured with: a store that a wire was read into, workspaces that follow it, and a platform beside it."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import aiohttp
from pydantic import SecretStr
from sqlalchemy import insert

from bot.demo.command import MORNING, ROUNDS, DemoClock, _take_in
from bot.demo.server import serve_wire
from bot.settings import Settings
from bot.wiring import open_app
from news.channels import Platform
from storage.engine import database_url, open_engine
from storage.rows import table_of
from storage.tables import FollowRow, SubscriptionRow, WorkspaceRow

_SQLITE = "sqlite:///"
FIRST = 1000
"""The number of the first workspace that is added."""


def settings_of(url: str, **more: object) -> Settings:
    """Nothing of the environment's."""
    given: dict[str, object] = {"database_url": SecretStr(url), "timezone": "Europe/Kyiv"}
    return Settings.model_construct(**given | more)


@dataclass(frozen=True)
class Server:
    """The platform, as it is steered."""

    url: str
    session: aiohttp.ClientSession

    async def stats(self) -> dict[str, Any]:
        async with self.session.get(f"{self.url}/control/stats") as answer:
            return await answer.json()

    async def tell(self, what: str, value: object = None) -> Any:
        async with self.session.post(f"{self.url}/control/{what}", json=value) as answer:
            answer.raise_for_status()
            return await answer.json()


@asynccontextmanager
async def beside(module: str, seed: int = 1) -> AsyncIterator[Server]:
    """A platform in a process of its own, which runs that module (`tests.evaluation.platforms.serving`)."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", module, "--seed", str(seed)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    url = (await process.stdout.readline()).decode().strip()
    try:
        # What is asked of it takes as long as it takes.
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None)) as session:
            yield Server(url, session)
    finally:
        process.stdin.close()
        await process.wait()


async def read_wire(url: str) -> datetime:
    """Reads the demo's wire into an empty store, or copies one that it was read into; the time at which that ends."""
    if not url.startswith(_SQLITE):
        await _read(url)
        return MORNING
    if not _template().exists():
        await _read(f"{_SQLITE}{_template()}")
    shutil.copyfile(_template(), url.removeprefix(_SQLITE))
    return MORNING


async def _read(url: str) -> None:
    clock = DemoClock(ROUNDS[0])
    async with serve_wire(until=clock.at) as wire:
        given = settings_of(url, private_hosts=frozenset({wire.host}))
        async with open_app(given, clock=clock, make=True) as app:
            await _take_in(app, wire, clock)


@cache
def _template() -> Path:
    """Where it lies: copying a file takes no time, and reading so many articles half a minute."""
    return Path(tempfile.mkdtemp(prefix="attache-template-"), "wire.db")


async def add_workspaces(
    url: str,
    platform: Platform,
    names: Sequence[str],
    channels: Sequence[str],
    *,
    due: datetime,
    crons: Sequence[str] = ("0 9 1 1 *",),
) -> None:
    """Workspaces that follow what the first one does, with channels that are due at one time, dealt out in turns; a digest each for
    each of the cron lines, whose next times must be far away."""
    async with open_engine(database_url(url)) as engine, engine.begin() as connection:
        feeds = [row.feed_id for row in await connection.execute(table_of(FollowRow).select())]
        await connection.execute(
            insert(table_of(WorkspaceRow)),
            [
                {"id": FIRST + n, "platform": str(platform), "external_id": name, "timezone": "UTC"}
                for n, name in enumerate(names)
            ],
        )
        follows = [
            {"workspace_id": FIRST + n, "feed_id": feed, "folder": ""}
            for n in range(len(names))
            for feed in sorted(set(feeds))
        ]
        if follows:
            await connection.execute(insert(table_of(FollowRow)), follows)
        await connection.execute(
            insert(table_of(SubscriptionRow)),
            [
                {
                    "workspace_id": FIRST + n % len(names),
                    "platform": str(platform),
                    "channel": channel,
                    "cron": cron,
                    "timezone": "UTC",
                    "title": "Morning digest",
                    "about": "",
                    "actor": "",
                    "outlet": "",
                    "paused": False,
                    "removed": False,
                    "next_due": due,
                    "last_covered": due - timedelta(days=1),
                    "form": "message",
                    "skipped": 0,
                }
                for n, channel in enumerate(channels)
                for cron in crons
            ],
        )
