"""Briefs, and the statements in them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from news.answers import Quote, QuotePage, quote_of
from news.articles import Article
from news.briefs import Brief, Flag, SummarySentence
from news.channels import WorkspaceId
from news.errors import NotFound
from news.names import Sought
from news.queries import StatementQuery
from news.spans import words_of
from news.stances import Stance
from news.statements import Kind, Mode, Speaker, Statement
from storage.actors import whom
from storage.articles import article_of
from storage.documents import as_json, as_parts, from_json, part
from storage.ids import new_id
from storage.rows import visible
from storage.search import outlet_holds, spaced_key, spaced_words, speaks, surname_key, words_stand
from storage.tables import ArticleRow, BriefRow, StatementRow, VersionRow

Summary = tuple[SummarySentence, ...]
Stances = tuple[Stance, ...]
Flags = tuple[Flag, ...]

FARTHEST = 1 << 31
"""Where offsets and limits of pages end."""


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
        """Statements in what the workspace follows, newest first, then in the article's order; speech first
        within one article."""
        sought = await whom(self._session, workspace_id, query.actor)
        where = (visible(workspace_id, StatementRow.article_id), *_conditions(query, sought))
        total = await self._session.scalar(select(func.count()).select_from(StatementRow).where(*where))
        rows = await self._session.execute(
            select(StatementRow, ArticleRow, VersionRow)
            .join(ArticleRow, ArticleRow.id == StatementRow.article_id)
            .join(VersionRow, _briefed_version())
            .where(*where)
            .order_by(
                StatementRow.moment.desc(),
                StatementRow.article_id.desc(),
                StatementRow.mode != Mode.SPEECH.value,
                StatementRow.position,
            )
            .offset(min(max(query.offset, 0), FARTHEST))
            .limit(min(max(query.limit, 0), FARTHEST))
        )
        quotes = tuple(_quote(statement, article_of(row, v)) for statement, row, v in rows)
        return QuotePage(query, quotes, total or 0)


def brief_of(row: BriefRow, statements: Sequence[StatementRow]) -> Brief:
    """The brief, its statements given in their order."""
    return Brief(
        article_id=row.article_id,
        version=row.version,
        length=row.length,
        language=row.language,
        summary=from_json(Summary, row.summary),
        statements=tuple(map(_statement, statements)),
        stances=from_json(Stances, row.stances),
        flags=from_json(Flags, row.flags),
        engines=row.engines,
    )


def _briefed_version() -> ColumnElement[bool]:
    return (VersionRow.article_id == ArticleRow.id) & (VersionRow.version == ArticleRow.briefed)


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


def _about(words: str) -> ColumnElement[bool]:
    """Whether all words stand in the statement or in its article's headline."""
    return (
        select(VersionRow.version)
        .join(ArticleRow, _briefed_version())
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
        engines=dict(brief.engines),
    )


def _values(row: ArticleRow, version: VersionRow, statement: Statement, position: int) -> dict[str, object]:
    speaker = statement.speaker
    return {
        "id": new_id(row.moment),
        "article_id": row.id,
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
        "speaker_key": spaced_key(speaker.name if speaker else None),
        "surname_key": surname_key(speaker.name if speaker else None),
        "affiliation_key": spaced_key(speaker.affiliation if speaker else None),
        "content_words": spaced_words(words_of(version.text, statement.content)),
        "spans": as_parts(
            {
                "content": statement.content,
                "cue": statement.cue,
                "source": statement.source,
                "venue": statement.venue,
            }
        ),
    }


def _statement(row: StatementRow) -> Statement:
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


def _speaker(row: StatementRow) -> Speaker | None:
    if row.speaker_name is None or row.mention is None:
        return None
    return Speaker(row.speaker_name, row.mention, row.affiliation, row.anonymous)


def _quote(row: StatementRow, article: Article) -> Quote:
    return quote_of(_statement(row), article)
