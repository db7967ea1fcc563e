"""A platform that is not there when the bot starts: it is tried again, and the doctor hears of it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest
import structlog

from bot.jobs import keeping
from bot.jobs.outages import Outage
from bot.platforms.connecting import connecting
from news.channels import Channel, Platform
from news.errors import DeliveryError, InputError, PlatformAway, StoreAway, StoreBusy, StoreUnknown
from news.soundness import Unreached
from storage.soundness import SqlSoundness
from tests.fakes import FailingStore, MemoryMessenger

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


# what the doctor hears of it


@pytest.fixture
def noted(tmp_path, clock):
    """What the doctor would read."""

    async def read():
        life = await SqlSoundness(f"sqlite:///{tmp_path / 'test.db'}").life(clock.now())
        return life.unreached

    return read


async def test_what_could_not_be_noted_is_noted_with_the_next_try(store, clock, noted, monkeypatch):
    monkeypatch.setattr(keeping, "PATIENCE", 0)
    process = Process(FailingStore(store, StoreAway("away")), clock, *[DeliveryError(DOWN)] * 2)
    began = clock.now()
    with structlog.testing.capture_logs() as logs:
        async with process.running():
            await process.turns.tried()
            assert await noted() == ()
            clock.forward(minutes=1)
            process.turns.again()
            await process.turns.tried()
            assert await noted() == (Unreached("slack", began, DOWN),)
    assert [each["event"] for each in logs].count("not connected, it is tried again") == 1
    assert await noted() == ()


async def test_who_is_away_says_so_again_when_another_process_has_come(store, clock, noted):
    away, other = Process(store, clock, *[DeliveryError(DOWN)] * 2), Process(store, clock)
    async with away.running():
        await away.turns.tried()
        [before] = await noted()
        async with other.running():
            pass
        assert await noted() == ()
        clock.forward(minutes=1)
        away.turns.again()
        await away.turns.tried()
        assert await noted() == (before,)
