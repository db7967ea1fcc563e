"""Pictures of positions in words."""

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pictures.positions import describe_positions
from tests.pictures.samples import (
    CONDITIONAL,
    NOW,
    OPPOSES,
    SAMPLES,
    SUPPORTS,
    TALKS,
    a_standing,
    many_standings,
)


def described(*standings) -> str:
    return describe_positions(standings, timezone="Europe/Kyiv", now=NOW)


@pytest.mark.parametrize(
    ("standings", "expected"),
    [
        (
            [a_standing("The Citadel", TALKS, (OPPOSES, 20, 20))],
            "Positions on negotiations now, 15 Nov – 5 Dec 2024, Europe/Kyiv. The Citadel: opposes since 15 Nov.",
        ),
        (
            [
                a_standing("The Citadel", TALKS, (OPPOSES, 20, 2)),
                a_standing("Osmara", TALKS, (SUPPORTS, 19, 18), (CONDITIONAL, 3, 3)),
            ],
            (
                "Positions on negotiations now, 15 Nov – 5 Dec 2024, Europe/Kyiv. "
                "Osmara: sets conditions since 2 Dec; before that supports since 16 Nov. "
                "The Citadel: opposes since 15 Nov, last reported 3 Dec."
            ),
        ),
        (
            [
                a_standing("Osmara", TALKS, (SUPPORTS, 20, 5)),
                a_standing("Osmara", "sanctions", (OPPOSES, 10, 10), odd=[(SUPPORTS, 2), (SUPPORTS, 4)]),
            ],
            (
                "Positions of Osmara, 15 Nov – 5 Dec 2024, Europe/Kyiv. "
                "negotiations now: supports since 15 Nov, last reported 30 Nov. "
                "sanctions: opposes since 25 Nov; reported otherwise: supports, 3 Dec and 1 more."
            ),
        ),
        (
            [
                a_standing("Osmara", TALKS, (SUPPORTS, 20, 20)),
                a_standing("Talvenia", "sanctions", (OPPOSES, 10, 10), contested=True),
            ],
            (
                "Positions, 15 Nov – 5 Dec 2024, Europe/Kyiv. "
                "Talvenia on sanctions: opposes since 25 Nov; contested. "
                "Osmara on negotiations now: supports since 15 Nov."
            ),
        ),
    ],
)
def test_where_each_actor_stands_is_told_in_words_changes_first(standings, expected):
    assert described(*standings) == expected


def test_a_date_on_which_we_only_saw_an_article_is_told_as_such():
    (standing,) = (a_standing("Osmara", TALKS, (SUPPORTS, 20, 20)),)
    turn = standing.present
    undated = replace(standing, turns=(replace(turn, first=replace(turn.first, dated=False)),))
    assert described(undated).endswith("Osmara: supports as seen 15 Nov.")


def test_a_long_history_is_told_as_far_as_there_is_room():
    text = described(*many_standings(1, 60))
    assert 700 < len(text) <= 1000
    assert "earlier positions" in text


def test_what_there_is_no_room_for_is_counted():
    names = [f"Committee for the Protection of the Northern Lakes and Rivers {n}" for n in range(12)]
    text = described(*(a_standing(name, TALKS, (OPPOSES, 400, 2), (SUPPORTS, 1, 1)) for name in names * 2))
    assert len(text) <= 1000
    told = text.count("Committee")
    assert text.endswith(f"And {24 - told} more.")


@settings(deadline=None)
@given(
    st.lists(st.text(max_size=200), min_size=1, max_size=15), st.text(max_size=2000), st.text(max_size=300)
)
def test_any_names_fit(names, target, timezone):
    standings = [a_standing(name, target, (OPPOSES, 400, 2), (SUPPORTS, 1, 1)) for name in names]
    text = describe_positions(standings, timezone=timezone, now=NOW)
    assert len(text.encode("utf-16-le")) // 2 <= 1000
    assert not {unicodedata.category(character) for character in text} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize("standings", SAMPLES.values(), ids=SAMPLES)
def test_every_sample_has_a_description(standings):
    assert 50 < len(described(*standings)) <= 1000


def test_nothing_cannot_be_described():
    with pytest.raises(ValueError, match="no positions"):
        described()
