"""Pages are turned by buttons that nobody has to remember, and hostile ones do nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.grammar import Parsed
from bot.messages.message import Choice, Message, Paragraph, plain
from bot.platforms.asking_again import OLD
from bot.platforms.slack.buttons import actions, meant
from bot.platforms.slack.rendering import render
from news.errors import GrammarError
from tests.slack.payloads import breaches

CHOICES = (Choice("Older", "whosaid Venn page 3"), Choice("Newer", "whosaid Venn"))


def test_choices_are_a_row_of_buttons_that_hold_their_lines():
    [block] = actions(CHOICES)
    assert block["type"] == "actions"
    assert [
        (button["text"]["text"], button["action_id"], button["value"]) for button in block["elements"]
    ] == [("Older", "ask:0", "whosaid Venn page 3"), ("Newer", "ask:1", "whosaid Venn")]
    assert meant("whosaid Venn page 3") == Parsed("whosaid", {"actor": "Venn", "page": "3"})


def test_the_buttons_end_the_post():
    [post] = render(Message(plain("Venn"), (Paragraph(plain("Here.")),), choices=CHOICES))
    assert [block["type"] for block in post.blocks] == ["section", "section", "actions"]


@pytest.mark.parametrize(
    "choice",
    [
        Choice("Older", "whosaid " + "x" * 2_000),
        Choice("Older", "whosaid \ud800"),
        Choice("Older", ""),
        Choice("\u200b ", "whosaid Venn"),
    ],
)
def test_what_no_button_can_hold_has_none(choice):
    assert actions((choice,)) == []
    [block] = actions((choice, *CHOICES))
    assert len(block["elements"]) == 2


def test_a_line_that_fits_a_button_is_whole_and_a_long_label_is_cut():
    line = "whosaid " + "x" * 1_992
    [block] = actions((Choice("Older " * 30, line), Choice("Again", line)))
    [button] = block["elements"]
    assert button["value"] == line
    assert len(button["text"]["text"]) <= 75
    assert button["text"]["text"].endswith("…")


def test_there_are_as_many_buttons_as_slack_takes():
    [block] = actions(tuple(Choice(f"Page {n}", f"whosaid Venn page {n}") for n in range(1, 40)))
    assert len(block["elements"]) == 25


def test_buttons_leave_room_for_words():
    choices = tuple(Choice(f"Page {n}", f"whosaid {n}{'x' * 1_900}") for n in range(25))
    [post] = render(Message(plain("Venn"), (Paragraph(plain("Here.")),), choices=choices))
    assert breaches(post.payload) == []
    assert [len(block["elements"]) for block in post.blocks if block["type"] == "actions"] == [2]
    assert "Here." in str(post.blocks)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "feeds remove https://h.example",
        "actors undo",
        "/feeds export",
        "schedule remove 1",
        "whosaid Venn page 0",
        "whosaid " + "x" * 100_000,
        'whosaid "',
        "<!channel>",
    ],
)
def test_a_forged_or_outdated_value_means_nothing(value):
    with pytest.raises(GrammarError) as told:
        meant(value)
    assert str(told.value) == OLD


@given(st.lists(st.builds(Choice, st.text(max_size=100), st.text(max_size=100)), max_size=5).map(tuple))
@settings(max_examples=50, deadline=None)
def test_any_choices_are_within_the_limits(choices):
    [post] = render(Message(plain("Venn"), choices=choices))
    assert breaches(post.payload) == []
