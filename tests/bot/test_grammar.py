"""Typed lines and times, and what they mean."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.grammar import (
    Parsed,
    asked_actor,
    parse,
    parse_since,
    parse_until,
    stance_query,
    statement_query,
    story_query,
)
from bot.messages.commands import COMMANDS, OPTION_WORDS, QUOTATION_MARKS, format_command, format_names
from news.errors import GrammarError
from news.queries import StanceQuery, StatementQuery, StoryQuery
from news.terms import terms_of

WEDNESDAY = datetime(2025, 3, 12, 7, 30, 15, 250, tzinfo=UTC)
KYIV = "Europe/Kyiv"


@pytest.mark.parametrize(
    ("line", "command", "options"),
    [
        ("whosaid Marlow", "whosaid", {"actor": "Marlow"}),
        ("/WhoSaid Edda  Marlow", "whosaid", {"actor": "Edda Marlow"}),
        (
            '/whosaid Marlow about harbour talks since 3d outlet "Daily Herald"',
            "whosaid",
            {"actor": "Marlow", "about": "harbour talks", "since": "3d", "outlet": "Daily Herald"},
        ),
        ("whosaid ABOUT talks Page 2", "whosaid", {"about": "talks", "page": "2"}),
        ("whosaid actor Marlow until today", "whosaid", {"actor": "Marlow", "until": "today"}),
        ("whosaid Ukraine’s envoy's about talks", "whosaid", {"actor": "Ukraine’s envoy's", "about": "talks"}),
        ("whosaid “Man About Town” about “page two”", "whosaid", {"actor": "Man About Town", "about": '"page two"'}),
        ("whosaid „About“ about «no " + '"war"' + "»", "whosaid", {"actor": "About", "about": '"no  war "'}),
        ('whosaid Out"let" about x', "whosaid", {"actor": "Outlet", "about": "x"}),
        ('whosaid "about" about "since"', "whosaid", {"actor": "about", "about": "since"}),
        ("digest", "digest", {}),
        ("digest harbour strike actor Marlow since 12h", "digest", {"about": "harbour strike", "actor": "Marlow", "since": "12h"}),
        ('digest outlet "Daily Herald" about strike', "digest", {"outlet": "Daily Herald", "about": "strike"}),
        ("stance Marlow target the strike", "stance", {"actor": "Marlow", "target": "the strike"}),
        ('/stance Marlow target "night shifts"', "stance", {"actor": "Marlow", "target": "night shifts"}),
        ("stance Marlow on night shifts", "stance", {"actor": "Marlow", "target": "night shifts"}),
        ("stance Marlow about the strike", "stance", {"actor": "Marlow", "target": "the strike"}),
        ('stance Marlow "on" the Quay', "stance", {"actor": "Marlow on the Quay"}),
        ("stance target strike since 30d page 2", "stance", {"target": "strike", "since": "30d", "page": "2"}),
        ("actor Marlow", "actor", {"actor": "Marlow"}),
        ("feeds", "feeds", {"action": "list"}),
        ("/feeds LIST", "feeds", {"action": "list"}),
        ("feeds add https://a.example/f", "feeds", {"action": "add", "url": "https://a.example/f"}),
        (
            "feeds add https://a.example/f outlet Daily Herald",
            "feeds",
            {"action": "add", "url": "https://a.example/f", "outlet": "Daily Herald"},
        ),
        (
            "feeds add https://a.example/f folder World/Asia outlet Daily Herald",
            "feeds",
            {"action": "add", "url": "https://a.example/f", "outlet": "Daily Herald", "folder": "World/Asia"},
        ),
        ("feeds remove https://a.example/f", "feeds", {"action": "remove", "url": "https://a.example/f"}),
        ("feeds remove Daily Herald", "feeds", {"action": "remove", "url": "Daily Herald"}),
        ("feeds notices", "feeds", {"action": "notices"}),
        ("feeds notices HERE", "feeds", {"action": "notices", "where": "here"}),
        ("feeds notices off", "feeds", {"action": "notices", "where": "off"}),
        ("feeds export", "feeds", {"action": "export"}),
        ("actors", "actors", {"action": "list"}),
        ("/actors UNDO", "actors", {"action": "undo"}),
        ("actors alias Edda Marlow as E. Marlow", "actors", {"action": "alias", "actor": "Edda Marlow", "name": "E. Marlow"}),
        ('actors alias "Edda Marlow" "E. Marlow"', "actors", {"action": "alias", "actor": "Edda Marlow", "name": "E. Marlow"}),
        ("actors Alias Marlow AS Minister About Page", "actors", {"action": "alias", "actor": "Marlow", "name": "Minister About Page"}),
        ('actors alias Marlow as “Known As Eddie”', "actors", {"action": "alias", "actor": "Marlow", "name": "Known As Eddie"}),
        ('actors merge "Marlow, E." into Edda Marlow', "actors", {"action": "merge", "actor": "Edda Marlow", "name": "Marlow, E."}),
        ("actors merge Marlow Eddie", "actors", {"action": "merge", "actor": "Marlow", "name": "Eddie"}),
        ("actors split Marlow from Edda Marlow", "actors", {"action": "split", "actor": "Edda Marlow", "name": "Marlow"}),
        ("help", "help", {}),
        ("help actors", "help", {"command": "actors"}),
        ("help /Feeds", "help", {"command": "feeds"}),
        ("whosaid Mar\x00low\x1b\ud800", "whosaid", {"actor": "Mar low"}),
    ],
)  # fmt: skip
def test_a_line_becomes_a_command_with_options(line, command, options):
    assert parse(line) == Parsed(command, options)


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("", "Type a command"),
        (" / ", "Type a command"),
        ("whosad Marlow", "did you mean whosaid?"),
        ("xyzzy", "use one of digest, whosaid, stance, actor, feeds, schedule, actors, targets, help."),
        ("stanc Marlow", "did you mean stance?"),
        ("stance Marlow outlet Herald", "stance takes no outlet"),
        ("stance Marlow on tolls target fees", "There is more than one target"),
        ("w" * 3000, "There is no command www"),
        ("whosaid " + "x" * 4000, "too long"),
        ("whosaid Marlow about x about y", "more than one about"),
        ("whosaid Marlow actor Okafor", "more than one actor"),
        ("digest strike about strike", "more than one about"),
        ("whosaid Marlow about", "Nothing stands after about"),
        ("whosaid Marlow about since 3d", "Nothing stands after about"),
        ('whosaid Marlow about " "', "Nothing stands after about"),
        ('whosaid "Marlow', "quotation mark is not closed"),
        ("whosaid Marlow about 12”", "quotation mark is not closed"),
        ("whosaid Marlow about «talks", "quotation mark is not closed"),
        ("digest the page", 'digest takes no page: to mean the word itself, type "page"'),
        ("feeds ad https://a.example/f", "did you mean add?"),
        ("feeds add", "Give the feed's address"),
        ("feeds remove", "feeds remove https://"),
        ("feeds add https://a.example/f Daily Herald", "one address at a time"),
        ("feeds list https://a.example/f", "stands alone"),
        ("feeds outlet Herald", "stands alone"),
        ("feeds folder World", "stands alone"),
        ("feeds export feeds.opml", "stands alone"),
        ("feeds remove https://a.example/f folder World", "leave out the folder"),
        ("feeds notices there", "feeds notices here or feeds notices off"),
        ("feeds notices off folder World", "feeds notices here or feeds notices off"),
        ("feeds import feeds.opml", "attache feeds import FILE"),
        ("digest folder", 'type "folder"'),
        ("feeds remove https://a.example/f outlet Herald", "leave out the outlet"),
        ("actors list all", "actors list stands alone"),
        ("actors undo Marlow", "actors undo stands alone"),
        ("actors alais Marlow as Eddie", "did you mean alias?"),
        ("actors xyzzy", "use one of list, alias, merge, split, undo."),
        ("actors alias", 'for example: actors alias "Edda Marlow" as "E. Marlow"'),
        ("actors alias Marlow", "Give two names"),
        ("actors alias Edda Marlow E. Marlow", "Give two names"),
        ("actors alias as Eddie", "Give two names"),
        ('actors alias Marlow as " "', "Give two names"),
        ('actors alias "" as Eddie', "Give two names"),
        ("actors merge Marlow into", 'actors merge "E. Marlow" into "Edda Marlow"'),
        ("actors split Marlow form Edda Marlow", 'actors split "E. Marlow" from "Edda Marlow"'),
        ("actors merge a into b into c", "more than one into"),
        ("actors alias Marlow as " + "x" * 600, "too long"),
        ('actors alias "Marlow as Eddie', "quotation mark is not closed"),
        ("help digets", "did you mean digest?"),
        ("help page", "There is no command page"),
    ],
)
def test_a_wrong_line_is_answered_with_what_to_do(line, part):
    with pytest.raises(GrammarError) as raised:
        parse(line)
    assert part in str(raised.value)
    assert len(str(raised.value)) < 200


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("line", ["help {}", "/help /{}", 'help "{}"'])
def test_help_is_there_for_every_command(name, line):
    for typed in (line.format(name), line.format(name.upper())):
        assert parse(typed) == Parsed("help", {"command": name})
    assert parse(format_command("help", {"command": name})).options == {"command": name}


TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=30)
TRICKY = st.lists(
    st.sampled_from([*QUOTATION_MARKS, *OPTION_WORDS, "ABOUT", " ", "\u2028", "/", "x"]), min_size=1
)
VALUES = (TEXTS | TRICKY.map("".join)).filter(lambda text: text.strip())


@given(st.sampled_from(["digest", "whosaid", "stance"]), st.data())
def test_a_formatted_command_reads_back_as_itself(command, data):
    options = data.draw(st.dictionaries(st.sampled_from(COMMANDS[command].options), VALUES))
    read = parse(format_command(command, options))
    assert (read.command, read.options | {"about": ""}) == (command, options | {"about": ""})
    assert terms_of(read.options.get("about", "")) == terms_of(options.get("about", ""))


@pytest.mark.parametrize(
    "options",
    [
        {"action": "list"},
        {"action": "add", "url": "https://a.example/f?about=“x”"},
        {"action": "add", "url": "https://a.example/f", "outlet": 'The "About" Page'},
        {"action": "add", "url": "https://a.example/f", "folder": "Folder outlet/“x”"},
        {"action": "remove", "url": "Daily Herald"},
        {"action": "notices"},
    ],
)
def test_a_formatted_feeds_command_reads_back_as_itself(options):
    assert parse(format_command("feeds", options)) == Parsed("feeds", options)


@given(st.sampled_from(["alias", "merge", "split"]), VALUES, VALUES)
def test_a_formatted_line_of_names_reads_back_as_itself(action, actor, name):
    read = parse(format_names(action, actor, name))
    assert read == Parsed("actors", {"action": action, "actor": actor, "name": name})


@pytest.mark.parametrize("words", ["as", "into", "from", "about", "page", '"', "“as”"])
def test_words_of_the_grammar_can_be_names(words):
    read = parse(format_names("alias", words, "Eddie"))
    assert read.options["actor"] == words


def test_actor_wants_a_name():
    assert asked_actor({"actor": " Edda\n Marlow"}) == "Edda Marlow"
    for options in ({}, {"actor": " "}):
        with pytest.raises(GrammarError, match="for example: actor Marlow"):
            asked_actor(options)


@given(st.text(max_size=60))
def test_no_line_of_names_does_more_than_parse_or_complain(line):
    with contextlib.suppress(GrammarError):
        assert parse("actors " + line).command == "actors"


@given(st.text(max_size=60))
def test_no_line_does_more_than_parse_or_complain(line):
    with contextlib.suppress(GrammarError):
        assert parse("whosaid " + line).command == "whosaid"


@pytest.mark.parametrize("command", COMMANDS.values(), ids=lambda command: command.name)
def test_examples_of_commands_are_in_the_grammar(command):
    assert parse(command.example).command == command.name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("45m", "2025-03-12T06:45:15+00:00"),
        ("12H", "2025-03-11T19:30:15+00:00"),
        ("3d", "2025-03-09T07:30:15+00:00"),
        (" 2w ", "2025-02-26T07:30:15+00:00"),
        ("today", "2025-03-11T22:00:00+00:00"),
        ("Yesterday", "2025-03-10T22:00:00+00:00"),
        ("wednesday", "2025-03-11T22:00:00+00:00"),
        ("thursday", "2025-03-05T22:00:00+00:00"),
        ("Mon", "2025-03-09T22:00:00+00:00"),
        ("2025-03-01", "2025-02-28T22:00:00+00:00"),
        ("2025-03-01T09:15", "2025-03-01T07:15:00+00:00"),
        ("2025-03-01 09:15:30", "2025-03-01T07:15:30+00:00"),
        ("2025-03-01T09:15Z", "2025-03-01T09:15:00+00:00"),
        ("2025-03-01T09:15-05:00", "2025-03-01T14:15:00+00:00"),
    ],
)
def test_since_reads_times_in_the_workspaces_zone(text, expected):
    assert parse_since(text, WEDNESDAY, KYIV).isoformat() == expected


@pytest.mark.parametrize(
    ("zone", "now", "text", "expected"),
    [
        # Midnight does not exist: the day begins at one o'clock.
        ("Africa/Cairo", datetime(2024, 4, 26, 9, tzinfo=UTC), "today", "2024-04-25T22:00:00+00:00"),
        # Midnight comes twice: the day begins at the first one.
        ("America/Havana", datetime(2024, 11, 3, 15, tzinfo=UTC), "sunday", "2024-11-03T04:00:00+00:00"),
        # The clocks changed between then and now: days are 24 hours, midnights are those of their day.
        ("Europe/Berlin", datetime(2025, 3, 30, 12, tzinfo=UTC), "1d", "2025-03-29T12:00:00+00:00"),
        ("Europe/Berlin", datetime(2025, 3, 31, 12, tzinfo=UTC), "saturday", "2025-03-28T23:00:00+00:00"),
        # It is tomorrow there already.
        ("Pacific/Auckland", datetime(2025, 3, 12, 12, tzinfo=UTC), "today", "2025-03-12T11:00:00+00:00"),
    ],
)
def test_days_begin_at_the_zones_first_instant(zone, now, text, expected):
    assert parse_since(text, now, zone).isoformat() == expected


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("soon", "No time is called soon: after since, use 45m, 12h"),
        ("mo", "No time is called mo"),
        ("3", "No time is called 3"),
        ("-3d", "No time is called -3d"),
        ("٣d", "No time is called"),
        ("2025-02-30", "No time is called 2025-02-30"),
        ("999999d", "No time is called"),
        ("999999999d", "No time is called"),
        ("9" * 400 + "d", "No time is called"),
        ("0001-01-01", "No time is called"),
        ("0001-01-05", "too far away"),
        ("99999h", None),
        ("9999-12-31", "too far away"),
        ("2025-03-13", "yet to come"),
        ("2025-03-12T09:31", "yet to come"),
    ],
)
def test_since_refuses_what_is_no_time_in_the_past(text, part):
    if part is None:
        assert parse_since(text, WEDNESDAY, KYIV) < WEDNESDAY
        return
    with pytest.raises(GrammarError) as raised:
        parse_since(text, WEDNESDAY, KYIV)
    assert part in str(raised.value)


def test_until_may_lie_ahead():
    assert parse_until("2025-03-14", WEDNESDAY, KYIV) == datetime(2025, 3, 13, 22, tzinfo=UTC)


def test_an_unknown_zone_is_named():
    with pytest.raises(GrammarError, match="Atlantis"):
        parse_since("today", WEDNESDAY, "Atlantis")


def test_digest_options_become_a_story_query():
    options = {
        "about": " harbour\nstrike ",
        "actor": "Marlow",
        "since": "monday",
        "until": "1h",
        "outlet": "Daily\tHerald",
    }
    assert story_query(options, WEDNESDAY, KYIV) == StoryQuery(
        since=datetime(2025, 3, 9, 22, tzinfo=UTC),
        until=datetime(2025, 3, 12, 6, 30, 15, tzinfo=UTC),
        about="harbour strike",
        actor="Marlow",
        outlet="Daily Herald",
    )
    assert story_query({}, WEDNESDAY, KYIV) == StoryQuery()


def test_whosaid_options_become_a_statement_query():
    options = {"actor": "Mar\x00low", "about": "talks", "outlet": "Daily Herald", "since": "1d", "page": "3"}
    assert statement_query(options, WEDNESDAY, KYIV) == StatementQuery(
        actor="Mar low",
        about="talks",
        since=datetime(2025, 3, 11, 7, 30, 15, tzinfo=UTC),
        outlet="Daily Herald",
        offset=10,
    )
    assert statement_query({"about": "talks"}, WEDNESDAY, KYIV) == StatementQuery(about="talks")


def test_stance_options_become_a_stance_query():
    options = {"actor": "Marlow", "target": "night\nshifts", "since": "1d", "until": "1h", "page": "3"}
    assert stance_query(options, WEDNESDAY, KYIV) == StanceQuery(
        actor="Marlow",
        target="night shifts",
        since=datetime(2025, 3, 11, 7, 30, 15, tzinfo=UTC),
        until=datetime(2025, 3, 12, 6, 30, 15, tzinfo=UTC),
        offset=12,
        limit=6,
    )
    assert stance_query({"target": "strike"}, WEDNESDAY, KYIV) == StanceQuery(target="strike", limit=6)


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({}, "Say whose position or on what, for example: stance Marlow"),
        ({"since": "3d"}, "for example: stance Marlow"),
        ({"target": "x", "page": "0"}, "no page 0"),
        ({"target": "x" * 501}, "after target is too long"),
        ({"actor": "x", "since": "1h", "until": "2h"}, "since that is before until"),
    ],
)
def test_a_wrong_question_about_positions_is_answered_with_what_to_do(options, part):
    with pytest.raises(GrammarError) as raised:
        stance_query(options, WEDNESDAY, KYIV)
    assert part in str(raised.value)


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({}, "for example: whosaid"),
        ({"actor": " ", "since": "3d"}, "for example: whosaid"),
        ({"actor": "x", "page": "0"}, "no page 0"),
        ({"actor": "x", "page": "-1"}, "no page -1"),
        ({"actor": "x", "page": "9" * 30}, "no page 999"),
        ({"actor": "x", "page": "two"}, "no page two"),
        ({"actor": "x" * 501}, "after actor is too long"),
        ({"actor": "x", "since": "1h", "until": "2h"}, "since that is before until"),
        ({"actor": "x", "since": "2025-03-01", "until": "2025-03-01"}, "since that is before until"),
    ],
)
def test_a_wrong_question_is_answered_with_what_to_do(options, part):
    with pytest.raises(GrammarError) as raised:
        statement_query(options, WEDNESDAY, KYIV)
    assert part in str(raised.value)
