"""Look-ups apart: questions are answered in processes of their own, while this one hears the platforms and posts.

Python runs one thread at a time. A digest takes it for a good part of a tenth of a second, in turns with all else that the
process does, and so everybody's answers came later by as much.
"""

from __future__ import annotations

import asyncio
import pickle
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, Final

import structlog

from bot.ports import Away
from news.errors import AttacheError

if TYPE_CHECKING:
    from datetime import datetime

    from bot.messages.message import Message
    from news.channels import Channel, Workspace

log = structlog.get_logger(__name__)

PROGRAM = "bot.cli.looking_up"
"""What such a process runs."""
READY: Final = "ready"
"""What it says once it can be asked."""
BEAT: Final = "at it"
"""What it says now and then while it is asked, so that one slow answer is not taken for a process that hangs."""
BEATS_EVERY = 5.0
"""Seconds between two beats."""
PATIENCE = 30.0
"""Seconds after which a process that has said nothing, and was asked, is not believed to say anything any more."""
_BEGINS = 60.0
"""Seconds within which one that knows where the store is can be asked."""
_WAITS = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds between the end of a process and the beginning of the next, the last one again and again."""
_WELL = 60.0
"""A process that lasted so many seconds was well: the next one that ends is the first again."""
_LEAVES = 5.0
"""Seconds in which a process that is let go of ends by itself."""
_SIZE = 4
"""Bytes that tell how long what follows is."""


class Elsewhere(Exception):
    """What went wrong in another process. `str()` is its traceback."""

    def __init__(self, trace: str) -> None:
        super().__init__(f"\n{trace}")


@dataclass(frozen=True, slots=True)
class Place:
    """What a process that looks things up is told when it begins."""

    database_url: str
    log_level: str
    log_format: str
    secrets: frozenset[str]
    """What stands in none of its lines."""
    sentry_dsn: str | None = None
    """Where what it logs as an error is reported to."""


@dataclass(frozen=True, slots=True)
class Question:
    """A command that only looks something up, with its options as typed."""

    now: datetime
    workspace: Workspace
    channel: Channel
    command: str
    options: Mapping[str, str]
    ids: Mapping[str, Any]
    """What its lines in the log bear."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What no answer was made of. Where nothing but its traceback can be sent, there is no error."""

    error: AttacheError | None
    trace: str = ""


