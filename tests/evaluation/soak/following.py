"""What is followed in a soak, by whom, and where digests are wanted."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update

from bot.jobs.slots import next_slot
from news.channels import Channel, Narrowing, Platform
from news.feeds import INTERVAL, Listed
from storage.engine import WRITING, database_url, open_engine, open_store
from storage.tables import FeedRow
from tests.evaluation.crashes.outside import Press
from tests.evaluation.soak.places import SoakSlack
from tests.evaluation.soak.plan import Plan
from tests.slack.fake import TEAM

GUILD_SIZE = 5
"""Digests of one Discord server."""
SHARE = 8
"""A server follows one in so many outlets; the first one and Slack's workspace all of them."""
FIRST_GUILD, FIRST_CHANNEL = 7000, 20_000
LONGEST = 25
EVERY = (2, 5, 5, 10, 10, 10)
"""Minutes between two digests of a subscription, times the speed of the clock."""


async def follow(
    plan: Plan, url: str, press: Press, slack: SoakSlack, now: datetime
) -> tuple[Mapping[int, datetime], Sequence[int]]:
    """Sets all up in an empty store; when each subscription is due first, and the Discord servers that there are."""
    chance = random.Random(f"following-{plan.seed}")
    on_discord = plan.subscriptions // 2
    guilds = [FIRST_GUILD + n for n in range(max(1, on_discord // GUILD_SIZE))]
    channels = [f"C0SOAK{n:04d}" for n in range(plan.subscriptions - on_discord)]
    slack.make_channels(channels)
    places = [
        (Platform.DISCORD, str(guilds[n % len(guilds)]), str(FIRST_CHANNEL + n)) for n in range(on_discord)
    ] + [(Platform.SLACK, TEAM, channel) for channel in channels]
    first_due = {}
    async with open_store(url) as store, store.write() as uow:
        known = {}
        for at, (platform, name) in enumerate(
            [(Platform.SLACK, TEAM), *((Platform.DISCORD, str(guild)) for guild in guilds)]
        ):
            workspace = known[name] = await uow.workspaces.obtain(platform, name)
            await uow.feeds.follow_all(
                workspace.id, [Listed(feed) for feed in _some(press, chance, all_of_it=at < 2)]
            )
        for n, (platform, name, channel) in enumerate(places):
            cron = _cron(plan, n, chance)
            due = next_slot(cron, "UTC", now)
            made = await uow.subscriptions.add(
                known[name].id, Channel(platform, channel), cron=cron, timezone="UTC", next_due=due,
                narrowing=Narrowing(length=LONGEST) if n % 4 else Narrowing(),
            )  # fmt: skip
            first_due[made.id] = due
        await uow.commit()
    return first_due, guilds


async def spread_out(url: str, now: datetime, chance: random.Random) -> None:
    """Feeds that were all added at one time come due one after the other from now on, as after some days."""
    async with (
        open_engine(database_url(url)) as engine,
        engine.execution_options(**WRITING).begin() as connection,
    ):
        rows = await connection.execute(select(FeedRow.id).order_by(FeedRow.id))
        for (number,) in rows.all():
            due = now + INTERVAL * chance.random()
            await connection.execute(update(FeedRow).where(FeedRow.id == number).values(next_check=due))


def _some(press: Press, chance: random.Random, *, all_of_it: bool) -> Sequence[str]:
    """Feeds of some outlets, with all that these have: what one of an outlet's feeds tells is told by the other, too."""
    hosts = press.hosts
    kept = set(hosts if all_of_it else chance.sample(hosts, max(1, len(hosts) // SHARE)))
    return [feed for feed in press.feeds if feed.removeprefix("http://").partition("/")[0] in kept]


def _cron(plan: Plan, number: int, chance: random.Random) -> str:
    """So that digests are due all the time, a few at each minute."""
    every = EVERY[number % len(EVERY)] * max(1, round(plan.speed))
    if every < 60:
        return f"{chance.randrange(every)}-59/{every} * * * *"
    return f"{chance.randrange(60)} */{max(1, every // 60)} * * *"
