"""What keeps a connection open, beside what uses it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any


async def cancelled(task: asyncio.Task[None]) -> None:
    """Cancels until it helps: the `wait_for` of Python 3.11, which discord.py connects in, can lose a cancellation."""
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=0.2)


@asynccontextmanager
async def alongside(
    work: Coroutine[Any, Any, None],
    *,
    end: Callable[[asyncio.Task[None]], Awaitable[None]] = cancelled,
) -> AsyncIterator[None]:
    """Runs `work` while the body runs, and fails as either fails first; `end` brings it to its end after that."""
    failure: BaseException | None = None
    try:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(work)
            try:
                yield
            finally:
                await end(task)
    except BaseExceptionGroup as failures:
        failure = failures.exceptions[0]
    if failure is not None:
        raise failure
