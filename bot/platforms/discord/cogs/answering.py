"""How a command is answered: acknowledged at once, brought to the desk, and its message shown."""

from __future__ import annotations

from collections.abc import Mapping

import discord

from bot.platforms.discord.rendering import render
from bot.ports import Desk
from news.channels import Channel, Platform


async def answer(
    desk: Desk, interaction: discord.Interaction, command: str, options: Mapping[str, str | None]
) -> None:
    """Acknowledges at once, for Discord waits three seconds only, and answers when the desk has."""
    await interaction.response.defer(thinking=True)
    workspace = await desk.workspace(Platform.DISCORD, _workspace_of(interaction))
    typed = {name: value.strip() for name, value in options.items() if value and value.strip()}
    message = await desk.answer(workspace, _channel_of(interaction), command, typed)
    await interaction.edit_original_response(
        embeds=render(message), allowed_mentions=discord.AllowedMentions.none()
    )


def _workspace_of(interaction: discord.Interaction) -> str:
    return str(interaction.guild_id) if interaction.guild_id else f"dm-{interaction.user.id}"


def _channel_of(interaction: discord.Interaction) -> Channel:
    """Where it was asked; a kind of channel that the library does not know counts as its guild or user."""
    place = interaction.channel_id or interaction.guild_id or interaction.user.id
    return Channel(Platform.DISCORD, str(place))
