"""Who may manage on Slack, where `ATTACHE_SLACK_MANAGERS` names some: every way there is refused to all others, privately."""

from __future__ import annotations

import pytest

from bot.platforms.asking_again import OLD
from bot.platforms.slack.answering import LOOK_UPS, MANAGING
from bot.platforms.slack.failures import NOT_ALLOWED
from bot.platforms.slack.listeners.home import ADD
from bot.platforms.slack.names import ANY, HELP, NAMES
from tests.isolation.asks import leaves, lines, looks
from tests.slack.bots import connect
from tests.slack.fake import NEWS, OTHER, READER

MANAGING_LINES = [line for line in lines() if not looks(line)]
FORM = {"channel": NEWS, "time": "09:00"}


@pytest.fixture
async def bot(slack, desk):
    """The bot, managed by READER alone."""
    async with connect(slack, desk, managers={READER}):
        yield slack


def test_every_command_is_a_look_up_or_managing():
    assert LOOK_UPS | MANAGING | {HELP} == {name for name, _ in leaves()}
    assert set(NAMES) - {ANY} == LOOK_UPS | MANAGING
    told = {tuple(line.split()[:2]) for line in MANAGING_LINES if " " in line}
    assert {leaf for leaf in leaves() if leaf[0] in MANAGING} - told == {
        ("feeds", "import"),
        ("targets", "import"),
    }


async def test_no_line_that_manages_is_taken_from_others(bot, desk):
    for line in MANAGING_LINES:
        name, _, rest = line.partition(" ")
        for command, text in (
            (f"/{name}", rest),
            ("/attache", line),
            ("/attache", f"/{name.upper()} {rest}"),
        ):
            answer = await (await bot.command(command, text, user=OTHER)).answer()
            assert (answer.private, NOT_ALLOWED in answer.text) == (True, True), (command, text)
    assert desk.asked == []
    assert not bot.views


async def test_no_button_that_would_manage_is_heard_from_anybody(bot, desk):
    shown = await (await bot.command("/whosaid", "Marlow")).answer()
    blocks = [{"type": "actions", "block_id": "b", "elements": [
        {"type": "button", "action_id": "ask:0", "text": {"type": "plain_text", "text": "forged"}, "value": "x"}]}]  # fmt: skip
    bot.channel(NEWS).message(shown.ts)["blocks"] = blocks
    desk.asked.clear()
    for line in MANAGING_LINES:
        for user in (READER, OTHER):
            asked = await bot.press(
                bot.channel(NEWS).message(shown.ts), "forged", user=user, forged={"value": line}
            )
            answer = await asked.answer()
            assert (answer.private, OLD in answer.text) == (True, True), line
    assert desk.asked == []


async def test_the_form_is_opened_for_managers_alone_and_a_form_of_theirs_is_not_taken_from_others(bot, desk):
    asked = await bot.command("/schedule", user=OTHER)
    assert NOT_ALLOWED in (await asked.answer()).text
    assert not bot.views
    form = await (await bot.command("/schedule", user=READER)).view()
    refused = await bot.submit(form, FORM, user=OTHER)
    assert refused.payload == {"response_action": "errors", "errors": {"channel": NOT_ALLOWED}}
    assert desk.asked == []
    taken = await bot.submit(form, FORM, user=READER)
    assert taken.payload["response_action"] == "update"
    assert [command for _, _, command, _ in desk.asked] == ["schedule"]


async def test_the_home_tab_has_the_button_for_managers_alone_and_a_forged_press_opens_nothing(slack, desk):
    async with connect(slack, desk, managers={READER}):
        theirs, managers = await slack.open_home(OTHER), await slack.open_home(READER)
        assert (ADD in str(theirs["blocks"]), ADD in str(managers["blocks"])) == (False, True)
        await slack.press(managers, ADD, user=OTHER)
    # On leaving, what was begun is finished.
    assert not slack.views
    assert {options.get("action", "list") for *_, options in desk.asked} == {"list"}
