"""Ids that sort by time: the milliseconds of a moment, then a count."""

from __future__ import annotations

import itertools
import random
from datetime import datetime

from storage.types import EPOCH, MICROSECOND

COUNT_BITS = 22
TIME_BITS = 63 - COUNT_BITS

# Begins anywhere, so that two processes do not give the same ids within a millisecond.
_count = itertools.count(random.SystemRandom().getrandbits(COUNT_BITS))


def new_id(moment: datetime) -> int:
    """A new id, greater than those of earlier milliseconds.

    What lies before 1970 or after 2039 is given the nearest time that fits.
    """
    milliseconds = (moment - EPOCH) // MICROSECOND // 1000
    fitting = min(max(milliseconds, 0), (1 << TIME_BITS) - 1)
    return (fitting << COUNT_BITS) | (next(_count) & ((1 << COUNT_BITS) - 1))
