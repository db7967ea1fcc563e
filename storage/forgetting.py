"""Forgetting: all that a workspace left is taken away, some at a time, and what others see stays as it is for them.

Each step is one transaction, and between two of them the store is whole: whoever forgets may be stopped at any moment
and begin again. The workspace's own row goes last, so that until then it is found by its name. What is left of a feed
is found by this: nobody follows it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, delete, exists, false, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from news.articles import ArticleId
from news.channels import DeliveryState, Platform, WorkspaceId
from news.feeds import FeedId
from news.leaving import Erased, Known
from news.stories import StoryId
from storage.fulltext import full_text
from storage.known import known_workspaces
from storage.outdated import clear_stories, drop_digests
from storage.pages import drop_owned_pages, let_go_of_feeds, put_in
from storage.retention import drop_what_was_made
from storage.rows import AT_ONCE, chunks, table_of
from storage.tables import (
    ActorFeedRow,
    ActorNameRow,
    ActorRow,
    ActorTokenRow,
    ArticleRow,
    DeliveryRow,
    DigestRow,
    EntryRow,
    FeedRow,
    FollowRow,
    HandledRow,
    InstallationRow,
    InstallStateRow,
    NoticeRow,
    OutletRow,
    Row,
    StanceRow,
    StatementRow,
    SubscriptionRow,
    TargetRow,
    ToldRow,
    WorkspaceRow,
)

_QUIETLY = {"synchronize_session": False}
_SENDING = DeliveryState.SENDING.value
_WAITING = (DeliveryState.CLAIMED.value, DeliveryState.PENDING.value)


class SqlForgetting:
    """Takes away what is one workspace's alone."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def count(self, workspace_id: WorkspaceId) -> Erased:
        """All that would be erased."""
        own = EntryRow.feed_id.in_(select(FeedRow.id).where(~_followed(FeedRow.id, but=workspace_id)))
        other = aliased(EntryRow)
        seen = exists().where(other.article_id == ArticleRow.id, _followed(other.feed_id, but=workspace_id))
        articles = (
            select(ArticleRow.id)
            .join(EntryRow, EntryRow.article_id == ArticleRow.id)
            .where(own, ~seen)
            .distinct()
        )
        statements = select(func.count()).where(StatementRow.article_id.in_(articles))
        feeds = select(func.count()).where(
            ~_followed(FeedRow.id, but=workspace_id), FeedRow.imports_of.is_(None)
        )
        return Erased(
            feeds=await self._number(feeds),
            articles=await self._number(select(func.count()).select_from(articles.subquery())),
            statements=await self._number(statements),
            digests=await self._number(_count(DigestRow, DigestRow.workspace_id == workspace_id)),
            posting=await self.being_posted(workspace_id),
            **await self._count_small(workspace_id),
        )

    async def known(self, *, client_id: str | None = None) -> tuple[Known, ...]:
        """All workspaces, by platform and name, with how much is stored for each; `client_id` is that of the Slack app
        whose tokens are stored, if they are."""
        return await known_workspaces(self._session, client_id)

    async def let_go_of_feeds(self, *, after: int, limit: int) -> int | None:
        """As `storage.pages.let_go_of_feeds`."""
        return await let_go_of_feeds(self._session, after=after, limit=limit)

    async def leave(self, workspace_id: WorkspaceId) -> Erased:
        """It follows nothing from now on, nothing more is read or posted for it, and no token of it is left.

        What is being posted at this moment is left to those who post it.
        """
        session = self._session
        row = await session.get(WorkspaceRow, workspace_id, with_for_update=True)
        if row is None:
            return Erased()
        counted = await self._count_small(workspace_id)
        own = select(SubscriptionRow.id).where(SubscriptionRow.workspace_id == workspace_id)
        await self._delete(FollowRow, FollowRow.workspace_id == workspace_id)
        await self._delete(ActorNameRow, ActorNameRow.workspace_id == workspace_id)
        await self._delete(InstallationRow, _installations(row))
        await self._delete(
            NoticeRow, NoticeRow.workspace_id == workspace_id, NoticeRow.state == DeliveryState.PENDING.value
        )
        await self._delete(DeliveryRow, DeliveryRow.subscription_id.in_(own), DeliveryRow.state.in_(_WAITING))
        await session.execute(
            update(SubscriptionRow)
            .where(SubscriptionRow.workspace_id == workspace_id)
            .values(removed=True, paused=True)
            .execution_options(**_QUIETLY)
        )
        return Erased(**counted)

    async def being_posted(self, workspace_id: WorkspaceId, *, since: datetime | None = None) -> int:
        """How many posts are on their way, those that somebody began with after `since` where that is given."""
        own = select(SubscriptionRow.id).where(SubscriptionRow.workspace_id == workspace_id)
        deliveries = [DeliveryRow.subscription_id.in_(own), DeliveryRow.state == _SENDING]
        notices = [NoticeRow.workspace_id == workspace_id, NoticeRow.state == _SENDING]
        if since is not None:
            deliveries.append(DeliveryRow.touched >= since)
            notices.append(NoticeRow.touched >= since)
        return await self._number(_count(DeliveryRow, *deliveries)) + await self._number(
            _count(NoticeRow, *notices)
        )

    async def feeds(self, *, limit: int = 100) -> tuple[FeedId, ...]:
        """Feeds that nobody follows, which is all that there are to be erased."""
        query = select(FeedRow.id).where(~_followed(FeedRow.id)).order_by(FeedRow.id).limit(limit)
        return tuple(await self._session.scalars(query))

    async def empty(self, feed_id: FeedId, *, limit: int) -> tuple[Erased, int]:
        """Takes entries away from a feed that nobody follows, with the articles that only such feeds lead to; what was
        erased, and how many entries and articles were looked at: none at the end, or once somebody follows it.

        An article that somebody sees stays, as of the first of the feeds by which they see it.
        """
        session = self._session
        if not await self._hold(feed_id):
            return Erased(), 0
        entries = select(EntryRow.key, EntryRow.article_id).where(EntryRow.feed_id == feed_id)
        rows = (await session.execute(entries.order_by(EntryRow.key).limit(limit))).all()
        ids = {article_id for _, article_id in rows if article_id is not None}
        if not rows:
            ids.update(
                await session.scalars(select(ArticleRow.id).where(ArticleRow.feed_id == feed_id).limit(limit))
            )
        held = await self._held(ids)
        seen = await self._seen(held)
        gone = sorted(held.keys() - seen.keys())
        for some in chunks([key for key, _ in rows]):
            await self._delete(EntryRow, EntryRow.feed_id == feed_id, EntryRow.key.in_(some))
        statements = await self._drop(gone)
        await clear_stories(session, {story for i in gone if (story := held[i]) is not None})
        await self._let_go(feed_id, sorted(seen), seen)
        return Erased(articles=len(gone), statements=statements), max(len(rows), len(ids))

    async def drop_names(self, *, after: int, limit: int) -> int | None:
        """Forgets which names stood in feeds that nobody follows, of as many names as `limit` behind one, and names that
        stand nowhere else; the last that was looked at, None at the end."""
        session = self._session
        left = select(FeedRow.id).where(~_followed(FeedRow.id))
        names = (
            select(ActorFeedRow.actor_id)
            .where(ActorFeedRow.actor_id > after, ActorFeedRow.feed_id.in_(left))
            .distinct()
            .order_by(ActorFeedRow.actor_id)
            .limit(limit)
        )
        ids = list(await session.scalars(names))
        for some in chunks(ids):
            # Held first: a feed that brings a name meanwhile must be seen.
            await session.execute(
                select(ActorRow.id).where(ActorRow.id.in_(some)).order_by(ActorRow.id).with_for_update()
            )
            await self._delete(ActorFeedRow, ActorFeedRow.actor_id.in_(some), ActorFeedRow.feed_id.in_(left))
            bare = select(ActorRow.id).where(
                ActorRow.id.in_(some), ~exists().where(ActorFeedRow.actor_id == ActorRow.id)
            )
            unused = list(await session.scalars(bare))
            await self._delete(ActorTokenRow, ActorTokenRow.actor_id.in_(unused))
            await self._delete(ActorRow, ActorRow.id.in_(unused))
        return ids[-1] if ids else None

    async def drop_feeds(self, *, limit: int = 500) -> int:
        """Takes away feeds that nobody follows and that are empty; how many, those that held imports aside."""
        bare = (
            ~_followed(FeedRow.id),
            ~exists().where(EntryRow.feed_id == FeedRow.id),
            ~exists().where(ArticleRow.feed_id == FeedRow.id),
            ~exists().where(ActorFeedRow.feed_id == FeedRow.id),
        )
        held = select(FeedRow.id).where(*bare).order_by(FeedRow.id).limit(limit).with_for_update()
        some = list(await self._session.scalars(held))
        # Asked again once they are held: somebody may have begun to follow one meanwhile.
        found = (
            await self._session.execute(
                select(FeedRow.id, FeedRow.imports_of).where(FeedRow.id.in_(some), *bare)
            )
        ).all()
        ids = [feed_id for feed_id, _ in found]
        await self._delete(NoticeRow, NoticeRow.feed_id.in_(ids))
        await self._delete(FeedRow, FeedRow.id.in_(ids))
        return sum(imports_of is None for _, imports_of in found)

    async def drop_stances(self, workspace_id: WorkspaceId, *, limit: int) -> int:
        """Takes away stances on the workspace's own targets, which articles of others may show, too; how many. Once there
        are none, what was held of them goes."""
        query = select(StanceRow.id).where(StanceRow.owner == workspace_id).limit(limit)
        ids = list(await self._session.scalars(query))
        for some in chunks(ids):
            await self._delete(StanceRow, StanceRow.id.in_(some))
        if not ids:
            return await drop_owned_pages(self._session, workspace_id, limit=limit)
        return len(ids)

    async def drop_digests(self, workspace_id: WorkspaceId, *, limit: int) -> int:
        """Takes away digests, how they went to their channels, and stories that nothing else is left of; how many."""
        query = select(DigestRow.id).where(DigestRow.workspace_id == workspace_id)
        ids = list(await self._session.scalars(query.order_by(DigestRow.id).limit(limit)))
        await drop_digests(self._session, ids)
        return len(ids)

    async def drop_outlets(self) -> None:
        """Forgets names of outlets that no article has."""
        unused = ~exists().where(ArticleRow.outlet_key == OutletRow.key)
        used = set(await self._session.scalars(select(ArticleRow.outlet_key).distinct()))
        known = (await self._session.execute(select(OutletRow.id, OutletRow.key))).all()
        for some in chunks([number for number, key in known if key not in used]):
            held = select(OutletRow.id).where(OutletRow.id.in_(some)).order_by(OutletRow.id)
            await self._session.execute(held.with_for_update())
            await self._delete(OutletRow, OutletRow.id.in_(some), unused)

    async def clear(self, workspace_id: WorkspaceId, *, now: datetime) -> None:
        """Takes away all that hangs on the workspace, however little is left of it; but not itself."""
        own = select(SubscriptionRow.id).where(SubscriptionRow.workspace_id == workspace_id)
        await self._delete(NoticeRow, NoticeRow.workspace_id == workspace_id)
        await self._delete(DeliveryRow, DeliveryRow.subscription_id.in_(own))
        await self._delete(ToldRow, ToldRow.workspace_id == workspace_id)
        await self._delete(DigestRow, DigestRow.workspace_id == workspace_id)
        await self._delete(SubscriptionRow, SubscriptionRow.workspace_id == workspace_id)
        # Targets first: who stores stances on one holds it until then, and these must be seen.
        await self._delete(TargetRow, TargetRow.workspace_id == workspace_id)
        while await self.drop_stances(workspace_id, limit=AT_ONCE):
            pass
        # Whose these were cannot be told, and all of them are over in minutes.
        await self._delete(HandledRow, HandledRow.until <= now)
        await self._delete(InstallStateRow, InstallStateRow.until <= now)

    async def finish(self, workspace_id: WorkspaceId, *, now: datetime) -> bool:
        """Takes away the workspace itself; False, and nothing is done, where it was given something anew meanwhile."""
        session = self._session
        if session.get_bind().dialect.name == "sqlite":
            await session.execute(text("PRAGMA secure_delete = ON"))  # the file was cleared before
        row = await session.get(WorkspaceRow, workspace_id, with_for_update=True)
        if row is None:
            return True
        imports = exists().where(FeedRow.imports_of == workspace_id)
        follows = exists().where(FollowRow.workspace_id == workspace_id)
        if await session.scalar(select(or_(imports, follows))):
            return False
        await self.clear(workspace_id, now=now)
        await self._delete(ActorNameRow, ActorNameRow.workspace_id == workspace_id)
        await self._delete(InstallationRow, _installations(row))
        await self._delete(WorkspaceRow, WorkspaceRow.id == workspace_id)
        return True

    async def _drop(self, ids: Sequence[ArticleId]) -> int:
        """Takes articles away with all that is made of them and leads to them; how many statements went."""
        if not ids:
            return 0
        statements = await drop_what_was_made(self._session, ids)
        for some in chunks(ids):
            await self._delete(EntryRow, EntryRow.article_id.in_(some))
            await self._delete(ArticleRow, ArticleRow.id.in_(some))
        return statements

    async def _let_go(self, feed_id: FeedId, ids: Sequence[ArticleId], seen: dict[ArticleId, FeedId]) -> None:
        """The feed leads to these no more: others do, of which the first has them from now on."""
        if not ids:
            return
        session = self._session
        await full_text(session).drop_feed(session, ids, feed_id)
        await put_in(session, ids)
        owned = ArticleRow.id.in_(ids), ArticleRow.feed_id == feed_id
        moved = [
            {"id": i, "feed_id": seen[i]} for i in await session.scalars(select(ArticleRow.id).where(*owned))
        ]
        if moved:
            await session.execute(update(ArticleRow), moved)

    async def _hold(self, feed_id: FeedId) -> bool:
        """Whether the feed is there and nobody follows it; nobody begins to, or stores what it brings, meanwhile."""
        held = select(FeedRow.id).where(FeedRow.id == feed_id).with_for_update()
        if (await self._session.scalars(held)).one_or_none() is None:
            return False
        return not await self._session.scalar(select(_followed(feed_id)))

    async def _held(self, ids: Collection[ArticleId]) -> dict[ArticleId, StoryId | None]:
        """The story of each article that is there; nobody else changes it meanwhile."""
        found: dict[ArticleId, StoryId | None] = {}
        for some in chunks(sorted(ids)):
            query = select(ArticleRow.id, ArticleRow.story_id).where(ArticleRow.id.in_(some))
            rows = await self._session.execute(query.order_by(ArticleRow.id).with_for_update())
            found.update((article_id, story) for article_id, story in rows)
        return found

    async def _seen(self, ids: Collection[ArticleId]) -> dict[ArticleId, FeedId]:
        """Of each article that somebody sees, the first feed by which they do."""
        found: dict[ArticleId, FeedId] = {}
        for some in chunks(sorted(ids)):
            query = (
                select(EntryRow.article_id, func.min(EntryRow.feed_id))
                .where(EntryRow.article_id.in_(some), _followed(EntryRow.feed_id))
                .group_by(EntryRow.article_id)
            )
            rows = await self._session.execute(query)
            found.update((article_id, feed_id) for article_id, feed_id in rows if article_id is not None)
        return found

    async def _count_small(self, workspace_id: WorkspaceId) -> dict[str, int]:
        """What `leave` takes away, by the names of `Erased`."""
        row = await self._session.get_one(WorkspaceRow, workspace_id)
        own = TargetRow.workspace_id == workspace_id, TargetRow.kind == "own"
        return {
            "schedules": await self._number(
                _count(
                    SubscriptionRow,
                    SubscriptionRow.workspace_id == workspace_id,
                    SubscriptionRow.removed.is_(False),
                )
            ),
            "notices": await self._number(_count(NoticeRow, NoticeRow.workspace_id == workspace_id)),
            "names": await self._number(_count(ActorNameRow, ActorNameRow.workspace_id == workspace_id)),
            "targets": await self._number(_count(TargetRow, *own)),
            "installations": await self._number(_count(InstallationRow, _installations(row))),
        }

    async def _number(self, query: Select[int]) -> int:
        return (await self._session.scalar(query)) or 0

    async def _delete(self, kind: type[Row], *which: ColumnElement[bool]) -> None:
        await self._session.execute(delete(table_of(kind)).where(*which))


def _followed(
    feed_id: FeedId | InstrumentedAttribute[FeedId], *, but: WorkspaceId | None = None
) -> ColumnElement[bool]:
    """Whether anybody follows the feed; `but` one workspace."""
    followed = exists().where(FollowRow.feed_id == feed_id)
    return followed if but is None else followed.where(FollowRow.workspace_id != but)


def _count(kind: type[Row], *which: ColumnElement[bool]) -> Select[int]:
    return select(func.count()).select_from(kind).where(*which)


def _installations(row: WorkspaceRow) -> ColumnElement[bool]:
    """Those of the workspace; those of an organisation only where it is the workspace itself."""
    if row.platform != Platform.SLACK:
        return false()
    whole = and_(InstallationRow.team_id == "", InstallationRow.enterprise_id == row.external_id)
    return or_(InstallationRow.team_id == row.external_id, whole)
