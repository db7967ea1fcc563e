"""Composing: each slot that is taken gets its digest, which is kept with it before anything is posted."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from bot.answers.stories import (
    REACH,
    Audience,
    Gathered,
    compose_gathered,
    gather,
    told_of,
)
from bot.courtesy import Pause, at_once
from bot.jobs.claiming import GRACE
from bot.jobs.keeping import STORE_FAILS, keep
from news.digests import Digest, Earlier, Window
from news.errors import AttacheError
from news.queries import StoryQuery

if TYPE_CHECKING:
    from bot.ports import Clock
    from bot.repositories import Store, UnitOfWork
    from news.channels import Delivery, DigestId, Platform, Subscription, WorkspaceId
    from news.stories import StoryId

log = structlog.get_logger(__name__)

KEPT = 64
"""Windows that are kept in case that others are told of the same."""
LOT = 50
"""Digests that are kept in one transaction; the first few go ahead, so that posting begins."""
FIRST = 4


async def compose_claimed(
    store: Store, clock: Clock, platforms: Callable[[], Sequence[Platform]], *, pause: Pause = at_once
) -> AsyncIterator[Delivery]:
    """Composes the digests of slots that are taken, a few at a time, until there are none; each waits for the `pause`.

    `platforms` is asked before each few: what is due on one that goes down meanwhile stays taken.
    """
    async with store.read() as uow:
        overtaken = await uow.deliveries.overtaken()
    if overtaken:  # composed with the later one, they would tell the same
        await keep(store, lambda uow: uow.deliveries.drop_claimed(overtaken))
    composer, lot = _Composer(store, clock, pause), FIRST
    passed = set[int]()
    while True:
        async with store.read() as uow:
            found = await uow.deliveries.claimed(platforms(), limit=lot + len(passed))
        claimed = [one for one in found if one[0].id not in passed]
        if not claimed:
            return
        lot = LOT
        made = await composer.compose(claimed)
        for one in made:
            yield one
        passed |= {delivery.id for delivery, _ in claimed} - {one.id for one in made}


async def compose_for(store: Store, now: datetime, subscription: Subscription) -> Digest:
    """What the subscription would be told now; nothing is kept."""
    async with store.read() as uow:
        return await _compose(uow, subscription, await _gather(uow, now, subscription))


async def _gather(uow: UnitOfWork, now: datetime, subscription: Subscription) -> Gathered:
    since = subscription.last_covered or now - REACH
    narrowing = subscription.narrowing
    # What is not read yet belongs to the next digest: this one ends before it.
    waiting = await uow.articles.waiting_since(subscription.workspace_id, since)
    return await gather(
        uow,
        subscription.workspace_id,
        StoryQuery(about=narrowing.about, actor=narrowing.actor, outlet=narrowing.outlet),
        Window(since, min(now, waiting) if waiting else now),
        length=narrowing.length,
    )


async def _compose(
    uow: UnitOfWork,
    subscription: Subscription,
    gathered: Gathered,
    told: Mapping[StoryId, Sequence[Earlier]] | None = None,
) -> Digest:
    if told is None:
        told = await told_of(uow, gathered, Audience(subscription_id=subscription.id))
    return await compose_gathered(
        uow, gathered, told, title=subscription.title, timezone=subscription.timezone
    )


@dataclass(slots=True)
class _Shared:
    """A digest that others are told alike, and what they were told before."""

    told: Mapping[StoryId, Sequence[Earlier]]
    digest: Digest
    kept_as: DigestId | None = None


@dataclass(slots=True)
class _Window:
    """What one workspace's window holds, and the digests that came of it."""

    gathered: Gathered
    digests: list[_Shared] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Lot:
    """Slots that get one digest."""

    shared: _Shared
    workspace_id: WorkspaceId
    claimed: list[tuple[Delivery, Subscription]] = field(default_factory=list)


