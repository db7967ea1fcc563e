"""Articles and their versions: which entries are known, what is not read yet, what a version says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, case, exists, func, or_, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from news.arrivals import Arrival, Known, recognise
from news.articles import Article, ArticleDraft, ArticleId
from news.channels import WorkspaceId
from news.feeds import Entry, FeedId
from news.links import entry_identity
from news.reading import GivenUp, Unread
from storage.feeds import SqlFeeds
from storage.intake import Intake
from storage.rows import article_of, chunks, visible
from storage.tables import ArticleRow, BriefRow, EntryRow, LeaseRow, VersionRow
from storage.types import lookup_key

_STORING = 0x61747461636866
"""What PostgreSQL knows the lock by under which articles are stored."""
SETTLED = "settled"
"""The lease that is nobody's and says what has been settled."""
APART = timedelta(minutes=1)
"""So far apart the clocks of those that share the store may be."""


class SqlArticles:
    """Articles in the database. What no database stores (NUL) is replaced, so that offsets stay."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def known_entries(self, feed_id: FeedId, entries: Collection[Entry]) -> dict[str, Known]:
        """Those of the feed's entries that are stored, by their keys, as they were last stored."""
        keys = {lookup_key(entry.key): entry.key for entry in entries}
        addresses = {lookup_key(a): a for a in (entry_identity(entry.url) for entry in entries) if a}
        rows: dict[str, Known] = {}
        for column, values in ((EntryRow.key, keys), (EntryRow.address, addresses)):
            for some in chunks(tuple(values)):
                found = await self._session.execute(
                    select(EntryRow, ArticleRow.url, ArticleRow.published, ArticleRow.aged)
                    .outerjoin(ArticleRow, ArticleRow.id == EntryRow.article_id)
                    .where(EntryRow.feed_id == feed_id, column.in_(some))
                )
                for row, url, published, aged in found:
                    at = None if row.address is None else addresses.get(row.address, row.address)
                    key = keys.get(row.key, row.key)
                    past = row.article_id is None or aged is not None
                    rows[row.key] = Known(key, at, row.fingerprint, row.tries, url, published, past)
        return recognise(entries, rows.values())

    async def save_all(
        self, feed_id: FeedId, arrivals: Sequence[Arrival], *, now: datetime
    ) -> tuple[Article, ...]:
        """What each entry leads to, as a new article or as a version of the one that is there. Raises NotFound."""
        return await Intake(self._session, feed_id, now=now).save(arrivals)

    async def begin_storing(self, now: Callable[[], datetime]) -> datetime:
        """The moment at which what is stored from here on is to have arrived: by the clock, and after all that was
        settled. `settle` waits for us."""
        await self._take("pg_advisory_xact_lock_shared")
        moment = now()
        settled = await self._settled(moment)
        return moment if settled is None else settled + timedelta(microseconds=1)

    async def settle(self, until: datetime) -> None:
        """Waits until all that others are storing is stored or given up; what they begin later waits for us, and has
        arrived after `until`, also where their clocks are up to a minute behind.

        So whatever arrived before a moment that was taken before this can be seen after it.
        """
        await self._take("pg_advisory_xact_lock")
        # Another may have settled more, by a clock that is ahead of ours.
        until = await self._settled(until) or until
        await self._session.merge(LeaseRow(name=SETTLED, holder="", until=until))

    async def _settled(self, moment: datetime) -> datetime | None:
        """Until when all is settled, where that is not before the moment; and not much later, for that was settled by a
        clock that was wrong."""
        settled = await self._session.scalar(select(LeaseRow.until).where(LeaseRow.name == SETTLED))
        return settled if settled is not None and moment <= settled <= moment + APART else None

    async def _take(self, lock: str) -> None:
        """Nothing in SQLite, where nobody writes beside a unit of work that may write."""
        if self._session.get_bind().dialect.name == "postgresql":
            await self._session.execute(text(f"SELECT {lock}({_STORING})"))

    async def import_(
        self, workspace_id: WorkspaceId, key: str, draft: ArticleDraft, *, now: datetime
    ) -> Article:
        """Stores an article that the workspace brings along, under its own key.

        It arrived when it was published, or now when it does not say or names a time to come.
        """
        feed_id = await SqlFeeds(self._session).obtain_imports(workspace_id)
        arrived = min(draft.published, now) if draft.published else now
        intake = Intake(self._session, feed_id, now=now, imported=True)
        (article,) = await intake.save([Arrival(key, draft, fingerprint="", arrived=arrived)])
        return article

    async def unread(self, limit: int = 50, *, feed: FeedId | None = None) -> tuple[Article, ...]:
        """Articles whose newest version has no brief yet, newest first: news does not wait for a feed's backfill.

        All, or those that a feed leads to.
        """
        query = (
            select(ArticleRow, VersionRow)
            .join(VersionRow, VersionRow.article_id == ArticleRow.id)
            .where(ArticleRow.briefed < ArticleRow.version, VersionRow.version == ArticleRow.version)
        )
        if feed is not None:
            query = query.where(
                exists().where(EntryRow.article_id == ArticleRow.id, EntryRow.feed_id == feed)
            )
        newest = query.order_by(ArticleRow.moment.desc(), ArticleRow.id.desc()).limit(limit)
        rows = await self._session.execute(newest)
        return tuple(article_of(row, version) for row, version in rows)

    async def waiting(self, limit: int) -> tuple[Unread, ...]:
        """Which articles `unread` would give, without their texts."""
        rows = await self._session.execute(
            select(ArticleRow.id, ArticleRow.moment)
            .where(ArticleRow.briefed < ArticleRow.version)
            .order_by(ArticleRow.moment.desc(), ArticleRow.id.desc())
            .limit(limit)
        )
        return tuple(Unread(article_id, when) for article_id, when in rows)

    async def to_read(self, article_id: ArticleId) -> Article | None:
        """The article, where its newest version was not read, or could not be; None where there is nothing to read."""
        found = await self._session.execute(
            select(ArticleRow, VersionRow)
            .join(VersionRow, VersionRow.article_id == ArticleRow.id)
            .outerjoin(BriefRow, BriefRow.article_id == ArticleRow.id)
            .where(ArticleRow.id == article_id, VersionRow.version == ArticleRow.version)
            .where(or_(ArticleRow.briefed < ArticleRow.version, BriefRow.unread.is_not(None)))
        )
        row = found.first()
        return None if row is None else article_of(*row)

    async def given_up(self) -> tuple[GivenUp, ...]:
        """Articles that could not be read, newest first."""
        rows = await self._session.execute(
            select(ArticleRow, VersionRow.title, BriefRow.unread)
            .join(BriefRow, BriefRow.article_id == ArticleRow.id)
            .join(
                VersionRow,
                and_(VersionRow.article_id == ArticleRow.id, VersionRow.version == BriefRow.version),
            )
            .where(BriefRow.unread.is_not(None), ArticleRow.aged.is_(None))
            .order_by(ArticleRow.moment.desc(), ArticleRow.id.desc())
        )
        return tuple(
            GivenUp(row.id, row.key, title, row.outlet, row.moment, reason or "")
            for row, title, reason in rows
        )

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
