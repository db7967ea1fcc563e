"""SQLite's driver: how often it goes to the connection's thread, and that nothing stays open there."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from contextlib import AsyncExitStack, closing

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from storage.sqlite import make_engine
from storage.sqlite_driver import look
from tests.backends import current_database

MANY = 2_500
NUMBERS = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MANY}) SELECT i FROM n"


@pytest.fixture
async def engine(tmp_path):
    with closing(sqlite3.connect(tmp_path / "a.db")) as made:
        made.execute("PRAGMA journal_mode = WAL")
        made.execute("CREATE TABLE t (i INTEGER PRIMARY KEY, word TEXT UNIQUE)")
    engine = make_engine(make_url(f"sqlite+aiosqlite:///{tmp_path / 'a.db'}"))
    yield engine
    await engine.dispose()


@pytest.fixture
async def session(engine):
    async with AsyncSession(engine) as session:
        await session.connection()
        yield session


@pytest.fixture
async def trips(session):
    """What is sent to the connection's thread from now on."""
    raw = (await (await session.connection()).get_raw_connection()).driver_connection
    sent, put = [], raw._tx.put_nowait

    class Counted:
        def put_nowait(self, what):
            sent.append(what)
            put(what)

    raw._tx = Counted()
    return sent


async def test_a_statement_goes_to_the_thread_once(session, trips):
    assert (await session.execute(text("SELECT 1 UNION SELECT 2"))).scalars().all() == [1, 2]
    assert len(trips) == 1


async def test_a_transaction_in_which_nothing_is_asked_needs_no_thread(session, trips):
    await session.rollback()
    await session.connection()
    await session.rollback()
    assert not trips


async def test_a_transaction_that_only_reads_begins_on_the_way_and_nobody_waits_for_its_end(
    engine, session, trips
):
    await session.rollback()
    await session.execute(text("SELECT i FROM t"))
    await session.execute(text("SELECT i FROM t"))
    await session.rollback()
    waits = [future is not None for future, _ in trips]
    assert waits == [True, True, False]


async def test_whoever_comes_next_sees_what_was_written_meanwhile(engine, session):
    assert await session.scalar(text("SELECT count(*) FROM t")) == 0
    async with engine.begin() as other:
        await other.execute(text("INSERT INTO t (word) VALUES ('a')"))
    assert await session.scalar(text("SELECT count(*) FROM t")) == 0, "a transaction sees one state"
    await session.rollback()
    assert await session.scalar(text("SELECT count(*) FROM t")) == 1


async def test_what_a_crowd_opened_is_not_all_kept_open(engine):
    async with AsyncExitStack() as crowd:
        for _ in range(15):
            await crowd.enter_async_context(engine.connect())
        assert engine.pool.checkedout() == 15
    assert engine.pool.checkedin() == 8


async def test_what_was_written_is_taken_back(session):
    await session.execute(text("INSERT INTO t (word) VALUES ('a')"))
    await session.rollback()
    assert await session.scalar(text("SELECT count(*) FROM t")) == 0


async def test_a_look_up_goes_to_the_thread_once(session, trips):
    def ask(connection):
        threads.add(threading.get_ident())
        return [connection.scalar(text("SELECT :n"), {"n": n}) for n in range(5)]

    threads = set()
    assert await look(session, ask) == [0, 1, 2, 3, 4]
    assert (len(trips), threads - {threading.get_ident()}) == (1, threads)


async def test_a_look_up_sees_what_its_transaction_wrote(session):
    await session.execute(text("INSERT INTO t (word) VALUES ('a')"))
    assert await look(session, lambda connection: connection.scalar(text("SELECT word FROM t"))) == "a"


async def test_a_look_up_asks_postgresql_too(tmp_path):
    from sqlalchemy.ext.asyncio import create_async_engine

    from storage.engine import database_url

    async with current_database("postgresql", tmp_path) as url:
        engine = create_async_engine(database_url(url))
        async with AsyncSession(engine) as session:
            assert await look(session, lambda connection: connection.scalar(text("SELECT 1"))) == 1
        await engine.dispose()


async def test_what_fails_in_a_look_up_is_told_as_anywhere(engine, session):
    told = []
    event.listen(engine.sync_engine, "handle_error", lambda context: told.append(context.original_exception))
    with pytest.raises(OperationalError, match="no such table"):
        await look(session, lambda connection: connection.execute(text("SELECT * FROM nowhere")))
    assert [type(error) for error in told] == [sqlite3.OperationalError]
    assert await session.scalar(text("SELECT 1")) == 1


async def test_a_look_up_that_is_given_up_ends_before_its_transaction_does(engine, session):
    begun, may_end, ended = threading.Event(), threading.Event(), []

    def ask(connection):
        begun.set()
        may_end.wait()
        ended.append(connection.scalar(text("SELECT 1")))

    asking = asyncio.create_task(look(session, ask))
    await asyncio.to_thread(begun.wait)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    closing_it = asyncio.create_task(session.close())
    await asyncio.sleep(0)
    assert not closing_it.done()
    may_end.set()
    await closing_it
    assert ended == [1]
    async with AsyncSession(engine) as another:
        assert await another.scalar(text("SELECT 2")) == 2


async def test_rows_come_in_their_order(session):
    assert (await session.scalars(text(NUMBERS))).all() == list(range(1, MANY + 1))


async def test_a_stream_comes_in_its_order(engine):
    async with engine.connect() as used, used.stream(text(NUMBERS)) as rows:
        assert [number async for (number,) in rows] == list(range(1, MANY + 1))


async def test_what_was_changed_is_counted(session):
    inserted = await session.execute(text("INSERT INTO t (word) VALUES ('a')"))
    assert (inserted.rowcount, inserted.lastrowid, inserted.returns_rows) == (1, 1, False)
    several = await session.execute(
        text("INSERT INTO t (word) VALUES (:word)"), [{"word": "b"}, {"word": "c"}]
    )
    assert several.rowcount == 2
    changed = await session.execute(text("UPDATE t SET word = word || '!' RETURNING i"))
    assert changed.scalars().all() == [1, 2, 3]


async def test_a_statement_that_failed_holds_nothing(session):
    await session.execute(text("INSERT INTO t (word) VALUES ('a')"))
    with pytest.raises(IntegrityError):
        await session.execute(text("INSERT INTO t (word) VALUES ('a')"))
    await session.execute(text("DROP TABLE t"))  # a statement that is not ended would hold it
