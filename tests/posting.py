"""The steps of `bot.jobs.deliver.deliver`, one by one."""

from __future__ import annotations

from bot.jobs.claiming import claim_due
from bot.jobs.composing import compose_claimed
from bot.jobs.deliver import Posting
from bot.jobs.outbox import Outbox


async def plan_due(store, clock, platforms):
    """Takes what is due and composes it; how many are pending now that were not before."""
    await claim_due(store, clock, platforms)
    return len([delivery async for delivery in compose_claimed(store, clock, lambda: platforms)])


async def send_open(store, clock, messengers, breakers=None):
    """Posts what is pending, and settles what was being posted when we stopped."""
    async with Outbox(messengers, clock, breakers) as outbox:
        for post in await Posting(store, clock).open(tuple(messengers)):
            outbox.put(post)
    return outbox.delivered
