"""SQLite: how connections are set up, and whether the file that is open is still the one at its path."""

from __future__ import annotations

import asyncio
import gc
import os
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import Connection, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from news.errors import StoreAway
from storage.failures import connecting, place
from storage.sqlite_driver import connect

if TYPE_CHECKING:
    from sqlalchemy.engine import URL, Dialect
    from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
    from sqlalchemy.pool import ConnectionPoolEntry

BUSY = 10.0
"""Seconds that a transaction waits for another one's write to end."""
CONNECTIONS = 15
"""So many an engine has at most, where nothing else is said."""
_KEPT = 8
"""Of SQLite so many stay open, for each holds pages and statements of its own; the others are for crowds."""
_STATEMENTS = 64
"""Statements that a connection keeps prepared: half of what Python keeps, whose size only grows."""
BEGIN = "attache_begin"
"""Execution option: the statement by which SQLite begins a transaction, if any; `BEGIN` unless it is given."""

_PRAGMAS = """
PRAGMA foreign_keys = ON;
-- A commit lasts once it returned, through a loss of power, too: a digest that is marked as being sent must stay so.
PRAGMA synchronous = FULL;
-- What a long reader made the log grow to is given back, and does not stay for good.
PRAGMA journal_size_limit = 67108864;
"""
_OPENS_LOG = "PRAGMA schema_version"
"""From then on the log is the same one for as long as the connection is open."""
_UNSOUND = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_READONLY")
"""After these a connection is not used again: what it knows of the file may be wrong, also once that is mended."""

Identity = tuple[tuple[int, int] | None, ...]
"""Device and number of the database, its log (`-wal`) and the index of that (`-shm`); None for what is not there."""


def file_of(url: URL) -> Path | None:
    """The file of an SQLite database; None for a server, for memory, and for SQLite's own `file:` addresses."""
    if url.get_backend_name() != "sqlite" or is_memory(url) or (url.database or "").startswith("file:"):
        return None
    return Path(url.database or "")


def is_memory(url: URL) -> bool:
    """Whether the address is that of an SQLite database that lasts as long as it is open."""
    in_memory = url.database in (None, "", ":memory:") or url.query.get("mode") == "memory"
    return url.get_backend_name() == "sqlite" and in_memory


def make_engine(url: URL, *, connections: int = CONNECTIONS) -> AsyncEngine:
    """An engine for a file that is there: none of its connections makes one. Raises StoreError."""
    file = file_of(url)
    with connecting(url):
        engine = create_async_engine(
            url,
            # The driver begins no transaction by itself: `_begin` does.
            connect_args={
                "timeout": BUSY,
                "isolation_level": None,
                "check_same_thread": False,
                "cached_statements": _STATEMENTS,
            },
            **({} if is_memory(url) else _pool(connections)),
            hide_parameters=True,
        )

    def open_file(
        dialect: Dialect, _: ConnectionPoolEntry, arguments: list[Any], options: dict[str, Any]
    ) -> Any:  # noqa: ANN401
        if file is None:
            return connect(dialect.loaded_dbapi, arguments[0], options)
        # Without this, a file that was deleted while we run would be made anew, empty.
        there = f"file:{quote(os.path.abspath(file))}?mode=rw"
        return connect(dialect.loaded_dbapi, there, {**options, "uri": True})

    event.listen(engine.sync_engine, "do_connect", open_file)
    event.listen(engine.sync_engine, "connect", _set_up)
    event.listen(engine.sync_engine, "begin", _begin)
    event.listen(engine.sync_engine, "handle_error", _mark_unsound)
    return engine


def _pool(connections: int) -> Mapping[str, Any]:
    kept = min(connections, _KEPT)
    return {
        "pool_size": kept,
        "max_overflow": connections - kept,
        "pool_use_lifo": True,
        "pool_timeout": BUSY,
    }


def probe(engine: AsyncEngine) -> None:
    """Opens the file once without aiosqlite; makes it where it is not there.

    Its thread outlives a connection that fails, and then answers into an event loop that may be closed.
    """
    (path,), given = engine.dialect.create_connect_args(engine.url)
    options: dict[str, Any] = {"timeout": BUSY, **given}
    connection = sqlite3.connect(path, **options)
    try:
        connection.execute(_OPENS_LOG)
    finally:
        connection.close()


