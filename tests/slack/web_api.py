"""The Web API of a fake Slack: requests, what is checked of all of them, and messages and conversations."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from dataclasses import dataclass, field
from math import ceil

from aiohttp import web

from tests.slack.knobs import Trouble
from tests.slack.places import (
    APP,
    APP_TOKEN,
    BOT,
    CLIENT_ID,
    CLIENT_SECRET,
    Channel,
    Installation,
    Refused,
    Shown,
)
from tests.slack.schema import cost_of, faults_in_blocks

_NEEDS = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "chat.postEphemeral": "chat:write",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
    "users.info": "users:read",
    "conversations.open": "im:write",
}
_OF_CHANNEL = {
    "conversations.history": "history",
    "conversations.replies": "history",
    "conversations.info": "read",
}
_TEXT, _UPDATED_TEXT, _METADATA = 40_000, 4_000, 8_000


@dataclass(frozen=True)
class Call:
    """One request, as it came."""

    method: str
    arguments: dict
    token: str
    verb: str
    at: float
    """Seconds of the event loop's clock."""


@dataclass
class _Bucket:
    """What a channel still takes under a pace."""

    left: float
    at: float = field(default_factory=time.monotonic)


def drop(request: web.Request) -> web.Response:
    """Breaks the connection off instead of an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def arguments_of(request: web.Request) -> dict:
    """Arguments in the query, in a form or in JSON; what is JSON in a form is read."""
    found: dict = dict(request.query)
    if request.content_type == "application/json":
        try:
            found |= json.loads(await request.read() or "{}")
        except ValueError:
            raise Refused("invalid_json") from None
    elif request.method == "POST":
        found |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    for name in ("blocks", "metadata", "view", "files"):
        if isinstance(found.get(name), str):
            try:
                found[name] = json.loads(found[name])
            except ValueError:
                raise Refused(f"invalid_{name}_format") from None
    return found


def is_true(value: object) -> bool:
    return value in (True, "1", "true", "True")


class WebApi:
    """What is asked of Slack; a part of `FakeSlack`."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Call] = []
        self._buckets: dict[str, _Bucket] = {}
        self.methods = {
            "auth.test": self._auth_test,
            "auth.teams.list": self._teams,
            "apps.connections.open": self._open_connection,
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "chat.postEphemeral": self._post_ephemeral,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
            "conversations.info": self._info,
            "conversations.open": self._open,
            "users.info": self._user,
            "oauth.v2.access": self._access,
        }

    def api_routes(self) -> list[web.RouteDef]:
        return [web.post("/api/{method}", self._called), web.get("/api/{method}", self._called)]

    def asked(self, method: str) -> list[dict]:
        """The arguments of all requests of a method so far."""
        return [call.arguments for call in self.calls if call.method == method]

    async def called(self, method: str, times: int = 1) -> list[dict]:
        """Likewise, as soon as there were so many."""
        return await self.until(lambda: found if len(found := self.asked(method)) >= times else None)

    # every request

    async def _called(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        try:
            arguments = await arguments_of(request)
        except Refused as refused:
            return web.json_response(refused.answer)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or arguments.pop("token", "")
        call = Call(method, arguments, token, request.method, asyncio.get_running_loop().time())
        return await self.take(request, call, lambda: self._answer(call))

    async def take(self, request: web.Request, call: Call, answer) -> web.Response:
        """Records a request and answers it, or lets a knob do so."""
        self.calls.append(call)
        self.changed()
        channel = call.arguments.get("channel") or call.arguments.get("channel_id") or ""
        trouble = self.knobs.strike(call.method, channel) or Trouble()
        if trouble.gate is not None:
            await trouble.gate.wait()
        if trouble.delay:
            await asyncio.sleep(trouble.delay)
        if trouble.drop == "before":
            return drop(request)
        if trouble.answers:
            return _troubled(trouble)
        answered = answer()
        return drop(request) if trouble.drop == "after" else answered

    def _answer(self, call: Call) -> web.Response:
        try:
            asking = self._allowed(call)
            self._keep_pace(call)
            answer = {"ok": True, **self.methods[call.method](call, asking)}
        except Refused as refused:
            answer = refused.answer
        installation = self.installations.get(call.token)
        response = web.json_response(answer)
        if answer.get("error") == "ratelimited":
            response.set_status(429)
            response.headers["Retry-After"] = str(answer["retry_after"])
        if installation is not None and self.knobs.scopes_shown:
            response.headers["x-oauth-scopes"] = ",".join(installation.scopes)
        return response

    def _allowed(self, call: Call) -> Installation | None:
        """The installation that asks; raises Refused where it may not."""
        if call.method not in self.methods:
            raise Refused("unknown_method", req_method=call.method)
        if call.method == "oauth.v2.access":
            return None
        if not call.token:
            raise Refused("not_authed")
        if call.method == "apps.connections.open":
            if call.token != APP_TOKEN:
                raise Refused("invalid_auth" if call.token.startswith("xapp-") else "not_allowed_token_type")
            return None
        installation = self.installations.get(call.token)
        if installation is None:
            raise Refused("invalid_auth")
        if installation.refused:
            raise Refused(installation.refused)
        needed = self._needed(call)
        if needed and needed not in installation.scopes:
            raise Refused("missing_scope", needed=needed, provided=",".join(installation.scopes))
        return installation

    def _needed(self, call: Call) -> str:
        """The scope that the request needs, if any."""
        if call.method not in _OF_CHANNEL:
            return _NEEDS.get(call.method, "")
        channel = self.channels.get(str(call.arguments.get("channel", "")))
        if channel is None:
            return ""
        kind = (
            "im" if channel.user else "mpim" if channel.group else "groups" if channel.private else "channels"
        )
        return f"{kind}:{_OF_CHANNEL[call.method]}"

    def _keep_pace(self, call: Call) -> None:
        """Raises Refused where a channel gets more messages than it may."""
        if not self.knobs.pace or call.method != "chat.postMessage":
            return
        now, most = time.monotonic(), self.knobs.burst
        bucket = self._buckets.setdefault(str(call.arguments.get("channel")), _Bucket(most))
        bucket.left = min(most, bucket.left + (now - bucket.at) * self.knobs.pace)
        bucket.at = now
        if bucket.left < 1:
            raise Refused("ratelimited", retry_after=ceil((1 - bucket.left) / self.knobs.pace))
        bucket.left -= 1

    # the account

    def _auth_test(self, call: Call, installation: Installation) -> dict:
        return {
            "url": f"{self.url}/", "team": "workspace", "user": "attache", "team_id": installation.team,
            "user_id": installation.bot_user, "bot_id": BOT, "is_enterprise_install": False,
        }  # fmt: skip

    def _user(self, call: Call, installation: Installation) -> dict:
        user = call.arguments.get("user")
        if user not in self.users:
            raise Refused("user_not_found")
        name = self.users[user]
        return {
            "user": {
                "id": user, "team_id": installation.team, "name": name, "real_name": name, "is_bot": False,
                "tz": "Europe/Amsterdam", "tz_offset": 3600, "is_admin": False, "profile": {"display_name": name},
                **({"locale": "en-US"} if is_true(call.arguments.get("include_locale")) else {}),
            }
        }  # fmt: skip

    def _teams(self, call: Call, installation: Installation) -> dict:
        """A page of the workspaces that the app is in with that token."""
        teams = installation.teams or (installation.team,)
        begin, size = int(call.arguments.get("cursor") or 0), min(int(call.arguments.get("limit") or 100), 2)
        more = str(begin + size) if len(teams) > begin + size else ""
        shown = [{"id": team, "name": team.lower()} for team in teams[begin : begin + size]]
        return {"teams": shown, "response_metadata": {"next_cursor": more}}

    def _access(self, call: Call, _: None) -> dict:
        """Gives out the token of an installation that waits for its code."""
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        form = (call.arguments.get("client_id"), call.arguments.get("client_secret"))
        if call.token != f"Basic {basic}" and form != (CLIENT_ID, CLIENT_SECRET):
            raise Refused("bad_client_secret")
        installed = self.to_be_installed.pop(call.arguments.get("code", ""), None)
        if installed is None:
            raise Refused("invalid_code")
        self.installations[installed.token] = installed
        return {
            "access_token": installed.token, "token_type": "bot", "scope": ",".join(installed.scopes), "app_id": APP,
            "bot_user_id": installed.bot_user,
            "team": None if installed.teams else {"id": installed.team, "name": "workspace"},
            "enterprise": {"id": installed.enterprise, "name": "enterprise"} if installed.enterprise else None,
            "authed_user": {"id": next(iter(self.users))}, "is_enterprise_install": bool(installed.teams),
        }  # fmt: skip

    # messages

    def _post(self, call: Call, installation: Installation) -> dict:
        payload = call.arguments
        channel = self.channel_of(installation, str(payload.get("channel", "")), posting=True)
        self._check(payload, _TEXT)
        opening = channel.message(payload["thread_ts"]) if payload.get("thread_ts") else None
        if payload.get("thread_ts") and opening is None:
            raise Refused("thread_not_found")
        message = self.store(channel, payload, **self._ours(installation))
        if opening is not None:
            opening |= {"thread_ts": opening["ts"], "reply_count": opening.get("reply_count", 0) + 1}
        return {"channel": channel.id, "ts": message["ts"], "message": message}

    def _ours(self, installation: Installation) -> dict:
        return {"user": installation.bot_user, "bot_id": BOT, "app_id": APP, "team": installation.team}

    def _update(self, call: Call, installation: Installation) -> dict:
        payload = call.arguments
        channel = self.channel_of(installation, str(payload.get("channel", "")))
        message = channel.message(payload.get("ts", ""))
        if message is None:
            raise Refused("message_not_found")
        if message.get("bot_id") != BOT:
            raise Refused("cant_update_message")
        if channel.archived:
            raise Refused("is_archived")
        self._check(payload, _UPDATED_TEXT)
        self.rewrite(message, payload)
        return {"channel": channel.id, "ts": message["ts"], "text": message["text"], "message": message}

    def rewrite(self, message: dict, payload: dict) -> None:
        """A message's new text and blocks: text without blocks takes the blocks away."""
        if "text" in payload or "blocks" in payload:
            message["text"] = payload.get("text") or ""
            message.pop("blocks", None)
        if payload.get("blocks"):
            message["blocks"] = self.named(payload["blocks"])
        if payload.get("metadata"):
            message["metadata"] = payload["metadata"]
        message["edited"] = {"user": message.get("user", ""), "ts": self.new_ts()}
        self.changed()

    def _post_ephemeral(self, call: Call, installation: Installation) -> dict:
        payload = call.arguments
        channel = self.channel_of(installation, str(payload.get("channel", "")), posting=True)
        if payload.get("user") not in self.users:
            raise Refused("user_not_in_channel")
        if not channel.member:
            raise Refused("not_in_channel")
        self._check(payload, _TEXT)
        payload = {**payload, "blocks": self.named(payload.get("blocks") or [])}
        shown = self.show(Shown(payload, True, channel.id, payload["user"], self.new_ts()))
        return {"message_ts": shown.ts}

    def _check(self, payload: dict, longest: int) -> None:
        """Raises Refused where Slack would not take the message."""
        text, blocks, metadata = payload.get("text"), payload.get("blocks"), payload.get("metadata")
        if not text and not blocks and not payload.get("attachments"):
            raise Refused("no_text")
        if text is not None and not isinstance(text, str):
            raise Refused("invalid_arguments", "[ERROR] must be a string [json-pointer:/text]")
        if text and len(text) > longest:
            raise Refused("msg_too_long")
        if blocks:
            if faults := faults_in_blocks(blocks):
                raise Refused("invalid_blocks", *faults, errors=faults)
            if cost_of(blocks) > self.knobs.room_for_blocks:
                raise Refused("msg_blocks_too_long")
        if metadata:
            whole = isinstance(metadata, dict) and isinstance(metadata.get("event_payload"), dict)
            if not whole or not metadata.get("event_type"):
                raise Refused("invalid_metadata_format")
            if len(json.dumps(metadata)) > _METADATA:
                raise Refused("metadata_too_large")

    # conversations

    def _info(self, call: Call, installation: Installation) -> dict:
        return {"channel": self.channel_of(installation, call.arguments.get("channel", "")).described()}

    def _open(self, call: Call, installation: Installation) -> dict:
        users = str(call.arguments.get("users", "")).split(",")
        channel = self.direct(installation, users[0])
        whole = is_true(call.arguments.get("return_im"))
        return {"channel": channel.described() if whole else {"id": channel.id}}

    def _history(self, call: Call, installation: Installation) -> dict:
        channel = self._readable(call, installation)
        top = [each for each in channel.messages if each.get("thread_ts", each["ts"]) == each["ts"]]
        return self._page(call, [] if self.knobs.hide_history else top[::-1])

    def _replies(self, call: Call, installation: Installation) -> dict:
        channel = self._readable(call, installation)
        opening = channel.message(call.arguments.get("ts", ""))
        if opening is None:
            raise Refused("thread_not_found")
        thread = [each for each in channel.messages if each.get("thread_ts") == opening["ts"]]
        thread = [each for each in thread if each is not opening]
        return self._page(call, [] if self.knobs.hide_history else [opening, *thread])

    def _readable(self, call: Call, installation: Installation) -> Channel:
        channel = self.channel_of(installation, call.arguments.get("channel", ""))
        if not channel.member:
            raise Refused("not_in_channel")
        return channel

    def _page(self, call: Call, messages: list[dict]) -> dict:
        """One page, in the order given; `oldest` and `latest` themselves count only if `inclusive`."""
        asked = call.arguments
        oldest, latest = float(asked.get("oldest") or 0), float(asked.get("latest") or "inf")
        if is_true(asked.get("inclusive")):
            messages = [each for each in messages if oldest <= float(each["ts"]) <= latest]
        else:
            messages = [each for each in messages if oldest < float(each["ts"]) < latest]
        begin = int(str(asked.get("cursor") or "at:0").removeprefix("at:"))
        size = min(int(asked.get("limit") or 100), self.knobs.history_page)
        more = len(messages) > begin + size
        shown = [
            _read(each, is_true(asked.get("include_all_metadata"))) for each in messages[begin : begin + size]
        ]
        cursor = f"at:{begin + size}" if more else ""
        return {"messages": shown, "has_more": more, "response_metadata": {"next_cursor": cursor}}


def _read(message: dict, with_metadata: bool) -> dict:
    """A message as a history shows it."""
    return {key: value for key, value in message.items() if key != "metadata" or with_metadata}


def _troubled(trouble: Trouble) -> web.Response:
    headers = {} if trouble.retry_after is None else {"Retry-After": str(trouble.retry_after)}
    if trouble.html:
        page = "<html><body>a proxy's page</body></html>"
        return web.Response(text=page, content_type="text/html", status=trouble.status, headers=headers)
    answer = {"ok": False, "error": trouble.error or "internal_error"}
    return web.json_response(answer, status=trouble.status, headers=headers)
