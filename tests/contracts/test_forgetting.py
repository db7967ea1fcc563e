"""Forgetting a workspace: nothing of it is left, on either database, and what others see is as it was for them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from bot.answers.actors import find_actor
from bot.jobs.deliver import deliver
from bot.jobs.forget import forget
from news.arrivals import Arrival
from news.channels import Channel, Platform
from news.digests import Digest, DigestStory, Window
from news.errors import NotFound, StoreError
from news.leaving import Erased
from news.names import Relation
from news.queries import StanceQuery, StatementQuery, StoryQuery
from news.stances import Position, Stance
from news.stories import Assignment
from news.targets import Target
from storage.scrubbing import empty_log, scrub
from storage.soundness import SqlSoundness
from storage.tables import Row
from tests.builders import MORNING, a_draft, a_span, a_statement
from tests.everything import store_everything
from tests.fakes import MemoryMessenger, SetClock

HERE = Channel(Platform.TERMINAL, "leaver")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = MORNING + DAY
PLANTED = "The quixotic heron signed the Verlane protocol"
SHARED = (
    "The mayor spoke on Tuesday. “The ferry will sail again,” said Dana Miller of the council. It rained."
)
SECRET = f"Nobody knew. “{PLANTED},” said Zebedee Quillfeather of the Brackwater Trust. It rained."

NOBODYS: Mapping[str, str] = {
    "leases": "who posts, of all processes: no workspace has one",
    "outages": "a platform that cannot be reached, for whoever is there",
    "handled": "the platform's number of what was asked, ten minutes long; what is over goes with any workspace",
    "install_states": "a number of somebody who is installing the app, and not in any workspace yet; likewise",
    "search_index": "the version of the index's rules",
    "stories": "a number, and when it was first told; one without articles goes",
}
"""Tables that hold nothing of one workspace's, and why."""
THE_WORKSPACES = (
    "actor_feeds", "actor_names", "actor_tokens", "actors", "article_versions", "articles", "briefs", "deliveries",
    "digests", "entries", "feeds", "follows", "installations", "notices", "outlets", "signatures", "stance_pages",
    "stance_pairs", "stances", "statements", "subscriptions", "targets", "told", "workspaces",
)  # fmt: skip
"""Tables that hold what a workspace left: the tests below fill each of them, and look that nothing is left."""
INDEXES = ("statement_index", "article_index")


@pytest.fixture
def clock():
    return SetClock(NOW)


async def nothing() -> None:
    """In the place of what clears the file."""


async def forgotten(store, clock, workspace, **more):
    return await forget(store, clock, workspace.id, **{"scrub": nothing, "patience": 0.0} | more)


async def rows(store) -> dict[str, int]:
    """How many rows each table has, those that have any."""
    names = [table.name for table in Row.metadata.sorted_tables] + list(INDEXES)
    async with store.read() as uow:
        session = uow.articles._session
        counts = {name: await session.scalar(text(f"SELECT count(*) FROM {name}")) for name in names}
    return {name: count for name, count in counts.items() if count}


async def faults(url) -> list[str]:
    sound = SqlSoundness(url)
    walks = [await sound.rows(whole=True), await sound.spans(whole=True), await sound.index(whole=True)]
    return [fault.what for walk in walks for fault in walk.faults]


def test_every_table_is_accounted_for():
    tables = Row.metadata.tables
    assert sorted({*NOBODYS, *THE_WORKSPACES}) == sorted(tables)
    assert not set(NOBODYS) & set(THE_WORKSPACES)
    whose = {"workspaces"}
    for table in Row.metadata.sorted_tables:  # what belongs to what is a workspace's is a workspace's, too
        if {key.column.table.name for key in table.foreign_keys} & whose or "workspace_id" in table.c:
            whose.add(table.name)
    assert not whose & set(NOBODYS)


def says(text, words, speaker):
    return a_statement(text, words, speaker=speaker, cue=(a_span(text, "said"),))


async def write(store, work):
    async with store.write() as uow:
        done = await work(uow)
        await uow.commit()
    return done


