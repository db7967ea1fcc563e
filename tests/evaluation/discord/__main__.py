"""Measures Discord: `python -m tests.evaluation.discord [--only PART…] [--postgresql] [--channels N] [--kills N]`.

Parts: `claim` (subscriptions due in one second), `post` (channels due in one second, under an enforced limit), `ask`
(`/whosaid`, twenty at once, while posting), `kill` (the same as `post`, killed again and again, with faults), `memory`
(an idle bot). Prints one JSON line.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import numpy as np

from bot.jobs.breaker import Breaker
from bot.jobs.claiming import claim_due
from bot.jobs.deliver import deliver
from bot.logs import set_up_logs
from bot.wiring import open_discord
from news.channels import DeliveryState
from storage.engine import open_store
from storage.tables import DeliveryRow
from tests.backends import empty_database
from tests.discord.fake import TOKEN
from tests.evaluation.crashes.clock import FastClock
from tests.evaluation.discord.world import (
    DISCORD,
    MORNING,
    Server,
    add_servers,
    at_work,
    discord_beside,
    read_wire,
)
from tests.fakes import SetClock

Found = dict[str, object]


@asynccontextmanager
async def lag() -> AsyncIterator[list[float]]:
    """How late the event loop is, in milliseconds, again and again."""
    late: list[float] = []

    async def watch() -> None:
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(0.001)
            late.append(1000 * (time.perf_counter() - begun - 0.001))

    watching = asyncio.create_task(watch())
    try:
        yield late
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


def spread(values: list[float]) -> Found:
    p50, p99 = np.percentile(values, [50, 99])
    return {"p50": round(float(p50), 1), "p99": round(float(p99), 1), "max": round(max(values), 1)}


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
    async with at_work(url, server, now) as (app, _), open_discord(app) as messenger, lag() as late:
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
    from tests.evaluation.news_archive import Archive

    names = Archive(20_000)
    rng = np.random.default_rng(7)
    actors, words = names.names.draw(rng, questions), names.words.draw(rng, questions)
    shutil.copyfile(archive, url.removeprefix("sqlite:///"))
    async with open_store(url):
        pass
    await add_servers(url, 1000, due=MORNING, servers=100)
    found: Found = {"at_once": 20, "questions": questions}
    async with at_work(url, server, MORNING) as (app, _), open_discord(app) as messenger:
        options = [{"actor": a, "about": w} for a, w in zip(actors, words, strict=True)]
        asked = {"at_once": 20, "guild": 1000, "questions": options}
        await server.tell("ask", {**asked, "questions": options[:100]})
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
    chance = random.Random(seed)
    now = await read_wire(url)
    await add_servers(url, channels, due=now, servers=channels // 10)
    # On a clock sixty times as fast, on which two minutes of looking away are two seconds.
    clock = FastClock(now, time.monotonic(), 60.0)
    await server.tell("nonces", 3.0)  # as long as five minutes on that clock
    await server.tell("faults", {"error": 0.02, "reset before": 0.02, "reset after": 0.02})
    died = 0
    begun = time.monotonic()
    while True:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "tests.evaluation.discord.bot", url, server.url, str(clock)),
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        await process.stdout.readline()
        if died < kills:
            await asyncio.sleep(chance.uniform(0.05, 1.0))
        else:
            await _settled(url)
        process.send_signal(signal.SIGKILL)
        await process.wait()
        if died == kills:
            break
        died += 1
    stats = await server.stats()
    states = await _states(url)
    return {
        "channels": channels,
        "kills": died,
        "seconds": round(time.monotonic() - begun, 1),
        "posted_channels": stats["channels"],
        "twice": stats["twice"],
        "lost": channels - stats["channels"],
        "refused_429": stats["limited"],
        "states": states,
    }


async def _states(url: str) -> dict[str, int]:
    from sqlalchemy import func, select

    async with open_store(url) as store, store.read() as uow:
        query = select(DeliveryRow.state, func.count()).group_by(DeliveryRow.state)
        rows = await uow.deliveries._session.execute(query)
        return dict(rows.all())


async def _settled(url: str) -> None:
    """Until nothing is on its way."""
    under_way = {DeliveryState.CLAIMED, DeliveryState.PENDING, DeliveryState.SENDING}
    async with asyncio.timeout(600):
        while under_way & (await _states(url)).keys():  # noqa: ASYNC110 - another process settles them
            await asyncio.sleep(1)


async def memory(url: str, server: Server) -> Found:
    """`attache run` with Discord, before the first article is read."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ATTACHE_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "run"),
        env=kept
        | {
            "ATTACHE_DATABASE_URL": url,
            "ATTACHE_DISCORD_TOKEN": TOKEN,
            "ATTACHE_DISCORD_API_URL": f"{server.url}/api/v10",
            "ATTACHE_DISCORD_GATEWAY_URL": f"{server.url.replace('http', 'ws')}/gateway",
        },
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    while b"running" not in (line := await process.stderr.readline()):
        assert line
    await asyncio.sleep(10)
    status = await asyncio.to_thread(Path(f"/proc/{process.pid}/status").read_text)
    resident = {
        line.split(":")[0]: int(line.split()[1]) // 1024 for line in status.splitlines() if "kB" in line
    }
    process.send_signal(signal.SIGTERM)
    begun = time.monotonic()
    await process.communicate()
    return {
        "resident_mb": resident["VmRSS"],
        "most_mb": resident["VmHWM"],
        "stopped_after_s": round(time.monotonic() - begun, 2),
    }


async def measure(options: argparse.Namespace) -> Found:
    """The parts that are asked for."""
    found: Found = {}

    async def part(name: str, work: Callable[[str, Server], Awaitable[Found]]) -> None:
        if options.only and name not in options.only:
            return
        backend = "postgresql" if options.postgresql else "sqlite"
        with tempfile.TemporaryDirectory(prefix="attache-discord-") as folder:
            async with empty_database(backend, Path(folder)) as url, discord_beside() as server:
                found[name] = await work(url, server)
        sys.stderr.write(f"{name}: {found[name]}\n")

    await part("claim", lambda url, _: claim(url))
    await part("post", lambda url, server: post(url, server, options.channels, options.servers))
    await part("ask", lambda url, server: ask(url, server, options.archive, options.questions))
    await part("kill", lambda url, server: kill(url, server, options.channels, options.kills, options.seed))
    await part("memory", memory)
    return found


def main() -> None:
    """Prints one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.evaluation.discord")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--channels", type=int, default=1000)
    parser.add_argument("--servers", type=int, default=100)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--archive", type=Path, default=Path(tempfile.gettempdir()) / "attache-store-0.02.db")
    parser.add_argument("--seed", type=int, default=1)
    set_up_logs("error", "console")
    print(json.dumps(asyncio.run(measure(parser.parse_args()))))


if __name__ == "__main__":
    main()
