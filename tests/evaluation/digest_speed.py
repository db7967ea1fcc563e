"""Measures how long composing a digest takes in a big store: `python -m tests.evaluation.digest_speed [--articles N]`.

The store (`tests/evaluation/big_store.py`) is filled once and kept in the temporary folder, or lies at --database.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import gettempdir

from sqlalchemy import select

from bot.answers.stories import Audience, compose_digest, digest_on_demand
from news.channels import Channel, DeliveryState, Platform, Subscription, Workspace, WorkspaceId
from news.digests import Digest, Window
from news.errors import AlreadyThere
from news.queries import StoryQuery
from storage.engine import database_url, open_engine, open_store
from storage.rows import visible
from storage.tables import ArticleRow, StatementRow
from storage.unit_of_work import SqlStore
from tests.evaluation.big_store import END, fill
from tests.fakes import SetClock

GOAL = 150
"""Milliseconds."""
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_SPREAD = 48
"""Windows end at different hours, so that not all runs read the same pages."""
_CHANNEL = Channel(Platform.TERMINAL, "speed")

Compose = Callable[[datetime], Awaitable[Digest]]


@dataclass(frozen=True)
class Asker:
    """Composes digests of windows that end at a moment."""

    store: SqlStore
    workspace: Workspace

    async def compose(
        self,
        until: datetime,
        reach: timedelta = _DAY,
        *,
        query: StoryQuery | None = None,
        to: Audience | None = None,
    ) -> Digest:
        """One unit of work, as for a subscription."""
        async with self.store.read() as uow:
            return await compose_digest(
                uow,
                self.workspace.id,
                query or StoryQuery(),
                Window(until - reach, until),
                title="Digest",
                timezone="UTC",
                audience=to,
            )

    async def on_demand(self, until: datetime) -> Digest:
        """As `/digest` in a channel that had digests."""
        return await digest_on_demand(self.store, SetClock(until), self.workspace, _CHANNEL, StoryQuery())

    async def told(self) -> Audience:
        """A subscription that has been told each of the last days' digests."""
        async with self.store.write() as uow:
            try:
                added = await uow.subscriptions.add(
                    self.workspace.id, _CHANNEL, cron="0 0 * * *", timezone="UTC", next_due=END
                )
            except AlreadyThere:
                (added,) = await uow.subscriptions.of(self.workspace.id)
            await uow.commit()
        audience = Audience(subscription_id=added.id)
        for days in range(5, 0, -1):
            await self._post(added, END - days * _DAY, audience)
        return audience

    async def _post(self, subscription: Subscription, slot: datetime, audience: Audience) -> None:
        digest = await self.compose(slot, to=audience)
        async with self.store.write() as uow:
            digest_id = await uow.deliveries.save_digest(self.workspace.id, digest, now=slot)
            delivery = await uow.deliveries.plan(subscription.id, slot, digest_id, now=slot)
            if delivery is not None:
                await uow.deliveries.mark(delivery, DeliveryState.SENT, now=slot)
                await uow.commit()


async def measured(compose: Compose, runs: int) -> tuple[list[float], list[float], Digest]:
    """Milliseconds of wall clock and of the processor, and the last digest."""
    wall, cpu = [], []
    for at in range(runs):
        until = END - (at % _SPREAD) * _HOUR / 4
        begun, spent = time.perf_counter(), time.process_time()
        digest = await compose(until)
        wall.append(1000 * (time.perf_counter() - begun))
        cpu.append(1000 * (time.process_time() - spent))
    return wall, cpu, digest


def percentiles(values: Sequence[float]) -> str:
    """The 50th, 95th and 99th."""
    ordered = sorted(values)
    return " ".join(
        f"{ordered[min(len(ordered) - 1, int(len(ordered) * p))]:6.0f}" for p in (0.5, 0.95, 0.99)
    )


async def _cases(asker: Asker, names: Sequence[str]) -> dict[str, Compose]:
    audience = await asker.told()
    word, actor = names

    def asks(**query: str) -> Compose:
        return lambda until: asker.compose(until, query=StoryQuery(**query))

    return {
        "24 hours": asker.compose,
        "7 days": lambda until: asker.compose(until, 7 * _DAY),
        "24 hours, about a word": asks(about=word),
        "24 hours, by an actor": asks(actor=actor),
        "24 hours, of an outlet": asks(outlet="Outlet 1"),
        "7 days, about a word": lambda until: asker.compose(until, 7 * _DAY, query=StoryQuery(about=word)),
        "24 hours, five days told": lambda until: asker.compose(until, to=audience),
        "on demand in that channel": lambda until: asker.on_demand(until + _HOUR),
    }


async def measure(url: str, articles: int, runs: int) -> int:
    """Fills the store where it is empty, and prints the times of each case."""
    async with open_store(url) as store:
        async with open_engine(database_url(url)) as engine:
            async with engine.connect() as connection:
                empty = (await connection.execute(select(ArticleRow.id).limit(1))).first() is None
            if empty:
                begun = time.perf_counter()
                await fill(engine, articles)
                print(f"filled in {time.perf_counter() - begun:.0f} s", flush=True)
            async with engine.connect() as connection:
                rows = await connection.execute(
                    select(StatementRow.speaker_name, StatementRow.content_words)
                    .where(visible(WorkspaceId(1), StatementRow.article_id))
                    .where(StatementRow.moment < END - _DAY / 2)
                    .order_by(StatementRow.moment.desc())
                    .limit(1)
                )
                name, words = rows.one()
        async with store.write() as uow:
            workspace = await uow.workspaces.obtain(Platform.TERMINAL, "local")
            await uow.commit()
        asker = Asker(store, workspace)
        word = max(words.split(), key=len)
        print("milliseconds: p50, p95, p99 of wall clock | of the processor | stories in the digest")
        for title, compose in (await _cases(asker, (word, name))).items():
            await compose(END)
            wall, cpu, digest = await measured(compose, runs)
            print(f"{title:28} {percentiles(wall)} | {percentiles(cpu)} | {len(digest.stories)}", flush=True)
    return 0


def main() -> int:
    """Prints percentiles in milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument(
        "--database", help="an address; by default an SQLite file in the folder for temporary files"
    )
    options = parser.parse_args()
    file = Path(gettempdir(), f"attache-speed-{options.articles}.db")
    return asyncio.run(measure(options.database or f"sqlite:///{file}", options.articles, options.runs))


if __name__ == "__main__":
    sys.exit(main())
