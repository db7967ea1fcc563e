"""Pages are turned by buttons that nobody has to remember, by whom they should, and hostile ones do nothing."""

from __future__ import annotations

from unicodedata import category

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.grammar import Parsed, parse
from bot.messages.commands import format_command
from bot.messages.message import Choice, Message, Paragraph, plain
from bot.platforms.asking_again import OLD
from bot.platforms.discord.choices import Buttons, buttons_of, meant
from bot.platforms.discord.rendering import render
from news.channels import Channel, Platform
from news.errors import GrammarError, StoreAway
from tests.discord.fake import breaches

CHANNEL = Channel(Platform.DISCORD, "9")
LONG = f'whosaid "Orla Venn of the Harbour Board" about {"strike " * 12}since 2025-03-01T00:00:00Z'


def a_page(*choices: Choice) -> Message:
    return Message(plain("Venn · 6–10 of 12"), (Paragraph(plain("Here they are.")),), choices=choices)


def pages_of(line: str, number: int = 2) -> tuple[Choice, Choice]:
    newer = f"{line} page {number - 1}" if number > 2 else line
    return Choice("Older", f"{line} page {number + 1}"), Choice("Newer", newer)


@pytest.fixture
def message(desk):
    desk.message = a_page(*pages_of("whosaid Venn"))
    return desk.message


@pytest.fixture
async def shown(fake, messenger, message):
    return await (await fake.ask("whosaid", {"actor": "Venn", "page": 2})).answer()


def test_a_short_line_stands_in_the_buttons_id():
    buttons = buttons_of(pages_of("whosaid Venn"))
    assert buttons == Buttons((("Older", "ask:whosaid Venn page 3"), ("Newer", "ask:whosaid Venn")))
    assert meant("ask:whosaid Venn page 3", "") == Parsed("whosaid", {"actor": "Venn", "page": "3"})


def test_a_long_line_stands_in_the_footer_without_its_page():
    buttons = buttons_of(pages_of(LONG, 3))
    parsed = parse(LONG)
    assert buttons.shown == (("Older", "page:4"), ("Newer", "page:2"))
    assert parse(buttons.footer) == parsed
    assert meant("page:4", buttons.footer) == Parsed(parsed.command, {**parsed.options, "page": "4"})
    [embed] = render(a_page(*pages_of(LONG, 3)))
    assert embed.footer.text == buttons.footer


@pytest.mark.parametrize(
    "command",
    [
        "whosaid " + "x" * 3_000,
        "whosaid \ud800",
        "whosaid " + "w " * 60 + '"unclosed',
        "horoscope " + "x" * 100,
        "",
    ],
)
def test_what_no_button_can_hold_has_none(command):
    buttons = buttons_of((Choice("Older", command),))
    assert all(meant_or_old(custom_id, buttons.footer) for _, custom_id in buttons.shown)
    embeds = [embed.to_dict() for embed in render(a_page(Choice("Older", command)))]
    assert breaches({"embeds": embeds}) == []


def meant_or_old(custom_id: str, footer: str) -> str:
    try:
        return meant(custom_id, footer).command
    except GrammarError as error:
        return str(error)


@pytest.mark.parametrize(
    ("custom_id", "footer"),
    [
        ("", ""),
        ("ask:", ""),
        ("ask:feeds remove https://h.example", ""),
        ("ask:actors undo", ""),
        ("ask:/feeds export", ""),
        ("ask:whosaid Venn page 0", ""),
        ("ask:whosaid " + "x" * 100_000, ""),
        ('ask:whosaid "', ""),
        ("page:2", ""),
        ("page:2", "attache-7"),
        ("page:2", "/feeds list"),
        ("page:0", "/whosaid Venn"),
        ("page:9999999", "/whosaid Venn"),
        ("page:2\n", "/whosaid Venn"),
        ("page:two", "/whosaid Venn"),
        ("older-kind:7", "/whosaid Venn"),
        ("@everyone", "/whosaid Venn"),
    ],
)
def test_a_forged_or_outdated_id_means_nothing(custom_id, footer):
    with pytest.raises(GrammarError) as told:
        meant(custom_id, footer)
    assert str(told.value) == OLD


