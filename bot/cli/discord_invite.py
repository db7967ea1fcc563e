"""`attache discord-invite`: the link that brings the bot into a server."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from bot.cli.running import run, settings
from news.errors import InputError


def discord_invite(
    application_id: Annotated[
        str | None,
        typer.Option(
            "--application-id",
            help="The number on the application's General Information page; by default Discord is asked whose the token is.",
        ),
    ] = None,
) -> None:
    """Print the link by which the bot is invited into a Discord server, with the least permissions that it needs."""
    from bot.platforms.discord.invite import invite_link

    typer.echo(invite_link(run(_of_the_token()) if application_id is None else _number(application_id)))


async def _of_the_token() -> int:
    from bot.platforms.discord.invite import application_of

    given = settings()
    if given.discord_token is None:
        raise InputError("There is no token: set ATTACHE_DISCORD_TOKEN, or give --application-id NUMBER.")
    return await application_of(given.discord_token.get_secret_value(), api_url=given.discord_api_url)


def _number(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{14,19}", text.strip()):
        raise InputError(
            "That is no application's id: copy the number from its General Information page at Discord."
        )
    return int(text.strip())
