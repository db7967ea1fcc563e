"""The tables of hard cases: each row is read right, but for those known to be missed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from news.statements import Mode
from tests.summarizer.hard_cases import ROWS
from tests.summarizer.hard_cases.checking import problems
from tests.summarizer.hard_cases.known_misses import KNOWN_MISSES
from tests.summarizer.hard_cases.rows import Row, direct, find, indirect, row


@pytest.mark.parametrize("case", ROWS, ids=lambda case: case.id)
def test_hard_case_is_read_right(case: Row):
    found = problems(case)
    if case.id in KNOWN_MISSES:
        assert found, f"“{case.id}” is read right now: take it off KNOWN_MISSES"
    else:
        assert not found, "\n".join((case.text, *found))


def test_every_id_is_given_once():
    assert [name for name, count in Counter(row.id for row in ROWS).items() if count > 1] == []


def test_known_misses_are_rows():
    assert KNOWN_MISSES - {row.id for row in ROWS} == set()


@pytest.mark.parametrize("case", ROWS, ids=lambda case: case.id)
def test_expected_words_stand_in_the_text(case: Row):
    for expected in case.expected:
        content, cue = find(case.text, expected.content), find(case.text, expected.cue)
        source = () if expected.loose else find(case.text, expected.source_words)
        assert content
        assert not any(part.overlaps(other) for part in content for other in (*cue, *source))


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("bell", "does not stand"),
        ("rang", "2 times: say which"),
        ("rang#3", "2 times, not 3"),
        ("rang#0", "2 times, not 0"),
    ],
)
def test_words_that_are_not_there_once_are_refused(words, reason):
    with pytest.raises(ValueError, match=reason):
        find("The bells rang and rang.", words)


RIGHT = direct("“It rained,”", "Orla Finch", "said")


@pytest.mark.parametrize(
    ("expected", "reason"),
    [
        (replace(RIGHT, by="Tom Reed", source="Orla Finch"), "speaker 'Orla Finch' instead of 'Tom Reed'"),
        (replace(RIGHT, by=None, source="Orla Finch"), "speaker 'Orla Finch' instead of None"),
        (replace(RIGHT, content="“It"), "content is not ““It”"),
        (replace(RIGHT, content="It rained"), "content is not “It rained”"),
        (replace(RIGHT, content="It", loose=True), "shares less than half"),
        (replace(RIGHT, source="Finch"), "source is not “Finch”"),
        (replace(RIGHT, cue="said once more"), "cue lacks “said once more”"),
        (indirect("“It rained,”", "Orla Finch", "said"), "kind is direct, not indirect"),
        (replace(RIGHT, mode=Mode.THOUGHT), "mode is speech, not thought"),
        (replace(RIGHT, anonymous=True), "anonymous is not True"),
        (replace(RIGHT, content="The sun"), "missing: The sun"),
        (
            replace(RIGHT, content="The sun", optional=True),
            "not a statement: [Orla Finch] [said] [“It rained,”]",
        ),
    ],
)
def test_a_wrong_row_is_told_by_what_is_wrong(expected, reason):
    text = "“It rained,” Orla Finch said once more. The sun did not come out."
    assert any(reason in problem for problem in problems(row("test/wrong", text, expected)))


def test_flags_and_what_is_not_expected_are_told():
    (stated, flagged) = problems(row("test/wrong", "“It rained,” Orla Finch said.", flags="language"))
    assert stated == "not a statement: [Orla Finch] [said] [“It rained,”]"
    assert flagged == "flags are (), not ('language',)"


def test_edges_are_taste_and_quotation_marks_are_not():
    text = "“It rained,” said Orla Finch, the mayor."
    right = direct("“It rained,”", "Orla Finch", source="Orla Finch, the mayor.")
    assert problems(row("test/edges", text, right)) == []
