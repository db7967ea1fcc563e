"""Measures the ledger: `python -m tests.evaluation.store_stances [--scale X] [--database URL] [--runs N]`.

Fills a database with two million stances (times `--scale`) of three years, and asks for standings. Actors and targets are
as frequent as Zipf's law has it; an actor's position on a target changes about twice a year, and one report in twenty says
otherwise. Prints one JSON line: milliseconds on the clock, and of the processor. Without --database an SQLite file in the
temporary folder is used, with `--database postgresql` a server that is started for it; what is filled already is used again.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from news.actors import name_key
from news.channels import Platform
from news.feeds import FeedId
from news.ledger import CAREFUL
from news.queries import StanceQuery
from news.targets import BUILT_IN
from storage.directory import Role, Uses, enter
from storage.engine import WRITING, database_url, open_engine, open_store
from storage.ids import new_id
from storage.rows import table_of
from storage.search import spaced_key
from storage.sightings import NEWEST, PERIOD_BITS, SIGHTING, instant, outlet_number
from storage.stance_rows import key_of
from storage.tables import (
    ArticleRow,
    BriefRow,
    EntryRow,
    FeedRow,
    FollowRow,
    PageRow,
    PairRow,
    Row,
    StanceRow,
    TargetRow,
    VersionRow,
    WorkspaceRow,
)
from tests.evaluation.news_archive import Zipf, _made_up, _pairs
from tests.evaluation.store import database

STANCES, PER_ARTICLE = 2_000_000, 8
ACTORS, STATES, OUTLETS, OWN = 1_000, 40, 50, 10
WORKSPACES = {"all": OUTLETS, "half": 25, "two": 2}
BEGINS, DAYS = datetime(2022, 1, 1, tzinfo=UTC), 1_095
TEXT = "The Citadel sees no grounds for talks, its spokesman said."
EVIDENCE = json.dumps([{"start": 12, "end": 37}])
PER_LOT = 10_000
_SLIPS, _CHANGES, _COPIES, _TWICE = 0.05, 200, 0.1, 0.1
"""Shares of reports that say otherwise; days that a position lasts; shares of articles that are copies, and that came by a
second feed."""

Tuples = dict[type[Row], list[tuple[Any, ...]]]
_COLUMNS: dict[type[Row], str] = {
    ArticleRow: "id feed_id key imported outlet outlet_key published arrived moment version briefed copy_of",
    VersionRow: "article_id version seen title text language partial title_key",
    EntryRow: "feed_id key article_id fingerprint tries",
    BriefRow: "article_id version length language summary flags figures engines",
    StanceRow: "id article_id place moment actor actor_key state state_key outlet_key target target_key owner position "
    "confidence evidence",
    PageRow: "pair_id period sightings",
}


class Archive:
    """So many stances, oldest first, as tuples of columns; and the pages that they make."""

    def __init__(self, stances: int, *, sqlite: bool, seed: int = 1) -> None:
        self.articles = max(1, stances // PER_ARTICLE)
        self._rng, self._sqlite = np.random.default_rng(seed), sqlite
        self.actors = Zipf([f"{a.title()} {b.title()}" for a, b in _pairs(self._rng, ACTORS)])
        self.states = [f"{word.title()}ia" for word in _made_up(STATES, 2)]
        self.own = [f"the {word} treaty" for word in _made_up(OWN, 2)]
        self.targets = Zipf([*(target.name for target in BUILT_IN), *self.own])
        self._seen: list[np.ndarray[Any, Any]] = []
        self._last = 0

    @cache  # noqa: B019 - there is one archive a process
    def pair(self, number: int) -> dict[str, Any]:
        """An actor and a target: their row, less what its feeds have."""
        actor, target = divmod(number, len(self.targets.things))
        state = self._state(actor)
        name = self.targets.things[target]
        return {
            "id": number + 1,
            "owner": 1 if name in self.own else 0,
            "target_key": key_of(name),
            "actor_key": name_key(self.actors.things[actor]),
            "state_key": name_key(state or ""),
        }

    def _state(self, actor: int) -> str | None:
        """Six in ten actors speak for a state."""
        return self.states[actor % STATES] if actor % 10 < 6 else None

    def lots(self) -> Iterator[Tuples]:
        """All rows, some thousand articles at a time."""
        for start in range(0, self.articles, PER_LOT):
            yield self._lot(start, min(PER_LOT, self.articles - start))

    def _time(self, moment: datetime) -> Any:
        return instant(moment) if self._sqlite else moment

    def _lot(self, start: int, count: int) -> Tuples:
        rng, rows = self._rng, dict[type[Row], list[tuple[Any, ...]]]({kind: [] for kind in _COLUMNS})
        size, chances = count * PER_ARTICLE, rng.random((count, 2))
        actors = np.searchsorted(self.actors._reach, rng.random(size))
        targets = np.searchsorted(self.targets._reach, rng.random(size))
        days = np.repeat(DAYS * (start + np.arange(count)) / self.articles, PER_ARTICLE)
        sides = np.where(actors % 10 < 6, actors % STATES, actors)  # those who speak for one state agree
        seeds = sides * 31 + targets * 7
        slips = rng.random(size) < _SLIPS
        places = (seeds + (days + seeds * 13 % _CHANGES).astype(int) // _CHANGES + slips) % 3
        feeds = rng.integers(1, OUTLETS + 1, count).tolist()
        sightings = []
        for at in range(count):
            moment = BEGINS + timedelta(days=DAYS * (start + at) / self.articles)
            number, feed = new_id(moment), feeds[at]
            copy_of = self._last if chances[at, 0] < _COPIES and self._last else None
            self._last = self._last if copy_of else number
            both = (feed, feed % OUTLETS + 1) if chances[at, 1] < _TWICE else (feed,)
            self._article(rows, number, both, self._time(moment), copy_of)
            for place in range(PER_ARTICLE):
                row = at * PER_ARTICLE + place
                stance, pair = new_id(moment), int(actors[row]) * len(self.targets.things) + int(targets[row])
                rows[StanceRow].append(
                    self._stance(stance, number, place, self._time(moment), feed, pair, int(places[row]))
                )
                record = (instant(moment), stance, number, copy_of or number, instant(moment))
                outlet = outlet_number(f"outlet {feed}")
                sightings += [(pair, *record, outlet, one, int(places[row])) for one in both]
        self._seen.append(np.array(sightings, dtype=[("pair", "<i8"), *SIGHTING]))
        return rows

    def _article(
        self, rows: Tuples, number: int, feeds: tuple[int, ...], at: Any, copy_of: int | None
    ) -> None:
        outlet, empty = f"Outlet {feeds[0]}", "[]"
        rows[ArticleRow].append(
            (number, feeds[0], str(number), False, outlet, outlet.lower(), at, at, at, 1, 1, copy_of)
        )
        rows[VersionRow].append((number, 1, at, "No talks", TEXT, "en", False, " no talks "))
        rows[BriefRow].append((number, 1, len(TEXT), "en", empty, empty, empty, "{}"))
        rows[EntryRow] += [(feed, str(number), number, "f", 0) for feed in feeds]

    def _stance(
        self, stance: int, number: int, place: int, at: Any, feed: int, pair: int, position: int
    ) -> tuple[Any, ...]:
        row, (actor, target) = self.pair(pair), divmod(pair, len(self.targets.things))
        return (
            *(stance, number, place, at, self.actors.things[actor], row["actor_key"], self._state(actor)),
            *(row["state_key"], f"outlet {feed}", self.targets.things[target], row["target_key"]),
            *(row["owner"] or None, CAREFUL[position].value, 0.8, EVIDENCE),
        )

    def pages(self) -> tuple[list[dict[str, Any]], list[tuple[Any, ...]]]:
        """The rows of pairs and of pages, as `storage.pages` would leave them."""
        seen = np.concatenate(self._seen)
        period = seen["id"] >> PERIOD_BITS
        seen = seen[
            np.lexsort((seen["feed"], seen["id"], seen["position"], seen["moment"], period, seen["pair"]))
        ]
        period = seen["id"] >> PERIOD_BITS
        key = seen["pair"] * (1 << 20) + period
        starts = [0, *(np.nonzero(key[1:] != key[:-1])[0] + 1).tolist(), len(seen)]
        records = seen[[name for name, _ in SIGHTING]].astype(SIGHTING)
        newest: dict[int, dict[int, int]] = {}
        for pair, feed, moment in zip(*(seen[n].tolist() for n in ("pair", "feed", "moment")), strict=True):
            newest.setdefault(pair, {})[feed] = moment
        pairs = [
            self.pair(pair) | {"feeds": np.array(sorted(feeds.items()), dtype=NEWEST).tobytes()}
            for pair, feeds in newest.items()
        ]
        pages = [
            (int(seen["pair"][start]) + 1, int(period[start]), records[start:end].tobytes())
            for start, end in pairwise(starts)
        ]
        return pairs, pages


async def fill(engine: AsyncEngine, archive: Archive) -> None:
    """Fills an empty store."""
    began = time.perf_counter()
    async with engine.execution_options(**WRITING).begin() as connection:
        for kind, rows in _frame(archive).items():
            await connection.execute(insert(table_of(kind)), rows)
        session = AsyncSession(connection)
        await enter(session, _uses(archive))
        await session.flush()
    for number, lot in enumerate(archive.lots(), start=1):
        async with engine.execution_options(**WRITING).begin() as connection:
            for kind, rows in lot.items():
                await _put(connection, kind, rows)
        _tell(f"{number * PER_LOT} articles in {time.perf_counter() - began:.0f} s")
    pairs, pages = archive.pages()
    async with engine.execution_options(**WRITING).begin() as connection:
        await connection.execute(insert(table_of(PairRow)), pairs)
        await _put(connection, PageRow, pages)
    async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await connection.execute(text("ANALYZE"))
    _tell(f"{len(pairs)} pairs, {len(pages)} pages")


async def _put(connection: AsyncConnection, kind: type[Row], rows: list[tuple[Any, ...]]) -> None:
    """Past SQLAlchemy, which would take most of the time."""
    name, columns = table_of(kind).name, _COLUMNS[kind].split()
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        await connection.exec_driver_sql(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({marks})", rows)
    else:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        await driver.copy_records_to_table(name, columns=columns, records=rows)


def _uses(archive: Archive) -> Uses:
    uses, feeds = Uses(), [FeedId(n) for n in range(1, OUTLETS + 1)]
    for name in (*archive.actors.things, *archive.states):
        uses.add(spaced_key(name), name, Role.REPRESENTED, feeds)
    return uses


def _frame(archive: Archive) -> dict[type[Row], list[dict[str, Any]]]:
    pace = {"pace": {}, "interval": 1800, "failures": 0, "ended": False}
    target = {"workspace_id": 1, "kind": "own", "description": "So.", "supporting": [], "opposing": []}
    target |= {"made": BEGINS, "waiting": False, "done": 0}
    return {
        WorkspaceRow: [
            {"id": n, "platform": "terminal", "external_id": name, "timezone": "UTC"}
            for n, name in enumerate(WORKSPACES, start=1)
        ],
        FeedRow: [
            {"id": n, "url": f"https://outlet-{n}.example/feed", "url_key": f"{n}", "outlet": f"Outlet {n}"}
            | pace
            for n in range(1, OUTLETS + 1)
        ],
        FollowRow: [
            {"workspace_id": n, "feed_id": 1 + at * (OUTLETS // followed), "folder": ""}
            for n, followed in enumerate(WORKSPACES.values(), start=1)
            for at in range(followed)
        ],
        TargetRow: [target | {"name": name, "key": key_of(name)} for name in archive.own],
    }


async def measure(store: Any, archive: Archive, runs: int, seed: int) -> dict[str, Any]:
    """What each kind of question took."""
    rng, found = np.random.default_rng(seed), dict[str, Any]()
    actors, targets = archive.actors, archive.targets
    top = actors.things[0]
    given = [target.name for target in BUILT_IN]
    asks = {
        "actor": lambda: StanceQuery(actor=actors.draw(rng, 1)[0]),
        "actor_target": lambda: StanceQuery(actor=actors.draw(rng, 1)[0], target=given[int(rng.integers(5))]),
        "target": lambda: StanceQuery(target=given[int(rng.integers(len(given)))]),
        "state": lambda: StanceQuery(actor=archive.states[int(rng.integers(STATES))]),
        "top_actor": lambda: StanceQuery(actor=top),
        "top_actor_target": lambda: StanceQuery(actor=top, target=targets.things[0]),
        "top_target": lambda: StanceQuery(target=targets.things[0]),
        "top_state": lambda: StanceQuery(actor=archive.states[0]),
    }
    for name, ask in asks.items():
        for workspace in WORKSPACES:
            async with store.read() as uow:
                space = await uow.workspaces.find(Platform.TERMINAL, workspace)
            clock, processor, shown = [], [], 0
            for turn in range(runs + 1):
                query = ask()
                before = time.perf_counter(), time.process_time()
                async with store.read() as uow:
                    shown += len((await uow.stances.standings(space.id, query)).standings)
                if turn:  # what is asked all day is in memory
                    clock.append((time.perf_counter() - before[0]) * 1000)
                    processor.append((time.process_time() - before[1]) * 1000)
            found[f"{name}_{workspace}"] = {
                "p50": round(float(np.percentile(clock, 50)), 1),
                "p99": round(float(np.percentile(clock, 99)), 1),
                "cpu50": round(float(np.percentile(processor, 50)), 1),
                "cpu99": round(float(np.percentile(processor, 99)), 1),
                "found": round(shown / (runs + 1), 1),
            }
            _tell(f"{name} {workspace}: {found[f'{name}_{workspace}']}")
    return found


async def run(options: argparse.Namespace) -> dict[str, Any]:
    """Fills what is empty, measures, and says what came of it."""
    async with database(options.database, options.scale, "stances") as url, open_store(url) as store:
        sqlite = database_url(url).get_backend_name() == "sqlite"
        archive = Archive(round(STANCES * options.scale), sqlite=sqlite)
        async with open_engine(database_url(url)) as engine:
            async with engine.connect() as connection:
                filled = await connection.scalar(select(func.count()).select_from(WorkspaceRow))
            if not filled:
                await fill(engine, archive)
            async with engine.connect() as connection:
                stances = await connection.scalar(select(func.count()).select_from(StanceRow))
        gc.collect()
        gc.freeze()  # as `attache run` does
        found = await measure(store, archive, options.runs, options.seed)
    return {"database": database_url(url).get_backend_name(), "stances": stances, **found}


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def main() -> None:
    """Reads the options and prints the line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--database")
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=2)
    sys.stdout.write(json.dumps(asyncio.run(run(parser.parse_args()))) + "\n")


if __name__ == "__main__":
    main()
