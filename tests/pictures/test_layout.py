"""Where everything stands in a picture of positions."""

import re
from dataclasses import replace
from itertools import combinations, pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pictures.layout import lay_out
from bot.pictures.positions import numbered
from bot.pictures.shapes import LEFT, NAME, RIGHT, SIGN, WIDTH, Bar, Layout, Part, Sign, Stroke, Tone, Words
from news.ledger import Standing
from news.stances import Position
from tests.pictures.samples import (
    CONDITIONAL,
    DAY,
    NOW,
    OPPOSES,
    SAMPLES,
    SUPPORTS,
    TALKS,
    a_standing,
    many_standings,
)

Box = tuple[float, float, float, float]


def laid_out(*standings: Standing) -> Layout:
    return lay_out(standings, timezone="Europe/Kyiv", now=NOW)


def texts(part: Part) -> list[str]:
    return [words.text for words in part.words]


def rows(*standings: Standing) -> list[Part]:
    return [part for part in laid_out(*standings).parts[:-2] if part.bars]


def undated(standing: Standing) -> Standing:
    turn = standing.present
    return replace(
        standing, turns=(*standing.turns[:-1], replace(turn, first=replace(turn.first, dated=False)))
    )


def box_of(shape: Words | Sign) -> Box:
    if isinstance(shape, Sign):
        half = SIGN / 2
        return shape.x - half, shape.x + half, shape.y - half, shape.y + half
    return shape.x, shape.x + shape.width, shape.y - 0.75 * shape.size, shape.y + 0.2 * shape.size


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]


def test_a_row_is_laid_out_whole():
    layout = laid_out(
        a_standing("Osmara", TALKS, (OPPOSES, 50, 40), (SUPPORTS, 20, 10), odd=[(CONDITIONAL, 5)])
    )
    head, row, axis, foot = layout.parts
    assert texts(head) == ["negotiations now", "16 Oct – 5 Dec 2024 · Europe/Kyiv"]
    assert row == Part(
        words=(
            Words("Osmara", 24.0, 118.0, 108.3, NAME, bold=True),
            Words("supports since 15 Nov", 531.0, 118.0, 245.0),
            Words("opposes", 68.0, 172.92, 91.3, tone=Tone.SOLID, position=OPPOSES),
            Words("supports", 488.0, 158.92, 95.9, tone=Tone.SOLID, position=SUPPORTS),
            Words("16 Oct [1]", 24.0, 204.0, 111.2),
            Words("[2]", 162.4, 204.0, 31.2, tone=Tone.QUIET),
            Words("15 Nov [3]", 399.9, 204.0, 116.1),
            Words("[4]", 582.4, 204.0, 31.2, tone=Tone.QUIET),
            Words("[5]", 652.4, 204.0, 31.2, tone=Tone.QUIET),
        ),
        bars=(Bar(OPPOSES, 38.0, 178.0, 458.0, 151.0), Bar(SUPPORTS, 458.0, 598.0, 776.0, 137.0)),
        signs=(
            Sign(SUPPORTS, 516.0, 110.08),
            Sign(OPPOSES, 53.0, 165.0, Tone.SOLID),
            Sign(SUPPORTS, 473.0, 151.0, Tone.SOLID),
            Sign(CONDITIONAL, 668.0, 158.0, Tone.HOLLOW),
        ),
        ticks=(
            Stroke(38.0, 179.0, 184.0),
            Stroke(178.0, 179.0, 184.0),
            Stroke(458.0, 165.0, 184.0),
            Stroke(598.0, 165.0, 184.0),
            Stroke(668.0, 172.0, 184.0),
        ),
        changes=(Stroke(458.0, 134.0, 184.0),),
    )
    assert texts(axis) == ["now", "21 Oct", "28 Oct", "4 Nov", "11 Nov", "18 Nov", "25 Nov"]
    assert texts(foot) == [
        "supports",
        "conditional",
        "opposes",
        "since the last report",
        "change",
        "report at odds",
        "[1] number in the list",
    ]
    assert [stroke.x for stroke in layout.grid] == [101.0, 199.6, 297.6, 395.6, 493.6, 591.6, 689.6]
    assert layout.now == (Stroke(738.0, 137.0, 184.0),)
    assert layout.height == 390.0


