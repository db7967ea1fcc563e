"""Claiming: the slots that have come are taken, in a few statements however many they are.

When a digest is due is a column. Taking its slot sets when it is due next, in the same transaction, so that a slot is
taken once, whoever takes it and however often we crash.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.jobs.keeping import keep
from bot.jobs.slots import missed, next_slot
from news.errors import InputError

if TYPE_CHECKING:
    from bot.ports import Clock
    from bot.repositories import Store, UnitOfWork
    from news.channels import Due, Platform

    _Slots = tuple[Due, datetime | None, int, datetime]
    """The slot that is posted, how many went by unposted, and the one that follows."""

log = structlog.get_logger(__name__)

GRACE = timedelta(hours=6)
"""How late a digest is still posted when we were away; after that the next one tells what it would have told."""
_AT_ONCE = 100
"""Kinds of schedules whose slots are taken in one transaction."""


async def claim_due(store: Store, clock: Clock, platforms: Sequence[Platform]) -> int:
    """Takes the slots that have come; how many subscriptions that were.

    Of slots that were slept through the last one is posted, once, if it is not too old; how many others went by is
    told with it.
    """
    now, taken = clock.now(), 0
    async with store.read() as uow:
        due = await uow.subscriptions.due(now, platforms)
    for start in range(0, len(due), _AT_ONCE):
        # In a thread: to count what one schedule slept through may take a tenth of a second.
        some = await asyncio.to_thread(_all_slots, due[start : start + _AT_ONCE], now)

        async def claim(uow: UnitOfWork, some: Sequence[_Slots] = some) -> int:
            return sum(
                [
                    await uow.deliveries.claim(
                        each, platforms, slot=slot, skipped=skipped, following=following, now=now
                    )
                    for each, slot, skipped, following in some
                ]
            )

        taken += await keep(store, claim, harmless_twice=True)
    return taken


def _all_slots(due: Sequence[Due], now: datetime) -> list[_Slots]:
    return [(each, *_slots(each, now)) for each in due]


def _slots(due: Due, now: datetime) -> tuple[datetime | None, int, datetime]:
    """The slot that is posted, how many went by unposted, and the one that follows."""
    try:
        later, more = missed(due.cron, due.timezone, due.slot, now)
        following = next_slot(due.cron, due.timezone, now)
    except InputError as error:
        log.error("schedule cannot be used any more", cron=due.cron, timezone=due.timezone, error=str(error))
        later, more, following = None, 0, now + timedelta(days=1)
    last = later or due.slot
    return (last, more, following) if now - last <= GRACE else (None, more + 1, following)
