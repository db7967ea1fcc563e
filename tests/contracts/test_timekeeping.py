"""What every store does about times that a clock cannot have given yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from news.channels import Channel, Due, Platform
from news.polling import FURTHEST
from news.stances import Position, Stance
from tests.builders import MORNING, a_span

MINUTE, HOUR, YEAR = timedelta(minutes=1), timedelta(hours=1), timedelta(days=365)
HERE = Channel(Platform.DISCORD, "123")
TEXT = "The Citadel sees no grounds for talks, its spokesman said."


async def set_right(store, *due, now=MORNING):
    async with store.write() as uow:
        done = await uow.timekeeping.set_right(now, due)
        await uow.commit()
    return done


async def add(store, workspace, cron, *, due, covered=None, timezone="UTC"):
    async with store.write() as uow:
        made = await uow.subscriptions.add(workspace.id, HERE, cron=cron, timezone=timezone, next_due=due)
        if covered is not None:
            await uow.subscriptions.cover([made.id], covered)
        await uow.commit()
    return made


async def schedules(store, workspace):
    async with store.read() as uow:
        return {one.cron: one for one in await uow.subscriptions.of(workspace.id)}


async def test_schedules_that_are_due_later_are_told_by_when_they_are_due(store, world, workspace):
    other = await world.workspace("other")
    for whose in (workspace, other):
        await add(store, whose, "0 9 * * *", due=MORNING + YEAR)
    await add(store, workspace, "0 9 * * *", due=MORNING + HOUR, timezone="Europe/Kyiv")
    await add(store, workspace, "5 9 * * *", due=MORNING)
    gone = await add(store, workspace, "6 9 * * *", due=MORNING + YEAR)
    async with store.write() as uow:
        await uow.subscriptions.remove(workspace.id, gone.id)
        await uow.commit()
    async with store.read() as uow:
        assert await uow.timekeeping.schedules(MORNING) == (
            Due("0 9 * * *", "Europe/Kyiv", MORNING + HOUR, 1),
            Due("0 9 * * *", "UTC", MORNING + YEAR, 2),
        )


async def test_what_is_due_too_late_is_due_when_it_should_be(store, workspace):
    await add(store, workspace, "0 9 * * *", due=MORNING + YEAR)
    await add(store, workspace, "5 9 * * *", due=MORNING + YEAR)
    assert await set_right(store, (Due("0 9 * * *", "UTC", MORNING + YEAR, 1), MORNING + HOUR)) == 1
    due = {cron: one.next_due for cron, one in (await schedules(store, workspace)).items()}
    assert due == {"0 9 * * *": MORNING + HOUR, "5 9 * * *": MORNING + YEAR}


async def test_a_channel_that_was_told_up_to_a_time_to_come_counts_as_one_that_was_told_nothing(
    store, workspace
):
    for cron, covered in (("1 9 * * *", YEAR), ("2 9 * * *", MINUTE), ("3 9 * * *", -HOUR)):
        await add(store, workspace, cron, due=MORNING, covered=MORNING + covered)
    assert await set_right(store) == 1
    covered = [one.last_covered for one in (await schedules(store, workspace)).values()]
    assert covered == [None, MORNING + MINUTE, MORNING - HOUR]
    assert await set_right(store) == 0


@pytest.mark.parametrize(
    ("stored", "after"),
    [
        ({"last_success": YEAR, "next_check": YEAR}, {"last_success": 0 * HOUR, "next_check": 0 * HOUR}),
        ({"last_success": HOUR, "next_check": 2 * HOUR}, {"last_success": 0 * HOUR, "next_check": 0 * HOUR}),
        (
            {"last_success": -HOUR, "failing_since": YEAR, "next_check": YEAR},
            {"last_success": -HOUR, "failing_since": 0 * HOUR, "next_check": 0 * HOUR},
        ),
        ({"failing_since": -HOUR, "next_check": YEAR}, {"failing_since": -HOUR, "next_check": 0 * HOUR}),
        ({"last_success": MINUTE, "next_check": FURTHEST}, None),
        ({}, None),
    ],
    ids=["a year", "an hour", "failing", "failed before", "right", "never looked at"],
)
async def test_a_feed_that_was_looked_at_in_a_time_to_come_is_looked_at_now(
    store, workspace, feed, stored, after
):
    def at(**moments):
        return replace(feed, **{name: MORNING + moment for name, moment in moments.items()})

    async with store.write() as uow:
        await uow.feeds.save(at(**stored))
        await uow.commit()
    assert await set_right(store) == (after is not None)
    async with store.read() as uow:
        (found,) = await uow.feeds.followed(workspace.id)
    assert found == at(**(stored if after is None else after))


async def arrived(store):
    async with store.read() as uow:
        return {article.title: (article.arrived, article.revised) for article in await uow.articles.unread()}


async def test_what_arrived_or_was_edited_in_a_time_to_come_has_arrived_now(world, store, feed):
    for key, at in (("ahead", YEAR), ("near", MINUTE), ("past", -HOUR), ("edited", -HOUR)):
        await world.publish(feed, key, at=MORNING + at, title=key, url=f"https://herald.example/{key}")
    edited = {
        "title": "edited",
        "text": "Other words.",
        "url": "https://herald.example/edited",
        "published": MORNING - HOUR,
    }
    await world.publish(feed, "edited", at=MORNING + YEAR, **edited)
    assert await set_right(store) == 2
    assert await arrived(store) == {
        "ahead": (MORNING, None),
        "near": (MORNING + MINUTE, None),
        "past": (MORNING - HOUR, None),
        "edited": (MORNING - HOUR, MORNING),
    }
    assert await set_right(store) == 0


async def test_outlets_say_when_what_arrived_in_a_time_to_come_was_published(world, store, feed):
    for key, at, published in (
        ("ahead", YEAR, -HOUR),
        ("further", 2 * YEAR, YEAR),
        ("undated", YEAR, None),
        ("past", 0 * HOUR, -HOUR),
    ):
        moment = None if published is None else MORNING + published
        await world.publish(feed, key, at=MORNING + at, published=moment, url=f"https://herald.example/{key}")
    async with store.read() as uow:
        assert await uow.timekeeping.published(MORNING) == (MORNING + YEAR, MORNING - HOUR)
        assert await uow.timekeeping.published(MORNING, limit=1) == (MORNING + YEAR,)


async def test_positions_of_what_arrived_in_a_time_to_come_are_known_from_now_on(
    world, store, workspace, feed
):
    async def known(until):
        async with store.read() as uow:
            return len(await uow.stances.changes(workspace.id, MORNING, until, first=[article.id]))

    at = {"at": MORNING + YEAR, "published": MORNING - HOUR}
    article = await world.publish(feed, text=TEXT, **at)
    stance = Stance("Citadel", "negotiations now", Position.OPPOSES, (a_span(TEXT, "no grounds for talks"),))
    await world.read(article, stances=(stance,))
    assert (await known(MORNING + HOUR), await known(MORNING + 2 * YEAR)) == (0, 1)
    await set_right(store)
    assert await known(MORNING + HOUR) == 1
