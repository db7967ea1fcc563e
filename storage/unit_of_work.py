"""The store and its units of work: one transaction, one session, kept only when told to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from storage.actors import SqlActors
from storage.articles import SqlArticles
from storage.briefs import SqlBriefs
from storage.clusters import SqlClusters
from storage.deliveries import SqlDeliveries
from storage.engine import WRITING
from storage.failures import connecting, told
from storage.feeds import SqlFeeds
from storage.notices import SqlNotices
from storage.retention import SqlRetention
from storage.stories import SqlStories
from storage.subscriptions import SqlSubscriptions
from storage.workspaces import SqlWorkspaces


class SqlUnitOfWork:
    """One transaction. Nothing is kept unless `commit` is called."""

    def __init__(self, session: AsyncSession, *, writes: bool) -> None:
        self._session = session
        self._writes = writes
        self.workspaces = SqlWorkspaces(session)
        self.feeds = SqlFeeds(session)
        self.articles = SqlArticles(session)
        self.briefs = SqlBriefs(session)
        self.clusters = SqlClusters(session)
        self.stories = SqlStories(session)
        self.actors = SqlActors(session)
        self.subscriptions = SqlSubscriptions(session)
        self.deliveries = SqlDeliveries(session)
        self.notices = SqlNotices(session)
        self.retention = SqlRetention(session)

    async def commit(self) -> None:
        """Keeps what was done so far."""
        if not self._writes:
            raise RuntimeError("a unit of work that only reads has nothing to commit")
        await self._session.commit()


class SqlStore:
    """Memory, in an SQL database. Raises StoreError and its kinds."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._url = engine.url
        self._writing = engine.execution_options(**WRITING)
        self._reading = engine
        if engine.dialect.name == "postgresql":
            # What one unit of work reads is of one moment, as it always is in SQLite.
            self._reading = engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )

    @asynccontextmanager
    async def read(self) -> AsyncIterator[SqlUnitOfWork]:
        """A unit of work that only reads."""
        async with self._session(self._reading) as session:
            yield SqlUnitOfWork(session, writes=False)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[SqlUnitOfWork]:
        """A unit of work that may write."""
        async with self._session(self._writing) as session:
            yield SqlUnitOfWork(session, writes=True)

    @asynccontextmanager
    async def _session(self, engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
        with told(self._url):
            async with AsyncSession(engine, expire_on_commit=False) as session:
                with connecting(self._url):
                    await session.connection()
                yield session
