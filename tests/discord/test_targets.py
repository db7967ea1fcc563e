"""`/targets` and `/stance` on Discord: what reaches the desk, and the picture that comes back."""

from __future__ import annotations

import asyncio

import pytest

from bot.grammar import parse
from bot.messages.message import Attachment, Choice, Message, Paragraph, plain
from bot.platforms.discord.cogs import answering
from news.channels import Channel, Platform

CHANNEL = Channel(Platform.DISCORD, "9")
WORDS = "Port Ministry: opposes night shifts since 9 March 2025.\nFerry Line: supports them."
PICTURE = Attachment("positions.png", b"\x89PNG", WORDS)
SENT = [{"id": 0, "filename": "positions.png", "description": WORDS.replace("\n", " ")}]


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize(
    ("command", "options", "line"),
    [
        ("targets list", {}, "targets"),
        ("targets show", {"name": "night shifts"}, "targets show night shifts"),
        ("targets remove", {"name": "night shifts"}, "targets remove night shifts"),
        ("targets export", {}, "targets export"),
        ("targets add", {"name": "strike"}, "targets add strike"),
        (
            "targets add",
            {"name": "night shifts", "description": "Pay.", "for": "pay it; pay all", "against": "cut it"},
            "targets add night shifts description Pay. for pay it; pay all against cut it",
        ),
    ],
)
async def test_commands_about_targets_ask_what_the_typed_line_asks(fake, desk, command, options, line):
    answer = await (await fake.ask(command, options)).answer()
    parsed = parse(line)
    assert desk.asked == [("42", CHANNEL, parsed.command, parsed.options)]
    assert answer.embeds


@pytest.mark.usefixtures("messenger")
async def test_targets_are_named_by_their_options(fake):
    (targets,) = (command for command in fake.commands if command["name"] == "targets")
    told = {each["name"]: {o["name"]: o["required"] for o in each["options"]} for each in targets["options"]}
    assert told == {
        "list": {},
        "show": {"name": True},
        "remove": {"name": True},
        "add": {"name": True, "description": False, "for": False, "against": False},
        "import": {"file": True},
        "export": {},
    }


@pytest.mark.usefixtures("messenger")
async def test_a_list_of_targets_is_read_from_a_file(fake, desk):
    answer = await (await fake.ask("targets import", {"file": b"- name: x"})).answer()
    assert desk.imported == [("42", CHANNEL, b"- name: x", "feeds-1.opml")]
    assert answer.embeds[0]["title"] == "Two statements"


@pytest.fixture
def drawn(desk):
    """The desk answers with a picture, and the way to another page."""
    desk.message = Message(
        plain("Two positions"),
        (Paragraph(plain("Here they are.")),),
        choices=(Choice("Older", "stance target strike page 2"),),
        attachments=(PICTURE,),
    )
    return desk.message


@pytest.mark.usefixtures("messenger", "drawn")
@pytest.mark.parametrize("private", [True, False])
@pytest.mark.parametrize("slow", [True, False])
async def test_a_picture_comes_with_the_answer_and_in_words(fake, desk, monkeypatch, private, slow):
    if slow:
        monkeypatch.setattr(answering, "PROMPT", 0.0)
        desk.gate = asyncio.Event()
    asked = await fake.ask("stance", {"target": "strike", "private": private})
    if slow:
        async with asyncio.timeout(10):
            await asked.acknowledged.wait()
        desk.gate.set()
    answer = await asked.answer()
    assert asked.deferred is slow
    assert answer.private is private
    assert answer.payload["files"] == {"positions.png": b"\x89PNG"}
    assert answer.payload["attachments"] == SENT
    assert "image" not in answer.embeds[0]


@pytest.mark.usefixtures("messenger", "drawn")
@pytest.mark.parametrize(("user", "private"), [(77, False), (78, True)])
async def test_a_turned_page_has_a_picture_of_its_own(fake, desk, user, private):
    shown = await (await fake.ask("stance", {"target": "strike"})).answer()
    desk.message = Message(plain("Older"), attachments=(Attachment("positions.png", b"two", "Other words."),))
    turned = await (await fake.press(shown, "Older", user=user)).answer()
    assert desk.asked[-1][2:] == ("stance", {"target": "strike", "page": "2"})
    assert turned.private is private
    assert turned.payload["files"] == {"positions.png": b"two"}
    assert [each["description"] for each in turned.payload["attachments"]] == ["Other words."]


@pytest.mark.usefixtures("drawn")
async def test_a_post_comes_with_its_picture(fake, messenger, drawn):
    await messenger.send(CHANNEL, drawn, key="attache-7")
    (payload,) = fake.post_attempts
    assert payload["files"] == {"positions.png": b"\x89PNG"}
    assert payload["attachments"] == SENT


@pytest.mark.usefixtures("messenger")
async def test_words_that_are_too_long_for_a_picture_end_with_a_sign(fake, desk):
    desk.message = Message(plain("x"), attachments=(Attachment("p.png", b"x", "word 😀 " * 400),))
    answer = await (await fake.ask("stance", {"target": "strike"})).answer()
    (sent,) = answer.payload["attachments"]
    assert sent["description"].endswith("…")
    assert len(sent["description"].encode("utf-16-le")) // 2 <= 1024
