"""`/targets`: what positions are about, for those who manage the server.

Typed options and no form to fill in: a form that is refused is lost with all that was written in it, and one that was
opened before a restart is heard by nobody.
"""

from __future__ import annotations

import discord
from discord import app_commands

from bot.platforms.discord import limits
from bot.platforms.discord.cogs.answering import answer, answer_file
from bot.platforms.discord.cogs.suggesting import suggesting
from bot.platforms.discord.contexts import INSTALLED, SERVERS
from bot.ports import Desk, Kind
from news.target_names import LONGEST_DESCRIPTION, LONGEST_NAME

Name = app_commands.Range[str, 1, LONGEST_NAME]
Description = app_commands.Range[str, 1, LONGEST_DESCRIPTION]
Wordings = app_commands.Range[str, 1, limits.WORDS]


def targets(desk: Desk) -> app_commands.Group:
    """The group of commands, answered by the desk."""
    group = app_commands.Group(
        name="targets",
        description="What positions are about",
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_contexts=SERVERS,
        allowed_installs=INSTALLED,
    )

    @group.command(name="list", description="Your own targets and those that are built in")
    async def list_(interaction: discord.Interaction) -> None:
        await answer(desk, interaction, "targets", {"action": "list"})

    known = suggesting(desk, Kind.TARGET)

    @group.command(description="One target with its wordings, and how far reading for it is")
    @app_commands.describe(name="Which one")
    @app_commands.autocomplete(name=known)
    async def show(interaction: discord.Interaction, name: Name) -> None:
        await answer(desk, interaction, "targets", {"action": "show", "name": name})

    @group.command(description="Take one of your own away, and the positions on it")
    @app_commands.describe(name="Which one")
    @app_commands.autocomplete(name=known)
    async def remove(interaction: discord.Interaction, name: Name) -> None:
        await answer(desk, interaction, "targets", {"action": "remove", "name": name})

    _add_new(group, desk)
    return group


def _add_new(group: app_commands.Group, desk: Desk) -> None:
    """What brings targets in, and takes them along."""

    @group.command(description="Keep positions on something from now on, and on what was read before")
    @app_commands.describe(
        name="What it is called, such as night shifts",
        description="What it means, in a sentence",
        supporting="Ways of being for it, parted by semicolons: pay the night shifts; full pay at night",
        opposing="Ways of being against it, parted by semicolons: cut the night shifts",
    )
    @app_commands.rename(supporting="for", opposing="against")
    async def add(
        interaction: discord.Interaction,
        name: Name,
        description: Description | None = None,
        supporting: Wordings | None = None,
        opposing: Wordings | None = None,
    ) -> None:
        options = {"name": name, "description": description, "for": supporting, "against": opposing}
        await answer(desk, interaction, "targets", {"action": "add", **options})

    @group.command(name="import", description="Add the targets of a list (YAML)")
    @app_commands.describe(file="A list of name, description, for and against; at most 128 KiB")
    async def import_(interaction: discord.Interaction, file: discord.Attachment) -> None:
        await answer_file(desk, interaction, file, desk.import_targets)

    @group.command(description="Your own targets as a list (YAML)")
    async def export(interaction: discord.Interaction) -> None:
        await answer(desk, interaction, "targets", {"action": "export"})
