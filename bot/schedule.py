"""The heartbeat: the only door to APScheduler. When something is due is a column; this only wakes the jobs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

Beat = Callable[[], Awaitable[None]]

APART = timedelta(milliseconds=150)
"""By so much, at most, each beat begins after the one before it: all at one moment they would be in everybody's way."""
PATIENCE = timedelta(seconds=4)
"""How long a beat under way may take to end when the heartbeat stops; answers under way have as long after it, so that
all is over within ten seconds."""


@asynccontextmanager
async def heartbeat(
    beats: Mapping[str, Beat], *, every: timedelta, patience: timedelta = PATIENCE
) -> AsyncIterator[None]:
    """Calls each beat, one soon after the other, and then again and again, never one of them twice at a time.

    At the end, beats under way have `patience` to finish; then they are cancelled.
    """
    # A beat that takes longer than the time between two is no trouble, and would be told of again and again.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
    running: set[asyncio.Task[None]] = set()

    async def call(beat: Beat) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        try:
            with suppress(asyncio.CancelledError):  # nobody but the end of the heartbeat cancels it
                await beat()
        finally:
            running.discard(task)

    scheduler = AsyncIOScheduler(timezone="UTC")
    begins, apart = datetime.now(UTC), min(APART, every / max(1, len(beats)))
    for place, (name, beat) in enumerate(beats.items()):
        scheduler.add_job(
            call,  # a coroutine function: anything else would be run in a thread
            args=(beat,),
            trigger=IntervalTrigger(seconds=every.total_seconds(), timezone="UTC"),
            id=name,
            next_run_time=begins + place * apart,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
    scheduler.start()
    try:
        yield
    finally:
        scheduler.pause()
        if running:
            await asyncio.wait(running, timeout=patience.total_seconds())
        scheduler.shutdown(wait=False)
        late = set(running)
        for task in late:
            task.cancel()
        if late:  # they end before what they use is closed
            await asyncio.wait(late, timeout=patience.total_seconds())
