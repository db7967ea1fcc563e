"""Logging in to Discord, with a clear line for everything that can be wrong about it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import discord
from discord.http import Route

from bot.platforms.discord.failures import CONNECTION_FAILURES
from news.errors import DeliveryError

REFUSED = "Discord refused the token: set ATTACHE_DISCORD_TOKEN to the one on the application's Bot page."


async def log_in(client: discord.Client, token: str) -> None:
    """Shows Discord the token. Raises DeliveryError."""
    if not token.isascii() or len(token.split()) != 1:
        raise DeliveryError(REFUSED, permanent=True)
    try:
        await client.login(token)
    except discord.LoginFailure as error:
        raise DeliveryError(REFUSED, permanent=True) from error
    except discord.HTTPException as error:
        raise DeliveryError(f"Discord answered the log-in with status {error.status}: try later.") from error
    except discord.RateLimited as error:
        raise DeliveryError("Discord lets nobody from here log in for a while: try later.") from error
    except CONNECTION_FAILURES as error:
        raise DeliveryError(f"Discord cannot be reached at {Route.BASE}: check the network.") from error
    except (KeyError, TypeError, ValueError) as error:
        raise DeliveryError(
            f"What answers at {Route.BASE} is not Discord: check ATTACHE_DISCORD_API_URL."
        ) from error


@contextmanager
def left_out_on_purpose() -> Iterator[None]:
    """discord.py warns of what we do without: the voice libraries, and the intent that tells about guilds."""
    loggers = [logging.getLogger(name) for name in ("discord.client", "discord.state")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
