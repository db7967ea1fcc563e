"""The one composition root: opens the rooms, hands them to each other, and closes them in order."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from bot.courtesy import Courtesy
from bot.desk import FrontDesk
from bot.operations.watching import Unwatched
from bot.settings import Settings, secrets_of
from bot.understanding import ThreadedUnderstanding, open_understanding
from news.channels import Platform
from news.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import SecretStr

    from bot.apart import LookUps
    from bot.platforms.slack.login import Workspaces
    from bot.ports import Clock, Desk, FeedReader, Messenger, ReadingJobs
    from bot.repositories import Store
    from storage.backup import Written
    from storage.progress import Watch
    from storage.restore import Ready
    from storage.soundness import SqlSoundness


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """Now, aware, in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class App:
    """Everything the surfaces need, opened."""

    settings: Settings
    clock: Clock
    store: Store
    reader: FeedReader
    understanding: ThreadedUnderstanding
    desk: Desk
    new: str | None = None
    """Where the database was made, if it was not there before."""
    watch: Unwatched = field(default_factory=Unwatched)
    """Who looks at it all."""
    courtesy: Courtesy = field(default_factory=Courtesy)
    """Whom other work lets pass."""
    look_ups: LookUps | None = None
    """Who answers look-ups, where processes of their own do."""


@asynccontextmanager
async def open_reader(settings: Settings) -> AsyncIterator[FeedReader]:
    """Only the reader of feeds and pages, for commands that store nothing."""
    from feeds.reader import Reader

    reader = Reader(user_agent=settings.user_agent, private_hosts=settings.private_hosts)
    try:
        yield reader
    finally:
        await reader.aclose()


def is_shared(settings: Settings) -> bool:
    """Whether several processes may be at work on the settings' store at one time. Raises StoreError."""
    from storage.engine import database_url

    return database_url(settings.database_url.get_secret_value()).get_backend_name() == "postgresql"


@asynccontextmanager
async def open_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    make: bool = False,
    watch: Unwatched | None = None,
    lasts: bool = False,
) -> AsyncIterator[App]:
    """The whole application on an upgraded database. Raises StoreError.

    A database that is not there is refused, for its address may have been mistyped, unless we are to `make` it. What
    `lasts` is asked while it reads and posts: reading, and look-ups, have processes of their own then.
    """
    from storage.engine import open_store, where_to_make

    clock, watch = clock or SystemClock(), watch or Unwatched()
    url = settings.database_url.get_secret_value()
    new = where_to_make(url)
    if new is not None and not make:
        raise _no_database(new)
    async with (
        _begin_look_ups(look_up_processes(settings) if lasts else 0) as look_ups,
        open_store(url) as store,
        _looking_up_in(look_ups, settings),
        open_reader(settings) as plain_reader,
        open_understanding(settings, watch, elsewhere=lasts) as understanding,
    ):
        reader = watch.reader(plain_reader)
        courtesy = Courtesy()
        desk = FrontDesk(
            store,
            reader,
            understanding,
            clock,
            timezone=settings.timezone,
            meter=watch.meter,
            courtesy=courtesy,
            look_ups=look_ups,
        )
        yield App(
            settings, clock, store, reader, understanding, watch.desk(desk), new, watch, courtesy, look_ups
        )


def _no_database(path: str) -> StoreError:
    return StoreError(
        f"There is no database at {path}: what stores something makes it, such as `attache feeds add` or "
        "`attache import`; or set ATTACHE_DATABASE_URL right."
    )


def look_up_processes(settings: Settings) -> int:
    """How many answer look-ups: where nothing is set one, unless it would have no core of its own."""
    from feeds.workers import cores
    from storage.engine import database_url, is_memory

    if not settings.role.posts or not settings.platforms:
        return 0
    if is_memory(database_url(settings.database_url.get_secret_value())):
        return 0
    most = settings.look_up_processes
    return most if most is not None else int(cores() > 1)


@asynccontextmanager
async def _begin_look_ups(processes: int) -> AsyncIterator[LookUps | None]:
    if not processes:
        yield None
        return
    from bot.apart import LookUps

    async with LookUps(processes).begun() as look_ups:
        yield look_ups


@asynccontextmanager
async def _looking_up_in(look_ups: LookUps | None, settings: Settings) -> AsyncIterator[None]:
    """While the body runs, the store is there to look things up in."""
    if look_ups is None:
        yield
        return
    from bot.apart import Place

    url = settings.database_url.get_secret_value()
    dsn = _secret(settings.sentry_dsn)
    async with look_ups.at(Place(url, settings.log_level, settings.log_format, secrets_of(settings), dsn)):
        yield


def load_platforms(settings: Settings) -> tuple[Platform, ...]:
    """The platforms on which these settings have people ask, with their libraries loaded: that takes a second."""

    if Platform.DISCORD in settings.platforms:
        import bot.platforms.discord.client
    if Platform.SLACK in settings.platforms:
        import bot.platforms.slack.app
        import bot.platforms.slack.workspaces  # noqa: F401
    return settings.platforms


@asynccontextmanager
async def open_jobs(app: App) -> AsyncIterator[ReadingJobs | None]:
    """By which processes share the reading; None where nobody shares the store. Raises StoreError and its kinds."""
    if not app.store.is_shared:
        yield None
        return
    from storage.jobs.reading import open_reading_queue

    async with open_reading_queue(app.settings.database_url.get_secret_value()) as jobs:
        yield jobs


