"""Small steps that several repositories take: inserting what may be there, and what a workspace may see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, exists
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from news.articles import ArticleId
from news.channels import WorkspaceId
from storage.tables import ArticleRow, EntryRow, FollowRow, Row, VersionRow

T = TypeVar("T")

AT_ONCE = 500
"""How many values one IN list holds."""


async def insert_once(session: AsyncSession, table: type[Row], **values: object) -> bool:
    """Inserts a row; False, and nothing done, when a unique one stands there already."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table).values(**values).on_conflict_do_nothing()
    key = table.__mapper__.primary_key
    return (await session.execute(statement.returning(*key))).first() is not None


async def insert_all(session: AsyncSession, table: type[Row], rows: Sequence[Mapping[str, object]]) -> int:
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


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values in lots that fit an IN list."""
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]
