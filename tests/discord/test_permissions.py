"""Who may manage on Discord: every command that is no look-up is registered for managers, and no button leads to one."""

from __future__ import annotations

import pytest

from bot.platforms.asking_again import MAY_BE_ASKED, OLD
from bot.platforms.discord.markup import escape
from tests.isolation.asks import lines, looks

MANAGE_GUILD = 1 << 5
IN_SERVERS, IN_DIRECT_MESSAGES = 0, 1
MANAGING_LINES = [line for line in lines() if not looks(line)]
pytestmark = pytest.mark.usefixtures("messenger")


async def test_whatever_is_no_look_up_is_registered_for_those_who_manage_the_server_and_in_servers_alone(
    fake,
):
    assert {command["name"] for command in fake.commands} > MAY_BE_ASKED
    for command in fake.commands:
        looked_up = command["name"] in MAY_BE_ASKED
        assert command["default_member_permissions"] == (None if looked_up else MANAGE_GUILD), command["name"]
        places = [IN_SERVERS, IN_DIRECT_MESSAGES] if looked_up else [IN_SERVERS]
        assert sorted(command["contexts"]) == places, command["name"]
        assert command["integration_types"] == [0], "no single user brings it along"


async def test_lines_that_manage_are_of_every_command_that_does(fake):
    """So that the next test knows of a new one."""
    registered = {
        (command["name"], sub["name"])
        for command in fake.commands
        if command["name"] not in MAY_BE_ASKED
        for sub in command["options"]
    }
    told = {tuple(line.split()[:2]) for line in MANAGING_LINES if " " in line}
    assert registered - told == {("feeds", "import"), ("targets", "import")}


@pytest.mark.parametrize("by", [77, 78])
async def test_a_button_that_would_manage_is_refused_privately_whoever_presses_it(fake, desk, by):
    shown = await (await fake.ask("feeds list")).answer()
    desk.asked.clear()
    for line in [line for line in MANAGING_LINES if len(line) < 95]:
        for custom_id in (f"ask:{line}", f"ask:/{line}"):
            asked = await fake.press(shown, "forged", user=by, custom_id=custom_id)
            answer = await asked.answer()
            assert (answer.private, answer.payload["content"]) == (True, escape(OLD)), custom_id
    assert desk.asked == []


async def test_a_page_that_would_manage_is_refused_privately(fake, desk):
    shown = await (await fake.ask("feeds list")).answer()
    shown.embeds[-1]["footer"] = {"text": "/feeds remove https://herald.example/feed"}
    desk.asked.clear()
    answer = await (await fake.press(shown, "forged", user=78, custom_id="page:2")).answer()
    assert (answer.private, answer.payload["content"]) == (True, escape(OLD))
    assert desk.asked == []


async def test_what_a_manager_was_shown_is_turned_for_nobody_else(fake, desk):
    from bot.messages.message import Choice, Message, plain

    desk.message = Message(plain("Statements"), (), choices=(Choice("Older", "whosaid Marlow page 2"),))
    shown = await (await fake.ask("whosaid", {"actor": "Marlow"})).answer()
    answer = await (await fake.press(shown, "Older", user=78, asker=77)).answer()
    assert answer.private
