"""Who asks too often on Discord is told once, privately, and nobody else is hindered."""

from __future__ import annotations

import asyncio

import pytest

from bot.messages.message import Choice, Message, Paragraph, plain
from bot.platforms.allowance import Allowance
from bot.ports import Suggestion
from tests.bot.test_allowance import Clock

TOLD = "That is more than one person may ask in a minute here: try again in {} seconds."


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def messenger(connect, clock):
    async with connect(allowance=Allowance(2, clock=clock)) as messenger:
        yield messenger


@pytest.fixture
def desk(desk):
    older = Choice("Older", "whosaid Venn page 2")
    desk.message = Message(plain("Statements"), (Paragraph(plain("Here.")),), choices=(older,))
    return desk


@pytest.mark.usefixtures("messenger")
async def test_it_is_told_once_privately_and_then_passed_over(fake, desk, clock):
    for command in ("targets list", "digest"):  # what administrators do counts as well
        shown = await (await fake.ask(command)).answer()
    refused = await (await fake.ask("digest")).answer()
    assert (refused.private, refused.payload["content"]) == (True, TOLD.format(30))
    silent = await fake.ask("digest")
    await (await fake.press(shown, "Older", user=78)).answer()  # by then the other one was heard
    clock.now += 30
    await (await fake.ask("whosaid", {"actor": "Venn"})).answer()
    assert (silent.callbacks, silent.answers) == (0, [])
    assert [command for *_, command, _ in desk.asked] == ["targets", "digest", "whosaid", "whosaid"]
    assert (await (await fake.ask("digest")).answer()).payload["content"] == TOLD.format(30)


@pytest.mark.usefixtures("messenger")
async def test_buttons_count_and_another_person_is_not_hindered(fake, desk):
    shown = await (await fake.ask("digest")).answer()
    assert (await (await fake.press(shown, "Older")).answer()).embeds
    refused = await (await fake.press(shown, "Older")).answer()
    assert (refused.private, refused.payload["content"]) == (True, TOLD.format(30))
    quiet = await fake.press(shown, "Older")
    assert (await (await fake.press(shown, "Older", user=78)).answer()).embeds
    async with asyncio.timeout(10):
        await quiet.acknowledged.wait()
    assert (quiet.in_place, quiet.answers) == (True, []), (
        "the message stays as it is, and no failure is shown"
    )
    assert len(desk.asked) == 3


@pytest.mark.usefixtures("messenger")
async def test_a_feed_has_a_smaller_allowance(fake, desk):
    feed = {"address": "https://herald.example/feed"}
    await (await fake.ask("feeds add", feed)).answer()
    assert (
        "try again in 60 seconds" in (await (await fake.ask("feeds add", feed)).answer()).payload["content"]
    )
    await (await fake.ask("digest")).answer()
    assert [command for *_, command, _ in desk.asked] == ["feeds", "digest"]


@pytest.mark.usefixtures("messenger")
async def test_what_is_typed_has_a_larger_allowance_and_is_offered_nothing_beyond_it(fake, desk, clock):
    desk.suggestions = (Suggestion("Venn", "Venn"),)
    for _ in range(2):
        await (await fake.ask("digest")).answer()
    offered = [await fake.type("whosaid", "actor", "Ve") for _ in range(21)]
    assert offered == [[("Venn", "Venn")]] * 20 + [[]]
    clock.now += 3
    assert await fake.type("whosaid", "actor", "Ve")


async def test_without_an_allowance_all_are_answered(connect, fake, desk):
    async with connect():
        for _ in range(40):
            await (await fake.ask("digest")).answer()
    assert len(desk.asked) == 40
