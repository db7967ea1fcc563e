"""What is outside the bot: a Discord that remembers every post, and the sites of the wire; both tell what they see."""

from __future__ import annotations

import asyncio
import hashlib
import random
import re
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from news.links import identity
from tests.discord.fake import BOT_USER, FakeDiscord, _drop, _json, _payload, breaches, snowflake
from tests.evaluation.crashes.clock import FastClock
from tests.evaluation.crashes.soundness import Expected, Handed, Posted
from tests.evaluation.crashes.wire import Entry, Event, Outlet, token

KEY = re.compile(r"attache-n?[0-9]+")
BUSY, BUSY_FOR = 4, 5
"""Outlets that are busy at a time, and after how many entries another one takes its turn."""
FEED, SECTION, CLOSING = "/feed.xml", "/section.xml", 12


@dataclass(slots=True)
class Time:
    """What all outside go by; it may be put ahead."""

    clock: FastClock


@dataclass(slots=True)
class Watch:
    """Calls `hit` at the n-th of what is watched, then nobody any more."""

    left: int = 0
    hit: Callable[[], object] = lambda: None

    def seen(self) -> bool:
        """Whether this was the one."""
        self.left -= 1
        if self.left == 0:
            self.hit()
            return True
        return False


@dataclass(slots=True)
class Watches:
    """Where somebody may want to strike."""

    asked: Watch = field(default_factory=Watch)
    """A request for a feed or a page has come."""
    post_came: Watch = field(default_factory=Watch)
    """A post has come and is not taken yet; the one that is hit never is."""
    post_taken: Watch = field(default_factory=Watch)
    """A post has been taken and is not answered yet; the one that is hit never is."""
    post_answered: Watch = field(default_factory=Watch)


class Discord(FakeDiscord):
    """It knows no repetition: what is posted twice stands twice."""

    def __init__(self, time: Time) -> None:
        super().__init__()
        self.time = time
        self.watches = Watches()
        self.posted: list[Posted] = []
        self.posts = asyncio.Event()
        """Set with each post."""

    def new_id(self) -> int:
        return snowflake(self.time.clock.now().timestamp() * 1000, next(self._numbers) % 4096)

    async def _post(self, request: web.Request) -> web.StreamResponse:
        channel, payload = int(request.match_info["channel"]), await _payload(request)
        if self.watches.post_came.seen():
            return _drop(request)
        if wrong := breaches(payload):
            return _json({"message": f"Invalid Form Body {wrong}", "code": 50035}, 400)
        message = self._message(self.new_id(), channel, payload, BOT_USER)
        self.messages.setdefault(channel, []).append(message)
        self.posted.append(Posted(_key(payload), message["id"]))
        self.posts.set()
        if self.watches.post_taken.seen():
            return _drop(request)
        response = _json(message)
        await response.prepare(request)
        await response.write_eof()
        self.watches.post_answered.seen()
        return response


