"""Ids that sort by time: the milliseconds of a moment, then a count."""

from __future__ import annotations

import itertools
import random
from datetime import datetime

from storage.types import EPOCH, MICROSECOND

COUNT_BITS = 22
TIME_BITS = 63 - COUNT_BITS
LAST = (1 << TIME_BITS) - 1
"""The millisecond of 2039 beyond which all ids have this time."""

# Begins anywhere, so that two processes do not give the same ids within a millisecond.
_count = itertools.count(random.SystemRandom().getrandbits(COUNT_BITS))


def new_id(moment: datetime) -> int:
    """A new id, greater than those of earlier milliseconds.

    What lies before 1970 or after 2039 is given the nearest time that fits.
    """
    return ids_from(moment) | (next(_count) & ((1 << COUNT_BITS) - 1))


def ids_from(moment: datetime) -> int:
    """The least id of the moment's millisecond."""
    return _milliseconds(moment) << COUNT_BITS


def ids_after(moment: datetime) -> int | None:
    """The least id of the millisecond after the moment's; None where no id is greater than the moment's."""
    milliseconds = _milliseconds(moment)
    return None if milliseconds == LAST else (milliseconds + 1) << COUNT_BITS


def _milliseconds(moment: datetime) -> int:
    return min(max((moment - EPOCH) // MICROSECOND // 1000, 0), LAST)
