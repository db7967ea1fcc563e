"""Briefs, and the statements in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from news.actors import is_own_voice
from news.answers import Occasion, QuotePage, Telling, telling_of
from news.articles import ArticleId
from news.briefs import Brief, Flag, SummarySentence
from news.channels import WorkspaceId
from news.errors import NotFound
from news.figures import Figure
from news.names import Sought
from news.occasions import Gathered, Gathering, Wording
from news.queries import StatementQuery
from news.spans import words_of
from news.stances import Stance
from news.statements import Kind, Mode, Speaker, Statement
from storage.actors import whom
from storage.documents import as_json, as_parts, from_json, part
from storage.ids import new_id
from storage.rows import article_of, briefed_version, chunks, visible
from storage.search import outlet_holds, spaced_key, spaced_words, speaks, surname_key, words_stand
from storage.tables import ArticleRow, BriefRow, StatementRow, VersionRow

Summary = tuple[SummarySentence, ...]
Stances = tuple[Stance, ...]
Flags = tuple[Flag, ...]
Figures = tuple[Figure, ...]
_Told = tuple[int, ArticleId, datetime, str, bool, str, str, str, str, str]

_OWNER = re.compile(r"^.*[’'](?:s\b)?\s")
_BELONGS = re.compile(r"\s(?:of|for|to|with|by|in|at|from|near|under|on|who|close|familiar|led)\b")

LOOKED_THROUGH = 2_000
"""Statements that are looked through to count occasions; more only for a page that lies beyond them."""


class SqlBriefs:
    """Briefs in the database.

    Until an edited article has been read anew, what is shown of it is the version that its brief is of.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def save(self, brief: Brief) -> None:
        """Keeps the brief in the place of an older one of the same article. Raises NotFound.

        A brief of an older version than the one that is stored changes nothing.
        """
        row = await self._session.get(ArticleRow, brief.article_id, with_for_update=True)
        version = await self._session.get(VersionRow, (brief.article_id, brief.version))
        if row is None or version is None:
            raise NotFound(
                f"There is no version {brief.version} of article {brief.article_id}: store the article first."
            )
        if brief.version < row.briefed:
            return
        await self._session.execute(delete(StatementRow).where(StatementRow.article_id == row.id))
        await self._session.merge(_row(brief))
        row.briefed = brief.version
        await self._session.flush()
        values = [_values(row, version, s, at) for at, s in enumerate(brief.statements)]
        if values:
            await self._session.execute(insert(StatementRow), values)

    async def statements(self, workspace_id: WorkspaceId, query: StatementQuery) -> QuotePage:
        """What was said in what the workspace follows, each occasion once, newest first; within one article
        speech, then thoughts, then intentions, each in the article's order.

        Only statements that the query finds are put together: an answer holds nothing that was not asked for.
        """
        offset, limit = max(query.offset, 0), max(query.limit, 0)
        sought = await whom(self._session, workspace_id, query.actor)
        where = (visible(workspace_id, StatementRow.article_id), *_conditions(query, sought))
        gathering, known = await self._gather(where, offset + limit)
        page = gathering.page(offset, limit)
        told = await self._tellings([w.id for one in page for w in one.one_each()])
        occasions = tuple(_occasion(one, told, query.actor, sought) for one in page)
        return QuotePage(query, occasions, len(gathering) if known is None else known, known is None)

    async def _gather(
        self, where: Sequence[ColumnElement[bool]], needed: int
    ) -> tuple[Gathering, int | None]:
        """The occasions, and how many of them are known to be whole; None where all are found."""
        most = LOOKED_THROUGH
        while True:
            found = await self._session.execute(_newest(where).limit(most + 1))
            rows = found.all()
            gathering = Gathering()
            for row in rows[:most]:
                gathering.add(_wording(row))
            if len(rows) <= most:
                return gathering, None
            known = gathering.settled(rows[-1].moment)
            if known >= max(needed, 1):
                return gathering, known
            most *= 2

    async def _tellings(self, ids: Sequence[int]) -> dict[int, Telling]:
        told: dict[int, Telling] = {}
        for some in chunks(ids):
            rows = await self._session.execute(
                select(StatementRow, ArticleRow, VersionRow)
                .join(ArticleRow, ArticleRow.id == StatementRow.article_id)
                .join(VersionRow, briefed_version())
                .where(StatementRow.id.in_(some))
            )
            for row, article, version in rows:
                told[row.id] = telling_of(statement_of(row), article_of(article, version))
        return told


def told_statements() -> Select[*tuple[Any, ...]]:
    """What `statement_of` reads of statements, each article's in their order."""
    return select(
        StatementRow.article_id,
        StatementRow.spans,
        StatementRow.kind,
        StatementRow.mode,
        StatementRow.confidence,
        StatementRow.speaker_name,
        StatementRow.mention,
        StatementRow.affiliation,
        StatementRow.anonymous,
        StatementRow.state,
    ).order_by(StatementRow.article_id, StatementRow.position)


def brief_of(row: Row[Any], statements: Sequence[Statement]) -> Brief:
    """The brief, its statements given in their order; its language stands under `understood_as`."""
    return Brief(
        article_id=row.article_id,
        version=row.version,
        length=row.length,
        language=row.understood_as,
        summary=from_json(Summary, row.summary),
        statements=tuple(statements),
        stances=from_json(Stances, row.stances),
        flags=from_json(Flags, row.flags),
        figures=from_json(Figures, row.figures),
        engines=row.engines,
    )


