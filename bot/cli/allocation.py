"""How the C library gives memory back that is not used any more, where that can be told it (glibc)."""

from __future__ import annotations

import ctypes

ARENAS = 2
"""Heaps that threads share. By default each of many threads has one of its own, and keeps what it once needed: after seven
minutes at twenty questions a second 79 of 127 MB were held for nobody."""
LARGE = 128 * 1024
"""Bytes from which on a piece is given back the moment that it is freed; by default the limit rises with what is freed."""
_MMAP_THRESHOLD, _ARENA_MAX = -3, -8
"""`M_MMAP_THRESHOLD` and `M_ARENA_MAX` of glibc's malloc.h."""


def give_memory_back() -> None:
    """For a process that runs for months, before its first thread begins; elsewhere than on glibc nothing is done."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_ARENA_MAX, ARENAS)
        mallopt(_MMAP_THRESHOLD, LARGE)
