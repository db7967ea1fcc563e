"""Who asks too often on Slack is told once, privately, and nobody else is hindered; by a socket as over HTTP."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest

from bot.messages.message import Choice, Message, Paragraph, plain
from bot.platforms.allowance import Allowance
from bot.platforms.slack.menus import menu
from bot.ports import Kind, Suggestion
from tests.bot.test_allowance import Clock
from tests.slack.bots import connect, over_http, words
from tests.slack.fake import NEWS, OTHER, READER

TOLD = "That is more than one person may ask in a minute here: try again in {} seconds."


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def desk(desk):
    older = Choice("Older", "whosaid Venn page 2")
    desk.message = Message(plain("Statements"), (Paragraph(plain("Here.")),), choices=(older,))
    return desk


@pytest.fixture(params=["socket", "http"])
def begin(request, slack, desk, clock, unused_tcp_port):
    """Connects a bot that lets two commands a minute through."""

    @asynccontextmanager
    async def begin():
        given = Allowance(2, clock=clock)
        connecting = (
            connect(slack, desk, allowance=given)
            if request.param == "socket"
            else over_http(slack, desk, unused_tcp_port, allowance=given)
        )
        async with connecting:
            yield

    return begin


async def test_it_is_told_once_privately_and_then_passed_over(begin, slack, desk, clock):
    async with begin():
        for command, text in (("/digest", ""), ("/targets", "list")):  # what administrators do counts as well
            await (await slack.command(command, text)).answer()
        refused = await (await slack.command("/digest")).answer()
        assert (refused.private, words(refused.blocks)) == (True, TOLD.format(30))
        silent = await slack.command("/digest")
        clock.now += 30
        await (await slack.command("/whosaid", "Venn")).answer()
        assert silent.answers == []
        assert not silent.failed, "it was acknowledged"
        assert [command for *_, command, _ in desk.asked] == ["digest", "targets", "whosaid"]
        unread = await (await slack.command("/whosaid", "page Venn")).answer()
        assert words(unread.blocks) == TOLD.format(30), "what cannot be read counts as well"


async def test_buttons_count_and_another_person_is_not_hindered(begin, slack, desk):
    async with begin():
        shown = await (await slack.command("/digest")).answer()
        await (await slack.press(shown, "Older")).replaced()
        pressed = await slack.press(shown, "Older")
        refused = await pressed.answer()
        assert (refused.private, words(refused.blocks)) == (True, TOLD.format(30))
        silent = await slack.press(shown, "Older")
        await (await slack.press(shown, "Older", user=OTHER)).answer()
        assert (silent.answers, silent.rewritten, silent.failed) == ([], [], False)
    assert len(desk.asked) == 3


async def test_a_feed_has_a_smaller_allowance(begin, slack, desk):
    async with begin():
        await (await slack.command("/feeds", "add https://herald.example/feed")).answer()
        refused = await (await slack.command("/feeds", "add https://herald.example/feed")).answer()
        assert words(refused.blocks) == TOLD.format(60)
        await (await slack.command("/digest")).answer()
    assert [command for *_, command, _ in desk.asked] == ["feeds", "digest"]


async def test_what_is_typed_has_a_larger_allowance(begin, slack, desk, client):
    desk.suggestions = (Suggestion("Venn", "venn"),)
    async with begin():
        menus = [{"type": "actions", "elements": [menu(Kind.ACTOR, "Who?")]}]
        await client.chat_postMessage(channel=NEWS, text="Menus", blocks=menus)
        [post] = slack.channel().messages
        offered = [await slack.suggest(post, "suggest:actor", "Ve") for _ in range(21)]
    assert offered == [[("Venn", "venn")]] * 20 + [[]]


async def test_the_home_tab_and_forms_count(begin, slack, desk):
    async with begin():
        home = await slack.open_home(READER)
        assert home["blocks"]
        await (await slack.command("/schedule")).view()
        refused = await (await slack.command("/schedule")).answer()
        assert words(refused.blocks) == TOLD.format(30)
