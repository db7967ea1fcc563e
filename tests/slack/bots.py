"""The bot, connected to a fake Slack."""

from __future__ import annotations

from contextlib import asynccontextmanager

from bot.platforms.slack.app import connected
from tests.slack.fake import APP_TOKEN, SIGNING_SECRET, TOKEN


@asynccontextmanager
async def connect(slack, desk, **options):
    """By Socket Mode, where nothing else is said; on entry it listens."""
    given = {"bot_token": TOKEN, "app_token": APP_TOKEN, "api_url": slack.api_url, "pause": 0.01} | options
    opened = len(slack.sockets)
    async with connected(desk, **given) as messenger:
        if given["app_token"] and not slack.request_url:
            await slack.connected(opened + 1)
        yield messenger


@asynccontextmanager
async def over_http(slack, desk, port, **options):
    """By a request URL."""
    slack.request_url = f"http://127.0.0.1:{port}/slack/events"
    given = {"app_token": None, "http_address": f"127.0.0.1:{port}", "signing_secret": SIGNING_SECRET}
    async with connect(slack, desk, **given | options) as messenger:
        yield messenger


async def works(slack) -> bool:
    """Whether a command is answered."""
    asked = await slack.command("/digest")
    return bool(asked.ack) and not (await asked.answer()).private


def words(blocks) -> str:
    """All words of some blocks."""
    found = []
    for block in blocks:
        text = block.get("text")
        found += [text["text"]] if text else []
        found += [each["text"] for each in block.get("elements", []) if isinstance(each.get("text"), str)]
    return "\n".join(found)
