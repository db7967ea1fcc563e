"""Socket Mode of a fake Slack: sockets, envelopes that are acknowledged or come again, and partings."""

from __future__ import annotations

import asyncio
import json
import uuid
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.slack.places import APP
from tests.slack.web_api import Call

_CLOSING = ("link_disabled", "too_many_websockets")
"""Reasons with which Slack closes a socket at once."""
_BROUGHT_AGAIN = "events_api"
"""The kind of envelope that Slack keeps while no socket is open.

What somebody typed or pressed fails (`dispatch_failed`) and never reaches the app: that no connection is one cause of it says a
maintainer on bolt-js #2216, and that nothing of it came later was seen on node-slack-sdk #1357. That it fails at once is our reading.
"""


@dataclass
class Ack:
    """An acknowledgement: what came with it, if anything, and the seconds that it took."""

    payload: dict | None
    took: float
    by: int = 0
    """The number of the socket that it came over; 0 where it came over HTTP."""


@dataclass
class Envelope:
    """Something that happened, on its way to the app."""

    kind: str
    payload: dict
    accepts_payload: bool
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    sent_to: list[int] = field(default_factory=list)
    sent_at: float = 0
    acks: list[Ack] = field(default_factory=list)
    given_up: bool = False

    def frame(self) -> dict:
        frame = {
            "envelope_id": self.id, "type": self.kind, "payload": self.payload,
            "accepts_response_payload": self.accepts_payload,
        }  # fmt: skip
        if self.kind == "events_api" or len(self.sent_to) > 1:
            again = len(self.sent_to) - 1
            frame |= {"retry_attempt": again, "retry_reason": "timeout" if again else ""}
        return frame


@dataclass
class Socket:
    """One connection of the app's."""

    number: int
    socket: web.WebSocketResponse
    transport: asyncio.Transport | None
    retiring: bool = False
    """Whether it was told to go."""
    pings: int = 0

    @property
    def open(self) -> bool:
        return not self.socket.closed and self.transport is not None and not self.transport.is_closing()


