"""A Discord in a process of its own, which enforces fifty requests a second: `python -m tests.evaluation.discord.server`.

It prints its address, answers until its standard input ends, and is steered at `/control/…`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable

from aiohttp import web

from tests.discord.fake import FakeDiscord, _drop, _json, _payload

LIMIT = 50
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class StrictDiscord(FakeDiscord):
    """Keeps account of all that is asked, refuses what is too much, and fails as often as it is told to."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.made: deque[float] = deque()
        self.limited = 0
        self.posted: list[tuple[float, str]] = []
        """When each post was first stored, and its key."""
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
        kind = self._kind()
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

    def _kind(self) -> str:
        dice = self._chance.random()
        for kind, share in self.faults.items():
            if dice < share:
                return kind
            dice -= share
        return ""

    def control(self) -> list[web.RouteDef]:
        return [
            web.get("/control/stats", self._stats),
            web.post("/control/faults", self._set_faults),
            web.post("/control/nonces", self._set_nonces),
            web.post("/control/clear", self._clear),
            web.post("/control/ask", self._ask_many),
        ]

    async def _stats(self, request: web.Request) -> web.Response:
        keys = Counter(key for _, key in self.posted)
        times = [at for at, _ in self.posted]
        return _json(
            {
                "posted": len(self.posted),
                "twice": sum(count - 1 for count in keys.values()),
                "channels": len(self.messages),
                "keys": sorted(keys),
                "limited": self.limited,
                "first": min(times, default=0),
                "last": max(times, default=0),
                "now": time.monotonic(),
            }
        )

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
        questions = deque(asked["questions"])
        took: list[float] = []

        async def reader() -> None:
            while questions:
                options = questions.popleft()
                begun = time.perf_counter()
                one = await self.ask("whosaid", options, guild=int(asked["guild"]))
                answer = await one.answer()
                took.append(1000 * (time.perf_counter() - begun))
                assert answer.embeds, answer

        await asyncio.gather(*(reader() for _ in range(asked["at_once"])))
        return _json(took)


async def _serve(seed: int) -> None:
    discord = StrictDiscord(seed)
    application = web.Application(middlewares=[discord.strict])
    application.add_routes([*discord.control(), *discord.routes()])
    runner = web.AppRunner(application, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    discord.url = f"http://{host}:{port}"
    sys.stdout.write(f"{discord.url}\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await discord.settle()
    await runner.cleanup()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    asyncio.run(_serve(parser.parse_args().seed))
