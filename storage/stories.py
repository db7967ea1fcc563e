"""Stories: which articles are about one event, as one workspace sees them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    Text,
    and_,
    case,
    cast,
    exists,
    func,
    or_,
    select,
    true,
    union,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, defer

from news.articles import ArticleId
from news.channels import WorkspaceId
from news.names import Sought
from news.queries import StoryQuery
from news.stories import Counts, Reading, Story, StoryId
from storage.actors import whom
from storage.articles import article_of
from storage.briefs import brief_of
from storage.rows import chunks, visible
from storage.search import in_headline, outlet_holds, speaks, words_stand
from storage.tables import ArticleRow, BriefRow, StatementRow, ToldRow, VersionRow


class SqlStories:
    """Stories in the database."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, workspace_id: WorkspaceId, query: StoryQuery) -> tuple[Story, ...]:
        """Stories with an article that arrived or was edited in the query's time, newest first, each with
        all of its articles that the workspace follows; as many of them as it says."""
        sought = await whom(self._session, workspace_id, query.actor)
        found = await self._session.scalars(_found(workspace_id, query, sought))
        ids = tuple(story_id for story_id in found if story_id is not None)
        readings: dict[StoryId, list[Reading]] = {}
        for some in chunks(ids):
            of_these = and_(ArticleRow.story_id.in_(some), visible(workspace_id, ArticleRow.id))
            readings |= await self._readings(of_these)
        names = await self._names(workspace_id, ids)
        return tuple(Story(i, tuple(readings[i]), names.get(i)) for i in ids)

    async def fresh(
        self, workspace_id: WorkspaceId, query: StoryQuery, *, most: int
    ) -> tuple[tuple[Story, ...], int]:
        """Stories that have news in the query's time, those that most outlets carry first, and how many there are.

        Each comes with its articles of that time alone: at most `most` of them, copies last; its counts are of
        all. What the query asks for must stand in one of its articles of that time.
        """
        sought = await whom(self._session, workspace_id, query.actor)
        counts = {
            row.story_id: row for row in await self._session.execute(_ranked(workspace_id, query, sought))
        }
        if not counts:
            return (), 0
        shown = await self._session.scalars(_shown(workspace_id, query, tuple(counts), most))
        readings: defaultdict[StoryId, list[Reading]] = defaultdict(list)
        for some in chunks(tuple(shown)):
            for story_id, more in (await self._readings(ArticleRow.id.in_(some))).items():
                readings[story_id] += more
        names = await self._names(workspace_id, tuple(counts))
        stories = tuple(
            Story(
                id=story_id,
                readings=tuple(sorted(readings[story_id], key=lambda r: (r.article.when, r.article.id))),
                called=names.get(story_id),
                counts=Counts(row.articles, row.outlets, row.articles - row.originals),
            )
            for story_id, row in counts.items()
        )
        return stories, next(iter(counts.values())).stories

    async def _names(self, workspace_id: WorkspaceId, ids: Sequence[StoryId]) -> dict[StoryId, str]:
        """What the stories were called when the workspace was first told of them."""
        names: dict[StoryId, str] = {}
        for some in chunks(ids):
            rows = await self._session.execute(
                select(ToldRow.story_id, ToldRow.name)
                .where(ToldRow.workspace_id == workspace_id, ToldRow.story_id.in_(some))
                .order_by(ToldRow.digest_id)
            )
            for story_id, name in rows:
                names.setdefault(story_id, name)
        return names

    async def _readings(self, wanted: ColumnElement[bool]) -> dict[StoryId, list[Reading]]:
        """The wanted articles that are in a story, by story, oldest first."""
        statements: defaultdict[ArticleId, list[StatementRow]] = defaultdict(list)
        for statement in await self._session.scalars(
            select(StatementRow)
            .join(ArticleRow, ArticleRow.id == StatementRow.article_id)
            .where(wanted)
            .order_by(StatementRow.article_id, StatementRow.position)
        ):
            statements[statement.article_id].append(statement)
        rows = await self._session.execute(
            select(ArticleRow, VersionRow, BriefRow)
            .join(VersionRow, _briefed_version())
            .join(BriefRow, BriefRow.article_id == ArticleRow.id)
            .where(wanted)
            .order_by(ArticleRow.moment, ArticleRow.id)
            .options(defer(VersionRow.words), defer(VersionRow.title_words), defer(VersionRow.title_key))
        )
        readings: dict[StoryId, list[Reading]] = {}
        for row, version, brief in rows:
            if row.story_id is not None:
                article = replace(article_of(row, version), copy_of=row.copy_of)
                reading = Reading(article, brief_of(brief, statements[row.id]))
                readings.setdefault(row.story_id, []).append(reading)
        return readings


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