class SocketMode:
    """Where the app listens; a part of `FakeSlack`."""

    def __init__(self) -> None:
        super().__init__()
        self.sockets: list[Socket] = []
        """All that ever were, oldest first; their numbers count from 1."""
        self.connections: list[tuple[str, int]] = []
        """`opened`, `closed` and `let go` (told to go), each with the number of the socket, in order."""
        self.envelopes: list[Envelope] = []
        self.stray_acks: list[dict] = []
        """Acknowledgements of envelopes that are not known: of those that `send_raw` sent."""
        self._tickets: set[str] = set()
        self._tasks: set[asyncio.Task] = set()

    def socket_routes(self) -> list[web.RouteDef]:
        return [web.get("/link", self._linked)]

    @property
    def listening(self) -> list[Socket]:
        """The sockets that take envelopes, newest last."""
        return [socket for socket in self.sockets if socket.open and not socket.retiring]

    @property
    def has_socket(self) -> bool:
        """Whether any is open; one that was told to go still counts."""
        return any(socket.open for socket in self.sockets)

    async def connected(self, times: int = 1) -> None:
        """Waits until so many sockets have been opened, and the newest is still open."""
        await self.until(lambda: len(self.sockets) >= times and self.sockets[-1].open)

    # partings

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tells the newest socket to go: `warning` and `refresh_requested` leave it open until `close_socket`."""
        going = self.sockets[-1]
        going.retiring = True
        self.connections.append(("let go", going.number))
        await going.socket.send_json(
            {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-on-loopback"}}
        )
        if reason in _CLOSING:
            await going.socket.close()

    async def close_socket(self, number: int = -1) -> None:
        """Closes a socket in order; the newest, or the one with this number."""
        await self.sockets[number - 1 if number > 0 else number].socket.close()

    def abort(self) -> None:
        """Breaks the newest socket off without a word."""
        if self.sockets[-1].transport is not None:
            self.sockets[-1].transport.abort()

    async def send_raw(self, frame: str) -> None:
        """Any text at all, over the newest socket: a malformed envelope, say."""
        await self.sockets[-1].socket.send_str(frame)

    async def settle(self) -> None:
        """Closes what is left."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for each in self.sockets:
            await each.socket.close()

    # connections

    def _open_connection(self, call: Call, _: None) -> dict:
        ticket = str(uuid.uuid4())
        self._tickets.add(ticket)
        return {"url": f"{self.url.replace('http', 'ws')}/link?ticket={ticket}&app_id={APP}"}

    async def _linked(self, request: web.Request) -> web.StreamResponse:
        if request.query.get("ticket") not in self._tickets:
            return web.Response(status=401)
        self._tickets.remove(request.query["ticket"])  # an address is good once
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        own = Socket(len(self.sockets) + 1, socket, request.transport)
        await self._greet(own)
        try:
            async for frame in socket:
                await self._heard(own, frame)
        finally:
            self.connections.append(("closed", own.number))
            self.changed()
        return socket

    async def _greet(self, own: Socket) -> None:
        others = len([each for each in self.sockets if each.open])
        self.sockets.append(own)
        self.connections.append(("opened", own.number))
        await own.socket.send_json(
            {
                "type": "hello", "num_connections": others + 1, "connection_info": {"app_id": APP},
                "debug_info": {"host": "applink-on-loopback", "build_number": 1, "approximate_connection_time": 18060},
            }
        )  # fmt: skip
        if others >= self.knobs.most_sockets:
            await self.disconnect("too_many_websockets")
        self.changed()

    async def _heard(self, own: Socket, frame) -> None:
        if frame.type is WSMsgType.PING:
            own.pings += 1
            self.changed()
            if not self.knobs.withhold_pongs:
                await own.socket.pong(frame.data)
        elif frame.type is WSMsgType.TEXT:
            answer = json.loads(frame.data)
            envelope = next((each for each in self.envelopes if each.id == answer.get("envelope_id")), None)
            now = asyncio.get_running_loop().time()
            if envelope is None:
                self.stray_acks.append(answer)
            else:
                envelope.acks.append(Ack(answer.get("payload"), now - envelope.sent_at, own.number))
            self.changed()

    # envelopes

    def deliver(self, kind: str, payload: dict, *, accepts_payload: bool = False) -> Envelope:
        """Sends something that happened, and sends it again where that is due; returns at once."""
        envelope = Envelope(kind, payload, accepts_payload)
        self.envelopes.append(envelope)
        way = self._send_over_http if self.request_url else self._send
        task = asyncio.get_running_loop().create_task(way(envelope))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return envelope

    async def acknowledged(self, envelope: Envelope) -> Ack | None:
        """The acknowledgement, once it is there; None where there came none."""
        await self.until(lambda: envelope.acks or envelope.given_up)
        return envelope.acks[0] if envelope.acks else None

    async def _send(self, envelope: Envelope) -> None:
        repeat = False
        for _ in range(2):
            if self._is_refused(envelope):
                break
            if not envelope.sent_to:
                repeat = self.knobs.repeat_envelopes > 0
                self.knobs.repeat_envelopes -= repeat
            try:
                async with asyncio.timeout(self.knobs.acknowledge_within):
                    socket = await self.until(lambda: self._next_for(envelope) or self._is_refused(envelope))
                    if not isinstance(socket, Socket):
                        break
                    await self._put(envelope, socket, times=1 + repeat)
                    await self.until(lambda s=socket: envelope.acks or not s.open)
            except (TimeoutError, ConnectionError):
                pass
            if envelope.acks:
                return
        self._give_up(envelope)

    def _is_refused(self, envelope: Envelope) -> bool:
        """What is on its way already comes again; Slack's own way with that is not known."""
        if envelope.kind == _BROUGHT_AGAIN or envelope.sent_to:
            return False
        return not self.has_socket

    def _give_up(self, envelope: Envelope) -> None:
        envelope.given_up = True
        self.changed()

    def _next_for(self, envelope: Envelope) -> Socket | None:
        """A socket that had it not yet, or else any that listens."""
        listening = self.listening
        fresh = [each for each in listening if each.number not in envelope.sent_to]
        return (fresh or listening or [None])[-1]

    async def _put(self, envelope: Envelope, socket: Socket, *, times: int) -> None:
        envelope.sent_to.append(socket.number)
        envelope.sent_at = asyncio.get_running_loop().time()
        for _ in range(times):
            await socket.socket.send_json(envelope.frame())
        self.changed()
