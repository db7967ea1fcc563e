"""What sites let programs read: robots.txt by RFC 9309, fetched once a day for each site."""

from __future__ import annotations

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from feeds.hosts import LONGEST_SPACING

if TYPE_CHECKING:
    from protego import Protego

MAX_BYTES = 500 * 2**10
"""As much of a robots.txt is read, as the RFC asks for."""
MAX_LINES = 20_000
"""Lines read of it; as much as the RFC asks for holds fewer, where they say something."""
MAX_OURS = 2**15
"""Characters of the lines that are meant for us; more of them than an honest site has would only cost time."""
LONGEST, SHORTEST = timedelta(days=1), timedelta(minutes=10)
"""How long a robots.txt holds, whatever its server says of it."""
RETRY = timedelta(minutes=5)
"""How long a site whose robots.txt cannot be had is left alone."""
MAX_SITES, MAX_KEPT = 1000, 2**20
"""How many are kept, and characters of them all, each of which takes up to 75 bytes."""

_USER_AGENT = re.compile(r"user[\s-]*agent(?:\s*:|\s|$)(.*)", re.IGNORECASE)
_OF_NO_GROUP = re.compile(r"(?:site-?maps?|host)\s*:", re.IGNORECASE)
_EVERYBODY = "*"


@dataclass(frozen=True, slots=True)
class Rules:
    """What a site asks of a program."""

    spacing: float = 0.0
    """Seconds between two pages."""
    size: int = 0
    """Characters that they came of."""
    _parsed: Protego | None = None

    def allow(self, url: str) -> bool:
        """Whether the page may be read."""
        return self._parsed is None or bool(self._parsed.can_fetch(url, _EVERYBODY))


ALL_ALLOWED = Rules()


@dataclass(frozen=True, slots=True)
class NotHad:
    """A site's robots.txt cannot be had for now, so that nothing of it may be read; `reason` says why."""

    reason: str


def product(user_agent: str) -> str:
    """A program's name, of all that it says of itself: `attache` of `Attache/0.1 (…)`."""
    found = re.match(r"[^\s/]*", user_agent.strip())
    return found[0].lower() if found else ""


def read_rules(body: bytes, program: str) -> Rules:
    """The rules for the program of this name, else those for everybody. Never raises, whatever the body."""
    from protego import Protego

    # Handing over one group only keeps a file of thousands of names and rules, each name with each rule, linear.
    ours = _ours(body[:MAX_BYTES].decode("utf-8", "replace").removeprefix("\ufeff"), program)
    if not ours:
        return ALL_ALLOWED
    text = "\n".join([f"User-agent: {_EVERYBODY}", *ours])
    parsed = Protego.parse(text)
    delay, rate = parsed.crawl_delay(_EVERYBODY) or 0.0, parsed.request_rate(_EVERYBODY)
    if rate:  # `3/1m` is twenty seconds; the numbers may have thousands of digits
        limit = int(LONGEST_SPACING) * rate.requests
        delay = max(delay, min(rate.seconds, limit) / rate.requests)
    return Rules(min(delay, LONGEST_SPACING), len(text), parsed)


def _ours(text: str, program: str) -> list[str]:
    """The lines of the groups for this program, else of those for everybody."""
    groups: dict[str, list[str]] = {_EVERYBODY: []}
    lines: list[list[str]] = []
    naming = False
    for line in text.splitlines()[:MAX_LINES]:
        line = line.partition("#")[0].strip()
        if not line or _OF_NO_GROUP.match(line):
            continue
        named = _USER_AGENT.match(line)
        if named is None:
            naming = False
            for group in lines:
                group.append(line)
            continue
        if not naming:
            naming, lines = True, []
        name = product(named[1].strip(" \t:"))
        if name in {program, _EVERYBODY}:
            group = groups.setdefault(name, [])
            if not any(group is other for other in lines):
                lines.append(group)
    return _first(groups.get(program, groups[_EVERYBODY]))


def _first(lines: list[str]) -> list[str]:
    """As many whole lines as are read."""
    size = 0
    for number, line in enumerate(lines):
        size += len(line) + 1
        if size > MAX_OURS:
            return lines[:number]
    return lines


@dataclass(frozen=True, slots=True)
class _Kept:
    rules: Rules | NotHad
    until: float

    @property
    def size(self) -> int:
        return self.rules.size if isinstance(self.rules, Rules) else 0


@dataclass(slots=True)
class _Asking:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    askers: int = 0


@dataclass(slots=True)
class Robots:
    """The rules of sites, remembered. `fetch` gets those of one and says how long they hold. For one event loop."""

    fetch: Callable[[str], Awaitable[tuple[Rules | NotHad, timedelta | None]]]
    now: Callable[[], float] = time.monotonic
    max_sites: int = MAX_SITES
    max_kept: int = MAX_KEPT
    _kept: OrderedDict[str, _Kept] = field(default_factory=OrderedDict, init=False)
    _size: int = field(default=0, init=False)
    _asking: dict[str, _Asking] = field(default_factory=dict, init=False)

    async def rules(self, origin: str) -> Rules | NotHad:
        """The rules of a site, given as `https://herald.example`. Who asks meanwhile waits for the same answer."""
        known = self._known(origin)
        if known is not None:
            return known
        asking = self._asking.setdefault(origin, _Asking())
        asking.askers += 1
        try:
            async with asking.lock:
                known = self._known(origin)
                if known is None:
                    known, lasts = await self.fetch(origin)
                    self._keep(origin, known, lasts)
                return known
        finally:
            asking.askers -= 1
            if not asking.askers:
                del self._asking[origin]

    def _known(self, origin: str) -> Rules | NotHad | None:
        kept = self._kept.get(origin)
        if kept is None or kept.until <= self.now():
            return None
        self._kept.move_to_end(origin)
        return kept.rules

    def _keep(self, origin: str, rules: Rules | NotHad, lasts: timedelta | None) -> None:
        """Remembers them; those that were not asked for longest make room."""
        lasts = min(max(lasts or LONGEST, SHORTEST), LONGEST) if isinstance(rules, Rules) else RETRY
        self._drop(origin)
        kept = self._kept[origin] = _Kept(rules, self.now() + lasts.total_seconds())
        self._size += kept.size
        while len(self._kept) > self.max_sites or (self._size > self.max_kept and len(self._kept) > 1):
            self._drop(next(iter(self._kept)))

    def _drop(self, origin: str) -> None:
        kept = self._kept.pop(origin, None)
        self._size -= kept.size if kept else 0