class Town:
    """Two workspaces that follow a feed together, and each one alone; each has something of every kind."""

    def __init__(self, world):
        self.world, self.store = world, world.store

    async def build(self):
        world = self.world
        self.leaver = await write(
            self.store, lambda uow: uow.workspaces.obtain(Platform.SLACK, "T1LEAVER", now=MORNING)
        )
        self.stayer = await world.workspace("stayer")
        # The one that leaves was there first: articles are of its feeds, and its digests told of stories first.
        self.own = await world.follow(self.leaver, "https://quill.example/feed", outlet="Quill Gazette")
        self.first = await world.follow(self.leaver, "https://ferry.example/feed")
        self.both = await world.follow(self.leaver, "https://ferry.example/other")
        await world.follow(self.stayer, "https://ferry.example/other", outlet="Ferry Post")
        self.theirs = await world.follow(self.stayer, "https://stay.example/feed", outlet="Stay")
        at = {"url": "https://ferry.example/1", "text": SHARED, "title": "Ferry to sail"}
        self.shared = await world.publish(self.first, "1", **at)  # by the leaver's feed first
        assert (await world.publish(self.both, "a", **at)).id == self.shared.id
        self.secret = await world.publish(
            self.own, "s", text=SECRET, title=PLANTED, outlet="Quill Gazette", url="https://quill.example/s"
        )
        self.copy = await world.publish(self.theirs, "c", text=SHARED, url="https://stay.example/c")
        self.mine = await world.bring(self.leaver, "mine", text=SECRET, title="Brought along")
        self.kept = await world.bring(self.stayer, "kept", text=SHARED, title="Brought along")
        own = Target("heron rights", f"Whether {PLANTED}", ("heron yes",), ("heron no",))
        self.target = await write(self.store, lambda uow: uow.targets.add(self.leaver.id, own, now=NOW))
        for article, words in (
            (self.shared, SHARED), (self.copy, SHARED), (self.kept, SHARED), (self.secret, SECRET), (self.mine, SECRET)
        ):  # fmt: skip
            await self.read(article, words)
        await world.cluster(
            *(put(i, self.secret) for i in (self.secret, self.shared, self.mine)),
            put(self.copy, self.secret, copy_of=self.secret.id),
            put(self.kept, self.kept),
        )
        for workspace in (self.leaver, self.stayer):
            await self.fill(workspace)
        return self

    async def read(self, article, words):
        speaker = "Dana Miller" if words is SHARED else "Zebedee Quillfeather"
        said = "“The ferry will sail again,”" if words is SHARED else f"“{PLANTED},”"
        where = (a_span(words, "It rained."),)
        stances = (
            Stance(speaker, "the ferry", Position.SUPPORTS, where, 0.9),
            Stance(speaker, "heron rights", Position.OPPOSES, where, 0.9, owner=self.leaver.id),
        )
        await self.world.read(article, says(words, said, speaker), stances=stances)

    async def fill(self, workspace):
        """Names, schedules, digests, notices and, in Slack, tokens."""
        title = PLANTED[:40] if workspace is self.leaver else "Kept"
        async with self.store.write() as uow:
            await uow.actors.tell(workspace.id, "Dana Miller", "Mayor Miller", Relation.SAME, now=NOW)
            if workspace is self.leaver:
                await uow.actors.tell(workspace.id, "Dana Miller", PLANTED, Relation.APART, now=NOW)
                await uow.installations.save("1.2", ("", "T1LEAVER", "U1"), PLANTED.encode(), installed=NOW)
            await uow.installations.save("1.2", ("", "T2", "U1"), b"sealed", installed=NOW)
            made = await uow.subscriptions.add(
                workspace.id, HERE, cron="0 9 * * *", timezone="UTC", next_due=NOW + HOUR, title=title
            )
            story = DigestStory(await self.story(uow), "Ferry", 1, 1, (), (), ())
            for day in (1, 2):
                slot = NOW - day * HOUR
                digest = Digest(title, Window(slot - DAY, slot), "UTC", (story,), 1, 1)
                number = await uow.deliveries.save_digest(workspace.id, digest, now=slot)
                await uow.deliveries.plan(made.id, slot, number, now=slot)
            await uow.workspaces.send_notices(workspace.id, replace(HERE, external_id="desk"))
            await uow.subscriptions.stop(made.id, title, now=NOW)
            await uow.notices.plan(NOW)
            await uow.commit()

    async def story(self, uow):
        return (await uow.stories.find(self.stayer.id, StoryQuery()))[0].id

    async def answers(self, workspace):
        """All that the workspace is told, as values."""
        store = self.store
        async with store.read() as uow:
            stories = await uow.stories.find(workspace.id, StoryQuery())
            statements = await uow.briefs.statements(workspace.id, StatementQuery(limit=100))
            named = await uow.briefs.statements(workspace.id, StatementQuery("Miller", "ferry", limit=100))
            outlet = await uow.briefs.statements(workspace.id, StatementQuery(outlet="Herald", limit=100))
            standings = await uow.stances.standings(workspace.id, StanceQuery(None, "the ferry"))
            positions = await uow.stances.standings(workspace.id, StanceQuery("Dana Miller", None))
            lists = [
                await uow.feeds.follows(workspace.id), await uow.feeds.outlets(workspace.id),
                await uow.targets.of(workspace.id), await uow.subscriptions.of(workspace.id),
                await uow.actors.suggest(workspace.id, "da"), await uow.actors.suggest(workspace.id, "ze"),
                await uow.deliveries.last_digest(workspace.id, HERE), await uow.workspaces.notices(workspace.id),
            ]  # fmt: skip
        profile = await find_actor(store, workspace, "Dana Miller")
        return stories, statements, named, outlet, standings, positions, lists, profile


