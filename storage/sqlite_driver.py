"""SQLite's driver, with fewer ways to its thread and back: of a look-up they would be the greater part.

aiosqlite keeps a thread for each connection, and SQLAlchemy goes there four times a statement: for a cursor, to execute,
to fetch, to close. Here it goes once, a transaction begins and ends on the way, and `look` asks any number of questions in
one go. The event loop itself never calls SQLite: each such call lets Python's other threads go first, for milliseconds.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import aiosqlite
from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection, AsyncAdapt_aiosqlite_cursor
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.util import EMPTY_DICT, await_

T = TypeVar("T")


async def look(session: AsyncSession, ask: Callable[[Connection], T]) -> T:
    """What `ask` finds by the session's connection. On SQLite it runs in the connection's thread, and may touch nothing
    that others use meanwhile."""
    if session.new or session.dirty:
        await session.flush()
    connection = await session.connection()
    if connection.dialect.name != "sqlite":
        return await connection.run_sync(ask)
    raw = await connection.get_raw_connection()
    driver: OneGoConnection = raw.dbapi_connection  # type: ignore[assignment]
    plain = connection.sync_connection
    assert plain is not None  # it was just begun
    return await driver.there(lambda: ask(plain))


class OneGoCursor(AsyncAdapt_aiosqlite_cursor):
    """A cursor that makes, executes, fetches and ends a statement in one go."""

    __slots__ = ()
    _adapt_connection: OneGoConnection

    def __init__(self, connection: OneGoConnection) -> None:
        self._adapt_connection = connection
        self._connection = connection._connection
        self._cursor: Any = _NOTHING
        self._rows = deque()
        self._soft_closed_memoized = EMPTY_DICT

    def execute(self, operation: str, parameters: Any = None) -> None:  # noqa: ANN401
        """Executes the statement, and fetches all of its rows."""
        self._go(sqlite3.Cursor.execute, operation, () if parameters is None else parameters)

    def executemany(self, operation: str, seq_of_parameters: Iterable[Any]) -> None:
        """Executes the statement with each of the parameters."""
        self._go(sqlite3.Cursor.executemany, operation, seq_of_parameters)

    def close(self) -> None:
        """Lets go of the rows."""
        self._rows.clear()

    async def _async_soft_close(self) -> None:
        """Nothing is open."""

    def _go(self, how: Callable[..., Any], operation: str, parameters: Iterable[Any]) -> None:
        connection = self._adapt_connection
        try:
            connection.go(lambda: self._run(how, operation, parameters))
        except Exception as error:  # noqa: BLE001
            connection._handle_exception(error)

    def _run(self, how: Callable[..., Any], operation: str, parameters: Iterable[Any]) -> None:
        cursor = self._cursor = self._adapt_connection.plain.cursor()
        if not operation.startswith("SELECT"):
            self._adapt_connection.reads_only = False
        try:
            how(cursor, operation, parameters)
            if cursor.description is not None:
                self._rows = deque(cursor.fetchall())
        finally:
            cursor.close()


class OneGoConnection(AsyncAdapt_aiosqlite_connection):
    """A connection whose statements go to its thread once, or are in it already."""

    __slots__ = ("_begun", "_ended", "_reads", "_thread", "_to_begin", "reads_only")
    _cursor_cls = OneGoCursor  # type: ignore[assignment]

    def __init__(self, dbapi: Any, connection: aiosqlite.Connection) -> None:  # noqa: ANN401
        super().__init__(dbapi, connection)  # type: ignore[arg-type]
        self._thread = connection._thread
        # Counted by who asks and by the thread, each for itself: what was given up may still be running.
        self._begun = self._ended = 0
        self.reads_only = False
        """Whether the transaction had nothing but SELECT so far."""
        self._to_begin = False
        """Whether a transaction begins with the next act."""
        self._reads = False
        """Whether one that was begun that way has to be ended."""

    @property
    def plain(self) -> sqlite3.Connection:
        """The connection itself, for who is in its thread."""
        own: sqlite3.Connection = self._connection._conn
        return own

    def go(self, act: Callable[[], T]) -> T:
        """What the act returns, done in the connection's thread."""
        if threading.current_thread() is self._thread:
            return act()
        return await_(self.there(act))

    async def there(self, act: Callable[[], T]) -> T:
        """As `go`, for who can wait."""
        self._begun += 1
        begins, self._to_begin = self._to_begin, False
        self._reads |= begins
        found: T = await self._connection._execute(self._done(act, begins=begins))
        return found

    @property
    def _busy(self) -> bool:
        return self._begun != self._ended

    def begin(self) -> None:
        """Has a transaction begin, with the next act, that locks nothing before it reads or writes."""
        self._to_begin = self.reads_only = True

    def commit(self) -> None:
        """Ends the transaction, and waits until that is done."""
        self._to_begin = self._reads = False
        super().commit()

    def rollback(self) -> None:
        """Ends the transaction; nobody waits until what was only read is let go of."""
        begun, self._to_begin, self._reads = self._reads, False, False
        if self._busy or not self.reads_only:
            super().rollback()
        elif begun and self._connection._connection:
            # Whoever has the connection next comes behind it.
            self._connection._tx.put_nowait((None, self.plain.rollback))

    def _done(self, act: Callable[[], T], *, begins: bool) -> Callable[[], T]:
        def acting() -> T:
            try:
                if begins:
                    self.plain.execute("BEGIN")
                return act()
            finally:
                self._ended += 1

        return acting


class _Nothing:
    """What a cursor tells before it was used."""

    description, rowcount, lastrowid, arraysize = None, -1, None, 1


_NOTHING = _Nothing()


def connect(dbapi: Any, path: str, options: Mapping[str, Any]) -> OneGoConnection:  # noqa: ANN401
    """Opens a database by SQLAlchemy's aiosqlite; the options are those of `sqlite3.connect`."""
    opening = aiosqlite.connect(path, **options)
    opening._thread.daemon = True  # a process that ends waits for no connection that was left open
    return OneGoConnection(dbapi, await_(opening))
