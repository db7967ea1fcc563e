"""A local site for the reader to read, and builders of feeds and pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from aiohttp import web

from feeds.reader import Reader
from news.feeds import Feed, FeedId, Validators

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Site:
    """A server on this machine whose pages a test sets; it remembers what it was asked."""

    def __init__(self) -> None:
        self.requests: list[web.Request] = []
        self.base = ""
        self._answers: dict[str, Answer] = {}

    def url(self, path: str) -> str:
        return self.base + path

    @property
    def host(self) -> str:
        return self.base.removeprefix("http://")

    def serves(self, path: str, body: bytes | str = b"", *, status: int = 200, **headers: str) -> str:
        """Sets a fixed answer, header names with underscores; returns its address."""
        content = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}

        async def answer(request: web.Request) -> web.StreamResponse:
            return web.Response(body=content, status=status, headers=named)

        return self.does(path, answer)

    def redirects(self, path: str, target: str, *, status: int = 302) -> str:
        return self.serves(path, status=status, Location=target)

    def does(self, path: str, answer: Answer) -> str:
        self._answers[path] = answer
        return self.url(path)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        if request.path not in self._answers:
            raise web.HTTPNotFound
        return await self._answers[request.path](request)


@asynccontextmanager
async def a_site(address: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Site]:
    site = Site()
    runner = web.ServerRunner(web.Server(site.handle, access_log=None), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, address, port).start()
    site.base = f"http://{address}:{runner.addresses[0][1]}"
    try:
        yield site
    finally:
        await runner.cleanup()


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with a_site() as site:
        yield site


@pytest.fixture
async def reader(site: Site) -> AsyncIterator[Reader]:
    async with a_reader(site) as reader:
        yield reader


def a_reader(site: Site, **options) -> AbstractAsyncContextManager[Reader]:
    return Reader(**{"user_agent": "attache-test", "private_hosts": {site.host}, **options})


def a_feed(url: str, **fields) -> Feed:
    return Feed(**{"id": FeedId(1), "url": url, "validators": Validators(), **fields})


def rss(items: str = "", *, title: str = "Daily Herald", extra: str = "") -> str:
    namespaces = (
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    return (
        f'<rss version="2.0" {namespaces}><channel><title>{title}</title>'
        f"<link>https://herald.example/</link>{extra}{items}</channel></rss>"
    )


def atom(entries: str) -> str:
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>The Wire</title><id>urn:wire</id>{entries}</feed>'
    )


def page_of(body: str, *, head: str = "", attributes: str = 'lang="en"') -> str:
    return f'<!DOCTYPE html><html {attributes}><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'
