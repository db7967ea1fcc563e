"""Copies of SQLite databases, page by page, out of one and into one that is in use."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy.engine import URL

from news.errors import InputError, StoreBusy, StoreError
from storage.failures import place, told
from storage.progress import Stopped, Watch
from storage.sqlite import BUSY, file_of
from storage.upgrade import VERSION_TABLE

MAGIC = b"SQLite format 3\0"
"""What the file of an SQLite database begins with."""

_FEW, _MANY = 16, 256
"""Pages of a step; the few are fewer than any store has, so that something is left to copy after the first step."""
_BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_OFTEN = 100_000
"""Steps of SQLite's machine after which it may be stopped."""


def connect(url: URL) -> sqlite3.Connection:
    """A connection to the database that is there."""
    (path,), options = url.get_dialect()().create_connect_args(url)
    given: dict[str, Any] = {"timeout": BUSY, **options}
    connection: sqlite3.Connection = sqlite3.connect(path, isolation_level=None, **given)
    return connection


def path_of(url: URL) -> Path:
    """The file, however the address names it."""
    plain = file_of(url)
    if plain is not None:
        return plain
    with told(url), closing(connect(url)) as connection:
        return Path(connection.execute("PRAGMA database_list").fetchone()[2])


def is_broken(error: sqlite3.Error) -> bool:
    """Whether what was read is no sound database."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _BROKEN


def version_in(connection: sqlite3.Connection) -> str | None:
    """The newest migration that the database has had; None where it has had none."""
    query = "SELECT count(*) FROM sqlite_master WHERE name = ?"
    if not connection.execute(query, [VERSION_TABLE]).fetchone()[0]:
        return None
    row = connection.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone()
    return None if row is None else str(row[0])


def copy_out(url: URL, to: Path, name: str, watch: Watch, *, check: bool) -> None:
    """Copies the database as it is at this moment into a new file of that name, while others go on writing.

    Raises StoreError, also where it is checked and turns out to be damaged.
    """
    with told(url), closing(connect(url)) as source:
        # Held, so that every page is of one moment; otherwise each write of others would begin the copy anew.
        source.execute("BEGIN")
        version = version_in(source)
        if check and version is None:
            raise StoreError(f"The database {place(url)} has no tables: make them with `attache db upgrade`.")
        try:
            _fill(source, to, name, watch, check=check)
        except _Broken as error:
            raise StoreError(
                f"The database {place(url)} is damaged ({error}): `attache doctor` says what to do."
            ) from error


def copy_file(file: Path, name: str, to: Path, watch: Watch) -> None:
    """Copies a backup into a new file, and checks it. Raises InputError for one that is damaged, StoreError."""
    # A file that nobody writes into is read without any other beside it, also in a folder that is read-only.
    alone = not file.with_name(file.name + "-wal").exists()
    address = f"file:{quote(str(file.resolve()))}?mode=ro{'&immutable=1' if alone else ''}"
    with told(url_of(file)), closing(sqlite3.connect(address, uri=True, isolation_level=None)) as source:
        try:
            _fill(source, to, f"A copy in {to.parent.parent}", watch, check=True)
        except _Broken as error:
            raise InputError(f"{name} is damaged ({error}): take another copy of it.") from error


def copy_in(file: Path, url: URL, watch: Watch, *, locked: Callable[[], None]) -> None:
    """Puts a database in the place of another, whose open connections go on with it, in one transaction.

    `locked` is called once nobody else can write there any more: what stands there can still be read, and the
    file may still be changed. Raises StoreBusy, StoreError.
    """
    waiting = True

    def step(status: int, remaining: int, total: int) -> None:
        nonlocal waiting
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise StoreBusy(f"Somebody else is writing to the database {place(url)}: try again.")
        if waiting:
            waiting = False
            locked()
        if status != sqlite3.SQLITE_DONE:  # then all of it is kept already, and cannot be stopped any more
            watch("pages put back", total - remaining, total)

    with told(url), closing(connect(url)) as live, closing(connect(url_of(file))) as source:
        live.execute("PRAGMA journal_mode=WAL")
        _fit_pages(source, live)
        source.backup(live, pages=_FEW, progress=step)
        # All of it stands in the log now. Who still reads there need not be waited for.
        with suppress(sqlite3.Error):
            live.execute("PRAGMA busy_timeout=100")
            live.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def url_of(file: Path) -> URL:
    """The address of the database in a file."""
    return URL.create("sqlite+aiosqlite", database=str(file))


class _Broken(Exception):
    """What was copied is no sound database."""


def _fill(source: sqlite3.Connection, to: Path, name: str, watch: Watch, *, check: bool) -> None:
    """Copies into a new file. What fails is told of that one, unless it is the source that is broken."""

    def step(_: int, remaining: int, total: int) -> None:
        watch("pages copied", total - remaining, total)

    try:
        with closing(connect(url_of(to))) as copy:
            copy.execute("PRAGMA synchronous=OFF")  # who made the file brings it to the disk
            source.backup(copy, pages=_MANY, progress=step)
            if check:
                _check(copy, watch)
    except sqlite3.Error as error:
        if is_broken(error):
            raise _Broken(str(error)) from error
        raise StoreError(
            f"{name} cannot be written ({error}): make room for it, or choose another place."
        ) from error


def _check(copy: sqlite3.Connection, watch: Watch) -> None:
    stopped: list[Stopped] = []

    def go_on() -> int:
        try:
            watch("being checked", 0, 0)
        except Stopped as error:  # SQLite would swallow it
            stopped.append(error)
        return len(stopped)

    copy.set_progress_handler(go_on, _OFTEN)
    try:
        (found,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError:
        if stopped:
            raise stopped[0] from None
        raise
    finally:
        copy.set_progress_handler(None, 0)
    if found != "ok":
        raise _Broken(" ".join(found.split()))


def _fit_pages(source: sqlite3.Connection, live: sqlite3.Connection) -> None:
    """Pages are put only in the place of others of their size."""
    (wanted,), (size,) = (each.execute("PRAGMA page_size").fetchone() for each in (live, source))
    if size != wanted:
        source.execute("PRAGMA journal_mode=DELETE")
        source.execute(f"PRAGMA page_size={wanted}")
        source.execute("VACUUM")
