"""A lease: of several processes on one database one posts, and another takes over within seconds of its end."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.jobs.keeping import keep

if TYPE_CHECKING:
    from bot.ports import Clock
    from bot.repositories import Store

log = structlog.get_logger(__name__)

LASTS = timedelta(seconds=8)
"""How long it is held without being renewed: so long nobody posts after its holder was killed."""


class Lease:
    """Something that one process does at a time; where nobody shares the database it is always ours."""

    def __init__(self, store: Store, clock: Clock, name: str) -> None:
        self._store = store
        self._clock = clock
        self._name = name
        self._holder = uuid.uuid4().hex
        self._until: datetime | None = None
        """When it ends; None while it is not ours."""

    async def hold(self) -> bool:
        """Whether it is ours now; asked for anew when half of its time is over. Raises StoreError and its kinds."""
        now = self._clock.now()
        if not self._store.is_shared:
            return True
        if self._until is not None and LASTS / 2 < self._until - now <= LASTS:
            return True  # a clock that was set back would be sure of it for ever
        held, until = self._until is not None, now + LASTS
        self._until = None
        taken = await keep(
            self._store,
            lambda uow: uow.leases.take(self._name, self._holder, now=now, until=until),
            harmless_twice=True,
        )
        if taken != held:
            log.info("this process posts" if taken else "another process posts", work=self._name)
        self._until = until if taken else None
        return taken

    async def give_back(self) -> None:
        """Leaves it to whoever comes next. Raises StoreError and its kinds."""
        if self._until is not None:
            self._until = None
            await keep(
                self._store, lambda uow: uow.leases.give_back(self._name, self._holder), harmless_twice=True
            )
