"""`/schedule` in Discord: what is typed and chosen there reaches the desk, and what is offered while it is typed."""

from __future__ import annotations

import asyncio
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.desk import FrontDesk
from bot.grammar import parse
from bot.platforms.discord.client import connected
from bot.platforms.discord.cogs import suggesting
from news.channels import Channel, Form, Narrowing, Platform, Subscription, SubscriptionId, WorkspaceId
from news.errors import NotFound, StoreAway
from storage.engine import open_store
from tests.backends import current_file
from tests.builders import MORNING
from tests.discord.fake import APP, TOKEN, Asked
from tests.fakes import MemoryReader, SetClock

CHANNEL = Channel(Platform.DISCORD, "9")
EVERYTHING = (1 << 51) - 1
VIEW, SEND, EMBED, THREADS, IN_THREADS = 1 << 10, 1 << 11, 1 << 14, 1 << 35, 1 << 38
PRIVATE = {"list", "preview"}


async def interact(fake, command, options=None, *, typing=None, rights=EVERYTHING, kind=0, picked=0):
    """Somebody types a command of the group, or is still `typing` one of its options.

    A channel is given as an integer under the name `channel`, of the type `picked`; `kind` is that of channel 9,
    where it is typed, and `rights` are those of the bot in there.
    """
    asked = Asked(fake.new_id(), f"schedule-{fake.new_id()}")
    fake.asked[asked.token] = asked
    given = [{"name": name, **_option(name, value)} for name, value in (options or {}).items()]
    for option in given:
        option |= {"focused": True} if option["name"] == typing else {}
    channel = (options or {}).get("channel")
    thread = {"parent_id": "8", "owner_id": "77", "member_count": 1, "message_count": 1, "thread_metadata": {
        "archived": False, "auto_archive_duration": 60, "archive_timestamp": "2025-01-01T00:00:00+00:00"}}  # fmt: skip
    resolved = {
        "id": str(channel),
        "type": picked,
        "name": "elsewhere",
        "permissions": str(EVERYTHING),
        **thread,
    }
    user = {"id": "77", "username": "reader", "discriminator": "0", "avatar": None}
    await fake.dispatch(
        "INTERACTION_CREATE",
        {
            "id": str(asked.id), "type": 4 if typing else 2, "token": asked.token, "version": 1,
            "data": {
                "id": "1", "name": "schedule", "type": 1,
                "options": [{"name": command, "type": 1, "options": given}],
                **({"resolved": {"channels": {str(channel): resolved}}} if channel else {}),
            },
            "application_id": str(APP), "attachment_size_limit": 1000, "app_permissions": str(rights),
            "channel": {"id": "9", "type": kind, "name": "news", "position": 0, **(thread if kind else {})},
            "guild_id": "42", "guild": {"id": "42"},
            "member": {"user": user, "roles": [], "permissions": "32", "joined_at": None, "flags": 0},
        },
    )  # fmt: skip
    return asked


def _option(name, value):
    if name == "channel":
        return {"type": 7, "value": str(value)}
    return {"type": 4 if isinstance(value, int) else 3, "value": value}


async def offered(fake, command, options, typing):
    shown = await (await interact(fake, command, options, typing=typing)).answer()
    return [(choice["name"], choice["value"]) for choice in shown.payload["choices"]]


