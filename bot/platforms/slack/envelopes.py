"""What comes twice is answered once: Slack sends again what it thinks nobody heard."""

from __future__ import annotations

import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.jobs.keeping import keep
from bot.ports import Clock
from bot.repositories import Store, UnitOfWork
from news.channels import Platform

KEPT = 600.0
"""Seconds: Slack sends an event again until five minutes later."""
MOST = 20_000
"""Ids that are kept at once."""
_TIDIED = timedelta(minutes=1)
"""Between two looks for what a shared store may forget."""


class Handled(Protocol):
    """What was handled in the last minutes; with several processes on one app, by any of them."""

    async def first(self, id: str) -> bool:  # noqa: A002
        """Whether nobody asked for this id before; from now on somebody has."""
        ...


class Recently:
    """What this process handled."""

    def __init__(self, *, now: Callable[[], float] = time.monotonic, kept: float = KEPT) -> None:
        self._now = now
        self._kept = kept
        self._ids: OrderedDict[str, float] = OrderedDict()

    async def first(self, id: str) -> bool:  # noqa: A002
        """As `Handled.first`."""
        now = self._now()
        while self._ids and (len(self._ids) >= MOST or next(iter(self._ids.values())) <= now - self._kept):
            self._ids.popitem(last=False)
        if id in self._ids:
            return False
        self._ids[id] = now
        return True


class Shared:
    """What was handled by this process or another one on the same store. Implements `Handled`."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._holder = uuid.uuid4().hex
        self._here = Recently()
        self._tidied: datetime | None = None

    async def first(self, id: str) -> bool:  # noqa: A002
        """As `Handled.first`. Raises StoreError and its kinds, where nobody can be told apart from others."""
        if not await self._here.first(id):
            return False
        now = self._clock.now()
        key, until = f"{Platform.SLACK.value}:{id}", now + timedelta(seconds=KEPT)
        tidy = self._tidied is None or abs(now - self._tidied) >= _TIDIED

        async def claim(uow: UnitOfWork) -> bool:
            if tidy:
                await uow.handled.forget(now=now)
            return await uow.handled.claim(key, self._holder, now=now, until=until)

        claimed = await keep(self._store, claim, harmless_twice=True)
        if tidy:
            self._tidied = now
        return claimed


def id_of(body: Mapping[str, Any]) -> str:
    """What is the same each time that something comes: empty where Slack gives it no such id.

    The id of a Socket Mode envelope is none: over HTTP there is no envelope, and another process may hear it.
    """
    return str(body.get("event_id") or body.get("trigger_id") or "")
