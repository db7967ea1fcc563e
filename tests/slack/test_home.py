"""The Home tab shows what is posted when, the latest digest and how the feeds fare."""

from __future__ import annotations

import asyncio

import pytest
import structlog.testing

from bot.messages.message import Choice, Message, Paragraph, Sources, plain
from bot.platforms.sentences import AWAY, BROKEN
from news.errors import NotFound, StoreAway
from tests.slack.bots import connect, words
from tests.slack.fake import DESK, NEWS, OTHER, READER, TEAM


@pytest.fixture
async def messenger(slack, desk):
    async with connect(slack, desk) as messenger:
        yield messenger


@pytest.mark.usefixtures("messenger")
async def test_it_shows_schedules_the_latest_digest_and_feeds(slack, desk):
    home = await slack.open_home(READER)
    assert sorted((command, tuple(options.items())) for _, _, command, options in desk.asked) == [
        ("digest", ()),
        ("feeds", (("action", "list"),)),
        ("schedule", (("action", "list"),)),
    ]
    assert {team for team, *_ in desk.asked} == {TEAM}
    assert words(home["blocks"]).count("Here they are.") == 3
    labels = [each["text"]["text"] for each in home["blocks"][0]["elements"]]
    assert labels == ["Add a schedule", "Refresh"]


@pytest.mark.usefixtures("messenger")
async def test_refreshing_shows_it_anew(slack, desk):
    home = await slack.open_home(READER)
    desk.message = Message(plain("Nothing new"))
    await slack.press(home, "Refresh")
    await slack.until(lambda: len(slack.homes[READER]) == 2)
    assert "Nothing new" in words(slack.homes[READER][-1]["blocks"])


@pytest.mark.usefixtures("messenger")
async def test_its_button_opens_the_form(slack):
    home = await slack.open_home(READER)
    assert (await (await slack.press(home, "Add a schedule")).view())["callback_id"] == "schedule"


@pytest.mark.usefixtures("messenger")
async def test_other_tabs_are_left_alone(slack, desk):
    await slack.acknowledged(slack.happen("app_home_opened", user=READER, channel="D1", tab="messages"))
    await slack.open_home(OTHER)
    assert READER not in slack.homes
    assert len(desk.asked) == 3


@pytest.mark.usefixtures("messenger")
async def test_a_workspace_that_is_not_there_yet_is_told_how_to_begin(slack, desk):
    desk.strangers = {TEAM}
    home = await slack.open_home(READER)
    assert "`/feeds add https://…`" in words(home["blocks"])
    assert desk.asked == []


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize(
    ("failure", "told"),
    [(NotFound("<!here> *x*"), "&lt;!here&gt; ∗x∗"), (StoreAway("db.internal"), AWAY), (RuntimeError("x"), BROKEN)],
)  # fmt: skip
async def test_what_goes_wrong_is_told_in_its_place(slack, desk, failure, told):
    desk.failure = failure
    assert words((await slack.open_home(READER))["blocks"]).split("\n") == [told] * 3


@pytest.mark.usefixtures("messenger")
async def test_long_answers_are_shown_as_far_as_slack_takes_them(slack, desk):
    blocks = tuple(
        block
        for n in range(60)
        for block in (Paragraph(plain(f"Words {n}")), Sources((plain(f"[1] Source {n}"),)))
    )
    desk.message = Message(plain("Long"), blocks, choices=(Choice("Older", "whosaid x page 2"),))
    home = await slack.open_home(READER)
    assert 50 < len(home["blocks"]) <= 100
    assert "… and more: `/feeds list`" in words(home["blocks"])
    assert "Older" not in str(home["blocks"])


@pytest.mark.usefixtures("messenger")
async def test_an_event_that_comes_twice_is_handled_once(slack, desk):
    slack.knobs.repeat_envelopes = 1
    await slack.open_home(READER)
    await slack.until(lambda: len(slack.envelopes[-1].acks) == 2)
    await slack.open_home(OTHER)
    assert (len(slack.homes[READER]), len(desk.asked)) == (1, 6)


@pytest.mark.usefixtures("messenger")
async def test_it_is_acknowledged_before_the_desk_answers(slack, desk):
    desk.gate = asyncio.Event()
    opening = asyncio.create_task(slack.open_home(READER))
    await desk.begun.wait()
    assert await slack.acknowledged(slack.envelopes[-1])
    desk.gate.set()
    assert await opening


@pytest.mark.usefixtures("messenger")
async def test_a_tab_that_slack_does_not_take_harms_nothing(slack):
    slack.knobs.refuse("internal_error", method="views.publish")
    slack.happen("app_home_opened", user=READER, channel="D1", tab="home")
    await slack.called("views.publish")
    assert await slack.open_home(OTHER)


async def test_who_may_not_manage_has_no_button(slack, desk):
    async with connect(slack, desk, managers={READER}):
        home = await slack.open_home(OTHER)
    assert "Add a schedule" not in str(home)


@pytest.mark.usefixtures("messenger")
async def test_what_happens_to_channels_and_to_the_app_is_logged_and_changes_nothing(slack, desk):
    with structlog.testing.capture_logs() as logs:
        await slack.archive(NEWS)
        await slack.remove_bot(DESK)
        await slack.remove_bot(NEWS)
        await slack.acknowledged(slack.happen("channel_deleted", channel=NEWS))
        await slack.uninstall()
    told = [(each["event"], each.get("channel"), each["team"]) for each in logs]
    assert sorted(told[:4]) == [
        ("slack bot removed from a channel", NEWS, TEAM),
        ("slack bot removed from a channel", DESK, TEAM),
        ("slack channel archived", NEWS, TEAM),
        ("slack channel deleted", NEWS, TEAM),
    ]
    assert {each[0].partition(":")[0] for each in told[4:]} == {
        "slack app uninstalled",
        "slack tokens revoked",
    }
    assert desk.asked == []
