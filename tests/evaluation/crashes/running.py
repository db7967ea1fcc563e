"""A campaign from its beginning to its end: a store that is set up, what is outside, and a bot that is killed."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime

from bot.jobs.slots import next_slot
from news.channels import Channel, Narrowing, Platform
from storage.engine import open_store
from tests.evaluation.crashes.campaign import Campaign, Found, Plan
from tests.evaluation.crashes.clock import FastClock
from tests.evaluation.crashes.databases import Database, OnServer
from tests.evaluation.crashes.life import Births
from tests.evaluation.crashes.outside import Press, outside
from tests.evaluation.crashes.seen import Eye
from tests.evaluation.crashes.server import server

GUILD, SPEED, LONGEST = "42", 60.0, 25
SUBSCRIPTIONS = (
    ("101", "* * * * *", Narrowing(length=LONGEST)),
    ("102", "* * * * *", Narrowing(length=LONGEST)),
    ("103", "*/5 * * * *", Narrowing(length=LONGEST)),
    ("104", "*/2 * * * *", Narrowing(outlet="Outlet 3")),
)
"""Channel, cron line and what is wanted."""


async def kill_bots(plan: Plan, database: Database, born: Births) -> Found:
    """Kills of the bot alone."""
    async with _campaign(plan, database, born) as campaign:
        await campaign.kill_bots()
    return campaign.found


async def kill_servers(plan: Plan, born: Births) -> Found:
    """Kills of a PostgreSQL server, before them kills of the bot."""
    with server() as own:
        await (await own.connect()).close()
        database = OnServer(own.url)
        try:
            async with _campaign(plan, database, born) as campaign:
                if plan.kills:
                    await campaign.kill_bots()
                await campaign.kill_servers(own)
        finally:
            database.close()
    return campaign.found


@asynccontextmanager
async def _campaign(plan: Plan, database: Database, born: Births) -> AsyncIterator[Campaign]:
    """At the end everything comes to its end."""
    begun, clock = time.monotonic(), FastClock.begin(SPEED)
    async with outside(clock, outlets=plan.outlets, seed=plan.seed) as (discord, press):
        first_due = await _set_up(database.url, press, clock.now())
        press.publish(plan.outlets // 3)
        campaign = Campaign(plan, database, born, discord, press, Eye(database.url, first_due))
        yield campaign
        await campaign.come_to_an_end()
        campaign.found.seconds = time.monotonic() - begun


async def _set_up(url: str, press: Press, now: datetime) -> Mapping[int, datetime]:
    """Feeds that are followed and digests that are wanted; when each is due first."""
    first_due = {}
    async with open_store(url) as store, store.write() as uow:
        workspace = await uow.workspaces.obtain(Platform.DISCORD, GUILD)
        for feed in press.feeds:
            await uow.feeds.follow(workspace.id, feed)
        await uow.workspaces.send_notices(workspace.id, Channel(Platform.DISCORD, "109"))
        for channel, cron, narrowing in SUBSCRIPTIONS:
            due = next_slot(cron, "UTC", now)
            made = await uow.subscriptions.add(
                workspace.id,
                Channel(Platform.DISCORD, channel),
                cron=cron, timezone="UTC", next_due=due, narrowing=narrowing,
            )  # fmt: skip
            first_due[made.id] = due
        await uow.commit()
    return first_due
