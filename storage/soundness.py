"""Soundness: what the database answers about itself. Nothing is changed, unless the index is rebuilt."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from news.soundness import Database, Fault, FileRoom, Integrity, Life, Read, ServerRoom, Tables, Walk
from storage.engine import WRITING, database_url, file_of, open_engine
from storage.failures import connecting, place, told
from storage.index_walk import check_fts5, walk_index
from storage.indexing import rebuild
from storage.life import read_life
from storage.progress import Watch, unseen
from storage.room import file_room, server_room
from storage.tables import Row
from storage.upgrade import HEAD, lock_for_upgrade, need_file, other_version, standing
from storage.walks import walk, walk_spans

READ_THROUGH = 256 * 2**20
"""Bytes of an SQLite file that is read through in a second or two; of a larger one only its small tables are."""
_COMPLAINTS = 5


class SqlSoundness:
    """Asks one question at a time, each on a connection of its own: where one fails, others may be answered.

    Raises StoreError and its kinds.
    """

    def __init__(self, url: str) -> None:
        self._url = database_url(url)

    @property
    def place(self) -> str:
        """Where the database is, in words that hold no password."""
        return place(self._url)

    async def database(self) -> Database:
        """Which database answers."""
        async with self._reading() as connection:
            if _is_sqlite(self._url):
                version = await connection.scalar(text("SELECT sqlite_version()"))
                return Database("SQLite", str(version), self.place)
            version = await connection.scalar(text("SHOW server_version"))
            return Database("PostgreSQL", str(version).split()[0], self.place)

    async def tables(self) -> Tables:
        """Of which version its tables are."""
        need_file(self._url)
        found, known = await standing(self._url)
        return Tables(found, HEAD, newer=not known)

    async def integrity(self, *, whole: bool = False) -> Integrity:
        """What the database itself finds wrong; with `whole`, all of an SQLite file is read."""
        async with self._reading() as connection:
            if not _is_sqlite(self._url):
                return await _postgres_integrity(connection)
            try:
                return await _sqlite_integrity(connection, whole=whole)
            except OperationalError:  # that it is locked or cannot be opened is no damage
                raise
            except DatabaseError as error:
                return Integrity((_reason(error),), Read.ALL)

    async def rows(self, *, whole: bool = False) -> Walk:
        """Rows that lack what they belong to, or contradict each other; with `whole`, all are looked at."""
        async with self._reading() as connection:
            return await walk(connection, whole=whole)

    async def spans(self, *, whole: bool = False) -> Walk:
        """Statements that point outside their text."""
        async with self._reading() as connection:
            return await walk_spans(connection, whole=whole)

    async def index(self, *, whole: bool = False) -> Walk:
        """What searches are quick by, held against what it is made of; with `whole`, nobody can write meanwhile."""
        async with self._reading() as connection:
            try:
                walk = await walk_index(connection, whole=whole)
            except DatabaseError as error:
                if isinstance(error, OperationalError) and "no such table" not in str(error.orig):
                    raise  # that it is locked or cannot be opened is no damage
                return Walk(0, whole=True, faults=(Fault(f"faults: {_reason(error)}", 1),))
        file = file_of(self._url)
        if not whole or file is None or walk.faults:
            return walk
        with told(self._url):
            return walk + await asyncio.to_thread(check_fts5, file)

    async def rebuild_index(self, watch: Watch = unseen) -> None:
        """Makes that anew, whatever there is of it; nobody can write meanwhile. Raises StoreError and its kinds."""
        need_file(self._url)
        async with open_engine(self._url) as engine:
            with connecting(self._url):
                async with engine.execution_options(**WRITING).begin() as connection:
                    version = await connection.run_sync(lock_for_upgrade)
                    if version != HEAD:
                        raise other_version(self._url, version)
                    async with AsyncSession(connection) as session:
                        await rebuild(session, lambda done: watch("articles indexed", done, 0))
                        await session.flush()

    async def room(self) -> FileRoom | ServerRoom | None:
        """What it takes, and what is left; None for a database in memory."""
        file = file_of(self._url)
        if _is_sqlite(self._url) and file is None:
            return None
        async with self._reading() as connection:
            return await (server_room(connection) if file is None else file_room(connection, file))

    async def life(self, now: datetime) -> Life:
        """What waits, fails and is overdue."""
        async with self._reading() as connection:
            return await read_life(connection, now)

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncConnection]:
        need_file(self._url)
        async with open_engine(self._url) as engine:
            if engine.dialect.name == "postgresql":
                engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connecting(self._url):
                async with engine.connect() as connection:
                    if engine.dialect.name == "sqlite":
                        await connection.exec_driver_sql("PRAGMA query_only=ON")
                    yield connection


def _reason(error: DatabaseError) -> str:
    return (str(error.orig).strip() or type(error.orig).__name__).splitlines()[0]


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


async def _sqlite_integrity(connection: AsyncConnection, *, whole: bool) -> Integrity:
    """A large file is not read through unasked: of its tables, those are that can be in a moment."""
    size = 1
    for pragma in ("page_count", "page_size"):
        size *= (await connection.exec_driver_sql(f"PRAGMA {pragma}")).scalar_one()
    if whole or size <= READ_THROUGH:
        pragma = "integrity_check" if whole else "quick_check"
        complaints = await _complaints(connection, f"PRAGMA {pragma}({_COMPLAINTS})")
        return Integrity(complaints[:_COMPLAINTS], Read.ALL)
    found: list[str] = []
    for name in await _small_tables(connection):
        found += await _complaints(connection, f'PRAGMA quick_check("{name}")')
    return Integrity(tuple(found[:_COMPLAINTS]), Read.SMALL)


async def _small_tables(connection: AsyncConnection) -> Sequence[str]:
    names = []
    for table in Row.metadata.sorted_tables:
        beyond = text(f'SELECT 1 FROM "{table.name}" LIMIT 1 OFFSET 20000')
        if (await connection.execute(beyond)).first() is None:
            names.append(table.name)
    return names


async def _complaints(connection: AsyncConnection, pragma: str) -> tuple[str, ...]:
    rows = (await connection.exec_driver_sql(pragma)).scalars().all()
    return tuple(str(row) for row in rows if row != "ok")


async def _postgres_integrity(connection: AsyncConnection) -> Integrity:
    """What its own books tell; reading through its files is a matter for the server's own tools."""
    complaints: list[str] = []
    for what, query in _POSTGRES.items():
        complaints += [f"{what} {name}" for name in await connection.scalars(text(query))]
    aged = await connection.scalar(text(_COLLATION))
    return Integrity(tuple(complaints[:_COMPLAINTS]), Read.BOOKS, aged_collation=bool(aged))


_POSTGRES = {
    "invalid index": "SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indrelid"
    " WHERE NOT indisvalid AND relnamespace = current_schema()::regnamespace ORDER BY 1",
    "constraint that was never checked": "SELECT conname FROM pg_constraint"
    " WHERE NOT convalidated AND connamespace = current_schema()::regnamespace ORDER BY 1",
    "pages whose checksum was wrong:": "SELECT checksum_failures FROM pg_stat_database"
    " WHERE datname = current_database() AND checksum_failures > 0",
}
"""What is complained of, and the query that finds it."""
_COLLATION = (
    "SELECT datcollversion IS DISTINCT FROM pg_database_collation_actual_version(oid)"
    " FROM pg_database WHERE datname = current_database()"
)
