"""Where sentences begin and end."""

from __future__ import annotations

import pytest

from summarizer.sentences import find_paragraphs, find_sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rained. It stopped.", ["It rained.", "It stopped."]),
        ("He left at 5 p.m. Monday. It rained.", ["He left at 5 p.m. Monday.", "It rained."]),
        ("It ended at 5 p.m. The man left.", ["It ended at 5 p.m.", "The man left."]),
        ("It ended. Ms. Ellis left.", ["It ended.", "Ms. Ellis left."]),
        ("Govs. Ellis and Reed met.", ["Govs. Ellis and Reed met."]),
        ("The U.S. Senate met. It voted.", ["The U.S. Senate met.", "It voted."]),
        ("He said no. She left.", ["He said no.", "She left."]),
        ("See page no. 5 there. It rained.", ["See page no. 5 there.", "It rained."]),
        ("What? he asked.", ["What? he asked."]),
        ("A line\nAnother line. And one.", ["A line", "Another line.", "And one."]),
        ("  It rained.  ", ["It rained."]),
        ("", []),
        ("\n \n", []),
    ],
)
def test_sentences_are_found(text, expected):
    assert [span.of(text) for span in find_sentences(text)] == expected


def test_sentence_never_crosses_a_paragraph():
    text = "He met Dr.\nSmith came. “It\nis.”"
    inside = find_paragraphs(text)
    assert all(any(p.contains(s) for p in inside) for s in find_sentences(text))


def test_long_line_is_split_as_a_short_one():
    text = "It rained for a while. " * 1_000
    assert {span.of(text) for span in find_sentences(text)} == {"It rained for a while."}
    assert len(find_sentences(text)) == 1_000
