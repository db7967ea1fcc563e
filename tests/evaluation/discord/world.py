"""A Discord beside the bot, and servers whose channels are posted to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime

from pydantic import SecretStr

from bot.demo.command import MORNING, DemoClock
from bot.settings import Settings
from bot.wiring import App, open_app
from news.channels import Platform
from tests.discord.fake import TOKEN
from tests.evaluation.platforms.world import FIRST, Server, add_workspaces, beside, read_wire, settings_of

__all__ = [
    "DISCORD",
    "FIRST",
    "MORNING",
    "Server",
    "add_servers",
    "at_work",
    "discord_beside",
    "read_wire",
    "settings_at",
]

DISCORD = Platform.DISCORD
SERVERS = 100
"""Whose channels are posted to, as many each."""


def settings_at(url: str, server: str) -> Settings:
    """Of a bot on the Discord at that address."""
    return settings_of(
        url,
        discord_token=SecretStr(TOKEN),
        discord_api_url=f"{server}/api/v10",
        discord_gateway_url=f"{server.replace('http', 'ws')}/gateway",
    )


def discord_beside() -> AbstractAsyncContextManager[Server]:
    """A Discord in a process of its own."""
    return beside("tests.evaluation.discord.server")


async def add_servers(url: str, channels: int, *, due: datetime, servers: int = SERVERS) -> None:
    """Servers that follow what the first workspace does, with channels that are due at one time."""
    names = [str(FIRST + n) for n in range(servers)]
    places = [str(10_000 + n) for n in range(channels)]
    await add_workspaces(url, DISCORD, names, places, due=due)


@asynccontextmanager
async def at_work(url: str, server: Server, now: datetime) -> AsyncIterator[App]:
    """The application at a moment of the wire's morning."""
    async with open_app(settings_at(url, server.url), clock=DemoClock(now)) as app:
        yield app
