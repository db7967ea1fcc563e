"""Room: what a database takes, what is left for it, and whether it may be written."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from news.soundness import DeadRows, FileRoom, ServerRoom
from storage.engine import database_url, open_engine
from storage.failures import connecting
from storage.sqlite import BEGIN, file_of
from storage.upgrade import need_file

MANY = 10_000
"""Dead rows of a table that are worth a word, where they are also a third as many as the others."""


async def file_room(connection: AsyncConnection, file: Path) -> FileRoom:
    """Of an SQLite file."""

    async def ask(pragma: str) -> str:
        return str((await connection.exec_driver_sql(f"PRAGMA {pragma}")).scalar_one())

    page = int(await ask("page_size"))
    size, unused = page * int(await ask("page_count")), page * int(await ask("freelist_count"))
    mode = await ask("journal_mode")
    log = file.with_name(f"{file.name}-wal")
    shared = file.with_name(f"{file.name}-shm")

    def look() -> FileRoom:
        parts = [part for part in (file, log, shared) if part.exists()]
        return FileRoom(
            size=size,
            unused=unused,
            log=log.stat().st_size if log.exists() else 0,
            disk_free=shutil.disk_usage(file.absolute().parent).free,
            unwritable=tuple(
                str(part) for part in (*parts, file.absolute().parent) if not os.access(part, os.W_OK)
            ),
            write_ahead=mode == "wal",
        )

    return await asyncio.to_thread(look)


async def vacuum(url: str) -> tuple[int, int] | None:
    """Writes an SQLite file anew without what is empty in it; its sizes before and after, None for a server.

    That takes as much room again meanwhile, and nobody can write. Raises StoreError and its kinds.
    """
    address = database_url(url)
    file = file_of(address)
    if file is None:
        return None
    need_file(address)
    before = await asyncio.to_thread(_size, file)
    async with open_engine(address) as engine:
        with connecting(address):
            async with engine.execution_options(**{BEGIN: ""}).connect() as connection:
                await connection.exec_driver_sql("VACUUM")
                await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return before, await asyncio.to_thread(_size, file)


def _size(file: Path) -> int:
    """Of the file with its log."""
    log = file.with_name(f"{file.name}-wal")
    return sum(part.stat().st_size for part in (file, log) if part.exists())


async def server_room(connection: AsyncConnection) -> ServerRoom:
    """Of a PostgreSQL database, as far as its user may know."""
    row = (await connection.execute(text(_SERVER))).one()
    dead = (await connection.execute(text(_DEAD), {"many": MANY})).all()
    return ServerRoom(
        size=row.size,
        encoding=row.encoding,
        read_only=row.recovering or row.read_only == "on",
        vacuums=row.vacuums == "on",
        dead=tuple(DeadRows(name, gone, live) for name, gone, live in dead),
        transaction_since=row.oldest,
    )


_SERVER = """
SELECT pg_database_size(current_database()) AS size,
       current_setting('server_encoding') AS encoding,
       pg_is_in_recovery() AS recovering,
       (SELECT reset_val FROM pg_settings WHERE name = 'default_transaction_read_only') AS read_only,
       current_setting('autovacuum') AS vacuums,
       (SELECT min(xact_start) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()) AS oldest
"""
_DEAD = """
SELECT relname, n_dead_tup, n_live_tup FROM pg_stat_user_tables
WHERE schemaname = current_schema() AND n_dead_tup > :many AND n_dead_tup * 3 > n_live_tup
ORDER BY n_dead_tup DESC, relname LIMIT 3
"""
