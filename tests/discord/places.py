"""Where a fake Discord lets a bot post besides text channels: threads, forums, and to one person alone."""

from __future__ import annotations

from datetime import UTC, datetime

from aiohttp import web

from tests.discord.payloads import APP, json_answer

NO_TEXT_CHANNEL, NO_PERMISSION, WRONG_CHANNEL, THREAD_IS_THERE = 50008, 50013, 50024, 160004
UNKNOWN_MESSAGE, UNKNOWN_CHANNEL, TAG_WANTED = 10008, 10003, 40067
REQUIRES_TAG = 1 << 4


class Places:
    """Channels of other kinds, by number; a part of `FakeDiscord`."""

    def __init__(self) -> None:
        super().__init__()
        self.forums: set[int] = set()
        self.without_threads: set[int] = set()
        """Channels in which the bot may open none."""
        self.threads: dict[int, dict] = {}
        """By number: the channel that they hang on (`parent_id`), their name and who opened them."""
        self.lose_thread_answers = 0
        """How many threads are opened without an answer."""
        self.lose_part: tuple[str, str] | None = None
        """The nonce of a post whose answer is lost once, and whether that is `before` or `after` it was stored."""
        self.archived: set[int] = set()
        """Threads that were closed since nothing was written in them for an hour."""
        self.fail_threads = 0
        """How many threads are opened and answered with a failure of Discord's."""
        self.fail_people = False
        self.wants_tag = False
        self.tags: list[list[str]] = []
        """What each thread of a forum was tagged with."""
        self.take_away = ""
        """Whether somebody takes each opening away at once, or each thread."""

    def place_routes(self, api: str) -> list[web.RouteDef]:
        return [
            web.post(f"{api}/channels/{{channel}}/messages/{{message}}/threads", self._open_on_message),
            web.post(f"{api}/channels/{{channel}}/threads", self._open_in_forum),
            web.get(f"{api}/guilds/{{guild}}/threads/active", self._active),
            web.get(f"{api}/channels/{{channel}}/threads/archived/public", self._closed),
            web.get(f"{api}/users/{{user}}", self._user),
            web.post(f"{api}/users/@me/channels", self._direct),
            web.patch(f"{api}/channels/{{channel}}/messages/{{message}}", self._change),
        ]

    def _thread(self, number: int) -> dict:
        thread = self.threads[number]
        return {
            "id": str(number), "type": 11, "name": thread["name"], "parent_id": str(thread["parent_id"]),
            "guild_id": "42", "owner_id": thread["owner_id"], "message_count": 1, "member_count": 1,
            "last_message_id": None,
            "thread_metadata": {
                "archived": number in self.archived, "auto_archive_duration": 60, "locked": False,
                "archive_timestamp": datetime.now(UTC).isoformat(),
            },
        }  # fmt: skip

    async def _open_on_message(self, request: web.Request) -> web.Response:
        channel, number = int(request.match_info["channel"]), int(request.match_info["message"])
        if channel in self.without_threads:
            return _refused(403, NO_PERMISSION)
        if channel in self.threads:
            return _refused(400, WRONG_CHANNEL)
        if number in self.threads:
            return _refused(400, THREAD_IS_THERE)
        if self.take_away == "opening":
            return _refused(404, UNKNOWN_MESSAGE)
        name = (await request.json())["name"]
        self.threads[number] = {"name": name, "parent_id": channel, "owner_id": str(APP)}
        if self.lose_thread_answers:
            self.lose_thread_answers -= 1
            request.transport.abort()
            return web.Response()
        return json_answer(self._thread(number))

    async def _open_in_forum(self, request: web.Request) -> web.Response:
        channel, payload = int(request.match_info["channel"]), await request.json()
        self.tags.append(payload.get("applied_tags") or [])
        if self.wants_tag and not self.tags[-1]:
            return _refused(400, TAG_WANTED)
        number = self.new_id()
        self.threads[number] = {"name": payload["name"], "parent_id": channel, "owner_id": str(APP)}
        message = self.store(number, payload["message"], number=number)
        if self.fail_threads:
            self.fail_threads -= 1
            return _refused(502, 0)
        if self.lose_thread_answers:
            self.lose_thread_answers -= 1
            request.transport.abort()
            return web.Response()
        return json_answer(self._thread(number) | {"message": message})

    async def _active(self, request: web.Request) -> web.Response:
        found = [self._thread(number) for number in self.threads if number not in self.archived]
        return json_answer({"threads": found, "members": []})

    async def _closed(self, request: web.Request) -> web.Response:
        number = int(request.match_info["channel"])
        closed = [n for n in sorted(self.archived, reverse=True) if self.threads[n]["parent_id"] == number]
        found = [self._thread(number) for number in closed]
        return json_answer({"threads": found, "members": [], "has_more": False})

    async def _user(self, request: web.Request) -> web.Response:
        if self.fail_people:
            return _refused(503, 0)
        number = request.match_info["user"]
        return json_answer({"id": number, "username": "reader", "discriminator": "0", "avatar": None})

    async def _direct(self, request: web.Request) -> web.Response:
        number = (await request.json())["recipient_id"]
        person = {"id": str(number), "username": "reader", "discriminator": "0", "avatar": None}
        return json_answer({"id": f"9{number}", "type": 1, "recipients": [person]})

    async def _change(self, request: web.Request) -> web.Response:
        number, payload = int(request.match_info["message"]), await request.json()
        (message,) = [m for m in self.messages[int(request.match_info["channel"])] if m["id"] == str(number)]
        message["embeds"] = payload["embeds"]
        return json_answer(message)


def _refused(status: int, code: int) -> web.Response:
    return json_answer({"message": "no", "code": code}, status)
