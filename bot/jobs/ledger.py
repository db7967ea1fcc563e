"""The ledger: what many readings bring is written together, so that a transaction is not needed for each."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.jobs.keeping import STORE_FAILS, keep
from bot.ports import Clock
from bot.repositories import Store, UnitOfWork
from news.arrivals import Arrival
from news.feeds import Feed

MOST = 100
"""Readings in one transaction."""
MOST_ARRIVALS = 300
"""Arrivals in one transaction, unless a single reading has more: others wait to write."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one look at a feed brought."""

    feed: Feed
    """Its state from now on."""
    arrivals: tuple[Arrival, ...] = ()


@dataclass(slots=True, eq=False)
class _Waiting:
    reading: Reading
    written: asyncio.Future[None]
    alone: bool = False
    """Whether it is written in a transaction of its own, since one with others failed."""


class Ledger:
    """Writes readings, those that wait at one time in one transaction."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._waiting: list[_Waiting] = []
        self._turn = asyncio.Lock()

    async def write(self, reading: Reading) -> None:
        """Returns when the reading is stored. Raises what storing it raised; others are not hindered."""
        waiting = _Waiting(reading, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        try:
            while not waiting.written.done():
                async with self._turn:
                    if not waiting.written.done():
                        await self._write_some()
        except asyncio.CancelledError:
            if waiting in self._waiting:
                self._waiting.remove(waiting)
            raise
        waiting.written.result()

    async def _write_some(self) -> None:
        """Writes those in front; whoever has the turn does it for all of them."""
        batch = self._take()
        try:
            await self._store_all([one.reading for one in batch])
        except asyncio.CancelledError:
            self._waiting[:0] = batch  # the next who has the turn writes them
            raise
        except STORE_FAILS as error:  # whoever waits next would wait as long
            for one in batch:
                one.written.set_exception(error)
        except Exception as error:  # noqa: BLE001 - raised where each reading is waited for
            if len(batch) == 1:
                batch[0].written.set_exception(error)
                return
            for one in batch:  # one of them is at fault
                one.alone = True
            self._waiting[:0] = batch
        else:
            for one in batch:
                one.written.set_result(None)

    def _take(self) -> list[_Waiting]:
        count = arrivals = 0
        for one in self._waiting[:MOST]:
            arrivals += len(one.reading.arrivals)
            if count and (one.alone or self._waiting[0].alone or arrivals > MOST_ARRIVALS):
                break
            count += 1
        batch, self._waiting = self._waiting[:count], self._waiting[count:]
        return batch

    async def _store_all(self, readings: Sequence[Reading]) -> None:
        """The articles first and the feeds' states last, in one transaction; entries have keys, so twice is as once."""

        async def store(uow: UnitOfWork) -> None:
            # Taken here: what is stored after a digest must not seem to have arrived before it.
            now = await uow.articles.begin_storing(self._clock.now)
            for reading in readings:
                if reading.arrivals:
                    await uow.articles.save_all(reading.feed.id, reading.arrivals, now=now)
            await uow.feeds.save(*(reading.feed for reading in readings))

        await keep(self._store, store, harmless_twice=True)
