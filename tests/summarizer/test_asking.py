"""Which targets a passage is read for: the same whoever else follows what."""

from __future__ import annotations

from dataclasses import replace

import pytest

from news.targets import BUILT_IN, Target
from summarizer.frames import find_frames
from summarizer.models.positions import MOST_TARGETS
from summarizer.pipeline import Pipeline
from summarizer.sentences import find_paragraphs
from summarizer.stances import find
from summarizer.stances.asking import Asked
from summarizer.stances.passages import find_passages
from tests.builders import an_article

FEES = Target(
    "port fees", "Charging ships for calling at a port.", ("charge ships for docking",), (), owner=7
)
TALKS = Target("talks in Osmara", "Holding the peace negotiations in Osmara.", (), (), owner=8)
TEXT = (
    "Ruritania will not negotiate before the guns fall silent, Foreign Minister Edda Marlow said on Monday. "
    "Norland's foreign ministry called for a ceasefire and backed peace talks at once. "
    "The harbour workers' union rejected new fees for ships that call at the port of Quellport."
)


def groups(text, *targets):
    frames = find_frames(text, find_paragraphs(text), ())
    asked = Asked(targets)
    return [group for passage in find_passages(text, frames) for group in asked.of(text, passage)]


def told(*targets):
    found = Pipeline().positions(an_article(TEXT), (), targets)
    return {(s.actor, s.target, s.position, s.confidence, s.owner) for s in found}


def test_a_workspace_s_targets_change_nothing_of_what_is_found_on_others(monkeypatch):
    monkeypatch.setattr(find, "LEAST", 0.5)  # what is unsure depends on its company most
    common = told(*BUILT_IN)
    assert common
    assert {stance for stance in told(*BUILT_IN, FEES, TALKS) if stance[-1] is None} == common
    assert {stance for stance in told(FEES, TALKS) if stance[-1] == 7} == told(FEES)


def test_a_target_that_is_built_in_is_read_among_all_that_are_also_when_it_is_asked_for_alone():
    (talks,) = (target for target in BUILT_IN if target.name == "negotiations now")
    assert told(talks) == {stance for stance in told(*BUILT_IN) if stance[1] == talks.name}


def test_an_own_target_has_the_nearest_built_in_ones_for_company():
    ((first, *company),) = groups(TEXT.split(". ")[1] + ".", TALKS)
    assert first == (TALKS, True)
    assert 0 < len(company) < MOST_TARGETS
    assert not any(is_told for _, is_told in company)
    assert {target.name for target, _ in company} <= {target.name for target in BUILT_IN}


def test_no_more_than_the_reader_takes_are_read_together():
    many = [replace(target, owner=None) for target in BUILT_IN]
    assert max(len(group) for group in groups(TEXT, *many, FEES)) <= MOST_TARGETS


def test_targets_of_a_list_are_read_among_each_other():
    own = replace(FEES, owner=None), replace(TALKS, owner=None)
    ((*group,),) = groups(TEXT.split(". ")[2], *own)
    assert next((target.name, is_told) for target, is_told in group) == ("port fees", True)
    assert {target.name for target, _ in group} <= {"port fees", "talks in Osmara"}


@pytest.mark.parametrize("text", ["", "It rained in Dorvan on Sunday.", "He said so. She did not."])
def test_a_passage_that_names_no_target_is_not_read(text):
    assert groups(text, *BUILT_IN, FEES) == []
