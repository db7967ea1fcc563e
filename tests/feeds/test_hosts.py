import asyncio

import pytest

from feeds.hosts import LONGEST_REST, LONGEST_SPACING, LONGEST_TURN, Hosts
from tests.feeds.servers import FakeTime


@pytest.fixture
def time():
    return FakeTime()


@pytest.fixture
def hosts(time):
    return Hosts(now=time.now, sleep=time.sleep)


class Crowd:
    """Tasks that each take a place and hold it until they are let go; it counts who is in."""

    def __init__(self, hosts):
        self._hosts = hosts
        self._go = asyncio.Event()
        self.inside = []

    async def _one(self, name):
        async with self._hosts.place(name):
            self.inside.append(name)
            await self._go.wait()

    async def gather(self, names, *, then):
        """Lets all of them try, hands over who is inside, and lets them go."""
        async with asyncio.TaskGroup() as group:
            for name in names:
                group.create_task(self._one(name))
            for _ in range(10):
                await asyncio.sleep(0)
            then(sorted(self.inside))
            self._go.set()
        return sorted(self.inside)


async def test_two_requests_go_to_one_host_at_a_time(hosts):
    seen = []

    everybody = await Crowd(hosts).gather(["a:80"] * 5 + ["b:80"] * 3, then=seen.append)

    assert seen == [["a:80", "a:80", "b:80", "b:80"]]
    assert everybody == ["a:80"] * 5 + ["b:80"] * 3
    assert hosts.known == 0


async def test_ports_of_a_host_count_apart(hosts):
    seen = []

    await Crowd(hosts).gather(["a:80"] * 3 + ["a:8080"] * 3, then=seen.append)

    assert seen == [["a:80", "a:80", "a:8080", "a:8080"]]


async def test_places_over_all_are_bounded_and_who_waits_for_a_host_takes_none(time):
    seen = []

    await Crowd(Hosts(now=time.now, at_once=4)).gather(
        ["a:80"] * 9 + [f"{letter}:80" for letter in "bcde"], then=seen.append
    )

    assert seen == [["a:80", "a:80", "b:80", "c:80"]]


async def test_place_is_given_back_by_who_fails_and_who_gives_up(hosts):
    with pytest.raises(ValueError, match="broken"):
        async with hosts.place("a:80"):
            raise ValueError("broken")
    async with hosts.place("a:80"), hosts.place("a:80"):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0), hosts.place("a:80"):
                pass
    async with hosts.place("a:80"), hosts.place("a:80"):
        assert hosts.known == 1
    assert hosts.known == 0


async def test_pages_of_a_host_are_spaced(hosts, time):
    for _ in range(3):
        assert await hosts.turn("a:80", 4) == 0
    assert await hosts.turn("b:80", 4) == 0
    time.pass_by(1)
    assert await hosts.turn("a:80", 4) == 0

    assert time.slept == [4, 4, 3]


async def test_pages_that_ask_together_are_spaced_in_their_order(hosts, time):
    time.stands = True

    await asyncio.gather(*(hosts.turn("a:80", 4) for _ in range(4)))

    assert time.slept == [4, 8, 12]


async def test_spacing_is_capped(hosts, time):
    await hosts.turn("a:80", 3600)
    await hosts.turn("a:80", 3600)

    assert time.slept == [LONGEST_SPACING]


async def test_page_that_would_wait_too_long_is_told_so_at_once(hosts, time):
    time.stands = True
    count = int(LONGEST_TURN / LONGEST_SPACING) + 1

    waits = [await hosts.turn("a:80", LONGEST_SPACING) for _ in range(count + 2)]

    assert waits == [0] * count + [LONGEST_TURN + LONGEST_SPACING] * 2
    assert len(time.slept) == count - 1


async def test_no_spacing_remembers_nothing(hosts, time):
    assert await hosts.turn("a:80", 0) == 0
    assert (hosts.known, time.slept) == (0, [])


def test_host_is_left_alone_as_long_as_it_asked(hosts, time):
    hosts.leave_alone("a:80", 90)
    hosts.leave_alone("a:80", 30)
    assert (hosts.rest("a:80"), hosts.rest("b:80")) == (90, 0)
    time.pass_by(89)
    assert hosts.rest("a:80") == 1
    time.pass_by(1)
    assert hosts.rest("a:80") == 0


def test_rest_is_capped(hosts):
    hosts.leave_alone("a:80", 1e9)

    assert hosts.rest("a:80") == LONGEST_REST


async def test_hosts_are_forgotten_when_nothing_is_to_be_kept(hosts, time):
    hosts.leave_alone("a:80", 30)
    async with hosts.place("a:80"):
        pass
    assert hosts.known == 1
    time.pass_by(30)
    async with hosts.place("a:80"):
        pass
    assert hosts.known == 0


async def test_hosts_that_are_kept_in_mind_are_bounded_and_those_at_work_stay(time):
    hosts = Hosts(now=time.now, remembered=100)
    async with hosts.place("work:80"):
        for number in range(1000):
            hosts.leave_alone(f"{number}:80", 60)
            assert hosts.known <= 100
        hosts.leave_alone("work:80", 60)
        assert hosts.rest("999:80") == 60
    assert hosts.rest("work:80") == 60
    assert hosts.rest("0:80") == 0


def test_hosts_of_whom_nothing_is_to_be_kept_make_room_first(time):
    hosts = Hosts(now=time.now, remembered=4)
    hosts.leave_alone("a:80", 90)
    for name in ("b:80", "c:80", "d:80"):
        hosts.leave_alone(name, 30)
    time.pass_by(30)
    hosts.leave_alone("e:80", 30)

    assert (hosts.rest("a:80"), hosts.rest("e:80"), hosts.known) == (60, 30, 2)
