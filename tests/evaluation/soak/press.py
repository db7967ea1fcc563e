"""The sites of the wire, which publish all the time, and whose servers hang, break off and fail."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

from aiohttp import web

from tests.evaluation.crashes.outside import CLOSING, FEED, SECTION, Press, Time
from tests.evaluation.crashes.wire import Entry, Event

FAULTS = ("hangs", "breaks off", "5xx", "no feed", "page 5xx", "page breaks off")
HANGS = 25.0
"""Seconds: longer than anybody waits."""
TALKS = 12
"""Every so many-th event is about a war, where positions are looked for: that costs ten times as much to read."""


@dataclass(slots=True)
class Talks(Entry):
    """What an outlet writes of somebody's position on the talks."""

    @property
    def title(self) -> str:
        return f"{self.event.speaker} on talks over {self.event.place}"

    @property
    def paragraphs(self) -> tuple[str, ...]:
        event, place = self.event, self.event.place
        said = (
            "We must hold peace talks now, and end the war through diplomacy"
            if event.number % (2 * TALKS)
            else "There are no grounds for negotiations, and talks are pointless"
        )
        return (
            f"After weeks of shelling around {place}, the warring sides were asked again to begin peace negotiations.",
            f"“{said},” {event.speaker} said in {place} on Monday.",
            f"“We will pay {self.token} crowns for the refugees,” {event.speaker} said.",
            f"{event.rival} called for a ceasefire before troops of either army withdraw.",
        )


class Sites(Press):
    """So many feeds on loopback, of which all publish; what goes wrong next is in `faults`."""

    busy = None

    def __init__(self, time: Time, *, outlets: int, seed: int) -> None:
        super().__init__(time, outlets=outlets, seed=seed)
        self.faults: deque[str] = deque()
        self.struck: set[str] = set()
        """Feeds and pages that something went wrong with."""

    def write(self, number: int, event: Event) -> Entry:
        kind = Entry if event.number % TALKS else Talks
        return kind(number, event, self.time.clock.now())

    @property
    def written(self) -> int:
        """How many articles there are."""
        return len(self._entries)

    def speakers(self) -> list[str]:
        """Who is quoted, oldest first."""
        return [entry.event.speaker.partition(" ")[2] for _, entry in self._entries]

    def things(self) -> list[str]:
        """What is written of, oldest first."""
        return [entry.event.place for _, entry in self._entries]

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        page = request.path.startswith("/story/")
        if self.faults and (page or request.path in (FEED, SECTION)):
            address = f"http://{request.host}{request.path}"
            # A page is asked for three times, then its feed's own words stand in its place: one fault each.
            meant = self.faults[0].startswith("page") is page
            if meant and not (page and address in self.struck):
                self.struck.add(address)
                return await self._fail(request, self.faults.popleft())
        return await super().handle(request)

    async def _fail(self, request: web.BaseRequest, fault: str) -> web.StreamResponse:
        if fault.endswith("5xx"):
            return web.Response(status=503, text="down")
        if fault == "no feed":
            return web.Response(text="<html><body>Come back later.</body></html>", content_type="text/html")
        if fault.endswith("breaks off"):
            response = web.StreamResponse(headers={"Content-Length": "5000", "Content-Type": "text/html"})
            await response.prepare(request)
            await response.write(b"<html><body>")
        else:
            await asyncio.sleep(HANGS)
            response = web.StreamResponse()
        if request.transport is not None:
            request.transport.abort()
        return response


def outlets_for(feeds: int) -> int:
    """How many outlets have so many feeds, about: every third has a section, and some feeds close."""
    return max(2, round((feeds - min(CLOSING, feeds // 3)) * 3 / 4))
