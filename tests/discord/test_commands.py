"""Commands typed in Discord reach the desk, and its answers reach the one who asked."""

from __future__ import annotations

import asyncio

import pytest

from bot.grammar import parse
from bot.messages.commands import COMMANDS
from bot.messages.message import Attachment, Message, Paragraph, plain
from bot.platforms.discord.cogs import answering
from news.channels import Channel, Platform
from news.errors import GrammarError, NotFound, StoreAway, StoreUnknown

CHANNEL = Channel(Platform.DISCORD, "9")
LOOK_UPS = ("digest", "whosaid", "stance", "actor", "help")
MANAGING = ("actors", "feeds", "schedule", "targets")
BROKEN = "That did not work; the log has the details."
AWAY = "Attaché cannot use its database just now: ask again in a minute; the log has the details."
UNKNOWN = (
    "Attaché lost its database while it was storing that: look whether it is there before you ask again."
)


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("digest", {}),
        ("digest", {"about": "grain deal", "actor": "Orla Venn", "since": "3d", "until": "12h"}),
        ("whosaid", {"actor": "Orla Venn"}),
        (
            "whosaid",
            {"about": "grain", "since": "12h", "until": "2h", "outlet": "Daily Herald", "actor": "Venn"},
        ),
        ("stance", {"actor": "Venn", "target": "night shifts", "since": "30d", "until": "2h"}),
    ],
)
async def test_a_command_reaches_the_desk_as_typed(fake, desk, command, options):
    asked = await fake.ask(command, options)
    answer = await asked.answer()
    assert desk.asked == [("42", CHANNEL, command, options)]
    assert not answer.private
    assert answer.payload["allowed_mentions"] == {"parse": []}
    assert [embed["description"] for embed in answer.embeds] == ["Here they are."]
    assert answer.embeds[0]["title"] == "Two statements"


@pytest.mark.usefixtures("messenger")
async def test_blank_options_are_left_out_and_pages_are_numbers_in_words(fake, desk):
    await (await fake.ask("whosaid", {"actor": "  Venn ", "about": "   ", "page": 2})).answer()
    assert desk.asked == [("42", CHANNEL, "whosaid", {"actor": "Venn", "page": "2"})]


@pytest.mark.usefixtures("messenger")
async def test_a_direct_message_is_a_workspace_of_its_own(fake, desk):
    await (await fake.ask("digest", guild=None)).answer()
    assert desk.asked[0][:2] == ("dm-77", CHANNEL)


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize("command", ["digest", "feeds list"])
async def test_a_command_is_acknowledged_before_the_desk_answers(fake, desk, command, monkeypatch):
    monkeypatch.setattr(answering, "PROMPT", 0.01)
    desk.gate = asyncio.Event()
    asked = await fake.ask(command)
    async with asyncio.timeout(10):
        await asked.acknowledged.wait()
    assert not asked.answers
    desk.gate.set()
    assert (await asked.answer()).embeds


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (GrammarError("I cannot read the time: use 3d or 12h."), "I cannot read the time: use 3d or 12h."),
        (NotFound("@everyone is not *known* here."), "\\@everyone is not \\*known\\* here."),
        (NotFound("x" * 5000), "x" * 999 + "…"),
        (RuntimeError("secret detail"), BROKEN),
        (StoreAway("Cannot reach the database news on db.internal:5432."), AWAY),
        (StoreUnknown("The connection to db.internal broke."), UNKNOWN),
    ],
)
@pytest.mark.parametrize(
    ("command", "announced"), [("whosaid", False), ("feeds list", True)], ids=["look-up", "change"]
)
async def test_a_failure_is_told_privately(fake, desk, command, announced, failure, told):
    desk.failure = failure
    asked = await fake.ask(command)
    answer = await asked.answer()
    assert answer.private
    assert answer.payload["content"] == told
    assert answer.payload["allowed_mentions"] == {"parse": []}
    assert asked.taken_back == announced


@pytest.mark.usefixtures("messenger")
async def test_a_slow_look_up_that_fails_is_told_privately(fake, desk, monkeypatch):
    monkeypatch.setattr(answering, "PROMPT", 0.01)
    desk.gate, desk.failure = asyncio.Event(), NotFound("Nobody is called so.")
    asked = await fake.ask("whosaid")
    async with asyncio.timeout(10):
        await asked.acknowledged.wait()
    desk.gate.set()
    answer = await asked.answer()
    assert (answer.private, answer.payload["content"], asked.taken_back) == (
        True,
        "Nobody is called so.",
        True,
    )


@pytest.mark.usefixtures("messenger")
async def test_a_quick_look_up_is_one_request(fake):
    asked = await fake.ask("whosaid", {"actor": "Venn"})
    await asked.answer()
    assert (asked.callbacks, asked.deferred) == (1, False)


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize("command", ["horoscope", "feeds horoscope", "feeds"])
async def test_a_command_of_another_version_is_answered_all_the_same(fake, command):
    answer = await (await fake.ask(command)).answer()
    told = "Your Discord shows that command as it was: open Discord anew, and ask again."
    assert (answer.private, answer.payload["content"]) == (True, told)


