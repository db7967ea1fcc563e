"""Delivering: due subscriptions get a digest, composed once and stored; each is posted once or accounted for.

The order makes a crash harmless. A digest and its delivery are stored in one transaction with the
subscription's next time, so a slot is never planned twice; how it is posted stands in `bot.jobs.posting`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.answers.stories import REACH, Audience, compose_digest
from bot.jobs.keeping import STORE_FAILS, keep
from bot.jobs.posting import Delivered, Messengers, is_due, settle_all
from bot.jobs.slots import next_slot
from bot.messages.digest import digest_message
from bot.messages.message import Message
from bot.ports import Clock
from bot.repositories import Store, UnitOfWork
from news.channels import Channel, Delivery, DeliveryState, Platform, Subscription
from news.digests import Digest, Window
from news.errors import AttacheError, InputError
from news.queries import StoryQuery

log = structlog.get_logger(__name__)


async def plan_due(store: Store, clock: Clock, platforms: Sequence[Platform]) -> int:
    """Composes a digest for each subscription that is due; returns how many were planned.

    Time that was slept through gives one digest, which covers all of it.
    """
    async with store.read() as uow:
        due = await uow.subscriptions.due(clock.now(), platforms)
    if not due:
        return 0
    now, planned = clock.now(), 0
    async with store.write() as uow:
        # What is being stored at this moment arrived before it: unseen, it would be in no digest.
        await uow.articles.settle()
    for subscription in due:
        try:
            planned += await _plan(store, now, subscription)
        except STORE_FAILS:
            raise  # the others fare no better; all of them stay due
        except AttacheError as error:
            log.error("digest not composed", subscription=subscription.id, error=str(error))
        except Exception:  # one digest that cannot be composed must not hold up the others
            log.exception("digest not composed", subscription=subscription.id)
    return planned


async def post_now(store: Store, clock: Clock, subscription: Subscription) -> bool:
    """Has what is new since the last digest posted with the next beat, whenever the next one is due; False where
    that was asked for at this very moment already."""
    now = clock.now()
    async with store.write() as uow:
        await uow.articles.settle()
    return await _store_planned(store, now, subscription, slot=now, following=subscription.next_due)


async def _plan(store: Store, now: datetime, subscription: Subscription) -> bool:
    """Whether the slot was ours."""
    try:
        following = next_slot(subscription.cron, subscription.timezone, now)
    except InputError as error:
        log.error("schedule cannot be used any more", subscription=subscription.id, error=str(error))
        following = now + timedelta(days=1)
    return await _store_planned(store, now, subscription, slot=subscription.next_due, following=following)


async def _store_planned(
    store: Store, now: datetime, subscription: Subscription, *, slot: datetime, following: datetime
) -> bool:
    """Composed before the transaction, which holds up everybody who writes."""
    digest = await compose_for(store, now, subscription)

    async def plan(uow: UnitOfWork) -> None:
        digest_id = await uow.deliveries.save_digest(subscription.workspace_id, digest, now=now)
        delivery = await uow.deliveries.plan(subscription.id, slot, digest_id, now=now)
        if delivery is None:
            raise _Taken
        await uow.subscriptions.advance(subscription.id, next_due=following, covered=digest.window.until)

    try:
        await keep(store, plan, harmless_twice=True)
    except _Taken:
        return False
    return True


class _Taken(Exception):
    """Another process was faster, or we were: nothing more is kept."""


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


async def send_open(store: Store, clock: Clock, messengers: Messengers) -> Delivered:
    """Posts what is pending, and settles what was being posted when we stopped."""
    async with store.read() as uow:
        deliveries = await uow.deliveries.open(tuple(messengers))
    return await settle_all(
        (_DigestPost(store, clock, each) for each in deliveries if is_due(each, clock.now())), messengers
    )


@dataclass(frozen=True, slots=True)
class _DigestPost:
    """A delivery as `bot.jobs.posting.Post`."""

    store: Store
    clock: Clock
    delivery: Delivery

    @property
    def channel(self) -> Channel:
        return self.delivery.channel

    @property
    def key(self) -> str:
        return self.delivery.key

    @property
    def since(self) -> datetime:
        return self.delivery.slot

    @property
    def state(self) -> DeliveryState:
        return self.delivery.state

    @property
    def touched(self) -> datetime:
        return self.delivery.touched

    @property
    def attempts(self) -> int:
        return self.delivery.attempts

    async def claim(self) -> tuple[_DigestPost, Message] | None:
        digest_id = self.delivery.digest_id
        if digest_id is None:
            return None  # nobody has composed it yet
        async with self.store.read() as uow:
            digest = await uow.deliveries.digest(digest_id)
        message = digest_message(digest)
        now, attempts = self.clock.now(), self.attempts + 1

        async def claim(uow: UnitOfWork) -> Delivery | None:
            return await uow.deliveries.mark(self.delivery, DeliveryState.SENDING, now=now, attempts=attempts)

        claimed = await keep(self.store, claim)
        return (replace(self, delivery=claimed), message) if claimed else None

    async def mark(
        self, state: DeliveryState, *, receipt: str | None = None, error: str | None = None
    ) -> bool:
        now = self.clock.now()

        async def mark(uow: UnitOfWork) -> bool:
            marked = await uow.deliveries.mark(self.delivery, state, now=now, receipt=receipt, error=error)
            return marked is not None

        return await keep(self.store, mark, harmless_twice=True)

    async def give_up(self) -> None:
        """The next digest tells what this one held."""
        digest_id = self.delivery.digest_id
        if digest_id is None:
            return

        async def uncover(uow: UnitOfWork) -> None:
            digest = await uow.deliveries.digest(digest_id)
            await uow.subscriptions.uncover(self.delivery.subscription_id, digest.window.since)

        await keep(self.store, uncover, harmless_twice=True)
