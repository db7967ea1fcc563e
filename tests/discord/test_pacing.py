"""No more requests a second than Discord takes, in order, and no time is given away."""

from __future__ import annotations

import asyncio
from bisect import bisect_left

import pytest

from bot.platforms.discord.pacing import RATE, Pacer
from news.errors import DeliveryUnknown
from tests.discord.test_messenger import CHANNEL, DIGEST


class Time:
    """Goes on only where somebody sleeps, or stands still for a while at given moments."""

    def __init__(self, standstills=()):
        self.at = 1000.0
        self._standstills = sorted(standstills)

    def now(self):
        return self.at

    async def sleep(self, seconds):
        await asyncio.sleep(0)
        self.at += seconds
        while self._standstills and self._standstills[0][0] <= self.at - 1000.0:
            self.at += self._standstills.pop(0)[1]


async def made(time, count):
    pacer, moments = Pacer(now=time.now, sleep=time.sleep), []

    async def request(number):
        await pacer.turn()
        moments.append((time.now() - 1000.0, number))

    await asyncio.gather(*map(request, range(count)))
    assert [number for _, number in moments] == list(range(count))
    return [moment for moment, _ in moments]


def most_in_a_second(moments):
    return max(bisect_left(moments, moment + 0.999999) - at for at, moment in enumerate(moments))


@pytest.mark.parametrize(
    "standstills",
    [(), [(1, 0.1)], [(n / 4, 0.05) for n in range(80)], [(5, 3.0)], [(n, 0.4) for n in range(1, 20)]],
    ids=["none", "one", "many short ones", "a long one", "many long ones"],
)
async def test_no_second_has_more_than_discord_takes(standstills):
    assert most_in_a_second(await made(Time(standstills), 1000)) <= RATE


async def test_a_thousand_take_as_long_as_they_must():
    assert (await made(Time(), 1000))[-1] == pytest.approx(999 / RATE)


async def test_short_standstills_cost_little():
    standstills = [(n * 0.97, 0.03) for n in range(1, 20)]
    moments = await made(Time(standstills), 1000)
    assert moments[-1] < 999 / RATE + 0.5 * sum(lasts for _, lasts in standstills)


async def test_the_first_ones_are_spread_too():
    assert (await made(Time(), 10))[-1] == pytest.approx(9 / RATE)


async def test_who_gives_up_hinders_no_other():
    pacer = Pacer()
    waiting = [asyncio.create_task(pacer.turn()) for _ in range(5)]
    await asyncio.sleep(0)
    waiting[2].cancel()
    done = await asyncio.gather(*waiting, return_exceptions=True)
    assert [isinstance(each, asyncio.CancelledError) for each in done] == [False, False, True, False, False]


class Counted(Pacer):
    """Counts its turns."""

    turns = 0

    async def turn(self):
        self.turns += 1
        await super().turn()


async def test_what_discord_py_asks_anew_by_itself_takes_its_turn_too(fake, connect):
    pacer = Counted()
    async with connect(pacer=pacer) as messenger:
        await fake.have_identified(1)
        before = pacer.turns
        fake.knobs.refuse_posts = [502]
        await messenger.send(CHANNEL, DIGEST, key="attache-1")
        assert (len(fake.post_attempts), pacer.turns - before) == (2, 2)


async def test_answers_to_commands_wait_for_no_turn(fake, connect):
    pacer = Counted()
    async with connect(pacer=pacer):
        await fake.have_identified(1)
        before = pacer.turns
        asked = await fake.ask("help")
        await asked.answer()
        assert pacer.turns == before


async def test_what_nobody_waits_for_any_more_is_not_asked_for(fake, connect, monkeypatch):
    monkeypatch.setattr("bot.platforms.discord.pacing.LONGEST", -1.0)
    async with connect() as messenger:
        with pytest.raises(DeliveryUnknown):
            await messenger.send(CHANNEL, DIGEST, key="attache-1")
    assert fake.post_attempts == []
