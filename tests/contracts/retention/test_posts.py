"""Retention of digests, schedules and notices: the next digest is told as if nothing had gone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.jobs.retention import count_old, retain
from news.channels import DeliveryState, Platform
from news.notices import NoticeKind
from news.retention import Retained
from storage.tables import NoticeRow
from tests.builders import MORNING
from tests.contracts.retention.retaining import (
    DAY,
    HERE,
    HOUR,
    KEPT,
    NOW,
    faults,
    post,
    publish_old,
    rows,
    story_of,
    subscribe,
)

SENT, FAILED, UNKNOWN, SENDING, PENDING = (
    DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.SENDING, DeliveryState.PENDING,
)  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "stay"),
    [
        ([SENT, SENT, SENT], [], [2]),
        ([SENT, SENT, SENT], [SENT], [3]),
        ([SENT, UNKNOWN, FAILED], [], [0, 1, 2]),
        ([SENT, SENT, FAILED], [FAILED], [1, 3]),
        ([SENT, UNKNOWN, FAILED], [SENT], [3]),
        ([SENT, SENT, UNKNOWN], [UNKNOWN], [1, 3]),
        ([PENDING, SENDING, SENT, FAILED], [SENT], [0, 1, 4]),
        ([FAILED, FAILED], [], [1]),
        ([], [SENT, SENT], [0, 1]),
    ],
    ids=lambda states: " ".join(map(str, states)) or "none",
)
async def test_old_digests_go_but_those_that_the_next_one_is_compared_with(
    store, store_url, workspace, clock, old, new, stay
):
    subscription = await subscribe(store, workspace)
    ids = [
        await post(store, workspace, subscription, MORNING + number * DAY, state=state)
        for number, state in enumerate(old)
    ]
    ids += [
        await post(store, workspace, subscription, NOW - DAY + number * HOUR, state=state)
        for number, state in enumerate(new)
    ]
    gone = Retained(digests=len(ids) - len(stay))
    assert await count_old(store, clock, KEPT) == gone
    assert await retain(store, clock, KEPT) == gone
    async with store.read() as uow:
        for number, digest_id in enumerate(ids):
            if number in stay:
                await uow.deliveries.digest(digest_id)
    counts = await rows(store)
    assert (counts.get("digests", 0), counts.get("deliveries", 0)) == (len(stay), len(stay))
    assert await retain(store, clock, KEPT) == Retained()


async def test_each_subscription_keeps_its_own_last_digest(store, workspace, clock):
    morning, evening = await subscribe(store, workspace), await subscribe(store, workspace, cron="0 18 * * *")
    for number in range(40):
        await post(store, workspace, morning, MORNING + number * DAY)
        if number < 3:
            await post(store, workspace, evening, MORNING + number * DAY + HOUR)
    assert await retain(store, clock, KEPT) == Retained(digests=41)
    async with store.read() as uow:
        last = await uow.deliveries.last_digest(workspace.id, HERE)
    assert last.title == f"{MORNING + 39 * DAY:%d %b}"


async def test_old_notices_go_but_those_that_keep_a_trouble_from_being_told_again(
    world, store, workspace, clock
):
    feeds = [
        await world.follow(workspace, f"https://{name}.example/feed") for name in ("well", "ill", "open")
    ]
    async with store.write() as uow:
        session = uow.notices._session
        for feed, kind, since, state, touched in [
            (0, NoticeKind.FAILING, MORNING, SENT, MORNING),
            (0, NoticeKind.BACK, MORNING, SENT, MORNING),
            (0, NoticeKind.FAILING, MORNING + 5 * DAY, FAILED, MORNING + 6 * DAY),
            (0, NoticeKind.BACK, MORNING + 5 * DAY, SENT, MORNING + 6 * DAY),
            (1, NoticeKind.FAILING, MORNING, SENT, MORNING),
            (1, NoticeKind.ENDED, MORNING, SENT, MORNING),
            (2, NoticeKind.FAILING, MORNING, PENDING, MORNING),
            (2, NoticeKind.FAILING, MORNING + DAY, UNKNOWN, NOW - DAY),
            (2, NoticeKind.FAILING, MORNING + 2 * DAY, SENT, NOW - DAY),
        ]:
            session.add(
                NoticeRow(
                    workspace_id=workspace.id, feed_id=feeds[feed].id, kind=kind, since=since, reason="",
                    platform="terminal", channel="local", made=since, state=state, touched=touched, attempts=1,
                )
            )  # fmt: skip
        await uow.feeds.save(replace(feeds[1], failing_since=MORNING, ended=True))
        await uow.commit()
    assert await count_old(store, clock, KEPT) == Retained(notices=3)
    assert await retain(store, clock, KEPT) == Retained(notices=3)
    assert (await rows(store))["notices"] == 6
    assert await retain(store, clock, KEPT) == Retained()


async def remove(store, workspace, subscription):
    async with store.write() as uow:
        await uow.subscriptions.remove(workspace.id, subscription.id)
        await uow.commit()


async def test_a_schedule_that_was_taken_away_goes_with_its_last_digest(
    world, store, store_url, workspace, feed, clock
):
    told = await story_of(store, await publish_old(world, feed))
    bare = await rows(store)
    subscription = await subscribe(store, workspace)
    for number, state in enumerate([SENT, SENT, UNKNOWN, FAILED]):
        await post(store, workspace, subscription, MORNING + number * DAY, state=state, tells=[told])
    last = await post(store, workspace, subscription, NOW - HOUR)
    await remove(store, workspace, subscription)
    assert await count_old(store, clock, KEPT) == Retained(reduced=1, digests=4)
    assert await retain(store, clock, KEPT) == Retained(reduced=1, digests=4)
    async with store.read() as uow:
        await uow.deliveries.digest(last)
    assert (await rows(store))["subscriptions"] == 1
    clock.forward(days=31)
    assert await retain(store, clock, KEPT) == Retained(digests=1)
    assert (await rows(store)).keys() == bare.keys() - {"signatures"}
    assert await faults(store_url) == []


async def test_what_is_being_posted_for_a_schedule_that_was_taken_away_is_still_accounted_for(
    store, workspace, clock
):
    gone, there = await subscribe(store, workspace), await subscribe(store, workspace, cron="0 18 * * *")
    for subscription in (gone, there):
        await post(store, workspace, subscription, MORNING, state=SENDING)
    await remove(store, workspace, gone)
    assert await retain(store, clock, KEPT) == Retained()
    async with store.read() as uow:
        (one, other) = await uow.deliveries.open([Platform.TERMINAL])
    assert (one.subscription_id, other.subscription_id) == (gone.id, there.id)


async def test_a_schedule_that_was_taken_away_before_it_posted_anything_goes(store, workspace, clock):
    await remove(store, workspace, await subscribe(store, workspace))
    there = await subscribe(store, workspace)
    assert await retain(store, clock, KEPT) == Retained()
    async with store.read() as uow:
        assert await uow.subscriptions.of(workspace.id) == (there,)
    assert (await rows(store))["subscriptions"] == 1


async def test_old_notices_of_schedules_go_but_those_of_a_trouble_that_lasts(store, workspace, clock):
    stopped, mended, removed = [
        await subscribe(store, workspace, cron=f"0 {hour} * * *") for hour in (9, 10, 11)
    ]
    async with store.write() as uow:
        session = uow.notices._session
        for subscription, since, state, touched in [
            (stopped, MORNING, SENT, MORNING),
            (stopped, MORNING + DAY, SENT, MORNING + DAY),
            (mended, MORNING, FAILED, MORNING),
            (mended, MORNING + DAY, SENT, NOW - DAY),
            (removed, MORNING, SENT, MORNING),
        ]:
            session.add(
                NoticeRow(
                    workspace_id=workspace.id, subscription_id=subscription.id, kind=NoticeKind.PAUSED, since=since,
                    reason="", platform="terminal", channel="local", made=since, state=state, touched=touched,
                    attempts=1,
                )
            )  # fmt: skip
        for subscription, since in ((stopped, MORNING + DAY), (removed, MORNING)):
            await uow.subscriptions.stop(subscription.id, "There is no channel 9.", now=since)
        await uow.commit()
    await remove(store, workspace, removed)
    assert await count_old(store, clock, KEPT) == Retained(notices=3)
    assert await retain(store, clock, KEPT) == Retained(notices=3)
    async with store.write() as uow:
        left = list(await uow.notices._session.scalars(select(NoticeRow.since).order_by(NoticeRow.id)))
        assert await uow.notices.plan(NOW) == 0  # the trouble that lasts is not told again
    assert left == [MORNING + DAY, MORNING + DAY]
    assert (await rows(store))["subscriptions"] == 2
