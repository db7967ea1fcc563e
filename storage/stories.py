"""Stories: which articles are about one event, as one workspace sees them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Select, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from news.articles import ArticleId
from news.channels import WorkspaceId
from news.names import Sought
from news.queries import StoryQuery
from news.stories import Outline, Story, StoryId
from storage.actors import whom
from storage.outlines import REVISED, conditions, find_outlines, within
from storage.readings import names_of, readings_of
from storage.rows import briefed_version, chunks, visible
from storage.sqlite_driver import look
from storage.tables import ArticleRow, VersionRow


class SqlStories:
    """Stories in the database."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, workspace_id: WorkspaceId, query: StoryQuery) -> tuple[Story, ...]:
        """Stories with an article that arrived or was edited in the query's time, newest first, each with
        all of its articles that the workspace follows; as many of them as it says."""
        return await look(self._session, lambda connection: _find(connection, workspace_id, query))

    async def outlines(
        self, workspace_id: WorkspaceId, query: StoryQuery, *, most: int
    ) -> tuple[tuple[Outline, ...], int]:
        """Stories that have news in the query's time, those that most outlets carry first, and how many there are.

        Each is of its articles of that time alone: at most `most` of them, copies last; its counts are of all.
        What the query asks for must stand in one of its articles of that time.
        """
        return await look(
            self._session, lambda connection: find_outlines(connection, workspace_id, query, most)
        )

    async def read(self, workspace_id: WorkspaceId, outlines: Sequence[Outline]) -> tuple[Story, ...]:
        """The stories with the articles that the outlines name, in their order."""
        return await look(self._session, lambda connection: _read(connection, workspace_id, outlines))


def _find(connection: Connection, workspace_id: WorkspaceId, query: StoryQuery) -> tuple[Story, ...]:
    found = connection.scalars(_found(workspace_id, query, whom(connection, workspace_id, query.actor)))
    ids = tuple(story_id for story_id in found if story_id is not None)
    articles: list[ArticleId] = []
    for some in chunks(ids):
        of_these = and_(ArticleRow.story_id.in_(some), visible(workspace_id, ArticleRow.id))
        articles += connection.scalars(select(ArticleRow.id).where(of_these)).all()
    readings = readings_of(connection, workspace_id, articles)
    names = names_of(connection, workspace_id, ids)
    return tuple(Story(i, tuple(readings[i]), names.get(i)) for i in ids)


def _read(
    connection: Connection, workspace_id: WorkspaceId, outlines: Sequence[Outline]
) -> tuple[Story, ...]:
    articles = [article_id for outline in outlines for article_id in outline.articles]
    readings = readings_of(connection, workspace_id, articles)
    names = names_of(connection, workspace_id, [outline.id for outline in outlines])
    return tuple(
        Story(
            id=outline.id,
            readings=tuple(readings[outline.id]),
            called=names.get(outline.id),
            counts=outline.counts,
        )
        for outline in outlines
    )


def _found(workspace_id: WorkspaceId, query: StoryQuery, sought: Sought | None) -> Select[StoryId | None]:
    """The ids of the stories, newest first; `sought` is the query's actor."""
    seen = visible(workspace_id, ArticleRow.id)
    found = (
        select(ArticleRow.story_id)
        .join(VersionRow, briefed_version())
        .where(seen, ArticleRow.story_id.is_not(None))
        .group_by(ArticleRow.story_id)
        .order_by(func.max(func.coalesce(REVISED, ArticleRow.arrived)).desc(), ArticleRow.story_id.desc())
        .limit(query.limit)
    )
    if query.since is not None or query.until is not None:
        since, until = query.since, query.until
        current = (
            select(ArticleRow.story_id)
            .join(VersionRow, briefed_version())
            .where(seen, or_(within(since, until, ArticleRow.arrived), within(since, until, REVISED)))
        )
        found = found.where(ArticleRow.story_id.in_(current))
    for condition in conditions(query, sought):
        found = found.having(func.max(case((condition, 1), else_=0)) == 1)
    return found
