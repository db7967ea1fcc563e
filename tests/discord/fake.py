"""A Discord on loopback, true to what the bot needs of it: REST, gateway, and knobs that make it fail."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

from aiohttp import WSMsgType, web

from tests.discord.places import NO_TEXT_CHANNEL, REQUIRES_TAG, UNKNOWN_CHANNEL, Places

APP = 5000000000000000001
TOKEN = "a.good.token"
DISCORD_EPOCH = 1420070400000
EPHEMERAL = 64
_OPTION_TYPES = {str: 3, int: 4, bool: 5}
BOT_USER = {"id": str(APP), "username": "attache", "discriminator": "0", "avatar": None, "bot": True}


def _user(number: int) -> dict:
    return {"id": str(number), "username": "reader", "discriminator": "0", "avatar": None}


def _member(number: int) -> dict:
    return {"user": _user(number), "roles": [], "permissions": "0", "joined_at": None, "flags": 0}


def snowflake(milliseconds: float, number: int = 0) -> int:
    """An id that was given out at that Unix time."""
    return ((int(milliseconds) - DISCORD_EPOCH) << 22) + number


def breaches(payload: dict) -> list[str]:
    """Which of Discord's limits a message breaks; counted here anew, in UTF-16."""

    def size(text: str | None) -> int:
        return len((text or "").encode("utf-16-le")) // 2

    embeds = payload.get("embeds") or []
    found = []
    total = 0
    for embed in embeds:
        parts = {"title": 256, "description": 4096}
        sizes = {name: size(embed.get(name)) for name in parts}
        sizes["footer"] = size((embed.get("footer") or {}).get("text"))
        total += sum(sizes.values())
        found += [name for name, limit in {**parts, "footer": 2048}.items() if sizes[name] > limit]
        if not (embed.get("title") or embed.get("description") or "").strip():
            found.append("empty embed")
    if total > 6000:
        found.append("total")
    if len(embeds) > 10:
        found.append("embeds")
    if size(payload.get("content")) > 2000:
        found.append("content")
    if not embeds and not (payload.get("content") or "").strip():
        found.append("empty message")
    buttons = [each for row in payload.get("components") or [] for each in row.get("components") or []]
    ids = [button.get("custom_id") or "" for button in buttons]
    if len(ids) != len(set(ids)) or any(not 0 < size(each) <= 100 for each in ids):
        found.append("custom id")
    if any(not 0 < size(button.get("label")) <= 80 for button in buttons) or len(buttons) > 25:
        found.append("button")
    if size(payload.get("nonce")) > 25:
        found.append("nonce")
    return found


@dataclass(frozen=True)
class Shown:
    """A message that the one who asked sees."""

    payload: dict
    private: bool

    @property
    def embeds(self) -> list[dict]:
        return self.payload.get("embeds") or []

    @property
    def buttons(self) -> dict[str, str]:
        """The ids of the buttons under it, by their labels."""
        rows = self.payload.get("components") or []
        return {each["label"]: each["custom_id"] for row in rows for each in row["components"]}


@dataclass
class Asked:
    """One interaction, and what was made of it."""

    id: int
    token: str
    expired: bool = False
    """Whether Discord knows it no more by the time it is acknowledged."""
    deferred: bool = False
    defer_private: bool = False
    taken_back: bool = False
    in_place: bool = False
    """Whether the message that a button is on is to be changed."""
    callbacks: int = 0
    by: int = 77
    """Who asks."""
    answers: list[Shown] = field(default_factory=list)
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    acknowledged: asyncio.Event = field(default_factory=asyncio.Event)

    def show(self, payload: dict, *, private: bool) -> None:
        self.answers.append(Shown(payload, private))
        self.answered.set()

    async def answer(self) -> Shown:
        async with asyncio.timeout(10):
            await self.answered.wait()
        return self.answers[-1]


