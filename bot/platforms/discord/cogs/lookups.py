"""The commands that look something up: `/digest`, `/whosaid`, `/stance` and `/actor`, and `/help`."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.messages.commands import COMMANDS
from bot.platforms.discord import limits
from bot.platforms.discord.cogs.answering import look_up
from bot.platforms.discord.cogs.suggesting import suggesting
from bot.platforms.discord.contexts import EVERYWHERE, INSTALLED
from bot.ports import Desk, Kind

Typed = app_commands.Range[str, 1, limits.OPTION]
Page = app_commands.Range[int, 1, 999_999]
LookUp = app_commands.Command[Any, ..., None]


def look_ups(desk: Desk) -> tuple[LookUp, ...]:
    """The commands, answered by the desk."""
    commands = _digest(desk), _whosaid(desk), _stance(desk), _actor(desk), _help(desk)
    for each in commands:
        each.allowed_contexts, each.allowed_installs = EVERYWHERE, INSTALLED
    return commands


def _digest(desk: Desk) -> LookUp:
    actors, outlets = suggesting(desk, Kind.ACTOR), suggesting(desk, Kind.OUTLET)

    @app_commands.command(description="The stories of a time: what is new, and who said what")
    @app_commands.describe(
        about="Words that the stories are about",
        actor="Someone who speaks in the stories",
        since="How far back: 3d, 12h, monday or a date; by default since the last digest here",
        until="Up to when: 12h, monday or a date",
        outlet="Only this outlet's articles",
        private="Whether only you see the answer",
    )
    @app_commands.autocomplete(actor=actors, outlet=outlets)
    async def digest(
        interaction: discord.Interaction,
        about: Typed | None = None,
        actor: Typed | None = None,
        since: Typed | None = None,
        until: Typed | None = None,
        outlet: Typed | None = None,
        private: bool = False,
    ) -> None:
        options = {"about": about, "actor": actor, "since": since, "until": until, "outlet": outlet}
        await look_up(desk, interaction, "digest", options, private=private)

    return digest


def _whosaid(desk: Desk) -> LookUp:
    actors, outlets = suggesting(desk, Kind.ACTOR), suggesting(desk, Kind.OUTLET)

    @app_commands.command(description="Who said what, in the articles' own words, newest first")
    @app_commands.describe(
        actor="Who said it; leave it out to ask who said something",
        about="Words that the statements are about",
        since="How far back: 3d, 12h, monday or a date",
        until="Up to when: 12h, monday or a date",
        outlet="In which outlet",
        page="Which page of the answer: 2 shows older statements",
        private="Whether only you see the answer",
    )
    @app_commands.autocomplete(actor=actors, outlet=outlets)
    async def whosaid(
        interaction: discord.Interaction,
        actor: Typed | None = None,
        about: Typed | None = None,
        since: Typed | None = None,
        until: Typed | None = None,
        outlet: Typed | None = None,
        page: Page | None = None,
        private: bool = False,
    ) -> None:
        options = {"actor": actor, "about": about, "since": since, "until": until, "outlet": outlet}
        paged = {**options, "page": str(page) if page else None}
        await look_up(desk, interaction, "whosaid", paged, private=private)

    return whosaid


def _stance(desk: Desk) -> LookUp:
    actors, targets = suggesting(desk, Kind.ACTOR), suggesting(desk, Kind.TARGET)

    @app_commands.command(description="Who is for or against what, since when, and in which words")
    @app_commands.describe(
        actor="Whose positions; leave it out for everybody's",
        target="What they are about; leave it out for all that is known",
        since="From when on: 30d, monday or a date",
        until="Up to when: 12h, monday or a date",
        page="Which page of the answer",
        private="Whether only you see the answer",
    )
    @app_commands.autocomplete(actor=actors, target=targets)
    async def stance(
        interaction: discord.Interaction,
        actor: Typed | None = None,
        target: Typed | None = None,
        since: Typed | None = None,
        until: Typed | None = None,
        page: Page | None = None,
        private: bool = False,
    ) -> None:
        options = {"actor": actor, "target": target, "since": since, "until": until}
        paged = {**options, "page": str(page) if page else None}
        await look_up(desk, interaction, "stance", paged, private=private)

    return stance


def _actor(desk: Desk) -> LookUp:
    @app_commands.command(description="Who someone is: names, whom they speak for, and what they said last")
    @app_commands.describe(name="A person, a body or a state", private="Whether only you see the answer")
    @app_commands.autocomplete(name=suggesting(desk, Kind.ACTOR))
    async def actor(interaction: discord.Interaction, name: Typed, private: bool = False) -> None:
        await look_up(desk, interaction, "actor", {"actor": name}, private=private)

    return actor


def _help(desk: Desk) -> LookUp:
    @app_commands.command(name="help", description="What can be asked, and how times are written")
    @app_commands.describe(command="One command, to see more about it")
    @app_commands.choices(
        command=[app_commands.Choice(name=each.name, value=each.name) for each in COMMANDS.values()]
    )
    async def help_(interaction: discord.Interaction, command: str | None = None) -> None:
        await look_up(desk, interaction, "help", {"command": command}, private=True)

    return help_
