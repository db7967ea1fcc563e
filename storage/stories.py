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
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from news.articles import ArticleId
from news.channels import WorkspaceId
from news.names import Sought
from news.queries import StoryQuery
from news.stances import Stance
from news.statements import Statement
from news.stories import Counts, Outline, Reading, Story, StoryId
from news.terms import findable, terms_of
from storage.actors import whom
from storage.article_tokens import article_has
from storage.briefs import brief_of, told_statements
from storage.rows import article_of, briefed_version, chunks, statement_of, visible
from storage.search import in_headline, outlet_holds, speaks, stands
from storage.sqlite_driver import look
from storage.stance_rows import TOLD, stance_of
from storage.tables import ArticleRow, BriefRow, StanceRow, StatementRow, ToldRow, VersionRow
from storage.types import clean

_EDIT = VersionRow.version > literal_column("1")
"""As the index of edits has it: a parameter in the place of the 1 would not be known to mean the same."""


class SqlStories:
    """Stories in the database."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, workspace_id: WorkspaceId, query: StoryQuery) -> tuple[Story, ...]:
        """Stories with an article that arrived or was edited in the query's time, newest first, each with
        all of its articles that the workspace follows; as many of them as it says."""
        sought = await look(self._session, lambda connection: whom(connection, workspace_id, query.actor))
        found = await self._session.scalars(_found(workspace_id, query, sought))
        ids = tuple(story_id for story_id in found if story_id is not None)
        readings: dict[StoryId, list[Reading]] = {}
        for some in chunks(ids):
            of_these = and_(ArticleRow.story_id.in_(some), visible(workspace_id, ArticleRow.id))
            readings |= await self._readings(workspace_id, of_these)
        names = await self._names(workspace_id, ids)
        return tuple(Story(i, tuple(readings[i]), names.get(i)) for i in ids)

    async def outlines(
        self, workspace_id: WorkspaceId, query: StoryQuery, *, most: int
    ) -> tuple[tuple[Outline, ...], int]:
        """Stories that have news in the query's time, those that most outlets carry first, and how many there are.

        Each is of its articles of that time alone: at most `most` of them, copies last; its counts are of all.
        What the query asks for must stand in one of its articles of that time.
        """
        sought = await look(self._session, lambda connection: whom(connection, workspace_id, query.actor))
        ranked = (await self._session.execute(_ranked(workspace_id, query, sought))).all()
        if not ranked:
            return (), 0
        articles: defaultdict[StoryId, list[ArticleId]] = defaultdict(list)
        newest: dict[StoryId, datetime] = {}
        ids = [row.story_id for row in ranked]
        for story_id, article_id, moment in await self._session.execute(
            _shown(workspace_id, query, ids, most)
        ):
            articles[story_id].append(article_id)
            newest[story_id] = max(moment, newest.get(story_id, moment))
        statements = await self._statements([i for some in articles.values() for i in some])
        outlines = tuple(
            Outline(
                id=row.story_id,
                articles=tuple(articles[row.story_id]),
                counts=Counts(row.articles, row.outlets, row.articles - row.originals),
                statements=sum(statements.get(article_id, 0) for article_id in articles[row.story_id]),
                newest=newest[row.story_id],
            )
            for row in ranked
        )
        return outlines, ranked[0].stories

    async def read(self, workspace_id: WorkspaceId, outlines: Sequence[Outline]) -> tuple[Story, ...]:
        """The stories with the articles that the outlines name, in their order."""
        readings: defaultdict[StoryId, list[Reading]] = defaultdict(list)
        for some in chunks([article_id for outline in outlines for article_id in outline.articles]):
            for story_id, more in (await self._readings(workspace_id, ArticleRow.id.in_(some))).items():
                readings[story_id] += more
        names = await self._names(workspace_id, [outline.id for outline in outlines])
        return tuple(
            Story(
                id=outline.id,
                readings=tuple(sorted(readings[outline.id], key=lambda r: (r.article.when, r.article.id))),
                called=names.get(outline.id),
                counts=outline.counts,
            )
            for outline in outlines
        )

    async def _statements(self, ids: Sequence[ArticleId]) -> dict[ArticleId, int]:
        """How many statements stand in the articles; those without any are left out."""
        found: dict[ArticleId, int] = {}
        for some in chunks(ids):
            rows = await self._session.execute(
                select(StatementRow.article_id, func.count())
                .where(StatementRow.article_id.in_(some), stands())
                .group_by(StatementRow.article_id)
            )
            found.update((article_id, count) for article_id, count in rows)
        return found

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

    async def _readings(
        self, workspace_id: WorkspaceId, wanted: ColumnElement[bool]
    ) -> dict[StoryId, list[Reading]]:
        """The wanted articles that are in a story, by story, oldest first."""
        statements: defaultdict[ArticleId, list[Statement]] = defaultdict(list)
        of_these = select(ArticleRow.id).where(wanted)
        for row in await self._session.execute(
            told_statements().where(StatementRow.article_id.in_(of_these))
        ):
            statements[row.article_id].append(statement_of(row))
        stances: defaultdict[ArticleId, list[Stance]] = defaultdict(list)
        for row in await self._session.execute(
            _stances(workspace_id).where(StanceRow.article_id.in_(of_these))
        ):
            stances[row.article_id].append(stance_of(row))
        rows = await self._session.execute(
            _told_articles().where(wanted).order_by(ArticleRow.moment, ArticleRow.id)
        )
        readings: dict[StoryId, list[Reading]] = {}
        for row in rows:
            if row.story_id is not None:
                article = replace(article_of(row, row), copy_of=row.copy_of)
                reading = Reading(article, brief_of(row, statements[row.id], stances[row.id]))
                readings.setdefault(row.story_id, []).append(reading)
        return readings


def _stances(workspace_id: WorkspaceId) -> Select[*tuple[Any, ...]]:
    """What `stance_of` reads, each article's in their order; those on other workspaces' targets are none of its business."""
    theirs = or_(StanceRow.owner.is_(None), StanceRow.owner == workspace_id)
    return select(StanceRow.article_id, *TOLD).where(theirs).order_by(StanceRow.article_id, StanceRow.place)


def _told_articles() -> Select[*tuple[Any, ...]]:
    """What `article_of` and `brief_of` read: columns by themselves, which is faster than whole rows."""
    return (
        select(
            ArticleRow.id,
            ArticleRow.key,
            ArticleRow.arrived,
            ArticleRow.moment,
            ArticleRow.outlet,
            ArticleRow.url,
            ArticleRow.published,
            ArticleRow.story_id,
            ArticleRow.copy_of,
            VersionRow.text,
            VersionRow.title,
            VersionRow.byline,
            VersionRow.language,
            VersionRow.partial,
            VersionRow.version,
            VersionRow.seen,
            BriefRow.article_id,
            BriefRow.length,
            BriefRow.language.label("understood_as"),
            BriefRow.summary,
            BriefRow.flags,
            BriefRow.figures,
            BriefRow.engines,
        )
        .join(VersionRow, briefed_version())
        .join(BriefRow, BriefRow.article_id == ArticleRow.id)
    )


def _found(workspace_id: WorkspaceId, query: StoryQuery, sought: Sought | None) -> Select[StoryId | None]:
    """The ids of the stories, newest first; `sought` is the query's actor."""
    seen = visible(workspace_id, ArticleRow.id)
    revised = case((VersionRow.version > 1, VersionRow.seen))
    found = (
        select(ArticleRow.story_id)
        .join(VersionRow, briefed_version())
        .where(seen, ArticleRow.story_id.is_not(None))
        .group_by(ArticleRow.story_id)
        .order_by(func.max(func.coalesce(revised, ArticleRow.arrived)).desc(), ArticleRow.story_id.desc())
        .limit(query.limit)
    )
    if query.since is not None or query.until is not None:
        current = (
            select(ArticleRow.story_id)
            .join(VersionRow, briefed_version())
            .where(seen, or_(_within(query, ArticleRow.arrived), _within(query, revised)))
        )
        found = found.where(ArticleRow.story_id.in_(current))
    for condition in _conditions(query, sought):
        found = found.having(func.max(case((condition, 1), else_=0)) == 1)
    return found


