"""The tables of jobs: procrastinate's own, in a schema of their own beside ours.

A job is a hint, and what is to be done is told by the other tables. So these are in no copy, and where they are of another
version of procrastinate than is installed they are made anew, empty.
"""

from __future__ import annotations

from importlib.metadata import version

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

SCHEMA = "attache_jobs"


def wanted() -> str:
    """What the schema says that it is of."""
    return f"procrastinate {version('procrastinate')}"


async def are_current(engine: AsyncEngine) -> bool:
    """Whether they are there, of the version that is installed; always where nobody shares the database."""
    if engine.dialect.name != "postgresql":
        return True
    async with engine.connect() as connection:
        return await _found(connection) == wanted()


async def make(connection: AsyncConnection) -> None:
    """Makes them, in the transaction under way; what was waiting is offered anew by whoever finds it."""
    if connection.dialect.name != "postgresql" or await _found(connection) == wanted():
        return
    from procrastinate.schema import SchemaManager

    before = await connection.scalar(text("SELECT current_setting('search_path')"))
    raw = await connection.get_raw_connection()
    driver = raw.driver_connection
    assert driver is not None
    await connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
    await connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
    await connection.execute(text(f"SET LOCAL search_path TO {SCHEMA}"))
    # Many statements, which SQLAlchemy would prepare as one; what the driver raises, `told` turns into our errors.
    await driver.execute(SchemaManager.get_schema())
    await connection.execute(text(f"COMMENT ON SCHEMA {SCHEMA} IS '{wanted()}'"))
    await connection.execute(text("SELECT set_config('search_path', :before, true)"), {"before": before})


async def _found(connection: AsyncConnection) -> str | None:
    found: str | None = await connection.scalar(
        text("SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = :name"),
        {"name": SCHEMA},
    )
    return found
