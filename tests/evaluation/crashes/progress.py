"""Whether a bot's work goes on: an article is stored, one is read, or something is posted."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass

from tests.evaluation.crashes.databases import Database, Reached
from tests.evaluation.crashes.life import Life

STEP = 0.03
"""Seconds between two looks at the database."""
LOST = 30.0
"""Seconds after which it is not waited any longer."""


@dataclass(frozen=True, slots=True)
class WentOn:
    """How long it took until work went on; None where the bot ended before."""

    anything: float | None = None
    """Until an article was stored or read, or something was posted."""
    news: float | None = None
    """Until an article was stored or something was posted: what is waiting to be read may come before that."""
    processor: float = 0.0
    """What the bot's own process had of the processor by `anything`, in all its life."""


async def wait_for_work(
    life: Life, database: Database, posts: asyncio.Event, worked: asyncio.Event
) -> WentOn:
    """Seconds from now on; sets `worked` with the first that is done, or when the bot has ended."""
    begun, before = time.monotonic(), await database.reached()
    anything = news = None
    processor = 0.0
    posts.clear()
    while news is None and not life.gone.is_set() and time.monotonic() < begun + LOST:
        with suppress(TimeoutError):
            async with asyncio.timeout(STEP):
                await posts.wait()
        now = await database.reached()
        before = before or now
        passed = time.monotonic() - begun
        if posts.is_set() or _is_more(now, before, "versions"):
            news = passed
        if anything is None and (news is not None or _is_more(now, before, "briefed")):
            anything, processor = passed, life.processor_seconds()
            worked.set()
    worked.set()
    return WentOn(anything, news, processor)


def _is_more(now: Reached | None, before: Reached | None, what: str) -> bool:
    return now is not None and before is not None and getattr(now, what) > getattr(before, what)
