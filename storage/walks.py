"""Walks over rows: which of them lack what they belong to, or contradict each other; of large tables a sample."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    ForeignKeyConstraint,
    FromClause,
    Select,
    Table,
    and_,
    case,
    exists,
    func,
    literal,
    not_,
    select,
    union,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from news.soundness import Fault, Walk
from storage.tables import (
    ArticleRow,
    BriefRow,
    EntryRow,
    Row,
    StanceRow,
    StatementRow,
    StoryRow,
    TargetRow,
    ToldRow,
    VersionRow,
)
from storage.types import Id

WHOLE = 20_000
"""Rows of a table that are all looked at; of more, a sample."""
LOTS, LOT = 20, 250
"""Places in a larger table, and how many rows are looked at from there."""
_EXAMPLES = 3

Wrong = Callable[[FromClause], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class _Rule:
    """What must not be so of a table's rows."""

    what: str
    table: Table
    columns: tuple[str, ...]
    """What `wrong` reads of a row, beside its key."""
    wrong: Wrong
    harmless: bool = False


async def walk(connection: AsyncConnection, *, whole: bool = False) -> Walk:
    """Rows whose parents are missing, by the foreign keys that the tables have, and rows that contradict others.

    With `whole`, every row is looked at, however many there are.
    """
    by_table: dict[str, list[_Rule]] = {}
    for rule in (*_parents(), *_agreements()):
        by_table.setdefault(rule.table.name, []).append(rule)
    looked, all_whole, faults = 0, True, list[Fault]()
    for rules in by_table.values():
        rows, complete = await _rows(connection, rules, whole=whole)
        count, found = await _look(connection, rows, rules)
        looked, all_whole = looked + count, all_whole and complete
        faults += found
    return Walk(looked, all_whole, tuple(faults))


async def walk_spans(connection: AsyncConnection, *, whole: bool = False) -> Walk:
    """Statements that point outside the text which they stand in."""
    query, complete = await sample(connection, _STATEMENTS, ("article_id", "version", "spans"), whole=whole)
    rows = query.subquery()
    ends = select(rows.c.id, rows.c.spans, func.length(VersionRow.text).label("length")).join(
        VersionRow, and_(VersionRow.article_id == rows.c.article_id, VersionRow.version == rows.c.version)
    )
    looked, outside = 0, list[str]()
    async with connection.stream(ends) as found:
        async for row in found:
            looked += 1
            if any(not 0 <= start <= end <= row.length for part in row.spans.values() for start, end in part):
                outside.append(str(row.id))
    faults = [Fault("statements that point outside their text", len(outside), tuple(outside[:_EXAMPLES]))]
    return Walk(looked, complete, tuple(faults) if outside else ())


async def sample(
    connection: AsyncConnection,
    source: FromClause,
    columns: Iterable[str] = (),
    *,
    key: Sequence[str] = (),
    whole: bool,
) -> tuple[Select[Any] | CompoundSelect[Any], bool]:
    """Some of a table's rows, with their key and these columns, as a query; and whether it is all of them.

    From a few places in a large table some rows each, its ends included, for what broke lately stands at one of them.
    """
    names = tuple(key) or tuple(column.name for column in source.primary_key)
    order = [source.c[name] for name in names]
    wanted = select(*(source.c[name] for name in dict.fromkeys((*names, *columns))))
    if whole or await _is_small(connection, source):
        return wanted, True
    backwards = [column.desc() for column in order]
    lots = [wanted.order_by(*order).limit(LOT), wanted.order_by(*backwards).limit(LOT)]
    if isinstance(order[0].type, Id):
        first = await connection.scalar(select(order[0]).order_by(order[0]).limit(1))
        last = await connection.scalar(select(order[0]).order_by(order[0].desc()).limit(1))
        starts = sorted(random.randint(first or 0, last or 0) for _ in range(LOTS - len(lots)))
        lots += [wanted.where(order[0] >= start).order_by(*order).limit(LOT) for start in starts]
    return union(*(select(lot.subquery()) for lot in lots)), False


async def _rows(
    connection: AsyncConnection, rules: Sequence[_Rule], *, whole: bool
) -> tuple[FromClause, bool]:
    columns = [column for rule in rules for column in rule.columns]
    query, complete = await sample(connection, rules[0].table, columns, whole=whole)
    return query.subquery(), complete


