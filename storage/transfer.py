"""Everything in the store, out as rows and in again, on either database; what is derived is left out."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, BinaryIO

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Float,
    Integer,
    LargeBinary,
    Select,
    String,
    cast,
    column,
    func,
    insert,
    inspect,
    literal,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import REGCLASS
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.types import TypeEngine

from storage.dumps import Counts, DumpReader, DumpWriter, Ending, Heading, Kind, Layout, Values
from storage.progress import Watch
from storage.tables import Row, WorkspaceRow
from storage.types import Document, Id, UtcTime, Words, clean, clean_document
from storage.upgrade import HEAD

_DERIVED = "derived"
"""In the `info` of tables and columns that are made anew from the others."""
_AT_ONCE = 1_000
"""Rows that are held in memory."""
_KINDS: tuple[tuple[tuple[type[TypeEngine[Any]], ...], Kind], ...] = (
    ((UtcTime,), Kind.TIME),
    ((Document,), Kind.JSON),
    ((LargeBinary,), Kind.BYTES),
    ((Boolean,), Kind.BOOLEAN),
    ((Id, Integer), Kind.INTEGER),
    ((Float,), Kind.NUMBER),
    ((Words, String), Kind.TEXT),
)
_TYPES: Mapping[Kind, TypeEngine[Any]] = {
    Kind.TIME: UtcTime(),
    Kind.JSON: Document(),
    Kind.BYTES: LargeBinary(),
    Kind.BOOLEAN: Boolean(),
    Kind.INTEGER: BigInteger(),
    Kind.NUMBER: Float(),
    Kind.TEXT: Words(),
}
_COPIED: Mapping[Kind, Callable[[Any], object]] = {
    Kind.TEXT: lambda value: None if value is None else clean(value),
    Kind.JSON: lambda value: json.dumps(clean_document(value)),
}
"""What PostgreSQL's driver is given for values that it does not take as they are."""


def layouts() -> tuple[Layout, ...]:
    """What there is to carry in a store of this version, in an order in which no row needs a later one."""
    return tuple(
        Layout(
            each.name,
            {
                part.name: _kind(part)
                for part in each.columns
                if not part.info.get(_DERIVED) and part.computed is None
            },
        )
        for each in Row.metadata.sorted_tables
        if not each.info.get(_DERIVED)
    )


