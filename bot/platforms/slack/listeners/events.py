"""What happens to the app and to channels: logged, and only tokens that are of no use any more are erased.

What is posted to a channel finds out by itself.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.platforms.slack.answering import Office
from bot.platforms.slack.listeners.acknowledged import until_acknowledged

log = structlog.get_logger(__name__)

_OF_THE_APP = {
    "app_uninstalled": "slack app uninstalled: its schedules wait until it is installed again",
    "tokens_revoked": "slack tokens revoked: install the app again",
}
_OF_A_CHANNEL = {
    "channel_archive": "slack channel archived",
    "channel_deleted": "slack channel deleted",
    "group_archive": "slack channel archived",
    "group_deleted": "slack channel deleted",
    "channel_left": "slack bot removed from a channel",
    "group_left": "slack bot removed from a channel",
}


def hear_events(app: AsyncApp, office: Office) -> None:
    """Logs them, and acknowledges what has no answer."""
    for kind, sentence in _OF_THE_APP.items():
        app.event(kind)(until_acknowledged(_leaving(office, sentence)))
    for kind, sentence in _OF_A_CHANNEL.items():
        app.event(kind)(until_acknowledged(_logging(sentence, "warning")))

    @app.action(re.compile(""))
    @until_acknowledged
    async def nothing(ack: AsyncAck) -> None:
        """Choices in forms, which count when these are sent, and buttons of other versions."""
        await ack()


def _leaving(office: Office, sentence: str) -> Callable[..., Awaitable[None]]:
    """We are in that workspace no longer, or with another token: of several, what is kept of it is forgotten."""

    async def happened(event: dict[str, Any], body: dict[str, Any], context: AsyncBoltContext) -> None:
        log.error(sentence, team=context.team_id)
        workspaces = office.workspaces
        of_people_only = event["type"] == "tokens_revoked" and not (event.get("tokens") or {}).get("bot")
        if workspaces is None or of_people_only:
            return
        asked = office.asked(str(event["type"]), context)
        office.take(asked)  # closing waits for it; it is not told again, and so done even then

        async def leave() -> None:
            await workspaces.leave(
                enterprise_id=context.enterprise_id,
                team_id=None if context.is_enterprise_install else context.team_id,
                at=datetime.fromtimestamp(body["event_time"], UTC),
            )

        await office.work(asked, {}, leave)  # claimed by nobody: it is harmless twice, and a claim may fail

    return happened


def _logging(sentence: str, level: str) -> Callable[..., Awaitable[None]]:
    async def happened(event: dict[str, Any], context: AsyncBoltContext) -> None:
        getattr(log, level)(sentence, team=context.team_id, channel=event.get("channel"))

    return happened
