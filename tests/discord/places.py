"""Where a fake Discord lets a bot post besides text channels: threads, forums, and to one person alone."""

from __future__ import annotations

from aiohttp import web

from tests.discord.payloads import APP, json_answer

NO_TEXT_CHANNEL, NO_PERMISSION, WRONG_CHANNEL, THREAD_IS_THERE = 50008, 50013, 50024, 160004


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

    def place_routes(self, api: str) -> list[web.RouteDef]:
        return [
            web.post(f"{api}/channels/{{channel}}/messages/{{message}}/threads", self._open_on_message),
            web.post(f"{api}/channels/{{channel}}/threads", self._open_in_forum),
            web.get(f"{api}/guilds/{{guild}}/threads/active", self._active),
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
                "archived": False, "auto_archive_duration": 1440, "locked": False,
                "archive_timestamp": "2025-01-01T00:00:00+00:00",
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
        name = (await request.json())["name"]
        self.threads[number] = {"name": name, "parent_id": channel, "owner_id": str(APP)}
        if self.lose_thread_answers:
            self.lose_thread_answers -= 1
            request.transport.abort()
            return web.Response()
        return json_answer(self._thread(number))

    async def _open_in_forum(self, request: web.Request) -> web.Response:
        channel, payload = int(request.match_info["channel"]), await request.json()
        number = self.new_id()
        self.threads[number] = {"name": payload["name"], "parent_id": channel, "owner_id": str(APP)}
        message = self.store(number, payload["message"], number=number)
        if self.lose_thread_answers:
            self.lose_thread_answers -= 1
            request.transport.abort()
            return web.Response()
        return json_answer(self._thread(number) | {"message": message})

    async def _active(self, request: web.Request) -> web.Response:
        return json_answer({"threads": [self._thread(number) for number in self.threads], "members": []})

    async def _user(self, request: web.Request) -> web.Response:
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
