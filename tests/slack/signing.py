"""Requests that a fake Slack signs and posts to an app's request URL, where the app does not use Socket Mode."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from urllib.parse import urlencode

import aiohttp

from tests.slack.places import SIGNING_SECRET
from tests.slack.socket import Ack, Envelope

_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Replied:
    """What the app answered over HTTP."""

    status: int
    body: str

    @property
    def payload(self) -> dict | None:
        """What an acknowledgement over a socket would have carried."""
        if not self.body:
            return None
        return json.loads(self.body) if self.body.startswith("{") else {"text": self.body}


def body_of(kind: str, payload: dict) -> tuple[str, str]:
    """What is posted for something that happened, and its content type."""
    match kind:
        case "slash_commands":
            return urlencode(payload), _FORM
        case "interactive":
            return urlencode({"payload": json.dumps(payload)}), _FORM
    return json.dumps(payload), "application/json"


def signed(body: str, *, secret: str = SIGNING_SECRET, at: float | None = None) -> dict[str, str]:
    """The headers that prove that the body is Slack's, from that Unix time; now, if none is given."""
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


class Signing:
    """What goes to request URLs; a part of `FakeSlack`."""

    def __init__(self) -> None:
        super().__init__()
        self.request_url = ""
        """Where everything that happens is posted; nothing goes over sockets while it is set."""
        self.request_urls: dict[str, str] = {}
        """Other addresses by kind: `slash_commands`, `interactive`, `events_api`."""

    async def post_signed(
        self,
        url: str,
        kind: str,
        payload: dict,
        *,
        secret: str = SIGNING_SECRET,
        at: float | None = None,
        headers: dict[str, str] | None = None,
    ) -> Replied:
        """Posts something that happened to a request URL; raises ClientError where nobody answers."""
        body, content_type = body_of(kind, payload)
        sent = {"Content-Type": content_type, **signed(body, secret=secret, at=at), **(headers or {})}
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, data=body.encode(), headers=sent) as answer,
        ):
            return Replied(answer.status, await answer.text())

    async def _send_over_http(self, envelope: Envelope) -> None:
        url = self.request_urls.get(envelope.kind, self.request_url)
        tries = 2 if envelope.kind == "events_api" else 1 + (self.knobs.repeat_envelopes > 0)
        for attempt in range(tries):
            again = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": "http_timeout"}
            envelope.sent_to.append(0)
            envelope.sent_at = asyncio.get_running_loop().time()
            try:
                async with asyncio.timeout(self.knobs.acknowledge_within):
                    replied = await self.post_signed(
                        url, envelope.kind, envelope.payload, headers=again if attempt else {}
                    )
            except (TimeoutError, aiohttp.ClientError):
                continue
            if replied.status == 200:
                took = asyncio.get_running_loop().time() - envelope.sent_at
                envelope.acks.append(Ack(replied.payload, took))
                break
        envelope.given_up = not envelope.acks
        self.changed()
