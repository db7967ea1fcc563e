"""Which articles are read for the targets that are built in: those about armed conflict."""

from __future__ import annotations

from dataclasses import replace

import pytest

from news.targets import BUILT_IN
from summarizer.pipeline import Pipeline
from summarizer.stances.conflict import is_about_conflict
from tests.builders import an_article

RAIN = "It rained all day long, and nobody in the harbour went out to look at the ships. " * 5
SAID = "Mayor Orla Finch supports sanctions and says so."


@pytest.mark.parametrize(
    "words",
    [
        "Shelling went on all night.",
        "The foreign minister asked both armies to stop.",
        "An envoy of the alliance was there.",
        "Both sides spoke of a cease-fire.",
        "TROOPS CROSSED OCCUPIED LAND",
    ],
)
def test_news_of_armed_conflict_is_told_by_its_words(words):
    assert is_about_conflict(f"{RAIN} {words}")


@pytest.mark.parametrize(
    "words",
    [
        "The government sent no troops, and no soldiers.",
        "The dockers' union is ready for talks, and a mediator was named.",
        "Humanitarian aid came to the flooded valley.",
        "It is a foreign company.",
        "The bank attacks inflation at the borders of its alliance with the guild, an old ally of its arms.",
        "Strikes end in peace at the border, after a long battle of both forces.",
        "",
    ],
)
def test_other_news_is_not(words):
    assert not is_about_conflict(f"{RAIN} {words}")


def test_a_line_or_two_need_one_word():
    assert is_about_conflict("Kardovia rejected the sanctions.")
    assert not is_about_conflict("Kardovia rejected the tolls.")
    assert not is_about_conflict("")


def test_what_is_built_in_is_looked_for_in_news_of_conflict_and_a_workspaces_own_in_all():
    sanctions = next(target for target in BUILT_IN if target.name == "sanctions")
    own = replace(sanctions, name="fines for the league")

    def told(text, *targets):
        return [stance.target for stance in Pipeline().brief(an_article(text), targets).stances]

    assert told(f"{SAID} {RAIN}", sanctions) == []
    assert told(f"{SAID} {RAIN}", own) == ["fines for the league"]
    assert told(f"{SAID} {RAIN} The shelling went on.", sanctions) == ["sanctions"]
