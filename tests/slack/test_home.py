"""The Home tab shows what is posted when, the latest digest and how the feeds fare."""

from __future__ import annotations

import asyncio

import pytest
import structlog.testing

from bot.messages.message import Choice, Message, Paragraph, Sources, plain
from bot.platforms.sentences import AWAY, BROKEN
from news.errors import NotFound, StoreAway
from tests.discord.conftest import FakeDesk
from tests.slack.bots import connect, words
from tests.slack.fake import DESK, NEWS, OTHER, READER, TEAM
from tests.slack.posting import Time


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


# what is published at one time


async def looked_up(desk, parts):
    """Returns once the desk has answered so often."""
    async with asyncio.timeout(10):
        while len(desk.ended) < parts:  # noqa: ASYNC110 - the others only need a turn of the loop
            await asyncio.sleep(0)


async def gated(desk, slack):
    """A desk whose next answer waits, and a tab that is being looked up there."""
    desk.gate, desk.message = asyncio.Event(), Message(plain("Older"))
    desk.begun.clear()
    refreshed = await slack.press(slack.homes[READER][-1], "Refresh")
    await desk.begun.wait()
    return refreshed


@pytest.mark.usefixtures("messenger")
async def test_what_was_looked_up_earlier_never_replaces_what_was_later(slack, desk):
    await slack.open_home(READER)
    held = slack.knobs.hold(method="views.publish")
    desk.message = Message(plain("Older"))
    await slack.press(slack.homes[READER][-1], "Refresh")
    await slack.called("views.publish", 2)
    desk.message = Message(plain("Newer"))
    await slack.press(slack.homes[READER][-1], "Refresh")
    await looked_up(desk, 9)
    held.set()
    await slack.called("views.publish", 3)
    await slack.until(lambda: len(slack.homes[READER]) == 3)
    assert "Newer" in words(slack.homes[READER][-1]["blocks"])


@pytest.mark.usefixtures("messenger")
async def test_one_that_is_overtaken_while_it_is_looked_up_is_left_out(slack, desk):
    await slack.open_home(READER)
    await gated(desk, slack)
    slow, desk.gate, desk.message = desk.gate, None, Message(plain("Newer"))
    await slack.press(slack.homes[READER][-1], "Refresh")
    await slack.until(lambda: len(slack.homes[READER]) == 2)
    desk.message = Message(plain("Older"))
    slow.set()
    await looked_up(desk, 9)
    desk.message = Message(plain("Newest"))
    await slack.press(slack.homes[READER][-1], "Refresh")
    await slack.until(lambda: len(slack.homes[READER]) == 3)
    assert ["Older" in words(home["blocks"]) for home in slack.homes[READER]] == [False] * 3


async def test_what_another_process_published_meanwhile_is_looked_up_anew(slack, desk):
    other = FakeDesk()
    async with connect(slack, other):
        await slack.open_home(READER)
        async with connect(slack, desk):  # what comes now comes here
            await gated(desk, slack)
            home, slow = slack.homes[READER][-1], desk.gate
            slack.homes[READER].append(home | {"hash": "of another process"})
            desk.gate, desk.message = None, Message(plain("Newest"))
            slow.set()
            await slack.until(lambda: len(slack.homes[READER]) == 3)
    assert "Newest" in words(slack.homes[READER][-1]["blocks"])
    told = [call.get("hash") for call in slack.asked("views.publish")]
    assert told == [None, home["hash"], None]
    assert len(desk.asked) == 6


async def test_who_waits_while_it_is_looked_up_anew_never_replaces_that(slack, desk):
    async with connect(slack, desk):
        home = await slack.open_home(READER)
        slack.homes[READER].append(home | {"hash": "of another process"})
        desk.message = Message(plain("Older"))
        held = slack.knobs.hold(method="views.publish")
        await slack.press(home, "Refresh")
        await slack.called("views.publish", 2)
        await slack.press(home, "Refresh")
        await looked_up(desk, 9)  # the second waits until the first is published
        desk.message = Message(plain("Newest"))
        held.set()
        await slack.until(lambda: len(slack.homes[READER]) == 3)
    assert "Newest" in words(slack.homes[READER][-1]["blocks"])
    assert len(slack.asked("views.publish")) == 3


async def test_a_tab_that_comes_too_often_waits_its_turn(slack, desk):
    clock = Time()
    async with connect(slack, desk, pacer=clock.pacer):
        slack.knobs.limit(method="views.publish", retry_after=30)
        assert await slack.open_home(READER)
    assert (len(slack.asked("views.publish")), clock.gone) == (2, 30)