def _news(workspace_id: WorkspaceId, query: StoryQuery, *more: ColumnElement[bool]) -> Subquery:
    """The articles that arrived, or were edited, in the query's time, as far as the workspace sees them.

    The two are sought apart: each has an index of its own.
    """
    arrived = _within(query, ArticleRow.arrived)
    conditions = [
        ArticleRow.story_id.is_not(None),
        ArticleRow.briefed > 0,
        ArticleRow.aged.is_(None),  # of one that was reduced there is nothing to summarize
        visible(workspace_id, ArticleRow.id),
        *more,
    ]
    if query.outlet and query.outlet.strip():
        conditions.append(outlet_holds(query.outlet, ArticleRow.outlet_key))
    alone = case((ArticleRow.outlet_key == "", cast(ArticleRow.id, Text)), else_=ArticleRow.outlet_key)
    news = select(
        ArticleRow.id,
        ArticleRow.story_id,
        ArticleRow.moment,
        ArticleRow.copy_of,
        func.coalesce(ArticleRow.copy_of, ArticleRow.id).label("original"),
        alone.label("outlet"),
    ).where(*conditions)
    edited = news.join(VersionRow, briefed_version()).where(
        _EDIT, _within(query, VersionRow.seen), not_(arrived)
    )
    return union_all(news.where(arrived), edited).subquery()


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
        ranked = ranked.join(ArticleRow, ArticleRow.id == news.c.id).join(VersionRow, briefed_version())
    for condition in conditions:
        ranked = ranked.having(func.max(case((condition, 1), else_=0)) == 1)
    return ranked