@asynccontextmanager
async def one_moment(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection to which the store stands still."""
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    async with engine.connect() as connection:
        yield connection


async def write_dump(connection: AsyncConnection, out: BinaryIO, *, now: datetime, watch: Watch) -> Ending:
    """Writes all rows, of one moment if the connection's are, in the order of their keys."""
    writer = DumpWriter(out, Heading(HEAD, now, layouts()))
    done = 0
    for layout in layouts():
        async with connection.stream(_all_of(layout, connection.dialect.name)) as rows:
            async for some in rows.partitions(_AT_ONCE):
                writer.write(layout, some)
                done += len(some)
                watch("rows written", done, 0)
    return writer.end(await counters(connection))


async def load(connection: AsyncConnection, dump: DumpReader, *, watch: Watch, total: int = 0) -> Ending:
    """Inserts all rows under their ids into tables that are empty.

    Raises InputError where they turn out to be no whole; then nothing may be kept.
    """
    done = 0
    put = _insert if connection.dialect.name == "sqlite" else _copy
    for layout, some in _batches(dump):
        try:
            await put(connection, layout, some)
        except (IntegrityError, DataError) as error:
            raise dump.unfit(layout) from error
        done += len(some)
        watch("rows loaded", done, total)
    assert dump.ending is not None
    await raise_counters(connection, dump.ending.counters)
    return dump.ending


async def _insert(connection: AsyncConnection, layout: Layout, some: Sequence[Values]) -> None:
    into = table(layout.table, *(column(name, _TYPES[kind]) for name, kind in layout.columns.items()))
    await connection.execute(insert(into), some)


async def _copy(connection: AsyncConnection, layout: Layout, some: Sequence[Values]) -> None:
    """PostgreSQL's own way of taking many rows, three times as fast; SQLAlchemy has no words for it."""
    from asyncpg import DataError as WrongData
    from asyncpg import IntegrityConstraintViolationError, InterfaceError, PostgresError

    columns = [(name, _COPIED.get(kind)) for name, kind in layout.columns.items()]
    records = [
        tuple(values[name] if write is None else write(values[name]) for name, write in columns)
        for values in some
    ]
    driver: Any = (await connection.get_raw_connection()).driver_connection
    try:
        await driver.copy_records_to_table(layout.table, columns=list(layout.columns), records=records)
    except IntegrityConstraintViolationError as error:
        raise IntegrityError(f"COPY {layout.table}", None, error) from error
    except (WrongData, ValueError, OverflowError) as error:
        raise DataError(f"COPY {layout.table}", None, error) from error
    except (PostgresError, InterfaceError, OSError) as error:
        raise DBAPIError(f"COPY {layout.table}", None, error) from error


async def check_fit(connection: AsyncConnection, dump: DumpReader) -> None:
    """Raises InputError unless the dump's tables and columns are there."""
    there = await connection.run_sync(_columns, [layout.table for layout in dump.heading.layouts])
    for layout in dump.heading.layouts:
        if not layout.columns.keys() <= there.get(layout.table, frozenset()):
            raise dump.unfit(layout)


async def is_empty(connection: AsyncConnection) -> bool:
    """Whether nothing is stored that could be missed, or there are no tables."""
    names = telling_tables()
    there = await connection.run_sync(_columns, names)
    for name in names:
        query = select(literal(1)).select_from(table(name)).limit(1)
        if name in there and (await connection.execute(query)).first() is not None:
            return False
    return True


def telling_tables() -> tuple[str, ...]:
    """Tables of which a row tells that something is stored.

    A workspace comes with the first command that asks for anything.
    """
    return tuple(layout.table for layout in layouts() if layout.table != WorkspaceRow.__tablename__)


async def count(connection: AsyncConnection, name: str) -> int:
    """How many rows the table has."""
    return (await connection.execute(select(func.count()).select_from(table(name)))).scalar_one()


async def lock(connection: AsyncConnection, patience: float) -> None:
    """Nobody else reads or writes PostgreSQL's tables until the transaction ends; waits so many seconds for that."""
    await connection.execute(text(f"SET LOCAL lock_timeout = {int(patience * 1000)}"))
    await connection.execute(text(f"LOCK TABLE {_all_tables()} IN ACCESS EXCLUSIVE MODE"))


async def empty(connection: AsyncConnection) -> None:
    """Takes all rows out of PostgreSQL's tables, which are locked."""
    await connection.execute(text(f"TRUNCATE {_all_tables()}"))


async def counters(connection: AsyncConnection) -> Counts:
    """The last number given out, of each table that counts up and has given one out."""
    counting = _counting()
    if connection.dialect.name == "sqlite":
        rows = await connection.execute(text("SELECT name, seq FROM sqlite_sequence"))
        return {name: count for name, count in rows if name in counting and count}
    found = {
        name: await connection.scalar(select(func.pg_sequence_last_value(_sequence(name, key))))
        for name, key in counting.items()
    }
    return {name: count for name, count in found.items() if count}


async def raise_counters(connection: AsyncConnection, counts: Counts) -> None:
    """Goes on counting after these, and after every number that is in use."""
    if connection.dialect.name == "sqlite":
        await _raise_sqlite(connection, {name: counts[name] for name in counts.keys() & _counting().keys()})
        return
    for name, key in _counting().items():
        used = select(func.max(column(key, BigInteger))).select_from(table(name)).scalar_subquery()
        given = literal(counts.get(name), BigInteger())
        last = func.greatest(func.pg_sequence_last_value(_sequence(name, key)), given, used)
        await connection.execute(select(func.setval(_sequence(name, key), last)))  # of NULL sets nothing


async def _raise_sqlite(connection: AsyncConnection, counts: Counts) -> None:
    """SQLite itself has put down the greatest number in use."""
    listed = text(
        "INSERT INTO sqlite_sequence SELECT :name, 0 WHERE :name NOT IN (SELECT name FROM sqlite_sequence)"
    )
    raised = text("UPDATE sqlite_sequence SET seq = max(seq, :count) WHERE name = :name")
    for name, count in counts.items():
        await connection.execute(listed, {"name": name})
        await connection.execute(raised, {"name": name, "count": count})


def _counting() -> Mapping[str, str]:
    """Tables that count up by themselves, and the column that does."""
    carried = (Row.metadata.tables[layout.table] for layout in layouts())
    return {each.name: key.name for each in carried if (key := each.autoincrement_column) is not None}


def _sequence(name: str, key: str) -> ColumnElement[Any]:
    return cast(func.pg_get_serial_sequence(name, key), REGCLASS)


def _all_tables() -> str:
    return ", ".join(each.name for each in Row.metadata.sorted_tables)


def _columns(connection: Connection, tables: Sequence[str]) -> Mapping[str, frozenset[str]]:
    """Of each of the tables that is there."""
    found = inspect(connection).get_multi_columns(filter_names=tables)
    return {name: frozenset(part["name"] for part in parts) for (_, name), parts in found.items()}


def _kind(part: Column[Any]) -> Kind:
    for types, kind in _KINDS:
        if isinstance(part.type, types):
            return kind
    raise TypeError(f"{part} has a type that no dump has a form for")


def _all_of(layout: Layout, dialect: str) -> Select[Any]:
    """All rows by their keys, in the same order on both databases."""
    source = Row.metadata.tables[layout.table]
    keys = (
        key.collate("C") if dialect == "postgresql" and _kind(key) is Kind.TEXT else key
        for key in source.primary_key
    )
    return select(*(source.c[name] for name in layout.columns)).order_by(*keys)


def _batches(dump: DumpReader) -> Iterator[tuple[Layout, list[Values]]]:
    """The rows in lots, each of one table."""
    of: Layout | None = None
    lot: list[Values] = []
    for layout, values in dump.rows():
        if lot and (layout is not of or len(lot) == _AT_ONCE):
            assert of is not None
            yield of, lot
            lot = []
        of = layout
        lot.append(values)
    if of is not None and lot:
        yield of, lot