def a_subscription(number, title, **more):
    return Subscription(
        SubscriptionId(number), WorkspaceId(1), CHANNEL, "0 9 * * *", "Europe/Kyiv", MORNING, title, **more
    )


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize(
    ("command", "options", "line"),
    [
        ("list", {}, "schedule list"),
        ("add", {"times": " weekdays 09:00 "}, "schedule add weekdays 09:00 by 77"),
        (
            "add",
            {"times": "09:00", "channel": 123, "timezone": "Europe/Kyiv", "title": "Morning digest"},
            "schedule add 09:00 channel discord:123 timezone Europe/Kyiv title Morning digest by 77",
        ),
        (
            "add",
            {"times": "0 9 * * *", "about": "grain deal", "actor": "Venn", "outlet": "Herald", "length": 3, "form": "thread"},
            "schedule add 0 9 * * * about grain deal actor Venn outlet Herald length 3 form thread by 77",
        ),
        ("change", {"number": 2, "times": "18:00"}, "schedule change 2 18:00"),
        (
            "change",
            {"number": 2, "channel": 123, "about": "none", "length": 0, "form": "message"},
            "schedule change 2 channel discord:123 about none length none form message",
        ),
        ("pause", {"number": 1}, "schedule pause 1"),
        ("resume", {"number": 1}, "schedule resume 1"),
        ("remove", {"number": 1}, "schedule remove 1"),
        ("preview", {"number": 1}, "schedule preview 1"),
        ("now", {"number": 1}, "schedule now 1"),
        ("timezone", {}, "schedule timezone"),
        ("timezone", {"name": "kyiv"}, "schedule timezone kyiv"),
    ],
)  # fmt: skip
async def test_the_command_asks_what_the_typed_line_asks(fake, desk, command, options, line):
    answer = await (await interact(fake, command, options)).answer()
    typed, _, by = line.partition(" by ")
    parsed = parse(typed)
    wanted = parsed.options | ({"by": by} if by else {})
    assert desk.asked == [("42", CHANNEL, "schedule", wanted)]
    assert answer.private == (command in PRIVATE)
    assert answer.embeds[0]["title"] == "Two statements"


@pytest.mark.usefixtures("messenger")
async def test_the_group_is_for_those_who_manage_the_server_and_its_channels_are_those_that_can_be_posted_to(
    fake,
):
    (group,) = (command for command in fake.commands if command["name"] == "schedule")
    assert group["default_member_permissions"] == 1 << 5
    told = {each["name"]: [o["name"] for o in each["options"]] for each in group["options"]}
    settings = ["channel", "timezone", "title", "about", "actor", "outlet", "length", "form"]
    numbered = {name: ["number"] for name in ("pause", "resume", "remove", "preview", "now")}
    assert told == {
        "add": ["times", *settings],
        "change": ["number", "times", *settings],
        "list": [],
        "timezone": ["name"],
        **numbered,
    }
    options = {(c["name"], o["name"]): o for c in group["options"] for o in c["options"]}
    assert {name for name, option in options.items() if option["required"]} == {
        ("add", "times"), ("change", "number"), *((name, "number") for name in numbered)
    }  # fmt: skip
    for command in ("add", "change"):
        assert options[command, "channel"]["channel_types"] == [0, 5, 15, 11, 12, 10]
        assert [c["value"] for c in options[command, "form"]["choices"]] == ["message", "thread"]
        assert (options[command, "length"]["min_value"], options[command, "length"]["max_value"]) == (
            1 if command == "add" else 0,
            25,
        )
    described = [c["description"] for c in group["options"]] + [o["description"] for o in options.values()]
    assert max(map(len, described)) <= 100
    assert {name for name, option in options.items() if option.get("autocomplete")} == {
        *(("add", name) for name in ("timezone", "actor", "outlet")),
        *(("change", name) for name in ("timezone", "actor", "outlet")), ("timezone", "name"), ("change", "number"),
        *((name, "number") for name in numbered),
    }  # fmt: skip


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize(
    ("options", "rights", "kind", "missing"),
    [
        ({}, SEND | EMBED, 0, "View Channel"),
        ({}, VIEW, 0, "Send Messages, Embed Links"),
        ({}, VIEW | EMBED | SEND, 11, "Send Messages in Threads"),
        ({}, VIEW | EMBED | IN_THREADS, 11, None),
        ({"channel": 9}, VIEW | SEND, 0, "Embed Links"),
        ({"form": "thread"}, VIEW | SEND | EMBED, 0, "Create Public Threads"),
        ({"form": "thread"}, VIEW | SEND | EMBED | THREADS, 0, None),
        ({"form": "message"}, VIEW | SEND | EMBED, 0, None),
        ({}, 1 << 3, 0, None),  # an administrator may do everything
        ({}, 0, 0, None),  # Discord did not say
        ({"channel": 123}, VIEW, 0, None),  # of another channel it says only what the one who asks may do
    ],
)
async def test_a_right_that_the_bot_lacks_here_is_named_before_anything_is_stored(
    fake, desk, options, rights, kind, missing
):
    answer = await (
        await interact(fake, "add", {"times": "09:00"} | options, rights=rights, kind=kind)
    ).answer()
    if missing is None:
        assert len(desk.asked) == 1
        return
    told = f"I cannot post here: give me {missing} in this channel, and try again."
    assert (answer.private, answer.payload["content"], desk.asked) == (True, told, [])


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize("picked", [0, 5, 10, 11, 12, 15])
async def test_every_kind_of_channel_can_be_chosen(fake, desk, picked):
    await (await interact(fake, "add", {"times": "09:00", "channel": 123}, picked=picked)).answer()
    assert desk.asked[0][3]["channel"] == "discord:123"


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize(
    ("typed", "zones"),
    [
        ("kyiv", ["Europe/Kyiv"]),
        ("new Y", ["America/New_York"]),
        ("EUROPE/BERL", ["Europe/Berlin"]),
        ("xyzzy", []),
    ],
)
@pytest.mark.parametrize(("command", "option"), [("add", "timezone"), ("timezone", "name")])
async def test_time_zones_are_offered_by_any_part_of_their_name_with_their_clocks(
    fake, typed, zones, command, option
):
    found = await offered(fake, command, {option: typed}, option)
    assert [value for _, value in found] == zones
    for name, zone in found:
        named, clock = name.split(" · ")
        shown = datetime.strptime(clock, "%H:%M").replace(tzinfo=ZoneInfo(zone))
        now = datetime.now(ZoneInfo(zone))
        late = (now.hour * 60 + now.minute - shown.hour * 60 - shown.minute) % 1440
        assert named == zone
        assert late <= 1


