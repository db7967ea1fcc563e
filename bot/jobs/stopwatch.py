"""A clock for spans of time: it goes on while the process is stopped and the machine sleeps, and nobody sets it."""

from __future__ import annotations

import time

_COUNTED = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def seconds() -> float:
    """Seconds since some moment that stays the same for this process."""
    return time.clock_gettime(_COUNTED)