@pytest.mark.usefixtures("messenger")
async def test_typing_a_command_of_another_version_is_no_message(fake, desk):
    typed = await fake.ask("horoscope", {"sign": "leo"}, focused="sign")
    await (await fake.ask("digest")).answer()
    assert (typed.callbacks, typed.answers) == (0, [])


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize("command", ["whosaid", "feeds list"])
async def test_an_answer_that_does_not_come_is_given_up_with_a_sentence(fake, desk, monkeypatch, command):
    monkeypatch.setattr(answering, "LONGEST", 0.02)
    desk.gate = asyncio.Event()
    answer = await (await fake.ask(command)).answer()
    told = "That took too long: look whether it is done before you ask again."
    assert (answer.private, answer.payload["content"]) == (True, told)


@pytest.mark.usefixtures("messenger")
async def test_what_is_done_is_not_said_to_have_failed_where_discord_does_not_take_the_answer(fake):
    fake.knobs.refuse_answers = 400
    answer = await (await fake.ask("feeds list")).answer()
    told = "Discord did not take the answer, though what you asked for is done; the log has the details."
    assert (answer.private, answer.payload["content"]) == (True, told)


@pytest.mark.usefixtures("messenger")
async def test_a_failure_is_told_also_where_somebody_took_the_announcement_away(fake, desk):
    desk.gate, desk.failure = asyncio.Event(), NotFound("Nobody is called so.")
    asked = await fake.ask("feeds list")
    async with asyncio.timeout(10):
        await asked.acknowledged.wait()
    asked.taken_back = True
    desk.gate.set()
    answer = await asked.answer()
    assert (answer.private, answer.payload["content"]) == (True, "Nobody is called so.")


@pytest.mark.usefixtures("messenger")
async def test_nothing_is_changed_for_an_expired_interaction(fake, desk):
    lost = await fake.ask("feeds export", expired=True)
    assert (await (await fake.ask("digest")).answer()).embeds
    assert [command for _, _, command, _ in desk.asked] == ["digest"]
    assert not lost.answers


@pytest.mark.usefixtures("messenger")
async def test_hostile_words_have_no_effect_in_an_answer(fake, desk):
    hostile = "@everyone <@1> [x](https://evil.example) https://evil.example **b** <t:0:R> `c` ||s||"
    desk.message = Message(plain(hostile), (Paragraph(plain(hostile)),))
    answer = await (await fake.ask("digest")).answer()
    harmless = (
        r"\@everyone \<\@1\> \[x\](https\://evil.example) https\://evil.example \*\*b\*\* "
        r"\<t\:0\:R\> \`c\` \|\|s\|\|"
    )
    assert (answer.embeds[0]["title"], answer.embeds[0]["description"]) == (harmless, harmless)
    assert answer.payload["allowed_mentions"] == {"parse": []}


@pytest.mark.usefixtures("messenger")
async def test_the_commands_are_registered_with_their_options(fake):
    names = {c["name"]: [o["name"] for o in c["options"]] for c in fake.commands}
    assert names == {
        "digest": ["about", "actor", "since", "until", "outlet", "private"],
        "whosaid": ["actor", "about", "since", "until", "outlet", "page", "private"],
        "stance": ["actor", "target", "since", "until", "page", "private"],
        "actor": ["name", "private"],
        "help": ["command"],
        "actors": ["list", "alias", "merge", "split", "undo"],
        "feeds": ["list", "add", "remove", "notices", "import", "export"],
        "schedule": ["add", "change", "pause", "resume", "remove", "preview", "now", "list", "timezone"],
        "targets": ["list", "show", "remove", "add", "import", "export"],
    }
    groups = ("actors", "feeds", "schedule", "targets")
    required = {
        c["name"]: [o["required"] for o in c["options"]] for c in fake.commands if c["name"] not in groups
    }
    assert not any(required["digest"] + required["whosaid"] + required["stance"])
    assert required["actor"] == [True, False]


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("digest", {}),
        ("whosaid", {"actor": "Venn"}),
        ("stance", {"target": "strike"}),
        ("actor", {"name": "Venn"}),
    ],
)
async def test_an_answer_is_private_by_choice(fake, desk, command, options):
    answer = await (await fake.ask(command, {**options, "private": True})).answer()
    assert answer.private
    assert "private" not in desk.asked[0][3]
    assert not (await (await fake.ask(command, {**options, "private": False})).answer()).private


