"""Retention: old articles go, or are reduced to what was said in them; some at a time, each time in one transaction.

With an article goes all that is made of it. Between two transactions the store is whole, so that whoever takes away may
be stopped at any moment and begin again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from news.articles import ArticleId
from news.channels import DigestId, SubscriptionId
from news.notices import NoticeId
from news.retention import Keep, Old, Retained, Version
from news.statements import Statement
from news.stories import StoryId
from storage.documents import Spans, as_json, from_json
from storage.indexing import Printed, index, unindex, unindex_articles
from storage.outdated import (
    clear_stories,
    drop_digests,
    drop_notices,
    drop_schedules,
    old_digests,
    old_notices,
    removed_schedules,
)
from storage.pages import take_out
from storage.rows import briefed_version, chunks, parts_of, statement_of, table_of
from storage.tables import (
    ArticleRow,
    BriefRow,
    EntryRow,
    SignatureRow,
    StanceRow,
    StatementRow,
    VersionRow,
)

_OF_ARTICLES = (StatementRow, StanceRow, SignatureRow, BriefRow, VersionRow)
"""What goes with an article, what belongs to others first."""


class SqlRetention:
    """Takes away what is older than a moment."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def count(self, keep: Keep, before: datetime) -> Retained:
        """All that would go, or be reduced."""
        session = self._session
        spoken = func.count().filter(_is_spoken())
        query = select(func.count(), spoken).select_from(ArticleRow).where(*_is_old(keep, before))
        articles, spoken_of = (await session.execute(query)).one()
        statements = 0
        if not keep.statements:
            said = (
                select(func.count())
                .select_from(StatementRow)
                .join(ArticleRow, ArticleRow.id == StatementRow.article_id)
            )
            statements = (await session.scalars(said.where(*_is_old(keep, before)))).one()
        reduced = spoken_of if keep.statements else 0
        digests, _ = await old_digests(session, before)
        notices = await old_notices(session, before)
        return Retained(articles - reduced, reduced, statements, len(digests), len(notices))

    async def newest(self, before: datetime) -> datetime | None:
        """When the newest article arrived of those that had arrived before; None where there is none."""
        return await self._session.scalar(
            select(func.max(ArticleRow.arrived)).where(ArticleRow.arrived < before)
        )

    async def old(
        self, keep: Keep, before: datetime, *, after: Old | None = None, limit: int = 50
    ) -> tuple[Old, ...]:
        """Articles that are older, the oldest first, beginning behind `after`.

        Where statements are kept, what has not been read or put into a story yet waits until it is.
        """
        query = select(ArticleRow.id, ArticleRow.moment, _is_spoken()).where(*_is_old(keep, before))
        if after is not None:
            place = tuple_(ArticleRow.moment, ArticleRow.id)
            query = query.where(ArticleRow.moment >= after.when, place > (after.when, after.article_id))
        rows = await self._session.execute(query.order_by(ArticleRow.moment, ArticleRow.id).limit(limit))
        return tuple(Old(article_id, when, spoken) for article_id, when, spoken in rows)

    async def versions(self, ids: Collection[ArticleId]) -> tuple[Version, ...]:
        """The versions of these articles that statements stand in, and those that their briefs are of."""
        statements: defaultdict[_Key, list[tuple[int, Statement]]] = defaultdict(list)
        evidence: defaultdict[ArticleId, list[tuple[int, Spans]]] = defaultdict(list)
        versions = list[Version]()
        for some in chunks(sorted(ids)):
            said = select(StatementRow).where(StatementRow.article_id.in_(some)).order_by(StatementRow.id)
            for row in await self._session.scalars(said):
                statements[row.article_id, row.version].append((row.id, statement_of(row)))
            shown = select(StanceRow).where(StanceRow.article_id.in_(some)).order_by(StanceRow.id)
            for stance in await self._session.scalars(shown):
                evidence[stance.article_id].append((stance.id, from_json(Spans, stance.evidence)))
            stand = exists().where(
                StatementRow.article_id == VersionRow.article_id, StatementRow.version == VersionRow.version
            )
            texts = (
                select(VersionRow.article_id, VersionRow.version, VersionRow.text, ArticleRow.briefed)
                .join(ArticleRow, ArticleRow.id == VersionRow.article_id)
                .where(VersionRow.article_id.in_(some), or_(stand, VersionRow.version == ArticleRow.briefed))
            )
            for article_id, version, words, briefed in await self._session.execute(texts):
                own = tuple(evidence[article_id]) if version == briefed else ()
                said_there = tuple(statements[article_id, version])
                versions.append(Version(article_id, version, words, said_there, own))
        return tuple(versions)

    async def reduce(self, shortened: Sequence[Version], *, now: datetime) -> Retained:
        """Keeps of articles these versions alone, as they were shortened, and of their briefs what points into them.

        An article that has changed since its versions were read is left for the next time.
        """
        by_article: defaultdict[ArticleId, dict[int, Version]] = defaultdict(dict)
        for version in shortened:
            by_article[version.article_id][version.version] = version
        unchanged = await self._unchanged(by_article) if by_article else {}
        if not unchanged:
            return Retained()
        kept = [version for article_id in unchanged for version in by_article[article_id].values()]
        await self._shorten(kept)
        session, ids = self._session, sorted(unchanged)
        keys = [(version.article_id, version.version) for version in kept]
        others = tuple_(VersionRow.article_id, VersionRow.version).not_in(keys)
        await session.execute(delete(table_of(VersionRow)).where(VersionRow.article_id.in_(ids), others))
        await session.execute(delete(table_of(SignatureRow)).where(SignatureRow.article_id.in_(ids)))
        lengths = {i: len(by_article[i][printed.version].text) for i, printed in unchanged.items()}
        empty: dict[str, object] = {"summary": [], "flags": [], "figures": []}
        await session.execute(
            update(BriefRow), [{"article_id": i, "length": length, **empty} for i, length in lengths.items()]
        )
        await session.execute(update(ArticleRow), [{"id": i, "aged": now} for i in ids])
        await index(
            session,
            [
                Printed(i, one.outlet_key, one.title, by_article[i][one.version].text)
                for i, one in unchanged.items()
            ],
            [],
        )
        return Retained(reduced=len(ids))

    async def drop(self, ids: Sequence[ArticleId], *, spoken: bool) -> Retained:
        """Takes articles away; those of which statements are stored only with `spoken`.

        The entries that led to them stay, leading nowhere, so that a feed does not bring them back; what was imported
        comes back only by an import.
        """
        session = self._session
        held = await self._held(ids) if ids else {}
        if held and not spoken:
            # Asked once they are held: what was said in one, or an edit of it, may have been stored meanwhile.
            waits = or_(_is_spoken(), ArticleRow.briefed != ArticleRow.version)
            for number in await session.scalars(select(ArticleRow.id).where(ArticleRow.id.in_(held), waits)):
                del held[number]
        if not held:
            return Retained()
        statements = await drop_what_was_made(session, sorted(held))
        imported = [article_id for article_id, (_, imported) in held.items() if imported]
        await session.execute(delete(table_of(EntryRow)).where(EntryRow.article_id.in_(imported)))
        await session.execute(
            update(table_of(EntryRow)).where(EntryRow.article_id.in_(held)).values(article_id=None)
        )
        await session.execute(delete(table_of(ArticleRow)).where(ArticleRow.id.in_(held)))
        await clear_stories(session, {story for story, _ in held.values() if story is not None})
        return Retained(dropped=len(held), statements=statements)

    async def old_digests(
        self, before: datetime, *, after: DigestId | None = None, limit: int = 50
    ) -> tuple[tuple[DigestId, ...], DigestId | None]:
        """As many as `limit` of the digests behind `after`: those that are older and needed no more; and the last one
        that was looked at, None at the end."""
        return await old_digests(self._session, before, after=after, limit=limit)

    async def drop_digests(self, ids: Sequence[DigestId]) -> Retained:
        """Takes digests away, with their deliveries and the stories that nothing else is left of."""
        await drop_digests(self._session, ids)
        return Retained(digests=len(ids))

    async def old_notices(self, before: datetime, *, limit: int = 500) -> tuple[NoticeId, ...]:
        """Notices that were settled before and that nothing is compared with any more."""
        return await old_notices(self._session, before, limit=limit)

    async def drop_notices(self, ids: Sequence[NoticeId]) -> Retained:
        """Takes notices away."""
        await drop_notices(self._session, ids)
        return Retained(notices=len(ids))

    async def removed_schedules(self, *, limit: int = 500) -> tuple[SubscriptionId, ...]:
        """Subscriptions that were taken away, and of which no digest and no notice is left."""
        return await removed_schedules(self._session, limit=limit)

    async def drop_schedules(self, ids: Sequence[SubscriptionId]) -> None:
        """Takes these away."""
        await drop_schedules(self._session, ids)

    async def _held(self, ids: Sequence[ArticleId]) -> dict[ArticleId, tuple[StoryId | None, bool]]:
        """Of each article that is there its story, and whether it was imported; nobody else changes it meanwhile."""
        query = (
            select(ArticleRow.id, ArticleRow.story_id, ArticleRow.imported)
            .where(ArticleRow.id.in_(ids))
            .order_by(ArticleRow.id)
            .with_for_update()
        )
        return {i: (story, imported) for i, story, imported in await self._session.execute(query)}

    async def _unchanged(
        self, read: Mapping[ArticleId, Mapping[int, Version]]
    ) -> Mapping[ArticleId, _Titled]:
        """Those of the articles whose brief and statements are the ones that were read; nobody else changes them."""
        held = (
            select(ArticleRow.id, ArticleRow.briefed, ArticleRow.outlet_key, VersionRow.title)
            .join(VersionRow, briefed_version())
            .where(ArticleRow.id.in_(read), ArticleRow.aged.is_(None), _is_read())
            .order_by(ArticleRow.id)
            .with_for_update(of=ArticleRow)
        )
        rows = await self._session.execute(held)
        found = {i: _Titled(briefed, outlet, title) for i, briefed, outlet, title in rows}
        numbers: defaultdict[ArticleId, set[int]] = defaultdict(set)
        for kind in (StatementRow, StanceRow):
            of_these = select(kind.article_id, kind.id).where(kind.article_id.in_(list(found)))
            for article_id, number in await self._session.execute(of_these):
                numbers[article_id].add(number)
        return {
            i: one
            for i, one in found.items()
            if one.version in read[i] and numbers[i] == _numbers(read[i].values())
        }

    async def _shorten(self, versions: Sequence[Version]) -> None:
        """Writes texts, and where statements and stances point to in them. By primary key, many in one statement."""
        texts = [{"article_id": v.article_id, "version": v.version, "text": v.text} for v in versions]
        await self._session.execute(update(VersionRow), texts)
        statements = [
            {"id": number, "spans": parts_of(one)} for v in versions for number, one in v.statements
        ]
        if statements:
            await self._session.execute(update(StatementRow), statements)
        stances = [
            {"id": number, "evidence": as_json(Spans, spans)}
            for v in versions
            for number, spans in v.evidence
        ]
        if stances:
            await self._session.execute(update(StanceRow), stances)


