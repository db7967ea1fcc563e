"""Indexing: what searches are quick by, kept beside the rows that it is made of, and made anew from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, RowMapping, Select, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from news.articles import ArticleId
from news.feeds import FeedId
from storage import article_tokens, tables
from storage.asking import Indexed
from storage.directory import Role, Uses, enter, enter_outlets
from storage.fulltext import full_text
from storage.pages import put_in
from storage.rows import briefed_version, chunks, rows_of, table_of
from storage.search import spaced_key
from storage.tables import ArticleRow, EntryRow, SearchIndexRow, StanceRow, StatementRow, VersionRow
from storage.tokens import tokens_of, tokens_of_words

VERSION = 4
"""Of the rules by which the indexes are made: raise it with them, and each database makes its own anew."""
AT_ONCE = 500
"""Articles that are indexed together when all are."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the index takes from a statement."""

    statement_id: int
    article_id: ArticleId
    words: str
    """Folded, as they are stored."""
    speaker: str | None
    speaker_key: str
    anonymous: bool
    affiliation: str | None
    affiliation_key: str
    state: str | None
    state_key: str

    @classmethod
    def of(cls, values: Mapping[str, Any] | RowMapping) -> Spoken:
        """From the columns of its row."""
        return cls(
            statement_id=values["id"],
            article_id=values["article_id"],
            words=values["content_words"],
            speaker=values["speaker_name"],
            speaker_key=values["speaker_key"],
            anonymous=values["anonymous"],
            affiliation=values["affiliation"],
            affiliation_key=values["affiliation_key"],
            state=values["state"],
            state_key=values["state_key"],
        )


@dataclass(frozen=True, slots=True)
class Printed:
    """What the index takes from an article."""

    article_id: ArticleId
    outlet_key: str
    title: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Held:
    """What the directory takes from a stance: whose it is, for who asks for that name."""

    article_id: ArticleId
    actor: str
    state: str | None

    @property
    def names(self) -> list[tuple[str, str]]:
        """The keys, as the directory has them, and how they are written."""
        names = (self.actor, self.state or "")
        return [(key, name) for name in names if (key := spaced_key(name))]


async def index(
    session: AsyncSession,
    printed: Sequence[Printed],
    spoken: Sequence[Spoken],
    held: Sequence[Held] = (),
) -> None:
    """Enters articles, in the place of what was known of them, and statements and stances of them that are new."""
    feeds = await _feeds(session, [article.article_id for article in printed])
    outlets = await enter_outlets(session, {article.outlet_key for article in printed})
    titles = {article.article_id: tokens_of(article.title or "") for article in printed}
    ours = {article.article_id: outlets[article.outlet_key] for article in printed}
    uses = Uses()
    for one in spoken:
        for key, name, role in _names(one):
            uses.add(key, name, role, feeds.get(one.article_id, ()))
    for each in held:
        for key, name in each.names:
            uses.add(key, name, Role.REPRESENTED, feeds.get(each.article_id, ()))
    ids = await enter(session, uses)
    await full_text(session).add(
        session,
        [
            Indexed(
                one.statement_id,
                one.article_id,
                tokens_of_words(one.words.split()),
                titles[one.article_id],
                ids[one.speaker_key] if one.speaker_key else None,
                {ids[key] for key, _, _ in _names(one) if key},
                feeds.get(one.article_id, ()),
                ours[one.article_id],
            )
            for one in spoken
        ],
    )
    await article_tokens.put(
        session,
        [(article.article_id, titles[article.article_id], tokens_of(article.text)) for article in printed],
    )


async def enter_held(session: AsyncSession, held: Sequence[Held]) -> None:
    """Enters stances that were found after their articles had been indexed."""
    feeds = await _feeds(session, sorted({one.article_id for one in held}))
    uses = Uses()
    for one in held:
        for key, name in one.names:
            uses.add(key, name, Role.REPRESENTED, feeds.get(one.article_id, ()))
    await enter(session, uses)


async def spoken_of(session: AsyncSession, ids: Sequence[int]) -> list[Spoken]:
    """What the index takes from statements that are stored."""
    found: list[Spoken] = []
    for some in chunks(ids):
        rows = await session.execute(_indexed().where(StatementRow.id.in_(some)))
        found += (Spoken.of(row._mapping) for row in rows_of(rows))
    return found


async def unindex(session: AsyncSession, statement_ids: Sequence[int]) -> None:
    """Takes statements out of the index. The names that they bore stay in the directory, which remembers."""
    await full_text(session).drop(session, statement_ids)


