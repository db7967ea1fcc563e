"""Where commands arrive, and where every failure becomes words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.platforms.discord.admitting import admitted
from bot.platforms.discord.failures import tell, tell_failure
from bot.platforms.sentences import CLOSING

if TYPE_CHECKING:
    from bot.platforms.discord.client import AttacheClient


class Tree(app_commands.CommandTree["AttacheClient"]):
    """All commands of the bot."""

    async def interaction_check(self, interaction: discord.Interaction[AttacheClient], /) -> bool:
        """Whether the command is taken: not while we close, nor where that person asks too often."""
        taken = self.client.take(interaction)
        if not taken:
            if interaction.type is discord.InteractionType.application_command:
                await tell(interaction, CLOSING)
            return False
        asked = interaction.command.qualified_name if interaction.command else ""
        return await admitted(self.client.allowance, interaction, asked)

    async def on_error(
        self, interaction: discord.Interaction[AttacheClient], error: app_commands.AppCommandError, /
    ) -> None:
        """Told to the one who asked, or logged."""
        await tell_failure(
            interaction, error.original if isinstance(error, app_commands.CommandInvokeError) else error
        )
