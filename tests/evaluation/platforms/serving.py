"""How a platform of ours serves beside the bot: it prints its address, and answers until its standard input ends."""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Protocol

from aiohttp import web

Posted = tuple[float, str]
"""When a post was first stored, by the machine's own clock, and its key."""


class Fake(Protocol):
    """A fake platform."""

    url: str

    def routes(self) -> list[web.RouteDef]: ...

    async def settle(self) -> None: ...


def seed_given() -> int:
    """Of the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args().seed


async def serve(fake: Fake, control: Collection[web.RouteDef], *middlewares: object) -> None:
    """Serves; it is steered at `/control/…`."""
    application = web.Application(middlewares=middlewares, client_max_size=64 * 1024 * 1024)
    application.add_routes([*control, *fake.routes()])
    runner = web.AppRunner(application, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    fake.url = f"http://{host}:{port}"
    sys.stdout.write(f"{fake.url}\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await fake.settle()
    await runner.cleanup()


def account_of(posted: Sequence[Posted]) -> dict[str, object]:
    """What was posted when, and what twice."""
    keys = Counter(key for _, key in posted)
    times = [at for at, _ in posted]
    return {
        "posted": len(posted),
        "twice": sum(count - 1 for count in keys.values()),
        "keys": sorted(keys),
        "first": min(times, default=0),
        "last": max(times, default=0),
        "now": time.monotonic(),
    }


def drawn(chance: random.Random, shares: Mapping[str, float]) -> str:
    """One of the kinds, as often as its share says; else nothing."""
    dice = chance.random()
    for kind, share in shares.items():
        if dice < share:
            return kind
        dice -= share
    return ""


async def all_asked(questions: Sequence[dict], at_once: int, ask: Callable[[dict], Awaitable[None]]) -> None:
    """Asks so many at one time, and the next one as soon as one is answered."""
    left = deque(questions)

    async def reader() -> None:
        while left:
            await ask(left.popleft())

    await asyncio.gather(*(reader() for _ in range(at_once)))
