"""Posts to Discord channels, and what became of one that may have been lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import aiohttp
import discord

from bot.messages.message import Message
from bot.platforms.discord import limits
from bot.platforms.discord.rendering import files, render
from news.channels import Channel, Platform
from news.errors import DeliveryError, DeliveryUnknown

LOOK_THROUGH = 1000
"""Messages of a channel that are looked through for a lost post."""
CLOCKS_DIFFER = timedelta(minutes=5)
"""How far our clock may be ahead of Discord's."""
_UNREADABLE = "Discord does not let the bot read channel {}: give it Read Message History there."
_BROKEN_OFF = (aiohttp.ClientError, OSError, TimeoutError)
_UNLIKE_DISCORD = (discord.InvalidData, KeyError, TypeError, ValueError)


class DiscordMessenger:
    """Sends to Discord; made by `bot.platforms.discord.client.connected`."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    @property
    def platform(self) -> Platform:
        return Platform.DISCORD

    async def send(self, channel: Channel, message: Message, *, key: str) -> str:
        """Posts, and returns the post's id. The same key within some minutes gives the first post again.

        Raises DeliveryError, permanent where Discord will not take it the next time either, and
        DeliveryUnknown when the answer was lost.
        """
        place = self._place(channel)
        embeds = render(message, key=key)
        with _posting(channel):
            post = await place.send(
                embeds=embeds,
                files=files(message),
                nonce=key[: limits.NONCE],  # discord.py sends `enforce_nonce` beside it
                allowed_mentions=discord.AllowedMentions.none(),
            )
        return str(post.id)

    async def find(self, channel: Channel, *, key: str, after: datetime) -> str | None:
        """The id of our post with this key; None when it was surely not posted.

        Raises DeliveryUnknown where that cannot be told, and DeliveryError where asking again may help.
        """
        place = self._place(channel)
        since = after - CLOCKS_DIFFER
        seen = 0
        with _looking(channel):
            async for post in place.history(after=since, oldest_first=True, limit=LOOK_THROUGH):
                seen += 1
                if self._is_ours(post) and any(embed.footer.text == key for embed in post.embeds):
                    return str(post.id)
            hidden = not seen and await self._has_news(channel, since)
        if hidden:
            raise DeliveryUnknown(_UNREADABLE.format(channel.external_id))
        if seen >= LOOK_THROUGH:
            raise DeliveryUnknown(
                f"Channel {channel.external_id} has too many messages to look for a lost post: look there."
            )
        return None

    def _place(self, channel: Channel) -> discord.PartialMessageable:
        if self._client.is_closed():
            raise DeliveryError("Discord is not connected: try again when it is.")
        if not re.fullmatch(r"[0-9]{1,20}", channel.external_id):
            raise DeliveryError(
                f"{channel.external_id!r} is no Discord channel: use the channel's number.", permanent=True
            )
        return self._client.get_partial_messageable(int(channel.external_id))

    def _is_ours(self, post: discord.Message) -> bool:
        return self._client.user is not None and post.author.id == self._client.user.id

    async def _has_news(self, channel: Channel, since: datetime) -> bool:
        """Whether something was posted since: without the right to read it, a history comes back empty."""
        place = await self._client.fetch_channel(int(channel.external_id))
        newest: int | None = getattr(place, "last_message_id", None)
        return newest is not None and discord.utils.snowflake_time(newest) > since


@contextmanager
def _posting(channel: Channel) -> Iterator[None]:
    """Discord's failures as ours, where it may have acted all the same."""
    where = f"channel {channel.external_id}"
    try:
        yield
    except discord.HTTPException as error:
        raise _refusal(error, where) from error
    except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as error:
        raise DeliveryError("Discord cannot be reached: check the network.") from error
    except _BROKEN_OFF as error:
        raise DeliveryUnknown(f"The connection broke before Discord answered: look into {where}.") from error
    except _UNLIKE_DISCORD as error:
        raise DeliveryUnknown(f"Discord's answer cannot be read: look into {where}.") from error


@contextmanager
def _looking(channel: Channel) -> Iterator[None]:
    """Discord's failures as ours, where nothing but reading was asked."""
    try:
        yield
    except (discord.Forbidden, discord.NotFound) as error:
        raise DeliveryUnknown(_UNREADABLE.format(channel.external_id)) from error
    except (discord.HTTPException, *_BROKEN_OFF, *_UNLIKE_DISCORD) as error:
        raise DeliveryError("Discord does not show the channel now: try again later.") from error


def _refusal(error: discord.HTTPException, where: str) -> DeliveryError:
    match error.status:
        case 401:
            return DeliveryError("Discord refuses the token: set ATTACHE_DISCORD_TOKEN to the current one.")
        case 403:
            return DeliveryError(
                f"Discord does not let the bot post in {where}: "
                "give it View Channel, Send Messages and Embed Links there.",
                permanent=True,
            )
        case 404:
            return DeliveryError(f"Discord has no {where}: choose another channel.", permanent=True)
        case 408 | 429:
            return DeliveryError(f"Discord takes no more posts to {where} now: try again later.")
        case status if status >= 500:
            return DeliveryUnknown(f"Discord failed with status {status}: look into {where}.")
        case status:
            return DeliveryError(
                f"Discord refuses the post to {where} (status {status}, code {error.code}): "
                "report it with the log.",
                permanent=True,
            )
