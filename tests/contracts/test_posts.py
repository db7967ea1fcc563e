"""Subscriptions, digests and deliveries."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from news.answers import quote_of
from news.channels import (
    Channel,
    Delivery,
    DeliveryId,
    DeliveryState,
    DigestId,
    Due,
    Narrowing,
    Platform,
    SubscriptionId,
)
from news.digests import Digest, DigestStory, FeedHealth, Passage, Said, Source, Window
from news.errors import AlreadyThere, InputError, NotFound
from news.spans import Span
from news.stories import StoryId
from tests.builders import MORNING, a_speaker, a_statement, an_article

HOUR = timedelta(hours=1)
HERE, THERE = Channel(Platform.DISCORD, "123"), Channel(Platform.TERMINAL, "local")
BOTH = (Platform.DISCORD, Platform.TERMINAL)


def a_digest(title="Digest", *, until=MORNING):
    article = an_article(url="https://herald.example/1")
    said = Said(quote_of(a_statement(speaker=a_speaker("Dana Miller", "council")), article), (1, 2))
    source = Source(1, article.id, "k", 2, "Bridge\0", None, article.url, MORNING)
    passage = (Passage("The mayor spoke.", Span(0, 16), 1), Passage("Made up.", None, 1))
    story = DigestStory(StoryId(1 << 62), "Bridge to close", 2, 3, passage, (said,), (source,))
    health = FeedHealth(2, (("Herald", MORNING),))
    return Digest(title, Window(until - HOUR, until), "Europe/Kyiv", (story,), 3, 2, 1, health=health)


async def add(store, workspace, channel=HERE, *, cron="0 9 * * *", next_due=MORNING, **more):
    async with store.write() as uow:
        made = await uow.subscriptions.add(
            workspace.id, channel, cron=cron, timezone=more.pop("timezone", "UTC"), next_due=next_due, **more
        )
        await uow.commit()
    return made


async def remove(store, workspace, subscription_id):
    async with store.write() as uow:
        await uow.subscriptions.remove(workspace.id, subscription_id)
        await uow.commit()


async def due(store, now=MORNING, platforms=BOTH):
    async with store.read() as uow:
        return await uow.subscriptions.due(now, platforms)


def due_like(subscription, count=1):
    return Due(subscription.cron, subscription.timezone, subscription.next_due, count)


async def listed(store, workspace):
    async with store.read() as uow:
        return await uow.subscriptions.of(workspace.id)


async def plan(store, workspace, subscription, slot=MORNING, digest=None):
    async with store.write() as uow:
        digest_id = await uow.deliveries.save_digest(workspace.id, digest or a_digest(), now=MORNING)
        delivery = await uow.deliveries.plan(subscription.id, slot, digest_id, now=MORNING)
        await uow.commit()
    return delivery


def a_delivery(number):
    return Delivery(
        id=DeliveryId(number),
        subscription_id=SubscriptionId(1),
        digest_id=DigestId(1),
        channel=HERE,
        slot=MORNING,
        state=DeliveryState.PENDING,
        touched=MORNING,
    )


async def mark(store, delivery, state, now=MORNING, **more):
    async with store.write() as uow:
        marked = await uow.deliveries.mark(delivery, state, now=now, **more)
        await uow.commit()
    return marked


async def open_(store, platforms=BOTH, **more):
    async with store.read() as uow:
        return await uow.deliveries.open(platforms, **more)


async def last(store, workspace, channel=HERE):
    async with store.read() as uow:
        digest = await uow.deliveries.last_digest(workspace.id, channel)
    return digest and digest.title


async def test_a_subscription_comes_back_as_it_was_added(store, workspace):
    first = await add(
        store, workspace, title="Morning", narrowing=Narrowing("bridge"), timezone="Europe/Kyiv"
    )
    second = await add(store, workspace, THERE)
    assert (first.title, first.narrowing.about, first.paused, first.last_covered) == (
        "Morning",
        "bridge",
        False,
        None,
    )
    assert await listed(store, workspace) == (first, second)


@pytest.mark.parametrize(
    ("change", "allowed"),
    [
        ({}, False),
        ({"title": "Other", "next_due": MORNING + HOUR}, False),
        ({"narrowing": Narrowing("", "", "")}, False),
        ({"narrowing": Narrowing("bridge")}, True),
        ({"narrowing": Narrowing(actor="Bell")}, True),
        ({"narrowing": Narrowing(outlet="Herald")}, True),
        ({"narrowing": Narrowing(length=3)}, False),
        ({"cron": "0 10 * * *"}, True),
        ({"timezone": "Asia/Tokyo"}, True),
        ({"channel": THERE}, True),
    ],
)
async def test_the_same_subscription_is_added_once(store, workspace, change, allowed):
    await add(store, workspace)
    if allowed:
        await add(store, workspace, **change)
    else:
        with pytest.raises(AlreadyThere):
            await add(store, workspace, **change)
    assert len(await listed(store, workspace)) == 1 + allowed


async def test_a_subscription_that_was_removed_can_be_added_again(store, workspace):
    first = await add(store, workspace)
    await remove(store, workspace, first.id)
    assert await listed(store, workspace) == ()
    assert await due(store) == ()
    second = await add(store, workspace)
    assert await listed(store, workspace) == (second,)
    assert second.id != first.id


@pytest.mark.parametrize("number", [999, 0, -1, 1 << 63, 10**40])
async def test_what_is_not_there_cannot_be_removed(store, workspace, number):
    with pytest.raises(NotFound):
        await remove(store, workspace, SubscriptionId(number))


async def test_a_workspace_lists_and_removes_its_own_subscriptions_only(world, store, workspace):
    made = await add(store, workspace)
    other = await world.workspace("other")
    assert await listed(store, other) == ()
    with pytest.raises(NotFound):
        await remove(store, other, made.id)
    assert await listed(store, workspace) == (made,)


async def test_words_too_long_are_refused_in_a_sentence(store, workspace):
    with pytest.raises(InputError, match="shorten"):
        await add(store, workspace, narrowing=Narrowing("x" * 10_000))


async def test_due_subscriptions_come_longest_waiting_first_on_the_platforms_asked_for(store, workspace):
    now = await add(store, workspace)
    early = await add(store, workspace, THERE, next_due=MORNING - HOUR)
    await add(store, workspace, cron="0 10 * * *", next_due=MORNING + HOUR)
    assert await due(store) == (due_like(early), due_like(now))
    assert await due(store, platforms=[Platform.DISCORD]) == (due_like(now),)
    assert await due(store, platforms=[]) == ()


async def test_an_advanced_subscription_is_due_later_and_remembers_what_was_told(store, workspace):
    made = await add(store, workspace)
    async with store.write() as uow:
        await uow.subscriptions.cover([made.id], MORNING)
        await uow.subscriptions.postpone(made.id, MORNING + HOUR)
        await uow.commit()
    moved = replace(made, next_due=MORNING + HOUR, last_covered=MORNING)
    assert await due(store) == ()
    assert await due(store, MORNING + HOUR) == (due_like(moved),)
    assert await listed(store, workspace) == (moved,)


async def test_a_digest_comes_back_as_it_was_composed(store, workspace):
    async with store.write() as uow:
        digest_id = await uow.deliveries.save_digest(workspace.id, a_digest(), now=MORNING)
        await uow.commit()
    async with store.read() as uow:
        digest = await uow.deliveries.digest(digest_id)
    source = a_digest().stories[0].sources[0]
    assert digest.stories[0].sources == (replace(source, headline="Bridge\ufffd"),)
    story = replace(digest.stories[0], sources=(source,))
    assert replace(digest, stories=(story,)) == a_digest()


@pytest.mark.parametrize("number", [999, -1, 10**40])
async def test_a_digest_or_delivery_that_is_not_there_is_not_found(store, workspace, number):
    async with store.write() as uow:
        with pytest.raises(NotFound):
            await uow.deliveries.digest(DigestId(number))
        with pytest.raises(NotFound):
            await uow.deliveries.mark(a_delivery(number), DeliveryState.SENT, now=MORNING)


async def test_a_slot_is_planned_once(store, workspace):
    made = await add(store, workspace)
    planned = await plan(store, workspace, made)
    assert planned is not None
    assert (planned.state, planned.attempts, planned.channel) == (DeliveryState.PENDING, 0, HERE)
    assert len(planned.key) <= 25
    assert await plan(store, workspace, made) is None
    assert await plan(store, workspace, made, MORNING + HOUR) is not None


async def test_of_two_who_plan_one_slot_at_once_one_does(store, workspace):
    made = await add(store, workspace)
    planned = await asyncio.gather(*(plan(store, workspace, made) for _ in range(6)))
    assert sum(delivery is not None for delivery in planned) == 1
    assert len(await open_(store)) == 1


async def test_a_delivery_of_what_is_not_there_is_refused(store, workspace):
    made = await add(store, workspace)

    async def plan_nothing():
        async with store.write() as uow:
            await uow.deliveries.plan(made.id, MORNING, DigestId(999), now=MORNING)
            await uow.commit()

    with pytest.raises(NotFound):
        await plan_nothing()


async def test_pending_and_sending_deliveries_are_open_oldest_slot_first(store, workspace):
    here, there = await add(store, workspace), await add(store, workspace, THERE)
    plans = [(here, 3), (here, 1), (here, 2), (here, 4), (here, 5), (there, 0)]
    slots = {n: await plan(store, workspace, s, MORNING + n * HOUR) for s, n in plans}
    await mark(store, slots[1], DeliveryState.SENDING, attempts=1)
    await mark(store, slots[2], DeliveryState.SENT, receipt="r")
    await mark(store, slots[4], DeliveryState.FAILED, error="no")
    await mark(store, slots[5], DeliveryState.UNKNOWN, error="?")
    sending = replace(slots[1], state=DeliveryState.SENDING, attempts=1)
    assert await open_(store) == (slots[0], sending, slots[3])
    assert await open_(store, [Platform.TERMINAL]) == (slots[0],)
    assert await open_(store, beside={slots[0].id, slots[2].id}) == (sending, slots[3])
    assert await open_(store, beside={each.id for each in slots.values()}) == ()


async def test_however_many_are_open_all_but_those_that_are_known_come_in_order(
    store, workspace, monkeypatch
):
    monkeypatch.setattr("storage.rows.AT_ONCE", 10)
    made = await add(store, workspace)
    async with store.write() as uow:
        digest_id = await uow.deliveries.save_digest(workspace.id, a_digest(), now=MORNING)
        for hour in range(25, 0, -1):
            await uow.deliveries.plan(made.id, MORNING + hour * HOUR, digest_id, now=MORNING)
        await uow.commit()
    first, *others = await open_(store)
    assert await open_(store, beside={first.id}) == tuple(others)
    assert len(others) == 24


async def test_a_mark_keeps_receipt_and_attempts_and_sets_the_error(store, workspace):
    delivery = await plan(store, workspace, await add(store, workspace))
    sending = await mark(store, delivery, DeliveryState.SENDING, attempts=2, error="no answer\0", receipt="r")
    waiting = await mark(store, sending, DeliveryState.PENDING, now=MORNING + HOUR, error="no answer\0")
    (kept,) = await open_(store)
    assert (kept.attempts, kept.receipt, kept.error) == (2, "r", "no answer\ufffd")
    assert kept.touched == MORNING + HOUR
    await mark(store, waiting, DeliveryState.PENDING)
    assert (await open_(store))[0].error is None


async def test_a_delivery_that_somebody_else_has_in_hand_is_not_marked(store, workspace):
    delivery = await plan(store, workspace, await add(store, workspace))
    claims = await asyncio.gather(*(mark(store, delivery, DeliveryState.SENDING) for _ in range(5)))
    assert sum(claim is not None for claim in claims) == 1
    assert await mark(store, delivery, DeliveryState.SENT, receipt="r") is None
    assert [(d.state, d.receipt) for d in await open_(store)] == [(DeliveryState.SENDING, None)]


@pytest.mark.parametrize(("since", "covered"), [(-1, -1), (1, 0)])
async def test_a_failed_digest_is_uncovered_and_never_covers_more(store, workspace, since, covered):
    made = await add(store, workspace)
    async with store.write() as uow:
        await uow.subscriptions.cover([made.id], MORNING)
        await uow.subscriptions.postpone(made.id, MORNING + 9 * HOUR)
        await uow.subscriptions.uncover(made.id, MORNING + since * HOUR)
        await uow.commit()
    (kept,) = await listed(store, workspace)
    assert (kept.last_covered, kept.next_due) == (MORNING + covered * HOUR, MORNING + 9 * HOUR)


async def test_what_waits_for_a_removed_subscription_is_not_sent_but_what_was_on_its_way_is_settled(
    store, workspace
):
    made = await add(store, workspace)
    await plan(store, workspace, made)
    on_its_way = await plan(store, workspace, made, MORNING + HOUR)
    on_its_way = await mark(store, on_its_way, DeliveryState.SENDING)
    await remove(store, workspace, made.id)
    assert [delivery.id for delivery in await open_(store)] == [on_its_way.id]
    await mark(store, on_its_way, DeliveryState.SENT, receipt="r")
    assert await last(store, workspace) == "Digest"


async def test_the_last_digest_is_the_newest_that_was_sent_to_the_channel(world, store, workspace):
    here, there = await add(store, workspace), await add(store, workspace, THERE)
    assert await last(store, workspace) is None
    for slot, state in enumerate(("sent", "sent", "failed", "pending")):
        digest = a_digest(f"{state} {slot}")
        delivery = await plan(store, workspace, here, MORNING + slot * HOUR, digest)
        await mark(store, delivery, DeliveryState(state))
    elsewhere = await plan(store, workspace, there, MORNING + 9 * HOUR, a_digest("elsewhere"))
    await mark(store, elsewhere, DeliveryState.SENT)
    narrowed = await add(store, workspace, narrowing=Narrowing("dam"))
    late = await plan(store, workspace, narrowed, MORNING + 9 * HOUR, a_digest("narrowed"))
    await mark(store, late, DeliveryState.SENT)
    assert await last(store, workspace) == "sent 1"
    assert await last(store, workspace, THERE) == "elsewhere"
    assert await last(store, await world.workspace("other")) is None