class _Composer:
    """Composes for one round: what many are told alike is composed once."""

    def __init__(self, store: Store, clock: Clock, pause: Pause) -> None:
        self._store = store
        self._clock = clock
        self._pause = pause
        self._now: datetime | None = None
        self._windows: dict[object, _Window] = {}

    async def compose(self, claimed: Sequence[tuple[Delivery, Subscription]]) -> list[Delivery]:
        """Those that could be composed; what is too old by now is given up, and the next digest tells that."""
        now = self._clock.now()
        if self._now is None:
            self._now = now
            async with self._store.write() as uow:
                # What is being stored at this moment arrived before it: unseen, it would be in no digest.
                await uow.articles.settle(now)
                await uow.commit()
        late = [delivery for delivery, _ in claimed if now - delivery.slot > GRACE]
        if late:
            await keep(self._store, lambda uow: uow.deliveries.drop_claimed(late))
        alike: dict[object, list[tuple[Delivery, Subscription]]] = {}
        for delivery, one in claimed:
            if now - delivery.slot <= GRACE:
                key = (one.workspace_id, one.narrowing, one.last_covered, one.title, one.timezone)
                alike.setdefault(key, []).append((delivery, one))
        made = [lot for key, some in alike.items() for lot in await self._composed(key, some)]
        return await self._keep(made, now)

    async def _composed(self, key: object, some: Sequence[tuple[Delivery, Subscription]]) -> Sequence[_Lot]:
        await self._pause()
        try:
            return await self._lots(key, some)
        except STORE_FAILS:
            raise  # the others fare no better; all of them stay claimed
        except AttacheError as error:
            log.error("digest not composed", deliveries=[each.id for each, _ in some], error=str(error))
        except Exception:  # one digest that cannot be composed must not hold up the others
            log.exception("digest not composed", deliveries=[each.id for each, _ in some])
        return ()

    async def _lots(self, key: object, some: Sequence[tuple[Delivery, Subscription]]) -> Sequence[_Lot]:
        """Composing takes a hundred times as long as looking what somebody was told: many channels of one server
        are told the same, unless they were told different things before."""
        assert self._now is not None
        (_, first), *_ = some
        lots: dict[int, _Lot] = {}
        async with self._store.read() as uow:
            if key not in self._windows:
                self._windows[key] = _Window(await _gather(uow, self._now, first))
                if len(self._windows) > KEPT:
                    del self._windows[next(iter(self._windows))]
            window = self._windows[key]
            ids = [outline.id for outline in window.gathered.outlines]
            told = await uow.deliveries.told_each(first.workspace_id, ids, [one.id for _, one in some])
            for delivery, one in some:
                shared = next((each for each in window.digests if each.told == told[one.id]), None)
                if shared is None:
                    # Looked at anew, but for the first: stories may have come together since.
                    gathered = await _gather(uow, self._now, one) if window.digests else window.gathered
                    shared = _Shared(told[one.id], await _compose(uow, one, gathered, told[one.id]))
                    window.digests.append(shared)
                lots.setdefault(id(shared), _Lot(shared, one.workspace_id)).claimed.append((delivery, one))
        return list(lots.values())

    async def _keep(self, lots: Sequence[_Lot], now: datetime) -> list[Delivery]:
        async def store(uow: UnitOfWork) -> list[tuple[_Lot, tuple[Delivery, ...]]]:
            kept: list[tuple[_Lot, tuple[Delivery, ...]]] = []
            ids: dict[int, DigestId | None] = {}
            for lot in lots:
                digest = lot.shared.digest
                pending = await uow.deliveries.compose(
                    [delivery for delivery, _ in lot.claimed],
                    lot.workspace_id,
                    digest,
                    now=now,
                    digest_id=lot.shared.kept_as or ids.get(id(lot.shared)),
                )
                if pending:
                    ids[id(lot.shared)] = pending[0].digest_id
                    kept.append((lot, pending))
            return kept

        composed: list[Delivery] = []
        for lot, pending in await keep(self._store, store) if lots else ():
            lot.shared.kept_as = pending[0].digest_id
            composed += pending
        return composed
