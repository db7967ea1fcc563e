"""What is measured of a bot, and how the parts of a measurement are run."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path

import numpy as np

from tests.backends import empty_database
from tests.evaluation.platforms.world import Server

Found = dict[str, object]
Part = Callable[[str, Server], Awaitable[Found]]
"""Measures with a database at that address, and the platform beside it."""


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


def leave_out_what_stays() -> None:
    """From garbage collection, as `attache run` does once it is up: all of it at one time takes 100 ms and more."""
    gc.collect()
    gc.freeze()


def spread(values: list[float]) -> Found:
    p50, p99 = np.percentile(values, [50, 99])
    return {"p50": round(float(p50), 1), "p99": round(float(p99), 1), "max": round(max(values), 1)}


async def resident(settings: Mapping[str, str], *, after: float = 10.0) -> Found:
    """`attache run` with these settings, so many seconds after it began and before the first article is read."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ATTACHE_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, *("-m", "bot", "run"), env=kept | settings, stderr=asyncio.subprocess.PIPE
    )
    assert process.stderr is not None
    while b"running" not in (line := await process.stderr.readline()):
        assert line
    await asyncio.sleep(after)
    status = await asyncio.to_thread(Path(f"/proc/{process.pid}/status").read_text)
    found = {line.split(":")[0]: int(line.split()[1]) // 1024 for line in status.splitlines() if "kB" in line}
    process.send_signal(signal.SIGTERM)
    begun = time.monotonic()
    await process.communicate()
    return {
        "resident_mb": found["VmRSS"],
        "most_mb": found["VmHWM"],
        "stopped_after_s": round(time.monotonic() - begun, 2),
    }


async def measure(
    parts: Mapping[str, Part],
    beside: Callable[[], AbstractAsyncContextManager[Server]],
    *,
    only: Collection[str],
    backend: str = "sqlite",
) -> Found:
    """The parts that are asked for, each with a database and a platform of its own."""
    found: Found = {}
    for name, part in parts.items():
        if only and name not in only:
            continue
        with tempfile.TemporaryDirectory(prefix="attache-measured-") as folder:
            async with empty_database(backend, Path(folder)) as url, beside() as server:
                found[name] = await part(url, server)
        sys.stderr.write(f"{name}: {found[name]}\n")
    return found
