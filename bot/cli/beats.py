"""Beats: which of the bot's work a role does again and again, and what waits for what when it starts."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.cli.rounds import Rounds
    from bot.roles import Role
    from bot.schedule import Beat

PATIENCE = 120.0
"""Seconds that the first digests wait for the first round of intake."""


def beats_of(role: Role, rounds: Rounds, stop: asyncio.Event) -> dict[str, Beat]:
    """The work of the role, by what it is called in the log; `stop` is set when all of it is to end."""
    work = _Work(role, rounds, stop)
    beats: dict[str, Beat] = {}
    if role.takes_in:
        beats["intake"] = work.take_in
    if role.reads and rounds.shares_reading:
        beats |= {"reading": work.do_jobs, "stories": work.put_together}
    elif role.reads:
        beats["reading"] = work.read
    if role.reads:
        beats["rereading"] = rounds.reread
    if rounds.shares_reading and (role.takes_in or role.reads):
        beats["jobs"] = rounds.hand_out
    if role.posts:
        beats["posting"] = work.post
    if role.takes_in and rounds.retains:
        beats["retention"] = rounds.tidy
    return beats


class _Work:
    """Rounds of which some wait for others when the process has just started."""

    def __init__(self, role: Role, rounds: Rounds, stop: asyncio.Event) -> None:
        self._rounds = rounds
        self._stop = stop
        self._taken_in, self._caught_up = asyncio.Event(), asyncio.Event()
        if not role.takes_in:
            self._taken_in.set()  # another process does, at its own time
        if not role.reads:
            self._caught_up.set()

    async def take_in(self) -> None:
        try:
            await self._rounds.take_in()
        finally:
            self._taken_in.set()
        if self._rounds.shares_reading:
            await self._rounds.offer()

    async def do_jobs(self) -> None:
        await unless(self._stop, self._rounds.do_jobs())

    async def put_together(self) -> None:
        settled = self._taken_in.is_set()
        if await self._rounds.put_together() and settled:
            self._caught_up.set()

    async def read(self) -> None:
        # By itself, for much may wait to be read, and feeds are asked all the same.
        await self._taken_in.wait()
        try:
            await self._rounds.read()
        finally:
            self._caught_up.set()

    async def post(self) -> None:
        # A digest that became due while we were away tells what was published meanwhile.
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await self._caught_up.wait()
        self._caught_up.set()  # what waits any longer is told with a later digest
        # Who takes over posts at once, and not with a beat to come.
        if await unless(self._stop, self._rounds.may_post()):
            await self._rounds.deliver()


async def unless(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Waits for it; where that is stopped before, it is cancelled, and the answer is False."""
    both = [asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())]
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in both:
            one.cancel()
        await asyncio.gather(*both, return_exceptions=True)
    return not stop.is_set()
