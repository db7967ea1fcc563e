"""Committing: only to the database that is meant, and never left open whether it was kept."""

from __future__ import annotations

from typing import cast

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from news.errors import StoreAway, StoreBusy, StoreUnknown
from storage.failures import lost, place, told
from storage.indexing import VERSION as RULES
from storage.postgres import outcome
from storage.sqlite import FileInUse
from storage.upgrade import HEAD, VERSION_TABLE, other_version

_ASKED = f"version_num, (SELECT max(version) FROM search_index) FROM {VERSION_TABLE}"
_OF_SQLITE = text(f"SELECT NULL, {_ASKED}")
_OF_POSTGRES = text(f"SELECT CAST(pg_current_xact_id_if_assigned() AS text), {_ASKED}")


async def commit(session: AsyncSession, engine: AsyncEngine, file: FileInUse) -> None:
    """Keeps what the session did. Raises StoreError and its kinds, StoreUnknown where nobody can tell whether it did."""
    await session.flush()
    number = await _check(session, engine)
    file.check()
    try:
        with told(engine.url):
            await session.commit()
    except StoreBusy:  # the database answered that it keeps nothing
        raise
    except StoreAway:
        if number is None:  # SQLite, where a commit that fails keeps nothing; or nothing was written
            raise
        kept = await outcome(engine, number)
        if kept is None:
            raise StoreUnknown(
                f"The connection to the database {place(engine.url)} broke while it was storing: look whether "
                "it did before you try again."
            ) from None
        if not kept:
            raise lost(engine.url) from None
        await session.rollback()  # it is the session that has not heard


async def _check(session: AsyncSession, engine: AsyncEngine) -> str | None:
    """The transaction's number, where it has one and the database tells it.

    Raises StoreVersionError where the tables were upgraded since the store was opened, or the indexes made by other
    rules: what is written for the old ones may be wrong in the new ones.
    """
    query = _OF_SQLITE if engine.dialect.name == "sqlite" else _OF_POSTGRES
    number, version, rules = (await session.execute(query)).one()
    if (version, rules) != (HEAD, RULES):
        raise other_version(engine.url, version)
    return cast("str | None", number)
