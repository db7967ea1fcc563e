"""What is being stored while a digest is composed belongs to the next one, and not to none."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from news.arrivals import Arrival
from news.channels import Channel, Platform
from tests.builders import MORNING, a_draft
from tests.fakes import SetClock
from tests.posting import plan_due


class Watched:
    """A store that tells when somebody wants to write."""

    def __init__(self, store):
        self.read = store.read
        self.wanted = asyncio.Event()
        self._store = store

    @asynccontextmanager
    async def write(self):
        self.wanted.set()
        async with self._store.write() as uow:
            yield uow


async def test_a_digest_ends_before_what_is_being_stored(store):
    clock, watched = SetClock(), Watched(store)
    clock.at = MORNING
    async with store.write() as uow:
        workspace = await uow.workspaces.obtain(Platform.TERMINAL, "local")
        feed = await uow.feeds.follow(workspace.id, "https://herald.example/feed")
        made = await uow.subscriptions.add(
            workspace.id,
            Channel(Platform.TERMINAL, "local"),
            cron="* * * * *",
            timezone="UTC",
            next_due=MORNING,
        )
        await uow.commit()
    async with store.write() as uow:
        moment = await uow.articles.begin_storing(clock.now)
        clock.forward(seconds=1)
        planning = asyncio.create_task(plan_due(watched, clock, [Platform.TERMINAL]))
        await watched.wanted.wait()
        draft = a_draft(url="https://herald.example/bridge")
        await uow.articles.save_all(feed.id, [Arrival("bridge", draft, fingerprint="1")], now=moment)
        await uow.commit()
    await planning
    async with store.read() as uow:
        (subscription,) = await uow.subscriptions.of(workspace.id)
    assert subscription.id == made.id
    assert subscription.last_covered == moment
    assert clock.now() - moment == timedelta(seconds=1)


@pytest.mark.parametrize(("behind", "arrives_after"), [(0, True), (59, True), (61, False), (-5, True)])
async def test_what_is_stored_after_a_digest_arrives_after_it_though_a_clock_is_a_minute_behind(
    store, behind, arrives_after
):
    """Where the clocks are further apart one of them is wrong, and nobody knows which."""
    posting, storing = SetClock(), SetClock()
    posting.at, storing.at = MORNING, MORNING - timedelta(seconds=behind)
    async with store.write() as uow:
        await uow.articles.settle(posting.now())
        await uow.commit()
    async with store.write() as uow:
        arrived = await uow.articles.begin_storing(storing.now)
    assert (arrived > MORNING) is arrives_after
    assert arrived == max(storing.at, MORNING + timedelta(microseconds=1)) or not arrives_after


async def test_what_is_settled_stays_so_though_another_settles_by_a_clock_that_is_behind(store):
    for until in (MORNING, MORNING - timedelta(seconds=30)):
        async with store.write() as uow:
            await uow.articles.settle(until)
            await uow.commit()
    async with store.write() as uow:
        assert await uow.articles.begin_storing(lambda: MORNING - timedelta(seconds=50)) > MORNING


async def test_a_digest_settles_what_came_before_it(store):
    clock = SetClock()
    clock.at = MORNING
    async with store.write() as uow:
        workspace = await uow.workspaces.obtain(Platform.TERMINAL, "local")
        here = Channel(Platform.TERMINAL, "local")
        await uow.subscriptions.add(workspace.id, here, cron="* * * * *", timezone="UTC", next_due=MORNING)
        await uow.commit()
    await plan_due(store, clock, [Platform.TERMINAL])
    async with store.write() as uow:
        assert await uow.articles.begin_storing(lambda: MORNING - timedelta(seconds=30)) > MORNING