async def unindex_articles(session: AsyncSession, ids: Sequence[ArticleId]) -> None:
    """Takes articles out of the index, but not their statements."""
    await article_tokens.drop(session, ids)


async def lead(session: AsyncSession, feed_id: FeedId, ids: Collection[ArticleId]) -> None:
    """That a feed leads to articles that may be indexed already."""
    read: list[ArticleId] = []
    for some in chunks(sorted(ids)):
        read += await session.scalars(
            select(ArticleRow.id).where(ArticleRow.id.in_(some), ArticleRow.briefed > 0)
        )
    if not read:
        return
    await full_text(session).add_feed(session, read, feed_id)
    await put_in(session, read)
    uses = Uses()
    for rows in await _of_articles(session, read):
        for one in rows:
            for key, name, role in _names(Spoken.of(one._mapping)):
                uses.see(key, name, role, feed_id)
    for each in await _held(session, read):
        for key, name in each.names:
            uses.see(key, name, Role.REPRESENTED, feed_id)
    await enter(session, uses)


async def is_current(session: AsyncSession) -> bool:
    """Whether the indexes were made by the present rules."""
    return list(await session.scalars(select(SearchIndexRow.version))) == [VERSION]


async def rebuild(session: AsyncSession, tell: Callable[[int], None] | None = None) -> None:
    """Makes all indexes anew from the rest; `tell` is told how many articles are done, now and then."""
    await full_text(session).make(session)
    await article_tokens.make(session)
    for table in reversed(tables.Row.metadata.sorted_tables):
        if table.info.get("derived"):
            await session.execute(delete(table))
    last, done = ArticleId(-1), 0
    while True:
        if tell is not None:
            tell(done)
        rows = rows_of(await session.execute(_printed().where(ArticleRow.id > last).limit(AT_ONCE)))
        if not rows:
            break
        last, done = rows[-1].id, done + len(rows)
        printed = [Printed(row.id, row.outlet_key, row.title, row.text) for row in rows]
        spoken = [
            Spoken.of(one._mapping)
            for some in await _of_articles(session, [p.article_id for p in printed])
            for one in some
        ]
        ids = [article.article_id for article in printed]
        await index(session, printed, spoken, await _held(session, ids))
        await put_in(session, ids)
    await session.execute(insert(table_of(SearchIndexRow)), {"version": VERSION})


def _names(one: Spoken) -> list[tuple[str, str, Role]]:
    speaks = Role.NAMELESS if one.anonymous else Role.SPEAKER
    return [
        (key, name or "", role)
        for key, name, role in (
            (one.speaker_key, one.speaker, speaks),
            (one.affiliation_key, one.affiliation, Role.REPRESENTED),
            (one.state_key, one.state, Role.REPRESENTED),
        )
        if key
    ]


async def _feeds(session: AsyncSession, ids: Sequence[ArticleId]) -> Mapping[ArticleId, list[FeedId]]:
    feeds: defaultdict[ArticleId, list[FeedId]] = defaultdict(list)
    for some in chunks(ids):
        query = select(EntryRow.article_id, EntryRow.feed_id).where(EntryRow.article_id.in_(some)).distinct()
        for article_id, feed_id in await session.execute(query):
            if article_id is not None:
                feeds[article_id].append(feed_id)
    return feeds


def _printed() -> Select[*tuple[Any, ...]]:
    return (
        select(ArticleRow.id, ArticleRow.outlet_key, VersionRow.title, VersionRow.text)
        .join(VersionRow, briefed_version())
        .order_by(ArticleRow.id)
    )


async def _of_articles(session: AsyncSession, ids: Sequence[ArticleId]) -> list[list[Row[Any]]]:
    """The statements of articles, those that are gone included."""
    found = []
    for some in chunks(ids):
        query = _indexed().where(StatementRow.article_id.in_(some))
        found.append(rows_of(await session.execute(query)))
    return found


async def _held(session: AsyncSession, ids: Sequence[ArticleId]) -> list[Held]:
    """The stances of articles."""
    found = []
    for some in chunks(ids):
        query = select(StanceRow.article_id, StanceRow.actor, StanceRow.state).where(
            StanceRow.article_id.in_(some)
        )
        found += [Held(*row) for row in await session.execute(query)]
    return found


def _indexed() -> Select[*tuple[Any, ...]]:
    return select(
        StatementRow.id,
        StatementRow.article_id,
        StatementRow.content_words,
        StatementRow.speaker_name,
        StatementRow.speaker_key,
        StatementRow.anonymous,
        StatementRow.affiliation,
        StatementRow.affiliation_key,
        StatementRow.state,
        StatementRow.state_key,
    )
