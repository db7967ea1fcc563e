"""Posts to Discord channels, threads, forums and people, and what became of one that may have been lost.

A message in parts is an opening post and a thread that hangs on it, with a post a part. All of them bear keys, so that
what a crash or a lost answer left behind is found and added to.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import discord
import structlog

from bot.messages.harmless import harmless
from bot.messages.message import Message, Moment
from bot.messages.wording import local
from bot.platforms.discord import limits
from bot.platforms.discord.limits import length
from bot.platforms.discord.refusals import UNREADABLE, Gone, IsForum, begun, looking, posting, reaching
from bot.platforms.discord.rendering import files, render, render_thread
from news.channels import Channel, Platform
from news.errors import ChannelLost, DeliveryUnknown, PlatformAway

log = structlog.get_logger(__name__)

LOOK_THROUGH = 1000
"""Messages of a channel that are looked through for a lost post."""
CLOCKS_DIFFER = timedelta(minutes=5)
"""How far our clock may be ahead of Discord's."""
_THREAD_IS_THERE = 160004
"""Discord's code for a thread on what has one ..."""
_NO_THREADS = (50001, 50013, 50024)
"""... and for one that may not be, or not here."""


class DiscordMessenger:
    """Sends to Discord; made by `bot.platforms.discord.client.connected`."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
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
                receipt = await self._post(place, channel, opening, key, files(message))
                with begun():
                    await self._add_parts(channel, message, key=key, opening=int(receipt), known=())
                return receipt
            except IsForum:
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
        with looking(channel):
            async for post in _history(place, since):
                seen += 1
                if self._is_ours(post) and key in _keys(post):
                    return str(post.id)
            hidden = not seen and await self._has_news(place.id, since)
        if hidden:
            raise DeliveryUnknown(UNREADABLE.format(channel.external_id))
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
        with looking(channel):
            try:
                async for post in _history(thread, opened):
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
        *,
        within: bool = False,
    ) -> str:
        """Posts to the channel, or `within` a thread of ours."""
        with posting(channel, within=within):
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
        try:
            if not known and not await self._open_thread(channel, message, key=key, opening=opening):
                return
            await self._post_parts(channel, opening, missing)
        except Gone:
            log.info("what was begun was taken away by somebody", post=key)

    async def _post_parts(
        self, channel: Channel, number: int, parts: Iterable[tuple[Sequence[discord.Embed], str]]
    ) -> None:
        thread = self._client.get_partial_messageable(number)
        for embeds, key in parts:
            await self._post(thread, channel, embeds, key, within=True)

    async def _open_thread(self, channel: Channel, message: Message, *, key: str, opening: int) -> bool:
        """Whether there is a thread; where none may be, the opening becomes the whole message."""
        number = (await self._place(channel)).id
        with reaching(channel):
            place = await self._client.fetch_channel(
                number
            )  # the library opens threads in a known guild only
        if isinstance(place, discord.TextChannel):
            with posting(channel, within=True):
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
        with posting(channel, within=True):
            await post.edit(embeds=render(message, key=key), allowed_mentions=discord.AllowedMentions.none())
        return False

    async def _open_in_forum(self, channel: Channel, number: int, message: Message, key: str) -> str:
        """A forum takes threads only: one is opened, with the whole message or its opening as the first post."""
        forum = await self._forum(channel, number)
        opening, parts = (
            render_thread(message, key=key) if message.threaded else (render(message, key=key), ())
        )
        with posting(channel, once=True):  # a thread has no nonce: asked for twice, there would be two
            made = await forum.create_thread(
                name=_name_of(message),
                embeds=opening,
                files=files(message),
                allowed_mentions=discord.AllowedMentions.none(),
                applied_tags=_tags(forum),
            )
        with begun(), suppress(Gone):
            keyed = [(embeds, f"{key}-{at}") for at, embeds in enumerate(parts, start=1)]
            await self._post_parts(channel, made.thread.id, keyed)
        return str(made.thread.id)

    async def _forum(self, channel: Channel, number: int) -> discord.ForumChannel:
        with reaching(channel):
            place = await self._client.fetch_channel(number)
        if not isinstance(place, discord.ForumChannel):
            raise ChannelLost(f"Nothing can be posted to channel {number}: choose a text channel or a forum.")
        return place

    async def _is_forum(self, channel: Channel, number: int) -> bool:
        """Whether it is one, asked for once the history of a channel tells nothing."""
        if number in self._forums:
            return True
        with looking(channel):
            is_forum = isinstance(await self._client.fetch_channel(number), discord.ForumChannel)
        if is_forum:
            self._forums.add(number)
        return is_forum

    async def _find_in_forum(self, channel: Channel, number: int, key: str, since: datetime) -> str | None:
        """The thread that we opened with this key, among those that are open, then among those closed since."""
        forum = await self._forum(channel, number)
        with looking(channel):
            async for thread in _threads(forum, since):
                if not self._owns(thread) or discord.utils.snowflake_time(thread.id) < since:
                    continue
                async for post in _history(thread, since):
                    if self._is_ours(post) and key in _keys(post):
                        return str(thread.id)
                    break
        return None

    def _owns(self, thread: discord.Thread) -> bool:
        user = self._client.user
        return thread.owner_id == self._client.application_id or (
            user is not None and thread.owner_id == user.id
        )

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
        with reaching(channel):
            person = await self._client.fetch_user(int(channel.external_id[1:]))
            direct = await person.create_dm()
        return self._client.get_partial_messageable(direct.id)

    def _is_ours(self, post: discord.Message) -> bool:
        return self._client.user is not None and post.author.id == self._client.user.id

    async def _has_news(self, number: int, since: datetime) -> bool:
        """Whether something was posted since: without the right to read it, a history comes back empty."""
        place = await self._client.fetch_channel(number)
        newest: int | None = getattr(place, "last_message_id", None)
        return newest is not None and discord.utils.snowflake_time(newest) > since


@lru_cache(maxsize=16)
def _rendered(message: Message) -> tuple[Mapping[str, Any], ...]:
    """Its embeds, with room for any key: the channels of one server are told the same."""
    return tuple(embed.to_dict() for embed in render(message, key="x" * limits.NONCE))


def _embeds(message: Message, key: str) -> list[discord.Embed]:
    embeds = [discord.Embed.from_dict(embed) for embed in _rendered(message)]
    embeds[-1].set_footer(text=key)
    return embeds


async def _history(place: discord.abc.Messageable, since: datetime) -> AsyncIterator[discord.Message]:
    async for post in place.history(after=since, oldest_first=True, limit=LOOK_THROUGH):
        yield post


async def _threads(forum: discord.ForumChannel, since: datetime) -> AsyncIterator[discord.Thread]:
    """Those in which something may have been posted since; a forum may close them after an hour without news."""
    for thread in await forum.guild.active_threads():
        if thread.parent_id == forum.id:
            yield thread
    async for thread in forum.archived_threads(limit=LOOK_THROUGH):
        if thread.archive_timestamp < since:
            return
        yield thread


def _tags(forum: discord.ForumChannel) -> list[discord.ForumTag]:
    """The first that anybody may give, where a forum wants one."""
    return [tag for tag in forum.available_tags if not tag.moderated][:1] if forum.flags.require_tag else []


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
