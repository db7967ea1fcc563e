"""Outages: what the doctor is told of a platform that `attache run` cannot reach."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from bot.jobs.keeping import keep
from news.errors import StoreError

if TYPE_CHECKING:
    from bot.ports import Clock
    from bot.repositories import Store, UnitOfWork
    from news.channels import Platform

log = structlog.get_logger(__name__)


class Outage:
    """Notes in the store whether a platform is there; a store that does not take it is no hindrance."""

    def __init__(
        self, store: Store, clock: Clock, platform: Platform, recovered: Callable[[], None] = lambda: None
    ) -> None:
        """`recovered` is called once it is there: what was left alone meanwhile may be asked again at once."""
        self._store = store
        self._clock = clock
        self._platform = platform
        self._recovered = recovered
        self._since: datetime | None = None
        self._told = ""

    async def away(self, reason: str) -> None:
        """It is not there, for that reason."""
        since = self._since = self._since or self._clock.now()
        await self._note(lambda uow: uow.outages.begin(self._platform, since=since, reason=reason))

    async def there(self) -> None:
        """It is, or nobody tries to reach it any more; whoever said before that it is not said so of then."""
        self._since = None
        self._recovered()
        await self._note(lambda uow: uow.outages.end(self._platform))

    async def _note(self, work: Callable[[UnitOfWork], Awaitable[None]]) -> None:
        """What keeps the store from it is told once; it is tried again with the platform."""
        try:
            await keep(self._store, work, harmless_twice=True)
            self._told = ""
        except StoreError as error:
            if str(error) != self._told:
                self._told = str(error)
                log.warning("outage not noted", platform=self._platform.value, error=self._told)
