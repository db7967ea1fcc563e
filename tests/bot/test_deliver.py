"""Scheduled digests on a real store: once a slot, accounted for whatever happens on the way."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.jobs.brief import cluster, read_articles
from bot.jobs.collect import collect
from bot.jobs.posting import ABANDONED, ATTEMPTS, LONGEST_PAUSE
from news.articles import ArticleDraft
from news.channels import Channel, DeliveryState, Platform
from news.errors import DeliveryError, DeliveryUnknown
from news.feeds import Entry, Fetched, Page, Validators
from tests.fakes import MemoryMessenger, MemoryReader
from tests.posting import plan_due, send_open

CHANNEL = Channel(Platform.TERMINAL, "local")


@pytest.fixture
def messenger():
    return MemoryMessenger()


@pytest.fixture
async def subscription(store, workspace, clock):
    async with store.write() as uow:
        made = await uow.subscriptions.add(
            workspace.id,
            CHANNEL,
            cron="0 14 * * *",
            timezone="Europe/Kyiv",
            next_due=clock.now(),
            title="Noon digest",
        )
        await uow.commit()
    return made


@pytest.fixture
def beat(store, clock, messenger):
    async def go():
        await plan_due(store, clock, [Platform.TERMINAL])
        return await send_open(store, clock, {Platform.TERMINAL: messenger})

    return go


async def open_states(store):
    async with store.read() as uow:
        return [d.state for d in await uow.deliveries.open([Platform.TERMINAL])]


async def test_a_due_digest_is_posted_once(subscription, beat, messenger, clock):
    assert (await beat()).sent == 1
    assert (await beat()).sent == 0
    ((channel, message, key),) = messenger.sent
    assert channel == CHANNEL
    assert "Noon digest" in "".join(part.text for part in message.title if hasattr(part, "text"))
    assert len(key) <= 25
    clock.forward(days=1)
    assert (await beat()).sent == 1


async def test_a_digest_that_is_not_due_is_not_posted(subscription, beat, messenger, clock):
    clock.at -= timedelta(minutes=1)
    assert (await beat()).sent == 0
    assert messenger.sent == []


async def test_time_slept_through_gives_one_digest(subscription, beat, messenger, clock):
    clock.forward(days=5, hours=1)
    await beat()
    assert (await beat()).sent == 0
    assert len(messenger.sent) == 1


async def test_the_next_digest_begins_where_the_last_one_ended(subscription, beat, store, workspace, clock):
    await beat()
    clock.forward(days=1)
    await beat()
    async with store.read() as uow:
        last = await uow.deliveries.last_digest(workspace.id, CHANNEL)
    assert (last.window.since, last.window.until) == (clock.now() - timedelta(days=1), clock.now())


async def test_a_platform_that_is_not_connected_keeps_its_slot(subscription, store, clock, messenger):
    assert await plan_due(store, clock, [Platform.DISCORD]) == 0
    assert await plan_due(store, clock, [Platform.TERMINAL]) == 1


async def test_a_refusal_is_tried_again_after_pauses_that_grow(subscription, beat, messenger, store, clock):
    messenger.failures = [(DeliveryError("busy"), False)] * 2
    assert (await beat()).sent == 0
    assert await open_states(store) == [DeliveryState.PENDING]
    await beat()
    clock.forward(seconds=20)
    await beat()
    assert messenger.failures == []
    clock.forward(seconds=39)
    assert (await beat()).sent == 0
    clock.forward(seconds=1)
    assert (await beat()).sent == 1
    assert len(messenger.sent) == 1


async def test_an_outage_of_an_hour_loses_nothing(subscription, beat, messenger, clock):
    messenger.failures = [(DeliveryError("unreachable"), False)] * 7
    sent = 0
    for _ in range(200):
        sent += (await beat()).sent
        clock.forward(seconds=20)
    assert (sent, len(messenger.sent)) == (1, 1)


async def test_a_refusal_that_cannot_be_mended_fails_at_once(subscription, beat, messenger, store):
    messenger.failures = [(DeliveryError("no permission", permanent=True), False)]
    assert (await beat()).failed == 1
    assert await open_states(store) == []


async def test_trying_ends_and_the_next_digest_tells_what_the_failed_one_held(
    subscription, beat, messenger, store, workspace, clock
):
    begun = clock.now()
    messenger.failures = [(DeliveryError("busy"), False)] * ATTEMPTS
    failed = 0
    for _ in range(ATTEMPTS):
        failed += (await beat()).failed
        clock.forward(seconds=LONGEST_PAUSE.total_seconds())
    assert (failed, await open_states(store), messenger.sent) == (1, [], [])
    clock.at = begun + timedelta(days=1)
    assert (await beat()).sent == 1
    async with store.read() as uow:
        last = await uow.deliveries.last_digest(workspace.id, CHANNEL)
    assert last.window.since == begun - timedelta(days=1)


@pytest.mark.parametrize("stored", [True, False])
async def test_a_lost_reply_is_looked_up_before_anything_is_posted_again(
    subscription, beat, messenger, store, clock, stored
):
    messenger.failures = [(DeliveryUnknown("connection lost"), stored)]
    assert (await beat()).sent == 0
    assert await open_states(store) == [DeliveryState.SENDING]
    assert (await beat()).sent == 0  # somebody may still be sending it
    clock.forward(seconds=ABANDONED.total_seconds())
    assert (await beat()).sent == 1
    assert len(messenger.sent) == 1


async def test_where_the_platform_cannot_tell_nothing_is_posted_twice(
    subscription, beat, messenger, store, clock
):
    messenger.failures = [(DeliveryUnknown("connection lost"), True)]
    messenger.blind = DeliveryUnknown("cannot tell")
    await beat()
    clock.forward(seconds=ABANDONED.total_seconds())
    assert (await beat()).failed == 1
    assert await open_states(store) == []
    assert len(messenger.sent) == 1


async def test_a_crash_while_sending_is_settled_after_the_restart(
    subscription, beat, messenger, store, clock
):
    class Crash(BaseException):
        pass

    messenger.failures = [(Crash(), True)]
    with pytest.raises(Crash):
        await beat()
    clock.forward(seconds=ABANDONED.total_seconds())
    assert (await beat()).sent == 1
    assert len(messenger.sent) == 1


async def test_two_processes_at_once_post_once(subscription, store, clock, messenger):
    await plan_due(store, clock, [Platform.TERMINAL])
    messengers = {Platform.TERMINAL: messenger}
    await asyncio.gather(*(send_open(store, clock, messengers) for _ in range(4)))
    assert len(messenger.sent) == 1


async def test_two_processes_at_once_plan_once(subscription, store, clock):
    planned = await asyncio.gather(*(plan_due(store, clock, [Platform.TERMINAL]) for _ in range(4)))
    assert sum(planned) == 1
    assert len(await open_states(store)) == 1


async def test_one_delivery_that_breaks_does_not_hold_up_the_others(
    subscription, store, workspace, clock, messenger
):
    async with store.write() as uow:
        await uow.subscriptions.add(
            workspace.id, CHANNEL, cron="1 14 * * *", timezone="UTC", next_due=clock.now()
        )
        await uow.commit()
    await plan_due(store, clock, [Platform.TERMINAL])
    messenger.failures = [(RuntimeError("a bug"), False)]
    await send_open(store, clock, {Platform.TERMINAL: messenger})
    assert len(messenger.sent) == 1


async def test_an_article_whose_page_takes_long_is_told_by_the_next_digest(
    subscription, beat, store, workspace, clock, reader, understanding
):
    """The digest is composed while the page is being fetched: the article arrives after it."""
    feed_url, url = "https://herald.example/feed", "https://herald.example/1"
    async with store.write() as uow:
        feed = await uow.feeds.follow(workspace.id, feed_url)
        await uow.feeds.save(replace(feed, last_success=clock.now() - timedelta(days=2)))
        await uow.commit()
    entry = Entry(key="1", title="Bridge to close", url=url, published=clock.now())
    reader.feeds[feed_url] = Fetched("Herald", (entry,), Validators(), "1", feed_url)
    page = Page(url=url, text="The bridge will close on Monday, the mayor said.", title="Bridge to close")

    class SlowReader(MemoryReader):
        async def page(self, url):
            clock.forward(minutes=1)
            await beat()
            clock.forward(minutes=1)
            return page

    await collect(store, SlowReader(feeds=reader.feeds), clock)
    await read_articles(store, understanding, clock)
    await cluster(store, understanding, clock)
    clock.forward(days=1)
    await beat()
    async with store.read() as uow:
        last = await uow.deliveries.last_digest(workspace.id, CHANNEL)
    assert [story.name for story in last.stories] == ["Bridge to close"]


async def test_what_is_not_read_yet_is_told_by_the_next_digest(
    subscription, beat, store, workspace, clock, understanding
):
    """An article that arrived before the digest was composed, but is read after it, falls into no gap."""
    async with store.write() as uow:
        draft = ArticleDraft("The bridge will close on Monday, the mayor said.", title="Bridge to close")
        await uow.articles.import_(workspace.id, "late", draft, now=clock.now() - timedelta(minutes=5))
        await uow.commit()
    await beat()
    await read_articles(store, understanding, clock)
    await cluster(store, understanding, clock)
    clock.forward(days=1)
    await beat()
    async with store.read() as uow:
        last = await uow.deliveries.last_digest(workspace.id, CHANNEL)
    assert [story.name for story in last.stories] == ["Bridge to close"]
