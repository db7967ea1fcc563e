"""Connections to the database: SQLite and PostgreSQL, by one address."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from news.errors import StoreError
from storage.failures import connecting, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

    from storage.unit_of_work import SqlStore

PATIENCE = 10.0
"""Seconds that a unit of work waits for another one's write to end, and for a server to answer."""
BEGIN = "attache_begin"
"""Execution option: the statement by which SQLite begins a transaction, if any; `BEGIN` unless it is given."""
WRITING = {BEGIN: "BEGIN IMMEDIATE"}
"""For transactions that may write: one that reads first would be refused once another wrote in between."""

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}


@asynccontextmanager
async def open_store(url: str, *, create: bool = True) -> AsyncIterator[SqlStore]:
    """The store at this address, ready for use.

    With `create`, what is missing (the file, its folder, the newest tables) is made; without, a database
    that is not there or not of this version is refused. Raises StoreError and its kinds.
    """
    from storage.unit_of_work import SqlStore
    from storage.upgrade import bring_up, need_file, verify

    with _lasting(database_url(url)) as lasting:
        if create:
            make_folder(lasting)
        else:
            need_file(lasting)
        async with open_engine(lasting) as engine:
            await (bring_up(engine) if create else verify(engine))
            yield SqlStore(engine)


def database_url(text: str) -> URL:
    """The address with the driver that we use. Raises StoreError."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        url = None  # and no cause: its text would repeat an address that may hold a password
    if url is None or url.drivername not in _DRIVERS:
        raise StoreError(
            "ATTACHE_DATABASE_URL is no address of a database: write sqlite:///file.db or postgresql://host/name."
        )
    url = url.set(drivername=_DRIVERS[url.drivername])
    mode = url.query.get("sslmode")
    if mode is not None and url.get_backend_name() == "postgresql":
        # What libpq, and so most hosting companies, call `sslmode` is `ssl` to asyncpg.
        return url.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})
    return url


def is_memory(url: URL) -> bool:
    """Whether the address is that of an SQLite database that lasts as long as it is open."""
    return url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:")


@asynccontextmanager
async def open_engine(url: URL) -> AsyncIterator[AsyncEngine]:
    """An engine whose connections are closed in the end. Raises StoreError for a file that cannot be opened."""
    if url.get_backend_name() == "sqlite":
        engine = _sqlite(url)
        with told(url):
            await asyncio.to_thread(_probe, engine)
    else:
        engine = _postgres(url)
    try:
        yield engine
    finally:
        await engine.dispose()


def file_of(url: URL) -> Path | None:
    """The file of an SQLite database; None for a server, for memory, and for SQLite's own `file:` addresses."""
    if url.get_backend_name() != "sqlite" or is_memory(url) or (url.database or "").startswith("file:"):
        return None
    return Path(url.database or "")


def make_folder(url: URL) -> None:
    """Makes the folder that an SQLite file is to lie in. Raises StoreError."""
    file = file_of(url)
    if file is None:
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"Cannot make the folder {file.parent} for the database: set ATTACHE_DATABASE_URL to a place that may be written."
        ) from error


@contextmanager
def _lasting(url: URL) -> Iterator[URL]:
    """The address itself; a file that is gone afterwards for a database in memory.

    Units of work need connections of their own, and those to one database in memory get in each other's way.
    """
    if not is_memory(url):
        yield url
        return
    with TemporaryDirectory(prefix="attache-", ignore_cleanup_errors=True) as folder:
        yield url.set(database=str(Path(folder, "memory.db")))


def _sqlite(url: URL) -> AsyncEngine:
    with connecting(url):
        engine = create_async_engine(
            url,
            # The driver begins no transaction by itself: `_begin_sqlite` does.
            connect_args={"timeout": PATIENCE, "isolation_level": None},
            hide_parameters=True,
        )
    event.listen(engine.sync_engine, "connect", _set_up_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _probe(engine: AsyncEngine) -> None:
    """Opens the file once without aiosqlite.

    Its thread outlives a connection that fails, and then answers into an event loop that may be closed.
    """
    (path,), given = engine.dialect.create_connect_args(engine.url)
    options: dict[str, Any] = {"timeout": PATIENCE, **given}
    connection = sqlite3.connect(path, **options)
    try:
        connection.execute("PRAGMA schema_version")
    finally:
        connection.close()


def _set_up_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    statement = connection.get_execution_options().get(BEGIN, "BEGIN")
    if statement:
        connection.exec_driver_sql(statement)


def _postgres(url: URL) -> AsyncEngine:
    with connecting(url):
        return create_async_engine(
            url,
            connect_args={"timeout": PATIENCE, "server_settings": {"application_name": "attache"}},
            pool_pre_ping=True,
            hide_parameters=True,
        )
