"""What was asked on a platform and is handled already, by any of the processes on one app."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime


class HandledRepository(Protocol):
    """Who handles what came, by the platform's id of it: for some minutes, in which it may come again."""

    async def claim(self, key: str, holder: str, *, now: datetime, until: datetime) -> bool:
        """Whether it is the holder's to handle: nobody else claimed it whose time is not over. Harmless twice."""
        ...

    async def forget(self, *, now: datetime) -> None:
        """Takes away what may not come again any more."""
        ...
