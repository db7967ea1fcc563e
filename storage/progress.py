"""How far long work is; and work in a thread, which ends when nobody waits for it any more."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

Watch = Callable[[str, int, int], None]
"""Is told what is being done, how much of it is done, and of how much; of 0 where nobody knows."""


class Stopped(Exception):
    """Nobody waits for the work any more."""


async def in_thread(work: Callable[[Watch], T], watch: Watch) -> T:
    """What the work returns. When the caller is cancelled, the work is stopped where it next tells how far it is.

    The caller is held until then, so that what the work uses may be taken away afterwards.
    """
    cancelled = threading.Event()

    def tell(step: str, done: int, total: int) -> None:
        if cancelled.is_set():
            raise Stopped
        watch(step, done, total)

    task = asyncio.ensure_future(asyncio.to_thread(work, tell))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        cancelled.set()
        await asyncio.wait([task])
        task.exception()  # whatever it ended with, nobody waits for it
        raise
