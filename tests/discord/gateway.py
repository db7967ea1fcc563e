"""The gateway of a fake Discord: sessions, a shard each, events, and connections that end in every way."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.discord.payloads import APP, BOT_USER, TOKEN


@dataclass
class Session:
    """One shard's session: what was sent in it, and its connection while there is one."""

    id: str
    shard: tuple[int, int] | None
    socket: web.WebSocketResponse | None = None
    sent: list[dict] = field(default_factory=list)

    @property
    def connected(self) -> bool:
        return self.socket is not None and not self.socket.closed

    async def send(self, event: str, data: dict) -> None:
        """An event; kept, and sent once the session is resumed, while nobody listens."""
        frame = {"op": 0, "t": event, "s": len(self.sent) + 1, "d": data}
        self.sent.append(frame)
        if self.connected:
            with suppress(ConnectionError):  # it is closing just now: sent again when the session is resumed
                await self.socket.send_json(frame)

    async def resume(self, socket: web.WebSocketResponse, seen: int) -> None:
        self.socket = socket
        for frame in self.sent[seen:]:
            await socket.send_json(frame)
        await self.send("RESUMED", {})


class Gateway:
    """Where the bot listens; a part of `FakeDiscord`."""

    def __init__(self) -> None:
        super().__init__()
        self.identified = asyncio.Event()
        self.identities: list[dict] = []
        self.connections = 0
        self.sessions: list[Session] = []
        self.resumed = 0
        self._another = asyncio.Event()
        self._sockets: list[web.WebSocketResponse] = []
        self._transports: list[asyncio.Transport] = []

    def gateway_routes(self) -> list[web.RouteDef]:
        return [web.get("/gateway", self._gateway)]

    async def have_identified(self, times: int) -> None:
        """Waits until the gateway was asked to begin so many sessions."""
        async with asyncio.timeout(10):
            while len(self.identities) < times:
                await self._another.wait()
                self._another.clear()

    async def dispatch(self, event: str, data: dict) -> None:
        """An event to the bot, as soon as it has a session; to the shard that its guild is in."""
        async with asyncio.timeout(10):
            await self.identified.wait()
        await self._session_of(int(data.get("guild_id") or 0)).send(event, data)

    def _session_of(self, guild: int) -> Session:
        """The newest one of the guild's shard."""
        of_shard = {
            session.shard: session
            for session in self.sessions
            if session.shard is None or (guild >> 22) % session.shard[1] == session.shard[0]
        }
        return list(of_shard.values())[-1]

    async def hang_up(self, code: int) -> None:
        """Closes the newest gateway connection."""
        await self._sockets[-1].close(code=code)

    async def abort(self, request_of: int = -1) -> None:
        """Breaks the newest gateway connection off without a word."""
        self._transports[request_of].abort()

    async def tell_gateway(self, op: int, data: object = None) -> None:
        """An opcode to the newest connection: 7 asks for a new one, 9 ends the session."""
        await self._sockets[-1].send_json({"op": op, "d": data})

    async def settle(self) -> None:
        """Closes what is left of the gateway."""
        for socket in self._sockets:
            await socket.close()

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.connections += 1
        self._sockets.append(socket)
        self._transports.append(request.transport)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": self.knobs.heartbeat_ms}})
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                break
            await self._heard(socket, json.loads(frame.data))
        return socket

    async def _heard(self, socket: web.WebSocketResponse, frame: dict) -> None:
        match frame["op"]:
            case 1 if not self.knobs.withhold_acks:
                await socket.send_json({"op": 11})
            case 2 if frame["d"]["token"] != TOKEN:
                await socket.close(code=4004)
            case 2:
                self.identities.append(frame["d"])
                shard = frame["d"].get("shard")
                session = Session(f"session-{next(self._numbers)}", tuple(shard) if shard else None, socket)
                self.sessions.append(session)
                await session.send("READY", self._ready(session))
                self.identified.set()
                self._another.set()
            case 6:
                await self._resume(socket, frame["d"])

    async def _resume(self, socket: web.WebSocketResponse, asked: dict) -> None:
        known = [session for session in self.sessions if session.id == asked["session_id"]]
        if self.knobs.forget_sessions or not known:
            self.knobs.forget_sessions = max(0, self.knobs.forget_sessions - 1)
            await socket.send_json({"op": 9, "d": False})
            return
        self.resumed += 1
        await known[0].resume(socket, asked["seq"])
        self.identified.set()

    def _ready(self, session: Session) -> dict:
        guilds = [{"id": "42", "unavailable": True}] if not session.shard or session.shard[0] == 0 else []
        return {
            "v": 10, "user": BOT_USER, "guilds": guilds, "session_id": session.id,
            "resume_gateway_url": self.gateway_url, "application": {"id": str(APP), "flags": 0},
            **({"shard": list(session.shard)} if session.shard else {}),
        }  # fmt: skip
