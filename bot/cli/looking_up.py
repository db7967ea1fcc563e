"""A process that answers look-ups for another one, which is connected to the platforms; `bot.apart` begins and asks it."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import sys
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog

from bot.apart import READY, Failure, Place, Wire
from bot.cli.allocation import give_memory_back, giving_holes_back
from bot.cli.serve import TURN
from bot.cli.warming import draw, leave_out_what_stays
from news.errors import AttacheError

if TYPE_CHECKING:
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
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    give_memory_back()
    sys.setswitchinterval(TURN)
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
    await draw()
    opening = open_store(place.database_url, create=False, connections=_CONNECTIONS)
    async with opening as store, giving_holes_back():
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

    async def answered(number: int, question: Question) -> None:
        try:
            await _answered(wire, store, number, question)
        finally:
            del at_it[number]

    while True:
        number, question = await wire.receive()
        if question is not None:
            at_it[number] = asyncio.create_task(answered(number, question))
        elif number in at_it:  # it is given up
            at_it[number].cancel()


async def _answered(wire: Wire, store: Store, number: int, question: Question) -> None:
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
