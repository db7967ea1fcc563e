"""Which sentences sum an article up."""

from __future__ import annotations

import pytest

from tests.summarizer.reading import brief_of

LEAD = "The harbour council of Oldtown voted on Monday to close the iron bridge for two years."
STORY = (
    f"{LEAD} He had expected it for a long time, one way or another. "
    "Engineers found cracks in four of the iron bridge's piers during an inspection in May. "
    "It was raining when the vote came. "
    "The council of Oldtown wants to reopen the bridge after repairs that cost nine million crowns. "
    "Shops near the harbour sell fish, rope and paint to sailors from many other towns. "
    "A ferry will carry people across the harbour until the bridge opens again."
)


def summary_of(text, **changes):
    return [s.text for s in brief_of(text, **changes).summary]


def test_summary_is_verbatim_and_in_reading_order():
    brief = brief_of(STORY)
    assert len(brief.summary) == 3
    assert [s.span.of(STORY) for s in brief.summary] == [s.text for s in brief.summary]
    assert list(brief.summary) == sorted(brief.summary, key=lambda s: s.span)


def test_summary_has_the_lead_and_no_dangling_sentence():
    told = summary_of(STORY)
    assert told[0] == LEAD
    assert not any(s.startswith(("He ", "It ")) for s in told)


@pytest.mark.parametrize(
    "text",
    [
        f"Oldtown closes its bridge\n{LEAD}\nA new ferry\n{STORY}",
        f"Oldtown closes its bridge\n\n{LEAD}\n\nA new ferry\n\n{STORY}",
    ],
)
def test_summary_leaves_out_headline_and_subheadings(text):
    told = summary_of(text)
    assert "Oldtown closes its bridge" not in told
    assert "A new ferry" not in told


def test_summary_never_cuts_a_quotation():
    text = (
        "“The bridge will stay closed for two years. We have no other choice in this town,” Orla Finch said.\n"
        "“The council of Oldtown voted for it. The harbour council of the town is not happy with the bridge.\n"
        "“The bridge of the council was never safe for the town, and Oldtown has no money,” Tom Reed said."
    )
    assert summary_of(text) == [text.splitlines()[0]]


@pytest.mark.parametrize(("text", "expected"), [("", []), ("Rain.", []), (LEAD, [LEAD])])
def test_summary_of_little_is_little(text, expected):
    assert summary_of(text) == expected
