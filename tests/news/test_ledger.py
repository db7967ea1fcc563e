"""Turns: which reports change a position, which are slips, and which contradict each other."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from news.ledger import Sighting, course_of
from news.stances import Position

NOON = datetime(2024, 11, 4, 12, tzinfo=UTC)
POSITIONS = {"+": Position.SUPPORTS, "-": Position.OPPOSES, "?": Position.CONDITIONAL}


def sightings(told):
    """`0 A+ 5 B-`: the Herald (A) reports support on day 0, B on day 5 opposition. `A=B+`: B has A's words of that day."""
    found, day, parts = [], 0.0, told.split()
    for number, part in enumerate(parts, start=1):
        if part.replace(".", "").isdigit():
            day = float(part)
            continue
        outlets, position = part[:-1], POSITIONS[part[-1]]
        original, _, copy = outlets.partition("=")
        when = NOON + timedelta(days=day)
        of = hash((original[:1], day)) if original[1:] == "" else hash(original)
        found.append(Sighting(when, position, copy or original[:1], of, number))
    return found


def told(reports):
    """`+0..5(2,2)`: supports from day 0 up to day 5, by two articles of two outlets; `!` where it is contested."""
    course, known = course_of(reports), {one.id: one for one in reports}
    signs = {position: sign for sign, position in POSITIONS.items()}

    def day(when):
        return f"{(when - NOON) / timedelta(days=1):g}"

    turns = [
        f"{signs[s.position]}{day(s.since)}..{day(end) if end else ''}({s.articles},{s.outlets})"
        for s, end in zip(course.stretches, course.ends(), strict=True)
    ]
    other = [f"/{one.outlet}{signs[one.position]}{day(one.when)}" for one in map(known.get, course.otherwise)]
    return " ".join((*turns, *other, *(["!"] if course.contested else [])))


CASES = {
    "one report begins the ledger": ("0 A+", "+0..(1,1)"),
    "reports that agree are one turn": ("0 A+ 2 B+ 40 C+", "+0..(3,3)"),
    "two outlets change it, from the first of them on": ("0 A+ 1 B+ 20 A- 26 B-", "+0..20(2,2) -20..(2,2)"),
    "one outlet's slip is no change": ("0 A+ 1 B+ 20 A- 26 B+", "+0..(3,2) /A-20"),
    "nor is it while nothing follows": ("0 A+ 1 B+ 20 A-", "+0..(2,2) /A-20"),
    "nor are two slips with the old position between them": (
        "0 A+ 1 B+ 20 A- 30 B+ 40 C- 50 B+",
        "+0..(4,2) /C-40 /A-20",
    ),
    "nor are two articles of one outlet, where others report, too": (
        "0 A+ 1 B+ 20 A- 26 A-",
        "+0..(2,2) /A-26 /A-20",
    ),
    "where only one outlet ever reports, two articles are enough": (
        "0 A+ 1 A+ 20 A- 26 A-",
        "+0..20(2,1) -20..(2,1)",
    ),
    "but not one": ("0 A+ 1 A+ 20 A-", "+0..(2,1) /A-20"),
    "copies of one article are one report": ("0 A+ 1 B+ 20 A- A=B- A=C-", "+0..(2,2) /A-20"),
    "a position comes back": (
        "0 A+ B+ 20 A? B? 40 A+ C+",
        "+0..20(2,2) ?20..40(2,2) +40..(2,2)",
    ),
    "contradicted on the same day, with enough evidence each": (
        "0 A+ B+ 20 A+ B+ C- D-",
        "+0..(4,2) /D-20 /C-20 !",
    ),
    "a change that is contradicted at once": (
        "0 A+ 20 A+ 21 B+ 22 C- D- 23 A+",
        "+0..22(3,2) -22..(2,2) /A+23 !",
    ),
    "a contradiction that is over": (
        "0 A+ B+ 20 A+ B+ C- D- 30 A+",
        "+0..(5,2) /D-20 /C-20",
    ),
    "two that report otherwise among many are no contradiction": (
        "0 A+ 20 A+ B+ C+ D+ E+ 21 F- G- A+ B+ C+",
        "+0..(9,5) /G-21 /F-21",
    ),
    "twice as many of the same days prevail": (
        "0 A+ B+ 20 A+ 21 B- C- 22 D- E- A+",
        "+0..21(3,2) -21..(4,4) /A+22",
    ),
    "a clean change within days is one, and not contested": (
        "0 A- B- 2 A? B? C?",
        "-0..2(2,2) ?2..(3,3)",
    ),
    "a first report that is contradicted at its own time was a slip": ("0 A+ 1 B- C- 5 A-", "-1..(3,3)"),
    "one that stood alone in its time was not": ("0 A+ 30 B- C-", "+0..30(1,1) -30..(2,2)"),
    "of what one article supports with conditions the conditions count": (
        "0 A+ A? 5 B?",
        "?0..(2,2)",
    ),
    "one that supports and opposes reports both": ("0 A+ B+ 20 A- A+ B- B+", "+0..(4,2) /B-20 /A-20 !"),
    "a day's leader is the first": ("0 A+ B- C-", "-0..(2,2) /A+0"),
    "the more careful one, where as many report each": ("0 A+ B-", "-0..(1,1) /A+0"),
}


@pytest.mark.parametrize("name", CASES)
def test_turns(name):
    given, expected = CASES[name]
    assert told(sightings(given)) == expected


def test_nothing_is_no_course():
    assert course_of(()) is None


def test_outlets_that_nobody_knows_are_one_outlet():
    reports = sightings("0 A+ B+ 20 A- 21 B-")
    unknown = [replace(one, outlet="") if one.position is Position.OPPOSES else one for one in reports]
    assert told(unknown) == "+0..(2,2) /-21 /-20"


def made_up(rng):
    """A history with slips, contradictions and copies."""
    found, when = [], NOON
    position = rng.choice(list(Position))
    for number in range(rng.randint(1, 60)):
        when += timedelta(hours=rng.choice((0, 1, 5, 30, 200)))
        position = rng.choice(list(Position)) if rng.random() < 0.15 else position
        shown = rng.choice(list(Position)) if rng.random() < 0.1 else position
        original = rng.choice(found).original if found and rng.random() < 0.2 else number
        found.append(Sighting(when, shown, rng.choice("ABCD"), original, number, rng.random()))
    return found


def shape(reports):
    course, known = course_of(reports), {one.id: one for one in reports}
    return (
        [(s.position, s.since, s.last, s.articles, s.outlets) for s in course.stretches],
        [(one.when, one.position, one.outlet) for one in map(known.get, course.otherwise)],
        course.contested,
    )


@pytest.mark.parametrize("seed", range(60))
def test_neither_order_nor_repetition_nor_copies_change_the_turns(seed):
    rng = random.Random(seed)
    reports = made_up(rng)
    expected = shape(reports)
    assert expected[0], "every history has a turn"
    for _ in range(5):
        again = reports + rng.choices(reports, k=5)
        later = [replace(one, when=one.when + timedelta(days=1)) for one in rng.choices(reports, k=5)]
        shuffled = rng.sample(again + later, len(again + later))
        renumbered = [replace(one, id=number) for number, one in enumerate(shuffled)]
        assert shape(renumbered) == expected


@pytest.mark.parametrize("seed", range(60))
def test_turns_follow_each_other_and_differ(seed):
    course = course_of(made_up(random.Random(seed)))
    for before, after in pairwise(course.stretches):
        assert before.since <= before.last < after.since
        assert before.position is not after.position
    assert course.ends()[-1] is None