@asynccontextmanager
async def open_discord(app: App) -> AsyncIterator[Messenger]:
    """The Discord bot at work, for as long as the body runs. Raises DeliveryError, InputError."""
    from bot.platforms.allowance import Allowance
    from bot.platforms.discord.client import connected
    from bot.schedule import PATIENCE

    settings = app.settings
    assert settings.discord_token is not None
    async with connected(
        app.desk,
        settings.discord_token.get_secret_value(),
        api_url=settings.discord_api_url,
        gateway_url=settings.discord_gateway_url,
        shard_count=settings.discord_shards,
        shard_ids=settings.discord_shard_ids,
        limited=partial(app.watch.meter.limited, Platform.DISCORD),
        heard_on=partial(app.watch.meter.heard_on, Platform.DISCORD),
        patience=PATIENCE.total_seconds(),
        allowance=Allowance(settings.commands_a_minute),
    ) as messenger:
        yield messenger


@asynccontextmanager
async def open_slack(app: App) -> AsyncIterator[Messenger]:
    """The Slack app at work, for as long as the body runs. Raises DeliveryError, InputError."""
    from bot.platforms.allowance import Allowance
    from bot.platforms.slack.app import connected
    from bot.platforms.slack.envelopes import Shared
    from bot.schedule import PATIENCE

    settings = app.settings
    async with connected(
        app.desk,
        workspaces=await _workspaces(app),
        bot_token=_secret(settings.slack_bot_token),
        app_token=_secret(settings.slack_app_token),
        signing_secret=_secret(settings.slack_signing_secret),
        http_address=settings.slack_http,
        api_url=settings.slack_api_url,
        command_names=settings.slack_commands,
        managers=settings.slack_managers,
        handled=Shared(app.store, app.clock) if app.store.is_shared else None,
        limited=partial(app.watch.meter.limited, Platform.SLACK),
        heard_on=partial(app.watch.meter.heard_on, Platform.SLACK),
        patience=PATIENCE.total_seconds(),
        allowance=Allowance(settings.commands_a_minute),
    ) as messenger:
        yield messenger


async def _workspaces(app: App) -> Workspaces | None:
    """Several of Slack's, where the settings say so. Raises InputError for keys that do not open what is kept."""
    from bot.platforms.slack.workspaces import StoredWorkspaces

    settings = app.settings
    if settings.slack_client_id is None:
        return None
    assert settings.slack_client_secret is not None
    assert settings.slack_token_key is not None
    workspaces = StoredWorkspaces(
        app.store,
        app.clock,
        client_id=settings.slack_client_id,
        client_secret=settings.slack_client_secret.get_secret_value(),
        keys=settings.slack_token_key.get_secret_value(),
    )
    await workspaces.prepare()
    return workspaces


def _secret(value: SecretStr | None) -> str | None:
    return None if value is None else value.get_secret_value()


def soundness_of(settings: Settings) -> SqlSoundness:
    """The store as it is asked about itself; nothing is opened yet, made or upgraded. Raises StoreError."""
    from storage.soundness import SqlSoundness

    return SqlSoundness(settings.database_url.get_secret_value())


async def upgrade_database(settings: Settings, watch: Watch) -> tuple[str, str | None]:
    """Brings the database to this program's version; that version, and where the database was made if it was.

    Raises StoreError.
    """
    from storage.engine import where_to_make
    from storage.upgrade import upgrade

    url = settings.database_url.get_secret_value()
    new = where_to_make(url)
    return await upgrade(url, watch), new


async def vacuum_database(settings: Settings) -> tuple[int, int] | None:
    """Gives back to the disk what is empty in an SQLite file; its sizes before and after. Raises StoreError."""
    from storage.room import vacuum

    return await vacuum(settings.database_url.get_secret_value())


@dataclass(frozen=True, slots=True)
class Scrubbing:
    """As `storage.scrubbing`, of the settings' database."""

    url: str
    watch: Watch

    async def scrub(self) -> None:
        """Takes what was erased out of the database's file. Raises StoreError."""
        from storage.scrubbing import scrub

        await scrub(self.url, self.watch)

    async def empty_log(self) -> None:
        """Empties the file's log of what was erased last. Raises StoreError."""
        from storage.scrubbing import empty_log

        await empty_log(self.url)


def scrubbing(settings: Settings, watch: Watch) -> Scrubbing:
    """What takes erased rows out of the database's file."""
    return Scrubbing(settings.database_url.get_secret_value(), watch)


async def back_up(settings: Settings, file: Path | None, *, force: bool, watch: Watch) -> Written:
    """As `storage.backup.back_up`."""
    from storage import backup

    url = settings.database_url.get_secret_value()
    return await backup.back_up(url, file, now=SystemClock().now(), watch=watch, force=force)


async def dump_store(settings: Settings, out: BinaryIO, *, watch: Watch) -> None:
    """As `storage.backup.dump`."""
    from storage import backup

    await backup.dump(settings.database_url.get_secret_value(), out, now=SystemClock().now(), watch=watch)


async def dump_to_file(settings: Settings, file: Path, *, force: bool, watch: Watch) -> Written:
    """As `storage.backup.dump_to`."""
    from storage import backup

    url = settings.database_url.get_secret_value()
    return await backup.dump_to(url, file, now=SystemClock().now(), watch=watch, force=force)


@asynccontextmanager
async def open_copy(
    settings: Settings, file: Path, name: str, *, replace: bool, watch: Watch
) -> AsyncIterator[Ready]:
    """As `storage.restore.prepared`; `name` is what people call the file."""
    from storage.checking import Source
    from storage.restore import prepared

    url = settings.database_url.get_secret_value()
    async with prepared(
        url, Source(file, name), replace=replace, now=SystemClock().now(), watch=watch
    ) as ready:
        yield ready
