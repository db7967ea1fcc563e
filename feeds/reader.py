"""Feeds and pages from strangers, as values: fetch, parse and extract in order, behind the FeedReader port."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from typing import Self

from feeds.addresses import shown
from feeds.extract import extract
from feeds.fetch import FEED_TYPES, MAX_BYTES, TIMEOUT, Body, Fetcher
from feeds.opml import read_opml, write_opml
from feeds.parse import ParsedFeed, parse
from feeds.workers import DEADLINE, Unfinished, Workers
from news.errors import FetchError, ParseError, UnreadableInput
from news.feeds import Feed, FeedUpdate, Fetched, Follow, Listed, NotModified, Page, Validators

_PAGE_TYPES = ("text/", "application/xhtml+xml", "application/xml")


class Reader:
    """Reads feeds and pages. Use it as an async context manager, or call `aclose`.

    `private_hosts` are hosts (`name` or `name:port`) that may be reached although their address is not public;
    `timeout` is in seconds for a whole answer, redirects included; `work_timeout` is for making sense of one,
    which worker processes do: a hostile feed or page costs itself and nothing else.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        private_hosts: Collection[str] = (),
        timeout: float = TIMEOUT,
        max_bytes: int = MAX_BYTES,
        work_timeout: float = DEADLINE,
    ) -> None:
        self._fetcher = Fetcher(
            user_agent=user_agent, private_hosts=private_hosts, timeout=timeout, max_bytes=max_bytes
        )
        self._workers = Workers(deadline=work_timeout)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Closes all connections and ends all workers."""
        await self._workers.aclose()
        await self._fetcher.aclose()

    async def fetch(self, feed: Feed) -> FeedUpdate:
        """What the feed holds now. Raises FeedError: FetchError, AddressRefused, ParseError."""
        body = await self._fetcher.get(feed.url, validators=feed.validators, accept=FEED_TYPES)
        if not isinstance(body, Body):
            return body
        body_hash = hashlib.sha256(body.content).hexdigest()
        if body_hash == feed.body_hash and body.home == feed.url:
            return NotModified(body.validators, fresh_for=body.fresh_for)
        parsed = await self._parsed(body.content, body.url, body.content_type, source=feed.url)
        return Fetched(
            title=parsed.title,
            entries=parsed.entries,
            validators=body.validators,
            body_hash=body_hash,
            url=body.home,
            source=body.url if body.url != body.home else "",
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
        return await self._extracted(
            body.content,
            body.url,
            content_type=body.content_type,
            trust_canonical=self._fetcher.is_private(body.url),
        )

    async def parse(self, body: bytes, source: str) -> Fetched:
        """What a feed's bytes hold; `source`, a file's name, says in errors which. Raises ParseError.

        Many may be asked for at a time; as many are worked on as there are cores.
        """
        parsed = await self._parsed(body, source, None, source=source)
        return Fetched(
            title=parsed.title,
            entries=parsed.entries,
            validators=Validators(),
            body_hash=hashlib.sha256(body).hexdigest(),
            url=source,
            pace=parsed.pace,
        )

    async def extract(self, html: bytes | str, url: str | None = None) -> Page:
        """The article in a page's HTML. Raises UnreadableInput (`no_text`) when there is none."""
        return await self._extracted(html, url)

    async def read_list(self, body: bytes, source: str) -> tuple[Listed, ...]:
        """The feeds that a list of feeds (OPML) names; `source` names it in errors. Raises ParseError."""
        try:
            return await self._workers.run(read_opml, body, source)
        except Unfinished as error:
            raise ParseError(source, f"{source} {error}: split the list, and import the parts.") from error

    def write_list(self, follows: Sequence[Follow], title: str) -> bytes:
        """The feeds as such a list."""
        return write_opml(follows, title)

    async def _parsed(self, body: bytes, url: str, content_type: str | None, *, source: str) -> ParsedFeed:
        try:
            return await self._workers.run(parse, body, url=url, content_type=content_type)
        except Unfinished as error:
            if error.passing:
                raise _later(source, error) from error
            raise ParseError(source, f"{shown(source)} {error}: follow another feed.") from error

    async def _extracted(
        self,
        html: bytes | str,
        url: str | None,
        *,
        content_type: str | None = None,
        trust_canonical: bool = False,
    ) -> Page:
        try:
            return await self._workers.run(
                extract, html, url, content_type=content_type, trust_canonical=trust_canonical
            )
        except Unfinished as error:
            if error.passing:
                raise _later(url or "The page", error) from error
            where = shown(url) if url else "The page"
            raise UnreadableInput("no_text", f"{where} {error}: give the address of one article.") from error


def _later(source: str, error: Unfinished) -> FetchError:
    return FetchError(source, f"{shown(source)} {error}: try again later.", passing=True)