@pytest.mark.usefixtures("messenger")
async def test_at_most_25_zones_are_offered_and_usual_ones_to_who_has_typed_nothing(fake):
    assert len(await offered(fake, "timezone", {"name": "a"}, "name")) == 25
    usual = [value for _, value in await offered(fake, "timezone", {"name": ""}, "name")]
    assert usual[:2] == ["UTC", "Europe/London"]


@pytest.mark.usefixtures("messenger")
async def test_schedules_are_offered_by_number_title_and_times(fake, desk):
    desk.scheduled = (
        a_subscription(1, "Morning digest"),
        a_subscription(2, "Evening", paused=True),
        a_subscription(3, "𝕏" * 200),
    )
    everything = [
        ("1 · Morning digest · every day at 09:00", 1),
        ("2 · Evening · paused", 2),
    ]
    found = await offered(fake, "pause", {"number": ""}, "number")
    assert found[:2] == everything
    assert len(found[2][0].encode("utf-16-le")) // 2 <= 100
    for typed, numbers in (("morn", [1]), ("2", [2]), ("PAUSED", [2]), ("xyzzy", [])):
        assert [n for _, n in await offered(fake, "change", {"number": typed}, "number")] == numbers
    desk.scheduled = tuple(a_subscription(number, f"Digest {number}") for number in range(1, 60))
    assert len(await offered(fake, "remove", {"number": ""}, "number")) == 25
    found = [number for _, number in await offered(fake, "remove", {"number": "9"}, "number")]
    assert found[:3] == [9, 1, 2]  # the others hold it in their times


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize("failure", [StoreAway("Cannot reach the database."), RuntimeError("bug")])
async def test_where_schedules_cannot_be_told_none_are_offered(fake, desk, failure):
    desk.failure = failure
    assert await offered(fake, "remove", {"number": ""}, "number") == []


