"""A Discord on loopback, true to what the bot needs of it: REST, gateway, and knobs that make it fail."""

from __future__ import annotations

import time
from contextlib import asynccontextmanager
from itertools import count

from aiohttp import web

from tests.discord.gateway import Gateway
from tests.discord.interactions import Asked, Interactions, Shown
from tests.discord.knobs import Knobs
from tests.discord.payloads import APP, BOT_USER, TOKEN, breaches, message_of, snowflake
from tests.discord.payloads import drop as _drop
from tests.discord.payloads import json_answer as _json
from tests.discord.payloads import payload_of as _payload
from tests.discord.places import Places
from tests.discord.rest import Rest

__all__ = [
    "APP", "BOT_USER", "TOKEN", "Asked", "FakeDiscord", "Knobs", "Shown", "_drop", "_json", "_payload", "breaches",
    "running", "settings_of", "snowflake",
]  # fmt: skip


class FakeDiscord(Rest, Places, Interactions, Gateway):
    """The whole of it; made by `running`."""

    def __init__(self) -> None:
        super().__init__()
        self.knobs = Knobs()
        self.url = ""
        self._numbers = count(1)

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/v10"

    @property
    def gateway_url(self) -> str:
        return self.url.replace("http", "ws") + "/gateway"

    def new_id(self) -> int:
        return snowflake(time.time() * 1000, next(self._numbers))

    _message = staticmethod(message_of)

    def routes(self) -> list[web.RouteDef]:
        api = "/api/v10"
        return [
            *self.rest_routes(api),
            *self.place_routes(api),
            *self.interaction_routes(api),
            *self.gateway_routes(),
        ]


def settings_of(discord) -> dict[str, str]:
    """By which a bot is connected to it."""
    return {
        "ATTACHE_DISCORD_TOKEN": TOKEN,
        "ATTACHE_DISCORD_API_URL": discord.api_url,
        "ATTACHE_DISCORD_GATEWAY_URL": discord.gateway_url,
    }


@asynccontextmanager
async def running(port=0):
    """A fake Discord that listens on the port, or on a free one."""
    fake = FakeDiscord()
    application = web.Application()
    application.add_routes(fake.routes())
    runner = web.AppRunner(application, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    host, port = runner.addresses[0][:2]
    fake.url = f"http://{host}:{port}"
    try:
        yield fake
    finally:
        await fake.settle()
        await runner.cleanup()
