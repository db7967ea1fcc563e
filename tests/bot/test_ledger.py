"""Many readings are written together, and none is hindered by another, on a real store."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.jobs import keeping
from bot.jobs.ledger import Ledger, Reading
from news.arrivals import Arrival
from news.errors import NotFound, StoreBusy
from news.feeds import FeedId
from tests.builders import a_draft
from tests.fakes import NOON


class CountingStore:
    """The store, and how many transactions were begun to write."""

    def __init__(self, store):
        self._store = store
        self.writes = 0

    def read(self):
        return self._store.read()

    def write(self):
        self.writes += 1
        return self._store.write()


@pytest.fixture
def counting(store):
    return CountingStore(store)


@pytest.fixture
async def feeds(store, workspace):
    async with store.write() as uow:
        feeds = [await uow.feeds.follow(workspace.id, f"https://{n}.example/feed") for n in range(250)]
        await uow.commit()
    return feeds


async def checked(store, workspace):
    async with store.read() as uow:
        return {feed.id for feed in await uow.feeds.followed(workspace.id) if feed.next_check is not None}


def looked_at(feed):
    return Reading(replace(feed, next_check=NOON))


async def test_what_waits_is_written_in_few_transactions(counting, store, workspace, clock, feeds):
    ledger = Ledger(counting, clock)
    await asyncio.gather(*(ledger.write(looked_at(feed)) for feed in feeds))
    assert await checked(store, workspace) == {feed.id for feed in feeds}
    assert counting.writes == 4  # the first alone, for nobody else was waiting yet


async def test_a_reading_is_stored_when_it_returns(counting, store, workspace, clock, feeds):
    ledger = Ledger(counting, clock)
    for feed in feeds[:3]:
        await ledger.write(looked_at(feed))
        assert feed.id in await checked(store, workspace)
    assert counting.writes == 3


async def test_one_that_cannot_be_stored_hinders_no_other(store, workspace, clock, feeds):
    ledger = Ledger(store, clock)
    stranger = replace(feeds[0], id=FeedId(999))
    done = await asyncio.gather(
        *(ledger.write(looked_at(feed)) for feed in (feeds[1], stranger, feeds[2])), return_exceptions=True
    )
    assert [type(one) for one in done] == [type(None), NotFound, type(None)]
    assert await checked(store, workspace) == {feeds[1].id, feeds[2].id}


async def test_a_store_that_is_busy_is_waited_for_once_and_not_once_a_reading(
    counting, clock, feeds, monkeypatch
):
    monkeypatch.setattr(keeping, "PATIENCE", 0)

    class Busy(CountingStore):
        @asynccontextmanager
        async def write(self):
            self.writes += 1
            await asyncio.sleep(0)
            raise StoreBusy("The database is busy: try again.")
            yield

    busy = Busy(counting)
    ledger = Ledger(busy, clock)
    done = await asyncio.gather(
        *(ledger.write(looked_at(feed)) for feed in feeds[:50]), return_exceptions=True
    )
    assert {type(one) for one in done} == {StoreBusy}
    assert busy.writes == 2  # for the first alone and for all others


async def test_many_arrivals_do_not_hold_up_others_for_long(counting, clock, feeds):
    ledger = Ledger(counting, clock)
    many = tuple(Arrival(str(n), a_draft(), "f") for n in range(200))
    await asyncio.gather(*(ledger.write(replace(looked_at(feed), arrivals=many)) for feed in feeds[:3]))
    assert counting.writes == 3


async def test_who_gives_up_waiting_takes_nothing_along(store, workspace, clock, feeds):
    ledger = Ledger(store, clock)
    tasks = [asyncio.create_task(ledger.write(looked_at(feed))) for feed in feeds[:6]]
    await asyncio.sleep(0)  # the first has the turn and writes for all
    tasks[0].cancel()
    tasks[3].cancel()
    done = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(one) for one in done].count(asyncio.CancelledError) == 2
    assert await checked(store, workspace) >= {feeds[n].id for n in (1, 2, 4, 5)}
    await asyncio.wait_for(ledger.write(looked_at(feeds[6])), 10)  # and leaves nothing locked


async def test_articles_arrive_when_they_are_stored(store, clock, feeds):
    ledger = Ledger(store, clock)
    clock.forward(minutes=5)
    await ledger.write(replace(looked_at(feeds[0]), arrivals=(Arrival("1", a_draft(), "f"),)))
    async with store.read() as uow:
        (article,) = await uow.articles.unread()
    assert article.arrived == NOON + timedelta(minutes=5)
