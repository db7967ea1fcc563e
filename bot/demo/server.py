"""The sample wire's local server: it answers on 127.0.0.1 with the outlets' feeds and pages."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from aiohttp import web

from bot.demo.pages import View, article_page, feed_document, front_page
from bot.demo.sample import FeedFormat, SampleOutlet, SampleWire, load_wire
from news.times import as_utc

HOST = "127.0.0.1"
_GRACE_SECONDS = 1.0
"""How long a request under way may take to end when the server closes."""


class WireServer:
    """A wire that is being served, as it stood at a moment that can be moved."""

    def __init__(self, wire: SampleWire, *, until: datetime | None = None) -> None:
        self._wire = wire
        self._until = None if until is None else as_utc(until)
        self._base_url = ""

    @property
    def base_url(self) -> str:
        """`http://127.0.0.1:PORT`, without a slash at its end."""
        return self._base_url

    @property
    def host(self) -> str:
        """`127.0.0.1:PORT`, as it would be named among the private hosts that may be fetched."""
        return self._base_url.removeprefix("http://")

    @property
    def until(self) -> datetime | None:
        """Nothing that was put out later is served; None serves all."""
        return self._until

    @property
    def feeds(self) -> dict[str, str]:
        """Where the feed of each outlet is, by the outlet's name; the dead one's too."""
        return {outlet.name: self._view(outlet).feed_url for outlet in self._wire.outlets}

    def advance(self, until: datetime | None) -> None:
        """Moves that moment: what was put out by then is served from the next request on."""
        self._until = None if until is None else as_utc(until)

    async def _start(self, runner: web.AppRunner, port: int) -> None:
        await runner.setup()
        await web.TCPSite(runner, HOST, port).start()
        self._base_url = f"http://{HOST}:{runner.addresses[0][1]}"

    def _app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/{outlet}/feed.xml", self._feed)
        app.router.add_get("/{outlet}/", self._front)
        app.router.add_get("/{outlet}/{slug}", self._article)
        return app

    def _view(self, outlet: SampleOutlet) -> View:
        return View(outlet, self._base_url, self._until)

    def _asked(self, request: web.Request) -> View:
        outlet = self._wire.outlet(request.match_info["outlet"])
        if outlet is None:
            raise web.HTTPNotFound(text="No such outlet.")
        if outlet.dead:
            raise web.HTTPInternalServerError(text="The newsroom system is down.")
        return self._view(outlet)

    async def _feed(self, request: web.Request) -> web.Response:
        view = self._asked(request)
        kind = "rss" if view.outlet.format is FeedFormat.RSS else "atom"
        body = feed_document(view)
        tag = hashlib.sha256(body).hexdigest()[:32]
        known = request.if_none_match or ()
        if any(each.value in (tag, "*") for each in known):
            response = web.Response(status=304)
        else:
            response = web.Response(body=body, content_type=f"application/{kind}+xml", charset="utf-8")
        response.etag = tag
        response.last_modified = view.changed
        return response

    async def _front(self, request: web.Request) -> web.Response:
        return _page(front_page(self._asked(request)))

    async def _article(self, request: web.Request) -> web.Response:
        body = article_page(self._asked(request), request.match_info["slug"])
        if body is None:
            raise web.HTTPNotFound(text="No such article.")
        return _page(body)


def _page(body: bytes) -> web.Response:
    return web.Response(body=body, content_type="text/html", charset="utf-8")


@asynccontextmanager
async def serve_wire(
    wire: SampleWire | None = None, *, until: datetime | None = None, port: int = 0
) -> AsyncIterator[WireServer]:
    """Serves the wire on a port of 127.0.0.1 as it stood at `until`; without it, as it stands at last.

    The wire is the one that comes with the package where no other is given; port 0 is any that is free. Raises OSError
    where the port cannot be had.
    """
    server = WireServer(wire or load_wire(), until=until)
    runner = web.AppRunner(server._app(), access_log=None, shutdown_timeout=_GRACE_SECONDS)
    try:
        await server._start(runner, port)
        yield server
    finally:
        await runner.cleanup()
