"""The connection to Discord: log in, register the commands, stay connected, and close in order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import discord
import structlog
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from bot.platforms.discord.cogs.administration import administration
from bot.platforms.discord.cogs.lookups import look_ups
from bot.platforms.discord.messenger import DiscordMessenger
from bot.platforms.discord.rendering import render_error
from bot.ports import Desk
from news.errors import AttacheError, DeliveryError, InputError, StoreError, StoreUnknown

log = structlog.get_logger(__name__)

BROKEN = "That did not work; the log has the details."
AWAY = "Attaché cannot use its database just now: ask again in a minute; the log has the details."
UNKNOWN = (
    "Attaché lost its database while it was storing that: look whether it is there before you ask again."
)
CLOSING = "Attaché is being restarted: ask again in a minute."
REFUSED = "Discord refused the token: set ATTACHE_DISCORD_TOKEN to the one on the application's Bot page."
_CONNECTION_FAILURES = (aiohttp.ClientError, OSError, TimeoutError)
_LONGEST_PAUSE = 60.0


@asynccontextmanager
async def connected(
    desk: Desk,
    token: str,
    *,
    api_url: str | None = None,
    gateway_url: str | None = None,
    patience: float = 10.0,
    pause: float = 1.0,
) -> AsyncIterator[DiscordMessenger]:
    """The bot at work while the body runs: commands go to the desk, posts through the messenger.

    Posts can be sent at once; commands are answered as soon as the gateway lets us in. `api_url` and
    `gateway_url` replace Discord's own addresses. At the end, commands being answered have `patience` seconds
    to finish. `pause` is how long to wait, at first, before a broken connection is made anew.
    Raises InputError for an address that is none, DeliveryError when Discord cannot be reached or refuses the
    token; the body is cancelled when it does so later on.
    """
    with _addresses(api_url, gateway_url):
        with _left_out_on_purpose():
            client = AttacheClient(desk)
        async with client:
            await client.log_in(token)
            await client.register_commands()
            async with _alongside(client.stay_connected(pause)):
                try:
                    yield DiscordMessenger(client)
                finally:
                    await client.finish(patience)


class AttacheClient(discord.Client):
    """One bot account: it hears commands and nothing else, and none of its words ever pings anyone."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            intents=discord.Intents.none(),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
        )
        self._closing = False
        self._answering: set[asyncio.Task[Any]] = set()
        self.tree = _Tree(self)
        for command in look_ups(desk):
            self.tree.add_command(command)
        for group in administration(desk):
            self.tree.add_command(group)

    async def log_in(self, token: str) -> None:
        """Shows Discord the token. Raises DeliveryError."""
        if not token.isascii() or len(token.split()) != 1:
            raise DeliveryError(REFUSED, permanent=True)
        try:
            await self.login(token)
        except discord.LoginFailure as error:
            raise DeliveryError(REFUSED, permanent=True) from error
        except discord.HTTPException as error:
            raise DeliveryError(
                f"Discord answered the log-in with status {error.status}: try later."
            ) from error
        except _CONNECTION_FAILURES as error:
            raise DeliveryError(f"Discord cannot be reached at {Route.BASE}: check the network.") from error
        except (KeyError, TypeError, ValueError) as error:
            raise DeliveryError(
                f"What answers at {Route.BASE} is not Discord: check ATTACHE_DISCORD_API_URL."
            ) from error

    async def register_commands(self) -> None:
        """Tells Discord the commands. They stay as they were when it does not take them."""
        try:
            await self.tree.sync()
        except (discord.DiscordException, *_CONNECTION_FAILURES):
            log.exception("discord did not take the commands")

    async def stay_connected(self, pause: float) -> None:
        """Listens until it is closed. Raises DeliveryError when Discord lets us in no more."""
        wait = pause
        clock = asyncio.get_running_loop()
        while True:
            begun = clock.time()
            try:
                await self.connect()
            except (discord.ConnectionClosed, discord.PrivilegedIntentsRequired) as error:
                code = getattr(error, "code", None)
                raise DeliveryError(
                    f"Discord ended the connection (code {code}): check ATTACHE_DISCORD_TOKEN.",
                    permanent=True,
                ) from error
            except Exception:  # discord.py stops at any event it cannot read
                log.exception("discord connection broke, connecting again", seconds=wait)
            else:
                return
            await self._drop_socket()
            if clock.time() - begun > _LONGEST_PAUSE:  # it had been well: this is a new trouble
                wait = pause
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_PAUSE)

    async def on_ready(self) -> None:
        """Says who we are."""
        log.info("discord connected", bot=str(self.user), guilds=len(self.guilds))

    def take(self) -> bool:
        """Whether the command that runs in this task may be answered; if so, closing waits for it."""
        task = asyncio.current_task()
        if self._closing or task is None:
            return False
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)
        return True

    async def finish(self, patience: float) -> None:
        """Takes no more commands, and waits for those being answered."""
        self._closing = True
        if not self._answering:
            return
        _, late = await asyncio.wait(self._answering, timeout=patience)
        for task in late:
            task.cancel()
        if late:
            log.warning("commands left unanswered", count=len(late))
            await asyncio.wait(late)

    async def _drop_socket(self) -> None:
        if self.ws is not None and self.ws.open:
            await self.ws.close(code=4000)


