"""What `targets` is told: typed lines to options, and options to a target."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.grammar import Parsed, parse
from bot.messages.commands import format_target
from bot.target_grammar import added_by_words, told_target
from news.errors import GrammarError, InputError
from news.targets import Target


@pytest.mark.parametrize(
    ("line", "options"),
    [
        ("targets", {"action": "list"}),
        ("/targets LIST", {"action": "list"}),
        ("targets export", {"action": "export"}),
        ("targets show night shifts", {"action": "show", "name": "night shifts"}),
        ('targets show "peace for all"', {"action": "show", "name": "peace for all"}),
        ("targets show peace for all", {"action": "show", "name": "peace for all"}),
        ("targets remove “night shifts”", {"action": "remove", "name": "night shifts"}),
        ("targets add strike", {"action": "add", "name": "strike"}),
        (
            'targets add night shifts Description "Pay for nights." FOR pay the nights; pay in full against cut them',
            {
                "action": "add",
                "name": "night shifts",
                "description": "Pay for nights.",
                "for": "pay the nights; pay in full",
                "against": "cut them",
            },
        ),
        (
            'targets add x for "pay the nights" "pay in full" against "cut; end them"',
            {"action": "add", "name": "x", "for": "pay the nights; pay in full", "against": "cut; end them"},
        ),
        (
            'targets add "for peace" against "against peace; for war" for vote "for" peace',
            {
                "action": "add",
                "name": "for peace",
                "against": "against peace; for war",
                "for": "vote for peace",
            },
        ),
    ],
)
def test_a_line_becomes_what_is_done_with_targets(line, options):
    assert parse(line) == Parsed("targets", options)


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("targets ad strike", "did you mean add?"),
        ("targets xyzzy", "use one of list, show, add, remove, import, export."),
        ("targets list all", "targets list stands alone"),
        ("targets export x.yaml", "targets export stands alone"),
        ("targets import x.yaml", "attache targets import FILE"),
        ("targets show", 'for example: targets show "night shifts"'),
        ("targets remove", 'for example: targets remove "night shifts"'),
        ("targets add", 'for example: targets add "night shifts" description'),
        ("targets add for peace", "Say which target"),
        (
            'targets add ferry for "more ferries" againts "no ferries"',
            "againts stands between wordings in quotation marks: put it in marks, too, or did you mean against?",
        ),
        ("targets add strike for x for y", "more than one for"),
        ("targets add strike for", "Nothing stands after for"),
        ('targets add strike description " "', "Nothing stands after description"),
        ("targets add " + "x" * 600, "too long"),
        ('targets show "x', "not closed"),
    ],
)
def test_a_wrong_line_about_targets_is_answered_with_what_to_do(line, part):
    with pytest.raises(GrammarError) as raised:
        parse(line)
    assert part in str(raised.value)


NAMES = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=30)


@given(
    st.sampled_from(["show", "remove"]),
    NAMES.filter(str.strip) | st.sampled_from(["for", "a against b", '"for"', "“description”"]),
)
def test_a_formatted_line_about_a_target_reads_back_as_itself(action, name):
    assert parse(format_target(action, name)) == Parsed("targets", {"action": action, "name": name})


@given(st.text(max_size=60))
def test_no_line_about_targets_does_more_than_parse_or_complain(line):
    with contextlib.suppress(InputError):
        told_target(parse("targets add " + line).options)


def test_options_become_a_target():
    options = {
        "name": " night\nshifts ",
        "description": "Paying  night shifts.",
        "for": "pay the nights;; pay in\x00 full ;\npay the nights",
        "against": ";",
    }
    assert told_target(options) == Target(
        "night shifts", "Paying night shifts.", ("pay the nights", "pay in full")
    )


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"name": "x" * 81}, "at most 80 characters"),
        ({"name": "x", "description": "y" * 401}, "at most 400 characters"),
        ({"name": "x", "for": "y" * 201}, "at most 200 characters"),
        ({"name": "x", "against": ";".join(map(str, range(41)))}, "at most 40 wordings"),
        ({"name": "x", "for": "y" * 4001}, "after for is too long"),
    ],
)
def test_a_target_that_is_too_long_or_none_is_refused(options, part):
    with pytest.raises(InputError) as raised:
        told_target(options)
    assert part in str(raised.value)


def test_words_that_a_shell_has_parted_mean_what_they_mean_in_a_chat():
    words = ["quay road", "for", "widen the road", "build lanes", "against", "keep it narrow"]
    assert (
        added_by_words(words)
        == parse(
            'targets add "quay road" for "widen the road" "build lanes" against "keep it narrow"'
        ).options
    )
    assert added_by_words(["night", "shifts"]) == {"action": "add", "name": "night shifts"}
