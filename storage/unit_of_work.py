"""The store and its units of work: one transaction, one session, kept only when told to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from storage import sqlite
from storage.actors import SqlActors
from storage.articles import SqlArticles
from storage.briefs import SqlBriefs
from storage.clusters import SqlClusters
from storage.commits import commit
from storage.deliveries import SqlDeliveries
from storage.engine import WRITING
from storage.failures import busy, connecting, told
from storage.feeds import SqlFeeds
from storage.forgetting import SqlForgetting
from storage.handled import SqlHandled
from storage.installations import SqlInstallations
from storage.leases import SqlLeases
from storage.notices import SqlNotices
from storage.outages import SqlOutages
from storage.postgres import HOLDS_VERSION
from storage.rereading import SqlRereading
from storage.retention import SqlRetention
from storage.sqlite import FileInUse
from storage.stances import SqlStances
from storage.stories import SqlStories
from storage.subscriptions import SqlSubscriptions
from storage.targets import SqlTargets
from storage.timekeeping import SqlTimekeeping
from storage.workspaces import SqlWorkspaces


class SqlUnitOfWork:
    """One transaction. Nothing is kept unless `commit` is called."""

    def __init__(self, session: AsyncSession, keep: Callable[[], Awaitable[None]] | None) -> None:
        self._keep = keep
        self.workspaces = SqlWorkspaces(session)
        self.feeds = SqlFeeds(session)
        self.articles = SqlArticles(session)
        self.briefs = SqlBriefs(session)
        self.clusters = SqlClusters(session)
        self.stories = SqlStories(session)
        self.actors = SqlActors(session)
        self.targets = SqlTargets(session)
        self.stances = SqlStances(session)
        self.rereading = SqlRereading(session)
        self.subscriptions = SqlSubscriptions(session)
        self.deliveries = SqlDeliveries(session)
        self.notices = SqlNotices(session)
        self.installations = SqlInstallations(session)
        self.leases = SqlLeases(session)
        self.handled = SqlHandled(session)
        self.outages = SqlOutages(session)
        self.retention = SqlRetention(session)
        self.forgetting = SqlForgetting(session)
        self.timekeeping = SqlTimekeeping(session)

    async def commit(self) -> None:
        """Keeps what was done so far. Raises StoreUnknown where nobody can tell whether it was kept."""
        if self._keep is None:
            raise RuntimeError("a unit of work that only reads has nothing to commit")
        await self._keep()


class SqlStore:
    """Memory, in an SQL database. Raises StoreError and its kinds."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._url = engine.url
        self._file = FileInUse(engine)
        self._turn: asyncio.Lock | None = None
        self._writing = engine.execution_options(**WRITING, **{HOLDS_VERSION: True})
        self._reading = engine
        if engine.dialect.name == "postgresql":
            # What one unit of work reads is of one moment, as it always is in SQLite.
            self._reading = engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        else:
            self._turn = asyncio.Lock()

    @property
    def is_shared(self) -> bool:
        """Whether several processes may be at work on it at one time."""
        return self._turn is None

    async def open(self) -> None:
        """To be called once the database is of this program's version. Raises StoreError and its kinds."""
        with connecting(self._url):
            await self._file.open()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[SqlUnitOfWork]:
        """A unit of work that only reads."""
        async with self._session(self._reading) as session:
            yield SqlUnitOfWork(session, None)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[SqlUnitOfWork]:
        """A unit of work that may write."""
        async with self._its_turn(), self._session(self._writing) as session:
            yield SqlUnitOfWork(session, lambda: commit(session, self._writing, self._file))

    @asynccontextmanager
    async def _session(self, engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
        with told(self._url):
            async with self._file.use(), AsyncSession(engine, expire_on_commit=False) as session:
                with connecting(self._url):
                    await session.connection()
                yield session

    @asynccontextmanager
    async def _its_turn(self) -> AsyncIterator[None]:
        """SQLite has one writer: who waits for it here has no connection that readers need, and comes in order."""
        if self._turn is None:
            yield
            return
        try:
            async with asyncio.timeout(sqlite.BUSY):
                await self._turn.acquire()
        except TimeoutError:
            raise busy(self._url) from None
        try:
            yield
        finally:
            self._turn.release()
