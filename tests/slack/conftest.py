"""A fake Slack, and the real client library pointed at it."""

from __future__ import annotations

from contextlib import asynccontextmanager

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.discord.conftest import FakeDesk
from tests.slack.fake import APP_TOKEN, SIGNING_SECRET, TOKEN, running


@pytest.fixture
def desk():
    return FakeDesk()


@pytest.fixture
async def slack():
    async with running() as slack:
        yield slack


@pytest.fixture
async def client(slack):
    """The SDK's client; it tries nothing twice."""
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(TOKEN, base_url=slack.api_url, session=session, retry_handlers=[])


@pytest.fixture
def bolt(client):
    """An app of Bolt's that no listener was given to."""
    return AsyncApp(client=client, signing_secret=SIGNING_SECRET)


@pytest.fixture
def listen(slack):
    """Connects an app of Bolt's by Socket Mode."""

    @asynccontextmanager
    async def listen(bolt, *, ping_interval=1):
        handler = AsyncSocketModeHandler(bolt, APP_TOKEN, ping_interval=ping_interval)
        opened = len(slack.sockets)
        try:
            await handler.connect_async()
            await slack.connected(opened + 1)
            yield handler
        finally:
            await handler.close_async()

    return listen
