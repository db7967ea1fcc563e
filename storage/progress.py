"""How far long work is, and how it is stopped: in order, and with nothing left behind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

Watch = Callable[[str, int, int], None]
"""Is told what is being done, how much of it is done, and of how much; of 0 where nobody knows."""


def unseen(step: str, done: int, total: int) -> None:
    """A `Watch` where nobody looks."""


class Stopped(Exception):
    """Nobody waits for the work any more."""


async def stoppable(
    work: Callable[[Watch], Coroutine[Any, Any, T]], watch: Watch, *, ends: bool = False
) -> T:
    """What the work returns. When the caller is cancelled, the work is stopped where it next tells how far it is.

    The caller is held until then: threads and connections would otherwise go on with what is being taken away. Work
    that could not be stopped any more, and `ends` something, is returned for all that.
    """
    cancelled = False

    def tell(step: str, done: int, total: int) -> None:
        if cancelled:
            raise Stopped
        watch(step, done, total)

    task = asyncio.create_task(work(tell))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        cancelled = True
        await asyncio.wait([task])
        if task.exception() is None and ends:
            return task.result()
        raise
