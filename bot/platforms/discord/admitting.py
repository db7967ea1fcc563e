"""Who may ask now: what is more than one person's allowance is told once, and passed over after that."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import discord
import structlog

from bot.platforms.allowance import Allowance, TooOften
from bot.platforms.discord.failures import CONNECTION_FAILURES, name_of, tell

log = structlog.get_logger(__name__)


async def admitted(allowance: Allowance, interaction: discord.Interaction[Any], command: str) -> bool:
    """Whether it is answered; if not, whoever asked has heard of it."""
    person = str(interaction.user.id)
    if interaction.type is discord.InteractionType.autocomplete:
        if allowance.may_type(person):
            return True
        await _quietly(interaction.response.autocomplete([]))
        return False
    try:
        allowance.admit(person, command)
    except TooOften as error:
        if not error.told:
            log.warning("somebody asks too often on discord", command=name_of(interaction))
            await tell(interaction, str(error))
        elif interaction.type is discord.InteractionType.component:
            await _quietly(interaction.response.defer())  # the message stays as it is
        return False
    return True


async def _quietly(answering: Any) -> None:  # noqa: ANN401  # whatever discord.py returns
    with suppress(discord.HTTPException, *CONNECTION_FAILURES):
        await answering
