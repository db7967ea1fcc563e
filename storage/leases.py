"""Leases: what one process does at a time, of all that share a database."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, or_, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.rows import table_of
from storage.tables import LeaseRow

_FAR = timedelta(minutes=1)
"""A lease that ends so much later than a new one was taken by a clock that was wrong: nobody waits for its end."""
_BRIEF = text(
    "SELECT set_config('idle_in_transaction_session_timeout', '1000', true), "
    "set_config('lock_timeout', '1000', true)"
)
"""Who is stopped while it takes a lease must not keep others from it: milliseconds, for this transaction."""


class SqlLeases:
    """Leases in the database; when one ends, its clock says."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def take(self, names: Collection[str], holder: str, *, lasts: timedelta) -> frozenset[str]:
        """Which of them are the holder's from now on, for so long: they were already, or are nobody's any more."""
        if not names:
            return frozenset()
        is_shared = self._session.get_bind().dialect.name == "postgresql"
        if is_shared:
            await self._session.execute(_BRIEF)
        now = func.clock_timestamp() if is_shared else datetime.now(UTC)
        taking = (postgresql if is_shared else sqlite).insert(table_of(LeaseRow))
        until = now + lasts
        # In one order, for two that want the same ones must not wait for each other.
        rows = [{"name": name, "holder": holder, "until": until} for name in sorted(names)]
        taken = await self._session.scalars(
            taking.values(rows)
            .on_conflict_do_update(
                index_elements=[LeaseRow.name],
                set_={"holder": holder, "until": until},
                where=or_(LeaseRow.holder == holder, LeaseRow.until <= now, LeaseRow.until > until + _FAR),
            )
            .returning(LeaseRow.name)
        )
        return frozenset(taken)

    async def give_back(self, names: Collection[str], holder: str) -> None:
        """Leaves them to whoever comes next."""
        await self._session.execute(
            delete(LeaseRow)
            .where(LeaseRow.name.in_(sorted(names)), LeaseRow.holder == holder)
            .execution_options(synchronize_session=False)
        )
