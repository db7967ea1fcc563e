"""The measurements of Discord on a small scale: what they measure works, and they still do."""

from __future__ import annotations

import pytest

from tests.backends import empty_database
from tests.evaluation.discord.__main__ import claim, kill, post
from tests.evaluation.discord.world import discord_beside


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
async def test_all_that_is_due_is_taken(tmp_path, backend):
    async with empty_database(backend, tmp_path) as url:
        assert (await claim(url, 300))["subscriptions"] == 300


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
async def test_what_is_due_in_one_second_is_posted_once_and_within_the_limit(tmp_path, backend):
    async with empty_database(backend, tmp_path) as url, discord_beside() as server:
        found = await post(url, server, channels=30, servers=3)
    assert (found["sent"], found["posted"], found["twice"], found["refused_429"]) == (30, 30, 0, 0)


async def test_what_is_killed_while_it_posts_loses_and_doubles_nothing(tmp_path):
    async with empty_database("sqlite", tmp_path) as url, discord_beside() as server:
        found = await kill(url, server, channels=40, kills=3, seed=1)
    assert (found["posted_channels"], found["twice"], found["lost"]) == (40, 0, 0)
    assert found["states"] == {"sent": 40}
