"""What a real store suggests while somebody types."""

from __future__ import annotations

import pytest

from bot.desk import FrontDesk
from bot.ports import Kind, Suggestion
from news.channels import Platform

HERALD = "https://reader:secret@herald.example/feed"


@pytest.fixture
async def desk(store, reader, understanding, clock):
    desk = FrontDesk(store, reader, understanding, clock)
    guild = await desk.workspace(Platform.DISCORD, "42")
    other = await desk.workspace(Platform.DISCORD, "43")
    async with store.write() as uow:
        await uow.feeds.follow(guild.id, HERALD, outlet="Daily Hérald")
        await uow.feeds.follow(guild.id, "https://ledger.example/feed", outlet="The Ledger of Herald Street")
        await uow.feeds.follow(guild.id, "https://nameless.example/feed")
        await uow.feeds.follow(other.id, "https://secret.example/feed", outlet="Herald of Others")
        await uow.commit()
    return desk


@pytest.mark.parametrize(
    ("kind", "typed", "values"),
    [
        (Kind.OUTLET, "", ["Daily Hérald", "The Ledger of Herald Street"]),
        (Kind.OUTLET, "HERALD", ["Daily Hérald", "The Ledger of Herald Street"]),
        (Kind.OUTLET, " the  led", ["The Ledger of Herald Street"]),
        (Kind.OUTLET, "%", []),
        (Kind.OUTLET, "x" * 100_000, []),
        (Kind.FEED, "ledger", ["https://ledger.example/feed"]),
        (Kind.FEED, "herald.ex", ["https://herald.example/feed"]),
        (Kind.FEED, "secret", []),
        (Kind.FEED, "nameless", ["https://nameless.example/feed"]),
        (Kind.ACTOR, "Marlow", []),
    ],
)
async def test_what_the_workspace_has_is_suggested(desk, kind, typed, values):
    guild = await desk.known(Platform.DISCORD, "42")
    assert [one.value for one in await desk.suggest(guild, kind, typed)] == values


async def test_a_feed_is_shown_by_its_name_and_without_its_password(desk):
    guild = await desk.known(Platform.DISCORD, "42")
    assert await desk.suggest(guild, Kind.FEED, "daily") == (
        Suggestion("Daily Hérald", "https://herald.example/feed"),
    )


async def test_a_stranger_is_not_made_a_workspace(desk, store):
    assert await desk.known(Platform.DISCORD, "99") is None
    async with store.read() as uow:
        assert await uow.workspaces.find(Platform.DISCORD, "99") is None
