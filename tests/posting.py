"""The steps of `bot.jobs.deliver.deliver`, one by one."""

from __future__ import annotations

from bot.jobs.claiming import claim_due
from bot.jobs.composing import compose_claimed
from bot.jobs.deliver import Posting
from bot.jobs.notices import open_notices
from bot.jobs.outbox import Outbox


async def plan_due(store, clock, platforms):
    """Takes what is due and composes it; how many are pending now that were not before."""
    await claim_due(store, clock, platforms)
    return len([delivery async for delivery in compose_claimed(store, clock, lambda: platforms)])


async def send_open(store, clock, messengers, breakers=None):
    """Posts what is pending, and settles what was being posted when we stopped."""
    return await _post(await Posting(store, clock).open(tuple(messengers)), clock, messengers, breakers)


async def send_notices(store, clock, messengers, breakers=None):
    """Likewise with notices."""
    return await _post(await open_notices(store, clock, tuple(messengers)), clock, messengers, breakers)


async def _post(posts, clock, messengers, breakers):
    async with Outbox(messengers, clock, breakers) as outbox:
        for post in posts:
            outbox.put(post)
    return outbox.delivered
