"""Commands, buttons and typed options at a fake Discord: what is asked, and what became of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from aiohttp import web

from tests.discord.payloads import (
    APP,
    BOT_USER,
    EPHEMERAL,
    breaches,
    json_answer,
    member_of,
    message_of,
    payload_of,
    user_of,
)


class Picked(int):
    """The number of a channel that somebody picks."""


_OPTION_TYPES = {str: 3, int: 4, bool: 5, Picked: 7}
_EVERYTHING = str((1 << 51) - 1)


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


class Interactions:
    """What people ask, and how it is answered; a part of `FakeDiscord`."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: dict[str, Asked] = {}
        self.uploads: dict[str, bytes] = {}
        """Files that somebody gives to a command, by name; one whose content is empty does not come."""

    def interaction_routes(self, api: str) -> list[web.RouteDef]:
        hook = f"{api}/webhooks/{{app}}/{{token}}"
        return [
            web.get("/uploads/{name}", self._upload),
            web.post(f"{api}/interactions/{{id}}/{{token}}/callback", self._callback),
            web.post(hook, self._follow_up),
            web.patch(f"{hook}/messages/@original", self._edit),
            web.delete(f"{hook}/messages/@original", self._take_back),
        ]

    async def press(
        self,
        shown: Shown,
        label: str,
        *,
        user: int = 77,
        asker: int | None = 77,
        guild: int = 42,
        custom_id: str | None = None,
    ) -> Asked:
        """Somebody presses a button of an answer that `asker` asked for; `custom_id` forges another."""
        asked = Asked(self.new_id(), f"token-{next(self._numbers)}", by=user)
        self.asked[asked.token] = asked
        message = message_of(self.new_id(), 9, shown.payload, BOT_USER)
        pressed = shown.buttons[label] if custom_id is None else custom_id
        if custom_id is not None:
            button = {"type": 2, "style": 2, "label": label, "custom_id": custom_id}
            message["components"] = [{"type": 1, "components": [button]}]
        if asker is not None:
            message["interaction_metadata"] = {
                "id": "1", "type": 2, "user": user_of(asker), "authorizing_integration_owners": {},
            }  # fmt: skip
        await self.dispatch(
            "INTERACTION_CREATE",
            {
                "id": str(asked.id), "type": 3, "token": asked.token, "version": 1, "message": message,
                "data": {"component_type": 2, "custom_id": pressed}, "application_id": str(APP),
                "attachment_size_limit": 1000, "guild_id": str(guild), "guild": {"id": str(guild)},
                "channel": {"id": "9", "type": 0, "name": "news", "position": 0}, "member": member_of(user),
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
        by: int = 77,
    ) -> Asked:
        """Somebody types a command, or is still typing the `focused` option of it, in channel 9 of a guild or in a direct message.

        `command` is the name; of a command in a group, the group's name and its own. An option that is bytes
        is a file, one that is `Picked` a channel.
        """
        asked = Asked(self.new_id(), f"token-{next(self._numbers)}", expired, by=by)
        self.asked[asked.token] = asked
        user = user_of(by)
        channel: dict = {"id": "9", "type": 0 if guild else 1, "name": "news", "position": 0}
        who: dict = {"user": user}
        if guild:
            who = {"member": member_of(by)}
            who |= {"guild_id": str(guild), "guild": {"id": str(guild)}}
        else:
            channel["recipients"] = [user]
        data = self._typed(command, options or {}, focused)
        await self.dispatch(
            "INTERACTION_CREATE",
            {
                "id": str(asked.id), "type": 4 if focused else 2, "token": asked.token, "version": 1, "data": data,
                "application_id": str(APP), "attachment_size_limit": 1000, "channel": channel, **who,
            },
        )  # fmt: skip
        return asked

    def _typed(self, command: str, options: dict, focused: str | None) -> dict:
        """The command with its options, as Discord sends them."""
        typed = [
            {"name": name, "type": _OPTION_TYPES[type(value)], "value": _sent(value)}
            for name, value in options.items()
            if not isinstance(value, bytes)
        ]
        for option in typed:
            option |= {"focused": True} if option["name"] == focused else {}
        files = {name: value for name, value in options.items() if isinstance(value, bytes)}
        typed += [{"name": name, "type": 11, "value": str(at)} for at, name in enumerate(files, start=1)]
        name, *within = command.split()
        if within:
            typed = [{"name": within[0], "type": 1, "options": typed}]
        data: dict = {"id": "1", "name": name, "type": 1, "options": typed}
        attached = {str(at): self._attach(at, content) for at, content in enumerate(files.values(), start=1)}
        picked = {str(value): _described(value) for value in options.values() if isinstance(value, Picked)}
        resolved = {name: some for name, some in (("attachments", attached), ("channels", picked)) if some}
        return data | ({"resolved": resolved} if resolved else {})

    def _attach(self, number: int, content: bytes) -> dict:
        name = f"feeds-{number}.opml"
        self.uploads[name] = content
        url = f"{self.url}/uploads/{name}"
        return {"id": str(number), "filename": name, "size": len(content), "url": url, "proxy_url": url}

    async def _upload(self, request: web.Request) -> web.Response:
        content = self.uploads[request.match_info["name"]]
        return web.Response(body=content) if content else json_answer({"message": "gone"}, 404)

    async def _callback(self, request: web.Request) -> web.Response:
        asked, payload = self.asked[request.match_info["token"]], await payload_of(request)
        if asked.expired:
            return json_answer({"message": "Unknown interaction", "code": 10062}, 404)
        asked.callbacks += 1
        if self.knobs.acknowledge_twice:
            self.knobs.acknowledge_twice -= 1
            return json_answer({"message": "already acknowledged", "code": 40060}, 400)
        if asked.acknowledged.is_set():
            return json_answer({"message": "already acknowledged", "code": 40060}, 400)
        data = payload.get("data") or {}
        data |= {"files": payload["files"]} if "files" in payload else {}
        private = bool(data.get("flags", 0) & EPHEMERAL)
        if payload["type"] == 4 and (wrong := breaches(data)):
            return json_answer({"message": f"Invalid Form Body {wrong}", "code": 50035}, 400)
        asked.acknowledged.set()
        if payload["type"] in (5, 6):
            asked.deferred, asked.defer_private = True, private
            asked.in_place = payload["type"] == 6
        else:
            asked.show(data, private=private)
        resource = {"type": payload["type"], "message": message_of(self.new_id(), 9, data, BOT_USER)}
        return json_answer({"interaction": {"id": str(asked.id), "type": 2}, "resource": resource})

    async def _edit(self, request: web.Request) -> web.Response:
        asked, payload = self.asked[request.match_info["token"]], await payload_of(request)
        if self.knobs.refuse_answers:
            return json_answer({"message": "no", "code": 0}, self.knobs.refuse_answers)
        if asked.taken_back or not asked.deferred:
            return json_answer({"message": "Unknown Message", "code": 10008}, 404)
        if wrong := breaches(payload):
            return json_answer({"message": f"Invalid Form Body {wrong}", "code": 50035}, 400)
        asked.show(payload, private=asked.defer_private)
        return json_answer(message_of(self.new_id(), 9, payload, BOT_USER))

    async def _take_back(self, request: web.Request) -> web.Response:
        asked = self.asked[request.match_info["token"]]
        if asked.taken_back:
            return json_answer({"message": "Unknown Message", "code": 10008}, 404)
        asked.taken_back = True
        return web.Response(status=204)

    async def _follow_up(self, request: web.Request) -> web.Response:
        """A follow-up to an announcement that still stands takes its place, and is as public as it was."""
        asked, payload = self.asked[request.match_info["token"]], await request.json()
        announced = asked.deferred and not asked.taken_back and not asked.answers and not asked.in_place
        private = asked.defer_private if announced else bool(payload.get("flags", 0) & EPHEMERAL)
        asked.show(payload, private=private)
        return json_answer(message_of(self.new_id(), 9, payload, BOT_USER))


def _sent(value: object) -> object:
    return str(value) if isinstance(value, Picked) else value


def _described(channel: Picked) -> dict:
    return {"id": str(channel), "type": 0, "name": "elsewhere", "permissions": _EVERYTHING, "position": 0}
