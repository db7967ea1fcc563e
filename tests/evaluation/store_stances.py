"""Measures the ledger: `python -m tests.evaluation.store_stances [--scale X] [--database URL] [--runs N]`.

Fills a database with two million stances (times `--scale`) of three years, and asks for standings. Actors and targets are
as frequent as Zipf's law has it; an actor's position on a target changes about twice a year, and one report in twenty says
otherwise. Prints one JSON line: milliseconds on the clock, and of the processor. Without --database an SQLite file in the
temporary folder is used, with `--database postgresql` a server that is started for it; what is filled already is used again.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from news.channels import Platform
from news.queries import StanceQuery
from news.stances import Position
from news.targets import BUILT_IN
from storage.directory import Role, Uses, enter
from storage.engine import WRITING, database_url, open_engine, open_store
from storage.ids import new_id
from storage.pages import put_in
from storage.rows import table_of
from storage.search import spaced_key
from storage.stance_rows import key_of
from storage.tables import (
    ArticleRow,
    BriefRow,
    EntryRow,
    FeedRow,
    FollowRow,
    StanceRow,
    TargetRow,
    VersionRow,
    WorkspaceRow,
)
from storage.types import lookup_key
from tests.evaluation.news_archive import Zipf, _made_up, _pairs
from tests.evaluation.store import database

STANCES, PER_ARTICLE = 2_000_000, 4
ACTORS, STATES, OUTLETS, OWN = 1_000, 40, 50, 10
WORKSPACES = {"all": OUTLETS, "half": 25, "two": 2}
BEGINS, DAYS = datetime(2022, 1, 1, tzinfo=UTC), 1_095
TEXT = "The Citadel sees no grounds for talks, its spokesman said."
EVIDENCE = [{"start": 12, "end": 37}]
PER_LOT = 5_000
_SLIPS, _CHANGES, _COPIES, _TWICE = 0.05, 200, 0.1, 0.1
"""Shares of reports that say otherwise; days that a position lasts; shares of articles that are copies, and that came by a
second feed."""
_POSITIONS = [position.value for position in Position]

Rows = dict[Any, list[dict[str, Any]]]


class Archive:
    """So many stances, oldest first."""

    def __init__(self, stances: int, seed: int = 1) -> None:
        self.articles = max(1, stances // PER_ARTICLE)
        self._rng = np.random.default_rng(seed)
        self.actors = Zipf([f"{a.title()} {b.title()}" for a, b in _pairs(self._rng, ACTORS)])
        self.states = [f"{word.title()}ia" for word in _made_up(STATES, 2)]
        self.own = [f"the {word} treaty" for word in _made_up(OWN, 2)]
        names = [target.name for target in BUILT_IN]
        self.targets = Zipf([name for at, name in enumerate((*names, *self.own))])

    def state(self, actor: str) -> str | None:
        """Six in ten actors speak for a state."""
        at = self._place(actor)
        return self.states[at % STATES] if at % 10 < 6 else None

    def _place(self, actor: str) -> int:
        return self._places[actor]

    @property
    def _places(self) -> dict[str, int]:
        if not hasattr(self, "_known"):
            self._known = {actor: at for at, actor in enumerate(self.actors.things)}
        return self._known

    def lots(self) -> Iterator[Rows]:
        """All rows, some thousand articles at a time."""
        for start in range(0, self.articles, PER_LOT):
            yield self._lot(start, min(PER_LOT, self.articles - start))

    def _lot(self, start: int, count: int) -> Rows:
        rng = self._rng
        actors = iter(self.actors.draw(rng, count * PER_ARTICLE))
        targets = iter(self.targets.draw(rng, count * PER_ARTICLE))
        chances = iter(rng.random(count * (PER_ARTICLE + 2)).tolist())
        feeds = rng.integers(1, OUTLETS + 1, count).tolist()
        rows: Rows = {kind: [] for kind in (ArticleRow, VersionRow, EntryRow, BriefRow, StanceRow)}
        last: int | None = None
        for at in range(count):
            day = DAYS * (start + at) / self.articles
            moment = BEGINS + timedelta(days=day)
            number, feed = new_id(moment), feeds[at]
            copied = next(chances) < _COPIES and last is not None
            self._article(rows, number, feed, moment, last if copied else None)
            if next(chances) < _TWICE:
                rows[EntryRow].append(_entry(number, feed % OUTLETS + 1))
            last = last if copied else number
            for place in range(PER_ARTICLE):
                actor, target = next(actors), next(targets)
                slipped = next(chances) < _SLIPS
                rows[StanceRow].append(self._stance(number, feed, moment, place, actor, target, day, slipped))
        return rows

    def _article(self, rows: Rows, number: int, feed: int, moment: datetime, copy_of: int | None) -> None:
        outlet = f"Outlet {feed}"
        rows[ArticleRow].append(
            {"id": number, "feed_id": feed, "key": str(number), "imported": False, "url": None}
            | {"url_key": None, "outlet": outlet, "outlet_key": outlet.lower(), "published": moment}
            | {"arrived": moment, "moment": moment, "version": 1, "briefed": 1, "copy_of": copy_of}
        )
        rows[VersionRow].append(
            {"article_id": number, "version": 1, "seen": moment, "title": "No talks", "text": TEXT}
            | {"byline": None, "language": "en", "partial": False, "title_key": " no talks "}
        )
        rows[EntryRow].append(_entry(number, feed))
        rows[BriefRow].append(
            {"article_id": number, "version": 1, "length": len(TEXT), "language": "en", "summary": []}
            | {"flags": [], "figures": [], "engines": {}}
        )

    def _stance(
        self,
        number: int,
        feed: int,
        moment: datetime,
        place: int,
        actor: str,
        target: str,
        day: float,
        slipped: bool,
    ) -> dict[str, Any]:
        seed = self._place(actor) * 31 + self.targets.things.index(target) * 7
        at = (seed + int(day + seed * 13 % _CHANGES) // _CHANGES + slipped) % 3
        state = self.state(actor)
        key, state_key = lookup_key(spaced_key(actor).strip()), lookup_key(spaced_key(state).strip())
        return {
            "id": new_id(moment),
            "article_id": number,
            "place": place,
            "moment": moment,
            "actor": actor,
            "actor_key": key,
            "voice": None,
            "state": state,
            "state_key": state_key,
            "outlet_key": f"outlet {feed}",
            "target": target,
            "target_key": key_of(target),
            "owner": 1 if target in self.own else None,
            "position": _POSITIONS[at],
            "confidence": 0.8,
            "evidence": EVIDENCE,
        }


def _entry(number: int, feed: int) -> dict[str, Any]:
    return {"feed_id": feed, "key": f"{number}", "article_id": number, "fingerprint": "f", "tries": 0}


async def fill(engine: AsyncEngine, archive: Archive) -> None:
    """Fills an empty store."""
    began, paging = time.perf_counter(), 0.0
    async with engine.execution_options(**WRITING).begin() as connection:
        for kind, rows in _frame(archive).items():
            await connection.execute(insert(table_of(kind)), rows)
    for number, lot in enumerate(archive.lots()):
        async with engine.execution_options(**WRITING).begin() as connection:
            for kind, rows in lot.items():
                await _put(connection, kind, rows)
            started = time.process_time()
            await put_in(AsyncSession(connection), [row["id"] for row in lot[ArticleRow]])
            paging += time.process_time() - started
        if number % 10 == 9:
            _tell(
                f"{(number + 1) * PER_LOT} articles in {time.perf_counter() - began:.0f} s, pages {paging:.0f} s"
            )
    async with engine.execution_options(**WRITING).begin() as connection:
        session = AsyncSession(connection)
        await enter(session, _uses(archive))
        await session.flush()
    async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await connection.execute(text("ANALYZE"))


async def _put(connection: AsyncConnection, kind: Any, rows: list[dict[str, Any]]) -> None:
    if connection.dialect.name == "sqlite":
        await connection.execute(insert(table_of(kind)), rows)
        return
    driver: Any = (await connection.get_raw_connection()).driver_connection
    columns = list(rows[0])
    documents = {"summary", "flags", "figures", "engines", "evidence"}
    await driver.copy_records_to_table(
        table_of(kind).name,
        columns=columns,
        records=[
            tuple(json.dumps(row[name]) if name in documents else row[name] for name in columns)
            for row in rows
        ],
    )


def _uses(archive: Archive) -> Uses:
    uses, feeds = Uses(), range(1, OUTLETS + 1)
    for actor in archive.actors.things:
        uses.add(spaced_key(actor), actor, Role.REPRESENTED, feeds)
    for state in archive.states:
        uses.add(spaced_key(state), state, Role.REPRESENTED, feeds)
    return uses


def _frame(archive: Archive) -> Rows:
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
    archive = Archive(round(STANCES * options.scale))
    async with database(options.database, options.scale, "stances") as url, open_store(url) as store:
        async with open_engine(database_url(url)) as engine:
            async with engine.connect() as connection:
                filled = await connection.scalar(select(func.count()).select_from(WorkspaceRow))
            if not filled:
                await fill(engine, archive)
            async with engine.connect() as connection:
                stances = await connection.scalar(select(func.count()).select_from(StanceRow))
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
