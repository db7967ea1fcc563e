"""Stances in our own cases: figures that must not fall, and the scorer."""

from __future__ import annotations

import json

import pytest

from news.spans import Span
from news.stances import Position, Stance
from tests.evaluation import attribution
from tests.evaluation.stance_cases import judge, read, score

CASE = {
    "stances": [
        {"actor": ["Norland Steel Union", "the union"], "target": "steel tariffs", "position": "supports"}
    ],
    "also": [{"actor": ["Edda Marlow"], "target": "steel tariffs", "position": "opposes"}],
}


@pytest.mark.parametrize("half", ["seen", "unseen"])
def test_stances_in_our_own_cases_stay_above_their_floors(half):
    floors = json.loads(attribution.FLOORS.read_text(encoding="utf-8"))["stances"][half]
    found = score([one for case, stances in read(half) for one in judge(case, stances)])
    assert (found.precision >= floors[0], found.recall >= floors[1], found.macro_f1 >= floors[2]) == (
        True,
    ) * 3, found


@pytest.mark.parametrize(
    ("actor", "position", "verdicts"),
    [
        ("Norland Steel Union", Position.SUPPORTS, ["right"]),
        ("union", Position.SUPPORTS, ["right"]),
        ("Norland Steel Union", Position.OPPOSES, ["missed", "wrong"]),
        ("Edda Marlow", Position.OPPOSES, ["missed", "also"]),
        ("Quellport", Position.SUPPORTS, ["missed", "wrong"]),
    ],
)
def test_a_stance_is_right_where_actor_target_and_position_are(actor, position, verdicts):
    given = Stance(actor, "steel tariffs", position, (Span(0, 1),), 1.0)
    assert [verdict for verdict, *_ in judge(CASE, [given])] == verdicts


def test_what_is_missed_counts_as_wrong_in_macro_f1():
    assert score(judge(CASE, [])).macro_f1 == 0
