"""Slots that are taken before their digest is composed, schedules that stop by themselves, and who posts."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from news.channels import Channel, DeliveryState, Due, Form, Narrowing, Platform
from news.notices import NoticeKind
from tests.builders import MORNING
from tests.contracts.test_posts import BOTH, HERE, HOUR, THERE, a_digest, add, listed, open_, remove

NINE = Due("0 9 * * *", "UTC", MORNING, 1)
TOMORROW = MORNING + timedelta(days=1)


async def claim(store, due=NINE, platforms=BOTH, *, slot=MORNING, skipped=0, now=MORNING):
    async with store.write() as uow:
        taken = await uow.deliveries.claim(
            due, platforms, slot=slot, skipped=skipped, following=TOMORROW, now=now
        )
        await uow.commit()
    return taken


async def claimed(store, platforms=BOTH, limit=100):
    async with store.read() as uow:
        return await uow.deliveries.claimed(platforms, limit=limit)


async def stop(store, subscription, trouble="It is gone.", now=MORNING):
    async with store.write() as uow:
        await uow.subscriptions.stop(subscription.id, trouble, now=now)
        await uow.commit()


async def test_all_that_are_due_alike_are_taken_at_once(store, workspace):
    made = [
        await add(store, workspace, Channel(Platform.DISCORD, str(number)), form=Form.THREAD, made_by="77")
        for number in range(3)
    ]
    await add(store, workspace, HERE, cron="0 10 * * *")
    await add(store, workspace, HERE, timezone="Europe/Kyiv")
    await add(store, workspace, THERE)
    assert await claim(store, platforms=[Platform.DISCORD]) == 3
    found = await claimed(store)
    assert [sub.id for _, sub in found] == [sub.id for sub in made]
    for (delivery, sub), before in zip(found, made, strict=True):
        assert (delivery.state, delivery.slot, delivery.digest_id) == (DeliveryState.CLAIMED, MORNING, None)
        assert (delivery.form, delivery.workspace_id, delivery.channel) == (
            Form.THREAD,
            workspace.id,
            before.channel,
        )
        assert (sub.next_due, sub.form, sub.made_by) == (TOMORROW, Form.THREAD, "77")
    assert await open_(store) == ()
    assert await claim(store, platforms=[Platform.DISCORD]) == 0


async def test_of_two_who_take_one_slot_one_does(store, workspace):
    await add(store, workspace)
    assert sorted(await asyncio.gather(*(claim(store) for _ in range(4)))) == [0, 0, 0, 1]
    assert len(await claimed(store)) == 1


@pytest.mark.parametrize("change", ["paused", "removed"])
async def test_what_is_paused_or_removed_is_not_taken_and_not_composed(store, workspace, change):
    early, late = await add(store, workspace), await add(store, workspace, THERE)
    assert await claim(store, platforms=[THERE.platform]) == 1
    for each in (early, late):
        await (stop(store, each) if change == "paused" else remove(store, workspace, each.id))
    assert await claim(store) == 0
    assert await claimed(store) == ()


async def test_slots_that_went_by_are_told_with_the_next_one_that_is_posted(store, workspace):
    await add(store, workspace)
    assert await claim(store, slot=None, skipped=3) == 1
    assert await claimed(store) == ()
    (waiting,) = await listed(store, workspace)
    assert (waiting.skipped, waiting.next_due) == (3, TOMORROW)
    later = Due("0 9 * * *", "UTC", TOMORROW, 1)
    await claim(store, later, slot=TOMORROW, skipped=1)
    ((delivery, sub),) = await claimed(store)
    assert (delivery.skipped, sub.skipped) == (4, 0)


async def test_a_claimed_slot_gets_its_digest_once(store, workspace):
    await add(store, workspace)
    await claim(store)
    ((delivery, _),) = await claimed(store)
    for expected in (True, False):
        async with store.write() as uow:
            pending = await uow.deliveries.compose([delivery], workspace.id, a_digest(), now=MORNING + HOUR)
            await uow.commit()
        assert bool(pending) is expected
    (waiting,) = await open_(store)
    assert (waiting.state, waiting.touched) == (DeliveryState.PENDING, MORNING + HOUR)
    async with store.read() as uow:
        assert (await uow.deliveries.digest(waiting.digest_id)).title == "Digest"
    assert await claimed(store) == ()


async def test_a_claim_that_is_given_up_is_told_later(store, workspace):
    await add(store, workspace)
    await claim(store, skipped=1)
    ((delivery, _),) = await claimed(store)
    for _ in range(2):
        async with store.write() as uow:
            await uow.deliveries.drop_claimed([delivery])
            await uow.commit()
    assert await claimed(store) == ()
    assert (await listed(store, workspace))[0].skipped == 2


async def test_more_claims_than_are_asked_for_come_later(store, workspace):
    for number in range(3):
        await add(store, workspace, Channel(Platform.DISCORD, str(number)))
    await claim(store)
    assert [delivery.channel.external_id for delivery, _ in await claimed(store, limit=2)] == ["0", "1"]


async def test_a_schedule_stops_once_with_its_first_trouble(store, workspace):
    made = await add(store, workspace)
    await stop(store, made)
    await stop(store, made, "Another one.", MORNING + HOUR)
    (stopped,) = await listed(store, workspace)
    assert (stopped.paused, stopped.trouble) == (True, "It is gone.")


@pytest.mark.parametrize(
    ("notices", "made_by", "told"),
    [
        (Channel(Platform.DISCORD, "5"), "77", Channel(Platform.DISCORD, "5")),
        (HERE, "77", Channel(Platform.DISCORD, "@77")),  # it is the channel that was lost
        (None, "77", Channel(Platform.DISCORD, "@77")),
        (HERE, None, None),
    ],
)
async def test_one_administrator_is_told_once_that_a_schedule_stopped(
    store, workspace, notices, made_by, told
):
    made = await add(store, workspace, title="Morning", narrowing=Narrowing("bridge"), made_by=made_by)
    async with store.write() as uow:
        await uow.workspaces.send_notices(workspace.id, notices)
        await uow.commit()
    await stop(store, made)
    for now in (MORNING, MORNING + HOUR):
        async with store.write() as uow:
            assert await uow.notices.plan(now) == (1 if told and now == MORNING else 0)
            await uow.commit()
    async with store.read() as uow:
        found = await uow.notices.open(BOTH)
    assert [(n.kind, n.name, n.url, n.reason, n.channel, n.feed_id) for n in found] == (
        [(NoticeKind.PAUSED, "Morning", "discord:123", "It is gone.", told, None)] if told else []
    )


@pytest.mark.parametrize("state", [DeliveryState.PENDING, DeliveryState.FAILED, DeliveryState.SENT])
async def test_where_it_was_not_told_yet_the_channel_that_is_chosen_now_is_told(store, workspace, state):
    made = await add(store, workspace, made_by="77")
    await stop(store, made)
    async with store.write() as uow:
        await uow.notices.plan(MORNING)
        await uow.notices.mark(await uow.notices.open(BOTH), state, now=MORNING)
        await uow.workspaces.send_notices(workspace.id, Channel(Platform.DISCORD, "5"))
        await uow.notices.plan(MORNING + HOUR)
        await uow.notices.plan(MORNING + HOUR)
        await uow.commit()
    async with store.read() as uow:
        found = await uow.notices.open(BOTH)
    told = [] if state is DeliveryState.SENT else [Channel(Platform.DISCORD, "5")]
    assert [notice.channel for notice in found] == told


@pytest.mark.parametrize("mended", ["resumed", "removed"])
async def test_what_was_mended_before_it_was_told_is_not_told(store, workspace, mended):
    made = await add(store, workspace, made_by="77")
    await stop(store, made)
    async with store.write() as uow:
        assert await uow.notices.plan(MORNING) == 1
        await uow.commit()
    async with store.write() as uow:
        if mended == "removed":
            await uow.subscriptions.remove(workspace.id, made.id)
        else:
            await uow.subscriptions.resume(workspace.id, made.id, next_due=TOMORROW)
        await uow.commit()
    async with store.write() as uow:
        assert await uow.notices.plan(MORNING + HOUR) == 0
        await uow.commit()
    async with store.read() as uow:
        assert await uow.notices.open(BOTH) == ()


LONG, OVER = timedelta(seconds=60), timedelta(0)
"""A lease that lasts through a test, and one that has ended at once."""


async def take(store, holder, *names, lasts=LONG):
    async with store.write() as uow:
        taken = await uow.leases.take(names or ("posting",), holder, lasts=lasts)
        await uow.commit()
    return set(taken)


async def give_back(store, holder, *names):
    async with store.write() as uow:
        await uow.leases.give_back(names or ("posting",), holder)
        await uow.commit()


async def test_a_lease_is_one_holders_until_it_ends_or_is_given_back(store):
    assert await take(store, "a")
    assert not await take(store, "b")
    assert await take(store, "a", lasts=OVER)
    assert await take(store, "b")
    await give_back(store, "a")  # it is not hers any more
    assert not await take(store, "a")
    await give_back(store, "b")
    assert await take(store, "a")


async def test_of_several_leases_those_that_are_free_are_taken(store):
    assert await take(store, "a", "intake") == {"intake"}
    assert await take(store, "b", "intake", "stories", "posting") == {"stories", "posting"}
    assert await take(store, "a", "stories", "intake") == {"intake"}
    await give_back(store, "b", "intake", "stories")
    assert await take(store, "a", "stories", "intake", "posting") == {"intake", "stories"}
    assert await take(store, "c") == set()
    async with store.write() as uow:
        assert await uow.leases.take((), "a", lasts=LONG) == frozenset()


async def test_a_lease_of_a_clock_that_was_far_ahead_hinders_nobody(store):
    assert await take(store, "a", lasts=timedelta(days=1))
    assert await take(store, "b")


async def test_of_many_who_want_a_lease_one_gets_it(store):
    assert (
        len(
            [
                took
                for took in await asyncio.gather(*(take(store, str(number)) for number in range(6)))
                if took
            ]
        )
        == 1
    )


async def compose(store, workspace, delivery, digest=None):
    async with store.write() as uow:
        pending = await uow.deliveries.compose([delivery], workspace.id, digest or a_digest(), now=MORNING)
        await uow.commit()
    return pending[0] if pending else None


async def does(store, name, *given, **named):
    async with store.write() as uow:
        done = await getattr(uow.subscriptions, name)(*given, **named)
        await uow.commit()
    return done


async def test_a_slot_that_was_overtaken_is_told_with_the_later_one(store, workspace):
    await add(store, workspace)
    await claim(store, skipped=2)
    await claim(store, Due("0 9 * * *", "UTC", TOMORROW, 1), slot=TOMORROW)
    assert [delivery.slot for delivery, _ in await claimed(store)] == [MORNING]
    async with store.write() as uow:
        (early,) = await uow.deliveries.overtaken()
        assert early.slot == MORNING
        await uow.deliveries.drop_claimed([early])
        await uow.commit()
    ((late, _),) = await claimed(store)
    pending = await compose(store, workspace, late)
    assert (pending.slot, pending.skipped) == (TOMORROW, 3)
    assert [each.skipped for each in await open_(store)] == [3]
    assert (await listed(store, workspace))[0].skipped == 0


@pytest.mark.parametrize("how", ["paused", "stopped", "removed"])
async def test_what_waits_when_a_schedule_ends_is_left_to_the_next_digest(store, workspace, how):
    made = await add(store, workspace)
    await claim(store)
    ((first, _),) = await claimed(store)
    pending = await compose(store, workspace, first)
    await does(store, "cover", [made.id], MORNING)
    await does(store, "postpone", made.id, MORNING)
    await claim(store, slot=MORNING + HOUR)
    ((second, _),) = await claimed(store)
    if how == "removed":
        await remove(store, workspace, made.id)
    else:
        await (stop(store, made) if how == "stopped" else does(store, "pause", workspace.id, made.id))
    later = a_digest(until=MORNING + HOUR)
    assert await compose(store, workspace, second, later) is None
    async with store.write() as uow:
        assert await uow.deliveries.mark(pending, DeliveryState.SENDING, now=MORNING) is None
    assert await open_(store) == ()
    if how != "removed":
        assert (await listed(store, workspace))[0].last_covered == MORNING - HOUR
        await does(store, "resume", workspace.id, made.id, next_due=TOMORROW)
        assert (await claimed(store), await open_(store)) == ((), ())


async def test_who_has_read_what_waits_reads_it_anew_after_a_change(store, workspace):
    made = await add(store, workspace)
    await claim(store)
    ((before, _),) = await claimed(store)
    elsewhere = replace(made, channel=THERE, next_due=TOMORROW)
    await does(store, "change", elsewhere)
    assert await compose(store, workspace, before) is None
    ((after, _),) = await claimed(store)
    pending = await compose(store, workspace, after)
    assert pending.channel == THERE
    await does(store, "change", replace(elsewhere, channel=HERE))
    async with store.write() as uow:
        assert await uow.deliveries.mark(pending, DeliveryState.SENDING, now=MORNING) is None
    assert [each.channel for each in await open_(store)] == [HERE]


async def test_what_was_told_meanwhile_is_not_told_again(store, workspace):
    made = await add(store, workspace)
    await claim(store)
    ((delivery, _),) = await claimed(store)
    await does(store, "cover", [made.id], MORNING)
    assert await compose(store, workspace, delivery) is None  # it begins an hour before
    assert not await does(store, "cover", [made.id], MORNING + HOUR, since=MORNING - HOUR)
    assert await does(store, "cover", [made.id], MORNING + HOUR, since=MORNING) == (made.id,)
    assert await compose(store, workspace, delivery, a_digest(until=MORNING + 2 * HOUR)) is not None
