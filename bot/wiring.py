"""The one composition root: opens the rooms, hands them to each other, and closes them in order."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from bot.desk import FrontDesk
from bot.operations.watching import Unwatched
from bot.settings import Settings
from news.channels import Platform
from news.errors import ReadingAway, StoreError

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import SecretStr

    from bot.platforms.slack.login import Workspaces
    from bot.ports import Clock, Clusterer, Desk, FeedReader, Messenger, ReadingJobs, Summarizer
    from bot.repositories import Store
    from news.articles import Article
    from news.briefs import Brief
    from news.stances import Stance
    from news.statements import Statement
    from news.stories import Assignment, Learnt, Member, Signature
    from news.targets import Target
    from storage.backup import Written
    from storage.progress import Watch
    from storage.restore import Ready
    from storage.soundness import SqlSoundness
    from summarizer.models.writing import Writer

T = TypeVar("T")
KEPT = 50
"""So many articles that were read lately are remembered, should they come again since they could not be stored."""
_Asked = tuple["Article", tuple["Target", ...]]


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """Now, aware, in UTC."""
        return datetime.now(UTC)


class ThreadedStories:
    """A clusterer in a thread, and what it has been told. After a failure it begins anew."""

    def __init__(self, make: Callable[[], Clusterer]) -> None:
        self._make = make
        self._clusterer = make()
        self.learnt: Learnt | None = None

    async def reset(self) -> None:
        """Forgets everything."""
        self._clusterer, self.learnt = self._make(), None

    async def learn(self, members: Sequence[Member], learnt: Learnt) -> None:
        """As `Clusterer.learn`; `learnt` is what is known from then on."""
        await self._run(lambda: self._clusterer.learn(members))
        self.learnt = learnt

    async def forget(self, before: datetime) -> None:
        """As `Clusterer.forget`."""
        await self._run(lambda: self._clusterer.forget(before))
        if self.learnt is not None:
            self.learnt = replace(self.learnt, since=before)

    async def assign(self, new: Sequence[Member]) -> tuple[Assignment, ...]:
        """As `Clusterer.assign`."""
        return await self._run(lambda: self._clusterer.assign(new))

    async def _run(self, step: Callable[[], T]) -> T:
        """The step in a thread; when it fails or is given up, what it left behind is not trusted."""
        try:
            return await asyncio.to_thread(step)
        except BaseException:
            await self.reset()
            raise


class ThreadedUnderstanding:
    """Runs the summarizer and the clusterer in threads, so that the event loop goes on answering.

    As many articles are read side by side as there are cores, unless `threads` says how many: most of the time goes by
    in the model, which lets other threads run.
    """

    def __init__(
        self, summarizer: Summarizer, clusterer: Callable[[], Clusterer], *, threads: int | None = None
    ) -> None:
        from feeds.workers import cores

        self._summarizer = summarizer
        self._stories = ThreadedStories(clusterer)
        self._turn = asyncio.Lock()
        self.at_once = threads or cores()
        """How many articles are read side by side."""
        self._readers = ThreadPoolExecutor(self.at_once, thread_name_prefix="reader")
        self._understood: OrderedDict[_Asked, tuple[Brief, Signature]] = OrderedDict()

    async def understand(
        self, articles: Sequence[Article], targets: Sequence[Sequence[Target]]
    ) -> Sequence[tuple[Brief, Signature]]:
        """The brief and the signature of each, in order; `targets` are those of each.

        An article that fails while others do not has a brief that says so, for it must not keep all others waiting.
        Where none can be read the first failure is raised. What was asked for lately, and comes again since it
        could not be stored, is not read again: that costs time, and money where a larger model writes.
        """
        asked = [(article, tuple(some)) for article, some in zip(articles, targets, strict=True)]
        made = await asyncio.gather(*(self._understand(*one) for one in asked), return_exceptions=True)
        for of, one in zip(asked, made, strict=True):
            if not isinstance(one, BaseException):
                self._understood[of] = one
                self._understood.move_to_end(of)
        while len(self._understood) > max(KEPT, len(asked)):
            self._understood.popitem(last=False)
        failures = [one for one in made if isinstance(one, BaseException)]
        for failure in failures:  # once all have ended: nobody reads on unseen
            if len(failures) == len(made) or _is_no_articles_fault(failure):
                raise failure
        return [
            _unread(article, one) if isinstance(one, BaseException) else one
            for article, one in zip(articles, made, strict=True)
        ]

    async def brief(self, article: Article, targets: Sequence[Target]) -> Brief:
        """As `Summarizer.brief`."""
        return await self._read(lambda: self._summarizer.brief(article, targets))

    async def positions(
        self, article: Article, statements: Sequence[Statement], targets: Sequence[Target]
    ) -> tuple[Stance, ...]:
        """As `Summarizer.positions`."""
        return await self._read(lambda: self._summarizer.positions(article, statements, targets))

    async def fault(self, target: Target, others: Sequence[Target]) -> str | None:
        """As `Summarizer.fault`."""
        return await self._read(lambda: self._summarizer.fault(target, others))

    @asynccontextmanager
    async def stories(self) -> AsyncIterator[ThreadedStories]:
        """The stories of a few days, for one at a time; where that one fails, what they hold may not be stored."""
        async with self._turn:
            try:
                yield self._stories
            except BaseException:
                await self._stories.reset()
                raise

    def close(self) -> None:
        """Begins to read no further article; what is being read is not waited for."""
        self._readers.shutdown(wait=False, cancel_futures=True)

    async def _understand(self, article: Article, targets: tuple[Target, ...]) -> tuple[Brief, Signature]:
        if (article, targets) in self._understood:
            return self._understood[article, targets]
        import structlog

        read = self._summarizer
        with structlog.contextvars.bound_contextvars(article=article.id):
            return await self._read(lambda: (read.brief(article, targets), read.sign(article)))

    async def _read(self, step: Callable[[], T]) -> T:
        """The step in a thread, where log lines bear the same ids."""
        step = partial(copy_context().run, step)
        return await asyncio.get_running_loop().run_in_executor(self._readers, step)


def _is_no_articles_fault(failure: BaseException) -> bool:
    return isinstance(failure, ReadingAway) or not isinstance(failure, Exception)


def _unread(article: Article, error: BaseException) -> tuple[Brief, Signature]:
    """What stands for an article that nobody can read."""
    import structlog

    from bot.jobs.unread import unread_brief

    structlog.get_logger("attache").error("An article cannot be read.", article=article.id, exc_info=error)
    return unread_brief(article, "The article could not be read: the log says why.")


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


def make_understanding(settings: Settings, watch: Unwatched | None = None) -> ThreadedUnderstanding:
    """The summarizer and the clusterer in this process; their libraries and models are loaded with the first article."""
    return _understanding(make_summarizer(settings), watch, settings.reading_at_once)


@asynccontextmanager
async def open_understanding(
    settings: Settings, watch: Unwatched, *, elsewhere: bool
) -> AsyncIterator[ThreadedUnderstanding]:
    """Likewise, with the summarizer in processes of its own where it is to be `elsewhere`; closed at the end."""
    async with AsyncExitStack() as stack:
        if elsewhere:
            from bot.apart import MOST, apart
            from feeds.workers import cores

            count = settings.reading_at_once or min(cores(), MOST)
            summarizer = await stack.enter_async_context(apart(settings, count))
            understanding = _understanding(summarizer, watch, count)
        else:
            understanding = make_understanding(settings, watch)
        stack.callback(understanding.close)
        yield understanding


def _understanding(
    summarizer: Summarizer, watch: Unwatched | None, at_once: int | None
) -> ThreadedUnderstanding:
    from summarizer.stories import Clusterer

    watched = watch.summarizer(summarizer) if watch else summarizer
    return ThreadedUnderstanding(watched, Clusterer, threads=at_once)


def make_summarizer(settings: Settings) -> Summarizer:
    """What reads articles; its libraries and models are loaded with the first one."""
    from summarizer.pipeline import Pipeline

    return Pipeline(make_writer(settings), tell=_warn)


def make_writer(settings: Settings) -> Writer | None:
    """The larger model that the settings name, not loaded and not asked yet; None where they name none."""
    if settings.summary_model is not None:
        from summarizer.models.local import LocalWriter

        return LocalWriter(settings.summary_model, timeout=settings.summary_timeout)
    if settings.summary_server is not None and settings.summary_server_model is not None:
        from summarizer.models.remote import ServerWriter

        key = settings.summary_server_key
        return ServerWriter(
            settings.summary_server,
            settings.summary_server_model,
            key=key.get_secret_value() if key is not None else None,
            timeout=settings.summary_timeout,
        )
    return None


def _warn(sentence: str) -> None:
    import structlog

    structlog.get_logger("attache").warning(sentence)


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
    reads_elsewhere: bool = False,
) -> AsyncIterator[App]:
    """The whole application on an upgraded database. Raises StoreError.

    A database that is not there is refused, for its address may have been mistyped, unless we are to `make` it. Who is
    asked while it reads has that done in processes of their own.
    """
    from storage.engine import open_store, where_to_make

    clock, watch = clock or SystemClock(), watch or Unwatched()
    url = settings.database_url.get_secret_value()
    new = where_to_make(url)
    if new is not None and not make:
        raise StoreError(
            f"There is no database at {new}: what stores something makes it, such as `attache feeds add` or "
            "`attache import`; or set ATTACHE_DATABASE_URL right."
        )
    async with (
        open_store(url) as store,
        open_reader(settings) as plain_reader,
        open_understanding(settings, watch, elsewhere=reads_elsewhere) as understanding,
    ):
        reader = watch.reader(plain_reader)
        desk = FrontDesk(store, reader, understanding, clock, timezone=settings.timezone, meter=watch.meter)
        yield App(settings, clock, store, reader, understanding, watch.desk(desk), new, watch)


def load_platforms(settings: Settings) -> tuple[Platform, ...]:
    """The platforms on which these settings have people ask, with their libraries loaded: that takes a second."""

    found: list[Platform] = []
    if settings.role.posts and settings.discord_token is not None:
        import bot.platforms.discord.client

        found.append(Platform.DISCORD)
    if settings.role.posts and (settings.slack_bot_token is not None or settings.slack_client_id is not None):
        import bot.platforms.slack.app  # noqa: F401

        found.append(Platform.SLACK)
    return tuple(found)


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
