"""Bringing a database to this program's version, and telling whether it is."""

from __future__ import annotations

import asyncio
import os
import random
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from news.errors import StoreError, StoreVersionError
from storage.engine import WRITING, database_url, file_of, make_folder, open_engine
from storage.failures import connecting, place, told
from storage.indexing import is_current, rebuild
from storage.jobs import tables as job_tables
from storage.postgres import LOCK
from storage.progress import Watch, unseen
from storage.sqlite import BEGIN

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0013"
"""The newest migration: the version of the tables that this program works with."""
VERSION_TABLE = "attache_version"

_TRIES = 40


async def upgrade(url: str, watch: Watch = unseen) -> str:
    """Makes or changes the tables until they are of this program's version, which it returns.

    Quick when they are. Two processes that start at once do it one after the other. Raises StoreError and
    its kinds.
    """
    address = database_url(url)
    make_folder(address)
    async with open_engine(address) as engine:
        await bring_up(engine, watch)
    return HEAD


async def bring_up(engine: AsyncEngine, watch: Watch = unseen) -> None:
    """As `upgrade`, of a database that is open."""
    if await _version(engine) == HEAD and await _is_indexed(engine) and await _has_jobs(engine):
        return
    # With connections of its own, for that of a unit of work may not take long.
    async with open_engine(engine.url) as patient:
        with told(engine.url):
            await _prepare(patient)
            async with patient.execution_options(**WRITING).begin() as connection:
                await connection.run_sync(_upgrade, engine.url)
                async with AsyncSession(connection) as session:
                    if not await is_current(session):  # another process may have been faster
                        await rebuild(session, lambda done: watch("articles indexed", done, 0))
                        await session.flush()
                await job_tables.make(connection)


async def check(url: str) -> None:
    """Raises StoreVersionError unless the database is of this program's version; changes nothing."""
    address = database_url(url)
    need_file(address)
    async with open_engine(address) as engine:
        await verify(engine)


async def verify(engine: AsyncEngine) -> None:
    """As `check`, of a database that is open."""
    version = await _version(engine)
    if version != HEAD or not await _is_indexed(engine):
        raise other_version(engine.url, version)


def other_version(url: URL, version: str | None) -> StoreVersionError:
    """What is said of a database that is not of this program's version."""
    if version is None or version in _known_versions():
        return StoreVersionError(
            f"The database {place(url)} is not up to date: bring it there with `attache db upgrade`."
        )
    return _newer(url)


async def standing(url: URL) -> tuple[str | None, bool]:
    """The version of the tables, None where there are none, and whether this program knows it."""
    async with open_engine(url) as engine:
        version = await _version(engine)
    return version, version is None or is_known(version)


async def refuse_newer(engine: AsyncEngine) -> None:
    """Raises StoreVersionError for a database that a newer version of the program made; one without tables is fine."""
    version = await _version(engine)
    if version is not None and not is_known(version):
        raise _newer(engine.url)


async def downgrade(url: str, revision: str = "base") -> None:
    """Takes the tables back to an older version, with the loss of what that had no place for."""
    address = database_url(url)
    async with open_engine(address) as engine:
        await _version(engine)
        with told(address):
            async with engine.execution_options(**WRITING).begin() as connection:
                await connection.run_sync(_downgrade, revision)


async def make_tables(engine: AsyncEngine, version: str) -> None:
    """Makes the tables of a known version in a database that has none."""
    with told(engine.url):
        async with engine.execution_options(**WRITING).begin() as connection:
            await connection.run_sync(_make_tables, version)


def is_known(version: str) -> bool:
    """Whether it is this program's version or an older one."""
    return version == HEAD or version in _known_versions()


def need_file(url: URL) -> None:
    """Raises StoreError where there is no SQLite file, which connecting would make."""
    file = file_of(url)
    if file is not None and not os.path.exists(file):
        raise StoreError(f"There is no database at {place(url)}: make it with `attache db upgrade`.")


async def _is_indexed(engine: AsyncEngine) -> bool:
    """Whether the indexes of a database of this version are made by the present rules."""
    with told(engine.url):
        async with AsyncSession(engine) as session:
            return await is_current(session)


async def _has_jobs(engine: AsyncEngine) -> bool:
    """Whether there are the tables by which processes share work, of the version that is installed."""
    with told(engine.url):
        return await job_tables.are_current(engine)


async def _version(engine: AsyncEngine) -> str | None:
    """The version of the tables; None where there are none. The first to hear that a database is away."""
    with connecting(engine.url):
        async with engine.connect() as connection:
            return await connection.run_sync(_read_version)


def _read_version(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    version: str | None = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))
    return version


async def _prepare(engine: AsyncEngine) -> None:
    """WAL lets others read while one writes. It is a property of the file, set once, outside transactions."""
    if engine.dialect.name != "sqlite":
        return
    for _ in range(_TRIES):
        try:
            await _write_ahead(engine)
        except OperationalError:
            # SQLite does not wait here: of two who do this at once, each may hinder the other.
            await asyncio.sleep(random.uniform(0.01, 0.1))
        else:
            return
    await _write_ahead(engine)


async def _write_ahead(engine: AsyncEngine) -> None:
    async with engine.execution_options(**{BEGIN: ""}).connect() as connection:
        await connection.exec_driver_sql("PRAGMA journal_mode=WAL")


def lock_for_upgrade(connection: Connection) -> str | None:
    """Waits until nobody else writes, and keeps them from it to the transaction's end; the version of the tables."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    return _read_version(connection)


def _upgrade(connection: Connection, url: URL) -> None:
    version = lock_for_upgrade(connection)
    if version == HEAD:  # another process was faster
        return
    if version is not None and version not in _known_versions():
        raise _newer(url)
    from alembic import command

    command.upgrade(_config(connection), "head")


def _make_tables(connection: Connection, version: str) -> None:
    from alembic import command

    command.upgrade(_config(connection), version)


def _downgrade(connection: Connection, revision: str) -> None:
    from alembic import command

    command.downgrade(_config(connection), revision)


def _newer(url: URL) -> StoreVersionError:
    return StoreVersionError(
        f"The database {place(url)} was made by a newer version of attache: install that version, "
        "or set ATTACHE_DATABASE_URL to another database."
    )


def _known_versions() -> frozenset[str]:
    from alembic.script import ScriptDirectory

    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def _config(connection: Connection | None = None) -> Config:
    from alembic.config import Config

    config = Config(attributes={"connection": connection, "version_table": VERSION_TABLE})
    folder = str(Path(__file__).with_name("migrations"))
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
