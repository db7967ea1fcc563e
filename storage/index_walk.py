"""The search index held against its rows: each way, of large tables by a sample, and whether words are found."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    Select,
    Table,
    TableClause,
    exists,
    func,
    literal,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from news.soundness import Fault, Walk
from news.terms import Term, words_in
from storage.article_tokens import TOKENS
from storage.asking import STATEMENTS, Ask
from storage.fulltext import Search, full_text
from storage.indexing import is_current
from storage.rows import briefed_version, table_of
from storage.sqlite import BUSY
from storage.tables import ArticleRow, StatementRow
from storage.walks import sample

ASKED, WORDS = 50, 20
"""Statements that are looked for in the index, and by how many of their words."""
_EXAMPLES = 3


async def walk_index(connection: AsyncConnection, *, whole: bool = False) -> Walk:
    """Statements and articles that the index lacks, or has though they are gone, or does not find by their words."""
    async with AsyncSession(connection) as session:
        if not await is_current(session):
            return Walk(0, whole=True, faults=(Fault("indexes that were not made to the end", 1),))
        index = full_text(session)
        return (
            await _compare(connection, index.index, table_of(StatementRow), whole=whole)
            + await _compare(connection, TOKENS, table_of(ArticleRow), whole=whole)
            + await _ask(session)
        )


def check_fts5(file: Path) -> Walk:
    """SQLite's own check of all that the index holds. Nobody can write meanwhile. Raises what SQLite does.

    On a connection apart: one that has met with damage is not used again.
    """
    faults = []
    with closing(sqlite3.connect(file, timeout=BUSY, isolation_level=None)) as connection:
        try:
            connection.execute(f"INSERT INTO {STATEMENTS} ({STATEMENTS}) VALUES ('integrity-check')")
        except sqlite3.OperationalError:  # that it is locked is no damage
            raise
        except sqlite3.DatabaseError as error:
            faults.append(Fault(f"faults in {STATEMENTS}: {error}", 1))
    return Walk(0, whole=True, faults=tuple(faults))


async def _compare(connection: AsyncConnection, index: TableClause, table: Table, *, whole: bool) -> Walk:
    """Each way: rows that are not in the index, and what is in the index without a row."""
    article = "article_id" if "article_id" in table.c else "id"
    query, every = await sample(connection, table, (article,), whole=whole)
    rows = query.subquery()
    key = _key(index)
    found, all_entries = await sample(connection, index, key=[key.name], whole=whole)
    entries = found.subquery()
    # What an article without the text of its brief has is in no index, and making that anew would not help.
    read = exists().where(ArticleRow.id == rows.c[article], briefed_version())
    lacking = select(rows.c.id).where(read, ~_is_in(index, rows.c.id))
    left = select(entries.c[key.name]).where(~exists().where(table.c.id == entries.c[key.name]))
    faults = (
        await _fault(connection, lacking, f"{table.name} that are not in the index"),
        await _fault(connection, left, f"{table.name} in the index that are gone"),
    )
    looked = await connection.scalar(select(func.count()).select_from(rows))
    return Walk(looked or 0, every and all_entries, tuple(fault for fault in faults if fault.count))


async def _ask(session: AsyncSession) -> Walk:
    """Whether statements are found by their own words: some that lie anywhere, the first among them."""
    ids = select(StatementRow.id)
    first = (await session.scalars(ids.order_by(StatementRow.id).limit(1))).first()
    last = (await session.scalars(ids.order_by(StatementRow.id.desc()).limit(1))).first()
    if first is None or last is None:
        return Walk(0, whole=True)
    said = select(StatementRow.id, StatementRow.content_words).order_by(StatementRow.id).limit(1)
    said = said.where(_is_in(full_text(session).index, StatementRow.id))
    unfound = dict[int, None]()
    for start in (first, *(random.randint(first, last) for _ in range(ASKED - 1))):
        row = (await session.execute(said.where(StatementRow.id >= start))).first()
        if row is None:
            continue
        number, content = row
        words = tuple(words_in(content)[:WORDS])
        search = Search(Ask(terms=(Term(words),)), where=(StatementRow.id == number,))
        if (
            words
            and (await session.scalars(search.newest(session), search.values(session, 1))).first() is None
        ):
            unfound[number] = None
    examples = tuple(map(str, unfound))[:_EXAMPLES]
    fault = Fault("statements that their own words do not find", len(unfound), examples)
    return Walk(0, whole=True, faults=(fault,) if unfound else ())


def _key(index: TableClause) -> ColumnClause[int]:
    return index.c.id if "id" in index.c else index.c.rowid


def _is_in(
    index: TableClause, number: ColumnElement[int] | InstrumentedAttribute[int]
) -> ColumnElement[bool]:
    return exists(select(literal(1)).select_from(index).where(_key(index) == number))


async def _fault(connection: AsyncConnection, ids: Select[int], what: str) -> Fault:
    count = await connection.scalar(select(func.count()).select_from(ids.subquery()))
    examples = await connection.scalars(ids.limit(_EXAMPLES))
    return Fault(what, count or 0, tuple(map(str, examples)))
