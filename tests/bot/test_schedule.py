"""The heartbeat, on the real APScheduler and the real clock, which is set wrong where that matters; with spans of milliseconds."""

import asyncio
from datetime import datetime, timedelta

import pytest
from apscheduler.job import Job

from bot.schedule import heartbeat

SOON = timedelta(milliseconds=5)


async def test_beats_come_at_once_and_again_and_again():
    beaten, thrice = 0, asyncio.Event()

    async def beat():
        nonlocal beaten
        beaten += 1
        if beaten == 3:
            thrice.set()

    async with asyncio.timeout(20), heartbeat({"one": beat}, every=SOON):
        await thrice.wait()


async def test_a_beat_that_takes_long_is_not_called_a_second_time_meanwhile(caplog):
    at_once = most = 0
    slow_called, others = asyncio.Event(), 0
    let_go = asyncio.Event()

    async def slow():
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        slow_called.set()
        await let_go.wait()
        at_once -= 1

    async def other():
        nonlocal others
        others += 1
        if others == 5:
            let_go.set()

    async with asyncio.timeout(20), heartbeat({"slow": slow, "other": other}, every=SOON):
        await slow_called.wait()
        await let_go.wait()
    assert most == 1
    assert caplog.text == ""


async def test_a_beat_under_way_is_finished_before_the_end():
    began, finished = asyncio.Event(), False

    async def beat():
        nonlocal finished
        began.set()
        for _ in range(20):
            await asyncio.sleep(0)
        finished = True

    async with asyncio.timeout(20), heartbeat({"one": beat}, every=timedelta(hours=1)):
        await began.wait()
    assert finished


async def test_a_beat_that_does_not_end_is_cancelled():
    began, cancelled = asyncio.Event(), asyncio.Event()

    async def beat():
        began.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise

    async with asyncio.timeout(20):
        async with heartbeat({"one": beat}, every=timedelta(hours=1), patience=SOON):
            await began.wait()
    assert cancelled.is_set()  # before what it uses is closed


async def test_a_beat_that_fails_does_not_end_the_heartbeat(caplog):
    calls, twice = 0, asyncio.Event()

    async def beat():
        nonlocal calls
        calls += 1
        if calls == 2:
            twice.set()
        raise RuntimeError("broken")

    async with asyncio.timeout(20), heartbeat({"one": beat}, every=SOON):
        await twice.wait()
    assert "broken" in caplog.text


@pytest.fixture
def set_clock(monkeypatch):
    """Sets the clock of the machine, as far as the heartbeat sees it, ahead by so much; or back."""
    ahead = timedelta()

    class Set(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + ahead

    def by(span):
        nonlocal ahead
        ahead += span

    monkeypatch.setattr("bot.schedule.datetime", Set)
    monkeypatch.setattr("apscheduler.schedulers.base.datetime", Set)
    return by


async def test_beats_go_on_when_the_clock_is_set_back(set_clock):
    beaten, thrice = 0, asyncio.Event()

    async def beat():
        nonlocal beaten
        beaten += 1
        if beaten == 1:
            set_clock(timedelta(hours=-1))
        if beaten == 3:
            thrice.set()

    async with asyncio.timeout(20), heartbeat({"one": beat}, every=SOON):
        await thrice.wait()


async def test_beats_that_a_leap_of_the_clock_skipped_are_not_counted_one_by_one(set_clock, monkeypatch):
    beaten, thrice, counted = 0, asyncio.Event(), []
    run_times = Job._get_run_times

    def counting(job, now):
        found = run_times(job, now)
        counted.append(len(found))
        return found

    async def beat():
        nonlocal beaten
        beaten += 1
        if beaten == 1:
            set_clock(timedelta(minutes=1))
        if beaten == 3:
            thrice.set()

    monkeypatch.setattr(Job, "_get_run_times", counting)
    async with asyncio.timeout(20), heartbeat({"one": beat}, every=SOON):
        await thrice.wait()
    assert max(counted) == 1
