"""A platform that is not there when the bot starts: it is tried again, and the doctor hears of it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest
import structlog

from bot.jobs import keeping
from bot.jobs.outages import Outage
from bot.platforms.alongside import alongside
from bot.platforms.connecting import REFUSED_PAUSE, connecting
from news.channels import Channel, Platform
from news.errors import (
    DeliveryError,
    InputError,
    PlatformAway,
    StoreAway,
    StoreBusy,
    StoreError,
    StoreUnknown,
)
from news.soundness import Unreached
from storage.soundness import SqlSoundness
from tests.fakes import FailingStore, MemoryMessenger

CHANNEL = Channel(Platform.SLACK, "C1")
DOWN = "Slack cannot be reached: check the network."
REFUSED = "Slack refused the token."


class Turns:
    """Pauses that last until the test lets the next try begin."""

    def __init__(self):
        self._begin, self._waits = asyncio.Semaphore(0), asyncio.Semaphore(0)
        self.pauses = []

    async def pause(self, seconds):
        self.pauses.append(seconds)
        self._waits.release()
        await self._begin.acquire()

    async def tried(self):
        """Returns when a try has failed, and all is said about it."""
        async with asyncio.timeout(20):
            await self._waits.acquire()

    def again(self):
        self._begin.release()


class Process:
    """One that connects; each try fails as told, one after the other, and later on it fails with what is in `lost`."""

    def __init__(self, store, clock, *failures, platform=Platform.SLACK, welcome=None):
        self.failures, self.lost = list(failures), asyncio.Queue()
        self.turns, self.connected = Turns(), asyncio.Event()
        self._platform, self._welcome = platform, welcome
        self._outage = Outage(store, clock, platform, self.connected.set)

    @asynccontextmanager
    async def connect(self):
        if self.failures:
            raise self.failures.pop(0)
        async with alongside(self._hear()):
            yield MemoryMessenger()

    async def _hear(self):
        raise await self.lost.get()

    def running(self):
        return connecting(
            self._platform, self.connect, self._outage, welcome=self._welcome, sleep=self.turns.pause
        )


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


@pytest.fixture
def noted(tmp_path, clock):
    """What the doctor would read."""

    async def read():
        life = await SqlSoundness(f"sqlite:///{tmp_path / 'test.db'}").life(clock.now())
        return life.unreached

    return read


# refusals beside another platform


def refusal():
    return DeliveryError(REFUSED, permanent=True)


async def test_a_refusal_is_told_once_and_waited_out_while_another_platform_is_there(store, clock, noted):
    welcome = {Platform.SLACK, Platform.DISCORD}
    process = Process(store, clock, refusal(), refusal(), welcome=welcome)
    began = clock.now()
    with structlog.testing.capture_logs() as logs:
        async with process.running() as messenger:
            await process.turns.tried()
            assert welcome == {Platform.DISCORD}
            assert await noted() == (Unreached("slack", began, REFUSED),)
            with pytest.raises(PlatformAway, match=REFUSED):
                await messenger.send(CHANNEL, None, key="1")
            process.turns.again()
            await process.turns.tried()
            process.turns.again()
            async with asyncio.timeout(20):
                await process.connected.wait()
            assert await messenger.send(CHANNEL, None, key="1")
            assert welcome == {Platform.SLACK, Platform.DISCORD}
    assert process.turns.pauses == [REFUSED_PAUSE] * 2
    assert [each["error"] for each in logs if each["log_level"] == "error"] == [REFUSED]
    assert await noted() == ()


@pytest.mark.parametrize("error", [refusal(), DeliveryError(DOWN)], ids=repr)
async def test_what_ends_a_connection_later_is_waited_out_likewise(store, clock, noted, error):
    process = Process(store, clock, welcome={Platform.SLACK, Platform.DISCORD})
    async with process.running() as messenger:
        assert await messenger.send(CHANNEL, None, key="1")
        process.lost.put_nowait(error)
        await process.turns.tried()
        assert await noted() == (Unreached("slack", clock.now(), str(error)),)
        with pytest.raises(PlatformAway, match=str(error)):
            await messenger.send(CHANNEL, None, key="2")
        process.connected.clear()
        process.turns.again()
        async with asyncio.timeout(20):
            await process.connected.wait()
        assert await messenger.send(CHANNEL, None, key="2")


async def test_the_last_platform_that_refuses_us_ends_it(store, clock):
    welcome = {Platform.SLACK, Platform.DISCORD}
    other = Process(store, clock, refusal(), platform=Platform.DISCORD, welcome=welcome)
    process = Process(store, clock, welcome=welcome)

    async def run():
        async with asyncio.timeout(20), other.running(), process.running():
            process.lost.put_nowait(refusal())
            await asyncio.Event().wait()

    with pytest.raises(DeliveryError, match=REFUSED):
        await run()


# what the doctor hears of it


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


async def test_a_store_that_refuses_to_note_it_ends_nothing_and_is_told_of_once(store, clock):
    """It is a row for the doctor alone."""
    refusing = FailingStore(store, *[StoreError("The user of the database may not do that.")] * 9)
    process = Process(refusing, clock, *[DeliveryError(DOWN)] * 2)
    with structlog.testing.capture_logs() as logs:
        async with process.running() as messenger:
            for _ in range(2):
                await process.turns.tried()
                process.turns.again()
            async with asyncio.timeout(20):
                await process.connected.wait()
            assert await messenger.send(CHANNEL, None, key="1")
    assert [each["event"] for each in logs].count("outage not noted") == 1


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