def put(article, with_, **more):

    return Assignment(article.id, with_article=with_.id, **more)


@pytest.fixture
async def town(world):
    return await Town(world).build()


async def test_all_of_the_only_workspace_goes(store, store_url, clock):
    await store_everything(store, clock)
    filled = await rows(store)
    async with store.read() as uow:
        known = {one.workspace.external_id: one.workspace for one in await uow.forgetting.known()}
    assert set(THE_WORKSPACES) - {"outlets"} <= set(filled), "each of its tables is filled before"
    erased = await forgotten(store, clock, known["local"])
    assert (erased.feeds, erased.articles, erased.schedules) == (2, 3, 3)
    left = await rows(store)
    assert left.pop("workspaces") == 1, "the other one is there"
    assert left.pop("installations") == 1, "which is of a workspace on Slack"
    assert set(left) <= set(NOBODYS)
    assert not left.get("stories")
    assert await faults(store_url) == []


async def test_what_another_sees_is_as_it_was_for_it(town, store, store_url, clock):
    before = await town.answers(town.stayer)
    assert before[0], "it has stories"
    assert before[1].total == 1
    assert all(before), "and an answer of each kind"
    erased = await forgotten(store, clock, town.leaver)
    assert await town.answers(town.stayer) == before
    assert erased == Erased(
        feeds=2,
        articles=2,
        statements=2,
        schedules=1,
        digests=2,
        notices=1,
        names=2,
        targets=1,
        installations=1,
    )
    assert await faults(store_url) == []
    async with store.read() as uow:
        assert [one.workspace for one in await uow.forgetting.known()] == [town.stayer]


async def words_in(store) -> list[tuple[str, str]]:
    """Every table and column in which something of the workspace stands: on every database, column by column."""
    found = []
    async with store.read() as uow:
        session = uow.articles._session
        if session.get_bind().dialect.name == "postgresql":
            columns = (
                await session.execute(
                    text(
                        "SELECT table_name, column_name FROM information_schema.columns"
                        " WHERE table_schema = current_schema()"
                    )
                )
            ).all()
            sought = "{0}::text"
        else:
            names = await session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
            columns = [
                (name, row.name)
                for name in list(names)
                for row in (await session.execute(text(f'PRAGMA table_info("{name}")'))).all()
            ]
            sought = "CAST({0} AS text)"
        for table, column in columns:
            words = sought.format(f'"{column}"')
            marks = " OR ".join(f"{words} LIKE '%{mark}%'" for mark in MARKS)
            if await session.scalar(text(f'SELECT count(*) FROM "{table}" WHERE {marks}')):
                found.append((table, column))
    return found


