"""A bot that only posts, in a process of its own that may be killed: `python -m tests.evaluation.slack.bot DATABASE SERVER CLOCK`."""

from __future__ import annotations

import asyncio
import sys

from bot.logs import set_up_logs
from bot.wiring import open_slack
from tests.evaluation.crashes.clock import FastClock
from tests.evaluation.platforms.posting import post_on
from tests.evaluation.slack.world import settings_at

if __name__ == "__main__":
    set_up_logs("error", "console")
    database, server, clock = sys.argv[1:]
    asyncio.run(post_on(settings_at(database, server), open_slack, FastClock.parse(clock)))
