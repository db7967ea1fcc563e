"""Posts to Discord channels, threads, forums and people, and what became of one that may have been lost.

A message in parts is an opening post and a thread that hangs on it, with a post a part. All of them bear keys, so that
what a crash or a lost answer left behind is found and added to.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import aiohttp
import discord

from bot.messages.harmless import harmless
from bot.messages.message import Message, Moment
from bot.messages.wording import local
from bot.platforms.discord import limits
from bot.platforms.discord.limits import length
from bot.platforms.discord.pacing import Pacer
from bot.platforms.discord.rendering import files, render, render_thread
from news.channels import Channel, Platform
from news.errors import ChannelLost, DeliveryError, DeliveryUnknown, PlatformAway

LOOK_THROUGH = 1000
"""Messages of a channel that are looked through for a lost post."""
CLOCKS_DIFFER = timedelta(minutes=5)
"""How far our clock may be ahead of Discord's."""
_PAGE = 100
"""Messages that Discord shows at one time."""
_NO_TEXT_CHANNEL, _THREAD_IS_THERE = 50008, 160004
"""Discord's codes for a post to what takes none, and for a thread on what has one ..."""
_NO_THREADS = (50001, 50013, 50024)
"""... and for one that may not be, or not here."""
_UNREADABLE = "Discord does not let the bot read channel {}: give it Read Message History there."
_BROKEN_OFF = (aiohttp.ClientError, OSError, TimeoutError)
_UNLIKE_DISCORD = (discord.InvalidData, KeyError, TypeError, ValueError)


