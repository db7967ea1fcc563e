"""Delivering: due subscriptions get a digest, composed once and stored; each is posted once or accounted for.

The order makes a crash harmless. A digest and its delivery are stored in one transaction with the
subscription's next time, so a slot is never planned twice. A delivery is marked `sending` before the
platform hears of it, so that after a crash we know to ask the platform before posting again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.answers.stories import REACH, Audience, compose_digest
from bot.jobs.slots import next_slot
from bot.messages.digest import digest_message
from bot.ports import Clock, Messenger, Store
from news.channels import Delivery, DeliveryState, Platform, Subscription
from news.digests import Digest, Window
from news.errors import DeliveryError, DeliveryUnknown, InputError
from news.queries import StoryQuery

log = structlog.get_logger(__name__)

ATTEMPTS = 14
"""How often a post is tried before it counts as failed: with the pauses below, for about four hours."""
PAUSE, LONGEST_PAUSE = timedelta(seconds=20), timedelta(minutes=30)
"""Before the second try; it doubles with each."""
ABANDONED = timedelta(minutes=2)
"""After so long nobody is still sending what is marked as being sent."""

Messengers = Mapping[Platform, Messenger]


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one round did."""

    sent: int = 0
    failed: int = 0


async def plan_due(store: Store, clock: Clock, platforms: Sequence[Platform]) -> int:
    """Composes a digest for each subscription that is due; returns how many were planned.

    Time that was slept through gives one digest, which covers all of it.
    """
    async with store.read() as uow:
        due = await uow.subscriptions.due(clock.now(), platforms)
    planned = 0
    for subscription in due:
        try:
            planned += await _plan(store, clock.now(), subscription)
        except Exception:  # one digest that cannot be composed must not hold up the others
            log.exception("digest not composed", subscription=subscription.id)
    return planned


async def _plan(store: Store, now: datetime, subscription: Subscription) -> bool:
    """Whether the slot was ours. Composed before the transaction, which holds up everybody who writes."""
    digest = await _compose(store, now, subscription)
    try:
        following = next_slot(subscription.cron, subscription.timezone, now)
    except InputError as error:
        log.error("schedule cannot be used any more", subscription=subscription.id, error=str(error))
        following = now + timedelta(days=1)
    async with store.write() as uow:
        digest_id = await uow.deliveries.save_digest(subscription.workspace_id, digest, now=now)
        delivery = await uow.deliveries.plan(subscription.id, subscription.next_due, digest_id, now=now)
        if delivery is None:
            return False  # another process was faster: nothing of ours is kept
        await uow.subscriptions.advance(subscription.id, next_due=following, covered=digest.window.until)
        await uow.commit()
    return True


async def _compose(store: Store, now: datetime, subscription: Subscription) -> Digest:
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
    sent = failed = 0
    for delivery in deliveries:
        if not is_due(delivery, clock.now()):
            continue
        try:
            state = await _settle(store, clock, messengers[delivery.channel.platform], delivery)
        except Exception:  # one delivery that cannot be settled must not hold up the others
            log.exception("delivery not settled", delivery=delivery.id)
            continue
        sent += state is DeliveryState.SENT
        failed += state in (DeliveryState.FAILED, DeliveryState.UNKNOWN)
    return Delivered(sent, failed)


def is_due(delivery: Delivery, now: datetime) -> bool:
    """Whether it is time to try: at once at first, then after pauses that grow."""
    if delivery.state is DeliveryState.SENDING:
        return now - delivery.touched >= ABANDONED
    if delivery.attempts == 0:
        return True
    pause: timedelta = min(PAUSE * 2 ** (min(delivery.attempts, 12) - 1), LONGEST_PAUSE)
    return now - delivery.touched >= pause


async def _settle(
    store: Store, clock: Clock, messenger: Messenger, delivery: Delivery
) -> DeliveryState | None:
    """Brings one delivery as far as it gets today; None when another process has it in hand."""
    if delivery.state is DeliveryState.SENDING:
        try:
            receipt = await messenger.find(delivery.channel, key=delivery.key, after=delivery.slot)
        except DeliveryUnknown as error:
            return await _mark(store, clock, delivery, DeliveryState.UNKNOWN, error=str(error))
        except DeliveryError as error:
            return await _try_later(store, clock, delivery, error, DeliveryState.SENDING)
        if receipt is not None:
            return await _mark(store, clock, delivery, DeliveryState.SENT, receipt=receipt)
    return await _send(store, clock, messenger, delivery)


async def _send(store: Store, clock: Clock, messenger: Messenger, delivery: Delivery) -> DeliveryState | None:
    async with store.read() as uow:
        digest = await uow.deliveries.digest(delivery.digest_id)
    message = digest_message(digest)
    async with store.write() as uow:
        claimed = await uow.deliveries.mark(
            delivery, DeliveryState.SENDING, now=clock.now(), attempts=delivery.attempts + 1
        )
        await uow.commit()
    if claimed is None:
        return None
    try:
        receipt = await messenger.send(claimed.channel, message, key=claimed.key)
    except DeliveryUnknown as error:
        log.warning("answer lost, will look for the post", delivery=claimed.id, error=str(error))
        return DeliveryState.SENDING
    except DeliveryError as error:
        return await _try_later(store, clock, claimed, error, DeliveryState.PENDING)
    return await _mark(store, clock, claimed, DeliveryState.SENT, receipt=receipt)


async def _try_later(
    store: Store, clock: Clock, delivery: Delivery, error: DeliveryError, waiting: DeliveryState
) -> DeliveryState | None:
    """Waits in that state, unless trying again cannot help: then the next digest tells what this one held."""
    if not error.permanent and delivery.attempts < ATTEMPTS:
        return await _mark(store, clock, delivery, waiting, error=str(error))
    async with store.write() as uow:
        digest = await uow.deliveries.digest(delivery.digest_id)
        await uow.subscriptions.uncover(delivery.subscription_id, digest.window.since)
        await uow.commit()
    return await _mark(store, clock, delivery, DeliveryState.FAILED, error=str(error))


async def _mark(
    store: Store,
    clock: Clock,
    delivery: Delivery,
    state: DeliveryState,
    *,
    receipt: str | None = None,
    error: str | None = None,
) -> DeliveryState | None:
    async with store.write() as uow:
        marked = await uow.deliveries.mark(delivery, state, now=clock.now(), receipt=receipt, error=error)
        await uow.commit()
    level = log.warning if error else log.info
    level("delivery", delivery=delivery.id, state=str(state), error=error)
    return state if marked else None
