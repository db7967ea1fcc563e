"""What is heard is acknowledged at once, whatever becomes of it afterwards."""

from __future__ import annotations

import asyncio

import pytest
import structlog.testing
from slack_bolt.app.async_app import AsyncApp

from bot.messages.message import Choice, Message, plain
from bot.platforms.slack.answering import AT_ONCE
from bot.platforms.slack.listeners.acknowledged import until_acknowledged
from tests.slack.bots import connect
from tests.slack.fake import READER, SIGNING_SECRET


@pytest.fixture
async def messenger(slack, desk):
    async with connect(slack, desk) as messenger:
        yield messenger


@pytest.fixture
def bolt(client):
    """An app that awaits its listeners, as ours does."""
    return AsyncApp(client=client, signing_secret=SIGNING_SECRET, process_before_response=True)


@pytest.mark.usefixtures("messenger")
async def test_a_home_tab_is_acknowledged_before_it_is_filled(slack, desk):
    desk.gate = asyncio.Event()
    assert await slack.acknowledged(slack.happen("app_home_opened", user=READER, channel="D1", tab="home"))
    assert READER not in slack.homes
    desk.gate.set()
    await slack.until(lambda: READER in slack.homes)


@pytest.mark.usefixtures("messenger")
async def test_a_press_is_acknowledged_before_the_desk_answers(slack, desk):
    home = await slack.open_home()
    desk.message = Message(plain("Page 1"), choices=(Choice("Older", "whosaid Venn page 2"),))
    shown = await (await slack.command("/whosaid", "Venn")).answer()
    desk.gate = asyncio.Event()
    assert (await slack.press(shown, "Older")).ack
    assert (await slack.press(home, "Refresh")).ack
    assert len(slack.homes[READER]) == 1
    desk.gate.set()
    await slack.until(lambda: len(slack.homes[READER]) == 2)


@pytest.mark.usefixtures("messenger")
async def test_look_ups_wait_for_each_other_and_changes_for_none(slack, desk):
    desk.gate = asyncio.Event()
    asked = [await slack.command("/digest") for _ in range(AT_ONCE + 3)]
    change = await slack.command("/feeds", "remove 1")
    assert all(each.ack for each in (*asked, change))
    assert [command for *_, command, _ in desk.asked] == ["digest"] * AT_ONCE + ["feeds"]
    desk.gate.set()
    for each in (*asked, change):
        assert await each.answer()
    assert len(desk.asked) == len(asked) + 1


async def test_what_fails_behind_its_acknowledgement_is_logged(slack, bolt, listen):
    @bolt.command("/digest")
    @until_acknowledged
    async def hear(ack):
        await ack("heard")
        raise ValueError("behind")

    with structlog.testing.capture_logs() as logs:
        async with listen(bolt):
            asked = await slack.command("/digest")
    assert asked.ack.payload == {"text": "heard"}
    assert [(log["event"], str(log["exc_info"])) for log in logs] == [("slack listener failed", "behind")]


async def test_what_fails_before_its_acknowledgement_has_none(slack, bolt, listen):
    failure = asyncio.get_running_loop().create_future()

    @bolt.error
    async def failed(error):
        failure.set_result(str(error))

    @bolt.command("/digest")
    @until_acknowledged
    async def hear(ack):
        raise ValueError("before")

    async with listen(bolt):
        await slack.command("/digest", wait=False)
        assert await failure == "before"
    assert not slack.envelopes[-1].acks
