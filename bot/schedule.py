"""The heartbeat: the only door to APScheduler. When something is due is a column; this only wakes the jobs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

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
        first = begins + place * apart
        scheduler.add_job(
            call,  # a coroutine function: anything else would be run in a thread
            args=(beat,),
            trigger=_Steps(first, every),
            id=name,
            next_run_time=first,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
    scheduler.start()
    watching = asyncio.create_task(_bring_back(scheduler, every))
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.wait({watching})
        scheduler.pause()
        if running:
            await asyncio.wait(running, timeout=patience.total_seconds())
        scheduler.shutdown(wait=False)
        late = set(running)
        for task in late:
            task.cancel()
        if late:  # they end before what they use is closed
            await asyncio.wait(late, timeout=patience.total_seconds())


class _Steps(BaseTrigger):  # type: ignore[misc]  # the library has no types
    """Steps of one length from the first on; the next one is counted from now, not from the last one.

    So there is no list of those that went by while the machine slept, or when the clock was set ahead.
    """

    def __init__(self, first: datetime, every: timedelta) -> None:
        self._first = first
        self._every = every

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """The first step after now."""
        return self._first + ((now - self._first) // self._every + 1) * self._every


async def _bring_back(scheduler: AsyncIOScheduler, every: timedelta) -> None:
    """Where the clock was set back, no beat waits until it is again what it was: the next one is never further away
    than one step."""
    while True:
        await asyncio.sleep(every.total_seconds())
        for job in scheduler.get_jobs():
            if job.next_run_time > datetime.now(UTC) + every:
                job.reschedule(job.trigger)
