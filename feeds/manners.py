"""Whether a page may be asked for, and when: what its site's robots.txt says, and whether it asked to be left alone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

from feeds.addresses import shown
from feeds.hosts import Hosts
from feeds.robots import NotHad, Robots, Rules
from news.errors import FetchError

_LONG = 2**12
"""Characters of rules that take a moment to hold a page against."""


@dataclass(slots=True)
class Manners:
    """How pages are asked for. `fetch` gets a site's rules and says how long they hold, as for `Robots`."""

    hosts: Hosts
    fetch: Callable[[str], Awaitable[tuple[Rules | NotHad, timedelta | None]]]
    _robots: Robots = field(init=False)

    def __post_init__(self) -> None:
        self._robots = Robots(self.fetch, now=self.hosts.now)

    async def wait(self, url: str, page: str, *, origin: str, host: str) -> None:
        """Returns when the page may be asked for; raises FetchError when its site does not want that.

        `url` is what was asked for at first, `page` where it has led; `host` is the name that `hosts` knows it by.
        """
        self._check_rest(url, host)
        rules = await self._robots.rules(origin)
        if isinstance(rules, NotHad):
            raise FetchError(url, f"{shown(url)} is not read, because {rules.reason}", passing=True)
        allowed = rules.allow(page) if rules.size < _LONG else await asyncio.to_thread(rules.allow, page)
        if not allowed:
            raise FetchError(
                url,
                f"{shown(url)} is closed to programs by its site's robots.txt: follow the outlet's feed instead.",
            )
        seconds = await self.hosts.turn(host, rules.spacing)
        if seconds:
            raise FetchError(
                url,
                f"{shown(url)} is one of many pages of a site that asks for {rules.spacing:g} seconds between two: "
                "try again later.",
                retry_after=timedelta(seconds=seconds),
                passing=True,
            )
        self._check_rest(url, host)

    def _check_rest(self, url: str, host: str) -> None:
        seconds = self.hosts.rest(host)
        if seconds:
            raise FetchError(
                url,
                f"{shown(url)} is of a site that asked to be left alone for a while: try again later.",
                retry_after=timedelta(seconds=seconds),
                passing=True,
            )
