"""A clock that runs faster than the machine's, the same for every process that is told of it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Self

START = datetime(2025, 1, 6, 6, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FastClock:
    """Stood at `start` when the machine's own clock, which all processes share, stood at `begun`."""

    start: datetime
    begun: float
    speed: float

    @classmethod
    def begin(cls, speed: float) -> Self:
        return cls(START, time.monotonic(), speed)

    @classmethod
    def parse(cls, text: str) -> Self:
        """What `str()` of one gives."""
        start, begun, speed = text.split()
        return cls(datetime.fromisoformat(start), float(begun), float(speed))

    def __str__(self) -> str:
        return f"{self.start.isoformat()} {self.begun!r} {self.speed!r}"

    def now(self) -> datetime:
        return self.start + timedelta(seconds=(time.monotonic() - self.begun) * self.speed)

    def ahead(self, by: timedelta) -> FastClock:
        """One that is so much later."""
        return replace(self, start=self.start + by)
