"""What somebody typed into a chat stands in no log line, not even where answering it breaks."""

from __future__ import annotations

from contextlib import AsyncExitStack

import pytest
import structlog

from bot.logs import masking, recalling
from bot.masking import Mask
from bot.platforms.sentences import BROKEN
from bot.settings import Settings
from bot.wiring import open_app, open_discord, open_slack
from tests.discord import fake as discords
from tests.slack import fake as slacks

TYPED = "Jabberwocky"


@pytest.fixture
def lines():
    """What is logged, as it is before it is rendered."""
    found = []

    def keep(_, __, event):
        found.append(dict(event))
        raise structlog.DropEvent

    before = structlog.get_config()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            recalling,
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            masking(Mask()),
            keep,
        ]
    )
    yield found
    structlog.configure(**before)


async def breaking(workspace, channel, options):
    raise LookupError(f"{options['actor']} is in no index of {workspace.id}")


async def on_slack(stack, folder):
    fake = await stack.enter_async_context(slacks.running())
    given = Settings(
        _env_file=None,
        database_url=f"sqlite:///{folder}/x.db",
        slack_bot_token=slacks.TOKEN,
        slack_app_token=slacks.APP_TOKEN,
        slack_api_url=fake.api_url,
    )
    app = await stack.enter_async_context(open_app(given, make=True))
    app.desk._handlers["whosaid"] = breaking
    await stack.enter_async_context(open_slack(app))
    await fake.connected()
    answer = await (await fake.command("/whosaid", TYPED)).answer()
    return str(answer.blocks)


async def on_discord(stack, folder):
    fake = await stack.enter_async_context(discords.running())
    given = Settings(
        _env_file=None,
        database_url=f"sqlite:///{folder}/x.db",
        discord_token=discords.TOKEN,
        discord_api_url=fake.api_url,
        discord_gateway_url=fake.gateway_url,
    )
    app = await stack.enter_async_context(open_app(given, make=True))
    app.desk._handlers["whosaid"] = breaking
    await stack.enter_async_context(open_discord(app))
    answer = await (await fake.ask("whosaid", {"actor": TYPED})).answer()
    return answer.payload["content"]


@pytest.mark.parametrize("ask", [on_slack, on_discord])
async def test_a_command_that_breaks_is_logged_with_its_workspace_and_without_its_words(ask, tmp_path, lines):
    async with AsyncExitStack() as stack:
        assert BROKEN in await ask(stack, tmp_path)
    [failed] = [line for line in lines if line["level"] == "error"]
    assert "LookupError: *** is in no index of 1" in failed["exception"]
    assert failed["workspace"] == 1
    assert TYPED not in str(lines)
