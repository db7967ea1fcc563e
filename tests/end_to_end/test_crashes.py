"""The crash proof in small: the bot is killed a few times on each database; all of it is real but the outlets and Discord.

`python -m tests.evaluation.crashes` does it at full length, and kills the database's server, too.
"""

from __future__ import annotations

import asyncio

from sqlalchemy import make_url

from tests.backends import current_database
from tests.evaluation.crashes.campaign import Plan
from tests.evaluation.crashes.databases import File, OnServer
from tests.evaluation.crashes.life import births
from tests.evaluation.crashes.running import kill_bots

SMALL = Plan(kills=3, seed=4, outlets=6, fresh=0.0, light=True, aims=("writing", "post taken", "post came"))


async def test_a_bot_that_is_killed_loses_and_doubles_nothing(tmp_path):
    async with (
        births(tmp_path / "crashes.log") as born,
        current_database("sqlite", tmp_path) as file,
        current_database("postgresql", tmp_path) as url,
    ):
        on_server = OnServer(url)
        campaigns = (kill_bots(SMALL, each, born) for each in (File(make_url(file).database), on_server))
        try:
            for found in await asyncio.gather(*campaigns):
                assert found.problems == []
                assert (found.kills.total(), found.ended_by_themselves, found.left_behind) == (3, 0, 0)
                assert found.stored["deliveries sent"] > 3
                assert found.stored["articles"] > 2
        finally:
            on_server.close()
