"""How a command is answered: acknowledged at once, brought to the desk, and its message shown."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import aiohttp
import discord

from bot.messages.message import Message
from bot.platforms.discord import limits
from bot.platforms.discord.buttons import view_of
from bot.platforms.discord.choices import buttons_of
from bot.platforms.discord.failures import CONNECTION_FAILURES, NotShown
from bot.platforms.discord.rendering import files, render
from bot.ports import Desk
from news.channels import Channel, Platform, Workspace
from news.errors import InputError

Importing = Callable[[Workspace, Channel, bytes, str], Awaitable[Message]]
"""What the desk does with a file: who gave it, where, what is in it, and what it is called."""

PROMPT = 1.0
"""Seconds within which an answer needs no announcement: Discord waits three."""
LONGEST = 840.0
"""Seconds that the desk may take: Discord takes an answer for fifteen minutes."""
PATIENCE = 30.0
"""Seconds that a file may take to come."""


async def answer(
    desk: Desk,
    interaction: discord.Interaction,
    command: str,
    options: Mapping[str, str | None],
    *,
    private: bool = False,
) -> None:
    """Acknowledges at once, for Discord waits three seconds only, and answers when the desk has.

    So nothing is changed for a command that Discord knows no more, or that another process took. Only the one who
    asked sees a `private` answer.
    """
    await interaction.response.defer(ephemeral=private, thinking=True)
    await _show(interaction, await _ask(desk, interaction, command, options))


async def look_up(
    desk: Desk,
    interaction: discord.Interaction,
    command: str,
    options: Mapping[str, str | None],
    *,
    private: bool = False,
) -> None:
    """Answers a command that changes nothing: right away where the desk is quick, else as `answer` does.

    That is one request instead of two, and a failure is told without an announcement that has to be taken back.
    """
    asking = asyncio.create_task(_ask(desk, interaction, command, options))
    try:
        quick, _ = await asyncio.wait({asking}, timeout=PROMPT)
        if not quick:
            await interaction.response.defer(ephemeral=private, thinking=True)
        message = await asking
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)  # nothing of it goes on behind a closed store
    if interaction.response.is_done():
        await _show(interaction, message)
        return
    await interaction.response.send_message(
        embeds=render(message),
        files=files(message),
        view=view_of(buttons_of(message.choices)) or discord.utils.MISSING,
        ephemeral=private,
        allowed_mentions=discord.AllowedMentions.none(),
    )


async def turn(
    desk: Desk, interaction: discord.Interaction, command: str, options: Mapping[str, str]
) -> None:
    """Answers a button: in the place of its message for who asked for that, and privately for anybody else."""
    message = interaction.message
    asked = message.interaction_metadata if message is not None else None
    if asked is not None and asked.user.id == interaction.user.id:
        await interaction.response.defer()  # the message stays as it is until the answer is there
    else:
        await interaction.response.defer(ephemeral=True, thinking=True)
    await _show(interaction, await _ask(desk, interaction, command, options))


async def answer_file(
    desk: Desk, interaction: discord.Interaction, file: discord.Attachment, taken: Importing
) -> None:
    """Likewise, with a list that is `taken` in. Raises InputError for a file that is too large or does not come."""
    await interaction.response.defer(thinking=True)
    if file.size > limits.FILE:
        raise InputError(f"{file.filename} is larger than 1 MiB: split the list, and import the parts.")
    try:
        async with asyncio.timeout(PATIENCE):
            body = await file.read()
    except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
        raise InputError(f"Discord does not hand out {file.filename}: try again.") from error
    workspace = await desk.workspace(Platform.DISCORD, workspace_of(interaction))
    channel = _channel_of(interaction)
    await _show(interaction, await taken(workspace, channel, body, file.filename))


async def _ask(
    desk: Desk, interaction: discord.Interaction, command: str, options: Mapping[str, str | None]
) -> Message:
    """The desk's answer, as long as there is anyone to hear it. Raises AttacheError."""
    try:
        async with asyncio.timeout(LONGEST) as limit:
            workspace = await desk.workspace(Platform.DISCORD, workspace_of(interaction))
            return await desk.answer(workspace, _channel_of(interaction), command, _typed(options))
    except TimeoutError as error:
        if not limit.expired():
            raise
        raise InputError("That took too long: look whether it is done before you ask again.") from error


async def _show(interaction: discord.Interaction, message: Message) -> None:
    """Raises NotShown where Discord does not take it: what was asked for is done all the same."""
    try:
        await interaction.edit_original_response(
            embeds=render(message),
            attachments=files(message),
            view=view_of(buttons_of(message.choices)),
            allowed_mentions=discord.AllowedMentions.none(),
        )
    except (discord.HTTPException, *CONNECTION_FAILURES) as error:
        raise NotShown from error


def _typed(options: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value.strip() for name, value in options.items() if value and value.strip()}


def workspace_of(interaction: discord.Interaction) -> str:
    """The guild, or of a direct message the one who writes."""
    return str(interaction.guild_id) if interaction.guild_id else f"dm-{interaction.user.id}"


def _channel_of(interaction: discord.Interaction) -> Channel:
    """Where it was asked; a kind of channel that the library does not know counts as its guild or user."""
    place = interaction.channel_id or interaction.guild_id or interaction.user.id
    return Channel(Platform.DISCORD, str(place))