@pytest.mark.parametrize(
    ("standings", "expected"),
    [
        (
            [a_standing("Osmara", TALKS, (SUPPORTS, 9, 1)), a_standing("Talvenia", TALKS, (SUPPORTS, 9, 1))],
            ["negotiations now", "Osmara", "Talvenia"],
        ),
        (
            [a_standing("Osmara", TALKS, (SUPPORTS, 9, 1)), a_standing("Osmara", "aid", (SUPPORTS, 9, 1))],
            ["Osmara", "negotiations now", "aid"],
        ),
        (
            [
                a_standing("Osmara", TALKS, (SUPPORTS, 9, 1)),
                a_standing("Osmara", "aid", (SUPPORTS, 9, 1)),
                a_standing("Talvenia", TALKS, (SUPPORTS, 9, 1)),
            ],
            ["Positions", "On negotiations now", "Osmara", "Talvenia", "On aid", "Osmara"],
        ),
        ([a_standing("", "", (SUPPORTS, 9, 1))], ["(no name)", "(no name)"]),
    ],
)
def test_rows_are_called_what_tells_them_apart(standings, expected):
    assert [part.words[0].text for part in laid_out(*standings).parts[:-2]] == expected


@pytest.mark.parametrize(
    ("standing", "verdict"),
    [
        (a_standing("Osmara", TALKS, (CONDITIONAL, 9, 1)), "conditional since 26 Nov"),
        (a_standing("Osmara", TALKS, (CONDITIONAL, 400, 1)), "conditional since 1 Nov 2023"),
        (a_standing("Osmara", TALKS, (OPPOSES, 0.5, 0.1)), "opposes since 4 Dec 23:00"),
        (a_standing("Osmara", TALKS, (OPPOSES, 9, 1), contested=True), "opposes, contested"),
        (undated(a_standing("Osmara", TALKS, (OPPOSES, 9, 1))), "opposes, seen 26 Nov"),
    ],
)
def test_where_an_actor_stands_now_is_told_beside_the_name(standing, verdict):
    (row,) = rows(standing)
    assert row.words[1].text == verdict
    assert row.words[1].x + row.words[1].width == 776
    assert row.signs[0].position is standing.present.position


def test_a_turn_is_solid_while_it_was_reported_and_faint_after():
    (row,) = rows(a_standing("Osmara", TALKS, (OPPOSES, 50, 50), (SUPPORTS, 40, 20), (CONDITIONAL, 10, 0)))
    assert row.bars == (
        Bar(OPPOSES, 38.0, 43.0, 178.0, 151.0),
        Bar(SUPPORTS, 178.0, 458.0, 598.0, 137.0),
        Bar(CONDITIONAL, 598.0, 738.0, 776.0, 144.0),
    )


@pytest.mark.parametrize(
    ("odd", "start"), [([], 178.0), ([(SUPPORTS, 20), (SUPPORTS, 30)], 318.0), ([(SUPPORTS, 45)], 178.0)]
)
def test_contested_time_begins_with_the_first_report_at_odds(odd, start):
    (row,) = rows(a_standing("Osmara", TALKS, (SUPPORTS, 50, 50), (OPPOSES, 40, 1), odd=odd, contested=True))
    assert [bar.contested for bar in row.bars] == [None, start]


def test_numbers_of_marks_that_stand_too_close_are_put_together():
    close = [(position, 300 - 2 * n, 299 - 2 * n) for n, position in enumerate([OPPOSES, SUPPORTS] * 3)]
    (row,) = rows(a_standing("Osmara", TALKS, *close, (CONDITIONAL, 20, 10)))
    assert texts(row)[-2:] == ["[1–12]", "15 Nov [13–14]"]


def test_the_word_of_a_bar_makes_way_for_reports_at_odds():
    (row,) = rows(a_standing("Osmara", TALKS, (SUPPORTS, 50, 1), odd=[(OPPOSES, 42), (OPPOSES, 48)]))
    (word,) = [words for words in row.words if words.position]
    assert word.x > row.signs[-2].x > row.signs[-1].x