class FileInUse:
    """An SQLite file and those who use it. Who opened it goes on writing when it is deleted or replaced, for nobody.

    So it is looked at before each unit of work and before each commit; that takes a few microseconds.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._file = file_of(engine.url)
        self._known: Identity | None = None
        self._users = 0
        self._turn = asyncio.Lock()
        self._doubted = False
        event.listen(engine.sync_engine, "handle_error", self._doubt)

    async def open(self) -> None:
        """Notes which file it is that is open."""
        if self._file is not None:
            async with self._engine.connect() as connection:
                await connection.exec_driver_sql(_OPENS_LOG)
            self._known = self._identity()

    @asynccontextmanager
    async def use(self) -> AsyncIterator[None]:
        """For the time of a unit of work. Raises StoreError and its kinds."""
        if self._is_to_be_settled():
            async with self._turn:
                if self._is_to_be_settled():
                    await self._settle()
        self._users += 1
        try:
            yield
        finally:
            self._users -= 1

    def check(self) -> None:
        """Raises StoreAway where what is kept now would be kept in another file than the one at its path."""
        if self._file is not None and self._identity() != self._known:
            raise self._moved()

    def _doubt(self, context: ExceptionContext) -> None:
        self._doubted = self._doubted or _is_unsound(context)

    def _is_to_be_settled(self) -> bool:
        if self._file is None:
            return False
        return self._identity() != self._known or (self._doubted and not self._users)

    async def _settle(self) -> None:
        """Lets go of the file that was open, and opens the one that is there."""
        from storage.upgrade import verify

        known, found = self._known, self._identity()
        if found[0] is None:
            raise StoreAway(f"There is no database at {place(self._engine.url)} any more: bring it back.")
        if self._users:
            raise self._moved()
        if known is not None and found[0] == known[0]:
            # What the log that is gone holds is written into the file by who still has it: others may have it, too, so
            # that no connection is the last to close.
            with suppress(SQLAlchemyError):
                async with self._engine.connect() as connection:
                    await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        await self._engine.dispose()
        gc.collect()  # a statement that failed keeps its connection open until then
        doubted, self._doubted = self._doubted, False
        if known is not None and found[0] != known[0]:
            self._refuse_log_of_another(known)
        if doubted or known is None or found[0] != known[0]:
            await verify(self._engine)
        await self.open()

    def _refuse_log_of_another(self, known: Identity) -> None:
        """SQLite would write what the old file's log holds into the new one, which would destroy it."""
        log = self._identity()[1]
        if log is not None and log == known[1]:
            where = place(self._engine.url)
            raise StoreAway(
                f"The database {where} was replaced while attache ran, and {where}-wal is still the old one's: "
                "stop attache, move that file and the one in -shm away, and start attache."
            )

    def _moved(self) -> StoreAway:
        return StoreAway(
            f"The database {place(self._engine.url)} was moved or replaced while it was in use, and nothing was "
            "stored: try again."
        )

    def _identity(self) -> Identity:
        return tuple(_identity(f"{self._file}{end}") for end in ("", "-wal", "-shm"))


def _identity(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _set_up(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    try:
        connection.run_async(lambda driver: driver.executescript(_PRAGMAS))
    except sqlite3.DatabaseError as error:
        # A damaged file is opened all the same, for whoever looks what is wrong with it.
        if not error.sqlite_errorname.startswith("SQLITE_CORRUPT"):
            connection.close()
            raise


def _begin(connection: Connection) -> None:
    statement = connection.get_execution_options().get(BEGIN, "BEGIN")
    driver: Any = connection.connection.dbapi_connection
    if statement == "BEGIN":
        driver.begin()
    elif statement:
        connection.exec_driver_sql(statement)


def _mark_unsound(context: ExceptionContext) -> None:
    if _is_unsound(context):
        context.is_disconnect = True


def _is_unsound(context: ExceptionContext) -> bool:
    name = getattr(context.original_exception, "sqlite_errorname", None) or ""
    return bool(name.startswith(_UNSOUND))