@pytest.mark.usefixtures("messenger")
async def test_schedules_that_take_too_long_are_not_offered(fake, desk, monkeypatch):
    monkeypatch.setattr(suggesting, "PATIENCE", 0.01)
    desk.gate = asyncio.Event()
    assert await offered(fake, "remove", {"number": ""}, "number") == []


@pytest.mark.usefixtures("messenger")
async def test_a_schedule_that_is_not_there_is_told_privately(fake, desk):
    desk.failure = NotFound("There is no schedule 7: schedule list shows them.")
    answer = await (await interact(fake, "remove", {"number": 7})).answer()
    assert (answer.private, answer.payload["content"]) == (True, str(desk.failure))


@pytest.fixture
async def store(tmp_path):
    async with open_store(await current_file(tmp_path / "test.db")) as opened:
        yield opened


async def test_a_schedule_lives_its_life_in_discord(fake, store):
    """With the real desk: added, listed, changed, paused, resumed, previewed, posted and removed."""
    clock = SetClock()
    desk = FrontDesk(store, MemoryReader(), None, clock, timezone="Europe/Kyiv")
    async with connected(desk, TOKEN, api_url=fake.api_url, gateway_url=fake.gateway_url, pause=0.01):
        told = []

        async def does(command, **options):
            answer = await (await interact(fake, command, options)).answer()
            shown = " ".join(f"{e.get('title', '')} {e.get('description', '')}" for e in answer.embeds)
            told.append(answer.payload.get("content") or shown)
            return told[-1]

        added = await does("add", times="09:00", title="Morning *digest*", about="dam", form="thread")
        assert r"Morning \*digest\* about dam to <#9>, in a thread, first on <t:" in added
        assert r"Schedule 1, every day at 09\:00 Europe/Kyiv" in added
        await does("add", times="every 6 hours", channel=123)
        listed = await does("list")
        assert (
            r"**Morning \*digest\* about dam** to <#9>, in a thread · every day at 09\:00 Europe/Kyiv"
            in listed
        )
        assert "**Digest** to <#123> · every 6 hours Europe/Kyiv · next <t:" in listed
        assert await offered(fake, "pause", {"number": ""}, "number") == [
            ("1 · Morning *digest* · every day at 09:00", 1),
            ("2 · Digest · every 6 hours", 2),
        ]
        await does("change", number=1, times="weekdays 18:30", about="none", length=3)
        await does("pause", number=2)
        assert "paused" in await does("list")
        await does("resume", number=2)
        assert "What schedule 1 would post now to <#9>" in await does("preview", number=1)
        assert "Schedule 1 posts now" in await does("now", number=1)
        await does("remove", number=2)
        assert "There is no schedule 2" in await does("remove", number=2)
        async with store.read() as uow:
            workspace = await uow.workspaces.find(Platform.DISCORD, "42")
            (kept,) = await uow.subscriptions.of(workspace.id)
        assert (kept.cron, kept.timezone, kept.title) == (
            "30 18 * * mon-fri",
            "Europe/Kyiv",
            "Morning *digest*",
        )
        assert (kept.narrowing, kept.form, kept.made_by) == (Narrowing(length=3), Form.THREAD, "77")
        assert kept.next_due > clock.now()


async def test_nothing_is_made_for_a_guild_whose_members_only_type(fake, store):
    desk = FrontDesk(store, MemoryReader(), None, SetClock())
    async with connected(desk, TOKEN, api_url=fake.api_url, gateway_url=fake.gateway_url, pause=0.01):
        assert await offered(fake, "pause", {"number": ""}, "number") == []
    async with store.read() as uow:
        assert await uow.workspaces.find(Platform.DISCORD, "42") is None
