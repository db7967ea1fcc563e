"""A Slack on loopback, true to what the bot needs of it: Web API, Socket Mode, request URLs, and knobs that make it fail."""

from __future__ import annotations

from contextlib import asynccontextmanager

from aiohttp import web

from tests.slack.interactions import Asked, Interactions
from tests.slack.knobs import Knobs, Trouble
from tests.slack.places import (
    APP,
    APP_TOKEN,
    ATTIC,
    BOT,
    BOT_USER,
    CLIENT_ID,
    CLIENT_SECRET,
    DESK,
    LOBBY,
    NEWS,
    OTHER,
    READER,
    SCOPES,
    SIGNING_SECRET,
    TEAM,
    TOKEN,
    VAULT,
    Channel,
    Installation,
    Places,
    Shown,
)
from tests.slack.signing import Signing
from tests.slack.socket import Ack, Envelope, SocketMode
from tests.slack.surfaces import Surfaces
from tests.slack.web_api import Call, WebApi

__all__ = [
    "APP", "APP_TOKEN", "ATTIC", "BOT", "BOT_USER", "CLIENT_ID", "CLIENT_SECRET", "DESK", "LOBBY", "NEWS", "OTHER",
    "READER", "SCOPES", "SIGNING_SECRET", "TEAM", "TOKEN", "VAULT", "Ack", "Asked", "Call", "Channel", "Envelope",
    "FakeSlack", "Installation", "Knobs", "Shown", "Trouble", "running",
]  # fmt: skip


class FakeSlack(Surfaces, WebApi, SocketMode, Signing, Interactions, Places):
    """The whole of it; made by `running`."""

    def __init__(self) -> None:
        super().__init__()
        self.knobs = Knobs()
        self.url = ""

    @property
    def api_url(self) -> str:
        """What the client takes as `base_url`."""
        return f"{self.url}/api/"

    def routes(self) -> list[web.RouteDef]:
        return [*self.api_routes(), *self.surface_routes(), *self.socket_routes()]


@asynccontextmanager
async def running(port=0):
    """A fake Slack that listens on the port, or on a free one."""
    slack = FakeSlack()
    application = web.Application(client_max_size=64 * 1024 * 1024)
    application.add_routes(slack.routes())
    runner = web.AppRunner(application, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    host, port = runner.addresses[0][:2]
    slack.url = f"http://{host}:{port}"
    try:
        yield slack
    finally:
        await slack.settle()
        await runner.cleanup()
