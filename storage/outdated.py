"""What was posted long ago and is needed no more: digests with their deliveries, notices, schedules that were taken away,
stories that nobody tells of."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from news.channels import DeliveryState, DigestId, SubscriptionId
from news.notices import NoticeId
from news.stories import StoryId
from storage.rows import chunks
from storage.tables import (
    ArticleRow,
    DeliveryRow,
    DigestRow,
    FeedRow,
    NoticeRow,
    StoryRow,
    SubscriptionRow,
    ToldRow,
)

_CLOSED = (DeliveryState.SENT.value, DeliveryState.FAILED.value, DeliveryState.UNKNOWN.value)
"""States in which nothing more is done."""
_QUIETLY = {"synchronize_session": False}


async def old_digests(
    session: AsyncSession, before: datetime, *, after: DigestId | None = None, limit: int | None = None
) -> tuple[tuple[DigestId, ...], DigestId | None]:
    """Of the digests behind `after`, as many as `limit` says, those that are older and that no next one is compared
    with; and the last that was looked at, None at the end.

    Of each subscription that was not taken away the last digest stays, the last that did not fail, and the last that was
    sent.
    """
    query = select(DigestRow.id, DigestRow.composed).order_by(DigestRow.id).limit(limit)
    if after is not None:
        query = query.where(DigestRow.id > after)
    rows = (await session.execute(query)).all()
    ids = [digest_id for digest_id, composed in rows if composed < before]
    needed = set[DigestId]()
    for some in chunks(ids):
        brought = select(DeliveryRow.digest_id).where(DeliveryRow.digest_id.in_(some), _is_needed())
        needed.update(await session.scalars(brought))
    more = len(rows) == limit and len(ids) == len(rows)  # ids are in the order of composing
    return tuple(i for i in ids if i not in needed), ids[-1] if more else None


async def drop_digests(session: AsyncSession, ids: Sequence[DigestId]) -> None:
    """Takes digests away, how they went to their channels, and stories that nothing else is left of."""
    stories = set[StoryId]()
    for some in chunks(ids):
        of_these = ToldRow.digest_id.in_(some)
        stories.update(await session.scalars(select(ToldRow.story_id).where(of_these)))
        await session.execute(delete(ToldRow).where(of_these), execution_options=_QUIETLY)
        deliveries = delete(DeliveryRow).where(DeliveryRow.digest_id.in_(some))
        await session.execute(deliveries, execution_options=_QUIETLY)
        await session.execute(delete(DigestRow).where(DigestRow.id.in_(some)), execution_options=_QUIETLY)
    await clear_stories(session, stories)


async def clear_stories(session: AsyncSession, ids: Collection[StoryId]) -> None:
    """Takes away those of the stories that have no article left and that no digest tells of."""
    for some in chunks(sorted(ids)):
        # Held first: an article that joins one meanwhile must be seen.
        await session.execute(
            select(StoryRow.id).where(StoryRow.id.in_(some)).order_by(StoryRow.id).with_for_update()
        )
        empty = (
            ~exists().where(ArticleRow.story_id == StoryRow.id),
            ~exists().where(ToldRow.story_id == StoryRow.id),
        )
        await session.execute(
            delete(StoryRow).where(StoryRow.id.in_(some), *empty), execution_options=_QUIETLY
        )


async def old_notices(
    session: AsyncSession, before: datetime, *, limit: int | None = None
) -> tuple[NoticeId, ...]:
    """Notices that were settled before, but for the last of each feed and those of a trouble that lasts, of a feed or a
    schedule: they keep it from being told again."""
    later = aliased(NoticeRow)
    followed = exists().where(
        later.workspace_id == NoticeRow.workspace_id,
        later.feed_id == NoticeRow.feed_id,
        later.id > NoticeRow.id,
    )
    lasts = exists().where(FeedRow.id == NoticeRow.feed_id, FeedRow.failing_since == NoticeRow.since)
    stopped = exists().where(
        SubscriptionRow.id == NoticeRow.subscription_id,
        SubscriptionRow.removed.is_(False),
        SubscriptionRow.trouble_since == NoticeRow.since,
    )
    over = or_(and_(followed, ~lasts), and_(NoticeRow.subscription_id.is_not(None), ~stopped))
    query = select(NoticeRow.id).where(NoticeRow.state.in_(_CLOSED), NoticeRow.touched < before, over)
    return tuple(await session.scalars(query.order_by(NoticeRow.id).limit(limit)))


async def drop_notices(session: AsyncSession, ids: Sequence[NoticeId]) -> None:
    """Takes notices away."""
    for some in chunks(ids):
        await session.execute(delete(NoticeRow).where(NoticeRow.id.in_(some)), execution_options=_QUIETLY)


async def removed_schedules(session: AsyncSession, *, limit: int | None = None) -> tuple[SubscriptionId, ...]:
    """Subscriptions that were taken away and of which nothing is left: no digest was posted to them, or all went."""
    query = select(SubscriptionRow.id).where(SubscriptionRow.removed, *_bare())
    return tuple(await session.scalars(query.order_by(SubscriptionRow.id).limit(limit)))


async def drop_schedules(session: AsyncSession, ids: Sequence[SubscriptionId]) -> None:
    """Takes them away, but for those that something is left of."""
    for some in chunks(ids):
        these = delete(SubscriptionRow).where(SubscriptionRow.id.in_(some), *_bare())
        await session.execute(these, execution_options=_QUIETLY)


def _bare() -> tuple[ColumnElement[bool], ...]:
    """Whether neither a delivery nor a notice is of a subscription."""
    return (
        ~exists().where(DeliveryRow.subscription_id == SubscriptionRow.id),
        ~exists().where(NoticeRow.subscription_id == SubscriptionRow.id),
    )


def _is_needed() -> ColumnElement[bool]:
    """Whether a delivery is open, or what it brought is still compared with."""
    there = exists().where(
        SubscriptionRow.id == DeliveryRow.subscription_id, SubscriptionRow.removed.is_(False)
    )
    failed, sent = (DeliveryRow.state == state.value for state in (DeliveryState.FAILED, DeliveryState.SENT))
    not_failed = [state.value for state in DeliveryState if state is not DeliveryState.FAILED]
    compared = or_(
        ~_has_later([state.value for state in DeliveryState]),
        and_(~failed, ~_has_later(not_failed)),
        and_(sent, ~_has_later([DeliveryState.SENT.value])),
    )
    return or_(DeliveryRow.state.not_in(_CLOSED), and_(there, compared))


def _has_later(states: Sequence[str]) -> ColumnElement[bool]:
    """Whether a later delivery of the same subscription is in one of these states."""
    later = aliased(DeliveryRow)
    return exists().where(
        later.subscription_id == DeliveryRow.subscription_id,
        later.slot > DeliveryRow.slot,
        later.state.in_(states),
    )
