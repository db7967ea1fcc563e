"""The address that Slack posts to where the app does not use Socket Mode."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.platforms.sentences import BROKEN
from bot.platforms.slack.manifest import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH
from news.errors import DeliveryError, InputError

log = structlog.get_logger(__name__)


Taking = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def listening(
    address: str, *, app: AsyncApp | None = None, flow: AsyncOAuthFlow | None = None
) -> AsyncIterator[None]:
    """Takes what Slack signed and posts to `address` (`host:port`), and lets workspaces install, while the body runs.

    Without an `app` nothing is taken, without a `flow` nobody installs. Raises InputError for an address that is none,
    DeliveryError where nobody can listen there.
    """
    host, port = host_and_port(address)
    site = web.Application()
    if app is not None:
        site.add_routes([web.post(EVENTS_PATH, _taking(app.async_dispatch))])
    if flow is not None:
        site.add_routes(
            [
                web.get(INSTALL_PATH, _taking(flow.handle_installation)),
                web.get(REDIRECT_PATH, _taking(flow.handle_callback)),
            ]
        )
    runner = web.AppRunner(site, access_log=None, handle_signals=False)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise DeliveryError(
                f"Nobody can listen at {address} ({error.strerror}): check ATTACHE_SLACK_HTTP.",
                permanent=True,
            ) from error
        if app is not None:
            log.info("slack is listened to over http", address=address, path=EVENTS_PATH)
        if flow is not None:
            log.info("workspaces of slack install the app over http", address=address, path=INSTALL_PATH)
        yield
    finally:
        await runner.cleanup()


def host_and_port(address: str) -> tuple[str, int]:
    """Of `host:port` or `[::1]:port`. Raises InputError."""
    host, _, port = address.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not (port.isascii() and port.isdigit()) or not 0 < int(port) < 65536:
        raise InputError(
            f"ATTACHE_SLACK_HTTP cannot be used: {address!r} is no host:port such as 0.0.0.0:3000."
        )
    return host, int(port)


def _taking(answer: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]) -> Taking:
    async def take(request: web.Request) -> web.StreamResponse:
        try:
            asked = await to_bolt_request(request)
        except (UnicodeDecodeError, LookupError):
            return web.Response(status=400, text="This is not from Slack.")
        try:
            return await to_aiohttp_response(await answer(asked))
        except Exception:  # one request must not tell strangers what is inside
            log.exception("slack request failed", path=request.path)
            return web.Response(status=500, text=BROKEN)

    return take
