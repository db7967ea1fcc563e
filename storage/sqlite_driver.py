"""SQLite's driver, with fewer ways to its thread and back: of a look-up they are the greater part.

aiosqlite keeps a thread for each connection, and SQLAlchemy goes there four times a statement: for a cursor, to execute,
to fetch, to close. Here a statement is executed, its rows are fetched and it is ended in one go.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import aiosqlite
from aiosqlite.context import contextmanager

Description = tuple[tuple[str, None, None, None, None, None, None], ...] | None

AT_ONCE = 1_000
"""Rows that come with the statement; more are fetched when they are asked for."""


class OneGoCursor(aiosqlite.Cursor):
    """A cursor that is made when it is used."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        super().__init__(connection, None)  # type: ignore[arg-type]
        self._made: sqlite3.Cursor | None = None
        self._open = False
        self._rows: deque[sqlite3.Row] = deque()

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> OneGoCursor:
        """Executes the statement and fetches its first rows."""
        await self._go(sqlite3.Cursor.execute, sql, () if parameters is None else parameters)
        return self

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> OneGoCursor:
        """Executes the statement once for each of the parameters."""
        await self._go(sqlite3.Cursor.executemany, sql, parameters)
        return self

    async def fetchone(self) -> sqlite3.Row | None:
        """The next row, if any."""
        rows = await self.fetchmany(1)
        return rows[0] if rows else None

    async def fetchmany(self, size: int | None = None) -> list[sqlite3.Row]:
        """The next rows."""
        wanted = self.arraysize if size is None else size
        if self._open and len(self._rows) < wanted:
            await self._there(self._fetch, max(wanted - len(self._rows), AT_ONCE))
        return [self._rows.popleft() for _ in range(min(wanted, len(self._rows)))]

    async def fetchall(self) -> list[sqlite3.Row]:
        """All rows that are left."""
        if self._open:
            await self._there(self._fetch, None)
        rows = list(self._rows)
        self._rows.clear()
        return rows

    async def close(self) -> None:
        """Ends a statement whose rows were not all fetched."""
        self._rows.clear()
        if self._open:
            self._open = False
            await self._there(self._end)

    @property
    def rowcount(self) -> int:
        """How many rows were changed; -1 where that is not known."""
        return -1 if self._made is None else self._made.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The rowid of the row that was inserted last."""
        return None if self._made is None else self._made.lastrowid

    @property
    def description(self) -> Description:  # type: ignore[override]
        """The columns of the rows; None where the statement has none."""
        return None if self._made is None else self._made.description

    async def _go(self, how: Callable[..., sqlite3.Cursor], sql: str, parameters: Iterable[Any]) -> None:
        self._rows.clear()
        self._open = True
        await self._there(self._run, how, sql, parameters)

    async def _there(self, act: Callable[..., None], *arguments: object) -> None:
        await self._execute(act, *arguments)  # type: ignore[no-untyped-call]

    # What follows runs in the connection's thread.

    def _run(self, how: Callable[..., sqlite3.Cursor], sql: str, parameters: Iterable[Any]) -> None:
        self._made = self._conn._conn.cursor()
        try:
            how(self._made, sql, parameters)
            self._fetch(AT_ONCE)
        except BaseException:
            self._end()
            raise

    def _fetch(self, most: int | None) -> None:
        """Fetches so many rows, or all; ends the statement with the last one."""
        if self._made is None or not self._open:
            return
        rows = self._made.fetchall() if most is None else self._made.fetchmany(most)
        self._rows.extend(rows)
        if most is None or len(rows) < most:
            self._end()

    def _end(self) -> None:
        self._open = False
        if self._made is not None:
            self._made.close()


class OneGoConnection(aiosqlite.Connection):
    """A connection whose cursors are `OneGoCursor`."""

    @contextmanager
    async def cursor(self) -> OneGoCursor:  # type: ignore[override]
        """A new cursor, as aiosqlite gives it: to be awaited, or entered."""
        return OneGoCursor(self)


async def connect(path: str, options: Mapping[str, Any]) -> OneGoConnection:
    """Opens a database; the options are those of `sqlite3.connect`."""
    connection = OneGoConnection(lambda: sqlite3.connect(path, **options), iter_chunk_size=AT_ONCE)
    connection._thread.daemon = True  # a process that ends waits for no connection that was left open
    await connection
    return connection
