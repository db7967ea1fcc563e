"""Handled: what came from a platform and is some process's to answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.rows import table_of
from storage.tables import HandledRow


class SqlHandled:
    """What is handled, in the database."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def claim(self, key: str, holder: str, *, now: datetime, until: datetime) -> bool:
        """Whether it is the holder's to handle: nobody else claimed it whose time is not over. Harmless twice."""
        dialect = sqlite if self._session.get_bind().dialect.name == "sqlite" else postgresql
        claiming = dialect.insert(table_of(HandledRow)).values(key=key, holder=holder, until=until)
        claimed = await self._session.execute(
            claiming.on_conflict_do_update(
                index_elements=[HandledRow.key],
                set_={"holder": holder, "until": until},
                where=or_(HandledRow.holder == holder, HandledRow.until <= now),
            ).returning(HandledRow.key)
        )
        return claimed.first() is not None

    async def forget(self, *, now: datetime) -> None:
        """Takes away what may not come again any more."""
        past = delete(HandledRow).where(HandledRow.until <= now)
        await self._session.execute(past.execution_options(synchronize_session=False))
