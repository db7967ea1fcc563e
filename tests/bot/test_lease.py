"""Leases: what one of several processes does at a time, and that none does who cannot be sure of it."""

from __future__ import annotations

import asyncio
import errno
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
import structlog
from sqlalchemy import update

from bot.jobs import lease
from bot.jobs.lease import LASTS, Leases
from news.errors import StoreAway
from storage.engine import open_store
from storage.tables import LeaseRow
from tests.backends import current_database
from tests.fakes import NOON

LONG = LASTS.total_seconds()


class Watch:
    """Seconds that go by when the test says so; each process has its own."""

    def __init__(self):
        self.at = 1000.0

    def __call__(self):
        return self.at


@dataclass
class Shared:
    """A store that several processes share, or do not; what it is asked can be held up, or fail."""

    store: object
    is_shared: bool = True
    failure: Exception | None = None
    asked: int = 0
    often: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def write(self):
        self.asked += 1
        if self.asked == 3:
            self.often.set()
        if self.failure is not None:
            raise self.failure
        async with self.store.write() as uow:
            yield uow


@pytest.fixture
async def store(tmp_path):
    async with current_database("postgresql", tmp_path) as url, open_store(url) as store:
        yield Shared(store)


def process(store, *names):
    watch = Watch()
    return Leases(store, names or ("posting",), seconds=watch), watch


async def expire(store):
    """What comes of it that nobody has renewed them for so long."""
    async with store.write() as uow:
        await uow.leases._session.execute(update(LeaseRow).values(until=NOON))
        await uow.commit()


async def test_of_two_processes_one_holds_and_the_other_takes_over(store):
    (first, _), (second, _) = process(store), process(store)
    assert [await first.hold("posting"), await second.hold("posting")] == [True, False]
    await first.give_back()
    assert not first.holds("posting")
    second._since -= LONG
    assert await second.hold("posting")
    first._since -= LONG
    assert not await first.hold("posting")


async def test_who_was_stopped_for_too_long_holds_nothing_before_it_has_asked(store):
    (first, watch), (second, other) = process(store), process(store)
    assert await first.hold("posting")
    watch.at += LONG  # it was stopped, and so it is by its own clock before it is by the store's
    assert not first.holds("posting")
    assert not await second.hold("posting")
    await expire(store)
    other.at += LONG
    assert await second.hold("posting")
    assert not await first.hold("posting")


async def test_it_is_asked_for_anew_when_half_of_its_time_is_over(store):
    first, watch = process(store)
    assert await first.hold("posting")
    watch.at += LONG * 0.49
    assert await first.hold("posting")
    assert store.asked == 1
    watch.at += LONG * 0.02
    assert await first.hold("posting")
    assert store.asked == 2


async def test_a_store_that_is_away_lets_leases_end(store):
    first, watch = process(store)
    assert await first.hold("posting")
    store.failure = StoreAway("The database is away.")
    watch.at += LONG * 0.6
    with pytest.raises(StoreAway):
        await first.hold("posting")
    assert first.holds("posting")  # for nobody else can have it yet
    watch.at += LONG * 0.5
    assert not first.holds("posting")


async def test_who_waits_has_it_as_soon_as_it_is_given_back(store, monkeypatch):
    monkeypatch.setattr(lease, "BEAT", 0.01)
    first, second = Leases(store, ["posting"]), Leases(store, ["posting", "stories"])
    async with asyncio.timeout(20):
        async with first.kept():
            await first.won(["posting"])
            async with second.kept():
                await second.won(["stories"])
                waiting = asyncio.create_task(second.won(["posting"]))
                await asyncio.sleep(0)
                assert not second.holds("posting")
                assert not waiting.done()
                await first.give_back()
                first._wanted = ()
                await waiting
                assert second.holds("posting")
    assert await Leases(store, ["posting"]).hold("posting")  # given back at the end


async def test_one_that_cannot_be_renewed_is_asked_for_until_the_store_is_back(store, monkeypatch):
    monkeypatch.setattr(lease, "BEAT", 0.01)
    first = Leases(store, ["posting"])
    store.failure = StoreAway("The database is away.")
    async with asyncio.timeout(20), first.kept():
        waiting = asyncio.create_task(first.won(["posting"]))
        await store.often.wait()
        assert not waiting.done()
        store.failure = None
        await waiting


@pytest.fixture
def full_disk():
    """No line can be written, but for those of what broke."""

    def write(_, method, __):
        if method == "error":
            raise structlog.DropEvent
        raise OSError(errno.ENOSPC, "No space left on device")

    before = structlog.get_config()
    structlog.configure(processors=[write])
    yield
    structlog.configure(**before)


@pytest.mark.usefixtures("full_disk")
async def test_a_line_that_cannot_be_written_ends_no_renewing(store, monkeypatch):
    monkeypatch.setattr(lease, "BEAT", 0.01)
    first = Leases(store, ["posting"])
    store.failure = StoreAway("The database is away.")
    async with asyncio.timeout(20), first.kept():
        waiting = asyncio.create_task(first.won(["posting"]))
        await store.often.wait()
        store.failure = None
        await waiting


async def test_a_transaction_that_was_stopped_half_way_holds_up_others_for_a_moment_only(store):
    """Its process was stopped between taking the lease and committing it."""
    second = Leases(store, ["posting"])

    async def be_stopped():
        async with store.store.write() as uow:
            assert await uow.leases.take(["posting"], "stopped", lasts=LASTS)
            async with second.kept():
                await second.won(["posting"])
                await uow.commit()

    async with asyncio.timeout(20):
        with pytest.raises(StoreAway):
            await be_stopped()


async def test_who_shares_with_nobody_does_it_all():
    alone = Leases(Shared(None, is_shared=False), ["posting"])
    assert alone.holds("posting")
    assert await alone.hold("posting")
    assert not alone.holds("stories")
    async with alone.kept():
        await alone.won(["posting"])
