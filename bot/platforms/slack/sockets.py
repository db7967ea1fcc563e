"""Socket Mode: one socket is always there to listen, and the next one opens before an old one goes.

The library's own client closes the old socket first, and tries an address that was used up again for ever; what has
arrived on a socket that goes must be acknowledged on that socket.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError

from bot.platforms.slack.failures import kind_of
from news.errors import DeliveryError

log = structlog.get_logger(__name__)

LONGEST_PAUSE = 60.0
LINGER = 60.0
"""Seconds for which a socket that was told to go may stay: Slack closes it some seconds after it says so."""
DRAINED_IN = 3.0
"""Seconds: as long as Slack waits for an acknowledgement."""
_LONGEST_HELLO = 30.0
_CLOSES_IN = 2.0
_LARGEST = 16 * 1024 * 1024
"""Bytes of an envelope; forms and messages are far smaller."""
_WELL = 2
"""A socket that lasted so many times the pause was well: people wait meanwhile, and it is followed by another at once."""
_CLOSED = "closed"
"""Why a socket ended that nobody told to go."""
_ORDERLY = frozenset({"warning", "refresh_requested"})
"""Reasons for which Slack asks for another socket while the old one still works."""

Envelope = dict[str, Any]
Answering = Callable[[Envelope], Awaitable[Mapping[str, Any] | None]]
"""What is done with an envelope: its acknowledgement, or None where there is to be none."""


@dataclass(slots=True)
class _Socket:
    """One connection."""

    web: aiohttp.ClientWebSocketResponse
    greeted: asyncio.Event
    leaving: asyncio.Event
    """Set once it was told to go, or is closed."""
    why: str = _CLOSED
    well: bool = False
    """Whether Slack said hello on it, and it is not gone."""


class Sockets:
    """Listens until it is cancelled; before that, `drain` lets it say what it still has to."""

    def __init__(
        self,
        address: Callable[[], Awaitable[str]],
        answering: Answering,
        session: aiohttp.ClientSession,
        *,
        pause: float = 1.0,
        deaf_after: float = 30.0,
        proxy: str | None = None,
        heard_on: Callable[[int], None] = lambda _: None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`address` asks Slack for an address, good once. A socket on which nothing has come for `deaf_after` seconds
        is given up; `pause` is how many seconds to wait, at first, before a broken one is followed by another.
        `proxy` is the address of one, where Slack is only reached through it. `heard_on` is told how many sockets are
        heard on, whenever that changes."""
        self._address = address
        self._answering = answering
        self._session = session
        self._pause = pause
        self._deaf_after = deaf_after
        self._proxy = proxy
        self._sleep = sleep
        self._tell = heard_on
        self._heard_on = 0
        self._answers: set[asyncio.Task[None]] = set()

    async def stay_connected(self, first: str | None = None) -> None:
        """Never returns. `first` is an address to begin with. Raises DeliveryError where Slack lets us in no more."""
        failure: BaseException | None = None
        try:
            async with asyncio.TaskGroup() as hearing:
                await self._keep(hearing, first)
        except* DeliveryError as failures:
            failure = failures.exceptions[0]
        if failure is not None:
            raise failure

    async def drain(self, limit: float = DRAINED_IN) -> None:
        """Waits, at most so many seconds, until everything that was heard so far is acknowledged."""
        if not self._answers:
            return
        _, late = await asyncio.wait(self._answers, timeout=limit)
        if late:
            log.warning("slack envelopes left without an acknowledgement", count=len(late))

    async def _keep(self, hearing: asyncio.TaskGroup, address: str | None) -> None:
        clock = asyncio.get_running_loop()
        wait = self._pause
        while True:
            begun = clock.time()
            why, hopeful = await self._listen(hearing, address)
            address, lasted = None, clock.time() - begun
            if (hopeful and lasted > self._pause) or (why == _CLOSED and lasted > _WELL * self._pause):
                wait = self._pause
                log.info("slack connection ended, connecting again", reason=why)
                continue
            if lasted > LONGEST_PAUSE:  # it had been well: this is a new trouble
                wait = self._pause
            log.warning("slack connection broke, connecting again", reason=why, seconds=wait)
            await self._sleep(wait)
            wait = min(wait * 2, LONGEST_PAUSE)

    async def _listen(self, hearing: asyncio.TaskGroup, address: str | None) -> tuple[str, bool]:
        """Until the next socket is needed: why, and whether to open it at once."""
        try:
            socket = await self._open(hearing, address)
        except DeliveryError as error:
            if error.permanent:
                raise
            return str(error), False
        except (SlackClientError, aiohttp.ClientError, OSError, ValueError) as error:
            return kind_of(error), False  # its words have the address, and with it the ticket
        await socket.leaving.wait()
        return socket.why, socket.why in _ORDERLY

    async def _open(self, hearing: asyncio.TaskGroup, address: str | None) -> _Socket:
        """A socket on which Slack said hello."""
        url = address or await self._address()
        closing = aiohttp.ClientWSTimeout(ws_close=_CLOSES_IN)
        web = await self._session.ws_connect(
            url,
            heartbeat=self._deaf_after,
            max_msg_size=_LARGEST,
            timeout=closing,
            proxy=self._proxy,
        )
        socket = _Socket(web, asyncio.Event(), asyncio.Event())
        hearing.create_task(self._hear(socket))
        with suppress(TimeoutError):
            async with asyncio.timeout(_LONGEST_HELLO):
                await socket.greeted.wait()
                return socket
        await web.close()
        raise aiohttp.ClientError("nobody said hello")

    async def _hear(self, socket: _Socket) -> None:
        """Everything that comes on one socket, until it is closed."""
        try:
            async with asyncio.TaskGroup() as answers, asyncio.timeout(None) as limit:
                async for frame in socket.web:
                    if frame.type is aiohttp.WSMsgType.TEXT:
                        self._heard(socket, frame.data, answers, limit)
                self._gone(socket)  # at once, for what is still being answered may take long
        except* TimeoutError:
            log.info("slack left a socket open that it told to go")
        finally:
            self._gone(socket)
            await socket.web.close()

    def _gone(self, socket: _Socket) -> None:
        """Nothing more is heard on it: the next one is needed."""
        if socket.well:
            socket.well = False
            self._count(-1)
        socket.greeted.set()
        socket.leaving.set()

    def _heard(self, socket: _Socket, text: str, answers: asyncio.TaskGroup, limit: asyncio.Timeout) -> None:
        try:
            envelope = json.loads(text)
        except ValueError:
            envelope = None
        match envelope:
            case {"type": "hello"}:
                log.info("slack connected", sockets=envelope.get("num_connections"))
                if not socket.well:
                    socket.well = True
                    self._count(+1)
                socket.greeted.set()
            case {"type": "disconnect"}:
                socket.why = str(envelope.get("reason", "disconnect"))
                limit.reschedule(asyncio.get_running_loop().time() + LINGER)
                if socket.why == "link_disabled":
                    log.error("slack has turned Socket Mode off: turn it on in the app's settings")
                socket.leaving.set()
            case {"envelope_id": str(), "payload": dict(), "type": str()}:
                task = answers.create_task(self._answer(socket, envelope))
                self._answers.add(task)
                task.add_done_callback(self._answers.discard)
            case _:
                log.warning("slack sent something that is no envelope", length=len(text))

    def _count(self, change: int) -> None:
        self._heard_on += change
        self._tell(self._heard_on)

    async def _answer(self, socket: _Socket, envelope: Envelope) -> None:
        try:
            answer = await self._answering(envelope)
            if answer is not None:
                await socket.web.send_json({"envelope_id": envelope["envelope_id"], **answer})
        except (aiohttp.ClientError, OSError, RuntimeError) as error:
            log.warning("slack envelope not acknowledged", type=envelope["type"], error=kind_of(error))
        except Exception:  # one envelope must not end the others
            log.exception("slack envelope failed", type=envelope["type"])
