"""How much one person may ask, whatever the platform."""

from __future__ import annotations

import pytest

from bot.platforms import allowance
from bot.platforms.allowance import Allowance, TooOften


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def let_through(given, person="anna", command="digest", *, most=1000):
    """How many go through at once."""
    for number in range(most):
        try:
            given.admit(person, command)
        except TooOften:
            return number
    return most


def test_so_many_go_through_at_once_and_then_one_after_the_other(clock):
    given = Allowance(30, clock=clock)
    assert let_through(given) == 30
    clock.now += 1.9
    assert let_through(given) == 0
    clock.now += 0.1
    assert let_through(given) == 1
    clock.now += 60
    assert let_through(given) == 30


def test_in_no_minute_it_is_more_than_twice_that_and_in_an_hour_as_much(clock):
    given, passed = Allowance(6, clock=clock), []
    for _ in range(3600):
        clock.now += 1
        passed += [clock.now] * let_through(given, most=3)
    assert len(passed) == pytest.approx(6 * 60, abs=6)
    assert max(sum(at <= other < at + 60 for other in passed) for at in passed) <= 12


def test_it_says_when_to_try_again_and_that_is_true(clock):
    given = Allowance(2, clock=clock)
    let_through(given)
    with pytest.raises(TooOften, match=r"try again in 30 seconds\.$") as refused:
        given.admit("anna", "digest")
    clock.now += refused.value.seconds
    given.admit("anna", "digest")
    with pytest.raises(TooOften, match="30 seconds"):
        given.admit("anna", "digest")
    clock.now += 29.5
    with pytest.raises(TooOften, match=r"in 1 second\.$"):
        given.admit("anna", "digest")


def test_it_is_told_once_until_something_goes_through_again(clock):
    given, told = Allowance(1, clock=clock), []
    for wait in (0, 0, 1, 1, 60, 0, 0):
        clock.now += wait
        try:
            given.admit("anna", "digest")
            told.append("through")
        except TooOften as error:
            told.append(error.told)
    assert told == ["through", False, True, True, "through", False, True]


def test_one_person_does_not_hinder_another(clock):
    given = Allowance(3, clock=clock)
    assert let_through(given, "anna") == 3
    assert let_through(given, "ben") == 3


def test_what_fetches_pages_has_a_smaller_allowance_of_its_own(clock):
    given = Allowance(30, clock=clock)
    assert let_through(given, command="brief") == 6
    assert let_through(given, command="feeds add") == 0
    with pytest.raises(TooOften, match="try again in 10 seconds") as refused:
        given.admit("anna", "brief")
    assert refused.value.told
    assert let_through(given) == 24, "which counts as any other"


def test_changes_count_as_well(clock):
    given = Allowance(3, clock=clock)
    for command in ("actors merge", "targets add", "schedule remove"):
        given.admit("anna", command)
    assert let_through(given) == 0


def test_typing_has_a_larger_allowance_of_its_own(clock):
    given = Allowance(3, clock=clock)
    assert let_through(given) == 3
    assert [given.may_type("anna") for _ in range(31)] == [True] * 30 + [False]
    clock.now += 2
    assert given.may_type("anna")


def test_without_a_number_all_go_through(clock):
    given = Allowance(0, clock=clock)
    assert let_through(given, command="brief") == 1000
    assert all(given.may_type("anna") for _ in range(1000))


def test_many_people_take_no_more_memory(clock, monkeypatch):
    monkeypatch.setattr(allowance, "MOST", 50)
    given = Allowance(2, clock=clock)
    for number in range(500):
        clock.now += 0.001
        given.admit(f"person {number}", "brief")
        given.may_type(f"person {number}")
    held = [given._commands, given._fetching, given._suggestions]
    assert [len(buckets._held) for buckets in held] == [50, 50, 50]
    with pytest.raises(TooOften):
        [given.admit("person 499", "digest") for _ in range(2)]
