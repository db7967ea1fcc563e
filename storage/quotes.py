"""Quotes: statements found by who, what, when and where, put together by occasion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, Select, and_, bindparam, case, select
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
from storage.actors import Meant, meant
from storage.asking import Ask
from storage.directory import feeds_if_few, outlets_called
from storage.fulltext import Search
from storage.rows import PRINTED, SPOKEN, any_of, article_of, rows_of, statement_of
from storage.search import outlet_holds, speaks, stands
from storage.tables import ArticleRow, StatementRow, VersionRow
from storage.types import Id, Many, clean

_Told = tuple[int, ArticleId, datetime, str, bool, str, str, str, str, str, datetime | None]

LOOKED_THROUGH = 100
"""Statements that are looked through to count occasions; more only for a page that lies beyond them, or days on
which more was said."""
_MORE = 4
"""How many times as many are looked through then."""


def find_quotes(connection: Connection, workspace_id: WorkspaceId, query: StatementQuery) -> QuotePage:
    """As `SqlBriefs.statements`."""
    offset, limit = max(query.offset, 0), max(query.limit, 0)
    found = meant(connection, workspace_id, query.actor)
    search = search_for(connection, workspace_id, query, found)
    if search is None:
        return QuotePage(query, (), 0)
    gathering, known = _gather(connection, search, offset + limit)
    page = gathering.page(offset, limit)
    told = tellings(connection, [w.id for one in page for w in one.one_each()])
    occasions = tuple(_occasion(one, told, query.actor, found.sought if found else None) for one in page)
    return QuotePage(query, occasions, len(gathering) if known is None else known, known is None)


def search_for(
    connection: Connection, workspace_id: WorkspaceId, query: StatementQuery, found: Meant | None
) -> Search | None:
    """What the query asks for, `found` being its actor; None where nothing can meet it. Words that are only white
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
        outlets = outlets_called(connection, query.outlet)
    if found is not None and not found.is_exact:
        where.append(speaks(found.sought))
    if (found is not None and found.ids == () == found.speakers) or outlets == ():
        return None
    ask = Ask(
        terms,
        # Without an actor the question is who said this: a headline's words were said by nobody.
        headlines=found is not None,
        actors=found.ids if found else None,
        speakers=found.speakers if found else (),
        feeds=feeds_if_few(connection, workspace_id),
        outlets=outlets,
        since=query.since,
        until=query.until,
    )
    return Search(ask, workspace_id, tuple(where))


def _gather(connection: Connection, search: Search, needed: int) -> tuple[Gathering, int | None]:
    """The occasions, and how many of them are known to be whole; None where all are found."""
    most, found = LOOKED_THROUGH, (_usual if search.is_usual else _found)
    while True:
        rows = connection.execute(found(search.newest(connection)), search.values(connection, most + 1)).all()
        # Anew: of an article in which the last ones were cut off, those before them come with the next.
        gathering = Gathering()
        for row in rows[:most]:
            gathering.add(_wording(*row))
        if len(rows) <= most:
            return gathering, None
        known = gathering.settled(rows[-1].moment)
        if known >= max(needed, 1):
            return gathering, known
        most *= _MORE


def tellings(connection: Connection, ids: Sequence[int]) -> dict[int, Telling]:
    """The statements in the versions that have their words, under the headlines that the articles have now."""
    told: dict[int, Telling] = {}
    for row in rows_of(connection.execute(_TOLD, {"ids": list(ids)})):
        told[row.number] = telling_of(statement_of(row), article_of(row, row), gone=row.gone)
    return told


_CURRENT = aliased(VersionRow)
_TOLD = (
    select(
        StatementRow.id.label("number"),
        StatementRow.gone,
        *SPOKEN,
        *PRINTED,
        _CURRENT.title,
    )
    .join(ArticleRow, ArticleRow.id == StatementRow.article_id)
    .join(
        VersionRow,
        and_(VersionRow.article_id == StatementRow.article_id, VersionRow.version == StatementRow.version),
    )
    .join(_CURRENT, and_(_CURRENT.article_id == ArticleRow.id, _CURRENT.version == ArticleRow.briefed))
    .where(any_of(StatementRow.id, bindparam("ids", type_=Many(Id))))
)
"""What `statement_of` and `article_of` read: columns by themselves, which is faster than whole rows."""


def _found(ids: Select[int]) -> Select[*_Told]:
    """What tells occasions apart of each statement, in the order in which they are shown."""
    shown = select(
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
    return shown.where(StatementRow.id.in_(ids.scalar_subquery()))


_usual = lru_cache(maxsize=200)(_found)
"""Built once for each of the statements that `Search` builds once."""


@lru_cache(maxsize=2_000)
def _wording(
    number: int,
    article_id: ArticleId,
    moment: datetime,
    speaker: str,
    anonymous: bool,
    kind: str,
    mode: str,
    words: str,
    cue: str,
    affiliation: str,
    gone: datetime | None,
) -> Wording:
    """What a row tells: the same statements are looked through for every question about a word."""
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
