"""The connection to Discord: log in, register the commands, stay connected, and close in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import discord
import structlog

from bot.grammar import Parsed
from bot.platforms.allowance import Allowance
from bot.platforms.alongside import alongside
from bot.platforms.discord.addresses import addresses
from bot.platforms.discord.buttons import Again
from bot.platforms.discord.cogs.administration import administration
from bot.platforms.discord.cogs.answering import turn
from bot.platforms.discord.cogs.lookups import look_ups
from bot.platforms.discord.failures import CONNECTION_FAILURES, tell
from bot.platforms.discord.login import left_out_on_purpose, log_in
from bot.platforms.discord.messenger import DiscordMessenger
from bot.platforms.discord.pacing import Pacer, paced
from bot.platforms.discord.translations import Translations
from bot.platforms.discord.tree import Tree
from bot.platforms.sentences import CLOSING
from bot.ports import Desk
from news.errors import DeliveryError

log = structlog.get_logger(__name__)

_LONGEST_PAUSE = 60.0
_FAREWELL = 1.0
"""Seconds that it may take to tell those who are left without an answer."""
LONGEST_WAIT = 60.0
"""Seconds for which a full channel is waited for at one time; a later beat tries again."""


@asynccontextmanager
async def connected(
    desk: Desk,
    token: str,
    *,
    api_url: str | None = None,
    gateway_url: str | None = None,
    shard_count: int | None = None,
    shard_ids: Sequence[int] = (),
    patience: float = 10.0,
    pause: float = 1.0,
    between_shards: float = 5.0,
    deaf_after: float = 60.0,
    pacer: Pacer | None = None,
    limited: Callable[[], None] = lambda: None,
    heard_on: Callable[[int], None] = lambda _: None,
    allowance: Allowance | None = None,
) -> AsyncIterator[DiscordMessenger]:
    """The bot at work while the body runs: commands go to the desk, posts through the messenger.

    Posts can be sent at once; commands are answered as soon as the gateway lets us in. `api_url` and
    `gateway_url` replace Discord's own addresses. Of `shard_count` shards, as many as Discord recommends where
    none is given, this process runs the `shard_ids`, or all; `between_shards` is how many seconds Discord wants
    between the beginnings of two. At the end, commands being answered have `patience` seconds
    to finish. After `deaf_after` seconds in which Discord acknowledges no heartbeat, the connection is made anew.
    `limited` is called where Discord refuses a request as one too many, `heard_on` with how many shards hear commands.
    `pause` is how long to wait, at first, before a broken connection is made anew. The `allowance` is how much one
    person may ask; without one, as much as they like.
    Raises InputError for an address that is none, DeliveryError when Discord cannot be reached or refuses the
    token; the body is cancelled when it does so later on.
    """
    with addresses(api_url, gateway_url):
        with left_out_on_purpose():
            client = AttacheClient(
                desk,
                shard_count=shard_count,
                shard_ids=shard_ids,
                between_shards=between_shards,
                deaf_after=deaf_after,
                pacer=pacer,
                limited=limited,
                heard_on=heard_on,
                allowance=allowance,
            )
        async with client:
            await log_in(client, token)
            await client.register_commands()
            async with alongside(client.stay_connected(pause)):
                try:
                    yield DiscordMessenger(client)
                finally:
                    await client.finish(patience)


class AttacheClient(discord.AutoShardedClient):
    """One bot account: it hears commands and nothing else, and none of its words ever pings anyone."""

    def __init__(
        self,
        desk: Desk,
        *,
        shard_count: int | None = None,
        shard_ids: Sequence[int] = (),
        between_shards: float = 5.0,
        deaf_after: float = 60.0,
        pacer: Pacer | None = None,
        limited: Callable[[], None] = lambda: None,
        heard_on: Callable[[int], None] = lambda _: None,
        allowance: Allowance | None = None,
    ) -> None:
        ids = list(shard_ids) or None
        super().__init__(
            intents=discord.Intents.none(),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            heartbeat_timeout=deaf_after,
            http_trace=paced(pacer or Pacer(), limited),
            max_ratelimit_timeout=LONGEST_WAIT,
            shard_count=shard_count,
            shard_ids=ids if shard_count is not None else None,  # type: ignore[arg-type]
        )
        self._desk = desk
        self.allowance = allowance or Allowance()
        self._recommended = shard_count is None
        self._between_shards = between_shards
        self._listening = False
        self._tell_heard_on = heard_on
        self._hearing: set[int] = set()
        self._closing = False
        self._answering: dict[asyncio.Task[Any], discord.Interaction[Any]] = {}
        self.tree = Tree(self)
        for command in look_ups(desk):
            self.tree.add_command(command)
        for group in administration(desk):
            self.tree.add_command(group)
        self.add_dynamic_items(Again)

    async def register_commands(self) -> None:
        """Tells Discord the commands. They stay as they were when it does not take them."""
        try:
            await self.tree.set_translator(Translations())
            await self.tree.sync()
        except (discord.DiscordException, *CONNECTION_FAILURES):
            log.exception("discord did not take the commands")

    async def stay_connected(self, pause: float) -> None:
        """Listens until it is closed. Raises DeliveryError when Discord lets us in no more."""
        wait = pause
        clock = asyncio.get_running_loop()
        while True:
            begun = clock.time()
            try:
                await self._listen()
            except (discord.ConnectionClosed, discord.PrivilegedIntentsRequired) as error:
                code = getattr(error, "code", None)
                raise DeliveryError(
                    f"Discord ended the connection (code {code}): check {_to_check(code)}.", permanent=True
                ) from error
            except Exception:  # discord.py stops at any event it cannot read
                log.exception("discord connection broke, connecting again", seconds=wait)
            else:
                return
            if clock.time() - begun > _LONGEST_PAUSE:  # it had been well: this is a new trouble
                wait = pause
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_PAUSE)

    async def _listen(self) -> None:
        """Listens until something goes wrong that discord.py does not mend."""
        if self._recommended:
            # Asked by ourselves: discord.py would go to the address that comes with it, whatever ours is.
            self.shard_count, _, _ = await self.http.get_bot_gateway()
        # Anew, for what shards of an earlier connection had to say concerns nobody any more.
        await self._async_setup_hook()
        self._listening = True
        try:
            await self.connect()
        finally:
            self._listening = False
            self._hearing.clear()
            self._tell_heard_on(0)

    async def close(self) -> None:
        """Ends everything; while we listen only the connection, for posts go on, and it is made anew."""
        if not self._listening:
            await super().close()
            return
        for shard in self.shards.values():
            await shard.disconnect()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Waits as long as Discord wants it between two shards."""
        if not initial:
            await asyncio.sleep(self._between_shards)

    async def on_ready(self) -> None:
        """Says who we are."""
        log.info("discord connected", bot=str(self.user), guilds=len(self.guilds), shards=len(self.shards))

    async def on_shard_ready(self, shard_id: int) -> None:
        """It hears commands from now on; so does one that was resumed."""
        self._hearing.add(shard_id)
        self._tell_heard_on(len(self._hearing))

    on_shard_resumed = on_shard_ready

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """It hears nothing until it is there again."""
        self._hearing.discard(shard_id)
        self._tell_heard_on(len(self._hearing))

    async def press(self, interaction: discord.Interaction[Any], asked: Parsed) -> None:
        """Answers a button."""
        await turn(self._desk, interaction, asked.command, asked.options)

    def take(self, interaction: discord.Interaction[Any]) -> bool:
        """Whether what runs in this task may be answered; if so, closing waits for it."""
        task = asyncio.current_task()
        if self._closing or task is None:
            return False
        self._answering[task] = interaction
        task.add_done_callback(lambda done: self._answering.pop(done, None))
        return True

    async def finish(self, patience: float) -> None:
        """Takes no more commands, and waits for those being answered; who waits in vain is told so."""
        self._closing = True
        if not self._answering:
            return
        _, late = await asyncio.wait(self._answering, timeout=patience)
        unanswered = [self._answering[task] for task in late]
        for task in late:
            task.cancel()
        if late:
            log.warning("commands left unanswered", count=len(late))
            await asyncio.wait(late)
            await asyncio.wait([asyncio.create_task(_excuse(each)) for each in unanswered])


async def _excuse(interaction: discord.Interaction[Any]) -> None:
    """Says that the answer does not come, if that can be said at once."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_FAREWELL):
            await tell(interaction, CLOSING)


def _to_check(code: int | None) -> str:
    """What a code that ends it for good is about: shards have codes of their own."""
    if code in (4010, 4011):
        return "ATTACHE_DISCORD_SHARDS and ATTACHE_DISCORD_SHARD_IDS"
    return "ATTACHE_DISCORD_TOKEN"