def test_a_bar_that_is_too_short_for_its_word_has_the_sign_alone_or_nothing():
    (row,) = rows(a_standing("Osmara", TALKS, (OPPOSES, 50, 46), (SUPPORTS, 45, 44.9), (OPPOSES, 44.5, 1)))
    assert [words.text for words in row.words if words.position] == ["opposes"]
    told = [sign.position for sign in row.signs[1:]]
    assert told == [OPPOSES, OPPOSES]


def test_the_present_bar_always_has_its_sign():
    for ago in (0, 0.001, 50):
        (row,) = rows(a_standing("Osmara", TALKS, (OPPOSES, 100, 90), (SUPPORTS, ago, ago)))
        assert row.signs[-1].position is SUPPORTS
        assert row.signs[-1].tone is Tone.FAINT


@pytest.mark.parametrize(
    ("standings", "expected"),
    [
        (many_standings(13, 1), ["Not drawn: Council of Province 13 on the canal tolls"]),
        (
            many_standings(20, 1),
            ["Not drawn: Council of Province 13 on the canal tolls and 7 more"],
        ),
        (
            [*many_standings(12, 1), a_standing("x" * 300, TALKS, (SUPPORTS, 9, 1))],
            ["Not drawn: " + "x" * 28 + "…on negotiations now"],
        ),
        (
            [a_standing("Osmara", TALKS, (SUPPORTS, 9, 1), odd=[(OPPOSES, n) for n in range(9)])],
            ["Not drawn: 4 older reports at odds"],
        ),
        (
            [a_standing("外交部", TALKS, (SUPPORTS, 9, 1))],
            ["In [brackets]: letters that only the message shows"],
        ),
    ],
)
def test_what_is_left_out_is_told(standings, expected):
    foot = laid_out(*standings).parts[-1]
    assert texts(foot)[texts(foot).index("[1] number in the list") + 1 :] == expected


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 12), st.integers(1, 12), st.integers(), st.sampled_from([0.01, 1, 20, 400, 5000]))
def test_words_and_signs_do_not_cover_each_other(actors, turns, seed, days):
    random = Random(seed)
    standings = []
    for standing in many_standings(actors, turns, seed=seed, days=days):
        odd = [(random.choice(list(Position)), random.uniform(0, days)) for _ in range(random.randrange(4))]
        ago = [
            (turn.position, (NOW - turn.since) / DAY, (NOW - turn.latest.when) / DAY)
            for turn in standing.turns
        ]
        standings.append(a_standing(standing.actor, standing.target, *ago, odd=odd, contested=bool(odd)))
    layout = laid_out(*standings)
    words = [words for part in layout.parts for words in part.words]
    signs = [sign for part in layout.parts for sign in part.signs]
    shapes = [*words, *(sign for sign in signs if sign.tone is not Tone.HOLLOW)]
    assert [
        (one, other) for one, other in combinations(shapes, 2) if overlap(box_of(one), box_of(other))
    ] == []
    assert all(box_of(each)[0] >= 0 and box_of(each)[1] <= WIDTH for each in shapes)
    assert all(box_of(each)[2] >= 0 and box_of(each)[3] <= layout.height for each in shapes)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 12), st.integers(1, 12), st.integers())
def test_every_mark_has_its_number_below_it(actors, turns, seed):
    standings = many_standings(actors, turns, seed=seed)
    told: list[int] = []
    for part in rows(*standings):
        for words in part.words:
            if found := re.search(r"\[(\d+)(?:–(\d+))?\]$", words.text):
                told += range(int(found[1]), int(found[2] or found[1]) + 1)
    assert told == [number for number, _ in numbered(standings)]


@pytest.mark.parametrize("standings", SAMPLES.values(), ids=SAMPLES)
def test_bars_lie_one_after_the_other_within_the_picture(standings):
    for part in rows(*standings):
        for one, other in pairwise(part.bars):
            assert LEFT <= one.left <= one.reported <= one.right == other.left
        assert part.bars[-1].right == RIGHT
        assert len(part.changes) == len(part.bars) - 1
