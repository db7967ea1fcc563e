"""Articles, their versions, and the entries they came by."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from news.actors import fold
from news.articles import Article, ArticleDraft, ArticleId
from news.channels import WorkspaceId
from news.errors import NotFound
from news.feeds import FeedId
from news.links import identity
from storage.feeds import SqlFeeds
from storage.ids import new_id
from storage.rows import chunks, visible
from storage.search import spaced_key, spaced_words
from storage.tables import ArticleRow, EntryRow, FeedRow, VersionRow
from storage.types import clean, clean_draft, lookup_key


class SqlArticles:
    """Articles in the database. What no database stores (NUL) is replaced, so that offsets stay."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def known_entries(self, feed_id: FeedId, keys: Collection[str]) -> Mapping[str, str]:
        """Those of the feed's entry keys that lead to a stored article, with the fingerprint last saved."""
        stored = {key: lookup_key(key) for key in keys}
        found: dict[str, str] = {}
        for some in chunks(tuple(set(stored.values()))):
            rows = await self._session.execute(
                select(EntryRow.key, EntryRow.fingerprint).where(
                    EntryRow.feed_id == feed_id, EntryRow.key.in_(some)
                )
            )
            found.update((key, fingerprint) for key, fingerprint in rows)
        return {key: found[name] for key, name in stored.items() if name in found}

    async def save(
        self,
        draft: ArticleDraft,
        *,
        feed_id: FeedId,
        entry_key: str,
        fingerprint: str,
        arrived: datetime,
        now: datetime,
    ) -> Article:
        """Stores what an entry leads to, as a new article or as a version of the one that is there.

        A feed's own excerpt never takes the place of the whole text, and it is not taken for the article at
        its address: any feed could put any words there.
        """
        draft = clean_draft(draft)
        entry = await self._entry(feed_id, entry_key)
        article_id = entry.article_id if entry else await self._at(_address(draft))
        if article_id is None:
            article = await self._add(draft, feed_id, arrived=arrived, now=now)
        else:
            article = await self._revise(article_id, draft, feed_id, now=now)
        if entry:
            entry.fingerprint = fingerprint
            await self._session.flush()
        else:
            await self._enter(feed_id, entry_key, article.id, fingerprint)
        return article

    async def import_(
        self, workspace_id: WorkspaceId, key: str, draft: ArticleDraft, *, now: datetime
    ) -> Article:
        """Stores an article that the workspace brings along, under its own key.

        It arrived when it was published, or now when it does not say or names a time to come.
        """
        draft = clean_draft(draft)
        feed_id = await SqlFeeds(self._session).obtain_imports(workspace_id)
        entry = await self._entry(feed_id, key)
        if entry:
            return await self._revise(entry.article_id, draft, feed_id, now=now)
        arrived = min(draft.published, now) if draft.published else now
        article = await self._add(draft, feed_id, arrived=arrived, now=now, import_key=key)
        await self._enter(feed_id, key, article.id, fingerprint="")
        return article

    async def unread(self, limit: int = 50) -> tuple[Article, ...]:
        """Articles whose newest version has no brief yet, oldest first."""
        rows = await self._session.execute(
            select(ArticleRow, VersionRow)
            .join(VersionRow, VersionRow.article_id == ArticleRow.id)
            .where(ArticleRow.briefed < ArticleRow.version, VersionRow.version == ArticleRow.version)
            .order_by(ArticleRow.moment, ArticleRow.id)
            .limit(limit)
        )
        return tuple(article_of(row, version) for row, version in rows)

    async def waiting_since(self, workspace_id: WorkspaceId, since: datetime) -> datetime | None:
        """When the first of the workspace's articles arrived, or was edited, from `since` on that is not read
        or in no story yet; None when none waits."""
        revised = case((VersionRow.version > 1, VersionRow.seen))
        moment = func.coalesce(revised, ArticleRow.arrived)
        query = (
            select(moment)
            .join(VersionRow, VersionRow.article_id == ArticleRow.id)
            .where(VersionRow.version == ArticleRow.version, visible(workspace_id, ArticleRow.id))
            .where(or_(ArticleRow.briefed < ArticleRow.version, ArticleRow.story_id.is_(None)))
            .where(moment >= since)
            .order_by(moment)
            .limit(1)
        )
        return (await self._session.scalars(query)).first()

    async def versions(self, article_id: ArticleId) -> tuple[ArticleDraft, ...]:
        """All versions of title and text, oldest first; the last one is the current one."""
        rows = await self._session.execute(
            select(ArticleRow, VersionRow)
            .join(VersionRow, VersionRow.article_id == ArticleRow.id)
            .where(ArticleRow.id == article_id)
            .order_by(VersionRow.version)
        )
        return tuple(_draft_of(row, version) for row, version in rows)

    async def texts(self, versions: Mapping[ArticleId, int]) -> dict[ArticleId, str]:
        """The text of one version of each article; what is not there is left out."""
        found: dict[ArticleId, str] = {}
        key = tuple_(VersionRow.article_id, VersionRow.version)
        for some in chunks(list(versions.items())):
            query = select(VersionRow.article_id, VersionRow.text).where(key.in_(some))
            rows = (await self._session.execute(query)).all()
            found.update((article_id, text) for article_id, text in rows)
        return found

    async def _entry(self, feed_id: FeedId, key: str) -> EntryRow | None:
        """The feed's entry. Holds the feed for this unit of work, so that no other adds the same entry."""
        feed = await self._session.scalars(select(FeedRow.id).where(FeedRow.id == feed_id).with_for_update())
        if feed.one_or_none() is None:
            raise NotFound(f"There is no feed {feed_id}: follow it first.")
        return await self._session.get(EntryRow, (feed_id, lookup_key(key)))

    async def _at(self, address: str | None) -> ArticleId | None:
        """The article with this address, imports aside."""
        if address is None:
            return None
        query = select(ArticleRow.id).where(ArticleRow.url_key == address, ArticleRow.imported.is_(False))
        return (await self._session.scalars(query)).one_or_none()

    async def _enter(self, feed_id: FeedId, key: str, article_id: ArticleId, fingerprint: str) -> None:
        self._session.add(
            EntryRow(
                feed_id=feed_id, key=lookup_key(key), article_id=article_id, fingerprint=fingerprint, tries=0
            )
        )
        await self._session.flush()

    async def _add(
        self,
        draft: ArticleDraft,
        feed_id: FeedId,
        *,
        arrived: datetime,
        now: datetime,
        import_key: str | None = None,
    ) -> Article:
        moment = draft.published or (now if import_key is None else arrived)
        article_id = ArticleId(new_id(moment))
        row = ArticleRow(
            id=article_id,
            feed_id=feed_id,
            key=str(article_id) if import_key is None else clean(import_key),
            imported=import_key is not None,
            url=draft.url,
            url_key=_address(draft),
            outlet=draft.outlet,
            outlet_key=fold(draft.outlet or ""),
            published=draft.published,
            arrived=arrived,
            moment=moment,
            version=1,
            briefed=0,
        )
        version = _version(article_id, 1, draft, seen=now)
        self._session.add(row)
        await self._session.flush()
        self._session.add(version)
        await self._session.flush()
        return article_of(row, version)

    async def _revise(
        self, article_id: ArticleId, draft: ArticleDraft, feed_id: FeedId, *, now: datetime
    ) -> Article:
        """The article, in a new version where its words have changed.

        Only the feed that it first came by may change it: another workspace's feed could put other words
        under an address that is not its own.
        """
        row = await self._session.get_one(ArticleRow, article_id, with_for_update=True)
        version = await self._session.get_one(VersionRow, (article_id, row.version))
        same = (version.title, version.text) == (draft.title, draft.text)
        if same or row.feed_id != feed_id or (draft.partial and not version.partial):
            return article_of(row, version)
        row.version += 1
        version = _version(article_id, row.version, draft, seen=now)
        self._session.add(version)
        await self._session.flush()
        return article_of(row, version)


