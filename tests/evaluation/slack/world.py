"""A Slack beside the bot, and the channels of one workspace that are posted to."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from datetime import datetime

from pydantic import SecretStr

from bot.settings import Settings
from news.channels import Platform
from tests.evaluation.platforms.world import Server, add_workspaces, beside, settings_of
from tests.slack.fake import APP_TOKEN, TEAM, TOKEN

SLACK = Platform.SLACK


def settings_at(url: str, server: str) -> Settings:
    """Of a bot on the Slack at that address."""
    return settings_of(
        url,
        slack_bot_token=SecretStr(TOKEN),
        slack_app_token=SecretStr(APP_TOKEN),
        slack_api_url=f"{server}/api/",
    )


def slack_beside() -> AbstractAsyncContextManager[Server]:
    """A Slack in a process of its own."""
    return beside("tests.evaluation.slack.server")


async def add_channels(url: str, server: Server, count: int, *, due: datetime, each: int = 1) -> None:
    """Channels of one workspace that follows what the first one does, with so many schedules each due at one time."""
    channels = await server.tell("channels", count)
    crons = [f"0 {hour} 1 1 *" for hour in range(each)]
    await add_workspaces(url, SLACK, [TEAM], channels, due=due, crons=crons)
