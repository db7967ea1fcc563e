"""Measures intake: `python -m tests.evaluation.intake [--seconds N] [--inputs N] [--only PART]` prints one JSON line.

Everything is real but the outlets: a server of our own in another process of this machine answers on many loopback
addresses, each a host of its own, and the store is an SQLite file. CPU is of the measuring process, its threads
included; worker processes and the server have their own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from bot.jobs.collect import collect
from bot.jobs.drafting import Publisher, draft_of_entry, fingerprint
from bot.jobs.ledger import Ledger, Reading
from bot.logs import set_up_logs
from feeds.fetch import Fetcher
from feeds.reader import Reader
from news.arrivals import Arrival
from news.channels import Platform
from news.feeds import Feed, Validators
from storage.engine import open_store
from storage.unit_of_work import SqlStore
from storage.upgrade import upgrade
from tests.evaluation import intake_pages
from tests.evaluation.made_up import a_feed
from tests.fuzzing.campaign import campaign

HOSTS = tuple(f"127.0.0.{n}" for n in range(1, 101))
START = datetime(2024, 12, 4, 12, 0, tzinfo=UTC)
KNOWN = Validators(etag='"1"')


@dataclass
class RunningClock:
    """Runs `speed` times as fast as the machine's own."""

    speed: float = 1.0
    begun: float = 0.0

    def now(self) -> datetime:
        return START + timedelta(seconds=(time.monotonic() - self.begun) * self.speed)


@contextmanager
def serving() -> Iterator[int]:
    """The server's port."""
    command = [sys.executable, "-m", "tests.evaluation.intake_server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield int(server.stdout.readline())
        finally:
            server.kill()


@asynccontextmanager
async def a_store() -> AsyncIterator[SqlStore]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder, 'intake.db')}"
        await upgrade(url)
        async with open_store(url) as store:
            yield store


async def follow(store: SqlStore, urls: list[str], state: Callable[[int, Feed], Feed]) -> None:
    """Feeds that were read before, in the state that `state` makes of the number of each."""
    async with store.write() as uow:
        workspace = await uow.workspaces.obtain(Platform.TERMINAL, "local")
        feeds = [await uow.feeds.follow(workspace.id, url) for url in urls]
        known = (replace(feed, last_success=START, validators=KNOWN) for feed in feeds)
        await uow.feeds.save(*(state(number, feed) for number, feed in enumerate(known)))
        await uow.commit()


