"""The measurements of Slack on a small scale: what they measure works, and they still do."""

from __future__ import annotations

from tests.backends import empty_database
from tests.evaluation.slack.__main__ import kill, post, post_with_faults
from tests.evaluation.slack.world import slack_beside


async def test_what_is_due_in_one_second_is_posted_once_and_at_the_pace_of_a_channel(tmp_path):
    async with empty_database("sqlite", tmp_path) as url, slack_beside() as server:
        found = await post(url, server, channels=20, each=2)
    assert (found["sent"], found["posted"], found["lost"], found["twice"]) == (40, 40, 0, 0)
    assert found["too_many_in_a_channel"] == 0


async def test_what_fares_badly_is_posted_once_all_the_same(tmp_path):
    async with empty_database("sqlite", tmp_path) as url, slack_beside() as server:
        found = await post_with_faults(url, server, channels=25)
    assert found["faults"]
    assert (found["posted"], found["lost"], found["twice"]) == (25, 0, 0)
    assert found["states"] == {"sent": 25}


async def test_what_is_killed_while_it_posts_loses_and_doubles_nothing(tmp_path):
    async with empty_database("sqlite", tmp_path) as url, slack_beside() as server:
        found = await kill(url, server, channels=15, kills=2, seed=1)
    assert (found["posted"], found["lost"], found["twice"]) == (15, 0, 0)
    assert found["states"] == {"sent": 15}
