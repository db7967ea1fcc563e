"""Life: what the bot is at, as far as the rows tell: what waits, since when, and what fails."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, and_, case, exists, func, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from news.channels import DeliveryState
from news.soundness import Life, Unreached, Waiting
from storage.tables import (
    ArticleRow,
    BriefRow,
    DeliveryRow,
    FeedRow,
    FollowRow,
    NoticeRow,
    OutageRow,
    SubscriptionRow,
    VersionRow,
)

_PRESENT = and_(SubscriptionRow.removed.is_(False), SubscriptionRow.paused.is_(False))


async def read_life(connection: AsyncConnection, now: datetime) -> Life:
    """How it is `now`."""
    feeds, failing, ended = (await connection.execute(_followed())).one()
    due = select(SubscriptionRow.next_due).where(_PRESENT, SubscriptionRow.next_due <= now)
    platforms = select(SubscriptionRow.platform, func.count()).where(_PRESENT)
    counted = await connection.execute(platforms.group_by(SubscriptionRow.platform))
    return Life(
        feeds=feeds,
        failing=failing,
        ended=ended,
        feeds_due=await _waiting(connection, [_feeds_due(now)]),
        unread=await _waiting(connection, [_unread()]),
        given_up=await _waiting(connection, [_given_up()]),
        pending=await _waiting(connection, _posts(DeliveryState.PENDING)),
        sending=await _waiting(connection, _posts(DeliveryState.SENDING)),
        unknown=await _waiting(connection, _posts(DeliveryState.UNKNOWN)),
        overdue=await _waiting(connection, [due, _claimed()]),
        stopped=await _waiting(connection, [_stopped()]),
        subscriptions=dict(iter(counted)),
        unreached=await _unreached(connection),
    )


async def _unreached(connection: AsyncConnection) -> tuple[Unreached, ...]:
    query = select(OutageRow.platform, OutageRow.since, OutageRow.reason).order_by(OutageRow.platform)
    return tuple(Unreached(*row) for row in await connection.execute(query))


async def _waiting(connection: AsyncConnection, moments: Iterable[Select[datetime | None]]) -> Waiting:
    """How many moments there are, and the first of them."""
    rows = union_all(*moments).subquery()
    (at,) = rows.c
    count, since = (await connection.execute(select(func.count(), func.min(at)))).one()
    return Waiting(count, since)


def _followed() -> Select[int, int, int]:
    """How many feeds somebody follows, how many of these fail, and how many have ended."""
    failing = and_(FeedRow.failing_since.is_not(None), FeedRow.ended.is_(False))
    return (
        select(func.count(), func.count(case((failing, 1))), func.count(case((FeedRow.ended, 1))))
        .select_from(FeedRow)
        .where(FeedRow.imports_of.is_(None), exists().where(FollowRow.feed_id == FeedRow.id))
    )


def _feeds_due(now: datetime) -> Select[datetime | None]:
    """When each feed that is due was; one that was never looked at was due at no time."""
    return select(FeedRow.next_check).where(
        FeedRow.imports_of.is_(None),
        FeedRow.ended.is_(False),
        FeedRow.next_check <= now,
        exists().where(FollowRow.feed_id == FeedRow.id),
    )


def _unread() -> Select[datetime | None]:
    """When we first saw what is not read yet."""
    newest = and_(VersionRow.article_id == ArticleRow.id, VersionRow.version == ArticleRow.version)
    return select(VersionRow.seen).join(ArticleRow, newest).where(ArticleRow.briefed < ArticleRow.version)


def _given_up() -> Select[datetime | None]:
    """When we first saw what could not be read."""
    tried = and_(VersionRow.article_id == BriefRow.article_id, VersionRow.version == BriefRow.version)
    return (
        select(VersionRow.seen)
        .join(BriefRow, tried)
        .join(ArticleRow, ArticleRow.id == BriefRow.article_id)
        .where(BriefRow.unread.is_not(None), ArticleRow.aged.is_(None))
    )


def _claimed() -> Select[datetime | None]:
    """The slots that are taken only."""
    return (
        select(DeliveryRow.slot)
        .join(SubscriptionRow, SubscriptionRow.id == DeliveryRow.subscription_id)
        .where(DeliveryRow.state == DeliveryState.CLAIMED.value, _PRESENT)
    )


def _stopped() -> Select[datetime | None]:
    """Since when each subscription has been paused by itself."""
    stopped = SubscriptionRow.trouble_since.is_not(None)
    return select(SubscriptionRow.trouble_since).where(stopped, SubscriptionRow.removed.is_(False))


def _posts(state: DeliveryState) -> tuple[Select[datetime | None], ...]:
    """Since when each post is in the state; what a subscription that is gone waited to post is not wanted any more."""
    wanted = DeliveryRow.state == state.value
    if state is DeliveryState.PENDING:
        wanted = and_(wanted, SubscriptionRow.removed.is_(False))
    deliveries = select(DeliveryRow.touched).join(
        SubscriptionRow, SubscriptionRow.id == DeliveryRow.subscription_id
    )
    return deliveries.where(wanted), select(NoticeRow.touched).where(NoticeRow.state == state.value)
