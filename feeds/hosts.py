"""How many requests go to one host at a time, how far apart its pages are asked for, and whom to leave alone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

AT_ONCE = 64
"""Requests at one time, over all hosts."""
AT_ONCE_A_HOST = 2
LONGEST_SPACING = 10.0
"""Seconds between two pages of a host, at most; a longer `Crawl-delay` would mean one page in many digests."""
LONGEST_TURN = 60.0
"""Seconds that a page waits for its turn, at most."""
LONGEST_REST = 24 * 3600.0
"""Seconds that a host is left alone, at most, whatever it asks for."""
REMEMBERED = 4096
"""Hosts kept in mind, at most, among those that nothing is asked of at the moment."""


@dataclass(slots=True)
class _Host:
    """What is known of one host; all moments are by the clock of `Hosts`."""

    places: asyncio.Semaphore
    users: int = 0
    next_page: float = 0.0
    rests_until: float = 0.0

    def idle(self) -> bool:
        return self.users == 0

    def forgettable(self, now: float) -> bool:
        return self.users == 0 and self.next_page <= now and self.rests_until <= now


@dataclass(slots=True)
class Hosts:
    """The hosts of the moment, each by its name and port. For one event loop."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    at_once: int = AT_ONCE
    at_once_a_host: int = AT_ONCE_A_HOST
    remembered: int = REMEMBERED
    _hosts: dict[str, _Host] = field(default_factory=dict, init=False)
    _places: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._places = asyncio.Semaphore(self.at_once)

    @property
    def known(self) -> int:
        """How many are kept in mind."""
        return len(self._hosts)

    def place(self, name: str) -> AbstractAsyncContextManager[None]:
        """A place among the requests to this host; waits for one. Who waits for a host holds up no other host."""
        return _Place(self, name)

    async def enter(self, name: str) -> None:
        """Takes a place; `leave` gives it back."""
        host = self._host(name)
        host.users += 1
        try:
            await host.places.acquire()
            try:
                await self._places.acquire()
            except BaseException:
                host.places.release()
                raise
        except BaseException:
            self._left(name, host)
            raise

    def leave(self, name: str) -> None:
        """Gives a place back."""
        host = self._hosts[name]
        self._places.release()
        host.places.release()
        self._left(name, host)

    def _left(self, name: str, host: _Host) -> None:
        host.users -= 1
        if host.forgettable(self.now()):
            self._hosts.pop(name, None)

    async def turn(self, name: str, spacing: float) -> float:
        """Waits until it is `spacing` seconds after the host's last page.

        Returns 0, or without waiting how many seconds are to go where that is too long.
        """
        now, spacing = self.now(), min(spacing, LONGEST_SPACING)
        if spacing <= 0:
            return 0.0
        host = self._host(name)
        start = max(now, host.next_page)
        if start - now > LONGEST_TURN:
            return start - now
        host.next_page = start + spacing
        if start > now:
            await self.sleep(start - now)
        return 0.0

    def leave_alone(self, name: str, seconds: float) -> None:
        """The host asked for no more requests for so long."""
        host = self._host(name)
        host.rests_until = max(host.rests_until, self.now() + min(seconds, LONGEST_REST))

    def rest(self, name: str) -> float:
        """For how many seconds more the host is to be left alone; 0 when it is not."""
        host = self._hosts.get(name)
        return max(0.0, host.rests_until - self.now()) if host else 0.0

    def _host(self, name: str) -> _Host:
        host = self._hosts.get(name)
        if host is None:
            if len(self._hosts) >= self.remembered:
                self._forget()
            host = self._hosts[name] = _Host(asyncio.Semaphore(self.at_once_a_host))
        return host

    def _forget(self) -> None:
        """Makes room: those of whom nothing is to be kept, then those known longest."""
        now = self.now()
        for name in [name for name, host in self._hosts.items() if host.forgettable(now)]:
            del self._hosts[name]
        idle = [name for name, host in self._hosts.items() if host.idle()]
        for name in idle[: max(0, len(self._hosts) - self.remembered // 2)]:
            del self._hosts[name]


@dataclass(slots=True)
class _Place:
    """Holds a place. A class and not a generator, which takes longer at each request."""

    hosts: Hosts
    name: str

    async def __aenter__(self) -> None:
        await self.hosts.enter(self.name)

    async def __aexit__(self, *_: object) -> None:
        self.hosts.leave(self.name)
