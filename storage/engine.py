"""Connections to the database: SQLite and PostgreSQL, by one address."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy import make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine

from news.errors import StoreError
from storage import postgres, sqlite
from storage.failures import told
from storage.sqlite import BEGIN, CONNECTIONS, file_of, is_memory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.unit_of_work import SqlStore

__all__ = [
    "WRITING",
    "database_url",
    "file_of",
    "is_memory",
    "make_folder",
    "open_engine",
    "open_store",
    "where_to_make",
]

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
async def open_store(
    url: str, *, create: bool = True, connections: int = CONNECTIONS
) -> AsyncIterator[SqlStore]:
    """The store at this address, ready for use.

    With `create`, what is missing (the file, its folder, the newest tables) is made; without, a database
    that is not there or not of this version is refused. No more than so many `connections` are open at one time. Raises
    StoreError and its kinds.
    """
    from storage.unit_of_work import SqlStore
    from storage.upgrade import bring_up, need_file, verify

    with _lasting(database_url(url)) as lasting:
        if create:
            make_folder(lasting)
        else:
            need_file(lasting)
        async with open_engine(lasting, limited=True, connections=connections) as engine:
            await (bring_up(engine) if create else verify(engine))
            store = SqlStore(engine)
            await store.open()
            yield store


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


def where_to_make(url: str) -> str | None:
    """The path at which opening the address would make a database; None where there is one, or it is no file."""
    file = file_of(database_url(url))
    return None if file is None or file.exists() else str(file.absolute())


@asynccontextmanager
async def open_engine(
    url: URL, *, limited: bool = False, connections: int = CONNECTIONS
) -> AsyncIterator[AsyncEngine]:
    """An engine whose connections are closed in the end. Raises StoreError for a file that cannot be opened.

    `limited` is for units of work, none of which may take long; without, a statement takes the time it needs.
    """
    if url.get_backend_name() == "sqlite":
        engine = sqlite.make_engine(url, connections=connections)
        with told(url):
            await asyncio.to_thread(sqlite.probe, engine)
    else:
        engine = postgres.make_engine(url, limited=limited, connections=connections)
    try:
        yield engine
    finally:
        await engine.dispose()


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
