"""Refusals: what Discord's failures mean for a post, and whether it may be there all the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from bot.platforms.discord.pacing import asking
from news.channels import Channel
from news.errors import ChannelLost, DeliveryError, DeliveryUnknown, PlatformAway

UNREADABLE = "Discord does not let the bot read channel {}: give it Read Message History there."
_NO_TEXT_CHANNEL = 50008
"""Discord's code for a post to what takes none."""
_BROKEN_OFF = (aiohttp.ClientError, OSError, TimeoutError)
_UNLIKE_DISCORD = (discord.InvalidData, KeyError, TypeError, ValueError)


class IsForum(Exception):
    """The channel takes no posts."""


class Gone(Exception):
    """Somebody took the opening or its thread away: what was to follow follows nothing."""


@contextmanager
def posting(channel: Channel, *, within: bool = False, once: bool = False) -> Iterator[None]:
    """Discord's failures as ours, where it may have acted all the same; `within` a thread that hangs on a post of ours.

    discord.py asks again where Discord fails, which is harmless where it knows what it was asked before; else ask
    `once`.
    """
    where = f"channel {channel.external_id}"
    with asking(once=once) as asked:
        try:
            yield
        except discord.HTTPException as error:
            if error.code == _NO_TEXT_CHANNEL and not within:
                raise IsForum from error
            if within and error.status == 404:
                raise Gone from error
            refusal = _refusal(error, where, within=within)
            if asked.unsure and not refusal.permanent and not isinstance(refusal, DeliveryUnknown):
                raise _broken_off(where) from error
            raise refusal from error
        except discord.RateLimited as error:
            raise (_broken_off(where) if asked.unsure else _full(where)) from error
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as error:
            if asked.unsure:
                raise _broken_off(where) from error
            raise PlatformAway("Discord cannot be reached: check the network.") from error
        except _BROKEN_OFF as error:
            raise _broken_off(where) from error
        except _UNLIKE_DISCORD as error:
            raise DeliveryUnknown(f"Discord's answer cannot be read: look into {where}.") from error


@contextmanager
def looking(channel: Channel) -> Iterator[None]:
    """Discord's failures as ours, where nothing but reading was asked."""
    try:
        yield
    except (discord.Forbidden, discord.NotFound) as error:
        raise DeliveryUnknown(UNREADABLE.format(channel.external_id)) from error
    except (discord.HTTPException, discord.RateLimited, *_BROKEN_OFF, *_UNLIKE_DISCORD) as error:
        raise PlatformAway("Discord does not show the channel now: try again later.") from error


@contextmanager
def reaching(channel: Channel) -> Iterator[None]:
    """As `posting`, where nothing but the way to the channel was asked."""
    try:
        with posting(channel):
            yield
    except DeliveryUnknown as error:
        raise PlatformAway("Discord does not show the channel now: try again later.") from error


@contextmanager
def begun() -> Iterator[None]:
    """Around what follows an opening: as that is there, what waits is no longer the whole, and must be looked for."""
    try:
        yield
    except DeliveryError as error:
        if error.permanent or isinstance(error, DeliveryUnknown):
            raise
        raise DeliveryUnknown(str(error)) from error


def _broken_off(where: str) -> DeliveryUnknown:
    return DeliveryUnknown(f"The connection broke before Discord answered: look into {where}.")


def _full(where: str) -> DeliveryError:
    return DeliveryError(f"Discord takes no more posts to {where} now: try again later.")


def _refusal(error: discord.HTTPException, where: str, *, within: bool) -> DeliveryError:
    match error.status:
        case 401:
            return PlatformAway("Discord refuses the token: set ATTACHE_DISCORD_TOKEN to the current one.")
        case 403:
            needed = "View Channel, Send Messages and Embed Links"
            return ChannelLost(
                f"Discord does not let the bot post in {where}: "
                f"give it {'Send Messages in Threads and Embed Links' if within else needed} there."
            )
        case 404:
            return ChannelLost(f"Discord has no {where}: choose another channel.")
        case 429 if not error.response.headers.get("Via"):  # not Discord itself: what stands before it
            return PlatformAway("Discord takes nothing from this address for a while: try again later.")
        case 408 | 429:
            return _full(where)
        case status if status >= 500:
            return DeliveryUnknown(f"Discord failed with status {status}: look into {where}.")
        case status:
            return DeliveryError(
                f"Discord refuses the post to {where} (status {status}, code {error.code}): "
                "report it with the log.",
                permanent=True,
            )