def _shown(
    workspace_id: WorkspaceId, query: StoryQuery, ids: Sequence[StoryId], most: int
) -> Select[StoryId, ArticleId, datetime]:
    """The articles of these stories that are looked at: originals first, then the newest; and when each was news."""
    news = _news(workspace_id, query, ArticleRow.story_id.in_(ids))
    place = func.row_number().over(
        partition_by=news.c.story_id,
        order_by=(news.c.copy_of.is_not(None), news.c.moment.desc(), news.c.id.desc()),
    )
    placed = select(news.c.story_id, news.c.id, place.label("place")).subquery()
    revised = case((VersionRow.version > 1, VersionRow.seen))
    return (
        select(placed.c.story_id, placed.c.id, func.coalesce(revised, ArticleRow.arrived))
        .join(ArticleRow, ArticleRow.id == placed.c.id)
        .join(VersionRow, briefed_version())
        .where(placed.c.place <= most)
        .order_by(placed.c.place)
    )


def _within(
    query: StoryQuery,
    moment: ColumnElement[Any] | InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
) -> ColumnElement[bool]:
    bounds: list[ColumnElement[bool]] = [true()]
    if query.since is not None:
        bounds.append(moment >= query.since)
    if query.until is not None:
        bounds.append(moment < query.until)
    return and_(true(), *bounds)


def _conditions(query: StoryQuery, sought: Sought | None) -> list[ColumnElement[bool]]:
    """What one visible article of the story must have; words that are only white space ask for nothing."""
    conditions: list[ColumnElement[bool]] = []
    if query.about and query.about.strip():
        terms = terms_of(clean(query.about))
        conditions.append(article_has(terms, ArticleRow.id) if findable(terms) else false())
    if sought is not None:
        # Whoever is told of the actor is told, too, what was taken out of its mouth in the meantime.
        told = stands() if query.since is None else or_(stands(), _within(query, StatementRow.gone))
        said = exists().where(StatementRow.article_id == ArticleRow.id, told, speaks(sought))
        conditions.append(or_(said, in_headline(sought)))
    return conditions
