"""Quotes: statements found by who, what, when and where, put together by occasion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, and_, case, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from news.actors import is_own_voice
from news.answers import Occasion, QuotePage, Telling, telling_of
from news.articles import ArticleId
from news.channels import WorkspaceId
from news.names import Sought
from news.occasions import Gathered, Gathering, Wording
from news.queries import StatementQuery
from news.statements import Kind, Mode, Speaker
from news.terms import findable, terms_of
from storage.actors import whom, whose
from storage.directory import feeds_if_few, outlets_called
from storage.fulltext import Ask, Search
from storage.rows import article_of, chunks, statement_of, visible
from storage.search import outlet_holds, speaks, stands
from storage.tables import ArticleRow, StatementRow, VersionRow
from storage.types import clean

_Told = tuple[int, ArticleId, datetime, str, bool, str, str, str, str, str, datetime | None]

LOOKED_THROUGH = 300
"""Statements that are looked through to count occasions; more only for a page that lies beyond them, or days on
which more was said."""
_MORE = 4
"""How many times as many are looked through then."""


async def find_quotes(session: AsyncSession, workspace_id: WorkspaceId, query: StatementQuery) -> QuotePage:
    """As `SqlBriefs.statements`."""
    offset, limit = max(query.offset, 0), max(query.limit, 0)
    sought = await whom(session, workspace_id, query.actor)
    search = await search_for(session, workspace_id, query, sought)
    if search is None:
        return QuotePage(query, (), 0)
    gathering, known = await _gather(session, search, offset + limit)
    page = gathering.page(offset, limit)
    told = await tellings(session, [w.id for one in page for w in one.one_each()])
    occasions = tuple(_occasion(one, told, query.actor, sought) for one in page)
    return QuotePage(query, occasions, len(gathering) if known is None else known, known is None)


async def search_for(
    session: AsyncSession, workspace_id: WorkspaceId, query: StatementQuery, sought: Sought | None
) -> Search | None:
    """What the query asks for, `sought` being its actor; None where nothing can meet it. Words that are only white
    space ask for nothing."""
    terms = terms_of(clean(query.about or ""))
    if (query.about or "").strip() and not findable(terms):
        return None
    where = [StatementRow.moment >= query.since] if query.since is not None else []
    if query.until is not None:
        where.append(StatementRow.moment < query.until)
    if query.standing:
        where.append(stands())
    outlets = None
    if query.outlet and query.outlet.strip():
        where.append(outlet_holds(query.outlet))
        outlets = await outlets_called(session, query.outlet)
    actors = None if sought is None else await whose(session, sought)
    if sought is not None:
        where.append(speaks(sought))
    if actors == () or outlets == ():
        return None
    ask = Ask(
        terms,
        # Without an actor the question is who said this: a headline's words were said by nobody.
        headlines=sought is not None,
        actors=actors,
        feeds=await feeds_if_few(session, workspace_id),
        outlets=outlets,
        since=query.since,
        until=query.until,
    )
    return Search(ask, (*where, visible(workspace_id, StatementRow.article_id)))


async def _gather(session: AsyncSession, search: Search, needed: int) -> tuple[Gathering, int | None]:
    """The occasions, and how many of them are known to be whole; None where all are found."""
    most = LOOKED_THROUGH
    while True:
        ids = search.newest(session, most + 1)
        rows = (await session.execute(_shown().where(StatementRow.id.in_(ids.scalar_subquery())))).all()
        gathering = Gathering()
        for row in rows[:most]:
            gathering.add(_wording(row))
        if len(rows) <= most:
            return gathering, None
        known = gathering.settled(rows[-1].moment)
        if known >= max(needed, 1):
            return gathering, known
        most *= _MORE


async def tellings(session: AsyncSession, ids: Sequence[int]) -> dict[int, Telling]:
    """The statements in the versions that have their words, under the headlines that the articles have now."""
    told: dict[int, Telling] = {}
    current = aliased(VersionRow)
    for some in chunks(ids):
        rows = await session.execute(
            select(StatementRow, ArticleRow, VersionRow, current.title)
            .join(ArticleRow, ArticleRow.id == StatementRow.article_id)
            .join(VersionRow, _own_version())
            .join(current, and_(current.article_id == ArticleRow.id, current.version == ArticleRow.briefed))
            .where(StatementRow.id.in_(some))
        )
        for row, article, version, title in rows:
            own = replace(article_of(article, version), title=title)
            told[row.id] = telling_of(statement_of(row), own, gone=row.gone)
    return told


def _own_version() -> ColumnElement[bool]:
    """The version of its article that a statement stands in."""
    return and_(VersionRow.article_id == StatementRow.article_id, VersionRow.version == StatementRow.version)


def _shown() -> Select[*_Told]:
    """What tells occasions apart of each statement, in the order in which they are shown."""
    return select(
        StatementRow.id,
        StatementRow.article_id,
        StatementRow.moment,
        StatementRow.speaker_key,
        StatementRow.anonymous,
        StatementRow.kind,
        StatementRow.mode,
        StatementRow.content_words,
        StatementRow.cue_words,
        StatementRow.affiliation_key,
        StatementRow.gone,
    ).order_by(
        StatementRow.moment.desc(),
        StatementRow.article_id.desc(),
        StatementRow.gone.is_not(None),
        case({Mode.SPEECH.value: 0, Mode.THOUGHT.value: 1}, value=StatementRow.mode, else_=2),
        StatementRow.position,
    )


def _wording(row: Row[*_Told]) -> Wording:
    number, article_id, moment, speaker, anonymous, kind, mode, words, cue, affiliation, gone = row
    return Wording(
        id=number,
        article_id=article_id,
        moment=moment,
        speaker=speaker.strip(),
        anonymous=anonymous,
        kind=Kind(kind),
        mode=Mode(mode),
        words=words.strip(),
        cue=cue.strip(),
        affiliated=bool(affiliation),
        gone=gone is not None,
    )


def _occasion(
    gathered: Gathered, told: Mapping[int, Telling], actor: str | None, sought: Sought | None
) -> Occasion:
    shown = told[gathered.shown().id]
    tellings = tuple(told[wording.id] for wording in gathered.one_each())
    return Occasion(shown, tellings, _own(shown.quote.speaker, actor, sought))


def _own(speaker: Speaker | None, actor: str | None, sought: Sought | None) -> bool | None:
    """Whether the asked actor speaks itself, under any of its names here; None where none was asked for."""
    if actor is None or not actor.strip():
        return None
    names = (actor, *sought.within, *sought.alone) if sought else (actor,)
    return speaker is not None and is_own_voice(speaker.name, names, anonymous=speaker.anonymous)
