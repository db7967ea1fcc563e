"""Which lines are headings."""

from __future__ import annotations

import pytest

from summarizer.layout import find_headings
from summarizer.sentences import find_paragraphs


@pytest.mark.parametrize(
    ("text", "title", "expected"),
    [
        ("Bridge closes\nIt closed on Monday.", None, {0}),
        ("Will the bridge close?\nIt closed on Monday.", None, {0}),
        ("It closed on Monday.\nIt rained.", None, set()),
        ("“It closed.”\nIt rained.", None, set()),
        ("It closed on Monday.\nIt rained.", "It closed on Monday.", {0}),
        ("It closed on Monday.\nA long wait\nIt rained.", None, {1}),
        ("It closed on Monday.\nThey said:\nIt rained.", None, set()),
        ("Bridge closes;\nFerry comes.\nIt closed on Monday.", "Bridge closes; Ferry comes", {0, 1}),
        ("Bridge closes", "Bridge closes", set()),
        ("", None, set()),
    ],
)
def test_headings_are_told_from_reporting(text, title, expected):
    assert find_headings(text, find_paragraphs(text), title) == expected
