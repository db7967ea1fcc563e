"""Notices: what is to be told of feeds and schedules, and each one's way to its channel."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    case,
    cast,
    delete,
    exists,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from news.channels import Channel, DeliveryState, Platform
from news.notices import PATIENCE, Notice, NoticeId, NoticeKind
from storage.rows import chunks, insert_all
from storage.tables import FeedRow, FollowRow, NoticeRow, SubscriptionRow, WorkspaceRow
from storage.types import Id
from storage.workspaces import notices_channel, notices_platform

_New = Select[*tuple[Any, ...]]
"""Rows of workspace, feed, subscription, kind, since, reason, platform and channel."""
_TOLD = (DeliveryState.SENT, DeliveryState.UNKNOWN)
"""States of a notice that was read, as far as anybody can tell."""


class SqlNotices:
    """Notices in the database.

    One row a trouble and kind, so that nothing is told twice. What is pending and no longer true is taken
    away again: a feed that is well before anybody was told, one that is followed no more. What a channel did
    not take is told in the next one that is chosen.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def is_due(self, now: datetime) -> bool:
        """Whether `plan` has anything to do."""
        untrue = (await self._session.scalars(_untrue().limit(1))).first() is not None
        return untrue or bool(await self._due(now, limit=1))

    async def plan(self, now: datetime) -> int:
        """Takes away what is pending and no longer true, and adds what is to be told; how many were added.

        That is, to every workspace that wants to know: a feed that has failed for a day, one that has ended, and
        one that is well again after its trouble was told. A feed that is due is not told of before it was
        looked at: we may have been away ourselves. And a schedule that stopped by itself, wherever somebody can be
        told: where notices go, unless that is the channel that was lost, else to who made it.
        """
        gone = delete(NoticeRow).where(NoticeRow.id.in_(_untrue()))
        await self._session.execute(gone.execution_options(synchronize_session=False))
        return await insert_all(
            self._session,
            NoticeRow,
            [
                {
                    "workspace_id": workspace_id,
                    "feed_id": feed_id,
                    "subscription_id": subscription_id,
                    "kind": kind,
                    "since": since,
                    "reason": reason,
                    "platform": platform,
                    "channel": channel,
                    "made": now,
                    "state": DeliveryState.PENDING,
                    "touched": now,
                    "attempts": 0,
                }
                for workspace_id, feed_id, subscription_id, kind, since, reason, platform, channel in await self._due(
                    now
                )
            ],
        )

    async def open(self, platforms: Collection[Platform]) -> tuple[Notice, ...]:
        """Notices that are pending or sending, in the order they were made."""
        rows = await self._session.execute(
            select(NoticeRow, FeedRow, SubscriptionRow, WorkspaceRow)
            .outerjoin(FeedRow, FeedRow.id == NoticeRow.feed_id)
            .outerjoin(SubscriptionRow, SubscriptionRow.id == NoticeRow.subscription_id)
            .join(WorkspaceRow, WorkspaceRow.id == NoticeRow.workspace_id)
            .where(NoticeRow.state.in_((DeliveryState.PENDING, DeliveryState.SENDING)))
            .where(NoticeRow.platform.in_(platforms))
            .order_by(NoticeRow.id)
        )
        return tuple(_notice(*row) for row in rows)

    async def claim(self, notices: Sequence[Notice], *, now: datetime) -> tuple[Notice, ...]:
        """Those that are still in the state they were read with and still true: they are being sent now, as one post.

        A post that was being sent before stays the same post. What is no longer true is taken away.
        """
        rows = await self._unchanged(notices)
        true = set[NoticeId]()
        for some in chunks(list(rows)):
            true.update(await self._session.scalars(select(NoticeRow.id).where(_is_true(), _among(some))))
        for untrue in rows.keys() - true:
            await self._session.delete(rows[untrue])
        claimed = [notice for notice in notices if notice.id in true]
        post = claimed[0].post if claimed and claimed[0].state is DeliveryState.SENDING else None
        post = post or min(true, default=None)
        for notice in claimed:
            row = rows[notice.id]
            row.state, row.touched, row.attempts, row.post = (
                DeliveryState.SENDING,
                now,
                row.attempts + 1,
                post,
            )
        await self._session.flush()
        return tuple(
            replace(n, state=DeliveryState.SENDING, touched=now, attempts=n.attempts + 1, post=post)
            for n in claimed
        )

    async def mark(
        self,
        notices: Sequence[Notice],
        state: DeliveryState,
        *,
        now: datetime,
        receipt: str | None = None,
        error: str | None = None,
        attempts: int | None = None,
    ) -> bool:
        """Sets the state of all that are still in the state they were read with; whether there was any.

        The error is the last one's; a receipt is set where given.
        """
        rows = await self._unchanged(notices)
        for row in rows.values():
            row.state, row.touched, row.error = state, now, error
            if receipt is not None:
                row.receipt = receipt
            if attempts is not None:
                row.attempts = attempts
        await self._session.flush()
        return bool(rows)

    async def all_failing(self) -> bool:
        """Whether every feed that anybody follows, and that has not ended, fails; one feed alone is not all."""
        failing = func.count(FeedRow.failing_since)
        query = (
            select(func.count(), failing)
            .where(FeedRow.imports_of.is_(None), FeedRow.ended.is_(False))
            .where(exists().where(FollowRow.feed_id == FeedRow.id))
        )
        feeds, failed = (await self._session.execute(query)).one()
        return feeds > 1 and failed == feeds

    async def _due(self, now: datetime, *, limit: int | None = None) -> list[Row[*tuple[Any, ...]]]:
        due = list[Row[*tuple[Any, ...]]]()
        for query in (_troubles(now), _recoveries(), _pauses()):
            due += await self._session.execute(query.limit(limit))
        return due

    async def _unchanged(self, notices: Sequence[Notice]) -> dict[NoticeId, NoticeRow]:
        """Their rows, locked, where nobody else has them in hand meanwhile."""
        known = {notice.id: (notice.state.value, notice.touched) for notice in notices}
        rows = dict[NoticeId, NoticeRow]()
        for some in chunks(sorted(known)):
            query = select(NoticeRow).where(_among(some)).order_by(NoticeRow.id).with_for_update()
            for row in await self._session.scalars(query):
                if (row.state, row.touched) == known[row.id]:
                    rows[row.id] = row
        return rows


