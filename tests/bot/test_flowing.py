"""While posts keep flowing, what failed, what was lost and what else is to be told does not wait for the last of them."""

from __future__ import annotations

import asyncio

import pytest

from bot.jobs.deliver import deliver
from bot.jobs.notices import plan_notices
from bot.jobs.posting import ABANDONED, PAUSE
from bot.ports import Uncounted
from news.channels import Channel, Platform
from news.errors import DeliveryError, DeliveryUnknown
from news.feeds import Gone
from news.polling import after_success
from tests.fakes import MemoryMessenger

HERE = Platform.TERMINAL
RESTING, OTHER = Channel(HERE, "resting"), Channel(HERE, "local")


@pytest.fixture(autouse=True)
def glance(monkeypatch):
    monkeypatch.setattr("bot.jobs.deliver.GLANCE", 0.01)


@pytest.fixture
def add(store, workspace, clock):
    async def subscribe(channel):
        async with store.write() as uow:
            await uow.subscriptions.add(
                workspace.id, channel, cron="0 12 * * *", timezone="UTC", next_due=clock.now()
            )
            await uow.commit()

    return subscribe


class Flowing(MemoryMessenger):
    """A post rests in one channel until another one is through; `meanwhile` happens as soon as it rests."""

    def __init__(self, meanwhile):
        super().__init__()
        self.meanwhile = meanwhile
        self.through = asyncio.Event()

    async def send(self, channel, message, *, key):
        if channel == RESTING:
            await self.meanwhile()
            await self.through.wait()
        receipt = await super().send(channel, message, key=key)
        self.through.set()
        return receipt


class Settled(Uncounted):
    """Tells when something has become of the first post."""

    def __init__(self):
        self.once = asyncio.Event()

    def settled(self, *what):
        self.once.set()


@pytest.mark.parametrize(
    ("failure", "pause"), [(DeliveryError("busy"), PAUSE), (DeliveryUnknown("lost"), ABANDONED)]
)
async def test_what_failed_is_tried_again_in_time(store, clock, add, failure, pause):
    settled = Settled()

    async def pass_by():
        await settled.once.wait()
        clock.at += pause

    for channel in (OTHER, RESTING):
        await add(channel)
    messenger = Flowing(pass_by)
    messenger.failures = [(failure, False)]
    async with asyncio.timeout(10):
        assert (await deliver(store, clock, {HERE: messenger}, meter=settled)).sent == 2
    assert [channel for channel, _, _ in messenger.sent] == [OTHER, RESTING]


async def test_what_is_to_be_told_of_feeds_is_told(store, workspace, clock, add):
    async def end_a_feed():
        async with store.write() as uow:
            feed = await uow.feeds.follow(workspace.id, "https://herald.example/feed")
            await uow.feeds.save(after_success(feed, Gone(), clock.now()))
            await uow.commit()
        assert await plan_notices(store, clock) == 1
        clock.at += PAUSE

    await add(RESTING)
    messenger = Flowing(end_a_feed)
    async with asyncio.timeout(10):
        assert (await deliver(store, clock, {HERE: messenger})).sent == 2
    assert [channel for channel, _, _ in messenger.sent] == [OTHER, RESTING]
