"""Leases: of several processes on one store one does what only one may do; when it ends, another takes over in seconds."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.jobs import stopwatch
from bot.jobs.keeping import keep
from news.errors import StoreError

if TYPE_CHECKING:
    from bot.repositories import Store

log = structlog.get_logger(__name__)

LASTS = timedelta(seconds=3)
"""How long one is held without being renewed: so long nobody does its work after its holder was killed."""
BEAT = 0.5
"""Seconds between two times that they are renewed, or asked for: so much later, at most, another takes over."""
ANSWER = 2.0
"""Seconds in which the store must have answered: a holder that hears nothing asks once more before its leases end."""


class Leases:
    """What this process alone may do, of all that share its store; where nobody shares it, all that it wants.

    When a lease ends, the store says by its own clock, for those of machines differ. Here each counts from before it was
    asked for, by a clock that goes on while we are stopped: so whoever wakes up knows that it holds nothing any more.
    """

    def __init__(
        self, store: Store, wanted: Collection[str], *, seconds: Callable[[], float] = stopwatch.seconds
    ) -> None:
        self._store = store
        self._wanted = tuple(sorted(wanted))
        self._seconds = seconds
        self._holder = uuid.uuid4().hex
        self._held: frozenset[str] = frozenset()
        self._since = -LASTS.total_seconds()
        """When they were asked for last, of the times that were answered."""
        self._asking = asyncio.Lock()
        self._changed = asyncio.Event()
        self._failing = False

    def holds(self, name: str) -> bool:
        """Whether it is ours at this moment, as far as is known."""
        if not self._store.is_shared:
            return name in self._wanted
        return name in self._held and self._age() < LASTS.total_seconds()

    async def hold(self, name: str) -> bool:
        """Likewise; asked for where that was too long ago. Raises StoreError and its kinds."""
        if self._store.is_shared and self._age() >= LASTS.total_seconds() / 2:
            await self._ask()
        return self.holds(name)

    async def won(self, names: Collection[str]) -> None:
        """Waits until one of these is ours; somebody must be at `kept`."""
        while not any(map(self.holds, names)):
            self._changed.clear()
            await self._changed.wait()

    async def settled(self) -> None:
        """Waits until all are ours, or are surely another's: not only left behind by somebody who was killed."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LASTS.total_seconds() + 2 * BEAT):
                for name in self._wanted:
                    await self.won([name])

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Asks for them and renews them while the body runs; then another process may have them at once."""
        if not self._store.is_shared:
            yield
            return
        renewing = asyncio.create_task(self._renew())
        try:
            yield
        finally:
            renewing.cancel()
            with suppress(asyncio.CancelledError):
                await renewing
            await self.give_back()

    async def give_back(self) -> None:
        """Leaves them to whoever comes next; what the store does not hear of ends by itself."""
        held, self._held = self._held, frozenset()
        if not held:
            return
        with suppress(StoreError, TimeoutError):
            async with asyncio.timeout(ANSWER):
                await keep(
                    self._store,
                    lambda uow: uow.leases.give_back(held, self._holder),
                    harmless_twice=True,
                    patience=0,
                )

    async def _renew(self) -> None:
        while True:
            try:
                await self._try()
            except Exception:  # without it this process would do nothing any more
                log.exception("leases broke, they are asked for again")
            await asyncio.sleep(BEAT)

    async def _try(self) -> None:
        """Asks for them; of a store that does not answer it is told once."""
        try:
            async with asyncio.timeout(ANSWER):
                await self._ask()
            self._failing = False
        except (StoreError, TimeoutError) as error:
            failing, self._failing = self._failing, True
            if not failing:
                log.warning("leases cannot be renewed", reason=str(error) or "the store does not answer")

    async def _ask(self) -> None:
        async with self._asking:
            asked, before = self._seconds(), self._held
            self._held = await keep(
                self._store,
                lambda uow: uow.leases.take(self._wanted, self._holder, lasts=LASTS),
                harmless_twice=True,
                patience=0,
            )
            self._since = asked
        self._changed.set()
        for name in sorted(self._held ^ before):
            log.info("done by this process" if name in self._held else "done by another process", work=name)

    def _age(self) -> float:
        return self._seconds() - self._since