def _troubles(now: datetime) -> _New:
    """What is to be told of feeds that fail or have ended, as columns of a notice."""
    kind = case((FeedRow.ended, NoticeKind.ENDED.value), else_=NoticeKind.FAILING.value)
    told = exists().where(
        NoticeRow.workspace_id == WorkspaceRow.id,
        NoticeRow.feed_id == FeedRow.id,
        NoticeRow.kind == kind,
        NoticeRow.since == FeedRow.failing_since,
    )
    failing = and_(FeedRow.failing_since <= now - PATIENCE, FeedRow.next_check > now)
    return (
        select(
            WorkspaceRow.id,
            FeedRow.id,
            cast(null(), Id),
            kind,
            FeedRow.failing_since,
            func.coalesce(FeedRow.last_error, ""),
            notices_platform(),
            notices_channel(),
        )
        .join(FollowRow, FollowRow.workspace_id == WorkspaceRow.id)
        .join(FeedRow, FeedRow.id == FollowRow.feed_id)
        .where(FeedRow.failing_since.is_not(None), or_(FeedRow.ended, failing))
        .where(notices_platform() != "", ~told)
        .order_by(WorkspaceRow.id, FollowRow.id)
    )


def _recoveries() -> _New:
    """What is to be told of feeds whose trouble was the last thing told of them, and that are well.

    Who follows those feeds is looked through, and of each the newest notice alone: notices are more with every trouble.
    """
    # First of all, and not joined in another order: few feeds were ever told of.
    well = (
        select(FeedRow.id)
        .where(FeedRow.failing_since.is_(None), FeedRow.ended.is_(False))
        .where(exists().where(NoticeRow.feed_id == FeedRow.id))
        .cte("well")
        .prefix_with("MATERIALIZED")
    )
    any_notice = aliased(NoticeRow)
    newest = (
        select(func.max(any_notice.id))
        .where(any_notice.feed_id == FollowRow.feed_id, any_notice.workspace_id == FollowRow.workspace_id)
        .scalar_subquery()
    )
    return (
        select(
            NoticeRow.workspace_id,
            NoticeRow.feed_id,
            cast(null(), Id),
            literal(NoticeKind.BACK.value),
            NoticeRow.since,
            literal(""),
            notices_platform(),
            notices_channel(),
        )
        .select_from(well)
        .join(FollowRow, FollowRow.feed_id == well.c.id)
        .join(WorkspaceRow, WorkspaceRow.id == FollowRow.workspace_id)
        .join(NoticeRow, NoticeRow.id == newest)
        .where(NoticeRow.kind != NoticeKind.BACK, NoticeRow.state.in_(_TOLD), notices_platform() != "")
        .order_by(NoticeRow.id)
    )


def _pauses() -> _New:
    """What is to be told of schedules that stopped by themselves."""
    platform, channel = _told_of_pauses()
    told = exists().where(
        NoticeRow.subscription_id == SubscriptionRow.id,
        NoticeRow.kind == NoticeKind.PAUSED,
        NoticeRow.since == SubscriptionRow.trouble_since,
    )
    return (
        select(
            WorkspaceRow.id,
            cast(null(), Id),
            SubscriptionRow.id,
            literal(NoticeKind.PAUSED.value),
            SubscriptionRow.trouble_since,
            func.coalesce(SubscriptionRow.trouble, ""),
            platform,
            channel,
        )
        .join(WorkspaceRow, WorkspaceRow.id == SubscriptionRow.workspace_id)
        .where(SubscriptionRow.removed.is_(False), SubscriptionRow.trouble_since.is_not(None))
        .where(platform.is_not(None), channel.is_not(None), ~told)
        .order_by(WorkspaceRow.id, SubscriptionRow.id)
    )