async def drop_what_was_made(session: AsyncSession, ids: Sequence[ArticleId]) -> int:
    """Takes away the versions of articles, and all that was made of them; how many statements went."""
    dropped = 0
    for some in chunks(ids):
        statements = list(
            await session.scalars(select(StatementRow.id).where(StatementRow.article_id.in_(some)))
        )
        await unindex(session, statements)
        await unindex_articles(session, some)
        await take_out(session, some)
        for kind in _OF_ARTICLES:
            table = table_of(kind)
            await session.execute(delete(table).where(table.c.article_id.in_(some)))
        dropped += len(statements)
    return dropped


@dataclass(frozen=True, slots=True)
class _Titled:
    """What the index needs of an article beside its text, and the version of its brief."""

    version: int
    outlet_key: str
    title: str | None


_Key = tuple[ArticleId, int]


def _numbers(versions: Iterable[Version]) -> set[int]:
    return {number for v in versions for part in (v.statements, v.evidence) for number, _ in part}


def _is_old(keep: Keep, before: datetime) -> tuple[ColumnElement[bool], ...]:
    older = ArticleRow.moment < before
    if not keep.statements:
        return (older,)
    # What was aged already has an index of its own to be passed over by.
    return older, ArticleRow.aged.is_(None), _is_read(), ArticleRow.story_id.is_not(None)


def _is_read() -> ColumnElement[bool]:
    return and_(ArticleRow.briefed > 0, ArticleRow.briefed == ArticleRow.version)


def _is_spoken() -> ColumnElement[bool]:
    """Whether statements of the article are stored, gone ones included."""
    return exists().where(StatementRow.article_id == ArticleRow.id)
