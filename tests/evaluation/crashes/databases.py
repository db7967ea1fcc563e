"""The databases that a campaign runs on: how far the bot has got in them, and when it is writing."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import asyncpg

REACHED = "SELECT (SELECT count(*) FROM article_versions), (SELECT coalesce(sum(briefed), 0) FROM articles)"
WRITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'attache' AND backend_xid IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class Reached:
    """How far the bot has got."""

    versions: int
    """Versions of articles that are stored."""
    briefed: int
    """Grows with each that is read."""


class Database(Protocol):
    """What a campaign needs of a database beside the bot's own way to it."""

    url: str

    async def reached(self) -> Reached | None:
        """None while it does not say."""
        ...

    async def written(self) -> None:
        """Returns while something is being written."""
        ...


class File:
    """An SQLite file, asked through connections that are gone at once: while one is open, nothing is recovered."""

    def __init__(self, path: Path) -> None:
        self.url = f"sqlite:///{path}"
        self._path = path

    def close(self) -> None:
        """Nothing is open."""

    async def reached(self) -> Reached | None:
        with suppress(sqlite3.Error):
            connection = sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, timeout=1)
            try:
                return Reached(*connection.execute(REACHED).fetchone())
            finally:
                connection.close()
        return None

    async def written(self) -> None:
        before = self._log()
        while self._log() == before:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.001)

    def _log(self) -> tuple[int, int]:
        """Changes with every page that is written ahead."""
        try:
            found = Path(f"{self._path}-wal").stat()
        except FileNotFoundError:
            return (0, 0)
        return (found.st_size, found.st_mtime_ns)


class OnServer:
    """A database on a PostgreSQL server."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._connection: asyncpg.Connection | None = None

    async def reached(self) -> Reached | None:
        row = await self._ask(REACHED)
        return None if row is None else Reached(*map(int, row))

    async def written(self) -> None:
        while not (row := await self._ask(WRITING)) or not row[0]:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.001)

    async def _ask(self, query: str) -> asyncpg.Record | None:
        try:
            if self._connection is None:
                self._connection = await asyncpg.connect(self.url, timeout=2)
            return await self._connection.fetchrow(query)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            self.close()
            return None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None
