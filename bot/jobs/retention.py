"""Retention: what is too old is taken away, in steps so small that nobody has to wait for them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

import structlog

from bot.jobs import stopwatch
from news.retention import Keep, Retained, Version, shorten

if TYPE_CHECKING:
    from bot.ports import Clock, Understanding
    from bot.repositories import Store

log = structlog.get_logger(__name__)

LONGEST = 0.05
"""Seconds for which a step may hold up those who write."""
FIRST, MOST = 4, 200
"""How much the first step takes away, and any at most."""
DAILY = timedelta(days=1)
SOON = timedelta(hours=1)
"""After a start, or after the clock was set: by then a clock that was wrong has mostly been set right."""
FAR = timedelta(days=30)
"""A clock that is so far ahead of the newest article may be wrong, unless it has gone like that for a day."""


class Retention:
    """Takes away what is too old once a day, however often it is called. After a failure it is due at once.

    What goes is gone for good, and a machine may start with a clock that is years ahead. So it begins only when the clock
    has gone for an hour without being set, by a stopwatch that nobody sets.
    """

    def __init__(
        self,
        store: Store,
        understanding: Understanding,
        clock: Clock,
        keep: Keep,
        *,
        seconds: Callable[[], float] = stopwatch.seconds,
    ) -> None:
        self._store = store
        self._understanding = understanding
        self._clock = clock
        self._keep = keep
        self._seconds = seconds
        self._started, self._begun, self._due = clock.now(), seconds(), SOON

    async def __call__(self, *, at_once: bool = False) -> Retained:
        """What was taken away. `at_once` waits for nothing, and leaves all as it is where the clock may be wrong.

        Raises StoreError.
        """
        now = self._clock.now()
        if abs(now - self._started - self._gone()) > SOON:
            self._begin(now)
        if self._gone() < self._due and not at_once:
            return Retained()
        if self._gone() < DAILY and await self._is_far_ahead():
            self._due = DAILY
            return Retained()
        due = self._gone() + DAILY
        await self._forget(now - self._keep.span)
        done = await retain(self._store, self._clock, self._keep)
        self._due = due
        return done

    def _begin(self, now: datetime) -> None:
        """The clock was set, which is as if we were started."""
        self._started, self._begun, self._due = now, self._seconds(), SOON

    def _gone(self) -> timedelta:
        """How long ago that was."""
        return timedelta(seconds=self._seconds() - self._begun)

    async def _is_far_ahead(self) -> bool:
        """Whether the clock is far ahead of what had arrived before we were started."""
        async with self._store.read() as uow:
            newest = await uow.retention.newest(self._started)
        if newest is None or self._started - newest <= FAR:
            return False
        log.warning(
            "nothing is taken away yet, for the clock is far ahead of the newest article; "
            "if it is right, wait for a day or use attache db prune",
            clock=self._clock.now().isoformat(),
            newest=newest.isoformat(),
        )
        return True

    async def _forget(self, before: datetime) -> None:
        """Nothing new is put together with what is about to go."""
        async with self._understanding.stories() as index:
            if index.learnt is not None and index.learnt.since < before:
                await index.forget(before)


async def retain(store: Store, clock: Clock, keep: Keep) -> Retained:
    """Takes away what is too old. May be stopped at any moment: the next time it goes on. Raises StoreError."""
    before = clock.now() - keep.span
    done = await _drop_digests(store, before) + await _drop_notices(store, before)
    await _drop_schedules(store)
    return done + await _age_articles(store, clock, keep, before)


async def count_old(store: Store, clock: Clock, keep: Keep) -> Retained:
    """What `retain` would take away."""
    async with store.read() as uow:
        return await uow.retention.count(keep, clock.now() - keep.span)


async def _drop_digests(store: Store, before: datetime) -> Retained:
    pace, done, last = Pace(), Retained(), None
    while True:
        async with store.read() as uow:
            ids, last = await uow.retention.old_digests(before, after=last, limit=pace.size)
        if ids:
            async with store.write() as uow, pace.measured():
                done += await uow.retention.drop_digests(ids)
                await uow.commit()
            await pace.rest()
        if last is None:
            return done


async def _drop_notices(store: Store, before: datetime) -> Retained:
    pace, done = Pace(), Retained()
    while True:
        async with store.read() as uow:
            ids = await uow.retention.old_notices(before, limit=pace.size)
        if not ids:
            return done
        async with store.write() as uow, pace.measured():
            done += await uow.retention.drop_notices(ids)
            await uow.commit()
        await pace.rest()


async def _drop_schedules(store: Store) -> None:
    """What was taken away stayed for the sake of its digests."""
    pace = Pace()
    while True:
        async with store.read() as uow:
            ids = await uow.retention.removed_schedules(limit=pace.size)
        if not ids:
            return
        async with store.write() as uow, pace.measured():
            await uow.retention.drop_schedules(ids)
            await uow.commit()
        await pace.rest()


async def _age_articles(store: Store, clock: Clock, keep: Keep, before: datetime) -> Retained:
    pace, done, last = Pace(), Retained(), None
    while True:
        async with store.read() as uow:
            old = await uow.retention.old(keep, before, after=last, limit=pace.size)
            stay = {one.article_id for one in old if one.spoken and keep.statements}
            versions = await uow.retention.versions(stay)
        if not old:
            return done
        # In a thread, and before the transaction: a text can be as long as a book.
        shortened = await asyncio.to_thread(_shortened, versions)
        go = [one.article_id for one in old if one.article_id not in stay]
        async with store.write() as uow, pace.measured():
            done += await uow.retention.drop(go, spoken=not keep.statements)
            done += await uow.retention.reduce(shortened, now=clock.now())
            await uow.commit()
        await pace.rest()
        last = old[-1]


def _shortened(versions: Sequence[Version]) -> list[Version]:
    """The versions of all articles but those with which it fails: these stay whole, and keep no other from going."""
    done, failed = [], set()
    for version in versions:
        try:
            done.append(shorten(version))
        except Exception:
            log.exception("article cannot be shortened, it stays whole", article=version.article_id)
            failed.add(version.article_id)
    return [version for version in done if version.article_id not in failed]


@dataclass(slots=True)
class Pace:
    """How much one step takes away: as much as fits in its time, as the last ones showed."""

    size: int = FIRST
    took: float = 0.0
    """Seconds, the last one."""

    @asynccontextmanager
    async def measured(self) -> AsyncIterator[None]:
        """Around what is done in a transaction."""
        begun = monotonic()
        yield
        self.took = monotonic() - begun
        if self.took > 0.8 * LONGEST:
            self.size = max(1, self.size * 2 // 3)
        elif self.took < 0.5 * LONGEST:
            self.size = min(MOST, self.size + max(1, self.size // 2))

    async def rest(self) -> None:
        """Leaves others as much time as the last step took."""
        await asyncio.sleep(self.took)
