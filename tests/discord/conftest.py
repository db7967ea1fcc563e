"""A fake Discord, a desk that answers as told, and the bot between them."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from bot.messages.message import Message, Paragraph, plain
from bot.platforms.discord.client import connected
from news.channels import Workspace, WorkspaceId
from tests.discord.fake import TOKEN, running

NOON = datetime(2025, 1, 1, 12, tzinfo=UTC)


class FakeDesk:
    """Answers every command with `message`, or with `failure`; `gate`, if any, must be set first."""

    def __init__(self):
        self.message = Message(plain("Two statements"), (Paragraph(plain("Here they are.")),))
        self.failure = None
        self.gate = None
        self.asked = []
        self.begun = asyncio.Event()
        self.needs_to_end = 0.0
        self.ended = []
        """Commands that it is done with, whatever became of them."""
        self.scheduled = ()
        self.imported = []
        self.suggestions = ()
        self.typed = []
        self.strangers = set()
        """Guilds that are no workspace yet."""

    async def known(self, platform, external_id):
        if external_id in self.strangers:
            return None
        return Workspace(WorkspaceId(1), platform, external_id)

    async def suggest(self, workspace, kind, typed):
        self.typed.append((workspace.external_id, kind, typed))
        if self.gate is not None:
            await self.gate.wait()
        if self.failure is not None:
            raise self.failure
        return self.suggestions

    async def workspace(self, platform, external_id):
        return Workspace(WorkspaceId(1), platform, external_id)

    async def answer(self, workspace, channel, command, options):
        self.asked.append((workspace.external_id, channel, command, dict(options)))
        self.begun.set()
        try:
            if self.gate is not None:
                await self.gate.wait()
        finally:
            await asyncio.sleep(self.needs_to_end)
            self.ended.append(command)
        if self.failure is not None:
            raise self.failure
        return self.message

    async def schedules(self, platform, external_id):
        if self.gate is not None:
            await self.gate.wait()
        if self.failure is not None:
            raise self.failure
        return self.scheduled

    async def import_targets(self, workspace, channel, body, source):
        return await self.import_feeds(workspace, channel, body, source)

    async def import_feeds(self, workspace, channel, body, source):
        self.imported.append((workspace.external_id, channel, body, source))
        if self.failure is not None:
            raise self.failure
        return self.message


@pytest.fixture
def desk():
    return FakeDesk()


@pytest.fixture
async def fake():
    async with running() as fake:
        yield fake


@pytest.fixture
def connect(fake, desk):
    """Connects a bot to the fake Discord."""

    @asynccontextmanager
    async def connect(token=TOKEN, **options):
        async with connected(
            desk,
            token,
            api_url=fake.api_url,
            gateway_url=fake.gateway_url,
            **{"pause": 0.01, "between_shards": 0.0} | options,
        ) as messenger:
            yield messenger

    return connect


@pytest.fixture
async def messenger(connect):
    async with connect() as messenger:
        yield messenger
