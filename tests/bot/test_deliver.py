"""Scheduled digests on a real store: once a slot, accounted for whatever happens on the way."""

from datetime import timedelta

import pytest

from bot.jobs.brief import cluster, read_articles
from bot.jobs.deliver import ATTEMPTS, plan_due, send_open
from news.articles import ArticleDraft
from news.channels import Channel, DeliveryState, Platform
from news.errors import DeliveryError, DeliveryUnknown
from tests.fakes import MemoryMessenger

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
        return await send_open(store, {Platform.TERMINAL: messenger})

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


async def test_a_refusal_is_tried_again_with_the_next_beat(subscription, beat, messenger, store):
    messenger.failures = [(DeliveryError("busy"), False)]
    assert (await beat()).sent == 0
    assert await open_states(store) == [DeliveryState.PENDING]
    assert (await beat()).sent == 1
    assert len(messenger.sent) == 1


async def test_a_refusal_that_cannot_be_mended_fails_at_once(subscription, beat, messenger, store):
    messenger.failures = [(DeliveryError("no permission", permanent=True), False)]
    assert (await beat()).failed == 1
    assert await open_states(store) == []


async def test_trying_ends(subscription, beat, messenger, store):
    messenger.failures = [(DeliveryError("busy"), False)] * (ATTEMPTS + 3)
    for _ in range(ATTEMPTS):
        await beat()
    assert await open_states(store) == []
    assert messenger.sent == []


@pytest.mark.parametrize("stored", [True, False])
async def test_a_lost_reply_is_looked_up_before_anything_is_posted_again(
    subscription, beat, messenger, store, stored
):
    messenger.failures = [(DeliveryUnknown("connection lost"), stored)]
    assert (await beat()).sent == 0
    assert await open_states(store) == [DeliveryState.SENDING]
    assert (await beat()).sent == 1
    assert len(messenger.sent) == 1


async def test_where_the_platform_cannot_tell_nothing_is_posted_twice(subscription, beat, messenger, store):
    messenger.failures = [(DeliveryUnknown("connection lost"), True)]
    messenger.blind = DeliveryUnknown("cannot tell")
    await beat()
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
    assert (await beat()).sent == 1
    assert len(messenger.sent) == 1


async def test_what_is_not_read_yet_is_told_by_the_next_digest(
    subscription, beat, store, workspace, clock, understanding
):
    """An article that arrived before the digest was composed, but is read after it, falls into no gap."""
    async with store.write() as uow:
        draft = ArticleDraft("The bridge will close on Monday, the mayor said.", title="Bridge to close")
        await uow.articles.import_(workspace.id, "late", draft, now=clock.now() - timedelta(minutes=5))
        await uow.commit()
    await beat()
    await read_articles(store, understanding)
    await cluster(store, understanding)
    clock.forward(days=1)
    await beat()
    async with store.read() as uow:
        last = await uow.deliveries.last_digest(workspace.id, CHANNEL)
    assert [story.name for story in last.stories] == ["Bridge to close"]
