"""Stories: which articles are about one event."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from news.articles import ArticleId
from news.channels import WorkspaceId
from news.errors import NotFound
from news.names import Sought
from news.queries import StoryQuery
from news.stories import Assignment, Member, Reading, Story, StoryId
from storage.actors import whom
from storage.articles import article_of
from storage.briefs import brief_of
from storage.ids import new_id
from storage.rows import chunks, visible
from storage.search import in_headline, speaks, words_stand
from storage.tables import ArticleRow, BriefRow, StatementRow, StoryRow, VersionRow


class SqlStories:
    """Stories in the database."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def unclustered(self, limit: int = 200) -> tuple[Member, ...]:
        """Articles that have a brief and no story, oldest first."""
        return await self._members(
            _with_words().where(ArticleRow.story_id.is_(None), ArticleRow.briefed > 0).limit(limit)
        )

    async def members(self, since: datetime, until: datetime) -> tuple[Member, ...]:
        """Articles in stories, by `when`, oldest first; `until` is not included."""
        return await self._members(
            _with_words().where(
                ArticleRow.story_id.is_not(None), ArticleRow.moment >= since, ArticleRow.moment < until
            )
        )

    async def save(self, assignments: Sequence[Assignment]) -> None:
        """Puts articles into stories, new ones where needed. Raises NotFound.

        An article that is to begin a story and has one already keeps it, so that saving twice is harmless.
        """
        batch = {a.article_id: a for a in assignments}
        named = {a.with_article for a in assignments if a.with_article is not None}
        rows = await self._articles({*batch, *named})
        await self._check_stories({a.story_id for a in assignments if a.story_id is not None})
        for article_id in batch:
            story_id, founder = _anchor(article_id, batch)
            rows[article_id].story_id = story_id or await self._story_of(rows[founder])
        await self._session.flush()

    async def find(self, workspace_id: WorkspaceId, query: StoryQuery) -> tuple[Story, ...]:
        """Stories with an article that arrived or was edited in the query's time, newest first, each with
        all of its articles that the workspace follows; as many of them as it says."""
        sought = await whom(self._session, workspace_id, query.actor)
        found = await self._session.scalars(_found(workspace_id, query, sought))
        ids = tuple(story_id for story_id in found if story_id is not None)
        readings: defaultdict[StoryId, list[Reading]] = defaultdict(list)
        for some in chunks(ids):
            for story_id, reading in await self._readings(workspace_id, some):
                readings[story_id].append(reading)
        return tuple(Story(story_id, tuple(readings[story_id])) for story_id in ids)

    async def _members(self, query: Select[ArticleRow, VersionRow]) -> tuple[Member, ...]:
        rows = await self._session.execute(query.order_by(ArticleRow.moment, ArticleRow.id))
        return tuple(
            Member(row.id, row.story_id, row.moment, version.title or "", version.text)
            for row, version in rows
        )

    async def _articles(self, ids: set[ArticleId]) -> Mapping[ArticleId, ArticleRow]:
        rows: dict[ArticleId, ArticleRow] = {}
        for some in chunks(sorted(ids)):
            query = select(ArticleRow).where(ArticleRow.id.in_(some)).order_by(ArticleRow.id)
            for row in await self._session.scalars(query.with_for_update()):
                rows[row.id] = row
        for article_id in ids - rows.keys():
            raise NotFound(f"There is no article {article_id}: store it before it joins a story.")
        return rows

    async def _check_stories(self, ids: set[StoryId]) -> None:
        for some in chunks(sorted(ids)):
            found = set(await self._session.scalars(select(StoryRow.id).where(StoryRow.id.in_(some))))
            for story_id in set(some) - found:
                raise NotFound(f"There is no story {story_id}: find the stories again.")

    async def _story_of(self, founder: ArticleRow) -> StoryId:
        """The article's story, begun when it has none."""
        if founder.story_id is None:
            story_id = StoryId(new_id(founder.moment))
            self._session.add(StoryRow(id=story_id))
            await self._session.flush()
            founder.story_id = story_id
        return founder.story_id

    async def _readings(
        self, workspace_id: WorkspaceId, ids: Sequence[StoryId]
    ) -> list[tuple[StoryId, Reading]]:
        """What the workspace sees of the stories, oldest first."""
        of_these = and_(ArticleRow.story_id.in_(ids), visible(workspace_id, ArticleRow.id))
        statements: defaultdict[ArticleId, list[StatementRow]] = defaultdict(list)
        for statement in await self._session.scalars(
            select(StatementRow)
            .join(ArticleRow, ArticleRow.id == StatementRow.article_id)
            .where(of_these)
            .order_by(StatementRow.article_id, StatementRow.position)
        ):
            statements[statement.article_id].append(statement)
        rows = await self._session.execute(
            select(ArticleRow, VersionRow, BriefRow)
            .join(VersionRow, _briefed_version())
            .join(BriefRow, BriefRow.article_id == ArticleRow.id)
            .where(of_these)
            .order_by(ArticleRow.moment, ArticleRow.id)
        )
        return [
            (row.story_id, Reading(article_of(row, version), brief_of(brief, statements[row.id])))
            for row, version, brief in rows
            if row.story_id is not None
        ]


