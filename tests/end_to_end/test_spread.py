"""Shards of Discord and sockets of Slack, each in a process of its own on one PostgreSQL: answered once, posted everywhere."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

from bot.jobs.deliver import post_now
from bot.wiring import SystemClock
from news.channels import Channel, Platform
from storage.engine import open_store
from tests.backends import current_database
from tests.discord import fake as discords
from tests.end_to_end.processes import running
from tests.end_to_end.test_taking_over import posts
from tests.slack import fake as slacks
from tests.slack.test_several_processes import everywhere

FAR = 1 << 22
"""A guild of the second shard of two; 42 is of the first."""


@pytest.fixture
async def url(tmp_path):
    async with current_database("postgresql", tmp_path) as url:
        yield url


async def subscribe(store, platform, places) -> list:
    made = []
    async with store.write() as uow:
        for external, channel in places.items():
            workspace = await uow.workspaces.obtain(platform, external)
            made.append(
                await uow.subscriptions.add(
                    workspace.id,
                    Channel(platform, channel),
                    cron="0 9 * * *",
                    timezone="UTC",
                    next_due=SystemClock().now() + timedelta(days=1),
                )
            )
        await uow.commit()
    return made


async def until(holds) -> None:
    while not holds():  # noqa: ASYNC110  # the fakes tell of it by no event
        await asyncio.sleep(0.02)


async def test_two_shards_in_two_processes_answer_their_own_and_one_posts_for_both(url):
    async with asyncio.timeout(110), discords.running() as fake, AsyncExitStack() as stack:
        fake.knobs.shards = 2
        for shard in range(2):
            bot = await stack.enter_async_context(
                running(
                    *(url, "--role", "bot"),
                    **discords.settings_of(fake),
                    ATTACHE_DISCORD_SHARDS="2",
                    ATTACHE_DISCORD_SHARD_IDS=str(shard),
                )
            )
            await bot.says("running as bot; posts to discord")
        await until(lambda: len(fake.identities) == 2)
        assert sorted(tuple(one["shard"]) for one in fake.identities) == [(0, 2), (1, 2)]
        asked = [await fake.ask("help", guild=guild) for guild in (42, FAR)]
        for one in asked:
            async with asyncio.timeout(60):
                await one.answered.wait()
        store = await stack.enter_async_context(open_store(url))
        for subscription in await subscribe(store, Platform.DISCORD, {"42": "4242", str(FAR): "4343"}):
            await post_now(store, SystemClock(), subscription)
        await until(lambda: len(posts(fake)) == 2)
        assert [len(one.answers) for one in asked] == [1, 1]
        assert [one.callbacks for one in asked] == [1, 1]
    assert {channel: len(found) for channel, found in fake.messages.items()} == {4242: 1, 4343: 1}
    assert set(Counter(posts(fake)).values()) == {1}


async def test_two_sockets_in_two_processes_answer_each_command_once_and_post_once(url):
    async with asyncio.timeout(110), slacks.running() as slack, AsyncExitStack() as stack:
        tokens = {
            "ATTACHE_SLACK_BOT_TOKEN": slacks.TOKEN,
            "ATTACHE_SLACK_APP_TOKEN": slacks.APP_TOKEN,
            "ATTACHE_SLACK_API_URL": slack.api_url,
        }
        bots = [await stack.enter_async_context(running(url, "--role", "bot", **tokens)) for _ in range(2)]
        for bot in bots:
            await bot.says("running as bot; posts to slack")
        await slack.until(lambda: len(slack.listening) == 2, within=60)
        every = []
        for _ in range(3):
            every.append(await slack.command("/attache", "help whosaid"))
            await everywhere(slack)  # as Slack does where it is not sure that somebody heard
            await slack.until(lambda: every[-1].answers, within=60)
        store = await stack.enter_async_context(open_store(url))
        (subscription,) = await subscribe(store, Platform.SLACK, {slacks.TEAM: slacks.NEWS})
        await post_now(store, SystemClock(), subscription)
        await slack.until(lambda: slack.channel().messages, within=60)
    told = "".join(line for bot in bots for line in bot.lines)
    assert told.count("slack sent something again") == 3
    assert [sum("whosaid" in str(one.payload) for one in asked.answers) for asked in every] == [1, 1, 1]
    assert len(slack.channel().messages) == 1
