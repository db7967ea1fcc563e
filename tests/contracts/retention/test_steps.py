"""Retention in steps: whole at every moment, whatever stops it or changes meanwhile."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest

from bot.jobs.retention import LONGEST, MOST, Pace, count_old, retain
from news.retention import Retained
from storage.tables import Row
from tests.builders import MORNING
from tests.contracts.retention.retaining import (
    DAY,
    DROPPED,
    HOUR,
    KEPT,
    NOW,
    TEXT,
    faults,
    post,
    publish_old,
    rows,
    says,
    shown,
    story_of,
    subscribe,
)


class Stopped(Exception):
    pass


class StoppingStore:
    """A store in which the n-th transaction that writes is broken off at its end."""

    def __init__(self, store, after):
        self._store, self._left = store, after
        self.read = store.read

    @asynccontextmanager
    async def write(self):
        async with self._store.write() as uow:
            if self._left == 0:
                uow.commit = self._stop
            self._left -= 1
            yield uow

    async def _stop(self):
        raise Stopped


@pytest.mark.parametrize("keep", [KEPT, DROPPED], ids=["reduced", "dropped"])
async def test_it_may_be_stopped_at_any_moment(world, store, store_url, workspace, feed, clock, keep):
    """At each step what is left is whole, and in the end all is done as in one go."""
    subscription = await subscribe(store, workspace)
    for number in range(12):
        article = await publish_old(world, feed, str(number), at=MORNING + number * HOUR)
        story = await story_of(store, article)
        await post(store, workspace, subscription, MORNING + number * DAY, tells=[story])
    said = await shown(store, workspace, actor="Marlow")
    total = await count_old(store, clock, keep)
    assert (total.digests, total.dropped + total.reduced) == (11, 12)
    stops = 0
    for after in (0, 0, 1, 1, 0, 1, 2, 9):
        try:
            await retain(StoppingStore(store, after), clock, keep)
        except Stopped:
            stops += 1
        assert await faults(store_url) == []
        left = await count_old(store, clock, keep)
        if keep.statements:
            assert await shown(store, workspace, actor="Marlow") == said
    assert stops >= 5
    assert left == Retained()
    assert (await rows(store)).get("articles", 0) == (12 if keep.statements else 0)


async def test_an_article_that_changes_meanwhile_is_left_for_the_next_time(
    world, store, store_url, workspace, feed, clock
):
    article = await publish_old(world, feed)
    async with store.read() as uow:
        read = await uow.retention.versions([article.id])
    await world.read(article, says(TEXT, "The port will close"))
    async with store.write() as uow:
        assert await uow.retention.reduce(read, now=NOW) == Retained()
        assert await uow.retention.drop([article.id], spoken=False) == Retained()
        await uow.commit()
    assert await retain(store, clock, KEPT) == Retained(reduced=1)
    assert await faults(store_url) == []


async def test_an_edit_that_is_not_read_yet_is_not_dropped_with_what_it_changed(
    world, store, workspace, feed
):
    article = await world.publish(feed, "quiet", text="Nothing was said.", title="Quiet")
    await world.read(article)
    await world.together(article)
    async with store.read() as uow:
        (old,) = await uow.retention.old(KEPT, NOW)
    await world.publish(feed, "quiet", text="“Now something is,” said Edda Marlow.", title="Quiet")
    async with store.write() as uow:
        assert await uow.retention.drop([old.article_id], spoken=False) == Retained()
        await uow.commit()


async def test_what_points_outside_its_text_is_no_obstacle(world, store, workspace, feed, clock):
    article = await world.publish(feed, at=MORNING, text=TEXT)
    await world.read(article, says(TEXT, "The port will close"))
    await world.together(article)
    async with store.write() as uow:
        session = uow.articles._session
        statements = Row.metadata.tables["statements"]
        await session.execute(statements.update().values(spans={"content": [[0, 5]], "cue": [[900, 905]]}))
        await uow.commit()
    assert await retain(store, clock, KEPT) == Retained(reduced=1)
    async with store.read() as uow:
        assert [draft.text for draft in await uow.articles.versions(article.id)] == [TEXT]


@pytest.mark.parametrize("keep", [KEPT, DROPPED], ids=["reduced", "dropped"])
async def test_counting_changes_nothing_and_tells_what_would_go(world, store, workspace, feed, clock, keep):
    for number in range(7):
        await publish_old(world, feed, str(number), at=MORNING + number * HOUR)
    silent = await world.read(await world.publish(feed, "silent", at=MORNING))
    await world.together(silent)
    before = await rows(store)
    told = await count_old(store, clock, keep)
    assert await rows(store) == before
    assert await retain(store, clock, keep) == told


@pytest.mark.parametrize(
    ("took", "sizes"),
    [
        (0.0, [6, 9, 13, 19, 28, 42, 63, 94, 141, MOST, MOST]),
        (LONGEST * 0.6, [4, 4]),
        (LONGEST * 0.9, [2, 1, 1]),
    ],
    ids=["quick", "as wanted", "slow"],
)
async def test_steps_grow_and_shrink_to_the_time_that_they_may_take(monkeypatch, took, sizes):
    pace, found, slept = Pace(), [], []

    async def sleep(seconds):
        slept.append(seconds)

    monkeypatch.setattr("bot.jobs.retention.asyncio.sleep", sleep)
    moments = iter([moment for _ in sizes for moment in (0.0, took)])
    monkeypatch.setattr("bot.jobs.retention.monotonic", lambda: next(moments))
    for _ in sizes:
        async with pace.measured():
            pass
        await pace.rest()
        found.append(pace.size)
    assert found == sizes
    assert slept == [took] * len(sizes)
