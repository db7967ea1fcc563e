"""Delivering: due subscriptions get a digest, composed once and stored; each is posted once or accounted for.

The order makes a crash harmless. A digest and its delivery are stored in one transaction with the
subscription's next time, so a slot is never planned twice. A delivery is marked `sending` before the
platform hears of it, so that after a crash we know to ask the platform before posting again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.answers.stories import compose_digest
from bot.jobs.slots import next_slot
from bot.messages.digest import digest_message
from bot.ports import Clock, Messenger, Store, UnitOfWork
from news.channels import Delivery, DeliveryState, Platform, Subscription
from news.digests import Window
from news.errors import AttacheError, DeliveryError, DeliveryUnknown, InputError
from news.queries import StoryQuery

log = structlog.get_logger(__name__)

ATTEMPTS = 5
"""How often a post is tried before it counts as failed."""
FIRST_REACH = timedelta(hours=24)
"""How far back a channel's first digest reaches."""

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
    now = clock.now()
    async with store.read() as uow:
        due = await uow.subscriptions.due(now, platforms)
    planned = 0
    for subscription in due:
        try:
            async with store.write() as uow:
                planned += await _plan(uow, subscription, now)
                await uow.commit()
        except AttacheError as error:
            log.error("digest not composed", subscription=subscription.id, error=str(error))
    return planned


async def _plan(uow: UnitOfWork, subscription: Subscription, now: datetime) -> bool:
    since = subscription.last_covered or now - FIRST_REACH
    window = Window(since, max(since, await _understood_until(uow, now)))
    digest = await compose_digest(
        uow,
        subscription.workspace_id,
        StoryQuery(about=subscription.about),
        window,
        title=subscription.title,
        timezone=subscription.timezone,
    )
    digest_id = await uow.deliveries.save_digest(subscription.workspace_id, digest, now=now)
    delivery = await uow.deliveries.plan(subscription.id, subscription.next_due, digest_id)
    try:
        following = next_slot(subscription.cron, subscription.timezone, now)
    except InputError as error:
        log.error("schedule cannot be used any more", subscription=subscription.id, error=str(error))
        following = now + timedelta(days=1)
    await uow.subscriptions.advance(subscription.id, next_due=following, covered=window.until)
    return delivery is not None


async def _understood_until(uow: UnitOfWork, now: datetime) -> datetime:
    """Up to when all that arrived can be told: what is not read yet belongs to the next digest."""
    unread = [article.revised or article.arrived for article in await uow.articles.unread(limit=1000)]
    unplaced = [member.when for member in await uow.stories.unclustered(limit=1000)]
    return min([now, *unread, *unplaced])


async def send_open(store: Store, messengers: Messengers) -> Delivered:
    """Posts what is pending, and settles what was being posted when we stopped."""
    async with store.read() as uow:
        deliveries = await uow.deliveries.open(tuple(messengers))
    sent = failed = 0
    for delivery in deliveries:
        state = await _settle(store, messengers[delivery.channel.platform], delivery)
        sent += state is DeliveryState.SENT
        failed += state in (DeliveryState.FAILED, DeliveryState.UNKNOWN)
    return Delivered(sent, failed)


async def _settle(store: Store, messenger: Messenger, delivery: Delivery) -> DeliveryState:
    """Brings one delivery as far as it gets today."""
    if delivery.state is DeliveryState.SENDING:
        try:
            receipt = await messenger.find(delivery.channel, key=delivery.key, after=delivery.slot)
        except DeliveryUnknown as error:
            return await _mark(store, delivery, DeliveryState.UNKNOWN, error=str(error))
        except DeliveryError as error:
            return await _try_later(store, delivery, error, DeliveryState.SENDING)
        if receipt is not None:
            return await _mark(store, delivery, DeliveryState.SENT, receipt=receipt)
    return await _send(store, messenger, delivery)


async def _send(store: Store, messenger: Messenger, delivery: Delivery) -> DeliveryState:
    async with store.read() as uow:
        digest = await uow.deliveries.digest(delivery.digest_id)
    delivery = replace(delivery, attempts=delivery.attempts + 1)
    await _mark(store, delivery, DeliveryState.SENDING)
    message = digest_message(digest, number=delivery.digest_id)
    try:
        receipt = await messenger.send(delivery.channel, message, key=delivery.key)
    except DeliveryUnknown as error:
        log.warning("answer lost, will look for the post", delivery=delivery.id, error=str(error))
        return DeliveryState.SENDING
    except DeliveryError as error:
        return await _try_later(store, delivery, error, DeliveryState.PENDING)
    return await _mark(store, delivery, DeliveryState.SENT, receipt=receipt)


async def _try_later(
    store: Store, delivery: Delivery, error: DeliveryError, waiting: DeliveryState
) -> DeliveryState:
    """Waits for the next round in that state, unless trying again cannot help."""
    if error.permanent or delivery.attempts >= ATTEMPTS:
        return await _mark(store, delivery, DeliveryState.FAILED, error=str(error))
    return await _mark(store, delivery, waiting, error=str(error))


async def _mark(
    store: Store,
    delivery: Delivery,
    state: DeliveryState,
    *,
    receipt: str | None = None,
    error: str | None = None,
) -> DeliveryState:
    async with store.write() as uow:
        await uow.deliveries.mark(
            delivery.id, state, receipt=receipt, error=error, attempts=delivery.attempts
        )
        await uow.commit()
    level = log.warning if error else log.info
    level("delivery", delivery=delivery.id, state=str(state), error=error)
    return state
