"""A process that answers look-ups for another one, which is connected to the platforms; `bot.apart` begins and asks it."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import sys
import traceback
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog

from bot.apart import BEAT, BEATS_EVERY, READY, Failure, Place, Wire
from bot.cli.allocation import give_memory_back, giving_holes_back
from bot.cli.turns import take_short_turns
from bot.cli.warming import draw, leave_out_what_stays
from news.errors import AttacheError

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from bot.apart import Question
    from bot.repositories import Store

_CONNECTIONS = 8
"""To the database, at most: more questions at one time would only take turns."""


@dataclass(frozen=True, slots=True)
class _At:
    """The clock of who asks."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


def main() -> None:
    """Answers what comes through the socket whose number it is given, until that is closed."""
    gc.disable()  # collecting halfway would take longer with each library
    for number in (
        signal.SIGINT,
        signal.SIGTERM,
    ):  # whoever stops all of us: it ends with who asks it, and not before
        signal.signal(number, signal.SIG_IGN)
    give_memory_back()
    take_short_turns()
    asyncio.run(_work(socket.socket(fileno=int(sys.argv[1]))))


async def _work(end: socket.socket) -> None:
    wire = await Wire.over(end)
    try:
        _load()
        await _serve(wire, await wire.receive())
    except AttacheError as error:
        structlog.get_logger("attache").warning("look-ups are not answered apart", error=str(error))
        sys.exit(1)
    except EOFError:  # it was never needed
        return


def _load() -> None:
    """Loads what it needs."""
    import bot.desk
    import bot.logs
    import bot.pictures.positions  # noqa: F401
    import storage.unit_of_work
    import storage.upgrade  # noqa: F401


async def _serve(wire: Wire, place: Place) -> None:
    """Answers until nobody asks any more. Raises StoreError."""
    from bot.logs import set_up_logs
    from storage.engine import open_store

    set_up_logs(place.log_level, place.log_format, place.secrets)
    async with AsyncExitStack() as stack:
        if place.sentry_dsn is not None:
            from bot.operations.reporting import reporting

            await stack.enter_async_context(reporting(place.sentry_dsn, place.secrets))
        await draw()
        opening = open_store(place.database_url, create=False, connections=_CONNECTIONS)
        store = await stack.enter_async_context(opening)
        await stack.enter_async_context(giving_holes_back())
        leave_out_what_stays()
        gc.enable()
        wire.send(READY)
        try:
            await answer_each(wire, store)
        except EOFError:
            # At once: nobody waits for what it is still at, and it only reads.
            os._exit(0)


async def answer_each(wire: Wire, store: Store) -> None:
    """Answers each question by itself, also while others are answered. Raises EOFError once nobody asks any more."""
    at_it: dict[int, asyncio.Task[None]] = {}
    beating = asyncio.create_task(_beat(wire, at_it))
    try:
        while True:
            number, question = await wire.receive()
            if question is not None:
                task = asyncio.create_task(_answered(wire, store, number, question))
                at_it[number] = task
                task.add_done_callback(partial(_done, at_it, number))
            elif number in at_it:  # it is given up
                at_it[number].cancel()
    finally:
        beating.cancel()


async def _beat(wire: Wire, at_it: Collection[int]) -> None:
    """Says now and then that it is at what it was asked."""
    while True:
        await asyncio.sleep(BEATS_EVERY)
        if at_it:
            wire.send(BEAT)


def _done(at_it: dict[int, asyncio.Task[None]], number: int, _: asyncio.Task[None]) -> None:
    del at_it[number]


async def _answered(wire: Wire, store: Store, number: int, question: Question) -> None:
    try:
        try:
            wire.send((number, await _look_up(store, question)))
        except AttacheError as error:
            wire.send((number, Failure(error)))
    except Exception:  # noqa: BLE001 - it is told of where it was asked
        wire.send((number, Failure(None, traceback.format_exc())))


async def _look_up(store: Store, question: Question) -> Any:  # noqa: ANN401
    from bot.desk import FrontDesk

    nobody: Any = None  # neither feeds nor articles are read for a look-up
    desk = FrontDesk(store, nobody, nobody, _At(question.now))
    with structlog.contextvars.bound_contextvars(**question.ids):
        return await desk.answer(question.workspace, question.channel, question.command, question.options)


if __name__ == "__main__":
    main()
