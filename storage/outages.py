"""Outages: platforms that the bot cannot reach, and since when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from news.channels import Platform
from storage.rows import replace_all
from storage.tables import OutageRow


class SqlOutages:
    """Outages in the database."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def begin(self, platform: Platform, *, since: datetime, reason: str) -> None:
        """The platform cannot be reached; what was said of it before is forgotten."""
        row = {"platform": platform.value, "since": since, "reason": reason}
        await replace_all(self._session, OutageRow, [row])

    async def end(self, platform: Platform) -> None:
        """It can be reached, or nobody tries to."""
        gone = delete(OutageRow).where(OutageRow.platform == platform.value)
        await self._session.execute(gone.execution_options(synchronize_session=False))
