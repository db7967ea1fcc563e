"""The soak in small, and what it makes of what it saw."""

from __future__ import annotations

import pytest

from tests.evaluation.soak.account import account, failed, percentiles
from tests.evaluation.soak.asking import Presence, Question
from tests.evaluation.soak.plan import Plan
from tests.evaluation.soak.running import Found, soak
from tests.evaluation.soak.watching import Memory, Sample, Waiting, thirds

SMALL = Plan(
    minutes=0.2,
    kills_every=6,
    feeds=10,
    subscriptions=40,
    questions=6,
    articles=2,
    faults_every=1,
    speed=60,
    seed=3,
    light=True,
    warm_up=20,
    patience=40,
)
THERE = Question("whosaid", "slack", Presence.THERE, 0.0, 1, acknowledged=5.0, answered=20.0)


@pytest.mark.timeout(150)
async def test_a_small_soak_loses_and_doubles_nothing(tmp_path):
    async with soak(SMALL, f"sqlite:///{tmp_path / 'attache.db'}", tmp_path / "soak.log") as one:
        await one.go()
    found, asked = one.found, one.crowd.asked
    told = account(SMALL, found, asked)
    assert found.problems == []
    assert (found.ended_by_themselves, found.left_behind, found.tracebacks) == (0, 0, 0)
    assert found.kills > 0
    assert found.stored["deliveries sent"] >= 6
    assert found.stored["articles"] > 10
    assert sum(question.answered is not None for question in asked) > 10
    assert told["questions"]["unanswered_why"] == {}


def changed(**values: object) -> Question:
    made = Question("whosaid", "slack", Presence.THERE, 0.0, 1, acknowledged=5.0, answered=20.0)
    for name, value in values.items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize(
    ("question", "fails"),
    [
        (THERE, False),
        (changed(answered=None), True),
        (changed(wrong="broken"), True),
        (changed(answered=None, killed=True), False),
        (changed(answered=None, presence=Presence.NOT_THERE), False),
        (changed(answered=None, presence=Presence.REFUSED), False),
        (changed(answered=None, presence=Presence.GAP), True),
    ],
)
def test_a_question_is_owed_an_answer_where_a_bot_was_there_that_lived_on(question, fails):
    assert failed(Found(), [question]) is fails


def test_what_a_kill_left_unanswered_counts_as_never_and_what_nobody_heard_apart():
    asked = [*[changed(answered=float(n)) for n in range(1, 99)], changed(killed=True), changed(killed=True)]
    asked.extend(changed(presence=one, answered=None) for one in (Presence.NOT_THERE, Presence.REFUSED))
    times = account(Plan(), Found(), asked)["answers_ms"]
    assert times["all"] == {"count": 100, "p50": 50.0, "p99": None, "max": None}
    assert times["in_no_gap_and_not_killed"]["max"] == 98.0


def test_percentiles_are_by_rank():
    assert percentiles(range(1, 201)) == {"count": 200, "p50": 100, "p99": 198, "max": 200}
    assert percentiles([]) == {"count": 0}


def test_memory_is_told_by_thirds_and_how_it_grows():
    samples = [Sample(at, 1, Memory(resident=100 + at / 60), Waiting()) for at in range(0, 1800, 60)]
    found = thirds(samples)
    assert found["last"] - found["middle"] == pytest.approx(10, abs=0.6)
    assert found["mb_an_hour"] == pytest.approx(60, abs=0.1)