def _news(workspace_id: WorkspaceId, query: StoryQuery) -> Subquery:
    """The articles that arrived, or were edited, in the query's time, as far as the workspace sees them.

    The two are sought apart: each has an index of its own.
    """
    ways = ((ArticleRow.arrived, true()), (VersionRow.seen, VersionRow.version > 1))
    found = union(
        *(
            select(ArticleRow.id)
            .join(VersionRow, _briefed_version())
            .where(_within(query, moment), more, ArticleRow.story_id.is_not(None))
            for moment, more in ways
        )
    ).subquery()
    conditions = [visible(workspace_id, ArticleRow.id)]
    if query.outlet and query.outlet.strip():
        conditions.append(outlet_holds(query.outlet, ArticleRow.outlet_key))
    alone = case((ArticleRow.outlet_key == "", cast(ArticleRow.id, Text)), else_=ArticleRow.outlet_key)
    return (
        select(
            ArticleRow.id,
            ArticleRow.story_id,
            ArticleRow.moment,
            ArticleRow.copy_of,
            func.coalesce(ArticleRow.copy_of, ArticleRow.id).label("original"),
            alone.label("outlet"),
        )
        .join(found, found.c.id == ArticleRow.id)
        .where(*conditions)
        .subquery()
    )


def _ranked(workspace_id: WorkspaceId, query: StoryQuery, sought: Sought | None) -> Select[Any]:
    """Stories with what is counted of their news; `stories` is how many there are in all."""
    news = _news(workspace_id, query)
    outlets, originals = func.count(news.c.outlet.distinct()), func.count(news.c.original.distinct())
    ranked = (
        select(
            news.c.story_id,
            func.count().label("articles"),
            originals.label("originals"),
            outlets.label("outlets"),
            func.count().over().label("stories"),
        )
        .group_by(news.c.story_id)
        .order_by(outlets.desc(), originals.desc(), func.max(news.c.moment).desc(), news.c.story_id.desc())
        .limit(query.limit)
    )
    conditions = _conditions(query, sought)
    if conditions:
        ranked = ranked.join(ArticleRow, ArticleRow.id == news.c.id).join(VersionRow, _briefed_version())
    for condition in conditions:
        ranked = ranked.having(func.max(case((condition, 1), else_=0)) == 1)
    return ranked


def _shown(
    workspace_id: WorkspaceId, query: StoryQuery, ids: Sequence[StoryId], most: int
) -> Select[ArticleId]:
    """The articles of these stories that are looked at: originals first, then the newest."""
    news = _news(workspace_id, query)
    place = func.row_number().over(
        partition_by=news.c.story_id,
        order_by=(news.c.copy_of.is_not(None), news.c.moment.desc(), news.c.id.desc()),
    )
    placed = select(news.c.id, place.label("place")).where(news.c.story_id.in_(ids)).subquery()
    return select(placed.c.id).where(placed.c.place <= most)


def _within(
    query: StoryQuery, moment: ColumnElement[Any] | InstrumentedAttribute[datetime]
) -> ColumnElement[bool]:
    bounds = []
    if query.since is not None:
        bounds.append(moment >= query.since)
    if query.until is not None:
        bounds.append(moment < query.until)
    return and_(true(), *bounds)


def _conditions(query: StoryQuery, sought: Sought | None) -> list[ColumnElement[bool]]:
    """What one visible article of the story must have; words that are only white space ask for nothing."""
    conditions: list[ColumnElement[bool]] = []
    if query.about and query.about.strip():
        conditions.append(words_stand(query.about, VersionRow.words))
    if sought is not None:
        said = exists().where(StatementRow.article_id == ArticleRow.id).where(speaks(sought))
        conditions.append(or_(said, in_headline(sought)))
    return conditions
