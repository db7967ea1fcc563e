"""Buttons turn pages: in their place for who asked, and privately for anybody else."""

from __future__ import annotations

import asyncio

import pytest

from bot.messages.message import Choice, Message, Paragraph, plain
from bot.platforms.asking_again import OLD
from bot.platforms.sentences import BROKEN
from bot.platforms.slack.failures import UNSHOWN
from news.channels import Channel, Platform
from tests.slack.bots import connect, words
from tests.slack.fake import DESK, NEWS, OTHER, READER, TEAM

PAGE = (Choice("Older", "whosaid Venn page 2"),)


@pytest.fixture
def desk(desk):
    desk.message = Message(plain("Venn"), (Paragraph(plain("Page 1.")),), choices=PAGE)
    return desk


@pytest.fixture
async def messenger(slack, desk):
    async with connect(slack, desk) as messenger:
        yield messenger


async def _answered(slack, desk, text="Venn", **options):
    """An answer with a button; the desk's next one is another page."""
    answer = await (await slack.command("/whosaid", text, **options)).answer()
    desk.message = Message(plain("Venn"), (Paragraph(plain("Page 2.")),), choices=PAGE)
    return answer


@pytest.mark.usefixtures("messenger")
async def test_a_press_asks_the_desk_what_the_button_says(slack, desk):
    answer = await _answered(slack, desk, channel=DESK)
    await (await slack.press(answer, "Older")).replaced()
    options = {"actor": "Venn", "page": "2"}
    assert desk.asked[1] == (TEAM, Channel(Platform.SLACK, DESK), "whosaid", options)


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize("text", ["Venn", "Venn --private"], ids=["public", "private"])
async def test_who_asked_turns_the_page_in_its_place_again_and_again(slack, desk, text):
    answer = await _answered(slack, desk, text)
    for times in (1, 2):
        pressed = await slack.press(answer, "Older")
        page = await pressed.replaced()
        assert "Page 2." in words(page["blocks"])
        assert not pressed.answers
        assert (len(slack.channel().texts), times) == (0 if answer.private else 1, times)


@pytest.mark.usefixtures("messenger")
async def test_anybody_else_sees_the_page_alone_and_turns_it_in_its_place(slack, desk):
    answer = await _answered(slack, desk)
    page = await (await slack.press(answer, "Older", user=OTHER)).answer()
    assert (page.private, page.user) == (True, OTHER)
    assert "Page 1." in words(slack.channel().messages[0]["blocks"])
    await (await slack.press(page, "Older", user=OTHER)).replaced()


@pytest.mark.usefixtures("messenger")
async def test_a_button_of_a_post_is_answered_privately(slack, desk, messenger):
    receipt = await messenger.send(Channel(Platform.SLACK, NEWS), desk.message, key="attache-1")
    post = slack.channel().message(receipt)
    assert (await (await slack.press(post, "Older", user=READER)).answer()).private


@pytest.mark.usefixtures("messenger")
async def test_a_press_is_acknowledged_before_the_desk_answers(slack, desk):
    answer = await _answered(slack, desk)
    desk.gate = asyncio.Event()
    pressed = await slack.press(answer, "Older")
    assert pressed.ack
    assert not pressed.rewritten
    desk.gate.set()
    await pressed.replaced()


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize("value", ["feeds remove x", "", "schedule now 1", "x" * 3000, "whosaid Venn page 0"])
async def test_a_forged_button_changes_nothing(slack, desk, value):
    answer = await _answered(slack, desk)
    pressed = await slack.press(answer, "Older", forged={"value": value})
    told = await pressed.answer()
    assert (told.private, words(told.blocks)) == (True, OLD)
    assert len(desk.asked) == 1
    assert not pressed.rewritten


@pytest.mark.usefixtures("messenger")
async def test_a_failure_is_told_privately_and_the_page_stays(slack, desk):
    answer = await _answered(slack, desk)
    desk.failure = RuntimeError("secret detail")
    pressed = await slack.press(answer, "Older")
    told = await pressed.answer()
    assert (told.private, words(told.blocks)) == (True, BROKEN)
    assert "Page 1." in words(slack.channel().messages[0]["blocks"])


@pytest.mark.usefixtures("messenger")
async def test_a_page_that_slack_does_not_take_is_said_so(slack, desk):
    answer = await _answered(slack, desk)
    slack.knobs.break_down(status=500, method="response_url")
    assert words((await (await slack.press(answer, "Older")).answer()).blocks) == UNSHOWN


@pytest.mark.usefixtures("messenger")
async def test_a_press_that_comes_twice_is_answered_once(slack, desk):
    answer = await _answered(slack, desk)
    slack.knobs.repeat_envelopes = 1
    pressed = await slack.press(answer, "Older", user=OTHER)
    await slack.until(lambda: len(pressed.envelope.acks) == 2)
    await pressed.answer()
    await (await slack.press(answer, "Older", user=OTHER)).answer()
    assert (len(pressed.answers), len(desk.asked)) == (1, 3)


async def test_a_button_works_after_a_restart(slack, desk):
    async with connect(slack, desk):
        answer = await _answered(slack, desk)
    async with connect(slack, desk):
        await (await slack.press(answer, "Older")).replaced()