def _conditions(query: StatementQuery, sought: Sought | None) -> list[ColumnElement[bool]]:
    """What the query asks for, `sought` being its actor; words that are only white space ask for nothing."""
    conditions: list[ColumnElement[bool]] = []
    if sought is not None:
        conditions.append(speaks(sought))
    if query.about and query.about.strip():
        # Without an actor the question is who said this: a headline's words were said by nobody.
        said = words_stand(query.about, StatementRow.content_words)
        conditions.append(said if sought is None else _about(query.about))
    if query.since is not None:
        conditions.append(StatementRow.moment >= query.since)
    if query.until is not None:
        conditions.append(StatementRow.moment < query.until)
    if query.outlet and query.outlet.strip():
        conditions.append(outlet_holds(query.outlet))
    return conditions


def _newest(where: Sequence[ColumnElement[bool]]) -> Select[*_Told]:
    """What tells occasions apart of each statement, in the order in which they are shown."""
    return (
        select(
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
        )
        .where(*where)
        .order_by(
            StatementRow.moment.desc(),
            StatementRow.article_id.desc(),
            case({Mode.SPEECH.value: 0, Mode.THOUGHT.value: 1}, value=StatementRow.mode, else_=2),
            StatementRow.position,
        )
    )


def _about(words: str) -> ColumnElement[bool]:
    """Whether all words stand in the statement or in its article's headline."""
    return (
        select(VersionRow.version)
        .join(ArticleRow, briefed_version())
        .where(ArticleRow.id == StatementRow.article_id)
        .where(words_stand(words, StatementRow.content_words, VersionRow.title_words))
        .correlate(StatementRow)
        .exists()
    )


def _row(brief: Brief) -> BriefRow:
    return BriefRow(
        article_id=brief.article_id,
        version=brief.version,
        length=brief.length,
        language=brief.language,
        summary=as_json(Summary, brief.summary),
        stances=as_json(Stances, brief.stances),
        flags=as_json(Flags, brief.flags),
        figures=as_json(Figures, brief.figures),
        engines=dict(brief.engines),
    )


def _values(row: ArticleRow, version: VersionRow, statement: Statement, position: int) -> dict[str, object]:
    speaker = statement.speaker
    return {
        "id": new_id(row.moment),
        "article_id": row.id,
        "version": version.version,
        "position": position,
        "moment": row.moment,
        "outlet_key": row.outlet_key,
        "kind": statement.kind.value,
        "mode": statement.mode.value,
        "confidence": statement.confidence,
        "speaker_name": speaker.name if speaker else None,
        "mention": speaker.mention if speaker else None,
        "affiliation": speaker.affiliation if speaker else None,
        "anonymous": speaker is not None and speaker.anonymous,
        "speaker_key": spaced_key(_sought_name(speaker)),
        "surname_key": surname_key(speaker.name if speaker else None),
        "affiliation_key": spaced_key(speaker.affiliation if speaker else None),
        "state": speaker.state if speaker else None,
        "state_key": spaced_key(speaker.state if speaker else None),
        "content_words": spaced_words(words_of(version.text, statement.content)),
        "cue_words": spaced_words(words_of(version.text, statement.cue)),
        "spans": as_parts(
            {
                "content": statement.content,
                "cue": statement.cue,
                "source": statement.source,
                "venue": statement.venue,
            }
        ),
    }


def _sought_name(speaker: Speaker | None) -> str | None:
    """What a speaker is found by; whom a nameless one belongs to did not speak: `Reed’s lawyer`, `a friend of Reed`."""
    if speaker is None or not speaker.anonymous:
        return speaker.name if speaker else None
    return _OWNER.sub("", _BELONGS.split(speaker.name)[0]) or speaker.name


def statement_of(row: StatementRow | Row[Any]) -> Statement:
    """The statement, from its row or from what `told_statements` reads of it."""
    return Statement(
        content=part(row.spans, "content"),
        kind=Kind(row.kind),
        cue=part(row.spans, "cue"),
        source=part(row.spans, "source"),
        speaker=_speaker(row),
        mode=Mode(row.mode),
        venue=part(row.spans, "venue"),
        confidence=row.confidence,
    )


def _speaker(row: StatementRow | Row[Any]) -> Speaker | None:
    if row.speaker_name is None or row.mention is None:
        return None
    return Speaker(row.speaker_name, row.mention, row.affiliation, row.anonymous, row.state)


def _wording(row: Row[*_Told]) -> Wording:
    number, article_id, moment, speaker, anonymous, kind, mode, words, cue, affiliation = row
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
    )


def _occasion(
    gathered: Gathered, told: Mapping[int, Telling], actor: str | None, sought: Sought | None
) -> Occasion:
    fullest = told[gathered.fullest.id]
    tellings = tuple(told[wording.id] for wording in gathered.one_each())
    return Occasion(fullest, tellings, _own(fullest.quote.speaker, actor, sought))


def _own(speaker: Speaker | None, actor: str | None, sought: Sought | None) -> bool | None:
    """Whether the asked actor speaks itself, under any of its names here; None where none was asked for."""
    if actor is None or not actor.strip():
        return None
    names = (actor, *sought.within, *sought.alone) if sought else (actor,)
    return speaker is not None and is_own_voice(speaker.name, names, anonymous=speaker.anonymous)
