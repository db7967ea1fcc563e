"""A platform that is not there when the bot starts: it is tried again, and the doctor hears of it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest

from bot.jobs.outages import Outage
from bot.platforms.connecting import connecting
from news.channels import Channel, Platform
from news.errors import DeliveryError, InputError, PlatformAway, StoreAway, StoreBusy, StoreUnknown
from tests.fakes import MemoryMessenger

CHANNEL = Channel(Platform.SLACK, "C1")
DOWN = "Slack cannot be reached: check the network."


class Turns:
    """Pauses that last until the test lets the next try begin."""

    def __init__(self):
        self._begin, self._waits = asyncio.Semaphore(0), asyncio.Semaphore(0)

    async def pause(self, seconds):
        self._waits.release()
        await self._begin.acquire()

    async def tried(self):
        """Returns when a try has failed, and all is said about it."""
        async with asyncio.timeout(20):
            await self._waits.acquire()

    def again(self):
        self._begin.release()


class Process:
    """One that connects; each try fails as told, one after the other."""

    def __init__(self, store, clock, *failures):
        self.failures = list(failures)
        self.turns, self.connected = Turns(), asyncio.Event()
        self._outage = Outage(store, clock, Platform.SLACK, self.connected.set)

    @asynccontextmanager
    async def connect(self):
        if self.failures:
            raise self.failures.pop(0)
        yield MemoryMessenger()

    def running(self):
        return connecting(Platform.SLACK, self.connect, self._outage, sleep=self.turns.pause)


@pytest.mark.parametrize(
    "error", [StoreBusy("busy"), StoreAway("away"), StoreUnknown("unknown"), DeliveryError(DOWN)], ids=repr
)
async def test_what_may_pass_when_it_connects_is_tried_again(store, clock, error):
    process = Process(store, clock, error)
    async with process.running() as messenger:
        with pytest.raises(PlatformAway, match=str(error)):
            await messenger.send(CHANNEL, None, key="1")
        process.turns.again()
        async with asyncio.timeout(20):
            await process.connected.wait()
        assert await messenger.send(CHANNEL, None, key="1")


@pytest.mark.parametrize("error", [InputError("no key"), DeliveryError("no token", permanent=True)], ids=repr)
async def test_what_does_not_pass_ends_it(store, clock, error):
    with pytest.raises(type(error), match=str(error)):
        async with Process(store, clock, error).running():
            await asyncio.Event().wait()
