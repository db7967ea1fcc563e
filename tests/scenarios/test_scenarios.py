"""Every scenario of the table, on every platform: the same is said, and the same is seen."""

from __future__ import annotations

import re

import pytest

from tests.scenarios import discord, slack, terminal
from tests.scenarios.drivers import Driver, Opening, Shown
from tests.scenarios.steps import Later, Picture, Posted, Press, Say, Seen, Step
from tests.scenarios.table import SCENARIOS
from tests.scenarios.world import Work, World

pytestmark = pytest.mark.asyncio(loop_scope="package")

PLATFORMS: dict[str, Opening] = {
    "discord": discord.opened,
    "slack": slack.opened,
    "terminal": terminal.opened,
}


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
async def test_it_goes_as_the_table_says(world, tmp_path, scenario, platform):
    async with (
        world.desk(tmp_path) as (app, clock),
        PLATFORMS[platform](app.desk, world.wire.base_url) as driver,
    ):
        work = world.work(app, clock, driver.messenger)
        for step in scenario.steps:
            await _play(step, driver, work, world)


async def _play(step: Step, driver: Driver, work: Work, world: World) -> None:
    match step:
        case Say():
            line = re.sub(r"\{(.+?)\}", lambda found: world.feeds[found[1]], step.line)
            shown = await driver.say(line)
            _check(step, shown, driver)
            assert step.alone in (None, shown.alone)
        case Press():
            _check(step, await driver.press(step.button), driver)
        case Picture():
            _check(step, Shown(await driver.picture()), driver)
        case Later():
            work.clock.at += step.by
            await work.beat()
        case Posted():
            posts = await driver.posts()
            assert len(posts) == step.times
            if posts:
                _check(step, posts[-1], driver)


def _check(step: Seen, shown: Shown, driver: Driver) -> None:
    missing = [words for words in step.wanted(driver.platform) if words not in shown.words]
    assert not missing, shown.words
    assert not [words for words in step.hides if words in shown.words], shown.words
    assert shown.active == ()
