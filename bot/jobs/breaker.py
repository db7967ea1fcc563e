"""A circuit breaker: while a platform is down it is left alone, but for one try after pauses that grow."""

from __future__ import annotations

from datetime import datetime, timedelta

FAILURES = 5
"""In a row; then the platform counts as down."""
PAUSE, LONGEST_PAUSE = timedelta(seconds=15), timedelta(minutes=5)
"""Before the first try; it doubles with each that fails."""


class Breaker:
    """Whether a platform may be asked."""

    def __init__(self) -> None:
        self._failed = 0
        self._pause = PAUSE
        self._until: datetime | None = None
        self._trying = False

    @property
    def is_open(self) -> bool:
        """Whether the platform counts as down."""
        return self._until is not None

    def rests(self, now: datetime) -> bool:
        """Whether it is left alone: it is down, and the next try has not come yet or is under way."""
        if self._until is None:
            return False
        # A pause that is longer was begun by a clock that was set back since.
        return self._trying or timedelta(0) < self._until - now <= LONGEST_PAUSE

    def allows(self, now: datetime) -> bool:
        """Whether it may be asked now. While it is down, whoever is told so is the one try: how that went must be said."""
        if self.rests(now):
            return False
        self._trying = self.is_open
        return True

    def worked(self) -> None:
        """It answered as usual."""
        self._failed, self._pause, self._until, self._trying = 0, PAUSE, None, False

    def failed(self, now: datetime) -> None:
        """It did not."""
        self._failed += 1
        if self._trying:
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
        if self._trying or self._failed >= FAILURES:
            self._until, self._trying = now + self._pause, False

    def untried(self) -> None:
        """What was allowed was not asked after all."""
        self._trying = False
