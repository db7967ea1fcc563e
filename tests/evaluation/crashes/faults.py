"""Bots that are broken on purpose: a proof that cannot fail proves nothing."""

from __future__ import annotations

from collections.abc import Callable


def _posts_unclaimed() -> None:
    """Nobody knows that a post was on its way: after a crash it is posted again."""
    from dataclasses import replace

    from bot.jobs.deliver import _DigestPost
    from bot.messages.digest import digest_message

    async def claim(self):
        async with self.store.read() as uow:
            digest = await uow.deliveries.digest(self.delivery.digest_id)
        return replace(self), digest_message(digest)

    _DigestPost.claim = claim


def _calls_sent_too_early() -> None:
    """A post counts as sent before the platform has it."""
    from bot.jobs import posting

    async def send_early(post, messenger):
        claimed, message = await post.claim()
        await claimed.mark(posting.DeliveryState.SENT, receipt="1")
        await messenger.send(claimed.channel, message, key=claimed.key)
        return posting.DeliveryState.SENT

    posting._send = send_early


def _moves_on_too_early() -> None:
    """When the next digest is due is kept before the digest that is due now."""
    from bot.jobs import deliver

    async def plan(store, now, subscription):
        digest = await deliver._compose(store, now, subscription)
        following = deliver.next_slot(subscription.cron, subscription.timezone, now)
        async with store.write() as uow:
            await uow.subscriptions.advance(subscription.id, next_due=following, covered=digest.window.until)
            await uow.commit()
        async with store.write() as uow:
            digest_id = await uow.deliveries.save_digest(subscription.workspace_id, digest, now=now)
            await uow.deliveries.plan(subscription.id, subscription.next_due, digest_id, now=now)
            await uow.commit()
        return True

    deliver._plan = plan


def _feed_before_articles() -> None:
    """That a feed was read is kept before what it brought."""
    from bot.jobs.ledger import Ledger

    async def store_once(self, readings):
        async with self._store.write() as uow:
            await uow.feeds.save(*(reading.feed for reading in readings))
            await uow.commit()
        async with self._store.write() as uow:
            now = self._clock.now()
            for reading in readings:
                if reading.arrivals:
                    await uow.articles.save_all(reading.feed.id, reading.arrivals, now=now)
            await uow.commit()

    Ledger._store_once = store_once


def _tells_what_waits() -> None:
    """A digest does not end where an article waits to be read."""
    from storage.articles import SqlArticles

    async def waiting_since(self, workspace_id, since):
        return None

    SqlArticles.waiting_since = waiting_since


FAULTS: dict[str, Callable[[], None]] = {
    "unclaimed": _posts_unclaimed,
    "sent-early": _calls_sent_too_early,
    "moved-early": _moves_on_too_early,
    "feed-first": _feed_before_articles,
    "waiting": _tells_what_waits,
}
