"""A form adds a schedule: what is wrong is told at its fields, and what became of it in its place."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from bot.desk import FrontDesk
from bot.grammar import parse
from bot.messages.commands import format_command
from bot.messages.message import Message, Paragraph, plain
from bot.platforms.sentences import AWAY, BROKEN, CLOSING
from bot.platforms.slack.failures import CUT_OFF
from bot.platforms.slack.listeners import schedules
from bot.ports import Suggestion
from news.channels import Channel, Form, Narrowing, Platform
from news.errors import DeliveryUnknown, InputError, StoreAway
from storage.engine import open_store
from tests.backends import current_file
from tests.fakes import MemoryReader, SetClock
from tests.slack.bots import connect, words
from tests.slack.fake import ATTIC, DESK, LOBBY, NEWS, OTHER, READER, TEAM, VAULT, Trouble
from tests.slack.fake import Channel as SlackChannel
from tests.slack.posting import Time


@pytest.fixture
async def messenger(slack, desk):
    async with connect(slack, desk) as messenger:
        yield messenger


@pytest.fixture
async def form(slack, messenger):
    """The form, opened in a channel."""
    return await (await slack.command("/schedule")).view()


async def test_a_command_alone_opens_the_form_for_its_channel(slack, desk, form):
    assert form["user"] == READER
    fields = {block["block_id"]: block for block in form["blocks"]}
    assert fields["channel"]["element"]["initial_conversation"] == NEWS
    assert fields["timezone"]["element"]["initial_option"]["value"] == "UTC"
    assert desk.asked == []


async def test_what_stands_there_from_the_beginning_is_a_schedule(slack, desk, form):
    ack = await slack.submit(form)
    assert desk.asked == [
        (
            TEAM,
            Channel(Platform.SLACK, NEWS),
            "schedule",
            {
                "action": "add", "times": "mon,tue,wed,thu,fri 09:00", "channel": f"slack:{NEWS}", "timezone": "UTC",
                "by": READER,
            },
        )
    ]  # fmt: skip
    assert ack.payload["response_action"] == "update"
    assert "Here they are." in words(slack.views[form["id"]]["blocks"])


async def test_everything_filled_in_reaches_the_desk_as_it_would_be_typed(slack, desk, form):
    desk.suggestions = (Suggestion("Orla Venn", "Orla Venn"),)
    assert await slack.suggest(form, "suggest:actor", "Or") == [("Orla Venn", "Orla Venn")]
    values = {
        "Channel": DESK, "Time": "18:30", "Days": ["Monday", "Sunday"], "Time zone": "Europe/Kyiv", "Title": " Evening ",
        "Topic": "grain <!channel>", "Speaker": "Orla Venn", "Outlet": "Daily Herald",
    }  # fmt: skip
    await slack.submit(form, values, user=OTHER)
    options = desk.asked[0][3]
    assert options == {
        "action": "add", "times": "mon,sun 18:30", "channel": f"slack:{DESK}", "timezone": "Europe/Kyiv",
        "title": "Evening", "about": "grain <!channel>", "actor": "Orla Venn", "outlet": "Daily Herald", "by": OTHER,
    }  # fmt: skip
    named = {name: value for name, value in options.items() if name not in ("action", "times", "by")}
    line = f"schedule add {options['times']} " + format_command("schedule", named).removeprefix("schedule ")
    assert parse(line).options == {name: value for name, value in options.items() if name != "by"}


@pytest.mark.parametrize(
    ("values", "field", "told"),
    [({"Time zone": "Mars/Base"}, "timezone", "Mars"), ({"Time": "25:00"}, "time", "25:00")],
)
async def test_what_is_wrong_is_told_at_its_field(slack, desk, form, values, field, told):
    ack = await slack.submit(form, values)
    assert ack.payload["response_action"] == "errors"
    assert list(ack.payload["errors"]) == [field]
    assert told in ack.payload["errors"][field]
    assert desk.asked == []
    assert form["id"] in slack.views


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (InputError("I cannot post there: invite me."), "I cannot post there: invite me."),
        (StoreAway("db.internal"), AWAY),
        (RuntimeError("secret"), BROKEN),
        (InputError("x" * 5000), "x" * 499 + "…"),
    ],
)
async def test_what_the_desk_refuses_is_told_in_the_form(slack, desk, form, failure, told):
    desk.failure = failure
    ack = await slack.submit(form)
    assert ack.payload == {"response_action": "errors", "errors": {"channel": told}}
    desk.failure = None
    assert (await slack.submit(form)).payload["response_action"] == "update"


@pytest.mark.parametrize("failure", [None, InputError("That is one too many.")])
async def test_a_slow_desk_answers_where_the_form_was(slack, desk, form, monkeypatch, failure):
    monkeypatch.setattr(schedules, "PROMPT", 0.01)
    desk.gate, desk.failure = asyncio.Event(), failure
    await slack.submit(form)
    assert "One moment" in words(slack.views[form["id"]]["blocks"])
    desk.gate.set()
    await slack.called("views.update")
    shown = words(slack.views[form["id"]]["blocks"])
    assert shown == ("*Two statements*\nHere they are." if failure is None else str(failure))


async def test_a_form_that_somebody_closed_meanwhile_harms_nothing(slack, desk, form, monkeypatch):
    monkeypatch.setattr(schedules, "PROMPT", 0.01)
    desk.gate = asyncio.Event()
    await slack.submit(form)
    await slack.close_view(slack.views[form["id"]])
    desk.gate.set()
    await slack.called("views.update")
    assert (await slack.command("/digest")).ack


@pytest.mark.parametrize(
    ("trouble", "asked"),
    [
        (Trouble("views.update", error="hash_conflict"), 2),
        (Trouble("views.update", error="ratelimited", status=429, retry_after=30), 2),
        (Trouble("views.update", error="not_found"), 1),
        (Trouble("views.update", error="expired_trigger_id"), 1),
        (Trouble("views.update", drop="before"), 1),
    ],
)
async def test_a_result_that_slack_does_not_show_is_shown_again_or_left(
    slack, desk, monkeypatch, trouble, asked
):
    monkeypatch.setattr(schedules, "PROMPT", 0.01)
    desk.gate = asyncio.Event()
    async with connect(slack, desk, pacer=Time().pacer):
        form = await (await slack.command("/schedule")).view()
        slack.knobs.troubles.append(trouble)
        await slack.submit(form)
        desk.gate.set()
        await slack.called("views.update", asked)
    shown = words(slack.views[form["id"]]["blocks"])
    assert ("Two statements" in shown) == (asked == 2)
    assert len(slack.asked("views.update")) == asked
    assert slack.asked("chat.postEphemeral") == []


async def test_hostile_words_have_no_effect_in_the_result(slack, desk, form):
    desk.message = Message(plain("<!channel>"), (Paragraph(plain("*b* <@U1>")),))
    await slack.submit(form)
    assert words(slack.views[form["id"]]["blocks"]) == "*&lt;!channel&gt;*\n∗b∗ &lt;@U1&gt;"


async def test_a_form_that_comes_twice_adds_one_schedule(slack, desk, form):
    slack.knobs.repeat_envelopes = 1
    await slack.submit(form)
    await slack.until(lambda: len(slack.envelopes[-1].acks) == 2)
    assert len(desk.asked) == 1


@pytest.mark.parametrize("failure", [None, InputError("I cannot post there: invite me.")])
async def test_a_form_that_comes_twice_is_acknowledged_alike(slack, desk, form, failure):
    slack.knobs.repeat_envelopes, desk.failure = 1, failure
    await slack.submit(form)
    first, second = await slack.until(lambda: len(acks := slack.envelopes[-1].acks) == 2 and acks)
    assert first.payload["response_action"] == ("errors" if failure else "update")
    assert second.payload == first.payload


@pytest.mark.usefixtures("messenger")
async def test_a_form_that_slack_does_not_open_is_said_so(slack):
    slack.knobs.refuse("expired_trigger_id", method="views.open")
    answer = await (await slack.command("/schedule")).answer()
    assert answer.private
    assert "`" not in words(answer.blocks)
    assert "/schedule add weekdays 09:00" in words(answer.blocks)


@pytest.mark.usefixtures("messenger")
async def test_a_direct_conversation_is_no_place_to_begin_with(slack):
    direct = slack.direct(next(iter(slack.installations.values())), READER)
    form = await (await slack.command("/schedule", channel=direct.id)).view()
    assert "initial_conversation" not in form["blocks"][0]["element"]


async def test_who_may_not_manage_gets_no_form(slack, desk):
    async with connect(slack, desk, managers={READER}):
        form = await (await slack.command("/schedule")).view()
        assert (await (await slack.command("/schedule", user=OTHER)).answer()).private
        ack = await slack.submit(form, user=OTHER)
        assert "Only those who manage" in ack.payload["errors"]["channel"]
    assert desk.asked == []


async def test_a_form_is_not_taken_while_the_bot_closes(slack, desk):
    async with connect(slack, desk, patience=5):
        form = await (await slack.command("/schedule")).view()
        desk.gate = asyncio.Event()
        await slack.command("/digest")
        await desk.begun.wait()

        async def late():
            ack = await slack.submit(form)
            desk.gate.set()
            return ack

        closing = asyncio.create_task(late())
    ack = await closing
    assert ack.payload["errors"] == {"channel": CLOSING}


async def test_a_form_that_is_not_done_in_time_is_said_so_where_it_was(slack, desk, monkeypatch):
    monkeypatch.setattr(schedules, "PROMPT", 0.01)
    async with connect(slack, desk, patience=0.01):
        form = await (await slack.command("/schedule")).view()
        desk.gate = asyncio.Event()
        await slack.submit(form)
        await desk.begun.wait()
    assert words(slack.views[form["id"]]["blocks"]) == CUT_OFF
    assert desk.ended == ["schedule"]


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"add 09:00 channel <#{LOBBY}|lobby>", f"Attaché cannot post to {LOBBY}: invite it there"),
        (f"add 09:00 channel <#{VAULT}|vault>", f"Attaché cannot post to {VAULT}: invite it there"),
        (f"change 1 channel <#{ATTIC}|attic>", f"Channel {ATTIC} is archived"),
        ("add 09:00 channel slack:C0ELSEWHERE", "Attaché cannot post to C0ELSEWHERE"),
        ("add 09:00 channel discord:123", "Name a channel of this workspace"),
        ("add 09:00 channel terminal", "Name a channel of this workspace"),
        ("add 09:00 channel #news", "Name a channel of this workspace"),
    ],
)
async def test_nothing_is_scheduled_where_nothing_could_be_posted(slack, desk, text, told):
    answer = await (await slack.command("/schedule", text)).answer()
    assert words(answer.blocks).startswith(told)
    assert desk.asked == []


@pytest.mark.usefixtures("messenger")
async def test_another_workspaces_channel_is_no_place(slack, desk):
    slack.channels["C0OTHERS001"] = SlackChannel("C0OTHERS001", "theirs", "T0OTHER")
    answer = await (await slack.command("/schedule", "add 09:00 channel slack:C0OTHERS001")).answer()
    assert "Attaché cannot post to C0OTHERS001" in words(answer.blocks)
    assert desk.asked == []


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize(
    ("channel", "told"), [(LOBBY, "Attaché cannot post to this channel: invite it there"), (NEWS, "")]
)
async def test_here_is_looked_at_too(slack, desk, channel, told):
    answer = await (await slack.command("/schedule", "add 09:00 channel here", channel=channel)).answer()
    assert words(answer.blocks).startswith(told)
    assert len(desk.asked) == (not told)


@pytest.mark.usefixtures("messenger")
async def test_our_direct_conversation_is_a_place_without_a_permission_to_look_it_up(slack, desk):
    ours = next(iter(slack.installations.values()))
    ours.scopes = tuple(scope for scope in ours.scopes if scope != "im:read")
    direct = slack.direct(ours, READER)
    await (await slack.command("/schedule", "add 09:00", channel=direct.id)).answer()
    [(_, place, _, _)] = desk.asked
    assert (place.external_id, slack.asked("conversations.info")) == (direct.id, [])


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("add 09:00", "Attaché is not in this conversation: ask in a channel"),
        ("add 09:00 channel slack:D0OTHERS002", "Name a channel of this workspace"),
        (f"add 09:00 channel <#{NEWS}|news>", ""),
    ],
)
async def test_a_conversation_between_others_is_no_place_and_commands_work_there(slack, desk, text, told):
    slack.channels["D0OTHERS001"] = SlackChannel("D0OTHERS001", "", user=OTHER, member=False)
    answer = await (await slack.command("/digest", channel="D0OTHERS001")).answer()
    assert not answer.private
    answer = await (await slack.command("/schedule", text, channel="D0OTHERS001")).answer()
    assert words(answer.blocks).startswith(told)
    assert len(desk.asked) == 1 + (not told)


GROUPS = pytest.mark.parametrize("group", ["C0GROUP0001", "G0GROUP0001"])


@pytest.mark.usefixtures("messenger")
@GROUPS
async def test_a_groups_messages_are_a_place(slack, desk, group):
    slack.channels[group] = SlackChannel(group, "mpdm", private=True, group=True)
    form = await (await slack.command("/schedule", channel=group)).view()
    element = form["blocks"][0]["element"]
    assert element["initial_conversation"] == group
    assert "mpim" in element["filter"]["include"]
    await slack.submit(form)
    await (await slack.command("/schedule", "add 09:00", channel=group)).answer()
    assert [options.get("channel") for _, _, _, options in desk.asked] == [f"slack:{group}", None]


@GROUPS
async def test_a_lost_post_is_found_in_a_groups_messages(slack, messenger, group):
    slack.channels[group] = SlackChannel(group, "mpdm", private=True, group=True)
    place, begun = Channel(Platform.SLACK, group), datetime.now(UTC)
    slack.knobs.drop("after", method="chat.postMessage")
    with pytest.raises(DeliveryUnknown):
        await messenger.send(place, Message(plain("A digest")), key="attache-1")
    assert await messenger.find(place, key="attache-1", after=begun) is not None


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize("channel", [LOBBY, VAULT, ATTIC])
async def test_where_nothing_can_be_posted_the_form_has_no_channel_chosen(slack, channel):
    form = await (await slack.command("/schedule", channel=channel)).view()
    assert "initial_conversation" not in form["blocks"][0]["element"]


@pytest.mark.usefixtures("messenger")
async def test_a_form_opens_though_slack_does_not_tell_of_the_channel(slack):
    held = slack.knobs.hold(method="conversations.info")
    form = await (await slack.command("/schedule")).view()
    held.set()
    assert "initial_conversation" not in form["blocks"][0]["element"]


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize(
    ("error", "told"),
    [("missing_scope", "Attaché may not look for channels"), ("internal_error", "Slack does not tell")],
)
async def test_what_slack_does_not_tell_is_no_leave_to_post(slack, desk, error, told):
    slack.knobs.refuse(error, method="conversations.info")
    answer = await (await slack.command("/schedule", "add 09:00")).answer()
    assert words(answer.blocks).startswith(told)
    assert desk.asked == []


async def test_a_form_tells_at_its_channel_that_we_must_be_invited(slack, desk, form):
    ack = await slack.submit(form, {"Channel": LOBBY})
    assert ack.payload["errors"]["channel"].startswith(f"Attaché cannot post to {LOBBY}")
    assert desk.asked == []


@pytest.fixture
async def store(tmp_path):
    async with open_store(await current_file(tmp_path / "test.db")) as opened:
        yield opened


async def test_a_schedule_lives_its_life_in_slack(slack, store):
    """With the real desk: added, listed, changed, paused, resumed, previewed, posted and removed."""
    desk = FrontDesk(store, MemoryReader(), None, SetClock(), timezone="Europe/Kyiv")
    async with connect(slack, desk):

        async def does(text):
            answer = await (await slack.command("/schedule", text)).answer()
            assert answer.private
            return words(answer.blocks)

        added = await does('add 09:00 title "Morning *digest*" about dam form thread')
        assert f"Morning ∗digest∗ about dam to <#{NEWS}>, in a thread, first on <!date^" in added
        assert "`/schedule preview 1`" in added
        assert "Morning" in await does("list")
        await does("change 1 weekdays 18:30 about none length 3")
        await does("pause 1")
        assert "paused" in await does("list")
        await does("resume 1")
        assert f"What schedule 1 would post now to <#{NEWS}>" in await does("preview 1")
        assert "Schedule 1 posts now" in await does("now 1")
        home = words((await slack.open_home(READER))["blocks"])
        assert "Morning ∗digest∗" in home
        assert "No feed is followed yet" in home
        async with store.read() as uow:
            workspace = await uow.workspaces.find(Platform.SLACK, TEAM)
            (kept,) = await uow.subscriptions.of(workspace.id)
        await does("remove 1")
        assert "There is no schedule 1" in await does("remove 1")
    assert (kept.cron, kept.timezone, kept.title) == ("30 18 * * mon-fri", "Europe/Kyiv", "Morning *digest*")
    assert kept.channel == Channel(Platform.SLACK, NEWS)
    assert (kept.narrowing, kept.form, kept.made_by) == (Narrowing(length=3), Form.THREAD, READER)


async def test_nothing_is_made_for_a_workspace_whose_people_only_look(slack, store):
    desk = FrontDesk(store, MemoryReader(), None, SetClock())
    async with connect(slack, desk):
        form = await (await slack.command("/schedule")).view()
        assert await slack.suggest(form, "suggest:actor", "x") == []
        await slack.open_home(READER)
    async with store.read() as uow:
        assert await uow.workspaces.find(Platform.SLACK, TEAM) is None