@pytest.mark.usefixtures("messenger")
async def test_names_and_feeds_are_for_those_who_manage_the_server(fake):
    managing = {c["name"]: c["default_member_permissions"] for c in fake.commands}
    assert managing == {
        **dict.fromkeys(LOOK_UPS),
        **dict.fromkeys(MANAGING, 1 << 5),
    }
    where = {c["name"]: (c["contexts"], c["integration_types"]) for c in fake.commands}
    assert where == {
        **dict.fromkeys(LOOK_UPS, ([0, 1], [0])),
        **dict.fromkeys(MANAGING, ([0], [0])),
    }
    (actors,) = (command for command in fake.commands if command["name"] == "actors")
    told = {each["name"]: [o["name"] for o in each["options"]] for each in actors["options"]}
    assert told == {
        "list": [],
        "alias": ["actor", "as"],
        "merge": ["name", "into"],
        "split": ["name", "from"],
        "undo": [],
    }


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize(
    ("command", "options", "line"),
    [
        ("actor", {"name": " Orla Venn "}, "actor Orla Venn"),
        ("actors list", {}, "actors list"),
        ("actors alias", {"actor": "Orla Venn", "as": "O. Venn"}, "actors alias Orla Venn as O. Venn"),
        ("actors merge", {"name": "O. Venn", "into": "Orla Venn"}, "actors merge O. Venn into Orla Venn"),
        ("actors split", {"name": "Venn", "from": "Orla Venn"}, "actors split Venn from Orla Venn"),
        ("actors undo", {}, "actors undo"),
    ],
)
async def test_commands_about_actors_ask_what_the_typed_line_asks(fake, desk, command, options, line):
    answer = await (await fake.ask(command, options)).answer()
    parsed = parse(line)
    assert desk.asked == [("42", CHANNEL, parsed.command, parsed.options)]
    assert answer.embeds


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize(
    ("options", "line"), [({}, "help"), *(({"command": name}, f"help {name}") for name in COMMANDS)]
)
async def test_help_is_for_the_one_who_asks(fake, desk, options, line):
    answer = await (await fake.ask("help", options)).answer()
    parsed = parse(line)
    assert desk.asked == [("42", CHANNEL, parsed.command, parsed.options)]
    assert answer.private


@pytest.mark.usefixtures("messenger")
async def test_feeds_are_named_by_their_options(fake):
    (feeds,) = (command for command in fake.commands if command["name"] == "feeds")
    told = {each["name"]: {o["name"]: o["required"] for o in each["options"]} for each in feeds["options"]}
    assert told == {
        "list": {},
        "add": {"address": True, "outlet": False, "folder": False},
        "remove": {"feed": True},
        "notices": {"where": False},
        "import": {"file": True},
        "export": {},
    }


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize(
    ("command", "options", "line"),
    [
        ("feeds list", {}, "feeds list"),
        ("feeds add", {"address": " https://a.example/f "}, "feeds add https://a.example/f"),
        (
            "feeds add",
            {"address": "https://a.example/f", "outlet": "Daily Herald", "folder": "World"},
            "feeds add https://a.example/f outlet Daily Herald folder World",
        ),
        ("feeds remove", {"feed": "Daily Herald"}, "feeds remove Daily Herald"),
        ("feeds notices", {}, "feeds notices"),
        ("feeds notices", {"where": "here"}, "feeds notices here"),
        ("feeds notices", {"where": "off"}, "feeds notices off"),
        ("feeds export", {}, "feeds export"),
    ],
)
async def test_commands_about_feeds_ask_what_the_typed_line_asks(fake, desk, command, options, line):
    answer = await (await fake.ask(command, options)).answer()
    parsed = parse(line)
    assert desk.asked == [("42", CHANNEL, parsed.command, parsed.options)]
    assert answer.embeds


@pytest.mark.usefixtures("messenger")
async def test_a_list_of_feeds_is_read_from_a_file(fake, desk):
    answer = await (await fake.ask("feeds import", {"file": b"<opml/>"})).answer()
    assert desk.imported == [("42", CHANNEL, b"<opml/>", "feeds-1.opml")]
    assert not answer.private
    assert answer.embeds[0]["title"] == "Two statements"


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"x" * ((1 << 20) + 1), "feeds-1.opml is larger than 1 MiB: split the list, and import the parts."),
        (b"", "Discord does not hand out feeds-1.opml: try again."),
    ],
)
async def test_a_file_that_is_too_large_or_does_not_come_is_told_privately(fake, desk, content, told):
    answer = await (await fake.ask("feeds import", {"file": content})).answer()
    assert (answer.private, answer.payload["content"]) == (True, told)
    assert desk.imported == []


@pytest.mark.usefixtures("messenger")
async def test_a_file_comes_with_the_answer(fake, desk):
    desk.message = Message(plain("2 feeds"), attachments=(Attachment("feeds.opml", b"<opml/>"),))
    answer = await (await fake.ask("feeds export")).answer()
    assert answer.payload["files"] == {"feeds.opml": b"<opml/>"}
    assert answer.embeds[0]["title"] == "2 feeds"
