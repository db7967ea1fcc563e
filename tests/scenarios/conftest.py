"""One world for all scenarios: what is read into it takes longer than they do."""

from __future__ import annotations

import pytest_asyncio

from news.channels import Platform
from tests.scenarios.discord import GUILD
from tests.scenarios.slack import TEAM
from tests.scenarios.terminal import LOCAL
from tests.scenarios.world import made

WORKSPACES = {Platform.DISCORD: GUILD, Platform.SLACK: TEAM, Platform.TERMINAL: LOCAL}


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def world(tmp_path_factory):
    async with made(tmp_path_factory.mktemp("scenarios"), WORKSPACES) as world:
        yield world
