"""What is wrong with a database: what SQLite itself finds, and constraints, asked one by one."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Index, Table, UniqueConstraint, text
from sqlalchemy.exc import DBAPIError

from storage.tables import Row


def troubles(connection: Connection, *, alone: bool = False) -> Iterator[str]:
    """What is wrong, each in a few words; with `alone`, nobody else uses the database, and more can be asked."""
    if connection.dialect.name == "sqlite":
        yield from (
            found for (found,) in connection.exec_driver_sql("PRAGMA integrity_check") if found != "ok"
        )
        yield from (
            f"foreign key: {tuple(found)}" for found in connection.exec_driver_sql("PRAGMA foreign_key_check")
        )
    else:  # by the tables themselves, not by the indexes that may be what is broken
        _set(connection, indexscan="off", indexonlyscan="off", bitmapscan="off")
    for table in Row.metadata.sorted_tables:
        yield from _orphans(connection, table)
        yield from _repeated(connection, table)
    yield from _unsearchable(connection)
    if connection.dialect.name == "sqlite" and alone:
        yield from _inside_of_indexes(connection)
    if connection.dialect.name == "postgresql":
        yield from _unlike_their_indexes(connection)


def _orphans(connection: Connection, table: Table) -> Iterator[str]:
    for constraint in table.foreign_key_constraints:
        pairs = [(key.parent.name, key.column.name) for key in constraint.elements]
        meet = " AND ".join(f"child.{own} = parent.{other}" for own, other in pairs)
        there = " AND ".join(f"child.{own} IS NOT NULL" for own, _ in pairs)
        found = _count(
            connection,
            f"{table.name} child LEFT JOIN {constraint.referred_table.name} parent ON {meet} "
            f"WHERE {there} AND parent.{pairs[0][1]} IS NULL",
        )
        if found:
            yield f"{found} rows of {table.name} break {constraint.name}"


def _repeated(connection: Connection, table: Table) -> Iterator[str]:
    for columns, condition in _uniques(table):
        names = ", ".join(columns)
        where = " AND ".join([f"{name} IS NOT NULL" for name in columns] + ([condition] if condition else []))
        found = _count(
            connection,
            f"(SELECT 1 FROM {table.name} WHERE {where} GROUP BY {names} HAVING count(*) > 1) AS repeated",
        )
        if found:
            yield f"{found} times {names} is not unique in {table.name}"


def _uniques(table: Table) -> Iterator[tuple[list[str], str]]:
    """Columns that are unique together, and among which rows."""
    yield [column.name for column in table.primary_key], ""
    for one in (*table.constraints, *table.indexes):
        if isinstance(one, UniqueConstraint):
            yield [column.name for column in one.columns], ""
        elif isinstance(one, Index) and one.unique:
            condition = one.dialect_options["postgresql"].get("where")
            yield [column.name for column in one.columns], "" if condition is None else str(condition)


def _unsearchable(connection: Connection) -> Iterator[str]:
    """What searches do not find, or find though it is not there: SQLAlchemy knows nothing of these tables."""
    number = "rowid" if connection.dialect.name == "sqlite" else "id"
    for rows, index in (
        ("SELECT id FROM statements", f"SELECT {number} FROM statement_index"),
        ("SELECT id FROM articles WHERE briefed > 0", f"SELECT {number} FROM article_index"),
    ):
        for what, more, fewer in (("is not in", rows, index), ("is alone in", index, rows)):
            found = _count(connection, f"({more} EXCEPT {fewer}) AS found")
            if found:
                yield f"{found} times what is found by `{rows}` {what} `{index}`"
        if _count(connection, f"({index}) AS found") != _count(connection, f"({rows}) AS found"):
            yield f"`{rows}` and `{index}` are not as many"


def _inside_of_indexes(connection: Connection) -> Iterator[str]:
    """What SQLite finds within its full-text index: it is asked by what it takes for a write."""
    try:
        connection.execute(
            text("INSERT INTO statement_index(statement_index, rank) VALUES ('integrity-check', 0)")
        )
    except DBAPIError as error:
        yield f"statement_index: {error.orig}"


def _unlike_their_indexes(connection: Connection) -> Iterator[str]:
    """Tables that have more or fewer rows than an index of theirs knows."""
    counts = {table.name: _count(connection, table.name) for table in Row.metadata.sorted_tables}
    _set(connection, seqscan="off", indexonlyscan="on")
    for table, rows in counts.items():
        known = _count(connection, table)
        if known != rows:
            yield f"{table} has {rows} rows, its index {known}"


def _set(connection: Connection, **scans: str) -> None:
    for kind, value in scans.items():
        connection.execute(text(f"SET LOCAL enable_{kind} = {value}"))


def _count(connection: Connection, what: str) -> int:
    return int(connection.scalar(text(f"SELECT count(*) FROM {what}")) or 0)
