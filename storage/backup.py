"""Backups and dumps: everything in the store as one file, made while the store is used."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection

from news.errors import InputError, StoreError
from storage.copies import copy_out, path_of
from storage.dumps import Ending, open_for_dump
from storage.engine import database_url, is_memory, open_engine
from storage.failures import told
from storage.files import fresh_file
from storage.progress import Watch, stoppable
from storage.transfer import one_moment, write_dump
from storage.upgrade import need_file, verify


@dataclass(frozen=True, slots=True)
class Written:
    """A file with everything that is in the store."""

    path: Path
    size: int
    """Bytes."""
    rows: int | None = None
    """Of a dump."""


async def back_up(
    url: str, file: Path | None, *, now: datetime, watch: Watch, force: bool = False
) -> Written:
    """Writes a backup: of SQLite a database file, of PostgreSQL a packed dump.

    Without a file, one that is named by the time: beside the SQLite database, else in the current folder. Raises
    AlreadyThere, InputError, StoreError; then there is no file.
    """
    address = lasting(url)
    need_file(address)
    sqlite = address.get_backend_name() == "sqlite"
    path = apart(address, file or default_path(address, "attache", now))
    with fresh_file(path, force=force) as beside:
        if sqlite:
            beside.touch(mode=0o600)  # it holds what all workspaces have: nobody else reads it
            await stoppable(lambda tell: _copy(address, beside, str(path), tell), watch)
        else:
            async with _reading(address) as connection:
                with open_for_dump(beside, packed=True) as out:
                    await write_dump(connection, out, now=now, watch=watch)
    return Written(path, path.stat().st_size)


async def dump_to(url: str, file: Path, *, now: datetime, watch: Watch, force: bool = False) -> Written:
    """Writes a dump, packed where the file's name ends in `.gz`. Raises as `back_up`."""
    address = lasting(url)
    path = apart(address, file)
    async with _reading(address) as connection:
        with (
            fresh_file(path, force=force) as beside,
            open_for_dump(beside, packed=path.suffix == ".gz") as out,
        ):
            ending = await write_dump(connection, out, now=now, watch=watch)
    return Written(path, path.stat().st_size, sum(ending.rows.values()))


async def dump(url: str, out: BinaryIO, *, now: datetime, watch: Watch) -> Ending:
    """Writes a dump to where others read it at once. Raises StoreError, and the OSError of what is written to."""
    async with _reading(lasting(url)) as connection:
        return await write_dump(connection, out, now=now, watch=watch)


def lasting(url: str) -> URL:
    """The address of a database that is there when the command has ended. Raises StoreError."""
    address = database_url(url)
    if is_memory(address):
        raise StoreError(
            "The database is in memory and holds nothing: set ATTACHE_DATABASE_URL to one that lasts."
        )
    return address


def apart(address: URL, file: Path) -> Path:
    """The file, absolute. Raises InputError where it is the database itself or belongs to it."""
    path = Path(os.path.realpath(file))
    if address.get_backend_name() == "sqlite":
        database = Path(os.path.realpath(path_of(address)))
        if path in (database, *(database.with_name(database.name + end) for end in ("-wal", "-shm"))):
            raise InputError(f"{path} is the database itself: name another file.")
    return path


def default_path(address: URL, name: str, now: datetime) -> Path:
    """Where a copy lies unless somebody says otherwise; nothing lies there yet."""
    if address.get_backend_name() == "sqlite":
        folder, ending = path_of(address).resolve().parent, "db"
    else:
        folder, ending = Path.cwd(), "jsonl.gz"
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    names = (f"{name}-{stamp}{more}.{ending}" for more in ("", *(f"-{n}" for n in range(2, 100))))
    return next(path for path in map(folder.joinpath, names) if not path.exists())


async def _copy(address: URL, beside: Path, name: str, watch: Watch) -> None:
    await asyncio.to_thread(copy_out, address, beside, name, watch, check=True)


@asynccontextmanager
async def _reading(address: URL) -> AsyncIterator[AsyncConnection]:
    """The store as it is at one moment. Raises StoreError, for one that is not of this version too."""
    need_file(address)
    async with open_engine(address) as engine:
        await verify(engine)
        with told(address):
            async with one_moment(engine) as connection:
                yield connection