MARKS = (
    "heron", "Verlane", "Zebedee", "zebede", "quillfeather", "Quill Gazette", "quill.example", "T1LEAVER",
    PLANTED.encode().hex(),
)  # fmt: skip


async def test_no_column_of_any_table_has_its_words(town, store, clock):
    tables = {table for table, _ in await words_in(store)}
    assert {
        "article_versions",
        "workspaces",
        "digests",
        "targets",
        "actor_names",
        "actors",
        "notices",
    } <= tables
    await forgotten(store, clock, town.leaver)
    assert await words_in(store) == []


async def test_no_byte_of_the_file_has_its_words(town, store, store_url, clock):
    """On SQLite, while the store is open as it is for a bot."""
    if make_url(store_url).get_backend_name() != "sqlite":
        await scrub(store_url, lambda *_: None)  # goes through, beside others
        return
    # What was there before the deletion, and what an edit took away, too.
    await town.world.publish(
        town.own, "s", fingerprint="g", text=f"Edited. {SECRET}", url="https://quill.example/s"
    )
    path = Path(make_url(store_url).database)

    def bytes_of() -> bytes:
        return b"".join(
            part.read_bytes()
            for part in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm"))
            if part.exists()
        )

    assert PLANTED.encode() in bytes_of()
    await forgotten(store, clock, town.leaver, scrub=lambda: scrub(store_url, lambda *_: None))
    await empty_log(store_url)
    left = bytes_of()
    assert [mark for mark in MARKS if mark.encode() in left] == []
    assert b"The ferry will sail again" in left
    assert path.with_name(f"{path.name}-wal").stat().st_size == 0


async def test_stories_of_both_keep_what_the_other_sees(town, store, world, clock):
    async def told():
        return sorted(sorted(titles) for titles in await world.stories(town.stayer))

    assert await told() == [["Bridge to close", "Ferry to sail"], ["Brought along"]]
    await forgotten(store, clock, town.leaver)
    assert await told() == [["Bridge to close", "Ferry to sail"], ["Brought along"]]


async def test_an_article_is_the_others_then_as_they_see_it(town, store, world, clock):
    await forgotten(store, clock, town.leaver)
    at = {"url": "https://ferry.example/1", "title": "Ferry to sail"}
    edited = await world.publish(town.both, "a", fingerprint="h", text=f"Anew. {SHARED}", **at)
    assert (edited.id, edited.version) == (town.shared.id, 2), "the feed that is left may tell of an edit"


class Stopped(Exception):
    """Somebody pressed Ctrl-C."""


class Stopping:
    """A store that lets so many transactions through."""

    def __init__(self, store, lets):
        self.read, self.store, self.left = store.read, store, lets

    @asynccontextmanager
    async def write(self):
        if not self.left:
            raise Stopped
        self.left -= 1
        async with self.store.write() as uow:
            yield uow


async def test_it_can_be_stopped_after_every_step_and_begun_again(town, store, store_url, clock):
    before, stops = await town.answers(town.stayer), 0
    while True:
        try:
            await forgotten(Stopping(store, stops), clock, town.leaver)
            break
        except Stopped:
            stops += 1
            assert await faults(store_url) == []
            assert await town.answers(town.stayer) == before
    assert stops > 5
    assert await words_in(store) == []


async def test_a_feed_that_nobody_follows_any_more_goes_too(town, store, world, clock):
    await write(store, lambda uow: uow.feeds.unfollow(town.leaver.id, town.own.url))
    await forgotten(store, clock, town.leaver)
    assert await words_in(store) == []


class Slow(MemoryMessenger):
    """Holds each post up until it may go."""

    def __init__(self):
        super().__init__()
        self.begun, self.may = asyncio.Event(), asyncio.Event()

    async def send(self, channel, message, *, key):
        self.begun.set()
        await self.may.wait()
        return await super().send(channel, message, key=key)