def _told_of_pauses() -> tuple[ColumnElement[str | None], ColumnElement[str | None]]:
    """Platform and channel that are told of a subscription: where notices go, unless that is the very channel, else who
    made it; NULL where nobody is known."""
    elsewhere = and_(
        notices_platform() != "",
        or_(notices_platform() != SubscriptionRow.platform, notices_channel() != SubscriptionRow.channel),
    )
    person = case((SubscriptionRow.made_by.is_not(None), literal("@") + SubscriptionRow.made_by))
    return (
        case(
            (elsewhere, notices_platform()), (SubscriptionRow.made_by.is_not(None), SubscriptionRow.platform)
        ),
        case((elsewhere, notices_channel()), else_=person),
    )


def _untrue() -> Select[NoticeId]:
    """What is pending and no longer true, and what could not be told in a channel that is no longer the one."""
    pending, failed = (NoticeRow.state == state for state in (DeliveryState.PENDING, DeliveryState.FAILED))
    of_feed = and_(NoticeRow.feed_id.is_not(None), ~_is_wanted_there())
    of_schedule = and_(_has_stopped(), ~_is_told_there())
    return select(NoticeRow.id).where(
        or_(and_(pending, ~_is_true()), and_(failed, or_(of_feed, of_schedule)))
    )


def _is_true() -> ColumnElement[bool]:
    """Whether the notice still tells what is, to those who still want to know, where they want it."""
    of_feed = {
        NoticeKind.FAILING: and_(FeedRow.ended.is_(False), FeedRow.failing_since == NoticeRow.since),
        NoticeKind.ENDED: and_(FeedRow.ended, FeedRow.failing_since == NoticeRow.since),
        NoticeKind.BACK: and_(FeedRow.ended.is_(False), FeedRow.failing_since.is_(None)),
    }
    holds = or_(*(and_(NoticeRow.kind == kind, true) for kind, true in of_feed.items()))
    followed = exists().where(
        FollowRow.feed_id == NoticeRow.feed_id, FollowRow.workspace_id == NoticeRow.workspace_id
    )
    of_feeds = and_(exists().where(FeedRow.id == NoticeRow.feed_id, holds), followed, _is_wanted_there())
    return or_(of_feeds, and_(NoticeRow.kind == NoticeKind.PAUSED, _has_stopped(), _is_told_there()))


def _has_stopped() -> ColumnElement[bool]:
    """Whether the notice's schedule is still there, and stopped since then."""
    return exists().where(
        SubscriptionRow.id == NoticeRow.subscription_id,
        SubscriptionRow.removed.is_(False),
        SubscriptionRow.trouble_since == NoticeRow.since,
    )


def _is_told_there() -> ColumnElement[bool]:
    """Whether the notice's channel is still the one that is told of its schedule."""
    platform, channel = _told_of_pauses()
    return exists().where(
        SubscriptionRow.id == NoticeRow.subscription_id,
        WorkspaceRow.id == SubscriptionRow.workspace_id,
        platform == NoticeRow.platform,
        channel == NoticeRow.channel,
    )


def _is_wanted_there() -> ColumnElement[bool]:
    """Whether the notice's channel is still the one that its workspace's notices go to."""
    return exists().where(
        WorkspaceRow.id == NoticeRow.workspace_id,
        notices_platform() == NoticeRow.platform,
        notices_channel() == NoticeRow.channel,
    )


def _among(ids: Sequence[NoticeId]) -> ColumnElement[bool]:
    return NoticeRow.id.in_(ids)


def _notice(
    row: NoticeRow, feed: FeedRow | None, schedule: SubscriptionRow | None, workspace: WorkspaceRow
) -> Notice:
    name, url = ("", "") if feed is None else (feed.outlet or feed.title or feed.url, feed.url)
    if schedule is not None:
        name, url = schedule.title, f"{schedule.platform}:{schedule.channel}"
    return Notice(
        id=row.id,
        workspace_id=row.workspace_id,
        feed_id=row.feed_id,
        kind=NoticeKind(row.kind),
        name=name,
        url=url,
        since=row.since,
        reason=row.reason,
        channel=Channel(Platform(row.platform), row.channel, workspace.external_id),
        made=row.made,
        state=DeliveryState(row.state),
        touched=row.touched,
        attempts=row.attempts,
        post=row.post,
        timezone=workspace.timezone,
    )
