"""A store that holds something of every kind, put there by those who do so in the product."""

from __future__ import annotations

import io
import shutil
import tempfile
from datetime import timedelta
from functools import cache
from pathlib import Path

import asyncpg

from bot.jobs.notices import plan_notices
from news.briefs import Flag
from news.channels import Channel, Narrowing, Platform
from news.errors import DeliveryUnknown
from news.names import Relation
from news.polling import after_failure
from news.rereading import Place
from news.stances import Position, Stance
from news.stories import Assignment, Signature
from news.targets import BUILT_IN, Target
from storage.asking import ARTICLES, STATEMENTS
from storage.engine import database_url, open_store
from storage.tables import Row, SearchIndexRow
from storage.unit_of_work import SqlStore
from tests.builders import a_span, a_statement
from tests.contracts.conftest import World
from tests.fakes import MemoryMessenger, SetClock
from tests.posting import plan_due, send_open

HOUR = timedelta(hours=1)
HERE, THERE = Channel(Platform.TERMINAL, "local"), Channel(Platform.DISCORD, "77")
ODD = 'Überfluß “quoted” \N{RIGHT-TO-LEFT OVERRIDE}Ж \u2028 {"table": "feeds"}\n\\ \N{GRINNING FACE} \x1b[31m\x7f'
"""Words that a form of text could stumble over."""


async def store_everything(store: SqlStore, clock: SetClock) -> None:
    """Fills an empty store; at the clock's time one digest has been posted, one is being sent and one waits."""
    world = World(store)
    workspace = await world.workspace()
    await world.workspace("empty")
    feed = await world.follow(workspace, "https://herald.example/feed", outlet=ODD, folder="News/Home")
    other = await world.follow(workspace, "https://tribune.example/feed")
    first, again = [
        await world.publish(feed, "1", at=clock.now() - 3 * HOUR, fingerprint=version, title=title)
        for version, title in (("a", "Bridge to close"), ("b", f"Bridge closed {ODD}"))
    ]
    assert (first.id, again.version) == (first.id, 2)
    copy = await world.publish(other, ODD, at=clock.now() - 2 * HOUR, url="https://tribune.example/1")
    mine = await world.bring(workspace, "mine", now=clock.now() - HOUR, text=ODD, title=None)
    async with store.write() as uow:
        await uow.targets.add(workspace.id, Target(ODD[:80], ODD, (ODD,), ("walk on",)), now=clock.now())
        await uow.targets.remove(workspace.id, BUILT_IN[0].name)
        await uow.commit()
    where = (a_span(again.text, "will close"),)
    stances = (
        Stance("Dana Miller", ODD, Position.OPPOSES, where, 2 / 3),
        Stance("Council", ODD[:80], Position.SUPPORTS, where, 1.0, "Dana Miller", "Oldland", workspace.id),
    )
    await world.read(again, a_statement(), flags=(Flag("headline", ODD),), stances=stances)
    await world.read(copy, a_statement(speaker=None, confidence=1 / 3))
    await world.read(mine)
    await world.cluster(
        Assignment(again.id, with_article=again.id),
        Assignment(copy.id, with_article=again.id, copy_of=again.id),
        Assignment(mine.id, with_article=mine.id),
    )
    async with store.write() as uow:
        await uow.clusters.sign(
            mine.id, Signature(terms=bytes(range(256)), vector=b"", shingles=b"\0"), now=clock.now()
        )
        waiting = await uow.rereading.next()
        await uow.rereading.begin(waiting, 3)
        await uow.rereading.advance(waiting, Place(again.when, again.id), 1)
        await uow.actors.tell(workspace.id, "Dana Miller", "Mayor Miller", Relation.SAME, now=clock.now())
        await uow.actors.take_away(workspace.id, "Dana Miller", "Mayor Miller", now=clock.now())
        await uow.commit()
    await _install(store, clock)
    await _schedule(store, clock, workspace)
    await _fail(store, clock, workspace)


async def _install(store, clock):
    """The app is in one workspace; what it may do there is sealed."""
    async with store.write() as uow:
        sealed = bytes(range(256))
        await uow.installations.save("1.2", ("", "T1", "U1"), sealed, installed=clock.now())
        await uow.commit()


async def _schedule(store, clock, workspace):
    async with store.write() as uow:
        for channel, title in ((HERE, "Posted"), (THERE, "Under way")):
            await uow.subscriptions.add(
                workspace.id, channel, cron="0 9 * * *", timezone="UTC", next_due=clock.now(), title=title
            )
        await uow.commit()
    await plan_due(store, clock, tuple(Platform))
    unheard = MemoryMessenger(Platform.DISCORD, failures=[(DeliveryUnknown("no reply"), True)])
    await send_open(store, clock, {Platform.TERMINAL: MemoryMessenger(), Platform.DISCORD: unheard})
    async with store.write() as uow:
        later = clock.now() + HOUR
        narrowing = Narrowing(about="bridge", outlet=ODD, length=3)
        await uow.subscriptions.add(
            workspace.id, HERE, cron="0 10 * * *", timezone="UTC", next_due=later, narrowing=narrowing
        )
        await uow.commit()


async def _fail(store, clock, workspace):
    """One of the feeds has failed for a day, and that waits to be told."""
    for at in (clock.now() - timedelta(days=1), clock.now()):
        async with store.write() as uow:
            feed = (await uow.feeds.followed(workspace.id))[1]
            await uow.feeds.save(after_failure(feed, f"It answers 500 {ODD}.", at))
            await uow.commit()
    assert await plan_notices(store, clock) == 1


async def put_everything(url: str) -> None:
    """All of it in an empty database of either kind; after the first time copied, which is faster than stored anew."""
    address = database_url(url)
    if address.get_backend_name() == "sqlite":
        await copy_everything(Path(address.database))
    elif _rows:
        await _copy_rows(url)
    else:
        async with open_store(url) as store:
            await store_everything(store, SetClock())
        await _keep_rows(url)


async def copy_everything(path: Path) -> None:
    """Makes an SQLite file of that name with all of it: copying one is faster than filling one for each test."""
    template = _template()
    if not template.exists():
        async with open_store(f"sqlite:///{template}") as store:
            await store_everything(store, SetClock())
    path.parent.mkdir(exist_ok=True)
    shutil.copyfile(template, path)


_rows: dict[str, bytes] = {}
"""What PostgreSQL stored in each table."""
_given_out: list[tuple[str, int]] = []
"""The last number of each of its sequences."""


async def _keep_rows(url: str) -> None:
    tables = [
        table.name for table in Row.metadata.sorted_tables if table.name != SearchIndexRow.__tablename__
    ]
    connection = await asyncpg.connect(url)
    try:
        for table in (*tables, ARTICLES, STATEMENTS, "statement_actors"):
            rows = io.BytesIO()
            await connection.copy_from_table(table, output=rows, format="binary")
            _rows[table] = rows.getvalue()
        _given_out.extend(
            await connection.fetch(
                "SELECT format('%I', sequencename), last_value FROM pg_sequences "
                "WHERE schemaname = 'public' AND last_value IS NOT NULL"
            )
        )
    finally:
        await connection.close()


async def _copy_rows(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            for table, rows in _rows.items():
                await connection.copy_to_table(table, source=io.BytesIO(rows), format="binary")
            await connection.executemany("SELECT setval($1::text::regclass, $2)", _given_out)
    finally:
        await connection.close()


@cache
def _template() -> Path:
    return Path(tempfile.mkdtemp(prefix="attache-template-"), "everything.db")
