"""`schedule` at the desk, on a real store: what becomes of a digest that is posted by itself, and what is said of it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.answers.schedules import MOST
from bot.desk import FrontDesk
from bot.grammar import parse
from bot.messages.message import Form as Shown
from bot.messages.message import Moment, Note, Place, Sources
from bot.messages.subscriptions import (
    subscription_changed_message,
    subscription_paused_message,
    subscriptions_message,
)
from news.channels import Channel, Form, Narrowing, Platform, Subscription, SubscriptionId, WorkspaceId
from news.errors import AlreadyThere, GrammarError, InputError, NotFound
from tests.bot.samples import told
from tests.builders import MORNING

TERMINAL = Channel(Platform.TERMINAL, "local")
DISCORD = Channel(Platform.DISCORD, "42")


@pytest.fixture
def desk(store, reader, understanding, clock):
    return FrontDesk(store, reader, understanding, clock)


@pytest.fixture
def says(desk, workspace):
    """Types a line in the workspace's terminal; the answer's title."""

    async def says(line):
        parsed = parse(line)
        return await desk.answer(workspace, TERMINAL, parsed.command, parsed.options)

    return says


async def kept(store, workspace):
    async with store.read() as uow:
        return await uow.subscriptions.of(workspace.id)


async def test_what_is_added_is_kept_as_it_was_said(says, store, workspace, clock):
    message = await says(
        "schedule add weekdays 18:30 timezone Asia/Tokyo title Evening channel discord:42 form thread "
        'about "grain deal" actor Venn outlet Herald length 5'
    )
    (made,) = await kept(store, workspace)
    assert made == Subscription(
        made.id, workspace.id, DISCORD, "30 18 * * mon-fri", "Asia/Tokyo", made.next_due, "Evening",
        Narrowing('"grain deal"', "Venn", "Herald", 5), form=Form.THREAD,
    )  # fmt: skip
    assert clock.now() < made.next_due <= clock.now() + timedelta(days=3)
    assert told(message.title) == (
        'Evening about "grain deal" by Venn in Herald, 5 at most to discord:42, in a thread, first on <full>'
    )
    assert Moment(made.next_due, Shown.FULL) in message.title
    assert message.timezone == "Asia/Tokyo"


async def test_a_digest_is_scheduled_here_and_on_the_workspaces_clocks_by_default(says, store, workspace):
    await says("schedule add 09:00")
    (made,) = await kept(store, workspace)
    assert (made.channel, made.timezone, made.title) == (TERMINAL, "Europe/Kyiv", "Digest")


async def test_who_says_no_time_zone_where_none_is_set_hears_how_to(desk, store, workspace):
    async def notes_of(line):
        parsed = parse(line)
        server = await desk.workspace(Platform.DISCORD, "1")
        message = await desk.answer(server, DISCORD, parsed.command, parsed.options)
        return [told(block.line) for block in message.blocks[1:]]

    assert await notes_of("schedule add 09:00") == [
        (
            "schedule change 1 timezone Europe/Kyiv puts it on other clocks than those of UTC; "
            "schedule timezone Europe/Kyiv what is added from then on."
        )
    ]
    for line in ("schedule add 10:00 timezone UTC", "schedule add 11:00 timezone Europe/Kyiv"):
        assert await notes_of(line) == []


async def test_the_same_schedule_said_otherwise_is_there_already(says):
    await says("schedule add weekdays 09:00")
    with pytest.raises(AlreadyThere):
        await says("schedule add 0 9 * * 1-5")


async def test_there_is_an_end_to_schedules(says, store, workspace):
    async with store.write() as uow:
        for number in range(MOST):
            await uow.subscriptions.add(
                workspace.id,
                TERMINAL,
                cron=f"{number % 60} {number // 60} * * *",
                timezone="UTC",
                next_due=MORNING,
            )
        await uow.commit()
    with pytest.raises(InputError, match="100 schedules already"):
        await says("schedule add weekdays 09:00")


async def test_a_change_keeps_what_was_told_and_sets_the_next_time_anew(says, store, workspace, clock):
    await says("schedule add 09:00 title Morning about dam")
    (made,) = await kept(store, workspace)
    async with store.write() as uow:
        await uow.subscriptions.cover([made.id], MORNING)
        await uow.subscriptions.postpone(made.id, made.next_due)
        await uow.commit()
    await says("schedule change 1 title Evening about none length 3")
    (changed,) = await kept(store, workspace)
    assert changed == replace(made, title="Evening", narrowing=Narrowing(length=3), last_covered=MORNING)
    await says("schedule change 1 every 6 hours timezone UTC")
    (changed,) = await kept(store, workspace)
    assert (changed.cron, changed.last_covered) == ("0 0,6,12,18 * * *", MORNING)
    assert clock.now() < changed.next_due <= clock.now() + timedelta(hours=6)
    with pytest.raises(GrammarError, match="Say what to change"):
        await says("schedule change 1")


class Meanwhile:
    """The store, in which somebody else does something right before anything is written."""

    def __init__(self, store, done):
        self._store, self._done = store, done

    def read(self):
        return self._store.read()

    @asynccontextmanager
    async def write(self):
        await self._done()
        async with self._store.write() as uow:
            yield uow


async def test_a_slot_that_is_taken_during_a_change_does_not_come_back(
    says, store, workspace, reader, understanding, clock
):
    await says("schedule add 09:00")
    (made,) = await kept(store, workspace)
    following = made.next_due + timedelta(days=1)

    async def take():
        async with store.write() as uow:
            await uow.subscriptions.cover([made.id], MORNING)
            await uow.subscriptions.postpone(made.id, following)
            await uow.commit()

    busy = FrontDesk(Meanwhile(store, take), reader, understanding, clock)
    await busy.answer(
        workspace, TERMINAL, "schedule", {"action": "change", "number": "1", "title": "Evening"}
    )
    (changed,) = await kept(store, workspace)
    assert (changed.title, changed.next_due) == ("Evening", following)


async def test_a_paused_schedule_is_resumed_from_now_on(says, store, workspace, clock):
    await says("schedule add 09:00")
    assert told((await says("schedule pause 1")).title) == "Schedule 1, Digest, is paused"
    assert [one.paused for one in await kept(store, workspace)] == [True]
    clock.forward(days=30)
    assert told((await says("schedule resume 1")).title) == "Schedule 1, Digest, goes on"
    (resumed,) = await kept(store, workspace)
    assert not resumed.paused
    assert clock.now() < resumed.next_due <= clock.now() + timedelta(days=1)


async def test_numbers_are_those_of_the_list(says, store, workspace):
    for hour in ("08", "09", "10"):
        await says(f"schedule add {hour}:00 title At{hour}")
    assert told((await says("schedule remove 2")).title) == "Schedule 2 removed: At09, every day at 09:00"
    await says("schedule pause 2")
    assert [(one.title, one.paused) for one in await kept(store, workspace)] == [
        ("At08", False),
        ("At10", True),
    ]
    for action in ("pause", "resume", "remove", "preview", "now"):
        with pytest.raises(NotFound, match="There is no schedule 3"):
            await says(f"schedule {action} 3")
    with pytest.raises(NotFound, match="There is no schedule 3"):
        await says("schedule change 3 title x")


async def test_a_preview_keeps_nothing(says, store, workspace):
    await says("schedule add 09:00 title Morning channel discord:42")
    before = await kept(store, workspace)
    message = await says("schedule preview 1")
    assert told(message.title).startswith("Morning · ")
    assert isinstance(message.blocks[0], Note)
    assert told(message.blocks[0].line) == (
        "What schedule 1 would post now to discord:42. Nothing was posted: schedule now 1 does that."
    )
    assert await kept(store, workspace) == before
    async with store.read() as uow:
        assert await uow.deliveries.open(tuple(Platform)) == ()


async def test_what_is_posted_now_leaves_the_next_time_as_it_is(says, store, workspace):
    await says("schedule add 09:00 channel discord:42")
    (made,) = await kept(store, workspace)
    message = await says("schedule now 1")
    assert told(message.title) == "Schedule 1 posts now"
    assert [one.next_due for one in await kept(store, workspace)] == [made.next_due]


async def test_the_time_zone_is_told_and_set_and_schedules_keep_theirs(says, desk, store, workspace):
    await says("schedule add 09:00")
    assert told((await says("schedule timezone")).title) == "Times are those of Europe/Kyiv"
    message = await says("schedule timezone tokyo")
    assert told(message.title) == "Times are those of Asia/Tokyo from now on"
    assert told(message.blocks[0].line) == "It is 21:00 there."
    assert told(message.blocks[-1].line).startswith("1 schedule keeps its own time zone")
    assert (await desk.workspace(Platform.TERMINAL, "local")).timezone == "Asia/Tokyo"
    assert [one.timezone for one in await kept(store, workspace)] == ["Europe/Kyiv"]
    with pytest.raises(InputError, match="did you mean Europe/Kyiv"):
        await says("schedule timezone Europe/Kiyv")


async def test_the_surfaces_can_ask_for_the_schedules_without_making_a_workspace(
    says, desk, store, workspace
):
    await says("schedule add 09:00")
    assert await desk.schedules(Platform.TERMINAL, "local") == await kept(store, workspace)
    assert await desk.schedules(Platform.DISCORD, "1") == ()
    async with store.read() as uow:
        assert await uow.workspaces.find(Platform.DISCORD, "1") is None


def a_subscription(**more):
    given = {"cron": "0 9 * * *", "timezone": "Europe/Kyiv", "next_due": MORNING} | more
    return Subscription(SubscriptionId(1), WorkspaceId(1), DISCORD, **given)


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ({}, "Digest to discord:42 · every day at 09:00 Europe/Kyiv · next <full>"),
        ({"form": Form.THREAD}, "Digest to discord:42, in a thread · every day at 09:00 Europe/Kyiv · next <full>"),
        ({"paused": True}, "Digest to discord:42 · every day at 09:00 Europe/Kyiv · paused"),
        (
            {"paused": True, "trouble": "The channel is gone."},
            "Digest to discord:42 · every day at 09:00 Europe/Kyiv · stopped by itself: The channel is gone.",
        ),
        (
            {"cron": "0 9 29 2 *", "title": "Leap", "narrowing": Narrowing("dam", length=1)},
            "Leap about dam, 1 at most to discord:42 · 0 9 29 2 * Europe/Kyiv · next <full>",
        ),
    ],
)  # fmt: skip
def test_the_list_says_what_where_when_and_why_not(more, line):
    one = a_subscription(**more)
    message = subscriptions_message([one, a_subscription()], "Europe/Kyiv")
    assert told(message.title) == f"2 scheduled digests{', 1 paused' if one.paused else ''}"
    (listed,) = message.blocks
    assert isinstance(listed, Sources)
    assert told(listed.items[0]) == f"1  {line}"
    assert Place(DISCORD) in listed.items[0]
    assert told(listed.items[1]).startswith("2  Digest to")
    (changed, *_) = subscription_changed_message(1, one, "Europe/Kyiv").blocks
    assert told(changed.items[0]) == line


@pytest.mark.parametrize(("zone", "named"), [("Europe/Kyiv", None), ("UTC", "Europe/Kyiv")])
def test_the_next_time_names_its_zone_where_it_is_not_the_workspaces(zone, named):
    (listed,) = subscriptions_message([a_subscription()], zone).blocks
    assert Moment(MORNING, Shown.FULL, timezone=named) in listed.items[0]


def test_a_change_of_what_is_paused_says_that_it_is():
    notes = [block for block in subscription_changed_message(3, a_subscription(paused=True), "UTC").blocks
             if isinstance(block, Note)]  # fmt: skip
    assert [told(note.line) for note in notes] == ["It is paused: schedule resume 3 starts it again."]
    (note,) = subscription_paused_message(3, a_subscription(), "UTC").blocks
    assert "schedule resume 3" in told(note.line)
