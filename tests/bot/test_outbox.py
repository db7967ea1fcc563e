"""Many posts at one time: in turns, in order, each settled whatever becomes of others, and none while a platform is down."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.jobs import stopwatch
from bot.jobs.breaker import FAILURES, LONGEST_PAUSE, PAUSE, Breaker
from bot.jobs.outbox import WORKERS, Outbox
from bot.jobs.posting import ATTEMPTS, STOPPED, is_due
from bot.jobs.together import Together
from bot.messages.message import Message, plain
from news.channels import Channel, DeliveryState, Platform
from news.errors import DeliveryError, DeliveryUnknown, PlatformAway, StoreAway
from tests.fakes import NOON, MemoryMessenger

HERE = Platform.TERMINAL


@dataclass
class Post:
    """A post without a store."""

    number: int
    group: object = 0
    place: str = "local"
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    failure: Exception | None = None
    states: list = field(default_factory=list)
    given_up: bool = False
    kind = "digest"
    since = touched = NOON

    @property
    def channel(self):
        return Channel(HERE, self.place)

    @property
    def key(self):
        return f"key-{self.number}"

    @property
    def ids(self):
        return {"workspace": 1, "delivery": self.number}

    async def message(self):
        return None

    async def claim(self):
        if self.failure:
            raise self.failure
        self.attempts += 1
        return self, Message(plain(str(self.number)))

    async def mark(self, state, *, receipt=None, error=None, attempts=None):
        self.state = state
        self.states.append(state)
        if attempts is not None:
            self.attempts = attempts
        return True

    async def give_up(self, error):
        self.given_up = True


class Gated(MemoryMessenger):
    """Sends nothing before it is let; knows how many it is asked for at one time."""

    def __init__(self):
        super().__init__()
        self.gate = asyncio.Event()
        self.at_once = self.most = 0
        self.begun, self.full = asyncio.Event(), asyncio.Event()

    async def send(self, channel, message, *, key):
        self.begun.set()
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        if self.at_once == WORKERS:
            self.full.set()
        await self.gate.wait()
        self.at_once -= 1
        return await super().send(channel, message, key=key)


async def sent(posts, messenger, clock, breaker=None):
    async with Outbox({HERE: messenger}, clock, {HERE: breaker or Breaker()}) as outbox:
        for post in posts:
            outbox.put(post)
    return outbox.delivered


def order(messenger):
    return [int(key.removeprefix("key-")) for _, _, key in messenger.sent]


async def test_who_has_many_channels_holds_up_nobody(clock):
    messenger = Gated()
    many = [Post(number, "many", str(number)) for number in range(100)]
    few = [Post(1000, "few", "x"), Post(1001, "others", "y")]
    async with Outbox({HERE: messenger}, clock) as outbox:
        for post in (*many, *few):
            outbox.put(post)
        messenger.gate.set()
    places = [order(messenger).index(number) for number in (1000, 1001)]
    assert max(places) < WORKERS + 4
    assert sorted(order(messenger)) == [*range(100), 1000, 1001]


async def test_as_many_are_under_way_as_there_are_workers(clock):
    messenger = Gated()
    async with Outbox({HERE: messenger}, clock) as outbox:
        for number in range(3 * WORKERS):
            outbox.put(Post(number, number, str(number)))
        await messenger.full.wait()
        assert not await outbox.idle(within=0.01)
        messenger.gate.set()
    assert messenger.most == WORKERS
    assert outbox.delivered.sent == 3 * WORKERS


async def test_in_one_channel_they_come_one_after_the_other(clock):
    messenger = Gated()
    messenger.gate.set()
    await sent([Post(number) for number in range(10)], messenger, clock)
    assert (messenger.most, order(messenger)) == (1, list(range(10)))


async def test_one_that_breaks_holds_up_no_other(clock):
    posts = [Post(0, failure=RuntimeError("a bug")), Post(1), Post(2, failure=RuntimeError("a bug"))]
    messenger = MemoryMessenger()
    assert (await sent(posts, messenger, clock)).sent == 1
    assert order(messenger) == [1]


async def test_once_the_store_fails_the_rest_stays(clock):
    posts = [Post(number, place=str(number)) for number in range(200)]
    posts[3].failure = StoreAway("Cannot reach the database.")
    messenger = MemoryMessenger()
    with pytest.raises(StoreAway):
        await sent(posts, messenger, clock)
    assert len(messenger.sent) < 200
    untouched = [post for post in posts if not post.states]
    assert len(untouched) == 200 - len(messenger.sent)


@pytest.mark.parametrize("failure", [PlatformAway("down"), DeliveryUnknown("lost")])
async def test_a_platform_that_is_down_is_left_alone_until_it_is_back(clock, failure):
    breaker, messenger = Breaker(), MemoryMessenger()
    messenger.failures = [(failure, False)] * 1000
    posts = [Post(number) for number in range(50)]
    await sent(posts, messenger, clock, breaker)
    asked = 1000 - len(messenger.failures)
    assert (asked, breaker.is_open) == (FAILURES, True)
    await sent([Post(number) for number in range(50)], messenger, clock, breaker)
    assert 1000 - len(messenger.failures) == asked
    clock.at += PAUSE
    await sent([Post(number) for number in range(50)], messenger, clock, breaker)
    assert 1000 - len(messenger.failures) == asked + 1  # the one try
    clock.at += 2 * PAUSE
    messenger.failures = []
    assert (await sent([Post(number) for number in range(50)], messenger, clock, breaker)).sent == 50
    assert not breaker.is_open


async def test_a_try_while_the_platform_is_down_does_not_count(clock):
    messenger, post = MemoryMessenger(), Post(1)
    messenger.failures = [(PlatformAway("down"), False)] * (3 * ATTEMPTS)
    for _ in range(3 * ATTEMPTS):
        await sent([post], messenger, clock)
    assert (post.state, post.attempts, post.given_up) == (DeliveryState.PENDING, 0, False)
    assert (await sent([post], messenger, clock)).sent == 1


async def test_a_channel_that_is_busy_does_not_count_as_a_platform_that_is_down(clock):
    breaker, messenger = Breaker(), MemoryMessenger()
    messenger.failures = [(DeliveryError("busy"), False)] * 20
    assert (await sent([Post(number) for number in range(30)], messenger, clock, breaker)).sent == 10


def test_pauses_grow_while_a_platform_stays_down_and_begin_anew_when_it_was_back():
    breaker, now = Breaker(), NOON
    for _ in range(FAILURES):
        assert breaker.allows(now)
        breaker.failed(now)
    pauses = []
    for _ in range(8):
        begun = now
        while not breaker.allows(now):
            now += timedelta(seconds=1)
        assert not breaker.allows(now)  # one try at a time
        breaker.failed(now)
        pauses.append(now - begun)
    assert pauses == [min(PAUSE * 2**n, LONGEST_PAUSE) for n in range(8)]
    now += LONGEST_PAUSE
    assert breaker.allows(now)
    breaker.worked()
    for _ in range(FAILURES - 1):
        breaker.failed(now)
    assert breaker.allows(now)
    breaker.failed(now)
    assert not breaker.allows(now)
    assert breaker.allows(now + PAUSE)


async def test_what_is_asked_meanwhile_is_done_together():
    lots, begun, gate = [], asyncio.Event(), asyncio.Event()

    async def do(asked):
        lots.append(list(asked))
        begun.set()
        await gate.wait()
        return [2 * each for each in asked]

    together = Together(do)
    tasks = [asyncio.create_task(together(number)) for number in range(10)]
    await begun.wait()
    late = [asyncio.create_task(together(number)) for number in range(10, 20)]
    await asyncio.sleep(0)
    gate.set()
    assert await asyncio.gather(*tasks, *late) == [2 * number for number in range(20)]
    assert len(lots) == 2


async def test_one_question_that_fails_hinders_no_other():
    async def do(asked):
        if 3 in asked:
            raise ValueError(3)
        return list(asked)

    done = await asyncio.gather(*map(Together(do), range(6)), return_exceptions=True)
    assert [each for each in done if not isinstance(each, ValueError)] == [0, 1, 2, 4, 5]


async def test_a_store_that_fails_fails_all_at_once():
    tries = []

    async def do(asked):
        tries.append(len(asked))
        await asyncio.sleep(0)
        raise StoreAway("away")

    done = await asyncio.gather(*map(Together(do), range(6)), return_exceptions=True)
    assert all(isinstance(each, StoreAway) for each in done)
    assert len(tries) <= 2


async def test_who_gives_up_hinders_no_other():
    gate = asyncio.Event()

    async def do(asked):
        await gate.wait()
        return list(asked)

    together = Together(do)
    first, second = (asyncio.create_task(together(number)) for number in (1, 2))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    gate.set()
    assert await second == 2


async def test_what_ends_the_one_who_has_the_turn_ends_nobody_else():
    class Crash(BaseException):
        pass

    crashes = [Crash()]

    async def do(asked):
        await asyncio.sleep(0)
        if crashes:
            raise crashes.pop()
        return list(asked)

    async with asyncio.timeout(5):
        done = await asyncio.gather(*map(Together(do), range(3)), return_exceptions=True)
    assert [type(each) for each in done] == [Crash, int, int]


async def test_nothing_is_done_for_who_gave_up_before():
    gate, lots = asyncio.Event(), []

    async def do(asked):
        lots.append(list(asked))
        await gate.wait()
        return list(asked)

    together = Together(do)
    first = asyncio.create_task(together(1))
    await asyncio.sleep(0)
    second, third = (asyncio.create_task(together(number)) for number in (2, 3))
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.sleep(0)
    gate.set()
    assert [await first, await third] == [1, 3]
    assert lots == [[1], [3]]


async def test_a_channel_that_takes_long_keeps_no_other_waiting(clock):
    messenger = Gated()
    async with Outbox({HERE: messenger}, clock) as outbox:
        for number in range(2 * WORKERS):
            outbox.put(Post(number, place="slow"))
        await asyncio.sleep(0)
        for number in range(WORKERS - 1):
            outbox.put(Post(100 + number, place=str(number)))
        async with asyncio.timeout(5):
            await messenger.full.wait()
        messenger.gate.set()
    assert [number for number in order(messenger) if number < 100] == list(range(2 * WORKERS))
    assert outbox.delivered.sent == 3 * WORKERS - 1


async def test_who_is_stopped_for_good_waits_for_no_answer(clock):
    messenger, begun = Gated(), asyncio.Event()

    async def work():
        async with Outbox({HERE: messenger}, clock) as outbox:
            outbox.put(Post(0))
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(work())
    await begun.wait()
    await asyncio.sleep(0)
    task.cancel()
    async with asyncio.timeout(5):
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_a_try_that_is_stopped_leaves_room_for_the_next(clock):
    breaker, messenger = Breaker(), Gated()
    for _ in range(FAILURES):
        breaker.failed(clock.now())
    clock.at += PAUSE
    trying = asyncio.create_task(sent([Post(0)], messenger, clock, breaker))
    await messenger.begun.wait()
    trying.cancel()
    await asyncio.wait([trying])
    assert breaker.allows(clock.now())


def test_a_clock_that_is_set_back_leaves_nobody_waiting_for_it():
    breaker = Breaker()
    for _ in range(FAILURES):
        breaker.failed(NOON)
    assert not breaker.allows(NOON)
    assert breaker.allows(NOON - timedelta(hours=1))
    sending = Post(0, state=DeliveryState.SENDING)
    pending = Post(1, attempts=1)
    for post in (sending, pending):
        assert not is_due(post, NOON - timedelta(seconds=1))
        assert is_due(post, NOON - timedelta(hours=1))


async def test_who_was_stopped_after_the_claim_looks_for_the_post_and_does_not_post_it(clock, monkeypatch):
    """By then another process may have posted it."""
    messenger, at = MemoryMessenger(), [0.0]
    monkeypatch.setattr(stopwatch, "seconds", lambda: at[0])

    class Stopped(Post):
        async def claim(self):
            at[0] += STOPPED + 1
            return await super().claim()

    stopped, prompt = Stopped(0, place="one"), Post(1, place="two")
    await sent([stopped, prompt], messenger, clock)
    assert (order(messenger), stopped.states) == (
        [1],
        [],
    )  # as it was claimed, so it stays until it is looked for
    assert prompt.state is DeliveryState.SENT


async def test_what_waits_for_its_turn_can_still_be_taken_out(clock):
    messenger, turn = MemoryMessenger(), asyncio.Event()

    async def pause() -> None:
        await turn.wait()

    async with Outbox({HERE: messenger}, clock, pause=pause) as outbox:
        for number in range(3):
            outbox.put(Post(number, place=str(number)))
        await asyncio.sleep(0)
        outbox.clear()
        turn.set()
    assert not messenger.sent


async def test_what_is_passed_over_as_a_platform_is_down_waits_for_no_turn(clock):
    breaker, messenger, turns = Breaker(), MemoryMessenger(), []

    async def pause():
        turns.append(1)

    for _ in range(FAILURES):
        breaker.failed(clock.now())
    async with Outbox({HERE: messenger}, clock, {HERE: breaker}, pause=pause) as outbox:
        for number in range(10 * WORKERS):
            outbox.put(Post(number, place=str(number)))
    assert len(turns) <= 2 * WORKERS


async def test_what_is_in_here_already_is_not_put_in_again(clock):
    messenger = Gated()
    async with Outbox({HERE: messenger}, clock) as outbox:
        outbox.put(Post(0))
        await messenger.begun.wait()
        for number in (0, 1, 1):
            outbox.put(Post(number))
        messenger.gate.set()
    assert order(messenger) == [0, 1]
