"""What was stored by a clock that was ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from news.channels import Due


class TimekeepingRepository(Protocol):
    """Times that a clock cannot have given yet."""

    async def schedules(self, now: datetime) -> tuple[Due, ...]:
        """When subscriptions are due that are due later, paused ones too."""
        ...

    async def published(self, now: datetime, *, limit: int = 100) -> tuple[datetime, ...]:
        """When the last articles that arrived in a time to come were published, as their outlets say."""
        ...

    async def set_right(
        self, now: datetime, due: Sequence[tuple[Due, datetime]], *, articles: bool = True
    ) -> int:
        """Sets right what lies ahead of now; how many rows that were. `due` is what is due too late, and when it is due
        instead."""
        ...