class Press:
    """The outlets' sites, each at a loopback address of its own, with a feed and, some of them, a section's feed."""

    busy: int | None = BUSY
    """How many outlets publish at a time; None for all of them."""

    def __init__(self, time: Time, *, outlets: int, seed: int) -> None:
        self.time = time
        self.watches = Watches()
        self.chance = random.Random(f"press-{seed}")
        self.outlets = {
            f"127.0.{1 + (n - 1) // 250}.{1 + (n - 1) % 250}": Outlet(f"Outlet {n}", whole=n % 4 == 0)
            for n in range(1, outlets + 1)
        }
        self.port = 0
        self.closed = 0
        """How many of the feeds that close have closed."""
        self._seed = seed
        self._entries: list[tuple[str, Entry]] = []
        self._documents: dict[str, tuple[tuple[Entry, int], ...]] = {}
        """The entries of what was handed out, each with its edition of then, by the validator."""

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(f"{host}:{self.port}" for host in self.outlets)

    @property
    def feeds(self) -> tuple[str, ...]:
        """Every third outlet has a section; then come those that close."""
        living = tuple(
            f"http://{host}{path}"
            for at, host in enumerate(self.hosts)
            for path in ((FEED, SECTION) if at % 3 == 0 else (FEED,))
        )
        return living + tuple(
            f"http://{self.hosts[n % len(self.hosts)]}/closing/{n}"
            for n in range(min(CLOSING, len(self.hosts)))
        )

    def publish(self, events: int = 1) -> None:
        """So many events, each written of by one to three outlets, now.

        Outlets take turns at being busy, so that many are silent for long: what is missed of them stays missed.
        """
        hosts = list(self.outlets)
        for _ in range(events):
            event = Event.made_up(len(self._entries), self._seed)
            busy = hosts
            if self.busy is not None:
                first = len(self._entries) // BUSY_FOR
                busy = [hosts[(first + at) % len(hosts)] for at in range(min(self.busy, len(hosts)))]
            for host in self.chance.sample(busy, self.chance.choice((1, 1, 2, 3))):
                entry = self.write(len(self._entries) + 1, event)
                self._entries.append((host, entry))
                self.outlets[host].entries.append(entry)

    def write(self, number: int, event: Event) -> Entry:
        """What one outlet writes of it now."""
        return Entry(number, event, self.time.clock.now())

    def edit(self) -> None:
        """One of the newest entries gets a new edition."""
        if self._entries:
            self.chance.choice(self._entries[-40:])[1].edition += 1

    def expected(self) -> tuple[Expected, ...]:
        """What a reader of all feeds must have by now: what was handed out and still stands in a feed."""
        given = {entry.number for document in self._documents.values() for entry, _ in document}
        return tuple(
            Expected(
                identity(f"http://{host}:{self.port}{entry.path}") or "", _words(entry.number, entry.edition)
            )
            for host, outlet in self.outlets.items()
            for entry in outlet.newest()
            if entry.number in given
        )

    def handed(self, validators: Iterable[str]) -> Mapping[str, Sequence[Handed]]:
        """The entries of these documents, in editions of then or later."""
        return {
            validator: [
                Handed(entry.key, tuple(_words(entry.number, n) for n in range(edition, entry.edition + 1)))
                for entry, edition in self._documents.get(validator, ())
            ]
            for validator in validators
        }

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        self.watches.asked.seen()
        host = request.host.partition(":")[0]
        outlet, base = self.outlets[host], f"http://{request.host}"
        if request.path in (FEED, SECTION):
            return self._feed(request, base, outlet.newest(section=request.path == SECTION), outlet)
        if request.path.startswith("/closing/"):
            gone = int(request.path.removeprefix("/closing/")) < self.closed
            return web.Response(body=outlet.feed(base, ()), status=410 if gone else 200)
        page = outlet.page(request.path)
        if page is None:
            raise web.HTTPNotFound
        return web.Response(body=page, content_type="text/html", charset="utf-8")

    def _feed(
        self, request: web.BaseRequest, base: str, entries: Sequence[Entry], outlet: Outlet
    ) -> web.StreamResponse:
        body = outlet.feed(base, entries)
        tag = hashlib.sha256(body).hexdigest()[:16]
        if any(known.value == tag for known in request.if_none_match or ()):
            response = web.Response(status=304)
        else:
            self._documents[f'"{tag}"'] = tuple((entry, entry.edition) for entry in entries)
            response = web.Response(body=body, content_type="application/rss+xml", charset="utf-8")
        response.etag = tag
        return response


@asynccontextmanager
async def outside(clock: FastClock, *, outlets: int, seed: int) -> AsyncIterator[tuple[Discord, Press]]:
    """Both, served on this machine."""
    time = Time(clock)
    discord, press = Discord(time), Press(time, outlets=outlets, seed=seed)
    application = web.Application()
    application.add_routes(discord.routes())
    chat = web.AppRunner(application, shutdown_timeout=0.1, access_log=None)
    paper = web.ServerRunner(web.Server(press.handle, access_log=None), shutdown_timeout=0.1)
    await chat.setup()
    await paper.setup()
    try:
        await web.TCPSite(chat, "127.0.0.1", 0).start()
        await web.TCPSite(paper, "0.0.0.0", 0).start()
        discord.url = f"http://127.0.0.1:{chat.addresses[0][1]}"
        press.port = paper.addresses[0][1]
        yield discord, press
    finally:
        await discord.settle()
        await chat.cleanup()
        await paper.cleanup()


def _words(number: int, edition: int) -> str:
    """What stands in this edition of an entry alone."""
    return f"pay {token(number, edition)} crowns"


def _key(payload: dict) -> str:
    """What the post is recognised by."""
    footers = [(embed.get("footer") or {}).get("text") or "" for embed in payload.get("embeds") or []]
    return next((text for text in footers if KEY.fullmatch(text)), "")
