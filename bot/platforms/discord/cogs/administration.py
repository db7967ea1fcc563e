"""The commands of those who manage the server: `/actors`, `/feeds`, `/schedule` and `/targets`."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.platforms.discord import limits
from bot.platforms.discord.cogs.answering import answer, answer_file
from bot.platforms.discord.cogs.scheduling import scheduling
from bot.platforms.discord.cogs.suggesting import suggesting
from bot.platforms.discord.cogs.targets import targets
from bot.platforms.discord.contexts import INSTALLED, SERVERS
from bot.ports import Desk, Kind

Address = app_commands.Range[str, 1, limits.ADDRESS]
Name = app_commands.Range[str, 1, limits.OPTION]


def administration(desk: Desk) -> tuple[app_commands.Group, ...]:
    """The groups of commands, answered by the desk. A server's settings may give them to others."""
    return _actors(desk), _feeds(desk), scheduling(desk), targets(desk)


def _actors(desk: Desk) -> app_commands.Group:
    actors = app_commands.Group(
        name="actors",
        description="Names that are one actor's here, and names that are not",
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_contexts=SERVERS,
        allowed_installs=INSTALLED,
    )

    @actors.command(name="list", description="What was told of names, newest first")
    async def list_(interaction: discord.Interaction) -> None:
        await answer(desk, interaction, "actors", {"action": "list"})

    known = suggesting(desk, Kind.ACTOR)

    @actors.command(description="Tell that an actor has another name")
    @app_commands.describe(actor="The name to go by", name="The other name")
    @app_commands.rename(name="as")
    @app_commands.autocomplete(actor=known, name=known)
    async def alias(interaction: discord.Interaction, actor: Name, name: Name) -> None:
        await answer(desk, interaction, "actors", {"action": "alias", "actor": actor, "name": name})

    @actors.command(description="Tell that a name, and all its other names, are another actor's")
    @app_commands.describe(name="The name that goes over", actor="The name to go by")
    @app_commands.rename(actor="into")
    @app_commands.autocomplete(actor=known, name=known)
    async def merge(interaction: discord.Interaction, name: Name, actor: Name) -> None:
        await answer(desk, interaction, "actors", {"action": "merge", "actor": actor, "name": name})

    @actors.command(description="Take a name away from an actor; where it was not theirs, set it apart")
    @app_commands.describe(name="The name that is not the actor's", actor="The actor")
    @app_commands.rename(actor="from")
    @app_commands.autocomplete(actor=known, name=known)
    async def split(interaction: discord.Interaction, name: Name, actor: Name) -> None:
        await answer(desk, interaction, "actors", {"action": "split", "actor": actor, "name": name})

    @actors.command(description="Take back what was told last")
    async def undo(interaction: discord.Interaction) -> None:
        await answer(desk, interaction, "actors", {"action": "undo"})

    return actors


def _feeds(desk: Desk) -> app_commands.Group:
    feeds = app_commands.Group(
        name="feeds",
        description="The feeds that are read here",
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_contexts=SERVERS,
        allowed_installs=INSTALLED,
    )

    @feeds.command(name="list", description="The feeds and how they fare, failing ones first")
    async def list_(interaction: discord.Interaction) -> None:
        await answer(desk, interaction, "feeds", {"action": "list"})

    @feeds.command(description="Read a feed and follow it from now on")
    @app_commands.describe(
        address="The feed's address, or that of a page which names it",
        outlet="The outlet's name, where the feed's title is not it",
        folder="Where to keep it in the list",
    )
    @app_commands.autocomplete(outlet=suggesting(desk, Kind.OUTLET))
    async def add(
        interaction: discord.Interaction,
        address: Address,
        outlet: Name | None = None,
        folder: Name | None = None,
    ) -> None:
        options = {"action": "add", "url": address, "outlet": outlet, "folder": folder}
        await answer(desk, interaction, "feeds", options)

    @feeds.command(description="Follow a feed no longer; what was read from it stays")
    @app_commands.describe(feed="Its address, or its name where no other has it")
    @app_commands.autocomplete(feed=suggesting(desk, Kind.FEED))
    async def remove(interaction: discord.Interaction, feed: Address) -> None:
        await answer(desk, interaction, "feeds", {"action": "remove", "url": feed})

    @feeds.command(description="Who is told when a feed has failed for a day, has ended, or is back")
    @app_commands.describe(where="This channel, or nobody; leave it out to see")
    @app_commands.choices(where=[app_commands.Choice(name=name, value=name) for name in ("here", "off")])
    async def notices(interaction: discord.Interaction, where: str | None = None) -> None:
        await answer(desk, interaction, "feeds", {"action": "notices", "where": where})

    _add_lists(feeds, desk)
    return feeds


def _add_lists(feeds: app_commands.Group, desk: Desk) -> None:
    """What takes many feeds along at one time."""

    @feeds.command(name="import", description="Follow all feeds that a list (OPML) names")
    @app_commands.describe(file="The list, as other readers write it; at most 1 MiB")
    async def import_(interaction: discord.Interaction, file: discord.Attachment) -> None:
        await answer_file(desk, interaction, file, desk.import_feeds)

    @feeds.command(description="The feeds as a list (OPML) that other readers take")
    async def export(interaction: discord.Interaction) -> None:
        await answer(desk, interaction, "feeds", {"action": "export"})
