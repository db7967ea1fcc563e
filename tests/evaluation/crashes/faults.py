"""Bots that are broken on purpose: a proof that cannot fail proves nothing."""

from __future__ import annotations

from collections.abc import Callable


def _unclaimed() -> None:
    """That a post is on its way is not kept: after a crash it is posted again."""
    from news.channels import DeliveryState
    from storage.deliveries import SqlDeliveries

    mark = SqlDeliveries.mark

    async def marked(self, delivery, state, **values):
        return delivery if state is DeliveryState.SENDING else await mark(self, delivery, state, **values)

    SqlDeliveries.mark = marked


def _sent_early() -> None:
    """A post counts as sent from the moment that it is on its way."""
    from news.channels import DeliveryState
    from storage.deliveries import SqlDeliveries

    mark = SqlDeliveries.mark

    async def marked(self, delivery, state, **values):
        early = DeliveryState.SENT if state is DeliveryState.SENDING else state
        return await mark(self, delivery, early, **values)

    SqlDeliveries.mark = marked


def _in_two_steps() -> None:
    """A delivery is kept before its subscription has moved on."""
    from storage.deliveries import SqlDeliveries

    plan = SqlDeliveries.plan

    async def planned(self, *values, **named):
        delivery = await plan(self, *values, **named)
        await self._session.commit()
        return delivery

    SqlDeliveries.plan = planned


def _feed_first() -> None:
    """That a feed was read is kept before what it brought."""
    from bot.jobs.ledger import Ledger, Reading

    write = Ledger.write

    async def written(self, reading):
        await write(self, Reading(reading.feed))
        await write(self, reading)

    Ledger.write = written


def _waiting() -> None:
    """A digest does not end where an article waits to be read."""
    from storage.articles import SqlArticles

    async def waiting_since(self, workspace_id, since):
        return None

    SqlArticles.waiting_since = waiting_since


FAULTS: dict[str, Callable[[], None]] = {
    "unclaimed": _unclaimed,
    "sent-early": _sent_early,
    "in-two-steps": _in_two_steps,
    "feed-first": _feed_first,
    "waiting": _waiting,
}
"""What breaks the bot of this process, by its name."""
