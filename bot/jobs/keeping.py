"""Keeping: a unit of work is done anew, as a whole, where it surely kept nothing and the reason may pass soon."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from news.errors import StoreAway, StoreUnknown, StoreVersionError

if TYPE_CHECKING:
    from bot.repositories import Store, UnitOfWork

T = TypeVar("T")

PATIENCE = 10.0
"""Seconds for which it is tried again; after them the next beat does."""
PAUSE, LONGEST_PAUSE = 0.05, 2.0
"""Seconds before the second try; it doubles with each."""
STORE_FAILS = (StoreAway, StoreUnknown, StoreVersionError)
"""What concerns the store itself: it would fail for whatever else is to be stored."""


async def keep(
    store: Store,
    work: Callable[[UnitOfWork], Awaitable[T]],
    *,
    harmless_twice: bool = False,
    patience: float | None = None,
) -> T:
    """What the work gives, once it is committed.

    Where nobody can tell whether it was, it is done again only if that is `harmless_twice`. `patience` is for how many
    seconds it is tried, `PATIENCE` where nothing is said: more for what no beat does again.
    Raises StoreAway when the store is away for longer, StoreUnknown, and what the work raises.
    """
    patience = PATIENCE if patience is None else patience
    begun, pause = asyncio.get_running_loop().time(), PAUSE
    while True:
        try:
            async with store.write() as uow:
                done = await work(uow)
                await uow.commit()
            return done
        except (StoreAway, StoreUnknown) as error:
            if isinstance(error, StoreUnknown) and not harmless_twice:
                raise
            if asyncio.get_running_loop().time() - begun >= patience:
                raise
        await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # those who met must not meet again
        pause = min(pause * 2, LONGEST_PAUSE)
