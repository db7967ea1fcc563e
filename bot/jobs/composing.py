"""Composing: each slot that is taken gets its digest, which is kept with it before anything is posted."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from bot.answers.stories import REACH, Audience, compose_digest
from bot.jobs.claiming import GRACE
from bot.jobs.keeping import STORE_FAILS, keep
from news.digests import Digest, Window
from news.errors import AttacheError
from news.queries import StoryQuery

if TYPE_CHECKING:
    from bot.ports import Clock
    from bot.repositories import Store, UnitOfWork
    from news.channels import Delivery, Platform, Subscription

log = structlog.get_logger(__name__)

LOT = 25
"""Digests that are kept in one transaction; the first few go ahead, so that posting begins."""
FIRST = 4


@dataclass(frozen=True, slots=True)
class Composed:
    """A delivery that is pending, and its digest."""

    delivery: Delivery
    digest: Digest


async def compose_claimed(
    store: Store, clock: Clock, platforms: Sequence[Platform]
) -> AsyncIterator[Composed]:
    """Composes the digests of slots that are taken, a few at a time, until there are none."""
    composer, lot = _Composer(store, clock), FIRST
    passed = set[int]()
    while True:
        async with store.read() as uow:
            found = await uow.deliveries.claimed(platforms, limit=lot + len(passed))
        claimed = [one for one in found if one[0].id not in passed]
        if not claimed:
            return
        lot = LOT
        made = await composer.compose(claimed)
        for one in made:
            yield one
        passed |= {delivery.id for delivery, _ in claimed} - {one.delivery.id for one in made}


async def compose_for(store: Store, now: datetime, subscription: Subscription) -> Digest:
    """What the subscription would be told now; nothing is kept."""
    since = subscription.last_covered or now - REACH
    narrowing = subscription.narrowing
    async with store.read() as uow:
        # What is not read yet belongs to the next digest: this one ends before it.
        waiting = await uow.articles.waiting_since(subscription.workspace_id, since)
        return await compose_digest(
            uow,
            subscription.workspace_id,
            StoryQuery(about=narrowing.about, actor=narrowing.actor, outlet=narrowing.outlet),
            Window(since, min(now, waiting) if waiting else now),
            title=subscription.title,
            timezone=subscription.timezone,
            audience=Audience(subscription_id=subscription.id),
            length=narrowing.length,
        )


class _Composer:
    """Composes for one round: what many are told alike is composed once."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._now: datetime | None = None

    async def compose(self, claimed: Sequence[tuple[Delivery, Subscription]]) -> list[Composed]:
        """Those that could be composed; what is too old by now is given up, and the next digest tells that."""
        now = self._clock.now()
        if self._now is None:
            self._now = now
            async with self._store.write() as uow:
                # What is being stored at this moment arrived before it: unseen, it would be in no digest.
                await uow.articles.settle()
        late = [delivery for delivery, _ in claimed if now - delivery.slot > GRACE]
        if late:
            await keep(self._store, lambda uow: uow.deliveries.drop_claimed(late))
        made = [
            (delivery, subscription, digest)
            for delivery, subscription in claimed
            if delivery not in late
            and (digest := await self._composed(delivery, subscription, self._now)) is not None
        ]
        return await self._keep(made, now)

    async def _composed(self, delivery: Delivery, subscription: Subscription, now: datetime) -> Digest | None:
        try:
            return await compose_for(self._store, now, subscription)
        except STORE_FAILS:
            raise  # the others fare no better; all of them stay claimed
        except AttacheError as error:
            log.error("digest not composed", delivery=delivery.id, error=str(error))
        except Exception:  # one digest that cannot be composed must not hold up the others
            log.exception("digest not composed", delivery=delivery.id)
        return None

    async def _keep(
        self, made: Sequence[tuple[Delivery, Subscription, Digest]], now: datetime
    ) -> list[Composed]:
        async def store(uow: UnitOfWork) -> list[Composed]:
            kept = []
            for delivery, subscription, digest in made:
                pending = await uow.deliveries.compose(delivery, subscription.workspace_id, digest, now=now)
                if pending is not None:
                    await uow.subscriptions.advance(subscription.id, covered=digest.window.until)
                    kept.append(Composed(pending, digest))
            return kept

        return await keep(self._store, store) if made else []
