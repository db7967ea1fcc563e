"""What a fake Discord answers besides interactions: the log-in, the commands, channels and their messages."""

from __future__ import annotations

import time

from aiohttp import web

from tests.discord.payloads import (
    APP,
    BOT_USER,
    TOKEN,
    breaches,
    drop,
    json_answer,
    message_of,
    payload_of,
    snowflake,
)
from tests.discord.places import NO_TEXT_CHANNEL, REQUIRES_TAG, UNKNOWN_CHANNEL


class Rest:
    """The account, its commands, and text channels; a part of `FakeDiscord`."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: dict[int, list[dict]] = {}
        self.post_attempts: list[dict] = []
        self.commands: list[dict] = []
        self.nonce_lasts: float | None = None
        """Seconds for which a nonce is known; None for ever."""

    def rest_routes(self, api: str) -> list[web.RouteDef]:
        return [
            web.get(f"{api}/users/@me", self._me),
            web.get(f"{api}/gateway/bot", self._gateway_bot),
            web.get(f"{api}/oauth2/applications/@me", self._application),
            web.put(f"{api}/applications/{{app}}/commands", self._put_commands),
            web.get(f"{api}/channels/{{channel}}", self._channel),
            web.get(f"{api}/channels/{{channel}}/messages", self._history),
            web.post(f"{api}/channels/{{channel}}/messages", self._post),
        ]

    def add_message(self, channel: int, *, author: dict | None = None, at: float | None = None) -> dict:
        """Somebody else's message."""
        author = author or {"id": "77", "username": "reader", "discriminator": "0", "avatar": None}
        stamp = snowflake(at * 1000, next(self._numbers)) if at else self.new_id()
        message = message_of(stamp, channel, {"content": "hello"}, author)
        self.messages.setdefault(channel, []).append(message)
        return message

    def store(self, channel: int, payload: dict, *, number: int | None = None) -> dict:
        """A message of the bot's."""
        message = message_of(number or self.new_id(), channel, payload, BOT_USER)
        self.messages.setdefault(channel, []).append(message)
        return message

    async def _me(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bot {TOKEN}":
            return json_answer({"message": "401: Unauthorized", "code": 0}, 401)
        if self.knobs.refuse_log_in:
            return json_answer({"message": "no", "code": 0}, self.knobs.refuse_log_in.pop(0))
        if self.knobs.garble_log_in:
            return web.Response(text="<html>a proxy's page</html>", content_type="text/html")
        return json_answer(BOT_USER)

    async def _gateway_bot(self, request: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": 999, "reset_after": 1000, "max_concurrency": 1}
        return json_answer(
            {"url": self.gateway_url, "shards": self.knobs.shards, "session_start_limit": limit}
        )

    async def _application(self, request: web.Request) -> web.Response:
        return json_answer(
            {
                "id": str(APP), "name": "attache", "description": "", "icon": None, "bot_public": True,
                "bot_require_code_grant": False, "verify_key": "", "flags": 0, "rpc_origins": [],
                "owner": BOT_USER, "team": None, "summary": "", "approximate_guild_count": 1,
            }
        )  # fmt: skip

    async def _put_commands(self, request: web.Request) -> web.Response:
        if self.knobs.refuse_commands:
            return json_answer({"message": "no", "code": 0}, self.knobs.refuse_commands)
        self.commands = await request.json()
        registered = [
            {**command, "id": str(number), "application_id": str(APP), "version": "1", "dm_permission": True}
            for number, command in enumerate(self.commands, start=1)
        ]
        return json_answer(registered)

    async def _channel(self, request: web.Request) -> web.Response:
        number = int(request.match_info["channel"])
        if number in self.threads:
            return json_answer(self._thread(number))
        stored = self.messages.get(number, [])
        newest = stored[-1]["id"] if stored else None
        return json_answer(
            {"id": str(number), "type": 15 if number in self.forums else 0, "name": "news", "position": 0, "guild_id": "42",
             "permission_overwrites": [], "last_message_id": newest, "flags": REQUIRES_TAG * self.wants_tag,
             "available_tags": [{"id": str(at), "name": name, "moderated": at == 1, "emoji_id": None, "emoji_name": None}
                                for at, name in enumerate(("ours", "news"), start=1)]}
        )  # fmt: skip

    async def _history(self, request: web.Request) -> web.Response:
        if self.knobs.refuse_history:
            return json_answer({"message": "no", "code": 50001}, self.knobs.refuse_history)
        if self.knobs.hide_history:
            return json_answer([])
        after, limit = int(request.query.get("after", 0)), int(request.query.get("limit", 50))
        stored = self.messages.get(int(request.match_info["channel"]), [])
        page = sorted((m for m in stored if int(m["id"]) > after), key=lambda m: int(m["id"]))[:limit]
        return json_answer(page[::-1])

    async def _post(self, request: web.Request) -> web.Response:
        channel, payload = int(request.match_info["channel"]), await payload_of(request)
        self.post_attempts.append(payload)
        if self.knobs.full_for:
            full = json_answer({"message": "full", "retry_after": self.knobs.full_for, "global": False}, 429)
            full.headers["Via"] = "1.1 google"
            return full
        if self.knobs.refuse_posts and (status := self.knobs.refuse_posts.pop(0)):
            return json_answer({"message": "no", "code": 50013}, status)
        if channel in self.threads and self.take_away == "thread":
            return json_answer({"message": "gone", "code": UNKNOWN_CHANNEL}, 404)
        if wrong := breaches(payload):
            return json_answer({"message": f"Invalid Form Body {wrong}", "code": 50035}, 400)
        if channel in self.forums:
            return json_answer(
                {"message": "Cannot send messages in a non-text channel", "code": NO_TEXT_CHANNEL}, 400
            )
        if self.lose_part is not None and self.lose_part[0] == payload.get("nonce"):
            _, when = self.lose_part
            self.lose_part = None
            self.knobs.drop_before_storing += when == "before"
            self.knobs.drop_after_storing += when == "after"
        if self.knobs.drop_before_storing:
            self.knobs.drop_before_storing -= 1
            return drop(request)
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
            return drop(request)
        return json_answer(message)
