"""Timekeeping: what was stored by a clock that was ahead is set right, so that nothing waits for a time to come."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.jobs.keeping import keep
from bot.jobs.slots import next_slot
from news.errors import InputError

if TYPE_CHECKING:
    from bot.ports import Clock
    from bot.repositories import Store, UnitOfWork
    from news.channels import Due

log = structlog.get_logger(__name__)

FAR = timedelta(days=1)
"""Outlets' own clocks and zones go wrong by hours; what they published so far ahead of ours says that ours is behind."""


class Timekeeping:
    """Sets right what lies ahead of the clock, at the start and whenever the clock was set back.

    Each work that stores times has one of its own: in a round that is under way when the clock is set, times are still
    stored by the old one, and its next round sets them right.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._latest: datetime | None = None
        """What time it was when we looked last."""
        self._behind = False

    async def __call__(self) -> None:
        """Raises StoreError."""
        now = self._clock.now()
        if self._latest is None or now < self._latest:
            behind, self._behind = self._behind, not await set_right(self._store, now)
            if self._behind:
                if not behind:
                    log.warning("the clock is behind what outlets have published", clock=now.isoformat())
                return
        self._latest = now


async def set_right(store: Store, now: datetime) -> bool:
    """Sets right what lies ahead of now; False, and nothing is, where it is the clock that is behind.

    A machine without a clock of its own starts in a time long past: then all that is stored lies ahead, and outlets say
    so, too. Raises StoreError.
    """
    async with store.read() as uow:
        published = await uow.timekeeping.published(now)
        if 2 * sum(moment > now + FAR for moment in published) > len(published):
            return False
        later = await uow.timekeeping.schedules(now)
    due = await asyncio.to_thread(_due_sooner, later, now)  # there may be thousands

    async def mend(uow: UnitOfWork) -> int:
        # When something arrived is told by nothing else: it is set only where outlets bear out that it was wrong.
        return await uow.timekeeping.set_right(now, due, articles=bool(published))

    if done := await keep(store, mend, harmless_twice=True):
        log.warning("the clock was ahead; what it gave times to come was set right", rows=done)
    return True


def _due_sooner(later: Sequence[Due], now: datetime) -> list[tuple[Due, datetime]]:
    """Those that skip a slot, and when that is."""
    sooner = []
    for due in later:
        try:
            slot = next_slot(due.cron, due.timezone, now)
        except InputError:
            continue  # it is told when it is due
        if slot < due.slot:
            sooner.append((due, slot))
    return sooner