class DiscordMessenger:
    """Sends to Discord; made by `bot.platforms.discord.client.connected`."""

    def __init__(self, client: discord.Client, pacer: Pacer | None = None) -> None:
        self._client = client
        self._pacer = pacer or Pacer()
        self._forums: set[int] = set()
        """Channels that take no posts but only threads."""

    @property
    def platform(self) -> Platform:
        return Platform.DISCORD

    async def send(self, channel: Channel, message: Message, *, key: str) -> str:
        """Posts, and returns the post's id. The same key within some minutes gives the first post again.

        Raises ChannelLost where nothing can be posted any more, DeliveryError, permanent where Discord will not take
        it the next time either, PlatformAway when Discord is down, and DeliveryUnknown when the answer was lost.
        """
        place = await self._place(channel)
        if place.id not in self._forums:
            try:
                if not message.threaded:
                    return await self._post(place, channel, _embeds(message, key), key, files(message))
                opening, _ = render_thread(message, key=key)
                receipt = await self._post(place, channel, opening, key)
                await self._add_parts(channel, message, key=key, opening=int(receipt), known=())
                return receipt
            except _IsForum:
                self._forums.add(place.id)
        return await self._open_in_forum(channel, place.id, message, key)

    async def find(self, channel: Channel, *, key: str, after: datetime) -> str | None:
        """The id of our post with this key; None when it was surely not posted.

        Raises DeliveryUnknown where that cannot be told, and DeliveryError where asking again may help.
        """
        place = await self._place(channel)
        since = after - CLOCKS_DIFFER
        if place.id in self._forums or await self._is_forum(channel, place.id):
            return await self._find_in_forum(channel, place.id, key, since)
        seen = 0
        with _looking(channel):
            async for post in self._history(place, since):
                seen += 1
                if self._is_ours(post) and key in _keys(post):
                    return str(post.id)
            hidden = not seen and await self._has_news(place.id, since)
        if hidden:
            raise DeliveryUnknown(_UNREADABLE.format(channel.external_id))
        if seen >= LOOK_THROUGH:
            raise DeliveryUnknown(
                f"Channel {channel.external_id} has too many messages to look for a lost post: look there."
            )
        return None

    async def complete(self, channel: Channel, message: Message, *, key: str, receipt: str) -> None:
        """Posts the parts that a thread lacks. Raises as `send`."""
        thread = self._client.get_partial_messageable(int(receipt))
        known = set[str]()
        opened = (
            discord.utils.snowflake_time(int(receipt)) - CLOCKS_DIFFER
        )  # a forum's first post is the opening
        with _looking(channel):
            try:
                async for post in self._history(thread, opened):
                    if self._is_ours(post):
                        known.update(_keys(post))
            except discord.NotFound:
                pass  # the opening is there, its thread is not yet
        await self._add_parts(channel, message, key=key, opening=int(receipt), known=known)

    async def _post(
        self,
        place: discord.PartialMessageable,
        channel: Channel,
        embeds: Sequence[discord.Embed],
        key: str,
        attached: Sequence[discord.File] = (),
    ) -> str:
        await self._pacer.turn()
        with _posting(channel):
            post = await place.send(
                embeds=embeds,
                files=attached,
                nonce=key[: limits.NONCE],  # discord.py sends `enforce_nonce` beside it
                allowed_mentions=discord.AllowedMentions.none(),
            )
        return str(post.id)

    async def _add_parts(
        self, channel: Channel, message: Message, *, key: str, opening: int, known: Collection[str]
    ) -> None:
        """The thread, which has the opening's number, and what it lacks."""
        _, parts = render_thread(message, key=key)
        missing = [
            (embeds, part_key)
            for number, embeds in enumerate(parts, start=1)
            if (part_key := f"{key}-{number}") not in known
        ]
        if not missing:
            return
        if not known and not await self._open_thread(channel, message, key=key, opening=opening):
            return
        thread = self._client.get_partial_messageable(opening)
        for embeds, part_key in missing:
            await self._post(thread, channel, embeds, part_key)

    async def _open_thread(self, channel: Channel, message: Message, *, key: str, opening: int) -> bool:
        """Whether there is a thread; where none may be, the opening becomes the whole message."""
        number = (await self._place(channel)).id
        await self._pacer.turn()
        with _posting(channel):
            place = await self._client.fetch_channel(
                number
            )  # the library opens threads in a known guild only
        if isinstance(place, discord.TextChannel):
            await self._pacer.turn()
            with _posting(channel):
                try:
                    await place.get_partial_message(opening).create_thread(name=_name_of(message))
                except discord.HTTPException as error:
                    if error.code == _THREAD_IS_THERE:
                        return True
                    if error.code not in _NO_THREADS:
                        raise
                else:
                    return True
        post = self._client.get_partial_messageable(number).get_partial_message(opening)
        await self._pacer.turn()
        with _posting(channel):
            await post.edit(embeds=render(message, key=key), allowed_mentions=discord.AllowedMentions.none())
        return False

    async def _open_in_forum(self, channel: Channel, number: int, message: Message, key: str) -> str:
        """A forum takes threads only: one is opened, with the whole message or its opening as the first post."""
        forum = await self._forum(channel, number)
        opening, parts = (
            render_thread(message, key=key) if message.threaded else (render(message, key=key), ())
        )
        await self._pacer.turn()
        with _posting(channel):
            made = await forum.create_thread(
                name=_name_of(message),
                embeds=opening,
                files=[] if message.threaded else files(message),
                allowed_mentions=discord.AllowedMentions.none(),
            )
        thread = self._client.get_partial_messageable(made.thread.id)
        for at, embeds in enumerate(parts, start=1):
            await self._post(thread, channel, embeds, f"{key}-{at}")
        return str(made.thread.id)

    async def _forum(self, channel: Channel, number: int) -> discord.ForumChannel:
        await self._pacer.turn()
        with _posting(channel):
            place = await self._client.fetch_channel(number)
        if not isinstance(place, discord.ForumChannel):
            raise ChannelLost(f"Nothing can be posted to channel {number}: choose a text channel or a forum.")
        return place

    async def _is_forum(self, channel: Channel, number: int) -> bool:
        """Whether it is one, asked for once the history of a channel tells nothing."""
        if number in self._forums:
            return True
        await self._pacer.turn()
        with _looking(channel):
            is_forum = isinstance(await self._client.fetch_channel(number), discord.ForumChannel)
        if is_forum:
            self._forums.add(number)
        return is_forum

    async def _find_in_forum(self, channel: Channel, number: int, key: str, since: datetime) -> str | None:
        """The thread that we opened with this key, among those that are open: ours are not a day old."""
        forum = await self._forum(channel, number)
        await self._pacer.turn()
        with _looking(channel):
            threads = [thread for thread in await forum.guild.active_threads() if thread.parent_id == number]
            for thread in threads:
                if thread.owner_id != self._client.application_id and not self._owns(thread):
                    continue
                if discord.utils.snowflake_time(thread.id) < since:
                    continue
                async for post in self._history(thread, since):
                    if self._is_ours(post) and key in _keys(post):
                        return str(thread.id)
                    break
        return None

    def _owns(self, thread: discord.Thread) -> bool:
        return self._client.user is not None and thread.owner_id == self._client.user.id

    async def _history(
        self, place: discord.abc.Messageable, since: datetime
    ) -> AsyncIterator[discord.Message]:
        await self._pacer.turn()
        seen = 0
        async for post in place.history(after=since, oldest_first=True, limit=LOOK_THROUGH):
            seen += 1
            if seen % _PAGE == 0:
                await self._pacer.turn()
            yield post

    async def _place(self, channel: Channel) -> discord.PartialMessageable:
        if self._client.is_closed():
            raise PlatformAway("Discord is not connected: try again when it is.")
        if re.fullmatch(r"@[0-9]{1,20}", channel.external_id):
            return await self._in_private(channel)
        if not re.fullmatch(r"[0-9]{1,20}", channel.external_id):
            raise ChannelLost(f"{channel.external_id!r} is no Discord channel: use the channel's number.")
        return self._client.get_partial_messageable(int(channel.external_id))

    async def _in_private(self, channel: Channel) -> discord.PartialMessageable:
        """Where one person alone reads us."""
        await self._pacer.turn()
        await self._pacer.turn()
        with _posting(channel):
            person = await self._client.fetch_user(int(channel.external_id[1:]))
            direct = await person.create_dm()
        return self._client.get_partial_messageable(direct.id)

    def _is_ours(self, post: discord.Message) -> bool:
        return self._client.user is not None and post.author.id == self._client.user.id

    async def _has_news(self, number: int, since: datetime) -> bool:
        """Whether something was posted since: without the right to read it, a history comes back empty."""
        await self._pacer.turn()
        place = await self._client.fetch_channel(number)
        newest: int | None = getattr(place, "last_message_id", None)
        return newest is not None and discord.utils.snowflake_time(newest) > since


