"""Feeds and pages from strangers, as values: fetch, parse and extract in order, behind the FeedReader port."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Self, TypeVar

from feeds.addresses import shown
from feeds.extract import extract
from feeds.fetch import FEED_TYPES, MAX_BYTES, TIMEOUT, Body, Fetcher
from feeds.opml import read_opml, write_opml
from feeds.parse import parse
from news.errors import FetchError, ParseError, UnreadableInput
from news.feeds import Feed, FeedUpdate, Fetched, Follow, Listed, NotModified, Page, Validators

T = TypeVar("T")

_PAGE_TYPES = ("text/", "application/xhtml+xml", "application/xml")


class Reader:
    """Reads feeds and pages. Use it as an async context manager, or call `aclose`.

    `private_hosts` are hosts (`name` or `name:port`) that may be reached although their address is not public;
    `timeout` is in seconds for a whole answer, redirects included; `work_timeout` is for making sense of one.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        private_hosts: Collection[str] = (),
        timeout: float = TIMEOUT,
        max_bytes: int = MAX_BYTES,
        work_timeout: float = 30.0,
    ) -> None:
        self._fetcher = Fetcher(
            user_agent=user_agent, private_hosts=private_hosts, timeout=timeout, max_bytes=max_bytes
        )
        self._work_timeout = work_timeout

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Closes all connections."""
        await self._fetcher.aclose()

    async def fetch(self, feed: Feed) -> FeedUpdate:
        """What the feed holds now. Raises FeedError: FetchError, AddressRefused, ParseError."""
        body = await self._fetcher.get(feed.url, validators=feed.validators, accept=FEED_TYPES)
        if not isinstance(body, Body):
            return body
        body_hash = hashlib.sha256(body.content).hexdigest()
        if body_hash == feed.body_hash and body.home == feed.url:
            return NotModified(body.validators, fresh_for=body.fresh_for)
        parsed = await self._work(
            partial(parse, body.content, url=body.url, content_type=body.content_type),
            ParseError(feed.url, f"{shown(feed.url)} takes too long to parse: follow a smaller feed."),
        )
        return Fetched(
            title=parsed.title,
            entries=parsed.entries,
            validators=body.validators,
            body_hash=body_hash,
            url=body.home,
            pace=parsed.pace,
            fresh_for=body.fresh_for,
        )

    async def page(self, url: str) -> Page:
        """The article on a page. Raises FeedError, or UnreadableInput (`no_text`) when there is none."""
        body = await self._fetcher.page(url)
        if not isinstance(body, Body):
            raise FetchError(url, f"{shown(url)} answers 410 Gone: the page was taken down.")
        kind = (body.content_type or "text/html").lower()
        if not kind.startswith(_PAGE_TYPES):
            raise UnreadableInput(
                "no_text", f"{shown(url)} is not a web page but {kind[:80]}: give a page's address."
            )
        return await self._work(
            partial(
                extract,
                body.content,
                body.url,
                content_type=body.content_type,
                trust_canonical=self._fetcher.is_private(body.url),
            ),
            UnreadableInput(
                "no_text", f"{shown(url)} takes too long to read: give the address of one article."
            ),
        )

    def parse(self, body: bytes, source: str) -> Fetched:
        """What a feed's bytes hold; `source`, a file's name, says in errors which. Raises ParseError."""
        parsed = parse(body, url=source)
        return Fetched(
            title=parsed.title,
            entries=parsed.entries,
            validators=Validators(),
            body_hash=hashlib.sha256(body).hexdigest(),
            url=source,
            pace=parsed.pace,
        )

    def extract(self, html: bytes | str, url: str | None = None) -> Page:
        """The article in a page's HTML. Raises UnreadableInput (`no_text`) when there is none."""
        return extract(html, url)

    async def read_list(self, body: bytes, source: str) -> tuple[Listed, ...]:
        """The feeds that a list of feeds (OPML) names; `source` names it in errors. Raises ParseError."""
        return await self._work(
            partial(read_opml, body, source),
            ParseError(source, f"{source} takes too long to read: split the list, and import the parts."),
        )

    def write_list(self, follows: Sequence[Follow], title: str) -> bytes:
        """The feeds as such a list."""
        return write_opml(follows, title)

    async def _work(self, work: Callable[[], T], too_long: Exception) -> T:
        """Runs what would hold up the event loop in a thread; raises `too_long` when it does not end in time."""
        try:
            async with asyncio.timeout(self._work_timeout):
                return await asyncio.to_thread(work)
        except TimeoutError:
            raise too_long from None
