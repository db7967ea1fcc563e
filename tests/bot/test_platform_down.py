"""While a platform is down what is due there waits, as if we were away; what is due elsewhere does not notice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.jobs.breaker import FAILURES, PAUSE, Breaker
from bot.jobs.deliver import deliver
from bot.messages.message import Note
from news.channels import Channel, DeliveryState, Platform
from news.errors import DeliveryUnknown, PlatformAway
from tests.fakes import MemoryMessenger

DOWN, WELL = Platform.SLACK, Platform.TERMINAL
AWAY = PlatformAway("Slack is down.")


@pytest.fixture
def breakers():
    return {platform: Breaker() for platform in Platform}


@pytest.fixture
def messengers():
    return {platform: MemoryMessenger(platform) for platform in (DOWN, WELL)}


@pytest.fixture
def beat(store, clock, messengers, breakers):
    async def go():
        return await deliver(store, clock, messengers, breakers)

    return go


def goes_down(messenger):
    messenger.failures = [(AWAY, False)] * 10_000


def comes_back(messenger):
    messenger.failures = []


def fail(breaker, clock):
    for _ in range(FAILURES):
        breaker.failed(clock.now())


async def add(store, workspace, clock, platform, *, channel="news", cron="0 * * * *"):
    async with store.write() as uow:
        made = await uow.subscriptions.add(
            workspace.id, Channel(platform, channel), cron=cron, timezone="UTC", next_due=clock.now()
        )
        await uow.commit()
    return made


async def waiting(store, platform):
    async with store.read() as uow:
        return await uow.deliveries.open([platform])


def went_by(message):
    """What is said of digests that were not posted."""
    lines = ["".join(part.text for part in block.line) for block in message.blocks if isinstance(block, Note)]
    return [line for line in lines if "not posted" in line]


async def test_a_platform_that_was_down_for_days_gets_one_digest_and_what_was_composed_before(
    store, workspace, clock, beat, messengers
):
    made = await add(store, workspace, clock, DOWN)
    goes_down(messengers[DOWN])
    for _ in range(FAILURES):
        await beat()
    for _ in range(72):
        clock.forward(hours=1)
        await beat()
    comes_back(messengers[DOWN])
    clock.forward(minutes=10)
    for _ in range(3):
        await beat()
    sent = [message for _, message, _ in messengers[DOWN].sent]
    assert [len(went_by(message)) for message in sent] == [0, 1]
    assert went_by(sent[1])[0].startswith("71 digests before this one were not posted")
    async with store.read() as uow:
        (after,) = await uow.subscriptions.of(workspace.id)
        last = await uow.deliveries.last_digest(workspace.id, made.channel)
    first_until = clock.now() - timedelta(hours=72, minutes=10)
    assert (last.window.since, last.window.until) == (first_until, clock.now())  # nothing falls between
    assert after.next_due == clock.now() + timedelta(minutes=50)
    clock.forward(hours=1)
    assert (await beat()).sent == 1


async def test_what_is_due_elsewhere_is_posted_as_ever(store, workspace, clock, beat, messengers):
    for platform in (DOWN, WELL):
        await add(store, workspace, clock, platform)
    goes_down(messengers[DOWN])
    for _ in range(FAILURES):
        await beat()
    for _ in range(10):
        clock.forward(hours=1)
        await beat()
    assert len(messengers[WELL].sent) == 11
    assert [each.state for each in await waiting(store, DOWN)] == [DeliveryState.PENDING]


async def test_while_it_is_left_alone_nothing_is_taken_for_it(
    store, workspace, clock, beat, messengers, breakers
):
    made = await add(store, workspace, clock, DOWN)
    fail(breakers[DOWN], clock)
    assert (await beat()).sent == 0
    async with store.read() as uow:
        assert await uow.subscriptions.of(workspace.id) == (made,)


async def test_where_nothing_waits_what_is_due_is_the_try(
    store, workspace, clock, beat, messengers, breakers
):
    """Or it would be left alone for ever: no other post finds out that it is back."""
    await add(store, workspace, clock, DOWN)
    fail(breakers[DOWN], clock)
    clock.at += PAUSE
    assert (await beat()).sent == 1
    assert not breakers[DOWN].is_open


async def test_where_something_waits_nothing_more_is_composed_for_the_try(
    store, workspace, clock, beat, messengers, breakers
):
    for channel in "abc":
        await add(store, workspace, clock, DOWN, channel=channel)
    goes_down(messengers[DOWN])
    await beat()
    fail(breakers[DOWN], clock)
    clock.forward(hours=1)
    await beat()
    assert len(await waiting(store, DOWN)) == 3


async def test_once_it_is_back_what_waited_comes_before_what_is_due(
    store, workspace, clock, beat, messengers
):
    await add(store, workspace, clock, DOWN, channel="a")
    await add(store, workspace, clock, DOWN, channel="b")
    goes_down(messengers[DOWN])
    for _ in range(FAILURES):
        await beat()
    comes_back(messengers[DOWN])
    clock.forward(hours=1)
    for _ in range(2):
        await beat()
    places = [channel.external_id for channel, _, _ in messengers[DOWN].sent]
    assert sorted(places[:2]) == ["a", "b"]
    assert sorted(places[2:]) == ["a", "b"]


async def test_composing_ends_when_the_platform_goes_down(
    store, workspace, clock, beat, messengers, breakers, monkeypatch
):
    monkeypatch.setattr("bot.jobs.composing.LOT", 2)
    monkeypatch.setattr("bot.jobs.composing.FIRST", 2)
    for number in range(20):
        await add(store, workspace, clock, DOWN, channel=str(number))

    class Lost(MemoryMessenger):
        async def send(self, channel, message, *, key):
            fail(breakers[DOWN], clock)
            raise DeliveryUnknown("lost")

    messengers[DOWN] = Lost(DOWN)
    await beat()
    assert len(await waiting(store, DOWN)) < 20
