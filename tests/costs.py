"""What a piece of work costs the processor: for tests that what is made to cost time costs little."""

import gc
import sys
import time
from collections.abc import Callable

TRIES = 3


def cpu_seconds(work: Callable[[], object], *, enough: float) -> float:
    """The processor's time for `work`, in seconds: the least of up to three tries, the first below `enough` being the last.

    Garbage is not collected meanwhile: in a process that has run thousands of tests, one collection takes a second.
    """
    least = float("inf")
    gc.disable()
    try:
        for _ in range(TRIES):
            start = time.process_time()
            work()
            least = min(least, time.process_time() - start)
            if least < enough:
                break
    finally:
        gc.enable()
    return least


def calls(work: Callable[[], object]) -> int:
    """How many functions `work` calls: unlike time, the same each time, so that growth can be told from noise."""
    counted = 0

    def count(_frame: object, event: str, _told: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return counted
