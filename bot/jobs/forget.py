"""Forgetting a workspace: all that it left is erased, in small steps, while the bot goes on with the others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from bot.jobs.keeping import keep
from bot.jobs.posting import ABANDONED
from bot.jobs.retention import Pace
from news.errors import StoreBusy
from news.leaving import Erased

if TYPE_CHECKING:
    from bot.ports import Clock
    from bot.repositories import Store, UnitOfWork
    from news.channels import WorkspaceId
    from news.feeds import FeedId

T = TypeVar("T")
Watch = Callable[[str, int, int], None]
"""Is told what is being done, how much of it is done, and of how much; of 0 where nobody knows."""

PATIENCE = 30.0
"""Seconds that posts which are on their way are waited for."""
GLANCE = 0.25
"""Seconds between two looks whether they have come to an end."""
_ROUNDS = 20
"""How often it is begun anew since the workspace was given something meanwhile, before we give up."""


async def forget(
    store: Store,
    clock: Clock,
    workspace_id: WorkspaceId,
    *,
    scrub: Callable[[], Awaitable[None]],
    watch: Watch = lambda step, done, total: None,
    patience: float = PATIENCE,
) -> Erased:
    """Erases all that the workspace left; what went. `scrub` takes what was erased out of the database's file.

    What others see stays, and is as it was for them. Posts that are on their way are waited for so many seconds. May be
    stopped at any moment: the next time it goes on. Raises StoreError and its kinds.
    """
    work = _Work(store, clock, workspace_id, watch)
    for _ in range(_ROUNDS):
        if await work.once(scrub, patience):
            return work.erased
    raise StoreBusy(
        "The workspace is given something anew again and again: take the bot out of it, and try again."
    )


@dataclass(slots=True)
class _Work:
    store: Store
    clock: Clock
    workspace_id: WorkspaceId
    watch: Watch
    erased: Erased = field(default_factory=Erased)
    pace: Pace = field(default_factory=Pace)

    async def once(self, scrub: Callable[[], Awaitable[None]], patience: float) -> bool:
        """Erases what there is; False where something came meanwhile."""
        total = (await self._read(lambda uow: uow.forgetting.count(self.workspace_id))).articles
        self.erased += await self._write(lambda uow: uow.forgetting.leave(self.workspace_id))
        posting = await self._wait_for_posts(patience)
        self.erased = replace(self.erased, posting=posting)
        await self._erase_feeds(total)
        await self._erase_own()
        now = self.clock.now()
        await self._write(lambda uow: uow.forgetting.clear(self.workspace_id, now=now))
        await scrub()
        return await self._write(lambda uow: uow.forgetting.finish(self.workspace_id, now=now))

    async def _wait_for_posts(self, patience: float) -> int:
        """How many are on their way still, after those that somebody is posting had their time."""
        begun = asyncio.get_running_loop().time()
        since = self.clock.now() - ABANDONED  # of an older one nobody knows whether it is there
        while await self._read(lambda uow: uow.forgetting.being_posted(self.workspace_id, since=since)):
            if asyncio.get_running_loop().time() - begun >= patience:
                break
            self.watch("waiting for posts", 0, 0)
            await asyncio.sleep(GLANCE)
        return await self._read(lambda uow: uow.forgetting.being_posted(self.workspace_id))

    async def _erase_feeds(self, total: int) -> None:
        done = 0
        while feeds := await self._read(lambda uow: uow.forgetting.feeds()):
            for feed_id in feeds:
                while True:
                    erased, looked_at = await self._step(partial(_empty, feed_id, self.pace.size))
                    if not looked_at:
                        break
                    self.erased += erased
                    done += erased.articles
                    self.watch("articles", done, max(total, done))
            await self._walk(lambda uow, after: uow.forgetting.drop_names(after=after, limit=self.pace.size))
            self.erased += Erased(feeds=await self._step(lambda uow: uow.forgetting.drop_feeds()))
        await self._walk(lambda uow, after: uow.forgetting.let_go_of_feeds(after=after, limit=self.pace.size))
        await self._step(lambda uow: uow.forgetting.drop_outlets())

    async def _erase_own(self) -> None:
        own = self.workspace_id
        while await self._step(lambda uow: uow.forgetting.drop_stances(own, limit=self.pace.size)):
            self.watch("positions", 0, 0)
        while digests := await self._step(lambda uow: uow.forgetting.drop_digests(own, limit=self.pace.size)):
            self.erased += Erased(digests=digests)
            self.watch("digests", self.erased.digests, 0)

    async def _walk(self, step: Callable[[UnitOfWork, int], Awaitable[int | None]]) -> None:
        """Takes steps from one number to the next, until there are none."""
        last: int | None = -1
        while last is not None:
            last = await self._step(partial(_from, step, last))

    async def _step(self, work: Callable[[UnitOfWork], Awaitable[T]]) -> T:
        """One transaction, and as much time for others."""

        async def measured(uow: UnitOfWork) -> T:
            async with self.pace.measured():
                return await work(uow)

        done = await keep(self.store, measured, harmless_twice=True)
        await self.pace.rest()
        return done

    async def _write(self, work: Callable[[UnitOfWork], Awaitable[T]]) -> T:
        return await keep(self.store, work, harmless_twice=True)

    async def _read(self, work: Callable[[UnitOfWork], Awaitable[T]]) -> T:
        async with self.store.read() as uow:
            return await work(uow)


async def _empty(feed_id: FeedId, limit: int, uow: UnitOfWork) -> tuple[Erased, int]:
    return await uow.forgetting.empty(feed_id, limit=limit)


async def _from(
    step: Callable[[UnitOfWork, int], Awaitable[int | None]], after: int, uow: UnitOfWork
) -> int | None:
    return await step(uow, after)
