"""The commands that look something up: `/digest` and `/whosaid`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import discord
from discord import app_commands

from bot.platforms.discord import limits
from bot.platforms.discord.rendering import render
from bot.ports import Desk
from news.channels import Channel, Platform

Typed = app_commands.Range[str, 1, limits.OPTION]
Page = app_commands.Range[int, 1, 999_999]


def look_ups(desk: Desk) -> tuple[app_commands.Command[Any, ..., None], ...]:
    """The commands, answered by the desk."""

    @app_commands.command(description="The stories of a time: what is new, and who said what")
    @app_commands.describe(
        about="Words that the stories are about",
        actor="Someone who speaks in the stories",
        since="How far back: 3d, 12h, monday or a date; by default since the last digest here",
        until="Up to when: 12h, monday or a date",
    )
    async def digest(
        interaction: discord.Interaction,
        about: Typed | None = None,
        actor: Typed | None = None,
        since: Typed | None = None,
        until: Typed | None = None,
    ) -> None:
        options = {"about": about, "actor": actor, "since": since, "until": until}
        await _answer(desk, interaction, "digest", options)

    @app_commands.command(description="Who said what, in the articles' own words, newest first")
    @app_commands.describe(
        actor="Who said it; leave it out to ask who said something",
        about="Words that the statements are about",
        since="How far back: 3d, 12h, monday or a date",
        until="Up to when: 12h, monday or a date",
        outlet="In which outlet",
        page="Which page of the answer: 2 shows older statements",
    )
    async def whosaid(
        interaction: discord.Interaction,
        actor: Typed | None = None,
        about: Typed | None = None,
        since: Typed | None = None,
        until: Typed | None = None,
        outlet: Typed | None = None,
        page: Page | None = None,
    ) -> None:
        options = {"actor": actor, "about": about, "since": since, "until": until, "outlet": outlet}
        await _answer(desk, interaction, "whosaid", {**options, "page": str(page) if page else None})

    return digest, whosaid


async def _answer(
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
