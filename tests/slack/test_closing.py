"""Closing: what is being answered is acknowledged first, and who gets no answer is told what that means."""

from __future__ import annotations

import asyncio

import pytest
import structlog.testing

from bot.messages.message import Choice, Message, plain
from bot.platforms.sentences import CLOSING
from bot.platforms.slack.failures import CUT_OFF
from bot.ports import Suggestion
from news.errors import InputError
from tests.slack.bots import connect, words


class Gate(asyncio.Event):
    """Tells when somebody waits before it."""

    def __init__(self):
        super().__init__()
        self.reached = asyncio.Event()

    async def wait(self):
        self.reached.set()
        return await super().wait()


def _once_closing(gate):
    """Opens it as soon as the body has ended, and closing has begun."""
    asyncio.get_running_loop().call_soon(gate.set)


@pytest.mark.parametrize("failure", [None, InputError("I cannot post there: invite me.")])
async def test_a_form_that_is_being_handled_is_acknowledged(slack, desk, failure):
    desk.failure = failure
    async with connect(slack, desk):
        form = await (await slack.command("/schedule")).view()
        desk.gate = Gate()
        submitting = asyncio.create_task(slack.submit(form))
        await desk.gate.reached.wait()
        _once_closing(desk.gate)
    ack = await submitting
    assert ack.payload["response_action"] == ("errors" if failure else "update")


async def test_a_menu_that_is_being_looked_up_is_answered(slack, desk):
    async with connect(slack, desk):
        form = await (await slack.command("/schedule")).view()
        desk.gate, desk.suggestions = Gate(), (Suggestion("Orla Venn", "Orla Venn"),)
        typing = asyncio.create_task(slack.suggest(form, "suggest:actor", "Or"))
        await desk.gate.reached.wait()
        _once_closing(desk.gate)
    assert await typing == [("Orla Venn", "Orla Venn")]


async def test_a_form_and_a_menu_that_are_not_done_in_time_are_acknowledged(slack, desk):
    async with connect(slack, desk, patience=0.01):
        form = await (await slack.command("/schedule")).view()
        desk.gate = Gate()
        typing = asyncio.create_task(slack.suggest(form, "suggest:actor", "Or"))
        await desk.gate.reached.wait()
        submitting = asyncio.create_task(slack.submit(form))
        await desk.begun.wait()
    assert (await submitting).payload["response_action"] == "update"
    assert words(slack.views[form["id"]]["blocks"]) == CUT_OFF
    assert await typing == []


@pytest.mark.parametrize(
    ("command", "text", "told"),
    [
        ("/feeds", "add https://example.org/feed.xml", CUT_OFF),
        ("/schedule", "pause 1", CUT_OFF),
        ("/actors", "undo", CUT_OFF),
        ("/schedule", "preview 1", CLOSING),
        ("/targets", "list", CLOSING),
        ("/feeds", "", CLOSING),
    ],
)
async def test_what_may_be_done_is_to_be_looked_for_first(slack, desk, command, text, told):
    desk.gate = asyncio.Event()
    async with connect(slack, desk, patience=0.01):
        asked = await slack.command(command, text)
        await desk.begun.wait()
    assert words((await asked.answer()).blocks) == told


async def test_who_pressed_too_late_is_told_so_before_all_is_closed(slack, desk):
    desk.message = Message(plain("Venn"), choices=(Choice("Older", "whosaid Venn page 2"),))

    async def late(shown):
        held = slack.knobs.hold(method="response_url")
        pressed = await slack.press(shown, "Older")
        await slack.called("response_url", 2)
        desk.gate.set()
        asyncio.get_running_loop().call_later(0.2, held.set)
        return pressed

    with structlog.testing.capture_logs() as logs:
        async with connect(slack, desk):
            shown = await (await slack.command("/whosaid", "Venn")).answer()
            desk.gate = Gate()
            await slack.command("/digest")
            await desk.gate.reached.wait()
            closing = asyncio.create_task(late(shown))
        assert words((await (await closing).answer()).blocks) == CLOSING
    assert "slack command left unanswered" not in {each["event"] for each in logs}
