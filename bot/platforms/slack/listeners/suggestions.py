"""What menus offer while somebody types: names, feeds and targets that the workspace knows, and time zones."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.messages.wording import local
from bot.platforms.slack.answering import Asked, Office
from bot.platforms.slack.listeners.acknowledged import until_acknowledged
from bot.platforms.slack.menus import ACTION, MOST, ZONE, Option, option
from bot.ports import Kind, Suggestion
from bot.time_grammar import zones_like
from news.channels import Platform
from news.errors import AttacheError

log = structlog.get_logger(__name__)

PATIENCE = 2.0
"""Seconds after which nothing is offered: Slack waits three."""


def hear_suggestions(app: AsyncApp, office: Office) -> None:
    """Offers; where that cannot be told in time, nothing, and nobody is troubled."""

    @app.options(re.compile(f"^{re.escape(ACTION)}"))
    @until_acknowledged
    async def suggest(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        kind = str(body.get("action_id") or "").removeprefix(ACTION).partition(":")[0]
        asked = office.asked(f"menu of {kind}", context)
        if not office.take(asked) or not office.may_type(asked):
            await ack(options=[])
            return
        found: list[Option] = []
        try:
            found = await _found(office, asked, kind, str(body.get("value") or ""))
        finally:
            await ack(options=found)


async def _found(office: Office, asked: Asked, kind: str, typed: str) -> list[Option]:
    try:
        async with asyncio.timeout(PATIENCE):
            if kind == ZONE:
                return _options(await asyncio.to_thread(_zones, typed))
            workspace = await office.desk.known(Platform.SLACK, asked.team)
            if workspace is None:
                return []
            return _options(await office.desk.suggest(workspace, Kind(kind), typed))
    except (AttacheError, TimeoutError) as error:
        log.info("nothing suggested", kind=kind, error=str(error) or "it took too long")
    except Exception:  # who types must not be stopped by it
        log.exception("nothing suggested", kind=kind)
    return []


def _zones(typed: str) -> tuple[Suggestion, ...]:
    """Time zones with what their clocks show."""
    now = datetime.now(UTC)
    return tuple(Suggestion(f"{zone} · {local(now, zone):%H:%M}", zone) for zone in zones_like(typed, MOST))


def _options(found: Iterable[Suggestion]) -> list[Option]:
    """As many as Slack takes, each under a name of its own."""
    named: dict[str, Option] = {}
    for one in found:
        choice = option(one.name, one.value)
        if choice is not None:
            named.setdefault(choice["text"]["text"], choice)
    return list(named.values())[:MOST]