def fuzz(inputs: int) -> dict[str, float]:
    """How the parsers take hostile inputs, half of them feeds and half pages."""
    done = [campaign(name, 1, range(inputs // 2)) for name in ("feeds", "pages")]
    return {
        "hostile_inputs": sum(outcome.inputs for outcome in done),
        "hostile_crashes": sum(len(outcome.crashes) for outcome in done),
        "hostile_over_250_ms": sum(len(outcome.slow) for outcome in done),
        "hostile_slowest_ms": max(outcome.slowest_ms for outcome in done),
    }


async def requests(port: int, count: int = 12_000) -> dict[str, float]:
    """Conditional requests a second that are answered with 304."""
    async with Fetcher(user_agent="attache-benchmark", private_hosts=HOSTS) as fetcher:

        async def ask(numbers: Iterator[int]) -> None:
            for number in numbers:
                await fetcher.get(
                    f"http://{HOSTS[number % 100]}:{port}/same/{number % 500}", validators=KNOWN
                )

        async def ask_all(count: int) -> tuple[float, float]:
            numbers = iter(range(count))
            begun, spent = time.perf_counter(), time.process_time()
            await asyncio.gather(*(ask(numbers) for _ in range(64)))
            return time.perf_counter() - begun, time.process_time() - spent

        await ask_all(1_000)
        took, spent = min([await ask_all(count) for _ in range(3)])
    return {"requests_per_second": count / took, "requests_per_cpu_second": count / spent}


async def unchanged(port: int, count: int = 3_000) -> dict[str, float]:
    """Feeds that are found due, asked, found unchanged and stored so, a second."""
    urls = [f"http://{HOSTS[n % 100]}:{port}/same/{n}" for n in range(count)]
    async with a_store() as store, Reader(user_agent="attache-benchmark", private_hosts=HOSTS) as reader:
        clock = RunningClock(begun=time.monotonic())
        await follow(store, urls, lambda _, feed: feed)
        begun, spent, done = time.perf_counter(), time.process_time(), 0
        while looked := (await collect(store, reader, clock)).feeds:
            done += looked
        assert done == count, f"{done} looks at {count} feeds"
        return {
            "unchanged_feeds_per_cpu_second": count / (time.process_time() - spent),
            "unchanged_feeds_per_second": count / (time.perf_counter() - begun),
        }


async def feed_of_100(rounds: int = 25) -> dict[str, float]:
    """Milliseconds by the clock from a feed's bytes to its 100 entries in the store, pages not counted."""
    took, parsing = [], []
    async with a_store() as store, Reader(user_agent="attache-benchmark") as reader:
        clock = RunningClock(begun=time.monotonic())
        await follow(store, ["https://herald.example/feed"], lambda _, feed: feed)
        async with store.read() as uow:
            (feed,) = await uow.feeds.due(START)
        for number in range(rounds):
            body = a_feed(100, first=number * 100)
            begun = time.perf_counter()
            fetched = await reader.parse(body, feed.url)
            parsed = time.perf_counter()
            drafts = [
                (entry, draft_of_entry(entry, Publisher((feed.url,), "Herald"))) for entry in fetched.entries
            ]
            arrivals = tuple(Arrival(e.key, d, fingerprint(e)) for e, d in drafts if d is not None)
            await Ledger(store, clock).write(Reading(feed, arrivals))
            took.append(1000 * (time.perf_counter() - begun))
            parsing.append(1000 * (parsed - begun))
            assert len(arrivals) == 100
    return {
        "feed_of_100_ms": statistics.median(took[3:]),
        "feed_of_100_best_ms": min(took[3:]),
        "of_which_parsing_ms": statistics.median(parsing[3:]),
    }


async def lag(port: int, seconds: float, speed: float = 10.0, count: int = 1_000) -> dict[str, float]:
    """How late the event loop is while feeds are read at their adapted intervals, at so many times the speed of life."""
    rng = np.random.default_rng(1)
    minutes = rng.choice([10, 20, 40, 90, 180, 360], size=count, p=[0.1, 0.2, 0.3, 0.2, 0.1, 0.1])
    kinds = rng.choice(["busy", "same"], size=count, p=[0.7, 0.3])
    urls = [f"http://{HOSTS[n % 100]}:{port}/{kind}/{n}" for n, kind in enumerate(kinds)]
    early = rng.random(count)

    def state(number: int, feed: Feed) -> Feed:
        interval = timedelta(minutes=int(minutes[number]))
        return replace(feed, interval=interval, next_check=START + interval * float(early[number]))

    async with a_store() as store, Reader(user_agent="attache-benchmark", private_hosts=HOSTS) as reader:
        await follow(store, urls, state)
        clock = RunningClock(speed, time.monotonic())
        late: list[float] = []
        looks = articles = 0
        end = time.monotonic() + seconds
        sampling = asyncio.create_task(sample(late))
        while time.monotonic() < end:
            beat = time.monotonic()
            done = await collect(store, reader, clock)
            looks, articles = looks + done.feeds, articles + done.articles
            await asyncio.sleep(max(0.0, 1 - (time.monotonic() - beat)))
        sampling.cancel()
    p50, p99, most = np.percentile(late, [50, 99, 100])
    return {
        "lag_p50_ms": p50, "lag_p99_ms": p99, "lag_max_ms": most,
        "lag_looks": looks, "lag_articles": articles, "lag_speed": speed, "lag_seconds": seconds,
    }  # fmt: skip


async def sample(late: list[float]) -> None:
    """Wakes every 5 ms and keeps by how many milliseconds it came too late."""
    while True:
        due = time.perf_counter() + 0.005
        await asyncio.sleep(0.005)
        late.append(1000 * (time.perf_counter() - due))


async def measure(parts: list[str], seconds: float, inputs: int) -> dict[str, float]:
    """The figures of these parts."""
    found: dict[str, float] = {}
    if "fuzz" in parts:
        found |= fuzz(inputs)
    if "pages" in parts:
        found |= await asyncio.to_thread(intake_pages.measure)
    with serving() as port:
        if "requests" in parts:
            found |= await requests(port)
        if "unchanged" in parts:
            found |= await unchanged(port)
        if "feed" in parts:
            found |= await feed_of_100()
        if "lag" in parts:
            found |= await lag(port, seconds)
    return found


def main() -> int:
    """Prints the figures on one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parts = ("fuzz", "pages", "requests", "unchanged", "feed", "lag")
    parser.add_argument("--only", choices=parts, action="append", help="one part alone; may be given again")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long the event loop is watched")
    parser.add_argument(
        "--inputs", type=int, default=10_000, help="hostile inputs, shared between the parsers"
    )
    options = parser.parse_args()
    set_up_logs("error", "console")
    found = asyncio.run(measure(options.only or list(parts), options.seconds, options.inputs))
    print(json.dumps({name: round(float(value), 2) for name, value in found.items()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
