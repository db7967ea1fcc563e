"""Of several processes on one PostgreSQL one posts; when it is killed another goes on within seconds, and twice nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections import Counter
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import pytest

from bot.jobs.deliver import post_now
from bot.wiring import SystemClock
from news.channels import Channel, Platform
from storage.engine import open_store
from tests.backends import current_database
from tests.discord import fake as discords
from tests.end_to_end.processes import running

TAKEN_OVER = 5.0
"""Seconds, as promised."""
CHANNELS = 4


@pytest.fixture
async def url(tmp_path):
    async with current_database("postgresql", tmp_path) as url:
        yield url


@pytest.fixture
async def discord():
    async with discords.running() as fake:
        yield fake


def posts(fake) -> list[str]:
    """The keys of what was posted, as often as it was."""
    return [message["nonce"] for channel in fake.messages.values() for message in channel]


async def subscribe(store) -> list:
    async with store.write() as uow:
        workspace = await uow.workspaces.obtain(Platform.DISCORD, "42")
        made = [
            await uow.subscriptions.add(
                workspace.id,
                Channel(Platform.DISCORD, str(4000 + number)),
                cron="0 9 * * *",
                timezone="UTC",
                next_due=SystemClock().now() + timedelta(days=1),
            )
            for number in range(CHANNELS)
        ]
        await uow.commit()
    return made


async def post_all(store, fake, subscriptions) -> float:
    """Has a digest posted to each channel at once; the seconds until all are there."""
    begun, before = time.monotonic(), len(posts(fake))
    for subscription in subscriptions:
        await post_now(store, SystemClock(), subscription)
    while len(posts(fake)) < before + len(subscriptions):  # noqa: ASYNC110  # it is told by no event
        await asyncio.sleep(0.01)
    return time.monotonic() - begun


async def settled(store) -> None:
    """Returns once everything that was posted is noted as sent."""
    while True:
        async with store.read() as uow:
            if not await uow.deliveries.open([Platform.DISCORD]):
                return
        await asyncio.sleep(0.02)


@asynccontextmanager
async def one_behind(url, fake):
    """Two bots: the first one posts, the second one stands by."""
    async with running(url, "--role", "bot", **discords.settings_of(fake)) as first:
        await first.says("done by this process", "posting to discord")
        async with running(url, "--role", "bot", **discords.settings_of(fake)) as second:
            await second.says("running as bot")
            yield first, second


async def test_when_the_one_that_posts_is_killed_another_posts_within_seconds(url, discord):
    took = []
    async with asyncio.timeout(110), AsyncExitStack() as stack, open_store(url) as store:
        subscriptions = await subscribe(store)
        both = [
            await stack.enter_async_context(running(url, "--role", "bot", **discords.settings_of(discord)))
            for _ in range(2)
        ]
        for bot in both:
            await bot.says("running as bot; posts to discord")
        for _ in range(2):
            await post_all(store, discord, subscriptions)
            await settled(store)
            # Who posts was told; of who comes later the other one was it before.
            poster, other = both if both[0].said("done by this process", "posting to discord") else both[::-1]
            assert not other.said("done by this process", "posting to discord")
            killed = time.monotonic()
            await poster.kill()
            await post_all(store, discord, subscriptions)
            took.append(time.monotonic() - killed)
            assert other.said("done by this process", "posting to discord")
            both = [
                other,
                await stack.enter_async_context(
                    running(url, "--role", "bot", **discords.settings_of(discord))
                ),
            ]
            await both[1].says("running as bot")
            both[0].lines = [line for line in both[0].lines if "posting to" not in line] + [
                "done by this process posting to discord"
            ]
        await settled(store)
        async with store.read() as uow:
            assert await uow.deliveries.open([Platform.DISCORD]) == ()
    print("taken over within", [round(seconds, 2) for seconds in took], "seconds")
    assert max(took) < TAKEN_OVER
    assert len(posts(discord)) == 4 * CHANNELS
    assert set(Counter(posts(discord)).values()) == {1}


async def test_one_that_was_stopped_and_wakes_up_posts_nothing_that_another_posted(url, discord):
    async with asyncio.timeout(110), open_store(url) as store, one_behind(url, discord) as (first, second):
        subscriptions = await subscribe(store)
        os.kill(first.process.pid, signal.SIGSTOP)
        stopped = time.monotonic()
        await post_all(store, discord, subscriptions)
        assert time.monotonic() - stopped < TAKEN_OVER
        assert second.said("done by this process", "posting to discord")
        os.kill(first.process.pid, signal.SIGCONT)
        await first.says("done by another process", "posting to discord")
        await post_all(store, discord, subscriptions)
        await settled(store)
    assert len(posts(discord)) == 2 * CHANNELS
    assert set(Counter(posts(discord)).values()) == {1}


async def test_one_that_stops_leaves_its_place_at_once(url, discord):
    async with asyncio.timeout(110), open_store(url) as store, one_behind(url, discord) as (first, second):
        subscriptions = await subscribe(store)
        first.process.send_signal(signal.SIGTERM)
        await first.process.wait()
        gone = time.monotonic()
        await second.says("done by this process", "posting to discord")
        assert time.monotonic() - gone < 2
        await post_all(store, discord, subscriptions)
    assert set(Counter(posts(discord)).values()) == {1}
