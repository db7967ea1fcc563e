"""Briefs, and the statements in them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from news.answers import QuotePage
from news.articles import ArticleId
from news.briefs import Brief, Flag, SummarySentence
from news.channels import WorkspaceId
from news.edits import Wordings, cut_short, uttered_in
from news.errors import NotFound
from news.figures import Figure
from news.queries import StatementQuery
from news.reading import UNREAD
from news.spans import words_of
from news.stances import Stance
from news.statements import Speaker, Statement
from storage.documents import as_json, from_text
from storage.ids import new_id
from storage.indexing import Printed, Spoken, index, spoken_of, unindex
from storage.pages import put_in, take_out
from storage.quotes import find_quotes
from storage.rows import SPOKEN, chunks, parts_of, replace_all, rows_of, statement_of, table_of
from storage.search import spaced_key, spaced_words, stands
from storage.sqlite_driver import look
from storage.stance_rows import add_stances, held_of
from storage.tables import ArticleRow, BriefRow, StanceRow, StatementRow, VersionRow

Summary = tuple[SummarySentence, ...]
Flags = tuple[Flag, ...]
Figures = tuple[Figure, ...]

_OWNER = re.compile(r"^.*[’'](?:s\b)?\s")
_BELONGS = re.compile(r"\s(?:of|for|to|with|by|in|at|from|near|under|on|who|close|familiar|led)\b")

MOST_GONE = 200
"""Statements of one article that are kept after an edit took them out, the last ones."""


class SqlBriefs:
    """Briefs in the database.

    Until an edited article has been read anew, what is shown of it is the version that its brief is of.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def save(self, *briefs: Brief) -> None:
        """Keeps each brief in the place of an older one of the same article. Raises NotFound, and keeps none.

        A brief of an older version than the one that is stored changes nothing, nor does one of an article that was
        reduced for its age. Statements of older versions whose words the newer one has no longer stay, marked as gone,
        until they stand again.
        """
        wanted = {(brief.article_id, brief.version): brief for brief in briefs}
        rows = await self._held(wanted)
        newer: dict[ArticleId, Brief] = {}
        for (article_id, version), brief in wanted.items():
            if (article_id, version) not in rows:
                raise NotFound(
                    f"There is no version {version} of article {article_id}: store the article first."
                )
            least = max(
                rows[article_id, version].briefed, newer[article_id].version if article_id in newer else 0
            )
            if version >= least and rows[article_id, version].aged is None:
                newer[article_id] = brief
        kept = [(rows[article_id, brief.version], brief) for article_id, brief in newer.items()]
        gone = [number for row, brief in kept for number in await self._clear(row, brief)]
        await self._write(kept, gone)

    async def _held(
        self, wanted: Collection[tuple[ArticleId, int]]
    ) -> Mapping[tuple[ArticleId, int], Row[Any]]:
        """Articles in these versions; nobody else changes them meanwhile."""
        rows: dict[tuple[ArticleId, int], Row[Any]] = {}
        for some in chunks(sorted({article_id for article_id, _ in wanted})):
            query = (
                select(
                    ArticleRow.id,
                    ArticleRow.moment,
                    ArticleRow.outlet_key,
                    ArticleRow.briefed,
                    ArticleRow.aged,
                    VersionRow.version,
                    VersionRow.title,
                    VersionRow.text,
                    VersionRow.seen,
                )
                .join(VersionRow, VersionRow.article_id == ArticleRow.id)
                .where(ArticleRow.id.in_(some))
                .order_by(ArticleRow.id)
                .with_for_update(of=ArticleRow)
            )
            found = rows_of(await self._session.execute(query))
            rows.update(((row.id, row.version), row) for row in found)
        return rows

    async def _write(self, kept: Sequence[tuple[Row[Any], Brief]], gone: Sequence[int]) -> None:
        """Writes briefs; statements that are gone stand in the index beside those that are new."""
        session = self._session
        if kept:
            await replace_all(session, BriefRow, [_row(brief) for _, brief in kept])
            briefed = [{"id": brief.article_id, "briefed": brief.version} for _, brief in kept]
            await session.execute(update(ArticleRow), briefed)
        statements, spoken = [], await spoken_of(session, gone)
        for row, brief in kept:
            for position, statement in enumerate(brief.statements):
                values = _values(row, statement, position)
                statements.append(values)
                spoken.append(Spoken.of(values))
        if statements:
            await session.execute(insert(table_of(StatementRow)), statements)
        stances = await add_stances(session, [(row, 0, brief.stances) for row, brief in kept])
        printed = [Printed(row.id, row.outlet_key, row.title, row.text) for row, _ in kept]
        await put_in(session, {stance["article_id"] for stance in stances})
        await index(session, printed, spoken, [held_of(stance) for stance in stances])

    async def _clear(self, row: Row[Any], brief: Brief) -> list[int]:
        """Takes away the statements that the brief's are in the place of, and marks those that the article lost;
        which these are. None of the article's is in the index afterwards."""
        if row.briefed == 0:
            return []
        await take_out(self._session, [row.id])
        await self._session.execute(delete(StanceRow).where(StanceRow.article_id == row.id))
        query = select(StatementRow.id, StatementRow.position).where(StatementRow.article_id == row.id)
        places = {row.id: row.position for row in rows_of(await self._session.execute(query))}
        lost = [] if brief.version == row.briefed else (await self._lost(row, brief))[-MOST_GONE:]
        kept = {one.id for one in lost}
        if brief.version == row.briefed:
            kept = {number for number, position in places.items() if position < 0}
        await unindex(self._session, sorted(places))
        for some in chunks(sorted(places.keys() - kept)):
            await self._session.execute(delete(StatementRow).where(StatementRow.id.in_(some)))
        first = min(0, *(one.position for one in lost)) if lost else 0
        news = [one.id for one in lost if one.gone is None]
        for at, number in enumerate(news):
            await self._session.execute(
                update(StatementRow)
                .where(StatementRow.id == number)
                .values(gone=row.seen, position=first - len(news) + at)
            )
        return sorted(kept)

    async def _lost(self, row: Row[Any], brief: Brief) -> list[Row[Any]]:
        """The statements of older versions whose words the newer one does not have, the longest gone first.

        What only the feed's excerpt said was not taken out by the article that came in its place, and of what a page
        shows the beginning of alone nobody can tell.
        """
        own = select(StatementRow.version).where(StatementRow.article_id == row.id)
        older = select(VersionRow.version, VersionRow.text).where(
            VersionRow.article_id == row.id, VersionRow.version.in_(own), VersionRow.partial.is_(False)
        )
        texts = {one.version: one.text for one in await self._session.execute(older)}
        if not texts:
            return []
        found = await self._session.execute(
            _statements()
            .add_columns(StatementRow.id, StatementRow.version, StatementRow.gone, StatementRow.position)
            .where(StatementRow.article_id == row.id, StatementRow.version.in_(list(texts)))
            .order_by(StatementRow.gone.is_(None), StatementRow.gone, StatementRow.position)
        )
        rows = found.all()

        def lost() -> list[Row[Any]]:
            now = Wordings(brief.statements, row.text)
            told = {number: text for number, text in texts.items() if not cut_short(text, row.text)}
            asked = ((one, told[one.version]) for one in rows if one.version in told)
            return [one for one, text in asked if now.lack(uttered_in(statement_of(one), text))]

        return await asyncio.to_thread(lost)  # an article can be as long as a book

    async def statements(self, workspace_id: WorkspaceId, query: StatementQuery) -> QuotePage:
        """What was said in what the workspace follows, each occasion once, newest first; within one article
        speech, then thoughts, then intentions, each in the article's order; then what edits took out of it.

        Only statements that the query finds are put together: an answer holds nothing that was not asked for.
        """
        return await look(self._session, lambda connection: find_quotes(connection, workspace_id, query))


