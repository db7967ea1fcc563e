"""Very many sightings add up to what a few do: the packed way is held against the rules."""

from __future__ import annotations

import random

import numpy as np
import pytest

from news.ledger import CAREFUL, course_of
from storage.sightings import NEWEST, SIGHTING, History, instant, newest_among, outlet_number, packed
from tests.news.test_ledger import CASES, made_up, sightings


def pages(reports, rng):
    """Each in one or two feeds, in a few pages, some feeds' of which nobody follows."""
    rows = []
    for one in reports:
        when, place = instant(one.when), CAREFUL.index(one.position)
        row = (when, one.id, one.original, one.original, when, outlet_number(one.outlet))
        rows += [(*row, feed, place) for feed in rng.sample((1, 2, 3), rng.randint(1, 2))]
        if rng.random() < 0.5:
            rows.append((0, 10_000 + one.id, 0, 0, 0, 0, 9, 0))
    rng.shuffle(rows)
    cut = rng.randint(0, len(rows))
    return [packed(np.array(some, dtype=SIGHTING)) for some in (rows[:cut], rows[cut:]) if some]


def both(reports, rng):
    return History.of(pages(reports, rng), np.array([1, 2, 3])).course(), course_of(reports)


@pytest.mark.parametrize("name", CASES)
def test_each_case_adds_up_to_the_same(name):
    found, expected = both(sightings(CASES[name][0]), random.Random(name))
    assert plain(found) == plain(expected)


@pytest.mark.parametrize("seed", range(40))
def test_made_up_histories_add_up_to_the_same(seed):
    rng = random.Random(seed)
    found, expected = both(made_up(rng), rng)
    assert plain(found) == plain(expected)


def plain(course):
    """Without which of several reports of one moment is shown."""
    return (
        [(s.position, s.since, s.last, s.articles, s.outlets) for s in course.stretches],
        len(course.otherwise),
        course.contested,
    )


def test_what_nobody_follows_is_nothing():
    found = pages(sightings("0 A+"), random.Random(1))
    assert History.of(found, np.array([], dtype=np.int64)) is None
    assert History.of(found, np.array([8])) is None
    assert History.of([], np.array([1])) is None


def test_the_newest_is_that_of_a_followed_feed():
    feeds = [np.array(some, dtype=NEWEST).tobytes() for some in ([(1, 5), (2, 9)], [], [(7, 3)])]
    assert newest_among(feeds, np.array([1, 3])) == [5, None, None]
    assert newest_among(feeds, np.array([1, 2, 7])) == [9, None, 3]
    assert newest_among(feeds, np.array([], dtype=np.int64)) == [None, None, None]
    assert newest_among([], np.array([1])) == []