@given(st.text(max_size=120), st.text(max_size=120))
@settings(max_examples=200, deadline=None)
def test_no_id_and_no_footer_is_more_than_a_sentence(custom_id, footer):
    known = {"digest", "whosaid", "actor", "help", OLD}
    assert {
        meant_or_old(f"{kind}{custom_id}", f"/{footer}") for kind in ("", "ask:", "page:", "ask:whosaid ")
    } <= known


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=90).filter(str.strip)


@given(WORDS, WORDS, st.integers(2, 999_999))
@settings(max_examples=150, deadline=None)
def test_whatever_was_asked_its_pages_have_buttons_within_the_limits(actor, outlet, page):
    options = {"actor": actor, "outlet": outlet}
    line = format_command("whosaid", {**options, "page": str(page)})
    buttons = buttons_of((Choice("Older", line),))
    row = [{"label": label, "custom_id": custom_id} for label, custom_id in buttons.shown]
    embeds = [embed.to_dict() for embed in render(a_page(Choice("Older", line)))]
    assert breaches({"embeds": embeds, "components": [{"components": row}]}) == []
    assert [meant(custom_id, buttons.footer) for _, custom_id in buttons.shown] in ([parse(line)], [])
    assert buttons.shown or any(category(c) == "Cf" for c in actor + outlet)


def test_words_that_only_a_joiner_sets_apart_stay_what_they_are():
    line = format_command("whosaid", {"about": "می\u200cخواهم نمی\u200dآید " * 10, "page": "2"})
    buttons = buttons_of((Choice("Older", line),))
    [(_, custom_id)] = buttons.shown
    assert meant(custom_id, buttons.footer) == parse(line)


def test_a_line_that_would_be_another_without_what_is_not_seen_has_no_buttons():
    line = format_command("whosaid", {"actor": "Ve\u202enn " * 20, "page": "2"})
    assert buttons_of((Choice("Older", line),)) == Buttons()


async def test_who_asked_turns_the_page_in_place(fake, desk, shown):
    assert shown.buttons == {"Older": "ask:whosaid Venn page 3", "Newer": "ask:whosaid Venn"}
    desk.message = a_page(Choice("Newer", "whosaid Venn page 2"))
    pressed = await fake.press(shown, "Older")
    answer = await pressed.answer()
    assert pressed.in_place
    assert desk.asked[-1] == ("42", CHANNEL, "whosaid", {"actor": "Venn", "page": "3"})
    assert answer.buttons == {"Newer": "ask:whosaid Venn page 2"}
    assert answer.payload["allowed_mentions"] == {"parse": []}


@pytest.mark.parametrize(("user", "asker"), [(78, 77), (77, None)])
async def test_somebody_else_gets_the_page_alone(fake, desk, shown, user, asker):
    pressed = await fake.press(shown, "Older", user=user, asker=asker)
    answer = await pressed.answer()
    assert (pressed.in_place, answer.private) == (False, True)
    assert desk.asked[-1][2:] == ("whosaid", {"actor": "Venn", "page": "3"})


async def test_the_last_page_has_no_buttons_left(fake, desk, shown):
    desk.message = a_page()
    assert (await (await fake.press(shown, "Older")).answer()).payload["components"] == []


async def test_a_button_works_after_a_restart(fake, desk, connect):
    desk.message = a_page(*pages_of(LONG))
    async with connect():
        shown = await (await fake.ask("whosaid", {"actor": "Venn"})).answer()
    fake.identified.clear()
    async with connect():
        await (await fake.press(shown, "Older")).answer()
    parsed = parse(LONG)
    assert desk.asked[-1][2:] == (parsed.command, {**parsed.options, "page": "3"})


@pytest.mark.parametrize(
    "custom_id", ["ask:feeds remove x", "older-kind", "page:2", "x" * 100_000, "@everyone"]
)
async def test_a_forged_button_is_answered_with_a_sentence(fake, desk, shown, custom_id):
    asked = len(desk.asked)
    pressed = await fake.press(shown, "Older", custom_id=custom_id)
    answer = await pressed.answer()
    assert (answer.private, answer.payload["content"]) == (True, OLD)
    assert len(desk.asked) == asked


async def test_a_failure_leaves_the_message_as_it_was_and_is_told_privately(fake, desk, shown):
    desk.failure = StoreAway("Cannot reach the database news on db.internal:5432.")
    pressed = await fake.press(shown, "Older")
    answer = await pressed.answer()
    assert answer.private
    assert "cannot use its database" in answer.payload["content"]
    assert not pressed.taken_back
