"""Measures Discord: `python -m tests.evaluation.discord [--only PART…] [--postgresql] [--channels N] [--kills N]`.

Parts: `claim` (subscriptions due in one second), `post` (channels due in one second, under an enforced limit), `ask`
(`/whosaid`, twenty at once, while posting), `kill` (the same as `post`, killed again and again, with faults), `memory`
(an idle bot). Prints one JSON line.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from contextlib import suppress
from pathlib import Path

from bot.jobs.breaker import Breaker
from bot.jobs.claiming import claim_due
from bot.jobs.deliver import deliver
from bot.logs import set_up_logs
from bot.wiring import open_discord
from storage.engine import open_store
from tests.discord.fake import TOKEN
from tests.evaluation.crashes.clock import FastClock
from tests.evaluation.discord.world import (
    DISCORD,
    FIRST,
    MORNING,
    Server,
    add_servers,
    at_work,
    discord_beside,
    read_wire,
)
from tests.evaluation.platforms import asking
from tests.evaluation.platforms.measures import Found, lag, leave_out_what_stays, measure, resident, spread
from tests.evaluation.platforms.posting import SPEED, kill_again_and_again, states
from tests.fakes import SetClock


async def claim(url: str, count: int = 10_000) -> Found:
    """So many subscriptions that are due in one second."""
    async with open_store(url):
        pass
    await add_servers(url, count, due=MORNING, servers=1000)
    async with open_store(url) as store, lag() as late:
        await asyncio.sleep(0.2)
        late.clear()
        begun = time.perf_counter()
        taken = await claim_due(store, SetClock(MORNING), [DISCORD])
        took = time.perf_counter() - begun
        await asyncio.sleep(0.05)
    assert taken == count
    return {"subscriptions": taken, "seconds": round(took, 3), "loop_late_ms": spread(late)}


async def post(url: str, server: Server, channels: int, servers: int) -> Found:
    """So many channels that are due in one second."""
    now = await read_wire(url)
    await add_servers(url, channels, due=now, servers=servers)
    async with at_work(url, server, now) as app, open_discord(app) as messenger, lag() as late:
        leave_out_what_stays()
        await asyncio.sleep(1.5)  # what connecting asked is not of this second
        before = (await server.stats())["now"]
        begun = time.process_time()
        delivered = await deliver(app.store, app.clock, {DISCORD: messenger}, {DISCORD: Breaker()})
        cpu = time.process_time() - begun
    stats = await server.stats()
    return {
        "channels": channels,
        "servers": servers,
        "seconds": round(stats["last"] - before, 2),
        "first_after": round(stats["first"] - before, 2),
        "sent": delivered.sent,
        "posted": stats["posted"],
        "twice": stats["twice"],
        "refused_429": stats["limited"],
        "cpu_seconds": round(cpu, 1),
        "loop_late_ms": spread(late),
    }


async def ask(url: str, server: Server, archive: Path, questions: int) -> Found:
    """`/whosaid` while posting: the store of `tests.evaluation.store`, filled at a scale of 0.02."""
    await asking.copy_archive(archive, url)
    await add_servers(url, 1000, due=MORNING, servers=100)
    options = asking.questions_of(questions)
    found: Found = {"at_once": 20, "questions": questions}
    async with at_work(url, server, MORNING) as app, open_discord(app) as messenger:
        asked = {"at_once": 20, "guild": FIRST, "questions": options}
        await server.tell("ask", {**asked, "questions": options[:100]})
        leave_out_what_stays()
        found["idle"] = spread(await server.tell("ask", asked))
        one = {**asked, "at_once": 1, "questions": options[:200]}
        found["one_at_a_time"] = spread(await server.tell("ask", one))
        posting = asyncio.create_task(
            deliver(app.store, app.clock, {DISCORD: messenger}, {DISCORD: Breaker()})
        )
        await asyncio.sleep(2)
        found["while_posting"] = spread(await server.tell("ask", asked))
        found["posting_went_on"] = not posting.done()
        posting.cancel()
        with suppress(asyncio.CancelledError):
            await posting
    return found


async def kill(url: str, server: Server, channels: int, kills: int, seed: int) -> Found:
    """As `post`, killed at random moments, with errors, resets and lost answers."""
    now = await read_wire(url)
    await add_servers(url, channels, due=now, servers=channels // 10)
    clock = FastClock(now, time.monotonic(), SPEED)
    await server.tell("nonces", 3.0)  # as long as five minutes on that clock
    await server.tell("faults", {"error": 0.02, "reset before": 0.02, "reset after": 0.02})
    module = "tests.evaluation.discord.bot"
    found = await kill_again_and_again(url, module, url, server.url, str(clock), kills=kills, seed=seed)
    stats = await server.stats()
    return {
        "channels": channels,
        **found,
        "posted_channels": stats["channels"],
        "twice": stats["twice"],
        "lost": channels - stats["channels"],
        "refused_429": stats["limited"],
        "states": await states(url),
    }


async def memory(url: str, server: Server) -> Found:
    """`attache run` with Discord, before the first article is read."""
    return await resident(
        {
            "ATTACHE_DATABASE_URL": url,
            "ATTACHE_DISCORD_TOKEN": TOKEN,
            "ATTACHE_DISCORD_API_URL": f"{server.url}/api/v10",
            "ATTACHE_DISCORD_GATEWAY_URL": f"{server.url.replace('http', 'ws')}/gateway",
        }
    )


def main() -> None:
    """Prints one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.evaluation.discord")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--channels", type=int, default=1000)
    parser.add_argument("--servers", type=int, default=100)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    asking.add_options(parser)
    options = parser.parse_args()
    parts = {
        "claim": lambda url, _: claim(url),
        "post": lambda url, server: post(url, server, options.channels, options.servers),
        "ask": lambda url, server: ask(url, server, options.archive, options.questions),
        "kill": lambda url, server: kill(url, server, options.channels, options.kills, options.seed),
        "memory": memory,
    }
    set_up_logs("error", "console")
    backend = "postgresql" if options.postgresql else "sqlite"
    print(json.dumps(asyncio.run(measure(parts, discord_beside, only=options.only, backend=backend))))


if __name__ == "__main__":
    main()
