"""Backups and dumps from anywhere, checked and brought to this version, without touching what is stored."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from sqlalchemy.ext.asyncio import AsyncSession

from news.errors import InputError, StoreError, StoreVersionError
from storage import transfer
from storage.copies import MAGIC, connect, copy_file, url_of, version_in
from storage.dumps import DumpReader, foreign, open_dump, open_for_dump, unreadable
from storage.engine import open_engine
from storage.failures import told
from storage.indexing import rebuild
from storage.progress import Watch
from storage.sqlite import BEGIN
from storage.tables import ArticleRow
from storage.upgrade import HEAD, bring_up, is_known, make_tables


@dataclass(frozen=True, slots=True)
class Source:
    """A file that is said to hold a backup or a dump."""

    path: Path
    name: str
    """What people call it."""

    @property
    def is_database(self) -> bool:
        """Whether it is an SQLite database, else a dump or nothing of ours. Raises InputError."""
        try:
            with self.path.open("rb") as file:
                return file.read(len(MAGIC)) == MAGIC
        except OSError as error:
            raise unreadable(self.name, error) from error


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found sound: an SQLite database or a dump, of this program's version."""

    path: Path
    articles: int


@contextmanager
def workplace(folder: Path | None) -> Iterator[Path]:
    """A folder in that one, or else where temporary files lie, which is gone afterwards. Raises StoreError."""
    try:
        made = TemporaryDirectory(prefix=".attache-", dir=folder, ignore_cleanup_errors=True)
    except OSError as error:
        raise StoreError(
            f"Nothing can be written in {folder or gettempdir()} ({error.strerror}): make it a place that may be written."
        ) from error
    with made as name:
        yield Path(name)


async def as_database(source: Source, folder: Path, *, watch: Watch) -> Checked:
    """The source as an SQLite database in the folder. Raises InputError, StoreVersionError, StoreError."""
    path = folder / "checked.db"
    if source.is_database:
        await asyncio.to_thread(copy_file, source.path, source.name, path, watch)
        with told(url_of(path)), closing(connect(url_of(path))) as connection:
            version = version_in(connection)
        if version is None:
            raise foreign(source.name)
        _need_known(version, source.name)
    else:
        await _load(source, path, watch=watch)
    async with open_engine(url_of(path)) as engine:
        watch("being brought to this version", 0, 0)
        await bring_up(engine)
        with told(engine.url):
            async with engine.connect() as connection:
                articles = await transfer.count(connection, ArticleRow.__tablename__)
    return Checked(path, articles)


async def as_dump(source: Source, folder: Path, *, now: datetime, watch: Watch) -> Checked:
    """The source as a dump of this version, which may be the file itself. Raises as `as_database`."""
    if not source.is_database:
        with open_dump(source.path, source.name) as dump:
            _need_known(dump.heading.version, source.name)
            if dump.heading.version == HEAD:
                return Checked(source.path, await asyncio.to_thread(_read_through, dump, watch))
    checked = await as_database(source, folder, watch=watch)
    path = folder / "checked.jsonl"
    async with open_engine(url_of(checked.path)) as engine:
        with told(engine.url):
            async with transfer.one_moment(engine) as connection:
                with open_for_dump(path, packed=False) as out:
                    await transfer.write_dump(connection, out, now=now, watch=watch)
    return Checked(path, checked.articles)


async def _load(source: Source, path: Path, *, watch: Watch) -> None:
    """Makes a database of the dump's version that holds what the dump does."""
    with open_dump(source.path, source.name) as dump:
        _need_known(dump.heading.version, source.name)
        _need_whole(dump)
        async with open_engine(url_of(path)) as engine:
            await make_tables(engine, dump.heading.version)
            with told(engine.url):
                async with engine.execution_options(**{BEGIN: ""}).connect() as connection:
                    # Nothing need survive here that is not finished.
                    for pragma in ("journal_mode=OFF", "synchronous=OFF"):
                        await connection.exec_driver_sql(f"PRAGMA {pragma}")
                    await connection.exec_driver_sql("BEGIN")
                    await transfer.check_fit(connection, dump)
                    await transfer.load(connection, dump, watch=watch)
                    if dump.heading.version == HEAD:  # else it is done when it is
                        async with AsyncSession(connection) as session:
                            await rebuild(session, lambda done: watch("articles indexed", done, 0))
                            await session.flush()
                    await connection.commit()


def _read_through(dump: DumpReader, watch: Watch) -> int:
    """How many articles there are, once every line has been found sound."""
    _need_whole(dump)
    for done, _ in enumerate(dump.rows()):
        if done % 1_000 == 0:
            watch("rows checked", done, 0)
    assert dump.ending is not None
    return dump.ending.rows[ArticleRow.__tablename__]


def _need_known(version: str, name: str) -> None:
    if not is_known(version):
        raise StoreVersionError(f"{name} was made by a newer version of attache: install that version.")


def _need_whole(dump: DumpReader) -> None:
    """A dump of this version has this version's tables; what older ones have is seen when they are loaded."""
    if dump.heading.version == HEAD and dump.heading.layouts != transfer.layouts():
        raise InputError(
            f"{dump.name} does not hold what this version of attache stores: take another copy of it."
        )
