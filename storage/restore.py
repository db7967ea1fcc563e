"""Putting a backup or a dump in the place of what is stored: all of it, in one transaction, or nothing."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from news.errors import AlreadyThere, StoreError
from storage import transfer
from storage.backup import apart, default_path, lasting
from storage.checking import Checked, Source, as_database, as_dump, workplace
from storage.commits import commit
from storage.copies import connect, copy_in, copy_out, is_broken, path_of, url_of
from storage.dumps import Counts, open_dump, open_for_dump
from storage.engine import WRITING, make_folder, open_engine
from storage.failures import place, told
from storage.files import fresh_file
from storage.indexing import rebuild
from storage.postgres import HOLDS_VERSION, REACH
from storage.progress import Watch, stoppable
from storage.sqlite import FileInUse
from storage.unit_of_work import SqlUnitOfWork
from storage.upgrade import VERSION_TABLE, bring_up, refuse_newer

T = TypeVar("T")

Then = Callable[[SqlUnitOfWork], Awaitable[T]]
"""What is done to what was put in, in the same transaction."""


@dataclass(frozen=True, slots=True)
class Put(Generic[T]):
    """What came of it."""

    kept: Path | None
    """Where that is now which was there before; None where nothing was."""
    done: T


class Ready(Protocol):
    """Something sound that can be put in the place of what is stored, which has not been touched yet."""

    @property
    def articles(self) -> int:
        """How many it holds."""
        ...

    @property
    def where(self) -> str:
        """What it will take the place of, in words."""
        ...

    @property
    def empty(self) -> bool:
        """Whether nothing was stored there that could be missed."""
        ...

    async def put(self, then: Then[T]) -> Put[T]:
        """Puts it there. Raises AlreadyThere where something is stored that is not to be replaced, StoreError."""
        ...


@asynccontextmanager
async def prepared(
    url: str, source: Source, *, replace: bool, now: datetime, watch: Watch
) -> AsyncIterator[Ready]:
    """What the source holds, once all of it was checked; to `replace` what is stored, or else only where nothing is.

    Raises AlreadyThere, InputError, StoreError; nothing was changed then.
    """
    address = lasting(url)
    apart(address, source.path)
    if address.get_backend_name() == "sqlite":
        make_folder(address)
        empty = _may_be_replaced(address, empty=_look(address).empty, replace=replace)
        with workplace(path_of(address).parent) as folder:
            checked = await stoppable(lambda tell: as_database(source, folder, watch=tell), watch)
            yield _IntoSqlite(address, checked, empty, replace, now, watch)
    else:
        empty = _may_be_replaced(address, empty=await _is_empty(address), replace=replace)
        with workplace(None) as folder:
            checked = await stoppable(lambda tell: as_dump(source, folder, now=now, watch=tell), watch)
            yield _IntoPostgres(address, checked, empty, replace, now, watch, source)


@dataclass(frozen=True, slots=True)
class _Into(ABC):
    """What either database has in common: a `Ready`."""

    address: URL
    checked: Checked
    empty: bool
    replace: bool
    now: datetime
    watch: Watch

    @property
    def articles(self) -> int:
        return self.checked.articles

    @property
    def where(self) -> str:
        return place(self.address)

    async def put(self, then: Then[T]) -> Put[T]:
        return await stoppable(lambda tell: self._put(then, tell), self.watch, ends=True)

    @abstractmethod
    async def _put(self, then: Then[T], watch: Watch) -> Put[T]:
        """As `put`, telling how far it is."""


@dataclass(frozen=True, slots=True)
class _IntoSqlite(_Into):
    """Pages in the place of pages, so that whoever has the database open goes on with what was put in."""

    async def _put(self, then: Then[T], watch: Watch) -> Put[T]:
        loop = asyncio.get_running_loop()
        puts: list[Put[T]] = []

        def finish() -> None:
            present = _look(self.address)
            _may_be_replaced(self.address, empty=present.empty, replace=self.replace)
            # What is to be done depends on the time, and on what nobody can change any more: here, not before.
            finishing = self._finish(then, present.counters)
            done = asyncio.run_coroutine_threadsafe(finishing, loop).result()
            puts.append(Put(None if present.empty or present.broken else self._keep(watch), done))

        def work() -> Put[T]:
            if _look(self.address).broken:
                finish()
                return Put(self._exchange(), puts[0].done)
            copy_in(self.checked.path, self.address, watch, locked=finish)
            return puts[0]

        try:
            return await asyncio.to_thread(work)
        except BaseException:
            for put in puts:
                if put.kept is not None:
                    put.kept.unlink(missing_ok=True)
            raise

    async def _finish(self, then: Then[T], counters: Counts) -> T:
        async with open_engine(url_of(self.checked.path)) as engine:
            with told(engine.url):
                async with AsyncSession(
                    engine.execution_options(**WRITING), expire_on_commit=False
                ) as session:
                    await transfer.raise_counters(await session.connection(), counters)
                    done = await then(SqlUnitOfWork(session, None))
                    await session.commit()
        return done

    def _keep(self, watch: Watch) -> Path:
        kept = default_path(self.address, _KEPT, self.now)
        with fresh_file(kept) as beside:
            copy_out(self.address, beside, str(kept), watch, check=False)
        return kept

    def _exchange(self) -> Path:
        """A file that is no database can have no page replaced: it is moved away."""
        kept, file = default_path(self.address, _KEPT, self.now), path_of(self.address)
        with told(self.address), closing(connect(url_of(self.checked.path))) as checked:
            checked.execute("PRAGMA journal_mode=WAL")
        for end in ("-wal", "-shm", ""):
            beside = file.with_name(file.name + end)
            if beside.exists():
                os.replace(beside, kept.with_name(kept.name + end))
        os.replace(self.checked.path, file)
        return kept


@dataclass(frozen=True, slots=True)
class _IntoPostgres(_Into):
    """Rows in the place of rows, while nobody else reads or writes them."""

    source: Source

    async def _put(self, then: Then[T], watch: Watch) -> Put[T]:
        async with open_engine(self.address) as engine:
            await bring_up(engine)
            holding = engine.execution_options(**{HOLDS_VERSION: True})
            with told(self.address):
                async with AsyncSession(holding, expire_on_commit=False) as session:
                    connection = await session.connection()
                    await transfer.lock(connection, REACH)
                    empty = await transfer.is_empty(connection)
                    _may_be_replaced(self.address, empty=empty, replace=self.replace)
                    kept = None if empty else await self._keep(connection, watch)
                    try:
                        done = await self._replace(session, then, watch)
                    except BaseException:
                        if kept is not None:
                            kept.unlink(missing_ok=True)
                        raise
                    await commit(session, engine, FileInUse(engine))
        return Put(kept, done)

    async def _replace(self, session: AsyncSession, then: Then[T], watch: Watch) -> T:
        connection = await session.connection()
        await transfer.empty(connection)
        with open_dump(self.checked.path, self.source.name) as dump:
            await transfer.load(connection, dump, watch=watch)
        await rebuild(session, lambda done: watch("articles indexed", done, 0))
        done = await then(SqlUnitOfWork(session, None))
        await session.flush()
        await connection.execute(text("ANALYZE"))  # so many rows at once are planned for wrongly else
        return done

    async def _keep(self, connection: AsyncConnection, watch: Watch) -> Path:
        kept = default_path(self.address, _KEPT, self.now)
        with fresh_file(kept) as beside, open_for_dump(beside, packed=True) as out:
            # Taken back, for the driver closes no cursor before, and tables with open ones cannot be emptied.
            reading = await connection.begin_nested()
            await transfer.write_dump(connection, out, now=self.now, watch=watch)
            await reading.rollback()
        return kept


_KEPT = "attache-before"
"""What the name of a file begins with that holds what was replaced."""


@dataclass(frozen=True, slots=True)
class _Present:
    """What an SQLite file holds before something is put in its place."""

    empty: bool = False
    broken: bool = False
    """Whether it is no database, or one that does not even tell its tables."""
    counters: Counts = field(default_factory=dict)


def _look(address: URL) -> _Present:
    """Raises StoreError for a database that is somebody else's."""
    file = path_of(address)
    if not file.exists() or file.stat().st_size == 0:
        return _Present(empty=True)
    with told(address), closing(connect(address)) as connection:
        try:
            tables = {
                name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            }
        except sqlite3.DatabaseError as error:
            if is_broken(error):
                return _Present(broken=True)
            raise
        if VERSION_TABLE not in tables:
            if tables:
                raise StoreError(
                    f"{place(address)} holds another program's tables: set ATTACHE_DATABASE_URL to another file."
                )
            return _Present(empty=True)
        try:
            return _Present(_holds_nothing(connection, tables), counters=_counters(connection))
        except sqlite3.DatabaseError as error:
            if is_broken(error):
                return _Present()
            raise


def _holds_nothing(connection: sqlite3.Connection, tables: Collection[str]) -> bool:
    """As `transfer.is_empty`, of a database of any version."""
    return all(
        connection.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone() is None
        for name in transfer.telling_tables()
        if name in tables
    )


def _counters(connection: sqlite3.Connection) -> Counts:
    return dict(connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall())


async def _is_empty(address: URL) -> bool:
    """Raises StoreError for a database that cannot be had, or is of a newer version."""
    async with open_engine(address) as engine:
        await refuse_newer(engine)
        with told(address):
            async with engine.connect() as connection:
                return await transfer.is_empty(connection)


def _may_be_replaced(address: URL, *, empty: bool, replace: bool) -> bool:
    """Whether it is empty. Raises AlreadyThere where it is not, and must not be replaced."""
    if empty or replace:
        return empty
    raise AlreadyThere(
        f"Something is stored in {place(address)}: add --replace, or set ATTACHE_DATABASE_URL to an empty database."
    )