class Wire:
    """Objects to another process of this program, and from it. What it reads is believed: nobody else has its ends."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def over(cls, end: socket.socket) -> Wire:
        """By one of a pair of sockets."""
        return cls(*await asyncio.open_connection(sock=end))

    def send(self, message: object) -> None:
        """Sends it, without waiting; nothing is said of what nobody receives. Raises what pickle does."""
        body = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        self._writer.write(len(body).to_bytes(_SIZE, "big") + body)

    async def receive(self) -> Any:  # noqa: ANN401 - what was sent
        """What was sent next. Raises EOFError where nothing will come any more."""
        try:
            size = int.from_bytes(await self._reader.readexactly(_SIZE), "big")
            return pickle.loads(await self._reader.readexactly(size))
        except OSError as error:
            raise EOFError from error

    def end(self) -> None:
        """At once, whatever was sent and not received; the other end hears that nothing will come any more."""
        self._writer.transport.abort()


class LookUps:
    """Processes that answer look-ups from the store. Implements `bot.ports.LookUps`."""

    def __init__(self, processes: int) -> None:
        self._place: asyncio.Future[Place] = asyncio.get_running_loop().create_future()
        self._processes = [_Process(self._place) for _ in range(processes)]
        self._keeping: list[asyncio.Task[None]] = []

    def __len__(self) -> int:
        """How many processes there are."""
        return len(self._processes)

    async def ready(self) -> None:
        """Waits until each of them can be asked."""
        for one in self._processes:
            await one.ready.wait()

    async def answer(
        self,
        now: datetime,
        workspace: Workspace,
        channel: Channel,
        command: str,
        options: Mapping[str, str],
    ) -> Message:
        """As `bot.ports.LookUps.answer`."""
        there = [one for one in self._processes if one.ready.is_set()]
        if not there:
            raise Away
        ids = structlog.contextvars.get_contextvars()
        question = Question(now, workspace, channel, command, dict(options), ids)
        return await min(there, key=lambda one: one.asked).answer(question)

    @asynccontextmanager
    async def begun(self) -> AsyncIterator[LookUps]:
        """While the body runs there are these processes, each followed by another where it ends."""
        self._keeping = [asyncio.create_task(one.keep()) for one in self._processes]
        try:
            yield self
        finally:
            await self._end()

    @asynccontextmanager
    async def at(self, place: Place) -> AsyncIterator[None]:
        """They answer from this place, which is there for as long as the body runs: they have ended before it goes."""
        self._place.set_result(place)
        try:
            yield
        finally:
            await self._end()

    async def _end(self) -> None:
        for one in self._keeping:
            one.cancel()
        if self._keeping:
            await asyncio.wait(self._keeping)


class _Process:
    """One process after the other, as each ends, and what it was asked."""

    def __init__(self, place: asyncio.Future[Place]) -> None:
        self._place = place
        self._wire: Wire | None = None
        self._numbers = count()
        self._waiting: dict[int, asyncio.Future[Message | Failure]] = {}
        self._heard = 0.0
        """When it said something last, by the event loop's time."""
        self.ready = asyncio.Event()

    @property
    def asked(self) -> int:
        """How many questions it has not answered yet."""
        return len(self._waiting)

    async def answer(self, question: Question) -> Message:
        """The answer. Raises AttacheError, Away."""
        wire, number = self._wire, next(self._numbers)
        assert wire is not None  # it is ready
        answered: asyncio.Future[Message | Failure] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answered
        try:
            wire.send((number, question))
            found = await self._answered(wire, answered)
        except asyncio.CancelledError:
            wire.send((number, None))
            raise
        finally:
            del self._waiting[number]
        if not isinstance(found, Failure):
            return found
        if found.error is not None:
            raise found.error
        raise RuntimeError("a look-up failed") from Elsewhere(found.trace)

    async def _answered(self, wire: Wire, answered: asyncio.Future[Message | Failure]) -> Message | Failure:
        """What comes of it, for as long as the process says anything. Raises Away."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.wait({answered}, timeout=PATIENCE)
            if answered.done():
                return answered.result()
            if loop.time() - self._heard >= PATIENCE:
                # It hangs: the next one may be better.
                self.ready.clear()
                wire.end()
                raise Away

    async def keep(self) -> None:
        """Has one process after the other, until cancelled."""
        tries = 0
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            try:
                status = await self._one()
            except OSError as error:
                log.warning("no process could be started that answers look-ups", error=str(error))
            except Exception:  # what it says cannot be made sense of: perhaps it is of another version
                log.exception("a process that answers look-ups is not understood, and another begins")
            else:
                log.warning("a process that answers look-ups has ended, and another begins", status=status)
            tries = 0 if loop.time() - began > _WELL else tries + 1
            await asyncio.sleep(_WAITS[min(tries, len(_WAITS) - 1)])

    async def _one(self) -> int:
        """From the beginning of a process to its end; its exit status. Raises OSError."""
        process, ours = await _begun()
        was_ready = False
        try:
            wire = await Wire.over(ours)
            try:
                # It loads what it needs before it hears where the store is, which others may be making yet.
                wire.send(await asyncio.shield(self._place))
                await self._hear(wire)
            finally:
                was_ready = self._wire is wire
                self._gone(wire)
        except BaseException:
            await _ended(process, at_once=not was_ready)
            raise
        return await _ended(process)

    async def _hear(self, wire: Wire) -> None:
        """Until nothing will come any more."""
        loop = asyncio.get_running_loop()
        with suppress(EOFError, TimeoutError):
            async with asyncio.timeout(_BEGINS):
                if await wire.receive() != READY:
                    return
            self._wire = wire
            self.ready.set()
            while True:
                said = await wire.receive()
                self._heard = loop.time()
                if said == BEAT:
                    continue
                number, found = said
                waiting = self._waiting.get(number)
                if waiting is not None and not waiting.done():
                    waiting.set_result(found)

    def _gone(self, wire: Wire) -> None:
        """Nobody waits for it any more."""
        self.ready.clear()
        self._wire = None
        wire.end()
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(Away())


async def _begun() -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Raises OSError."""
    beginning = asyncio.ensure_future(asyncio.to_thread(_begin))
    try:
        return await asyncio.shield(beginning)
    except asyncio.CancelledError:
        with suppress(OSError):
            process, ours = await beginning  # it is there, and is to end
            ours.close()
            await _ended(process, at_once=True)
        raise


def _begin() -> tuple[subprocess.Popen[bytes], socket.socket]:
    """A process, and our end of what connects us."""
    ours, theirs = socket.socketpair()
    try:
        with theirs:
            # Away from the terminal: Ctrl-C there is for who asks it, and without that one it ends.
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", PROGRAM, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
    except BaseException:
        ours.close()
        raise
    return process, ours


async def _ended(process: subprocess.Popen[bytes], *, at_once: bool = False) -> int:
    """Its exit status, once it has ended: by itself, for it hears that we have gone, or not."""

    def wait() -> int:
        try:
            return process.wait(0 if at_once else _LEAVES)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    return await asyncio.shield(asyncio.to_thread(wait))
