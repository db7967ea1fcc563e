"""What is measured with: a store that a wire was read into, servers that follow it, and a Discord beside it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from sqlalchemy import insert

from bot.demo.command import MORNING, ROUNDS, DemoClock, _take_in
from bot.demo.server import serve_wire
from bot.settings import Settings
from bot.wiring import App, open_app
from news.channels import Platform
from storage.engine import database_url, open_engine
from storage.rows import table_of
from storage.tables import FollowRow, SubscriptionRow, WorkspaceRow
from tests.discord.fake import TOKEN

SERVERS = 100
"""Whose channels are posted to, as many each."""


def settings_of(url: str, **more: object) -> Settings:
    """Nothing of the environment's."""
    from pydantic import SecretStr

    given = {"database_url": SecretStr(url), "discord_token": SecretStr(TOKEN), "timezone": "Europe/Kyiv"}
    return Settings.model_construct(**given | more)


@dataclass(frozen=True)
class Server:
    """The Discord, as it is steered."""

    url: str
    session: aiohttp.ClientSession

    @property
    def addresses(self) -> dict[str, str]:
        return {
            "discord_api_url": f"{self.url}/api/v10",
            "discord_gateway_url": f"{self.url.replace('http', 'ws')}/gateway",
        }

    async def stats(self) -> dict[str, Any]:
        async with self.session.get(f"{self.url}/control/stats") as answer:
            return await answer.json()

    async def tell(self, what: str, value: object = None) -> Any:
        async with self.session.post(f"{self.url}/control/{what}", json=value) as answer:
            answer.raise_for_status()
            return await answer.json()


@asynccontextmanager
async def discord_beside(seed: int = 1) -> AsyncIterator[Server]:
    """A Discord in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.evaluation.discord.server", "--seed", str(seed)),
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
    """Reads the demo's wire into an empty store; the time at which that ends."""
    clock = DemoClock(ROUNDS[0])
    async with serve_wire(until=clock.at) as wire:
        given = settings_of(url, private_hosts=frozenset({wire.host}))
        async with open_app(given, clock=clock, make=True) as app:
            await _take_in(app, wire, clock)
    return MORNING


async def add_servers(
    url: str, channels: int, *, due: datetime, servers: int = SERVERS, cron: str = "0 9 * * *"
) -> None:
    """Servers that follow what the first workspace does, with channels that are due at one time."""
    async with open_engine(database_url(url)) as engine, engine.begin() as connection:
        feeds = [row.feed_id for row in await connection.execute(table_of(FollowRow).select())]
        first = 1000
        await connection.execute(
            insert(table_of(WorkspaceRow)),
            [
                {"id": first + n, "platform": "discord", "external_id": str(first + n), "timezone": "UTC"}
                for n in range(servers)
            ],
        )
        follows = [
            {"workspace_id": first + n, "feed_id": feed, "folder": ""}
            for n in range(servers)
            for feed in sorted(set(feeds))
        ]
        if follows:
            await connection.execute(insert(table_of(FollowRow)), follows)
        await connection.execute(
            insert(table_of(SubscriptionRow)),
            [
                {
                    "workspace_id": first + n % servers,
                    "platform": "discord",
                    "channel": str(10_000 + n),
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
                for n in range(channels)
            ],
        )


@asynccontextmanager
async def at_work(url: str, server: Server, now: datetime) -> AsyncIterator[tuple[App, DemoClock]]:
    """The application at a moment of the wire's morning."""
    clock = DemoClock(now)
    async with open_app(settings_of(url, **server.addresses), clock=clock) as app:
        yield app, clock


DISCORD = Platform.DISCORD