@pytest.mark.parametrize("waits", [True, False])
async def test_a_post_that_is_on_its_way_is_accounted_for(town, store, clock, caplog, waits):
    messenger = Slow()
    [schedule] = await read(store, lambda uow: uow.subscriptions.of(town.leaver.id))
    await write(store, lambda uow: uow.subscriptions.resume(town.leaver.id, schedule.id, next_due=NOW))
    posting = asyncio.create_task(deliver(store, clock, {Platform.TERMINAL: messenger}))
    async with asyncio.timeout(30):
        await messenger.begun.wait()
    forgetting = asyncio.create_task(forgotten(store, clock, town.leaver, patience=60 if waits else 0))
    if waits:
        messenger.may.set()
        erased = await forgetting
        await posting
    else:
        erased = await forgetting
        messenger.may.set()
        await posting
    assert erased.posting in ((0,) if waits else (0, 1))
    assert await words_in(store) == []
    assert [record for record in caplog.records if record.exc_info] == []
    left = await rows(store)
    assert (left["workspaces"], left["subscriptions"]) == (1, 1)


async def test_what_comes_meanwhile_does_not_bring_it_back(town, store, clock):
    """Steps of a bot that had read the workspace's rows before they went."""
    sub = (await read(store, lambda uow: uow.subscriptions.of(town.leaver.id)))[0]
    digest = Digest(PLANTED[:40], Window(NOW - DAY, NOW), "UTC", (), 1, 1)
    unread = await town.world.publish(town.own, "late", text=SECRET, url="https://quill.example/late")
    await forgotten(store, clock, town.leaver)
    attempts = (
        lambda uow: uow.articles.save_all(town.own.id, [Arrival("x", a_draft(), "f", arrived=NOW)], now=NOW),
        lambda uow: uow.feeds.save(town.own),
        lambda uow: uow.feeds.follow(town.leaver.id, "https://quill.example/feed"),
        lambda uow: uow.deliveries.save_digest(town.leaver.id, digest, now=NOW),
        lambda uow: uow.subscriptions.add(
            town.leaver.id, HERE, cron="0 7 * * *", timezone="UTC", next_due=NOW
        ),
        lambda uow: uow.targets.add(town.leaver.id, town.target, now=NOW),
        lambda uow: uow.actors.tell(town.leaver.id, "A", "B", Relation.SAME, now=NOW),
        lambda uow: uow.articles.import_(town.leaver.id, "x", a_draft(), now=NOW),
        lambda uow: uow.clusters.save([put(town.copy, unread)], now=NOW),
    )
    for attempt in attempts:
        with pytest.raises((NotFound, StoreError)):
            await write(store, attempt)
    await write(store, lambda uow: uow.subscriptions.stop(sub.id, PLANTED, now=NOW))
    await town.read(town.shared, SHARED)  # its stances were found for a target that is gone
    assert await words_in(store) == []


async def read(store, work):
    async with store.read() as uow:
        return await work(uow)


async def test_it_is_done_anew_where_something_came_meanwhile(town, store, clock):
    came = []

    async def meanwhile():
        if not came:
            came.append(await town.world.bring(town.leaver, "again", text=SECRET))

    erased = await forgotten(store, clock, town.leaver, scrub=meanwhile)
    assert erased.articles == 3
    assert await words_in(store) == []


async def test_workspaces_are_listed(town, store):
    known = await read(store, lambda uow: uow.forgetting.known(client_id="1.2"))
    assert [
        (k.workspace.external_id, k.since, k.feeds, k.schedules, k.articles, k.last_digest, k.installed)
        for k in known
    ] == [
        ("T1LEAVER", MORNING, 3, 1, 3, None, True),
        ("stayer", None, 2, 1, 3, None, None),
    ]
    elsewhere = await read(store, lambda uow: uow.forgetting.known(client_id="9"))
    assert [k.installed for k in elsewhere] == [False, None]
    assert [k.installed for k in await read(store, lambda uow: uow.forgetting.known())] == [None, None]


async def test_what_would_be_erased_is_counted_before(town, store, clock):
    would = await read(store, lambda uow: uow.forgetting.count(town.leaver.id))
    assert would == await forgotten(store, clock, town.leaver)
