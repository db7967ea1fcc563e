"""Views, files and `response_url`s of a fake Slack."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from tests.slack.places import APP, BOT, Installation, Refused, Shown, bare
from tests.slack.schema import faults_in_blocks, faults_in_view
from tests.slack.web_api import Call, is_true

if TYPE_CHECKING:
    from tests.slack.interactions import Asked

_VIEW_BYTES = 250_000


@dataclass
class ResponseUrl:
    """One `response_url`: who may answer whom through it, and how often it was used."""

    asked: Asked
    made: float
    used: int = 0
    expired: bool = False


@dataclass
class Trigger:
    """One `trigger_id`."""

    user: str
    made: float
    used: bool = False


class Surfaces:
    """Views, files, answers by address; a part of `FakeSlack`."""

    def __init__(self) -> None:
        super().__init__()
        self.response_urls: dict[str, ResponseUrl] = {}
        self.triggers: dict[str, Trigger] = {}
        self.methods |= {
            "views.open": self._open_view,
            "views.push": self._open_view,
            "views.update": self._update_view,
            "views.publish": self._publish,
            "files.getUploadURLExternal": self._upload_url,
            "files.completeUploadExternal": self._complete,
        }

    def surface_routes(self) -> list[web.RouteDef]:
        return [
            web.post("/upload/{file}", self._upload),
            web.post("/respond/{name}", self._respond),
        ]

    # views

    def new_trigger(self, user: str) -> str:
        name = f"{next(self._numbers)}.trigger"
        self.triggers[name] = Trigger(user, asyncio.get_running_loop().time())
        return name

    def _open_view(self, call: Call, installation: Installation) -> dict:
        trigger = self.triggers.get(call.arguments.get("trigger_id", ""))
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if asyncio.get_running_loop().time() - trigger.made > self.knobs.trigger_lasts:
            raise Refused("expired_trigger_id")
        self._check_view(call.arguments.get("view"), "modal")
        trigger.used = True
        view = self.build_view(call.arguments["view"], installation)
        view["user"] = trigger.user
        self.views[view["id"]] = view
        self.changed()
        return {"view": bare(view)}

    def _update_view(self, call: Call, installation: Installation) -> dict:
        asked = call.arguments
        view = self.views.get(asked.get("view_id", "")) or next(
            (
                v
                for v in self.views.values()
                if asked.get("external_id") and v["external_id"] == asked["external_id"]
            ),
            None,
        )
        if view is None:
            raise Refused("not_found")
        if asked.get("hash") and asked["hash"] != view["hash"]:
            raise Refused("hash_conflict")
        self._check_view(asked.get("view"), view["type"])
        self.renew_view(view, asked["view"])
        return {"view": bare(view)}

    def renew_view(self, view: dict, payload: dict) -> None:
        """A view's new content; its identity stays."""
        fresh = self.build_view(payload, None)
        kept = ("id", "team_id", "root_view_id", "user", "bot_id")
        fresh |= {key: view[key] for key in kept if key in view}
        view.clear()
        view.update(fresh)
        self.changed()

    def _publish(self, call: Call, installation: Installation) -> dict:
        user = call.arguments.get("user_id")
        if user not in self.users:
            raise Refused("invalid_arguments", "[ERROR] invalid user id [json-pointer:/user_id]")
        self._check_view(call.arguments.get("view"), "home")
        homes = self.homes.setdefault(user, [])
        if call.arguments.get("hash") and homes and homes[-1]["hash"] != call.arguments["hash"]:
            raise Refused("hash_conflict")
        view = self.build_view(call.arguments["view"], installation)
        homes.append(view)
        self.changed()
        return {"view": bare(view)}

    def _check_view(self, view: object, surface: str) -> None:
        if view is None:
            raise Refused("invalid_arguments", "[ERROR] missing required field: view")
        if len(json.dumps(view)) > _VIEW_BYTES:
            raise Refused("view_too_large")
        faults = faults_in_view(view)
        if not faults and view["type"] != surface:
            faults = [f"[ERROR] must be {surface} [json-pointer:/view/type]"]
        if faults:
            raise Refused("invalid_arguments", *faults)

    def build_view(self, payload: dict, installation: Installation | None) -> dict:
        number = self.new_id("V")
        return {
            "id": number, "team_id": installation.team if installation else "", "type": payload["type"],
            "blocks": self.named(payload["blocks"]), "private_metadata": payload.get("private_metadata") or "",
            "callback_id": payload.get("callback_id") or "", "external_id": payload.get("external_id") or "",
            "state": {"values": {}}, "hash": f"{next(self._numbers)}.hash", "title": payload.get("title"),
            "submit": payload.get("submit"), "close": payload.get("close"),
            "clear_on_close": bool(payload.get("clear_on_close")),
            "notify_on_close": bool(payload.get("notify_on_close")),
            "previous_view_id": None, "root_view_id": number, "app_id": APP, "bot_id": BOT,
        }  # fmt: skip

    # files

    def _upload_url(self, call: Call, installation: Installation) -> dict:
        asked = call.arguments
        if not asked.get("filename") or not str(asked.get("length", "")).isdigit():
            raise Refused("invalid_arguments")
        number = self.new_id("F")
        self.files[number] = {
            "id": number, "name": asked["filename"], "length": int(asked["length"]), "title": asked["filename"],
            "alt_txt": asked.get("alt_txt") or "", "content": None, "done": False,
        }  # fmt: skip
        return {"upload_url": f"{self.url}/upload/{number}", "file_id": number}

    async def _upload(self, request: web.Request) -> web.Response:
        file = self.files[request.match_info["file"]]
        content = await _content(request)
        call = Call("upload", {"file": file["id"]}, "", "POST", asyncio.get_running_loop().time())

        def taken() -> web.Response:
            if len(content) != file["length"]:
                return web.Response(status=400, text="wrong length")
            file["content"] = content
            return web.Response(text=f"OK - {len(content)}")

        return await self.take(request, call, taken)

    def _complete(self, call: Call, installation: Installation) -> dict:
        """Shares files that were uploaded, in a message of the bot's where a channel is named."""
        asked = call.arguments
        named = asked.get("files") or []
        for each in named:
            file = self.files.get(each.get("id", ""))
            if file is None or file["content"] is None or file["done"]:
                raise Refused("file_not_found")
        for each in named:
            self.files[each["id"]] |= {
                "done": True,
                "title": each.get("title") or self.files[each["id"]]["name"],
            }
        shared = [
            {
                key: value
                for key, value in self.files[each["id"]].items()
                if key not in ("content", "done", "length")
            }
            for each in named
        ]
        if asked.get("channel_id"):
            channel = self.channel_of(installation, asked["channel_id"], posting=True)
            payload = {
                "text": asked.get("initial_comment"),
                "thread_ts": asked.get("thread_ts"),
                "files": shared,
            }
            self.store(channel, payload, **self._ours(installation))
        return {"files": shared}

    # answers by address

    def new_response_url(self, asked: Asked) -> str:
        name = f"answer-{next(self._numbers)}"
        self.response_urls[name] = ResponseUrl(asked, asyncio.get_running_loop().time())
        return f"{self.url}/respond/{name}"

    async def _respond(self, request: web.Request) -> web.Response:
        payload = await request.json()
        now = asyncio.get_running_loop().time()
        address = self.response_urls.get(request.match_info["name"])
        if address is None:
            return web.Response(status=404, text="no such address")
        channel = {"channel": address.asked.channel}
        call = Call("response_url", {**payload, **channel}, "", "POST", now)
        return await self.take(request, call, lambda: self._responded(address, payload, now))

    def _responded(self, address: ResponseUrl, payload: dict, now: float) -> web.Response:
        if address.expired or now - address.made > self.knobs.response_url_lasts:
            return web.json_response({"ok": False, "error": "expired_url"}, status=404)
        if address.used >= self.knobs.response_url_uses:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        if is_true(payload.get("replace_original")) and "response_type" in payload:
            return web.Response(status=400, text="invalid_payload")
        if payload.get("delete_original"):
            address.used += 1
            address.asked.take_away()
            return web.Response(text="ok")
        if not payload.get("text") and not payload.get("blocks"):
            return web.Response(status=400, text="no_text")
        if payload.get("blocks") and faults_in_blocks(payload["blocks"]):
            return web.Response(status=400, text="invalid_blocks")
        address.used += 1
        self.answer_with(address.asked, payload)
        return web.Response(text="ok")

    def answer_with(self, asked: Asked, payload: dict) -> None:
        """An answer that whoever asked sees, or the whole channel; or the message asked from, rewritten."""
        if payload.get("blocks"):
            payload = {**payload, "blocks": self.named(payload["blocks"])}
        if is_true(payload.get("replace_original")) and asked.origin is not None:
            asked.rewrite(payload)
            return
        private = payload.get("response_type", "ephemeral") != "in_channel"
        if private:
            shown = self.show(Shown(payload, True, asked.channel, asked.user, self.new_ts()))
        else:
            message = self.store(self.channels[asked.channel], payload, bot_id=BOT, app_id=APP)
            shown = Shown(payload, False, asked.channel, ts=message["ts"])
        asked.answers.append(shown)
        self.changed()


async def _content(request: web.Request) -> bytes:
    """The bytes of an upload: bare, or in a form."""
    if request.content_type != "multipart/form-data":
        return await request.read()
    form = await request.post()
    return b"".join(part.file.read() for part in form.values() if not isinstance(part, str))
