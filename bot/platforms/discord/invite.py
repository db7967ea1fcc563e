"""The link by which a server's administrators invite the bot, with the least permissions that it needs."""

from __future__ import annotations

import discord

from bot.platforms.discord.addresses import addresses
from bot.platforms.discord.login import left_out_on_purpose, log_in

SCOPES = ("bot", "applications.commands")


def permissions() -> discord.Permissions:
    """To see a channel, to post there and in its threads, to begin a thread, and to look for a post that may be lost."""
    return discord.Permissions(
        view_channel=True,
        send_messages=True,
        send_messages_in_threads=True,
        create_public_threads=True,
        embed_links=True,
        attach_files=True,
        read_message_history=True,
    )


def invite_link(application_id: int) -> str:
    """The address to open in a browser."""
    return discord.utils.oauth_url(application_id, permissions=permissions(), scopes=SCOPES)


async def application_of(token: str, *, api_url: str | None = None) -> int:
    """The id of the application that the token is of. Raises DeliveryError, InputError."""
    with addresses(api_url, None):
        with left_out_on_purpose():
            client = discord.Client(intents=discord.Intents.none())
        async with client:
            await log_in(client, token)
            assert client.application_id is not None  # logging in asks for it
            return client.application_id
