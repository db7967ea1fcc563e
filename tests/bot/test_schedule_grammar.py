"""What `schedule` is told: typed lines to options, and options to what is posted."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.grammar import Parsed, parse
from bot.messages.commands import COMMANDS, SCHEDULE_ACTIONS, SCHEDULE_WORDS
from bot.schedule_grammar import altered, asked_number, asked_zone, place_of
from news.channels import (
    Channel,
    Form,
    Narrowing,
    Platform,
    Subscription,
    SubscriptionId,
    Workspace,
    WorkspaceId,
)
from news.errors import GrammarError, InputError
from tests.builders import MORNING

HERE, TERMINAL = Channel(Platform.DISCORD, "9"), Channel(Platform.TERMINAL, "local")
SERVER = Workspace(WorkspaceId(1), Platform.DISCORD, "42", "Europe/Berlin")
LOCAL = Workspace(WorkspaceId(2), Platform.TERMINAL, "local")
BEFORE = Subscription(
    SubscriptionId(7), SERVER.id, HERE, "0 9 * * *", "Europe/Kyiv", MORNING, "Morning",
    Narrowing("dam", "Renn", "Echo", 3), paused=True, last_covered=MORNING, form=Form.THREAD, made_by="77",
)  # fmt: skip


@pytest.mark.parametrize(
    ("line", "options"),
    [
        ("schedule", {"action": "list"}),
        ("/Schedule LIST", {"action": "list"}),
        ("schedule add 09:00", {"action": "add", "times": "09:00"}),
        ("schedule add 0 9 * * mon-fri", {"action": "add", "times": "0 9 * * mon-fri"}),
        ('schedule add "0 9 * * 1-5"', {"action": "add", "times": "0 9 * * 1-5"}),
        (
            "schedule add mon, wed and fri 18:30 TimeZone Europe/Kyiv title Evening digest channel <#5> form thread",
            {
                "action": "add",
                "times": "mon, wed and fri 18:30",
                "timezone": "Europe/Kyiv",
                "title": "Evening digest",
                "channel": "<#5>",
                "form": "thread",
            },
        ),
        (
            'schedule add every 6h from 09:00 about "grain deal" harbour actor Venn outlet Daily Herald length 4',
            {
                "action": "add",
                "times": "every 6h from 09:00",
                "about": '"grain deal" harbour',
                "actor": "Venn",
                "outlet": "Daily Herald",
                "length": "4",
            },
        ),
        ('schedule add 09:00 title "About Form"', {"action": "add", "times": "09:00", "title": "About Form"}),
        ("schedule change 2 18:00", {"action": "change", "number": "2", "times": "18:00"}),
        ("schedule change 2 about none length -", {"action": "change", "number": "2", "about": "none", "length": "-"}),
        ("schedule pause #3", {"action": "pause", "number": "#3"}),
        ("schedule resume 3", {"action": "resume", "number": "3"}),
        ("schedule remove 3", {"action": "remove", "number": "3"}),
        ("schedule preview 3", {"action": "preview", "number": "3"}),
        ("schedule now 3", {"action": "now", "number": "3"}),
        ("schedule timezone", {"action": "timezone"}),
        ("schedule timezone New York", {"action": "timezone", "timezone": "New York"}),
    ],
)  # fmt: skip
def test_a_line_becomes_options(line, options):
    assert parse(line) == Parsed("schedule", options)


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("schedule ad 09:00", "did you mean add?"),
        ("schedule xyzzy", "use one of list, add, change"),
        ("schedule list all", "schedule list stands alone"),
        ("schedule list title x", "schedule list takes no title"),
        ("schedule add", "schedule add weekdays 09:00"),
        ("schedule add title Morning", "schedule add weekdays 09:00"),
        ("schedule add 09:00 title", "Nothing stands after title"),
        ("schedule add 09:00 title x title y", "more than one title"),
        ("schedule change", "schedule change 1"),
        ("schedule change x 09:00", "x is no number of a schedule"),
        ("schedule change 1", "Say what to change"),
        ("schedule pause", "schedule pause 1"),
        ("schedule pause 0", "0 is no number of a schedule"),
        ("schedule pause 1 2", "takes a number alone"),
        ("schedule pause 1 title x", "schedule pause takes no title"),
        ("schedule remove 99999999", "no number of a schedule"),
        ('schedule add "09:00', "quotation mark is not closed"),
        ("schedule now " + "9" * 400, "no number of a schedule"),
        ("schedule now " + "9" * 3000, "too long"),
    ],
)
def test_a_wrong_line_is_answered_with_what_to_do(line, part):
    with pytest.raises(GrammarError) as raised:
        parse(line)
    assert part in str(raised.value)
    assert len(str(raised.value)) < 200


def test_every_action_and_option_stands_in_the_usage():
    usage = COMMANDS["schedule"].usage
    assert [action for action in SCHEDULE_ACTIONS if action not in usage] == []
    assert [word for word in sorted(SCHEDULE_WORDS) if f"[{word} " not in usage] == []


@given(st.text(max_size=60))
def test_no_line_does_more_than_parse_or_complain(line):
    with contextlib.suppress(GrammarError):
        assert parse("schedule " + line).command == "schedule"


@pytest.mark.parametrize(
    ("options", "after"),
    [
        ({"times": "weekdays 18:30"}, {"cron": "30 18 * * mon-fri"}),
        ({"timezone": "new york"}, {"timezone": "America/New_York"}),
        ({"timezone": "none"}, {"timezone": "Europe/Berlin"}),
        ({"title": " Evening\n digest "}, {"title": "Evening digest"}),
        ({"title": "-"}, {"title": "Digest"}),
        ({"about": '"grain deal"'}, {"narrowing": Narrowing('"grain deal"', "Renn", "Echo", 3)}),
        ({"about": "NONE", "actor": "-", "outlet": "–", "length": "none"}, {"narrowing": Narrowing()}),
        ({"length": "25"}, {"narrowing": Narrowing("dam", "Renn", "Echo", 25)}),
        ({"form": "Message"}, {"form": Form.MESSAGE}),
        ({"form": "none"}, {"form": Form.MESSAGE}),
        ({"channel": "discord:123"}, {"channel": Channel(Platform.DISCORD, "123")}),
        ({"channel": "<#123>"}, {"channel": Channel(Platform.DISCORD, "123")}),
        ({"channel": "123"}, {"channel": Channel(Platform.DISCORD, "123")}),
        ({"channel": "here"}, {"channel": Channel(Platform.DISCORD, "10")}),
        ({"about": "  "}, {}),
        ({}, {}),
    ],
)
def test_options_change_what_they_name_and_nothing_else(options, after):
    here = Channel(Platform.DISCORD, "10")
    assert altered(BEFORE, options, SERVER, here) == replace(BEFORE, **after)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"times": "25:00"}, "25:00"),
        ({"times": "none"}, "'none' is no time of a schedule"),
        ({"times": "-"}, "'-' is no time of a schedule"),
        ({"timezone": "Mars/Olympus"}, "Mars/Olympus"),
        ({"form": "poem"}, "form message or form thread"),
        ({"length": "0"}, "from 1 to 25"),
        ({"length": "26"}, "from 1 to 25"),
        ({"length": "many"}, "from 1 to 25"),
        ({"channel": "fax"}, "'fax' names no channel"),
        ({"channel": "slack:123"}, "names no channel"),
        ({"channel": "slack:C0123ABC"}, "names no channel"),  # from Discord, another platform's
        ({"channel": "none"}, "names no channel"),
        ({"channel": "terminal"}, "names no channel"),  # from Discord, somebody else's machine
        ({"channel": "1" * 300}, "names no channel"),
        ({"channel": "x" * 501}, "too long"),
    ],
)
def test_options_that_cannot_be_meant_are_refused(options, told):
    with pytest.raises(InputError) as raised:
        altered(BEFORE, options, SERVER, HERE)
    assert told in str(raised.value)
    assert len(str(raised.value)) < 200


def test_the_place_is_where_it_is_typed_unless_that_is_elsewhere():
    assert place_of(None, SERVER, HERE) == HERE
    assert place_of(None, LOCAL, TERMINAL) == TERMINAL
    assert place_of("terminal", SERVER, TERMINAL) == TERMINAL
    with pytest.raises(GrammarError, match="Say where to post"):
        place_of(None, SERVER, TERMINAL)


def test_numbers_and_zones_are_read_from_options():
    assert asked_number({"number": " #12 "}) == 12
    assert asked_zone({}) is None
    assert asked_zone({"timezone": "kyiv"}) == "Europe/Kyiv"
    for typed in ("", "x", "-1", "1.5", "²"):
        with pytest.raises(GrammarError):
            asked_number({"number": typed})


@pytest.mark.parametrize("platform", [Platform.SLACK, Platform.TERMINAL])
@pytest.mark.parametrize("named", ["slack:C0123ABCD", "<#C0123ABCD|general>", "C0123ABCD"])
def test_a_channel_of_slack_is_named_by_its_id(named, platform):
    workspace = replace(SERVER, platform=platform)
    here = Channel(platform, "here")
    assert place_of(named, workspace, here) == Channel(Platform.SLACK, "C0123ABCD")
