"""Outlines: which stories have news in a time, and which articles tell it, before any of them is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    Subquery,
    Text,
    and_,
    bindparam,
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
from sqlalchemy.orm import InstrumentedAttribute

from news.articles import ArticleId
from news.channels import WorkspaceId
from news.names import Sought
from news.queries import StoryQuery
from news.stories import Counts, Outline, StoryId
from news.terms import findable, terms_of
from storage.actors import whom
from storage.article_tokens import article_has
from storage.rows import briefed_version, chunks, visible
from storage.search import in_headline, outlet_holds, speaks, stands
from storage.tables import ArticleRow, StatementRow, VersionRow
from storage.types import clean

_EDIT = VersionRow.version > literal_column("1")
"""As the index of edits has it: a parameter in the place of the 1 would not be known to mean the same."""
REVISED = case((VersionRow.version > 1, VersionRow.seen))
"""When an article was edited last; nothing where it never was."""
_WORKSPACE: BindParameter[int] = bindparam("workspace")
_THESE: BindParameter[Any] = bindparam("these", expanding=True)
_SINCE: BindParameter[datetime] = bindparam("since")
_UNTIL: BindParameter[datetime] = bindparam("until")
_NO_END = 2**62
"""Stands for a limit where there is none."""
_COUNTED = (
    select(StatementRow.article_id, func.count())
    .where(StatementRow.article_id.in_(_THESE), stands())
    .group_by(StatementRow.article_id)
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What shapes the statements; which workspace, which time and how many are told when they are run."""

    since: bool
    until: bool
    outlet: str | None
    conditions: tuple[ColumnElement[bool], ...] = ()


def find_outlines(
    connection: Connection, workspace_id: WorkspaceId, query: StoryQuery, most: int
) -> tuple[tuple[Outline, ...], int]:
    """As `SqlStories.outlines`."""
    sought = whom(connection, workspace_id, query.actor)
    asked = _Asked(
        query.since is not None,
        query.until is not None,
        query.outlet if query.outlet and query.outlet.strip() else None,
        tuple(conditions(query, sought)),
    )
    # To build them takes longer than to run them; most often nothing but a time is asked for.
    plain = asked.outlet is None and not asked.conditions
    rank, show = _plain(asked.since, asked.until) if plain else (_ranked(asked), _shown(asked))
    given = {
        "workspace": workspace_id,
        **{name: moment for name in ("since", "until") if (moment := getattr(query, name)) is not None},
    }
    ranked = connection.execute(
        rank, {**given, "most": _NO_END if query.limit is None else query.limit}
    ).all()
    if not ranked:
        return (), 0
    articles: defaultdict[StoryId, list[ArticleId]] = defaultdict(list)
    newest: dict[StoryId, datetime] = {}
    these = [row.story_id for row in ranked]
    for story_id, article_id, moment in connection.execute(show, {**given, "these": these, "most": most}):
        articles[story_id].append(article_id)
        newest[story_id] = max(moment, newest.get(story_id, moment))
    statements = _statements(connection, [i for some in articles.values() for i in some])
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


def _statements(connection: Connection, ids: Sequence[ArticleId]) -> dict[ArticleId, int]:
    """How many statements stand in the articles; those without any are left out."""
    found: dict[ArticleId, int] = {}
    for some in chunks(ids):
        found.update(
            (article_id, count) for article_id, count in connection.execute(_COUNTED, {"these": some})
        )
    return found


@cache
def _plain(since: bool, until: bool) -> tuple[Select[Any], Select[StoryId, ArticleId, datetime]]:
    asked = _Asked(since, until, None)
    return _ranked(asked), _shown(asked)


def _news(asked: _Asked, *more: ColumnElement[bool]) -> Subquery:
    """The articles that arrived, or were edited, in the asked time, as far as the workspace sees them.

    The two are sought apart: each has an index of its own.
    """
    since, until = _SINCE if asked.since else None, _UNTIL if asked.until else None
    arrived = within(since, until, ArticleRow.arrived)
    conditions = [
        ArticleRow.story_id.is_not(None),
        ArticleRow.briefed > 0,
        ArticleRow.aged.is_(None),  # of one that was reduced there is nothing to summarize
        visible(_WORKSPACE, ArticleRow.id),
        *more,
    ]
    if asked.outlet is not None:
        conditions.append(outlet_holds(asked.outlet, ArticleRow.outlet_key))
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
        _EDIT, within(since, until, VersionRow.seen), not_(arrived)
    )
    return union_all(news.where(arrived), edited).subquery()


def _ranked(asked: _Asked) -> Select[Any]:
    """Stories with what is counted of their news; `stories` is how many there are in all."""
    news = _news(asked)
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
        .limit(bindparam("most"))
    )
    if asked.conditions:
        ranked = ranked.join(ArticleRow, ArticleRow.id == news.c.id).join(VersionRow, briefed_version())
    for condition in asked.conditions:
        ranked = ranked.having(func.max(case((condition, 1), else_=0)) == 1)
    return ranked


def _shown(asked: _Asked) -> Select[StoryId, ArticleId, datetime]:
    """The articles of these stories that are looked at: originals first, then the newest; and when each was news."""
    news = _news(asked, ArticleRow.story_id.in_(_THESE))
    place = func.row_number().over(
        partition_by=news.c.story_id,
        order_by=(news.c.copy_of.is_not(None), news.c.moment.desc(), news.c.id.desc()),
    )
    placed = select(news.c.story_id, news.c.id, place.label("place")).subquery()
    return (
        select(placed.c.story_id, placed.c.id, func.coalesce(REVISED, ArticleRow.arrived))
        .join(ArticleRow, ArticleRow.id == placed.c.id)
        .join(VersionRow, briefed_version())
        .where(placed.c.place <= bindparam("most"))
        .order_by(placed.c.place)
    )


def within(
    since: datetime | BindParameter[Any] | None,
    until: datetime | BindParameter[Any] | None,
    moment: ColumnElement[Any] | InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
) -> ColumnElement[bool]:
    """Whether the moment lies in the time; without bounds, any does."""
    bounds: list[ColumnElement[bool]] = [true()]
    if since is not None:
        bounds.append(moment >= since)
    if until is not None:
        bounds.append(moment < until)
    return and_(true(), *bounds)


def conditions(query: StoryQuery, sought: Sought | None) -> list[ColumnElement[bool]]:
    """What one visible article of the story must have; words that are only white space ask for nothing."""
    found: list[ColumnElement[bool]] = []
    if query.about and query.about.strip():
        terms = terms_of(clean(query.about))
        found.append(article_has(terms, ArticleRow.id) if findable(terms) else false())
    if sought is not None:
        # Whoever is told of the actor is told, too, what was taken out of its mouth in the meantime.
        gone = within(query.since, query.until, StatementRow.gone)
        told = stands() if query.since is None else or_(stands(), gone)
        said = exists().where(StatementRow.article_id == ArticleRow.id, told, speaks(sought))
        found.append(or_(said, in_headline(sought)))
    return found
