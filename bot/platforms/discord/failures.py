"""Every failure of a command or a button becomes words for the one who asked, and a line in the log."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import aiohttp
import discord
import structlog
from discord import app_commands

from bot.platforms.discord.rendering import render_error
from bot.platforms.sentences import AWAY, BROKEN, UNKNOWN
from news.errors import AttacheError, StoreError, StoreUnknown

log = structlog.get_logger(__name__)

UNSHOWN = "Discord did not take the answer, though what you asked for is done; the log has the details."
OUTDATED = "Your Discord shows that command as it was: open Discord anew, and ask again."
_LOST = (10062, 40060)
"""Discord's codes for an interaction that it knows no more, and for one that was answered already."""
_OTHER_COMMANDS = (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch)
"""What comes of commands that Discord had from another version of ours."""
CONNECTION_FAILURES = (aiohttp.ClientError, OSError, TimeoutError)


class NotShown(Exception):
    """The answer is there, and Discord did not take it; why, is its cause."""


async def tell_failure(interaction: discord.Interaction[Any], cause: Exception) -> None:
    """What the reader can mend is told to them alone; the rest goes to the log."""
    if isinstance(cause, discord.HTTPException) and cause.code in _LOST:
        log.warning("discord command came too late, or to another process", command=name_of(interaction))
        return
    if isinstance(cause, _OTHER_COMMANDS):
        log.warning("discord asked for a command of another version", command=name_of(interaction))
        await tell(interaction, OUTDATED)
        return
    if isinstance(cause, StoreError):  # where the database is concerns only those who run it
        log.error("discord command failed", command=name_of(interaction), error=str(cause))
        await tell(interaction, UNKNOWN if isinstance(cause, StoreUnknown) else AWAY)
        return
    if isinstance(cause, NotShown):
        log.error("discord command answered in vain", command=name_of(interaction), exc_info=cause.__cause__)
        await tell(interaction, UNSHOWN)
        return
    if not isinstance(cause, AttacheError):
        log.error("discord command failed", command=name_of(interaction), exc_info=cause)
    await tell(interaction, str(cause) if isinstance(cause, AttacheError) else BROKEN)


async def tell(interaction: discord.Interaction[Any], sentence: str) -> None:
    """Answers privately, also where a public answer was announced: that announcement is taken back first."""
    if interaction.type is discord.InteractionType.autocomplete:
        return  # what is still being typed can be offered something, and told nothing
    content, nobody = render_error(sentence), discord.AllowedMentions.none()
    response = interaction.response
    try:
        if not response.is_done():
            await response.send_message(content, ephemeral=True, allowed_mentions=nobody)
            return
        if response.type is discord.InteractionResponseType.deferred_channel_message:
            # The first follow-up is as public as the announcement that it answers; without one it may be private.
            with suppress(discord.NotFound):  # somebody else took it away
                await interaction.delete_original_response()
        await interaction.followup.send(content, ephemeral=True, allowed_mentions=nobody)
    except (discord.HTTPException, *CONNECTION_FAILURES) as error:
        log.warning("discord command left unanswered", command=name_of(interaction), error=str(error))


def name_of(interaction: discord.Interaction[Any]) -> str | None:
    """What was asked, for the log."""
    if interaction.type is discord.InteractionType.component:
        return "button"
    return interaction.command.qualified_name if interaction.command else None
