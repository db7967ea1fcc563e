"""After a restore: what may have been posted since the backup was made is not posted a second time.

Nobody can tell any more what became of it, and a platform can be asked only for what the store knows of. So a slot
that has gone by is left out, while what was told last stays: the next digest tells what came since. What was on its
way counts as `unknown`, as after a reply that was lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.jobs.slots import next_slot
from news.channels import DeliveryState, Platform
from news.errors import InputError

if TYPE_CHECKING:
    from bot.repositories import UnitOfWork
    from news.channels import Subscription

log = structlog.get_logger(__name__)

_ALL = 1_000_000
"""Slots that are taken; nobody has as many."""
_REASON = (
    "It was on its way when the backup was made that was restored: nobody can tell whether it was posted."
)


@dataclass(frozen=True, slots=True)
class Outstanding:
    """What a copy of the store holds that would be posted as soon as a bot runs on it."""

    schedules: int
    """Whose time has come."""
    posts: int
    """Digests and notices on their way."""


async def outstanding(uow: UnitOfWork, now: datetime) -> Outstanding:
    """What would be posted now."""
    due = await uow.subscriptions.due(now, tuple(Platform))
    claimed = await uow.deliveries.claimed(tuple(Platform), limit=_ALL)
    deliveries = await uow.deliveries.open(tuple(Platform))
    notices = await uow.notices.open(tuple(Platform))
    return Outstanding(sum(each.count for each in due) + len(claimed), len(deliveries) + len(notices))


async def leave_out(uow: UnitOfWork, now: datetime) -> Outstanding:
    """Sees to it that nothing is posted now, and returns what would have been."""
    overdue = await uow.subscriptions.overdue(now)
    for subscription in overdue:
        await uow.subscriptions.postpone(subscription.id, _following(subscription, now))
    taken = 0
    while claimed := await uow.deliveries.claimed(
        tuple(Platform), limit=_ALL
    ):  # of each subscription the first
        await uow.deliveries.drop_claimed([delivery for delivery, _ in claimed])
        taken += len(claimed)
    deliveries = await uow.deliveries.open(tuple(Platform))
    for delivery in deliveries:
        await uow.deliveries.mark(delivery, DeliveryState.UNKNOWN, now=now, error=_REASON)
    notices = await uow.notices.open(tuple(Platform))
    await uow.notices.mark(notices, DeliveryState.UNKNOWN, now=now, error=_REASON)
    return Outstanding(len(overdue) + taken, len(deliveries) + len(notices))


def _following(subscription: Subscription, now: datetime) -> datetime:
    try:
        return next_slot(subscription.cron, subscription.timezone, now)
    except InputError as error:
        log.error("schedule cannot be used any more", subscription=subscription.id, error=str(error))
        return now + timedelta(days=1)
