"""Slots that come, slots that were slept through, and what is told of those."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime, timedelta

import pytest

from bot.jobs import claiming
from bot.jobs.claiming import GRACE, claim_due
from bot.jobs.deliver import Posting, deliver, post_now
from bot.jobs.posting import Delivered
from bot.jobs.slots import missed
from bot.messages.message import Note
from news.channels import Channel, DeliveryState, Form, Platform
from news.errors import ChannelLost, DeliveryError, DeliveryUnknown, NotFound, PlatformAway
from tests.fakes import MemoryMessenger

CHANNEL = Channel(Platform.TERMINAL, "local")
HERE = [Platform.TERMINAL]


@pytest.fixture
def messenger():
    return MemoryMessenger()


@pytest.fixture
def beat(store, clock, messenger):
    async def go():
        return await deliver(store, clock, {Platform.TERMINAL: messenger})

    return go


async def add(store, workspace, clock, cron="0 12 * * *", **more):
    async with store.write() as uow:
        made = await uow.subscriptions.add(
            workspace.id, CHANNEL, cron=cron, timezone="UTC", next_due=more.pop("due", clock.now()), **more
        )
        await uow.commit()
    return made


async def now_of(store, workspace):
    async with store.read() as uow:
        (subscription,) = await uow.subscriptions.of(workspace.id)
    return subscription


def notes(message):
    return ["".join(part.text for part in b.line) for b in message.blocks if isinstance(b, Note)]


@pytest.mark.parametrize(
    ("asleep", "posted", "skipped"),
    [
        (timedelta(0), True, 0),
        (GRACE, True, 0),
        (GRACE + timedelta(seconds=1), False, 1),
        (timedelta(days=1), True, 1),
        (timedelta(days=1, hours=7), False, 2),
        (timedelta(days=400), True, 400),
    ],
)
async def test_what_was_slept_through_is_posted_once_if_it_is_not_too_old(
    store, workspace, clock, beat, messenger, asleep, posted, skipped
):
    await add(store, workspace, clock)
    clock.at += asleep
    await beat()
    assert len(messenger.sent) == posted
    if posted:
        ((_, message, _),) = messenger.sent
        told = [note for note in notes(message) if "not posted" in note]
        assert bool(told) is bool(skipped)
        assert all(str(skipped) in note for note in told)
    after = await now_of(store, workspace)
    assert (after.skipped, after.next_due > clock.now()) == (0 if posted else skipped, True)


async def test_the_event_loop_is_free_while_slots_that_were_slept_through_are_counted(
    store, workspace, clock, monkeypatch
):
    counted_in = []

    def counting(*given):
        counted_in.append(threading.current_thread())
        return missed(*given)

    monkeypatch.setattr(claiming, "missed", counting)
    await add(store, workspace, clock)
    await add(store, workspace, clock, cron="0 12 * * mon-fri")
    clock.forward(days=400)
    assert await claim_due(store, clock, HERE) == 2
    assert len(counted_in) == 2
    assert threading.main_thread() not in counted_in


async def test_what_was_skipped_is_told_with_the_next_digest_and_only_there(
    store, workspace, clock, beat, messenger
):
    await add(store, workspace, clock)
    clock.forward(hours=30)  # two went by, the second one six hours ago: just in time
    await beat()
    clock.forward(hours=18)
    await beat()
    told = [[note for note in notes(message) if "not posted" in note] for _, message, _ in messenger.sent]
    assert [len(each) for each in told] == [1, 0]
    assert told[0][0].startswith("1 digest before this one was not posted")


async def test_a_schedule_that_cannot_be_read_any_more_waits_a_day(store, workspace, clock):
    await add(store, workspace, clock, cron="0 12 31 2 *")
    assert await claim_due(store, clock, HERE) == 1
    assert (await now_of(store, workspace)).next_due == clock.now() + timedelta(days=1)
    assert await claim_due(store, clock, HERE) == 0


async def test_a_slot_whose_digest_waited_too_long_is_given_up_and_told(
    store, workspace, clock, beat, messenger
):
    await add(store, workspace, clock)
    await claim_due(store, clock, HERE)
    clock.forward(hours=7)
    await beat()
    assert (messenger.sent, (await now_of(store, workspace)).skipped) == ([], 1)


async def test_a_channel_that_is_lost_pauses_its_schedule_and_loses_nothing(
    store, workspace, clock, beat, messenger
):
    made = await add(store, workspace, clock)
    messenger.failures = [(ChannelLost("There is no channel 9."), False)]
    assert (await beat()).failed == 1
    stopped = await now_of(store, workspace)
    assert (stopped.paused, stopped.trouble) == (True, "There is no channel 9.")
    assert stopped.last_covered == clock.now() - timedelta(days=1)  # nobody was told
    clock.forward(days=2)
    assert (await beat()).sent == 0
    async with store.write() as uow:
        await uow.subscriptions.resume(workspace.id, made.id, next_due=clock.now())
        await uow.commit()
    assert (await beat()).sent == 1


async def test_a_post_that_is_refused_for_good_pauses_nothing(store, workspace, clock, beat, messenger):
    await add(store, workspace, clock)
    messenger.failures = [(DeliveryError("malformed", permanent=True), False)]
    assert (await beat()).failed == 1
    assert not (await now_of(store, workspace)).paused


async def test_what_is_posted_now_is_posted_besides(store, workspace, clock, beat, messenger):
    made = await add(store, workspace, clock, due=clock.now() + timedelta(hours=5), form=Form.THREAD)
    assert await post_now(store, clock, made)
    assert not await post_now(store, clock, made)
    await beat()
    ((_, message, _),) = messenger.sent
    assert message.threaded
    after = await now_of(store, workspace)
    assert (after.next_due, after.last_covered) == (made.next_due, clock.now())


async def test_a_thread_that_a_crash_left_unfinished_is_finished(store, workspace, clock, beat, messenger):
    class Crash(BaseException):
        pass

    await add(store, workspace, clock, form=Form.THREAD)
    messenger.failures = [(Crash(), True)]
    with pytest.raises(Crash):
        await beat()
    clock.forward(minutes=2)
    assert (await beat()).sent == 1
    ((_, _, key),) = messenger.sent
    assert messenger.completed == [key]


@pytest.mark.parametrize("failure", [DeliveryUnknown("lost"), PlatformAway("down"), DeliveryError("full")])
async def test_a_thread_whose_rest_is_stopped_again_is_finished_later(
    store, workspace, clock, beat, messenger, failure
):
    await add(store, workspace, clock, form=Form.THREAD)
    messenger.failures = [(DeliveryUnknown("lost"), True)]
    await beat()
    messenger.incomplete = failure
    clock.forward(minutes=2)
    assert await beat() == Delivered()
    messenger.incomplete = None
    clock.forward(minutes=2)
    assert (await beat()).sent == 1
    assert len(messenger.sent) == len(messenger.completed) == 1


async def test_slots_that_a_crash_left_claimed_are_one_digest(store, workspace, clock, beat, messenger):
    await add(store, workspace, clock, cron="0 * * * *")
    await claim_due(store, clock, HERE)
    clock.forward(hours=1)
    assert (await beat()).sent == 1
    ((_, message, _),) = messenger.sent
    assert next(note for note in notes(message) if "not posted" in note).startswith("1 digest before")


@pytest.mark.parametrize("how", ["paused", "removed"])
async def test_what_was_being_sent_for_a_schedule_that_ended_is_not_sent_again(
    store, workspace, clock, beat, messenger, how
):
    made = await add(store, workspace, clock)
    messenger.failures = [(DeliveryUnknown("lost"), False)]
    await beat()
    async with store.write() as uow:
        await (uow.subscriptions.pause if how == "paused" else uow.subscriptions.remove)(
            workspace.id, made.id
        )
        await uow.commit()
    clock.forward(minutes=2)
    await beat()
    async with store.read() as uow:
        assert await uow.deliveries.open(HERE) == ()
    assert messenger.sent == []


async def test_what_is_posted_now_tells_nothing_that_was_told_while_it_was_asked(
    store, workspace, clock, beat, messenger
):
    made = await add(store, workspace, clock)
    await beat()
    clock.forward(minutes=1)
    assert await post_now(store, clock, made)  # as it was read before
    async with store.read() as uow:
        (waiting,) = await uow.deliveries.open(HERE)
        digest = await uow.deliveries.digest(waiting.digest_id)
    assert digest.window.since == clock.now() - timedelta(minutes=1)


async def test_what_is_posted_now_of_a_schedule_that_was_taken_away_meanwhile_is_said_so(
    store, workspace, clock
):
    made = await add(store, workspace, clock)
    async with store.write() as uow:
        await uow.subscriptions.remove(workspace.id, made.id)
        await uow.commit()
    async with asyncio.timeout(5):
        with pytest.raises(NotFound, match="There is no such schedule any more"):
            await post_now(store, clock, made)  # as it was read before
    async with store.read() as uow:
        assert await uow.deliveries.open(HERE) == ()


async def test_however_many_are_told_different_things_few_are_kept(
    store, workspace, clock, beat, messenger, monkeypatch
):
    monkeypatch.setattr("bot.jobs.deliver.KEPT", 2)
    monkeypatch.setattr("bot.jobs.composing.KEPT", 2)
    made, seen = Posting, []

    def watched(*given):
        seen.append(made(*given))
        return seen[-1]

    monkeypatch.setattr("bot.jobs.deliver.Posting", watched)
    for number in range(9):
        await add(store, workspace, clock, title=f"Digest {number}", cron=f"{number} 12 * * *")
    assert (await beat()).sent == 9
    assert len({str(message.title) for _, message, _ in messenger.sent}) == 9
    assert len(seen[0].messages) == 2


async def test_what_becomes_due_while_others_are_posted_comes_in_between(store, workspace, clock):
    await add(store, workspace, clock)

    class Slow(MemoryMessenger):
        async def send(self, channel, message, *, key):
            if not self.sent:
                await add(store, workspace, clock, cron="1 12 * * *")
            return await super().send(channel, message, key=key)

    messenger = Slow()
    await deliver(store, clock, {Platform.TERMINAL: messenger})
    assert len(messenger.sent) == 2


async def test_who_may_not_post_leaves_everything_as_it_is(store, workspace, clock, messenger):
    await add(store, workspace, clock)

    async def never():
        return False

    await deliver(store, clock, {Platform.TERMINAL: messenger}, may_post=never)
    assert (messenger.sent, (await now_of(store, workspace)).next_due) == ([], clock.now())


async def test_who_may_post_no_longer_leaves_the_rest(store, workspace, clock, messenger):
    await add(store, workspace, clock)
    answers = [True, True, False]

    async def for_a_while():
        return answers.pop(0) if answers else False

    await deliver(store, clock, {Platform.TERMINAL: messenger}, may_post=for_a_while)
    async with store.read() as uow:
        waiting = await uow.deliveries.open(HERE)
    assert len(messenger.sent) + len(waiting) == 1
    assert all(each.state in (DeliveryState.PENDING, DeliveryState.SENDING) for each in waiting)


NEW_YEAR = datetime(2024, 12, 31, 23, 59, 59, tzinfo=UTC)


async def test_at_the_turn_of_a_year_one_digest_is_posted(store, workspace, clock, beat, messenger):
    clock.at = NEW_YEAR
    await add(store, workspace, clock, cron="0 0 1 1 *", due=NEW_YEAR + timedelta(seconds=1))
    for _ in range(3):
        await beat()
        clock.forward(seconds=1)
    assert len(messenger.sent) == 1
    assert (await now_of(store, workspace)).next_due == datetime(2026, 1, 1, tzinfo=UTC)
