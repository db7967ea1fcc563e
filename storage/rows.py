"""Small steps that several repositories take: inserting what may be there, what a workspace may see, articles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, and_, exists
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from news.articles import Article, ArticleId
from news.channels import WorkspaceId
from storage import tables
from storage.tables import ArticleRow, EntryRow, FollowRow, VersionRow

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


def visible(workspace_id: WorkspaceId, article_id: InstrumentedAttribute[ArticleId]) -> ColumnElement[bool]:
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


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values in lots that fit an IN list."""
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]