def told_statements() -> Select[*tuple[Any, ...]]:
    """What `statement_of` reads of the statements that stand in their articles, each article's in their order."""
    return _statements().where(stands()).order_by(StatementRow.article_id, StatementRow.position)


def _statements() -> Select[*tuple[Any, ...]]:
    """What `statement_of` reads, and of which article."""
    return select(StatementRow.article_id, *SPOKEN)


def brief_of(row: Row[Any], statements: Sequence[Statement], stances: Sequence[Stance]) -> Brief:
    """The brief, its statements and stances given in their order; its language stands under `understood_as`, and what is
    stored as JSON is given as text."""
    return Brief(
        article_id=row.article_id,
        version=row.version,
        length=row.length,
        language=row.understood_as,
        summary=from_text(Summary, row.summary),
        statements=tuple(statements),
        stances=tuple(stances),
        flags=from_text(Flags, row.flags),
        figures=from_text(Figures, row.figures),
        engines=row.engines,
    )


def _row(brief: Brief) -> dict[str, object]:
    return {
        "article_id": brief.article_id,
        "version": brief.version,
        "length": brief.length,
        "language": brief.language,
        "summary": as_json(Summary, brief.summary),
        "flags": as_json(Flags, brief.flags),
        "figures": as_json(Figures, brief.figures),
        "engines": dict(brief.engines),
        "unread": next((flag.detail for flag in brief.flags if flag.kind == UNREAD), None),
    }


def _values(row: Row[Any], statement: Statement, position: int) -> dict[str, Any]:
    """The row of a statement; `row` is of its article in the version that has it."""
    speaker = statement.speaker
    return {
        "id": new_id(row.moment),
        "article_id": row.id,
        "version": row.version,
        "position": position,
        "gone": None,
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
        "affiliation_key": spaced_key(speaker.affiliation if speaker else None),
        "state": speaker.state if speaker else None,
        "state_key": spaced_key(speaker.state if speaker else None),
        "content_words": spaced_words(words_of(row.text, statement.content)),
        "cue_words": spaced_words(words_of(row.text, statement.cue)),
        "spans": parts_of(statement),
    }


def _sought_name(speaker: Speaker | None) -> str | None:
    """What a speaker is found by; whom a nameless one belongs to did not speak: `Reed’s lawyer`, `a friend of Reed`."""
    if speaker is None or not speaker.anonymous:
        return speaker.name if speaker else None
    return _OWNER.sub("", _BELONGS.split(speaker.name)[0]) or speaker.name
