"""The tables of hard cases: each row is read right, but for those known to be missed."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.summarizer.hard_cases import ROWS
from tests.summarizer.hard_cases.checking import problems
from tests.summarizer.hard_cases.known_misses import KNOWN_MISSES
from tests.summarizer.hard_cases.rows import Row, find


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_hard_case_is_read_right(row: Row):
    found = problems(row)
    if row.id in KNOWN_MISSES:
        assert found, f"“{row.id}” is read right now: take it off KNOWN_MISSES"
    else:
        assert not found, "\n".join((row.text, *found))


def test_every_id_is_given_once():
    assert [name for name, count in Counter(row.id for row in ROWS).items() if count > 1] == []


def test_known_misses_are_rows():
    assert KNOWN_MISSES - {row.id for row in ROWS} == set()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_expected_words_stand_in_the_text(row: Row):
    for expected in row.expected:
        content = find(row.text, expected.content)
        others = (
            *find(row.text, expected.source_words if not expected.loose else ""),
            *find(row.text, expected.cue),
        )
        assert content
        assert not any(part.overlaps(other) for part in content for other in others)


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
