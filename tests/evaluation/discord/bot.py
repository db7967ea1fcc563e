"""A bot that only posts, in a process of its own that may be killed: `python -m tests.evaluation.discord.bot DATABASE SERVER CLOCK`."""

from __future__ import annotations

import asyncio
import sys

from bot.jobs.breaker import Breaker
from bot.jobs.deliver import deliver
from bot.logs import set_up_logs
from bot.wiring import open_app, open_discord
from tests.evaluation.crashes.clock import FastClock
from tests.evaluation.discord.world import DISCORD, settings_of


async def _post(database: str, server: str, clock: str) -> None:
    addresses = {
        "discord_api_url": f"{server}/api/v10",
        "discord_gateway_url": f"{server.replace('http', 'ws')}/gateway",
    }
    given = settings_of(database, **addresses)
    async with open_app(given, clock=FastClock.parse(clock)) as app, open_discord(app) as messenger:
        breakers = {DISCORD: Breaker()}
        sys.stdout.write("posting\n")
        sys.stdout.flush()
        while True:
            await deliver(app.store, app.clock, {DISCORD: messenger}, breakers)
            await asyncio.sleep(0.1)


if __name__ == "__main__":
    set_up_logs("error", "console")
    asyncio.run(_post(*sys.argv[1:]))
