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
    taken_in, caught_up = asyncio.Event(), asyncio.Event()
    if not role.takes_in:
        taken_in.set()  # another process does, at its own time
    if not role.reads:
        caught_up.set()

    async def intake() -> None:
        try:
            await rounds.take_in()
        finally:
            taken_in.set()
        if rounds.shares_reading:
            await rounds.offer()

    async def jobs() -> None:
        await unless(stop, rounds.do_jobs())

    async def stories() -> None:
        settled = taken_in.is_set()
        if await rounds.put_together() and settled:
            caught_up.set()

    async def reading() -> None:
        # By itself, for much may wait to be read, and feeds are asked all the same.
        await taken_in.wait()
        try:
            await rounds.read()
        finally:
            caught_up.set()

    async def posting() -> None:
        # A digest that became due while we were away tells what was published meanwhile.
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await caught_up.wait()
        caught_up.set()  # what waits any longer is told with a later digest
        # Who takes over posts at once, and not with a beat to come.
        if await unless(stop, rounds.may_post()):
            await rounds.deliver()

    beats: dict[str, Beat] = {}
    if role.takes_in:
        beats["intake"] = intake
    if role.reads and rounds.shares_reading:
        beats |= {"reading": jobs, "stories": stories}
    elif role.reads:
        beats["reading"] = reading
    if role.reads:
        beats["rereading"] = rounds.reread
    if rounds.shares_reading and (role.takes_in or role.reads):
        beats["jobs"] = rounds.hand_out
    if role.posts:
        beats["posting"] = posting
    if role.takes_in and rounds.retains:
        beats["retention"] = rounds.tidy
    return beats


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
