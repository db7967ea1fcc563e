"""The commands of those who manage the server: `/actors`."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.platforms.discord import limits
from bot.platforms.discord.cogs.answering import answer
from bot.ports import Desk

Name = app_commands.Range[str, 1, limits.OPTION]


def administration(desk: Desk) -> tuple[app_commands.Group, ...]:
    """The groups of commands, answered by the desk. A server's settings may give them to others."""
    actors = app_commands.Group(
        name="actors",
        description="Names that are one actor's here, and names that are not",
        default_permissions=discord.Permissions(manage_guild=True),
    )

    @actors.command(name="list", description="What was told of names, newest first")
    async def list_(interaction: discord.Interaction) -> None:
        await answer(desk, interaction, "actors", {"action": "list"})

    @actors.command(description="Tell that an actor has another name")
    @app_commands.describe(actor="The name to go by", name="The other name")
    @app_commands.rename(name="as")
    async def alias(interaction: discord.Interaction, actor: Name, name: Name) -> None:
        await answer(desk, interaction, "actors", {"action": "alias", "actor": actor, "name": name})

    @actors.command(description="Tell that a name, and all its other names, are another actor's")
    @app_commands.describe(name="The name that goes over", actor="The name to go by")
    @app_commands.rename(actor="into")
    async def merge(interaction: discord.Interaction, name: Name, actor: Name) -> None:
        await answer(desk, interaction, "actors", {"action": "merge", "actor": actor, "name": name})

    @actors.command(description="Take a name away from an actor; where it was not theirs, set it apart")
    @app_commands.describe(name="The name that is not the actor's", actor="The actor")
    @app_commands.rename(actor="from")
    async def split(interaction: discord.Interaction, name: Name, actor: Name) -> None:
        await answer(desk, interaction, "actors", {"action": "split", "actor": actor, "name": name})

    @actors.command(description="Take back what was told last")
    async def undo(interaction: discord.Interaction) -> None:
        await answer(desk, interaction, "actors", {"action": "undo"})

    return (actors,)
