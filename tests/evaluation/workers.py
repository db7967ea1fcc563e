"""Measures how many more articles two workers read than one: `python -m tests.evaluation.workers [--articles N]`.

Each worker is `attache run --role worker` with one reading thread and a core of its own, on a PostgreSQL that is started for
it and has whatever cores are free; articles are handed out as by a reader. What is read are the sample wire's, again and again. Before and after it is measured how much more two processes that only count do
than one: where that is well below 2, the machine has no two cores free, and neither have the workers.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count, cycle, islice
from pathlib import Path

from bot.demo.sample import load_wire
from bot.jobs.reading import offer_unread
from bot.wiring import SystemClock
from news.channels import Platform
from storage.engine import open_store
from storage.jobs.reading import ReadingQueue, open_reading_queue
from storage.unit_of_work import SqlStore
from tests.backends import current_database
from tests.builders import a_draft
from tests.end_to_end.processes import Running, running
from tests.evaluation.processes import below, processor_seconds

WARM = 6
"""Articles a worker, by which it loads its models."""
COUNTED = 1.5
"""Seconds for which a process counts."""

_numbers = count()


async def bring(store: SqlStore, number: int) -> None:
    """Stores so many articles that nobody has read."""
    versions = [version for _, article in load_wire().articles for version in article.versions]
    async with store.write() as uow:
        workspace = await uow.workspaces.obtain(Platform.TERMINAL, "local")
        for version in islice(cycle(versions), number):
            draft = a_draft(text=version.text, title=version.title)
            await uow.articles.import_(workspace.id, f"a{next(_numbers)}", draft, now=SystemClock().now())
        await uow.commit()


async def seconds_to_read(store: SqlStore, jobs: ReadingQueue, number: int) -> float:
    """How long it takes from when all are there until all are read."""
    await bring(store, number)
    begun = time.monotonic()
    await offer_unread(store, jobs)
    while True:
        async with store.read() as uow:
            if not await uow.articles.waiting(1):
                return time.monotonic() - begun
        await asyncio.sleep(0.1)


@asynccontextmanager
async def on_core(core: int, url: str) -> AsyncIterator[Running]:
    """A worker that has this core and no other."""
    own = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})  # a process begins with those of whoever begins it
    async with AsyncExitStack() as stack:
        try:
            worker = await stack.enter_async_context(
                running(
                    *(url, "--role", "worker"), ATTACHE_READING_AT_ONCE="1", ATTACHE_HEARTBEAT_SECONDS="5"
                )
            )
        finally:
            os.sched_setaffinity(0, own)
        yield worker


def spent(worker: Running) -> float:
    """Processor seconds of the worker's process, and of those that it reads in."""
    own = worker.process.pid
    return sum(map(processor_seconds, (own, *below(own))))


def counting(_: int) -> int:
    """How far one counts in a fixed time."""
    end, found = time.monotonic() + COUNTED, 0
    while time.monotonic() < end:
        for _ in range(1000):
            found += 1
    return found


def control() -> float:
    """How much more two processes count than one."""
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        pool.map(counting, range(2), chunksize=1)
        one = pool.apply(counting, (0,))
        return sum(pool.map(counting, range(2), chunksize=1)) / one


async def measure(number: int) -> None:
    """Prints the rates and their ratio."""
    before = await asyncio.to_thread(control)
    with tempfile.TemporaryDirectory() as folder:
        async with AsyncExitStack() as stack:
            url = await stack.enter_async_context(current_database("postgresql", Path(folder)))
            store = await stack.enter_async_context(open_store(url))
            jobs = await stack.enter_async_context(open_reading_queue(url))
            workers, rates = [], []
            for core in sorted(os.sched_getaffinity(0))[:2]:
                worker = await stack.enter_async_context(on_core(core, url))
                await worker.says("running as worker")
                workers.append(worker)
                while not all(one.said("reading ", "articles=") for one in workers):
                    await seconds_to_read(store, jobs, WARM * len(workers))
                used = sum(map(spent, workers))
                took = await seconds_to_read(store, jobs, number * len(workers))
                used = sum(map(spent, workers)) - used
                rates.append(number * len(workers) / took)
                print(
                    f"{len(workers)} worker{'s' * (len(workers) > 1)}: {rates[-1]:.2f} articles a second, "
                    f"{used / took:.2f} cores of their own, {used / number / len(workers):.3f} s of processor an article",
                    flush=True,
                )
    after = await asyncio.to_thread(control)
    print(
        f"ratio: {rates[1] / rates[0]:.2f} (two processes that only count: {before:.2f} before, {after:.2f} after)"
    )


def main() -> int:
    """Measures, and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=60, help="how many one worker reads")
    asyncio.run(measure(parser.parse_args().articles))
    return 0


if __name__ == "__main__":
    sys.exit(main())