def _anchor(article_id: ArticleId, batch: Mapping[ArticleId, Assignment]) -> tuple[StoryId | None, ArticleId]:
    """The story that the article joins, or else the article whose story it shares.

    Articles that name each other in a circle share the story of the least of them.
    """
    way = [article_id]
    while (assignment := batch.get(way[-1])) is not None:
        following = assignment.with_article
        if assignment.story_id is not None or following is None or following == way[-1]:
            return assignment.story_id, way[-1]
        if following in way:
            return None, min(way[way.index(following) :])
        way.append(following)
    return None, way[-1]


def _with_words() -> Select[ArticleRow, VersionRow]:
    """Articles with their newest version."""
    return select(ArticleRow, VersionRow).join(
        VersionRow,
        and_(VersionRow.article_id == ArticleRow.id, VersionRow.version == ArticleRow.version),
    )


def _briefed_version() -> ColumnElement[bool]:
    return and_(VersionRow.article_id == ArticleRow.id, VersionRow.version == ArticleRow.briefed)


def _found(workspace_id: WorkspaceId, query: StoryQuery, sought: Sought | None) -> Select[StoryId | None]:
    """The ids of the stories, newest first; `sought` is the query's actor."""
    seen = visible(workspace_id, ArticleRow.id)
    revised = case((VersionRow.version > 1, VersionRow.seen))
    found = (
        select(ArticleRow.story_id)
        .join(VersionRow, _briefed_version())
        .where(seen, ArticleRow.story_id.is_not(None))
        .group_by(ArticleRow.story_id)
        .order_by(func.max(func.coalesce(revised, ArticleRow.arrived)).desc(), ArticleRow.story_id.desc())
        .limit(query.limit)
    )
    if query.since is not None or query.until is not None:
        current = (
            select(ArticleRow.story_id)
            .join(VersionRow, _briefed_version())
            .where(seen, or_(_within(query, ArticleRow.arrived), _within(query, revised)))
        )
        found = found.where(ArticleRow.story_id.in_(current))
    for condition in _conditions(query, sought):
        found = found.having(func.max(case((condition, 1), else_=0)) == 1)
    return found


def _within(
    query: StoryQuery, moment: ColumnElement[Any] | InstrumentedAttribute[datetime]
) -> ColumnElement[bool]:
    bounds = []
    if query.since is not None:
        bounds.append(moment >= query.since)
    if query.until is not None:
        bounds.append(moment < query.until)
    return and_(*bounds)


def _conditions(query: StoryQuery, sought: Sought | None) -> list[ColumnElement[bool]]:
    """What one visible article of the story must have; words that are only white space ask for nothing."""
    conditions: list[ColumnElement[bool]] = []
    if query.about and query.about.strip():
        conditions.append(words_stand(query.about, VersionRow.words))
    if sought is not None:
        said = exists().where(StatementRow.article_id == ArticleRow.id).where(speaks(sought))
        conditions.append(or_(said, in_headline(sought)))
    return conditions