@dataclass
class Knobs:
    """What goes wrong, and how often."""

    refuse_posts: list[int] = field(default_factory=list)
    """Statuses of the next posts, one each; 0 for one that is taken."""
    full_for: float = 0
    """Seconds for which channels take no posts."""
    drop_before_storing: int = 0
    drop_after_storing: int = 0
    hide_history: bool = False
    refuse_history: int = 0
    refuse_commands: int = 0
    garble_log_in: bool = False
    shards: int = 1
    """How many Discord recommends."""
    withhold_acks: bool = False
    heartbeat_ms: int = 45000
    forget_sessions: int = 0
    """How often a session that is to be resumed is known no more."""
    acknowledge_twice: int = 0
    """How many interactions were acknowledged already when the bot does it."""


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
            await self.socket.send_json(frame)

    async def resume(self, socket: web.WebSocketResponse, seen: int) -> None:
        self.socket = socket
        for frame in self.sent[seen:]:
            await socket.send_json(frame)
        await self.send("RESUMED", {})


class FakeDiscord(Places):
    """The whole of it; made by `running`."""

    def __init__(self) -> None:
        super().__init__()
        self.knobs = Knobs()
        self.messages: dict[int, list[dict]] = {}
        self.uploads: dict[str, bytes] = {}
        """Files that somebody gives to a command, by name; one whose content is empty does not come."""
        self.post_attempts: list[dict] = []
        self.commands: list[dict] = []
        self.asked: dict[str, Asked] = {}
        self.nonce_lasts: float | None = None
        """Seconds for which a nonce is known; None for ever."""
        self.identified = asyncio.Event()
        self.identities: list[dict] = []
        self.connections = 0
        self.url = ""
        self.sessions: list[Session] = []
        self.resumed = 0
        self._another = asyncio.Event()
        self._sockets: list[web.WebSocketResponse] = []
        self._transports: list[asyncio.Transport] = []
        self._numbers = count(1)

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/v10"

    @property
    def gateway_url(self) -> str:
        return self.url.replace("http", "ws") + "/gateway"

    def new_id(self) -> int:
        return snowflake(time.time() * 1000, next(self._numbers))

    def add_message(self, channel: int, *, author: dict | None = None, at: float | None = None) -> dict:
        """Somebody else's message."""
        author = author or {"id": "77", "username": "reader", "discriminator": "0", "avatar": None}
        stamp = snowflake(at * 1000, next(self._numbers)) if at else self.new_id()
        message = self._message(stamp, channel, {"content": "hello"}, author)
        self.messages.setdefault(channel, []).append(message)
        return message

    def store(self, channel: int, payload: dict, *, number: int | None = None) -> dict:
        """A message of the bot's."""
        message = self._message(number or self.new_id(), channel, payload, BOT_USER)
        self.messages.setdefault(channel, []).append(message)
        return message

    # What Discord sends by itself

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

    async def press(
        self,
        shown: Shown,
        label: str,
        *,
        user: int = 77,
        asker: int | None = 77,
        custom_id: str | None = None,
    ) -> Asked:
        """Somebody presses a button of an answer that `asker` asked for; `custom_id` forges another."""
        asked = Asked(self.new_id(), f"token-{next(self._numbers)}", by=user)
        self.asked[asked.token] = asked
        message = self._message(self.new_id(), 9, shown.payload, BOT_USER)
        pressed = shown.buttons[label] if custom_id is None else custom_id
        if custom_id is not None:
            button = {"type": 2, "style": 2, "label": label, "custom_id": custom_id}
            message["components"] = [{"type": 1, "components": [button]}]
        if asker is not None:
            message["interaction_metadata"] = {
                "id": "1", "type": 2, "user": _user(asker), "authorizing_integration_owners": {},
            }  # fmt: skip
        await self.dispatch(
            "INTERACTION_CREATE",
            {
                "id": str(asked.id), "type": 3, "token": asked.token, "version": 1, "message": message,
                "data": {"component_type": 2, "custom_id": pressed}, "application_id": str(APP),
                "attachment_size_limit": 1000, "guild_id": "42", "guild": {"id": "42"},
                "channel": {"id": "9", "type": 0, "name": "news", "position": 0}, "member": _member(user),
            },
        )  # fmt: skip
        return asked

    async def type(
        self, command: str, option: str, typed: str, *, guild: int | None = 42
    ) -> list[tuple[str, str]]:
        """Somebody types an option of a command; what is offered, by name and value."""
        asked = await self.ask(command, {option: typed}, guild=guild, focused=option)
        offered = (await asked.answer()).payload["choices"]
        assert len(offered) <= 25
        assert all(0 < len(text.encode("utf-16-le")) // 2 <= 100 for one in offered for text in one.values())
        return [(one["name"], one["value"]) for one in offered]

    async def ask(
        self,
        command: str,
        options: dict | None = None,
        *,
        guild: int | None = 42,
        expired: bool = False,
        focused: str | None = None,
    ) -> Asked:
        """Somebody types a command, or is still typing the `focused` option of it, in channel 9 of a guild or in a direct message.

        `command` is the name; of a command in a group, the group's name and its own. An option that is bytes
        is a file.
        """
        asked = Asked(self.new_id(), f"token-{next(self._numbers)}", expired)
        self.asked[asked.token] = asked
        user = _user(77)
        channel: dict = {"id": "9", "type": 0 if guild else 1, "name": "news", "position": 0}
        who: dict = {"user": user}
        if guild:
            who = {"member": _member(77)}
            who |= {"guild_id": str(guild), "guild": {"id": str(guild)}}
        else:
            channel["recipients"] = [user]
        typed = [
            {"name": name, "type": _OPTION_TYPES[type(value)], "value": value}
            for name, value in (options or {}).items()
            if not isinstance(value, bytes)
        ]
        for option in typed:
            option |= {"focused": True} if option["name"] == focused else {}
        files = {name: value for name, value in (options or {}).items() if isinstance(value, bytes)}
        typed += [{"name": name, "type": 11, "value": str(at)} for at, name in enumerate(files, start=1)]
        name, *within = command.split()
        if within:
            typed = [{"name": within[0], "type": 1, "options": typed}]
        data: dict = {"id": "1", "name": name, "type": 1, "options": typed}
        if files:
            data["resolved"] = {
                "attachments": {
                    str(at): self._attach(at, content) for at, content in enumerate(files.values(), start=1)
                }
            }
        await self.dispatch(
            "INTERACTION_CREATE",
            {
                "id": str(asked.id), "type": 4 if focused else 2, "token": asked.token, "version": 1, "data": data,
                "application_id": str(APP), "attachment_size_limit": 1000, "channel": channel, **who,
            },
        )  # fmt: skip
        return asked

    def _attach(self, number: int, content: bytes) -> dict:
        name = f"feeds-{number}.opml"
        self.uploads[name] = content
        url = f"{self.url}/uploads/{name}"
        return {"id": str(number), "filename": name, "size": len(content), "url": url, "proxy_url": url}

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

    # REST

    def routes(self) -> list[web.RouteDef]:
        api = "/api/v10"
        hook = f"{api}/webhooks/{{app}}/{{token}}"
        return [
            *self.place_routes(api),
            web.get("/gateway", self._gateway),
            web.get("/uploads/{name}", self._upload),
            web.get(f"{api}/users/@me", self._me),
            web.get(f"{api}/gateway/bot", self._gateway_bot),
            web.get(f"{api}/oauth2/applications/@me", self._application),
            web.put(f"{api}/applications/{{app}}/commands", self._put_commands),
            web.get(f"{api}/channels/{{channel}}", self._channel),
            web.get(f"{api}/channels/{{channel}}/messages", self._history),
            web.post(f"{api}/channels/{{channel}}/messages", self._post),
            web.post(f"{api}/interactions/{{id}}/{{token}}/callback", self._callback),
            web.post(hook, self._follow_up),
            web.patch(f"{hook}/messages/@original", self._edit),
            web.delete(f"{hook}/messages/@original", self._take_back),
        ]

    async def _upload(self, request: web.Request) -> web.Response:
        content = self.uploads[request.match_info["name"]]
        return web.Response(body=content) if content else _json({"message": "gone"}, 404)

    async def _me(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bot {TOKEN}":
            return _json({"message": "401: Unauthorized", "code": 0}, 401)
        if self.knobs.garble_log_in:
            return web.Response(text="<html>a proxy's page</html>", content_type="text/html")
        return _json(BOT_USER)

    async def _gateway_bot(self, request: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": 999, "reset_after": 1000, "max_concurrency": 1}
        return _json({"url": self.gateway_url, "shards": self.knobs.shards, "session_start_limit": limit})

    async def _application(self, request: web.Request) -> web.Response:
        return _json(
            {
                "id": str(APP), "name": "attache", "description": "", "icon": None, "bot_public": True,
                "bot_require_code_grant": False, "verify_key": "", "flags": 0, "rpc_origins": [],
                "owner": BOT_USER, "team": None, "summary": "", "approximate_guild_count": 1,
            }
        )  # fmt: skip

    async def _put_commands(self, request: web.Request) -> web.Response:
        if self.knobs.refuse_commands:
            return _json({"message": "no", "code": 0}, self.knobs.refuse_commands)
        self.commands = await request.json()
        registered = [
            {**command, "id": str(number), "application_id": str(APP), "version": "1", "dm_permission": True}
            for number, command in enumerate(self.commands, start=1)
        ]
        return _json(registered)

    async def _channel(self, request: web.Request) -> web.Response:
        number = int(request.match_info["channel"])
        if number in self.threads:
            return _json(self._thread(number))
        stored = self.messages.get(number, [])
        newest = stored[-1]["id"] if stored else None
        return _json(
            {"id": str(number), "type": 15 if number in self.forums else 0, "name": "news", "position": 0, "guild_id": "42",
             "permission_overwrites": [], "last_message_id": newest, "flags": REQUIRES_TAG * self.wants_tag,
             "available_tags": [{"id": str(at), "name": name, "moderated": at == 1, "emoji_id": None, "emoji_name": None}
                                for at, name in enumerate(("ours", "news"), start=1)]}
        )  # fmt: skip

    async def _history(self, request: web.Request) -> web.Response:
        if self.knobs.refuse_history:
            return _json({"message": "no", "code": 50001}, self.knobs.refuse_history)
        if self.knobs.hide_history:
            return _json([])
        after, limit = int(request.query.get("after", 0)), int(request.query.get("limit", 50))
        stored = self.messages.get(int(request.match_info["channel"]), [])
        page = sorted((m for m in stored if int(m["id"]) > after), key=lambda m: int(m["id"]))[:limit]
        return _json(page[::-1])

    async def _post(self, request: web.Request) -> web.Response:
        channel, payload = int(request.match_info["channel"]), await _payload(request)
        self.post_attempts.append(payload)
        if self.knobs.full_for:
            full = _json({"message": "full", "retry_after": self.knobs.full_for, "global": False}, 429)
            full.headers["Via"] = "1.1 google"
            return full
        if self.knobs.refuse_posts and (status := self.knobs.refuse_posts.pop(0)):
            return _json({"message": "no", "code": 50013}, status)
        if channel in self.threads and self.take_away == "thread":
            return _json({"message": "gone", "code": UNKNOWN_CHANNEL}, 404)
        if wrong := breaches(payload):
            return _json({"message": f"Invalid Form Body {wrong}", "code": 50035}, 400)
        if channel in self.forums:
            return _json(
                {"message": "Cannot send messages in a non-text channel", "code": NO_TEXT_CHANNEL}, 400
            )
        if self.lose_part is not None and self.lose_part[0] == payload.get("nonce"):
            _, when = self.lose_part
            self.lose_part = None
            self.knobs.drop_before_storing += when == "before"
            self.knobs.drop_after_storing += when == "after"
        if self.knobs.drop_before_storing:
            self.knobs.drop_before_storing -= 1
            return _drop(request)
        stored = self.messages.setdefault(channel, [])
        oldest = snowflake(1000 * (time.time() - self.nonce_lasts)) if self.nonce_lasts else 0
        same = [
            m
            for m in stored
            if payload.get("enforce_nonce")
            and m.get("nonce") == payload.get("nonce")
            and int(m["id"]) > oldest
        ]
        message = same[0] if same else self.store(channel, payload)
        if self.knobs.drop_after_storing:
            self.knobs.drop_after_storing -= 1
            return _drop(request)
        return _json(message)

    async def _callback(self, request: web.Request) -> web.Response:
        asked, payload = self.asked[request.match_info["token"]], await _payload(request)
        if asked.expired:
            return _json({"message": "Unknown interaction", "code": 10062}, 404)
        asked.callbacks += 1
        if self.knobs.acknowledge_twice:
            self.knobs.acknowledge_twice -= 1
            return _json({"message": "already acknowledged", "code": 40060}, 400)
        if asked.acknowledged.is_set():
            return _json({"message": "already acknowledged", "code": 40060}, 400)
        data = payload.get("data") or {}
        private = bool(data.get("flags", 0) & EPHEMERAL)
        if payload["type"] == 4 and (wrong := breaches(data)):
            return _json({"message": f"Invalid Form Body {wrong}", "code": 50035}, 400)
        asked.acknowledged.set()
        if payload["type"] in (5, 6):
            asked.deferred, asked.defer_private = True, private
            asked.in_place = payload["type"] == 6
        else:
            asked.show(data, private=private)
        resource = {"type": payload["type"], "message": self._message(self.new_id(), 9, data, BOT_USER)}
        return _json({"interaction": {"id": str(asked.id), "type": 2}, "resource": resource})

    async def _edit(self, request: web.Request) -> web.Response:
        asked, payload = self.asked[request.match_info["token"]], await _payload(request)
        if asked.taken_back or not asked.deferred:
            return _json({"message": "Unknown Message", "code": 10008}, 404)
        if wrong := breaches(payload):
            return _json({"message": f"Invalid Form Body {wrong}", "code": 50035}, 400)
        asked.show(payload, private=asked.defer_private)
        return _json(self._message(self.new_id(), 9, payload, BOT_USER))

    async def _take_back(self, request: web.Request) -> web.Response:
        self.asked[request.match_info["token"]].taken_back = True
        return web.Response(status=204)

    async def _follow_up(self, request: web.Request) -> web.Response:
        """A follow-up to an announcement that still stands takes its place, and is as public as it was."""
        asked, payload = self.asked[request.match_info["token"]], await request.json()
        announced = asked.deferred and not asked.taken_back and not asked.answers and not asked.in_place
        private = asked.defer_private if announced else bool(payload.get("flags", 0) & EPHEMERAL)
        asked.show(payload, private=private)
        return _json(self._message(self.new_id(), 9, payload, BOT_USER))

    def _message(self, number: int, channel: int, payload: dict, author: dict) -> dict:
        return {
            "id": str(number), "channel_id": str(channel), "type": 0, "author": author,
            "content": payload.get("content") or "", "embeds": payload.get("embeds") or [],
            "nonce": payload.get("nonce"), "timestamp": "2025-01-01T00:00:00+00:00",
            "edited_timestamp": None, "tts": False, "mention_everyone": False, "mentions": [],
            "mention_roles": [], "attachments": [], "pinned": False, "flags": payload.get("flags", 0),
            "components": payload.get("components") or [],
        }  # fmt: skip

    # Gateway

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


@asynccontextmanager
async def running():
    """A fake Discord that listens on a free port."""
    fake = FakeDiscord()
    application = web.Application()
    application.add_routes(fake.routes())
    runner = web.AppRunner(application, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    fake.url = f"http://{host}:{port}"
    try:
        yield fake
    finally:
        await fake.settle()
        await runner.cleanup()


async def _payload(request: web.Request) -> dict:
    """What is posted; files come with it as `files`, by name."""
    if request.content_type != "multipart/form-data":
        return await request.json()
    form = await request.post()
    files = {part.filename: part.file.read() for name, part in form.items() if name != "payload_json"}
    return {**json.loads(form["payload_json"]), "files": files}


def _json(value: object, status: int = 200) -> web.Response:
    # discord.py reads JSON only where the content type is exactly this, without a charset
    return web.Response(body=json.dumps(value).encode(), content_type="application/json", status=status)


def _drop(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
