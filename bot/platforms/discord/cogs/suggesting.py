"""What Discord offers while an option is typed: names and feeds that the workspace knows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, TypeVar

import discord
import structlog
from discord import app_commands

from bot.messages.harmless import harmless
from bot.platforms.discord import limits
from bot.platforms.discord.cogs.answering import workspace_of
from bot.platforms.discord.limits import length, shortened
from bot.ports import Desk, Kind, Suggestion
from news.channels import Platform
from news.errors import AttacheError

log = structlog.get_logger(__name__)

PATIENCE = 2.0
"""Seconds after which nothing is offered: Discord waits three."""

T = TypeVar("T")
Completion = Callable[[discord.Interaction, str], Coroutine[Any, Any, list[app_commands.Choice[str]]]]


def suggesting(desk: Desk, kind: Kind) -> Completion:
    """Offers what may be meant. Where that cannot be told in time, nothing is offered, and nobody is troubled."""

    async def suggest(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        async def find() -> tuple[Suggestion, ...]:
            workspace = await desk.known(Platform.DISCORD, workspace_of(interaction))
            return await desk.suggest(workspace, kind, typed) if workspace is not None else ()

        return choices(await in_time(find(), of=str(kind)))

    return suggest


async def in_time(finding: Awaitable[tuple[T, ...]], *, of: str) -> tuple[T, ...]:
    """What is found; nothing where it fails, or comes too late to be offered."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await finding
    except (AttacheError, TimeoutError) as error:
        log.info("nothing suggested", kind=of, error=str(error) or "it took too long")
    except Exception:  # who types must not be stopped by it
        log.exception("nothing suggested", kind=of)
    return ()


def choices(found: Iterable[Suggestion]) -> list[app_commands.Choice[str]]:
    """As many as Discord takes, each under a name of its own; what would have to be cut to be meant is left out."""
    named: dict[str, app_commands.Choice[str]] = {}
    for one in found:
        name = shortened(" ".join(harmless(one.name).split()), limits.CHOICE)
        if name and _sendable(one.value) and name not in named:
            named[name] = app_commands.Choice(name=name, value=one.value)
    return list(named.values())[: limits.CHOICES]


def _sendable(value: str) -> bool:
    whole = value.encode("utf-8", "ignore").decode() == value  # no half of a surrogate pair
    return whole and 0 < length(value) <= limits.CHOICE
