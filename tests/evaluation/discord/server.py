"""A Discord in a process of its own, which enforces fifty requests a second: `python -m tests.evaluation.discord.server`.

It prints its address, answers until its standard input ends, and is steered at `/control/…`.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable

from aiohttp import web

from tests.discord.fake import FakeDiscord, _drop, _json, _payload
from tests.evaluation.platforms.serving import Posted, account_of, all_asked, drawn, seed_given, serve

LIMIT = 50
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class StrictDiscord(FakeDiscord):
    """Keeps account of all that is asked, refuses what is too much, and fails as often as it is told to."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.made: deque[float] = deque()
        self.limited = 0
        self.posted: list[Posted] = []
        self.faults: dict[str, float] = {}
        self._chance = random.Random(seed)

    @web.middleware
    async def strict(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Interactions are exempt, as Discord's are."""
        free = ("/interactions/", "/webhooks/", "/control/", "/gateway")
        if any(part in request.path for part in free):
            return await handler(request)
        now = time.monotonic()
        while self.made and self.made[0] <= now - 1:
            self.made.popleft()
        if len(self.made) >= LIMIT:
            self.limited += 1
            headers = {"Via": "1.1 loopback", "X-RateLimit-Global": "true", "Retry-After": "1"}
            body = {"message": "You are being rate limited.", "retry_after": 1.0, "global": True}
            answer = _json(body, 429)
            answer.headers.update(headers)
            return answer
        self.made.append(now)
        if request.method != "POST" or not request.path.endswith("/messages"):
            return await handler(request)
        return await self._faulty(request, handler)

    async def _faulty(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        kind = drawn(self._chance, self.faults)
        if kind == "error":
            return _json({"message": "no", "code": 0}, self._chance.choice((500, 502, 503, 504)))
        if kind == "reset before":
            return _drop(request)
        before = sum(map(len, self.messages.values()))
        answer = await handler(request)
        if sum(map(len, self.messages.values())) > before:
            payload = await _payload(request) if request.content_type != "application/json" else None
            nonce = payload["nonce"] if payload else json.loads(await request.text())["nonce"]
            self.posted.append((time.monotonic(), f"{request.match_info['channel']} {nonce}"))
        return _drop(request) if kind == "reset after" else answer

    def control(self) -> list[web.RouteDef]:
        return [
            web.get("/control/stats", self._stats),
            web.post("/control/faults", self._set_faults),
            web.post("/control/nonces", self._set_nonces),
            web.post("/control/clear", self._clear),
            web.post("/control/ask", self._ask_many),
        ]

    async def _stats(self, request: web.Request) -> web.Response:
        own = {"channels": len(self.messages), "limited": self.limited}
        return _json(account_of(self.posted) | own)

    async def _set_faults(self, request: web.Request) -> web.Response:
        self.faults = await request.json()
        return _json({})

    async def _set_nonces(self, request: web.Request) -> web.Response:
        self.nonce_lasts = await request.json()
        return _json({})

    async def _clear(self, request: web.Request) -> web.Response:
        self.posted.clear()
        self.messages.clear()
        self.limited = 0
        return _json({})

    async def _ask_many(self, request: web.Request) -> web.Response:
        """Commands, so many at one time; milliseconds from the dispatch to the answer that is seen."""
        asked = await request.json()
        took: list[float] = []

        async def ask(options: dict) -> None:
            begun = time.perf_counter()
            one = await self.ask("whosaid", options, guild=int(asked["guild"]))
            answer = await one.answer()
            took.append(1000 * (time.perf_counter() - begun))
            assert answer.embeds, answer

        await all_asked(asked["questions"], asked["at_once"], ask)
        return _json(took)


if __name__ == "__main__":
    discord = StrictDiscord(seed_given())
    asyncio.run(serve(discord, discord.control(), discord.strict))
