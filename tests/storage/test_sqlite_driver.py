"""SQLite's driver: a statement goes to the connection's thread once, however it is fetched."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.sqlite import make_engine
from storage.sqlite_driver import AT_ONCE, OneGoConnection, connect

MANY = 2 * AT_ONCE + 5
NUMBERS = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MANY}) SELECT i FROM n"


@pytest.fixture
async def connection(tmp_path: Path) -> AsyncIterator[OneGoConnection]:
    opened = await connect(str(tmp_path / "a.db"), {"isolation_level": None})
    await opened.execute("CREATE TABLE t (i INTEGER PRIMARY KEY, word TEXT UNIQUE)")
    yield opened
    await opened.close()


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    sqlite3.connect(tmp_path / "b.db").close()
    made = make_engine(make_url(f"sqlite+aiosqlite:///{tmp_path / 'b.db'}"))
    yield made
    await made.dispose()


class Trips:
    """Counts what is sent to a connection's thread."""

    def __init__(self, connection: Any) -> None:
        self.count = 0
        self._put: Callable[[Any], None] = connection._tx.put_nowait
        connection._tx = self

    def put_nowait(self, what: Any) -> None:
        self.count += 1
        self._put(what)


async def test_a_statement_goes_to_the_thread_once(engine: AsyncEngine) -> None:
    async with engine.connect() as used:
        trips = Trips((await used.get_raw_connection()).driver_connection)
        assert (await used.execute(text("SELECT 1 UNION SELECT 2"))).scalars().all() == [1, 2]
        assert trips.count == 2  # BEGIN and this


async def test_all_rows_come_in_their_order(connection: OneGoConnection) -> None:
    cursor = await connection.cursor()
    await cursor.execute(NUMBERS)
    assert [row[0] for row in await cursor.fetchall()] == list(range(1, MANY + 1))
    assert await cursor.fetchall() == []


@pytest.mark.parametrize("size", [1, 7, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, MANY, 2 * MANY])
async def test_rows_come_in_lots_of_any_size(connection: OneGoConnection, size: int) -> None:
    cursor, found = await connection.cursor(), []
    await cursor.execute(NUMBERS)
    while rows := await cursor.fetchmany(size):
        assert len(rows) <= size
        found += [row[0] for row in rows]
    assert found == list(range(1, MANY + 1))


async def test_a_row_at_a_time(connection: OneGoConnection) -> None:
    cursor = await connection.cursor()
    await cursor.execute("SELECT 1 UNION SELECT 2")
    assert [await cursor.fetchone() for _ in range(3)] == [(1,), (2,), None]


async def test_a_stream_holds_no_more_rows_than_it_was_given(engine: AsyncEngine) -> None:
    async with engine.connect() as used, used.stream(text(NUMBERS)) as rows:
        found = [number async for (number,) in rows]
    assert found == list(range(1, MANY + 1))


async def test_what_was_changed_is_counted(connection: OneGoConnection) -> None:
    cursor = await connection.cursor()
    await cursor.execute("INSERT INTO t (word) VALUES (?)", ("a",))
    assert (cursor.rowcount, cursor.lastrowid, cursor.description) == (1, 1, None)
    await cursor.executemany("INSERT INTO t (word) VALUES (?)", [("b",), ("c",)])
    assert cursor.rowcount == 2
    await cursor.execute("UPDATE t SET word = word || '!' RETURNING i")
    assert await cursor.fetchall() == [(1,), (2,), (3,)]
    assert (cursor.rowcount, cursor.description[0][0] if cursor.description else None) == (3, "i")


async def test_a_statement_that_failed_holds_nothing(connection: OneGoConnection) -> None:
    cursor = await connection.cursor()
    await cursor.execute("INSERT INTO t (word) VALUES ('a')")
    with pytest.raises(sqlite3.IntegrityError):
        await cursor.execute("INSERT INTO t (word) VALUES ('a')")
    await cursor.execute("SELECT count(*) FROM t")
    assert await cursor.fetchone() == (1,)


@pytest.mark.parametrize("read", [0, 1, AT_ONCE])
async def test_a_statement_that_is_closed_holds_nothing(connection: OneGoConnection, read: int) -> None:
    await connection.execute("INSERT INTO t (word) VALUES ('a')")
    cursor = await connection.cursor()
    await cursor.execute(f"{NUMBERS} UNION ALL SELECT i FROM t")
    await cursor.fetchmany(read)
    await cursor.close()
    assert await cursor.fetchall() == []
    # A statement that is not ended would hold the table.
    await connection.execute("DROP TABLE t")
