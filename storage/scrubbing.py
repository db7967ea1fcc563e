"""Scrubbing: what was erased goes out of the file, too, where deleted rows would stay until others take their place."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress

from sqlalchemy import text

from news.errors import StoreBusy
from storage.asking import ARTICLES, STATEMENTS
from storage.copies import connect
from storage.engine import database_url, open_engine
from storage.failures import place, told
from storage.progress import Watch
from storage.tables import Row

_PAGES = 500
"""Pages of the index that are put together in one transaction."""
_TRIES = 6
"""How often the log is emptied before we give up; each waits for others as long as a transaction does."""
_INDEXES = (STATEMENTS, ARTICLES, "statement_actors")
CLEARING = "clearing the file"


async def scrub(url: str, watch: Watch) -> None:
    """Writes an SQLite file anew without what was erased, and empties its log; nobody can write for the most of it.

    On PostgreSQL dead rows are handed over for others to take their place, and what is known of values is counted
    anew; whoever reads and writes goes on. May be stopped at any moment. Raises StoreError and its kinds.
    """
    address = database_url(url)
    if address.get_backend_name() != "sqlite":
        async with open_engine(address) as engine:
            with told(address):
                alone = engine.execution_options(isolation_level="AUTOCOMMIT")
                names = [table.name for table in Row.metadata.sorted_tables] + list(_INDEXES)
                async with alone.connect() as connection:
                    for done, name in enumerate(names):
                        watch("clearing tables", done, len(names))
                        await connection.execute(text(f"VACUUM (ANALYZE) {name}"))
        return
    await _on_file(url, lambda connection: _scrub(connection, watch))


async def empty_log(url: str) -> None:
    """Empties an SQLite file's log of what was erased last. Raises StoreBusy where somebody reads on and on."""
    if database_url(url).get_backend_name() == "sqlite":
        await _on_file(url, _empty_log)


async def _on_file(url: str, work: Callable[[sqlite3.Connection], None]) -> None:
    """Does it in a thread, which is stopped when nobody waits for it any more."""
    address = database_url(url)
    opened: list[sqlite3.Connection] = []

    def run() -> None:
        with closing(connect(address)) as connection:
            opened.append(connection)
            work(connection)

    with told(address):
        doing = asyncio.ensure_future(asyncio.to_thread(run))
        try:
            await asyncio.shield(doing)
        except asyncio.CancelledError:
            while not doing.done():  # one that was just about to begin with the next step is stopped in that
                for connection in opened:
                    with suppress(sqlite3.ProgrammingError):  # closed by now
                        connection.interrupt()
                await asyncio.wait([doing], timeout=0.05)
            raise
        except _Busy:
            raise StoreBusy(
                f"Somebody reads the database {place(address)} without a pause, and what was erased is still in "
                "its log: run it again."
            ) from None


class _Busy(Exception):
    """Others are in the way."""


def _scrub(connection: sqlite3.Connection, watch: Watch) -> None:
    watch(CLEARING, 0, 0)
    pages = (
        -_PAGES
    )  # below 0 it begins to put all parts of the index together, in which what was deleted still stands
    while True:
        before = connection.total_changes
        connection.execute(f"INSERT INTO {STATEMENTS} ({STATEMENTS}, rank) VALUES ('merge', ?)", [pages])
        if connection.total_changes - before < 2:  # as SQLite says: then nothing is left to do
            break
        pages = _PAGES
    connection.execute("VACUUM")
    _empty_log(connection)


def _empty_log(connection: sqlite3.Connection) -> None:
    for _ in range(_TRIES):
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not busy:
            return
    raise _Busy
