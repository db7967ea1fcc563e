"""Intake: what entries and imports lead to is stored, many at a time in few statements."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from news.actors import fold
from news.arrivals import Arrival
from news.articles import Article, ArticleDraft, ArticleId
from news.errors import NotFound
from news.feeds import FeedId
from news.links import identity
from storage.ids import new_id
from storage.indexing import lead
from storage.rows import article_of, chunks
from storage.search import spaced_key
from storage.tables import ArticleRow, EntryRow, FeedRow, VersionRow
from storage.types import clean, clean_draft, lookup_key

_A_WHILE = 50_000
"""Characters of articles after which others have their turn."""


@dataclass(slots=True)
class _Stored:
    """An article that is there, or will be once the rows are written."""

    article: Article
    feed_id: FeedId
    """The feed that it first came by."""
    address: str | None
    """What other entries lead to it by."""


@dataclass(slots=True)
class _Rows:
    """What is written in the end."""

    articles: list[dict[str, Any]] = field(default_factory=list)
    versions: list[dict[str, Any]] = field(default_factory=list)
    entries: list[dict[str, Any]] = field(default_factory=list)
    edited: dict[ArticleId, dict[str, Any]] = field(default_factory=dict)
    seen: list[dict[str, Any]] = field(default_factory=list)
    """Entries that are there, with what is new of them."""


class Intake:
    """Stores what one feed brings at one moment."""

    def __init__(
        self, session: AsyncSession, feed_id: FeedId, *, now: datetime, imported: bool = False
    ) -> None:
        self._session = session
        self._feed_id = feed_id
        self._now = now
        self._imported = imported
        self._entries: dict[str, ArticleId] = {}
        self._stored: dict[ArticleId, _Stored] = {}
        self._at: dict[str, ArticleId] = {}
        self._taken: set[ArticleId] = set()
        """Articles that an entry of this feed leads to."""
        self._rows = _Rows()

    async def save(self, arrivals: Sequence[Arrival]) -> tuple[Article, ...]:
        """What each leads to, as a new article or as a version of the one that is there. Raises NotFound.

        A part never takes the place of the whole text. Words that are not vouched for are not taken for the article
        at their address: any feed could put any words there.
        """
        cleaned = [_cleaned(arrival) for arrival in arrivals]
        await self._hold()
        await self._look_up(cleaned)
        saved, characters = [], 0
        for arrival in cleaned:
            saved.append(self._take(arrival))
            characters += len(arrival.draft.text)
            if characters > _A_WHILE:  # that took a moment, and others want the event loop
                await asyncio.sleep(0)
                characters = 0
        await self._write()
        return tuple(saved)

    async def _hold(self) -> None:
        """Holds the feed for this unit of work, so that no other adds the same entries."""
        query = select(FeedRow.id).where(FeedRow.id == self._feed_id).with_for_update()
        if (await self._session.scalars(query)).one_or_none() is None:
            raise NotFound(f"There is no feed {self._feed_id}: follow it first.")

    async def _look_up(self, arrivals: Sequence[Arrival]) -> None:
        for keys in chunks([lookup_key(arrival.key) for arrival in arrivals]):
            query = select(EntryRow.key, EntryRow.article_id).where(
                EntryRow.feed_id == self._feed_id, EntryRow.key.in_(keys)
            )
            for key, article_id in await self._session.execute(query):
                if article_id is not None:
                    self._entries[key] = article_id
        if not self._imported:
            for some in chunks([a for a in (_address(arrival.draft) for arrival in arrivals) if a]):
                at = select(ArticleRow.url_key, ArticleRow.id).where(
                    ArticleRow.url_key.in_(some), ArticleRow.imported.is_(False)
                )
                rows = await self._session.execute(at)
                self._at.update((key, article_id) for key, article_id in rows if key is not None)
        self._taken.update(self._entries.values())
        for ids in chunks(tuple(set(self._at.values()) - self._taken)):
            led = select(EntryRow.article_id).where(
                EntryRow.feed_id == self._feed_id, EntryRow.article_id.in_(ids)
            )
            self._taken.update(i for i in await self._session.scalars(led) if i is not None)
        await self._load({*self._entries.values(), *self._at.values()})

    async def _load(self, ids: Collection[ArticleId]) -> None:
        for some in chunks(tuple(ids)):
            rows = await self._session.execute(
                select(ArticleRow, VersionRow)
                .join(VersionRow, VersionRow.article_id == ArticleRow.id)
                .where(VersionRow.version == ArticleRow.version, ArticleRow.id.in_(some))
                .with_for_update(of=ArticleRow)
                .execution_options(populate_existing=True)
            )
            for row, version in rows:
                self._stored[row.id] = _Stored(article_of(row, version), row.feed_id, row.url_key)

    def _take(self, arrival: Arrival) -> Article:
        key = lookup_key(arrival.key)
        known = self._entries.get(key)
        arrival, address = self._placed(arrival, known)
        at = None if self._imported or address is None else self._at.get(address)
        article_id = known if known is not None else at
        if article_id is None:
            article = self._add(arrival, address)
        else:
            article = self._revise(self._stored[article_id], arrival.draft, address)
        self._taken.add(article.id)
        values = {
            "fingerprint": clean(arrival.fingerprint),
            "address": None if arrival.address is None else lookup_key(arrival.address),
            "tries": arrival.tries,
        }
        if known is None:
            self._entries[key] = article.id
            self._rows.entries.append(
                {"feed_id": self._feed_id, "key": key, "article_id": article.id, **values}
            )
        else:
            self._rows.seen.append({"feed_id": self._feed_id, "key": key, **values})
        return article

    def _placed(self, arrival: Arrival, known: ArticleId | None) -> tuple[Arrival, str | None]:
        """The arrival and its address; without it, and in the feed's own words, where another entry of the feed has it.

        One article is at an address, but entries lead to one page in many ways: to a home page, to a place in a long
        page, to a page that asks for money.
        """
        address = _address(arrival.draft)
        at = None if address is None else self._at.get(address)
        if at is None or at == known or at not in self._taken:
            return arrival, address
        return (replace(arrival, draft=arrival.instead) if arrival.instead else arrival), None

    def _add(self, arrival: Arrival, address: str | None) -> Article:
        draft = arrival.draft
        arrived = arrival.arrived or self._now
        moment = draft.published or (arrived if self._imported else self._now)
        article_id = ArticleId(new_id(moment))
        article = Article(
            id=article_id,
            key=clean(arrival.key) if self._imported else str(article_id),
            text=draft.text,
            arrived=arrived,
            title=draft.title,
            outlet=draft.outlet,
            url=draft.url,
            published=draft.published,
            byline=draft.byline,
            language=draft.language,
            partial=draft.partial,
            seen=None if draft.published else moment,
        )
        self._rows.articles.append(
            {
                "id": article_id,
                "feed_id": self._feed_id,
                "key": article.key,
                "imported": self._imported,
                "url": draft.url,
                "url_key": address,
                "outlet": draft.outlet,
                "outlet_key": fold(draft.outlet or ""),
                "published": draft.published,
                "arrived": arrived,
                "moment": moment,
                "version": 1,
                "briefed": 0,
            }
        )
        self._rows.versions.append(_version(article_id, 1, draft, seen=self._now))
        self._stored[article_id] = _Stored(article, self._feed_id, address)
        if address is not None and not self._imported:
            self._at[address] = article_id
        return article

    def _revise(self, stored: _Stored, draft: ArticleDraft, address: str | None) -> Article:
        """The article, in a new version where its words have changed.

        Only the feed that it first came by may change it: another workspace's feed could put other words
        under an address that is not its own. The whole article in the place of a part of it may come by any.
        """
        article = stored.article
        same = (article.title, article.text) == (draft.title, draft.text)
        shorter = draft.partial and not article.partial
        completes = (
            article.partial and not draft.partial and address is not None and address == stored.address
        )
        owned = stored.feed_id == self._feed_id and (
            draft.vouched or stored.address is None or self._imported
        )
        if same or shorter or not (completes or owned):
            return article
        if stored.address is None and address is not None and address not in self._at and not self._imported:
            stored.address = address  # what the page says makes it the article at its address
            self._at[address] = article.id
        # A teaser's page that is read at last is no edit of the outlet's: it is news when the teaser was.
        seen = article.arrived if article.partial and not draft.partial else self._now
        stored.article = replace(
            article,
            version=article.version + 1,
            revised=None if seen == article.arrived else seen,
            title=draft.title,
            text=draft.text,
            byline=draft.byline,
            language=draft.language,
            partial=draft.partial,
        )
        self._rows.versions.append(_version(article.id, stored.article.version, draft, seen=seen))
        self._rows.edited[article.id] = {
            "id": article.id,
            "version": stored.article.version,
            "url_key": stored.address,
        }
        return stored.article

    async def _write(self) -> None:
        rows = self._rows
        for table, values in (
            (ArticleRow, rows.articles),
            (VersionRow, rows.versions),
            (EntryRow, rows.entries),
        ):
            if values:  # into the table itself: rows of classes would each be looked at once more
                await self._session.execute(insert(cast("Table", table.__table__)), values)
        # By primary key, many in one statement.
        if rows.edited:
            await self._session.execute(update(ArticleRow), list(rows.edited.values()))
        if rows.seen:
            await self._session.execute(update(EntryRow), rows.seen)
        new = {row["id"] for row in rows.articles}
        await lead(self._session, self._feed_id, {row["article_id"] for row in rows.entries} - new)


def _cleaned(arrival: Arrival) -> Arrival:
    draft = clean_draft(arrival.draft)
    instead = None if arrival.instead is None else clean_draft(arrival.instead)
    if draft is arrival.draft and instead is arrival.instead:
        return arrival
    return replace(arrival, draft=draft, instead=instead)


def _address(draft: ArticleDraft) -> str | None:
    """What the draft is the article at; none for words that anybody could put there."""
    address = identity(draft.url) if draft.vouched else None
    return None if address is None else lookup_key(address)


def _version(article_id: ArticleId, number: int, draft: ArticleDraft, *, seen: datetime) -> dict[str, Any]:
    return {
        "article_id": article_id,
        "version": number,
        "seen": seen,
        "title": draft.title,
        "text": draft.text,
        "byline": draft.byline,
        "language": draft.language,
        "partial": draft.partial,
        "modified": draft.modified,
        "title_key": spaced_key(draft.title),
    }