class _Tree(app_commands.CommandTree[AttacheClient]):
    """Where commands arrive, and where every failure becomes words."""

    async def interaction_check(self, interaction: discord.Interaction[AttacheClient], /) -> bool:
        """Whether the command is taken: not while we close."""
        taken = self.client.take()
        if not taken and interaction.type is discord.InteractionType.application_command:
            await _tell(interaction, CLOSING)
        return taken

    async def on_error(
        self, interaction: discord.Interaction[AttacheClient], error: app_commands.AppCommandError, /
    ) -> None:
        """What the reader can mend is told to them alone; the rest goes to the log."""
        cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
        if isinstance(cause, StoreError):  # where the database is concerns only those who run it
            log.error("discord command failed", command=_name_of(interaction), error=str(cause))
            await _tell(interaction, UNKNOWN if isinstance(cause, StoreUnknown) else AWAY)
            return
        if not isinstance(cause, AttacheError):
            log.error("discord command failed", command=_name_of(interaction), exc_info=cause)
        await _tell(interaction, str(cause) if isinstance(cause, AttacheError) else BROKEN)


async def _tell(interaction: discord.Interaction[AttacheClient], sentence: str) -> None:
    """Answers privately, also where a public answer was announced: that announcement is taken back first."""
    content, nobody = render_error(sentence), discord.AllowedMentions.none()
    try:
        if not interaction.response.is_done():
            await interaction.response.send_message(content, ephemeral=True, allowed_mentions=nobody)
            return
        # The first follow-up is as public as the announcement that it answers; without one it may be private.
        await interaction.delete_original_response()
        await interaction.followup.send(content, ephemeral=True, allowed_mentions=nobody)
    except (discord.HTTPException, *_CONNECTION_FAILURES) as error:
        log.warning("discord command left unanswered", command=_name_of(interaction), error=str(error))


def _name_of(interaction: discord.Interaction[AttacheClient]) -> str | None:
    return interaction.command.qualified_name if interaction.command else None


@asynccontextmanager
async def _alongside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Runs `work` while the body runs, and fails as either fails first."""
    failure: BaseException | None = None
    try:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(work)
            try:
                yield
            finally:
                task.cancel()
    except BaseExceptionGroup as failures:
        failure = failures.exceptions[0]
    if failure is not None:
        raise failure


@contextmanager
def _left_out_on_purpose() -> Iterator[None]:
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


@contextmanager
def _addresses(api_url: str | None, gateway_url: str | None) -> Iterator[None]:
    """discord.py talks to these addresses meanwhile; it keeps them for the whole process."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    _check("ATTACHE_DISCORD_API_URL", api_url, {"http", "https"})
    _check("ATTACHE_DISCORD_GATEWAY_URL", gateway_url, {"ws", "wss"})
    Route.BASE = api_url.rstrip("/") if api_url else before[0]
    DiscordWebSocket.DEFAULT_GATEWAY = URL(gateway_url) if gateway_url else before[1]
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before


def _check(name: str, url: str | None, schemes: set[str]) -> None:
    if url is None:
        return
    try:
        parts = urlsplit(url)
        usable = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise InputError(
            f"{name} cannot be used: write an address that begins with {' or '.join(sorted(schemes))}."
        )
