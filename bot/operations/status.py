"""The status address: a small HTTP server that tells how this process fares. Whoever reaches it may ask."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog
from aiohttp import web

from news.errors import InputError

log = structlog.get_logger(__name__)

LIVE, READY, METRICS = "/healthz", "/readyz", "/metrics"
_LEAVING = 1.0
"""Seconds that an answer under way has at the end."""

Ready = Callable[[], Awaitable[dict[str, object]]]
Render = Callable[[], Awaitable[tuple[bytes, str]]]


@asynccontextmanager
async def answering(address: str, ready: Ready, render: Render) -> AsyncIterator[None]:
    """Answers at `address` (`host:port`) while the body runs; `render` gives the metrics and their content type.

    It runs in the event loop of all other work: where that stands still, nothing is answered. Raises InputError where
    nobody can listen there.
    """

    async def live(_: web.Request) -> web.Response:
        return web.json_response({"live": True})

    async def readiness(_: web.Request) -> web.Response:
        found = await ready()
        return web.json_response(found, status=200 if found["ready"] else 503)

    async def metrics(_: web.Request) -> web.Response:
        body, kind = await render()
        return web.Response(body=body, headers={"Content-Type": kind})

    site = web.Application(middlewares=[_fresh])
    site.add_routes([web.get(LIVE, live), web.get(READY, readiness), web.get(METRICS, metrics)])
    runner = web.AppRunner(site, access_log=None, handle_signals=False, shutdown_timeout=_LEAVING)
    await runner.setup()
    host, _, port = address.rpartition(":")
    try:
        try:
            await web.TCPSite(runner, host.removeprefix("[").removesuffix("]"), int(port)).start()
        except OSError as error:
            raise InputError(
                f"Nobody can listen at {address} ({error.strerror}): check ATTACHE_STATUS_HTTP."
            ) from error
        log.info("status is told over http", address=address)
        yield
    finally:
        await runner.cleanup()


@web.middleware
async def _fresh(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Nobody on the way may keep an answer; and what breaks one is logged, not told."""
    try:
        response = await handler(request)
    except web.HTTPException:
        raise
    except Exception:  # one request must not tell strangers what is inside
        log.exception("status not told", path=request.path)
        return web.Response(status=500, text="It cannot be told: see the log.")
    response.headers["Cache-Control"] = "no-store"
    return response