async def _is_small(connection: AsyncConnection, source: FromClause) -> bool:
    beyond = select(literal(1)).select_from(source).offset(WHOLE).limit(1)
    return (await connection.execute(beyond)).first() is None


async def _look(
    connection: AsyncConnection, rows: FromClause, rules: Sequence[_Rule]
) -> tuple[int, list[Fault]]:
    """How many rows there are, and what is wrong with them."""
    counts = [func.coalesce(func.sum(case((rule.wrong(rows), 1), else_=0)), 0) for rule in rules]
    looked, *found = (await connection.execute(select(func.count(), *counts).select_from(rows))).one()
    faults = []
    for rule, count in zip(rules, found, strict=True):
        if count:
            key = [rows.c[column.name] for column in rule.table.primary_key.columns]
            query = select(*key).where(rule.wrong(rows)).order_by(*key).limit(_EXAMPLES)
            examples = ["/".join(map(str, row)) for row in await connection.execute(query)]
            faults.append(Fault(rule.what, int(count), tuple(examples), rule.harmless))
    return looked, faults


def _parents() -> Iterator[_Rule]:
    """One rule a foreign key, but for those of tables that can be made anew."""
    for table in Row.metadata.sorted_tables:
        if table.info.get("derived"):
            continue
        for key in sorted(table.foreign_key_constraints, key=lambda key: tuple(key.column_keys)):
            yield _Rule(
                f"{_words(table)} without their {_words(key.referred_table)}",
                table,
                tuple(key.column_keys),
                _lacks_parent(key),
            )


def _words(table: FromClause) -> str:
    """`article versions`."""
    return str(table.description).replace("_", " ")


def _lacks_parent(key: ForeignKeyConstraint) -> Wrong:
    parent = key.referred_table.alias()
    pairs = [(element.parent.name, element.column.name) for element in key.elements]

    def wrong(rows: FromClause) -> ColumnElement[bool]:
        there = exists().where(*(parent.c[theirs] == rows.c[own] for own, theirs in pairs))
        return and_(*(rows.c[own].is_not(None) for own, _ in pairs), not_(there))

    return wrong


def _agreements() -> tuple[_Rule, ...]:
    """What no foreign key says."""
    return (
        _Rule(
            "articles without their newest version",
            _table(ArticleRow),
            ("version",),
            lambda a: ~exists().where(VersionRow.article_id == a.c.id, VersionRow.version == a.c.version),
        ),
        _Rule(
            "articles that no entry leads to", _table(ArticleRow), (), lambda a: ~exists().where(EntryRow.article_id == a.c.id), harmless=True
        ),
        _Rule(
            "articles without the brief that they name",
            _table(ArticleRow),
            ("briefed",),
            lambda a: and_(a.c.briefed > 0, ~exists().where(BriefRow.article_id == a.c.id)),
        ),
        _Rule(
            "briefs of another version than their article names",
            _table(BriefRow),
            ("version",),
            lambda b: exists().where(ArticleRow.id == b.c.article_id, ArticleRow.briefed != b.c.version),
        ),
        _Rule(
            "statements without the version that they stand in",
            _STATEMENTS,
            ("article_id", "version"),
            lambda s: ~exists().where(
                VersionRow.article_id == s.c.article_id, VersionRow.version == s.c.version
            ),
        ),
        _Rule(
            "stances on targets that were taken away",
            _table(StanceRow),
            ("owner", "target_key"),
            lambda s: and_(
                s.c.owner.is_not(None),
                ~exists().where(
                    TargetRow.workspace_id == s.c.owner, TargetRow.key == s.c.target_key, TargetRow.kind == "own"
                ),
            ),
        ),
        _Rule(
            "stories without articles that no digest told",
            _table(StoryRow),
            (),
            lambda s: and_(
                ~exists().where(ArticleRow.story_id == s.c.id), ~exists().where(ToldRow.story_id == s.c.id)
            ),
            harmless=True,
        ),
    )  # fmt: skip


def _table(row: type[Row]) -> Table:
    table = row.__table__
    assert isinstance(table, Table)
    return table


_STATEMENTS = _table(StatementRow)