def _address(draft: ArticleDraft) -> str | None:
    """What the draft is the article at; none for a feed's own words, which anybody could put there."""
    address = None if draft.partial else identity(draft.url)
    return None if address is None else lookup_key(address)


def article_of(row: ArticleRow | Row[Any], version: VersionRow | Row[Any]) -> Article:
    """The article in the given version; rows of columns will do."""
    return Article(
        id=row.id,
        key=row.key,
        text=version.text,
        arrived=row.arrived,
        title=version.title,
        outlet=row.outlet,
        url=row.url,
        published=row.published,
        byline=version.byline,
        language=version.language,
        partial=version.partial,
        version=version.version,
        revised=version.seen if version.version > 1 else None,
        seen=None if row.published else row.moment,
    )


def _draft_of(row: ArticleRow, version: VersionRow) -> ArticleDraft:
    return ArticleDraft(
        text=version.text,
        title=version.title,
        outlet=row.outlet,
        url=row.url,
        published=row.published,
        byline=version.byline,
        language=version.language,
        partial=version.partial,
        modified=version.modified,
    )


def _version(article_id: ArticleId, number: int, draft: ArticleDraft, *, seen: datetime) -> VersionRow:
    title_words = spaced_words(draft.title or "")
    return VersionRow(
        article_id=article_id,
        version=number,
        seen=seen,
        title=draft.title,
        text=draft.text,
        byline=draft.byline,
        language=draft.language,
        partial=draft.partial,
        modified=draft.modified,
        title_words=title_words,
        title_key=spaced_key(draft.title),
        words=title_words + spaced_words(draft.text),
    )
