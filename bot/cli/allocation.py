"""How the C library gives memory back that is not used any more, where that can be told it (glibc)."""

from __future__ import annotations

import asyncio
import ctypes
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

ARENAS = 2
"""Heaps that threads share. By default each of many threads has one of its own, and keeps what it once needed: after seven
minutes at twenty questions a second 79 of 127 MB were held for nobody."""
LARGE = 128 * 1024
"""Bytes from which on a piece is given back the moment that it is freed; by default the limit rises with what is freed."""
EVERY = 60.0
"""Seconds between two times that holes between small pieces are given back, too. Whoever needs memory of the same heap waits
meanwhile, some ten milliseconds for twenty megabytes."""
_MMAP_THRESHOLD, _ARENA_MAX = -3, -8
"""`M_MMAP_THRESHOLD` and `M_ARENA_MAX` of glibc's malloc.h."""


def give_memory_back() -> None:
    """For a process that runs for months, before its first thread begins; elsewhere than on glibc nothing is done."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_ARENA_MAX, ARENAS)
        mallopt(_MMAP_THRESHOLD, LARGE)


@asynccontextmanager
async def giving_holes_back() -> AsyncIterator[None]:
    """While the body runs, whole pages that lie free in the heaps go back now and then; malloc itself keeps them."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)

    async def now_and_then() -> None:
        while trim is not None:
            await asyncio.sleep(EVERY)
            await asyncio.to_thread(trim, 0)

    giving = asyncio.create_task(now_and_then())
    try:
        yield
    finally:
        giving.cancel()
        with suppress(asyncio.CancelledError):
            await giving
