"""What Discord offers while an option is typed: names and feeds that the workspace knows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from itertools import accumulate
from typing import Any

import discord
import structlog
from discord import app_commands

from bot.messages.harmless import harmless
from bot.platforms.discord import limits
from bot.platforms.discord.cogs.answering import workspace_of
from bot.platforms.discord.limits import length
from bot.ports import Desk, Kind, Suggestion
from news.channels import Platform
from news.errors import AttacheError

log = structlog.get_logger(__name__)

PATIENCE = 2.0
"""Seconds after which nothing is offered: Discord waits three."""

Completion = Callable[[discord.Interaction, str], Coroutine[Any, Any, list[app_commands.Choice[str]]]]


def suggesting(desk: Desk, kind: Kind) -> Completion:
    """Offers what may be meant. Where that cannot be told in time, nothing is offered, and nobody is troubled."""

    async def suggest(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        try:
            async with asyncio.timeout(PATIENCE):
                workspace = await desk.known(Platform.DISCORD, workspace_of(interaction))
                found = await desk.suggest(workspace, kind, typed) if workspace is not None else ()
        except (AttacheError, TimeoutError) as error:
            log.info("nothing suggested", kind=str(kind), error=str(error) or "it took too long")
            return []
        except Exception:  # who types must not be stopped by it
            log.exception("nothing suggested", kind=str(kind))
            return []
        return choices(found)

    return suggest


def choices(found: Iterable[Suggestion]) -> list[app_commands.Choice[str]]:
    """As many as Discord takes, each under a name of its own; what would have to be cut to be meant is left out."""
    named: dict[str, app_commands.Choice[str]] = {}
    for one in found:
        name = _shortened(" ".join(harmless(one.name).split()))
        if name and _sendable(one.value) and name not in named:
            named[name] = app_commands.Choice(name=name, value=one.value)
    return list(named.values())[: limits.CHOICES]


def _sendable(value: str) -> bool:
    whole = value.encode("utf-8", "ignore").decode() == value  # no half of a surrogate pair
    return whole and 0 < length(value) <= limits.CHOICE


def _shortened(name: str) -> str:
    if length(name) <= limits.CHOICE:
        return name
    ends = accumulate(map(length, name))
    return name[: sum(end < limits.CHOICE for end in ends)].rstrip() + "…"