@lru_cache(maxsize=256)
def _rendered(message: Message) -> tuple[Mapping[str, Any], ...]:
    """Its embeds, with room for any key: the channels of one server are told the same."""
    return tuple(embed.to_dict() for embed in render(message, key="x" * limits.NONCE))


def _embeds(message: Message, key: str) -> list[discord.Embed]:
    embeds = [discord.Embed.from_dict(embed) for embed in _rendered(message)]
    embeds[-1].set_footer(text=key)
    return embeds


class _IsForum(Exception):
    """The channel takes no posts."""


def _keys(post: discord.Message) -> Iterator[str]:
    return (embed.footer.text for embed in post.embeds if embed.footer.text)


def _name_of(message: Message) -> str:
    """A thread's name: words only, for Discord shows it as it is, and a day, for there it knows no moments."""
    parts = []
    for inline in message.title:
        if isinstance(inline, Moment):
            parts.append(f"{local(inline.at, inline.timezone or message.timezone):%-d %b %Y}")
            break
        parts.append(inline.text)
    words = " ".join(harmless("".join(parts)).split()) or "Digest"
    return words if length(words) <= limits.THREAD_NAME else words[: limits.THREAD_NAME // 2] + "…"


@contextmanager
def _posting(channel: Channel) -> Iterator[None]:
    """Discord's failures as ours, where it may have acted all the same."""
    where = f"channel {channel.external_id}"
    try:
        yield
    except discord.HTTPException as error:
        if error.code == _NO_TEXT_CHANNEL:
            raise _IsForum from error
        raise _refusal(error, where) from error
    except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as error:
        raise PlatformAway("Discord cannot be reached: check the network.") from error
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
        raise PlatformAway("Discord does not show the channel now: try again later.") from error


def _refusal(error: discord.HTTPException, where: str) -> DeliveryError:
    match error.status:
        case 401:
            return PlatformAway("Discord refuses the token: set ATTACHE_DISCORD_TOKEN to the current one.")
        case 403:
            return ChannelLost(
                f"Discord does not let the bot post in {where}: "
                "give it View Channel, Send Messages and Embed Links there."
            )
        case 404:
            return ChannelLost(f"Discord has no {where}: choose another channel.")
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
