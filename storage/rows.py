"""Small steps that several repositories take: inserting what may be there, what a workspace may see, values of rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any, Self, TypeVar, cast

from sqlalchemy import BindParameter, Boolean, ColumnElement, Result, Row, Table, and_, bindparam, exists
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType

from news.articles import Article, ArticleId
from news.channels import WorkspaceId
from news.statements import Kind, Mode, Speaker, Statement
from storage import tables
from storage.documents import Parts, as_parts, part
from storage.tables import ArticleRow, EntryRow, FollowRow, StatementRow, VersionRow
from storage.types import Many

T = TypeVar("T")

AT_ONCE = 500
"""How many values one IN list holds."""


async def insert_once(session: AsyncSession, table: type[tables.Row], **values: object) -> bool:
    """Inserts a row; False, and nothing done, when a unique one stands there already."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table).values(**values).on_conflict_do_nothing()
    key = table.__mapper__.primary_key
    return (await session.execute(statement.returning(*key))).first() is not None


async def insert_all(
    session: AsyncSession, table: type[tables.Row], rows: Sequence[Mapping[str, object]]
) -> int:
    """Inserts rows in their order, but for those that a unique one stands for already; how many were inserted."""
    if not rows:
        return 0
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table).on_conflict_do_nothing().returning(*table.__mapper__.primary_key)
    return len((await session.execute(statement, [dict(row) for row in rows])).all())


async def insert_missing(
    session: AsyncSession, table: type[tables.Row], rows: Sequence[Mapping[str, object]]
) -> None:
    """As `insert_all`, and quicker, for who does not ask how many were inserted."""
    if rows:
        dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
        await session.execute(
            dialect.insert(table_of(table)).on_conflict_do_nothing(), [dict(row) for row in rows]
        )


async def replace_all(
    session: AsyncSession, table: type[tables.Row], rows: Sequence[Mapping[str, object]]
) -> None:
    """Inserts rows of the same columns, each in the place of one that has its primary key."""
    if not rows:
        return
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table_of(table))
    key = [column.name for column in table.__mapper__.primary_key]
    values = {name: statement.excluded[name] for name in rows[0] if name not in key}
    await session.execute(
        statement.on_conflict_do_update(index_elements=key, set_=values), [dict(row) for row in rows]
    )


def table_of(kind: type[tables.Row]) -> Table:
    """The table itself: rows of classes would each be looked at once more."""
    return cast("Table", kind.__table__)


def visible(
    workspace_id: WorkspaceId | BindParameter[int],
    article_id: ColumnElement[Any] | InstrumentedAttribute[ArticleId],
) -> ColumnElement[bool]:
    """Whether an entry of a feed that the workspace follows leads to the article."""
    return (
        exists()
        .where(EntryRow.article_id == article_id)
        .where(FollowRow.feed_id == EntryRow.feed_id)
        .where(FollowRow.workspace_id == workspace_id)
    )


def briefed_version() -> ColumnElement[bool]:
    """The version of an article that its brief is of."""
    return and_(VersionRow.article_id == ArticleRow.id, VersionRow.version == ArticleRow.briefed)


PRINTED = (
    ArticleRow.id,
    ArticleRow.key,
    ArticleRow.arrived,
    ArticleRow.moment,
    ArticleRow.outlet,
    ArticleRow.url,
    ArticleRow.published,
    VersionRow.text,
    VersionRow.byline,
    VersionRow.language,
    VersionRow.partial,
    VersionRow.version,
    VersionRow.seen,
)
"""What `article_of` reads, but for the title, which may be that of another version."""


def article_of(row: ArticleRow | Row[Any], version: VersionRow | Row[Any]) -> Article:
    """The article in the given version; rows of columns will do."""
    return Article(
        id=row.id,
        key=row.key,
        text=version.text,
        arrived=row.arrived,
        title=version.title,
        outlet=row.outlet,
        url=row.url,
        published=row.published,
        byline=version.byline,
        language=version.language,
        partial=version.partial,
        version=version.version,
        revised=version.seen if version.version > 1 and version.seen != row.arrived else None,
        seen=None if row.published else row.moment,
    )


def rows_of(result: Result[*tuple[Any, ...]]) -> list[Row[Any]]:
    """All rows, their columns read by name."""
    return list(result.all())


class any_of(FunctionElement[bool]):
    """Whether a column has one of the values of a parameter of type `Many`."""

    inherit_cache = True
    name = "any_of"
    type = Boolean()

    def self_group(self, against: OperatorType | None = None) -> Self:
        """Itself: as a condition, a function would be compared with 1 in SQLite, which then looks at every row."""
        return self


@compiles(any_of, "sqlite")
def _in_list(element: any_of, compiler: SQLCompiler, **options: object) -> str:
    column, values = element.clauses
    assert isinstance(values.type, Many)
    each = bindparam(values.key, type_=values.type.each(), expanding=True)
    return compiler.process(column.in_(each), **options)


@compiles(any_of, "postgresql")
def _in_array(element: any_of, compiler: SQLCompiler, **options: object) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY ({values})"


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values in lots that fit an IN list."""
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]


SPOKEN = (
    StatementRow.spans,
    StatementRow.kind,
    StatementRow.mode,
    StatementRow.confidence,
    StatementRow.speaker_name,
    StatementRow.mention,
    StatementRow.affiliation,
    StatementRow.anonymous,
    StatementRow.state,
)
"""What `spoken` takes, in its order."""
_spoken_of = attrgetter(*(column.key for column in SPOKEN))


def parts_of(statement: Statement) -> Parts:
    """The statement's spans, as they are stored."""
    return as_parts(
        {
            "content": statement.content,
            "cue": statement.cue,
            "source": statement.source,
            "venue": statement.venue,
        }
    )


def statement_of(row: StatementRow | Row[Any]) -> Statement:
    """The statement, from its row or from what `told_statements` reads of it."""
    return spoken(*_spoken_of(row))


def spoken(
    spans: Parts,
    kind: str,
    mode: str,
    confidence: float,
    speaker_name: str | None,
    mention: str | None,
    affiliation: str | None,
    anonymous: bool,
    state: str | None,
) -> Statement:
    """The statement, from the columns that `SPOKEN` names."""
    speaker = None
    if speaker_name is not None and mention is not None:
        speaker = Speaker(speaker_name, mention, affiliation, anonymous, state)
    return Statement(
        content=part(spans, "content"),
        kind=Kind(kind),
        cue=part(spans, "cue"),
        source=part(spans, "source"),
        speaker=speaker,
        mode=Mode(mode),
        venue=part(spans, "venue"),
        confidence=confidence,
    )
