"""Leases: what one process does at a time, of all that share a database."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.rows import table_of
from storage.tables import LeaseRow

_FAR = timedelta(minutes=1)
"""A lease that ends so much later than a new one was taken by a clock that was wrong: nobody waits for its end."""


class SqlLeases:
    """Leases in the database."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def take(self, name: str, holder: str, *, now: datetime, until: datetime) -> bool:
        """Whether it is the holder's until then: it was already, or is nobody's any more."""
        dialect = sqlite if self._session.get_bind().dialect.name == "sqlite" else postgresql
        taking = dialect.insert(table_of(LeaseRow)).values(name=name, holder=holder, until=until)
        taken = await self._session.execute(
            taking.on_conflict_do_update(
                index_elements=[LeaseRow.name],
                set_={"holder": holder, "until": until},
                where=or_(LeaseRow.holder == holder, LeaseRow.until <= now, LeaseRow.until > until + _FAR),
            ).returning(LeaseRow.name)
        )
        return taken.first() is not None

    async def give_back(self, name: str, holder: str) -> None:
        """Leaves it to whoever comes next."""
        await self._session.execute(
            delete(LeaseRow)
            .where(LeaseRow.name == name, LeaseRow.holder == holder)
            .execution_options(synchronize_session=False)
        )
