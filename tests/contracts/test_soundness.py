"""What a store answers about itself: nothing where it is sound, and the one thing that was damaged."""

from __future__ import annotations

import contextlib
import sqlite3
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text, update

from bot.jobs.unread import unread_brief
from news.channels import Channel, DeliveryState, Platform
from news.digests import Digest, DigestStory, Window
from news.errors import StoreError
from news.soundness import DeadRows, FileRoom, Life, Read, Waiting
from storage import room, walks
from storage.engine import database_url, open_engine, open_store
from storage.soundness import SqlSoundness
from storage.tables import ArticleRow
from storage.upgrade import HEAD
from tests.backends import BACKENDS, current_database, empty_database
from tests.builders import MORNING, a_statement
from tests.contracts.conftest import World

HOUR = timedelta(hours=1)
HERE = Channel(Platform.TERMINAL, "local")


@pytest.fixture
def soundness(store_url):
    return SqlSoundness(store_url)


@pytest.fixture
async def told(world, workspace, feed):
    """Two articles in a story that a digest tells of, one edited, and one that is not read yet."""
    first = await world.read(await world.publish(feed, "first"), a_statement())
    await world.publish(feed, "second", text="The bridge stays open.", title="Bridge")
    second = await world.read(await world.publish(feed, "second", title="Bridge stays"), a_statement())
    await world.together(first, second)
    await world.publish(feed, "third", at=MORNING + HOUR, title="Unread")
    await post(world.store, workspace, await story_of(world.store, first))


async def story_of(store, article):
    async with store.read() as uow:
        members = await uow.clusters.members(MORNING, MORNING + HOUR)
    return next(member.story_id for member in members if member.article_id == article.id)


async def post(store, workspace, story_id, *, state=DeliveryState.SENDING):
    digest = Digest("Digest", Window(MORNING, MORNING), "UTC", (DigestStory(story_id, "B", 1, 1, (), (), ()),), 1, 1)  # fmt: skip
    async with store.write() as uow:
        made = await uow.subscriptions.add(
            workspace.id, HERE, cron="0 9 * * *", timezone="UTC", next_due=MORNING
        )
        digest_id = await uow.deliveries.save_digest(workspace.id, digest, now=MORNING)
        delivery = await uow.deliveries.plan(made.id, MORNING, digest_id, now=MORNING)
        await uow.deliveries.mark(delivery, state, now=MORNING)
        await uow.commit()


async def tell(url, *statements):
    """Runs SQL behind the store's back, in SQLite without foreign keys."""
    if url.startswith("sqlite"):
        with contextlib.closing(sqlite3.connect(database_url(url).database)) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()
        return
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def test_a_sound_store_says_so(soundness, store_url, told):
    database = await soundness.database()
    assert database.kind == ("SQLite" if "sqlite" in store_url else "PostgreSQL")
    assert database.version[:1].isdigit()
    tables = await soundness.tables()
    assert (tables.found, tables.needed, tables.newer) == (HEAD, HEAD, False)
    integrity = await soundness.integrity()
    assert (integrity.complaints, integrity.aged_collation) == ((), False)
    for whole in (False, True):
        rows, spans = await soundness.rows(whole=whole), await soundness.spans(whole=whole)
        assert (rows.faults, rows.whole, spans.faults, spans.looked) == ((), True, (), 2)
        assert rows.looked > 20


LOGICAL = [
    (
        ["UPDATE articles SET version = 9 WHERE briefed = 0"],
        ["articles without their newest version"],
    ),
    (
        ["UPDATE articles SET briefed = 1 WHERE version = 2"],
        ["briefs of another version than their article names"],
    ),
    (
        ["UPDATE articles SET briefed = 1 WHERE briefed = 0"],
        ["articles without the brief that they name"],
    ),
    (
        ["UPDATE statements SET version = 7 WHERE version = 2"],
        ["statements without the version that they stand in"],
    ),
    (
        ["DELETE FROM told", "UPDATE articles SET story_id = NULL"],
        ["stories without articles that no digest told"],
    ),
    (
        ["DELETE FROM entries WHERE key = 'third'"],
        ["articles that no entry leads to"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("damage", "faults"), LOGICAL, ids=[faults[0] for _, faults in LOGICAL])
async def test_rows_that_contradict_others_are_found(soundness, store_url, told, damage, faults):
    await tell(store_url, *damage)
    walk = await soundness.rows()
    assert [(fault.what, fault.count) for fault in walk.faults] == [(what, 1) for what in faults]
    assert all(fault.examples for fault in walk.faults)


@pytest.mark.parametrize("backend", BACKENDS)
async def test_rows_without_parents_are_found_by_every_foreign_key(backend, tmp_path):
    async with empty_database(backend, tmp_path) as url, open_store(url) as store:
        world = World(store)
        workspace = await world.workspace()
        feed = await world.follow(workspace)
        article = await world.read(await world.publish(feed), a_statement())
        await world.together(article)
        await post(store, workspace, await story_of(store, article))
        if backend == "postgresql":
            await tell(url, *(
                f"ALTER TABLE {table} DROP CONSTRAINT {name}"
                for table, name in await foreign_keys(url)
            ))  # fmt: skip
        await tell(
            url, "DELETE FROM articles", "DELETE FROM article_versions", "DELETE FROM feeds", "DELETE FROM digests"
        )  # fmt: skip
        faults = {fault.what: fault.count for fault in (await SqlSoundness(url).rows()).faults}
    assert faults == {
        "follows without their feeds": 1,
        "signatures without their articles": 1,
        "told without their digests": 1,
        "entries without their feeds": 1,
        "entries without their articles": 1,
        "briefs without their article versions": 1,
        "statements without the version that they stand in": 1,
        "deliveries without their digests": 1,
    }


async def foreign_keys(url):
    async with open_engine(database_url(url)) as engine, engine.connect() as connection:
        query = "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f'"
        return [tuple(row) for row in await connection.execute(text(query))]


async def test_statements_that_point_outside_their_text_are_found(soundness, store_url, told):
    wrong = "'{\"content\": [[0, 5], [3, 4000]]}'"
    await tell(store_url, f"UPDATE statements SET spans = {wrong} WHERE version = 2")
    walk = await soundness.spans()
    assert [(fault.what, fault.count, walk.looked) for fault in walk.faults] == [
        ("statements that point outside their text", 1, 2)
    ]


async def test_of_a_large_table_a_sample_is_looked_at_that_holds_both_ends(
    soundness, store_url, world, workspace, monkeypatch
):
    """What broke lately stands at one of them."""
    monkeypatch.setattr(walks, "WHOLE", 40)
    monkeypatch.setattr(walks, "LOTS", 6)
    monkeypatch.setattr(walks, "LOT", 4)
    feed = await world.follow(workspace)
    for number in range(60):
        await world.publish(feed, str(number), at=MORNING + number * HOUR)
    await tell(store_url, "UPDATE articles SET version = 9 WHERE id = (SELECT max(id) FROM articles)")
    walk = await soundness.rows()
    assert [(fault.what, fault.count) for fault in walk.faults] == [
        ("articles without their newest version", 1)
    ]
    assert not walk.whole
    assert walk.looked < 100
    everything = await soundness.rows(whole=True)
    assert (everything.whole, everything.looked > 180) == (True, True)


INDEX = [
    ("DELETE FROM statement_index WHERE {key} = (SELECT min(id) FROM statements)", ["statements that are not in the index"]),
    ("DELETE FROM article_index WHERE {key} = (SELECT min(id) FROM articles)", ["articles that are not in the index"]),
    ("UPDATE article_index SET {key} = 5 WHERE {key} = (SELECT min(id) FROM articles)", ["articles that are not in the index", "articles in the index that are gone"]),
    ("UPDATE statements SET content_words = ' other words '", ["statements that their own words do not find"]),
    ("DELETE FROM search_index", ["indexes that were not made to the end"]),
]  # fmt: skip


@pytest.mark.parametrize(("damage", "faults"), INDEX, ids=[", ".join(faults) for _, faults in INDEX])
async def test_an_index_that_does_not_fit_its_rows_is_found_and_made_anew(
    soundness, store_url, told, damage, faults
):
    key = "rowid" if store_url.startswith("sqlite") else "id"
    assert (await soundness.index()).faults == ()
    await tell(store_url, damage.format(key=key))
    for whole in (False, True):
        assert [fault.what for fault in (await soundness.index(whole=whole)).faults] == faults
    await soundness.rebuild_index()
    assert (await soundness.index(whole=True)).faults == ()


async def test_an_index_of_nothing_is_sound(soundness):
    assert (await soundness.index(whole=True)).faults == ()


async def test_what_cannot_be_indexed_is_no_fault_of_the_index(soundness, store_url, told):
    await tell(
        store_url,
        "DELETE FROM article_index",
        "DELETE FROM statement_index",
        "UPDATE articles SET briefed = 9",
    )
    assert (await soundness.index()).faults == ()


async def test_what_the_database_itself_finds_wrong_in_an_index_is_told(tmp_path):
    async with a_file(tmp_path) as (url, world):
        feed = await world.follow(await world.workspace())
        await world.read(await world.publish(feed), a_statement())
    soundness = SqlSoundness(url)
    await tell(url, "UPDATE statement_index_content SET c0 = 'other words'")
    assert (await soundness.index()).faults == ()
    (fault,) = (await soundness.index(whole=True)).faults
    assert fault.what.startswith("faults in statement_index: ")
    await soundness.rebuild_index()
    assert (await soundness.index(whole=True)).faults == ()


async def test_an_index_that_is_not_there_is_made_anew(soundness, store_url, told):
    await tell(store_url, "DROP TABLE article_index")
    (fault,) = (await soundness.index()).faults
    assert fault.what.startswith("faults: ")
    assert "article_index" in fault.what
    await soundness.rebuild_index()
    assert (await soundness.index(whole=True)).faults == ()


@pytest.mark.parametrize(("version", "newer"), [("'9999'", True), ("'0001'", False)], ids=["newer", "older"])
async def test_tables_of_another_version_are_told_apart(soundness, store_url, version, newer):
    await tell(store_url, f"UPDATE attache_version SET version_num = {version}")
    try:
        tables = await soundness.tables()
        assert (tables.found, tables.newer) == (version.strip("'"), newer)
    finally:
        await tell(store_url, f"UPDATE attache_version SET version_num = '{HEAD}'")


@pytest.mark.parametrize("backend", BACKENDS)
async def test_a_database_without_tables_has_no_version(backend, tmp_path):
    async with empty_database(backend, tmp_path) as url:
        await tell(url, "CREATE TABLE somebodys (id INTEGER)")
        assert (await SqlSoundness(url).tables()).found is None


async def test_what_waits_and_since_when(soundness, store, world, workspace, told):
    bad = await world.follow(workspace, "https://bad.example/feed")
    gone = await world.follow(workspace, "https://gone.example/feed")
    async with store.write() as uow:
        await uow.feeds.save(
            replace(bad, failing_since=MORNING, next_check=MORNING + HOUR),
            replace(gone, failing_since=MORNING, ended=True, next_check=MORNING),
        )
        await uow.commit()
    assert await soundness.life(MORNING + 2 * HOUR) == Life(
        feeds=3,
        failing=1,
        ended=1,
        feeds_due=Waiting(1, MORNING + HOUR),
        unread=Waiting(1, MORNING + HOUR),
        pending=Waiting(),
        sending=Waiting(1, MORNING),
        overdue=Waiting(1, MORNING),
        subscriptions={"terminal": 1},
    )


async def test_articles_that_could_not_be_read_are_those_that_can_be_listed(
    soundness, store, world, feed, told
):
    aged, listed = [await world.publish(feed, key) for key in ("aged", "listed")]
    async with store.write() as uow:
        for article in (aged, listed):
            await uow.briefs.save(unread_brief(article, "It broke.")[0])
        await uow.articles._session.execute(
            update(ArticleRow).where(ArticleRow.id == aged.id).values(aged=MORNING)
        )
        await uow.commit()
    async with store.read() as uow:
        assert [one.article_id for one in await uow.articles.given_up()] == [listed.id]
    assert (await soundness.life(MORNING + HOUR)).given_up.count == 1


async def test_slots_that_are_only_taken_and_schedules_that_stopped_are_told_too(soundness, store, workspace):
    async with store.write() as uow:
        made = [
            await uow.subscriptions.add(
                workspace.id,
                Channel(Platform.TERMINAL, name),
                cron="0 9 * * *",
                timezone="UTC",
                next_due=MORNING,
            )
            for name in ("one", "two")
        ]
        (due,) = await uow.subscriptions.due(MORNING, [Platform.TERMINAL])
        following = MORNING + 24 * HOUR
        await uow.deliveries.claim(
            due, [Platform.TERMINAL], slot=MORNING, skipped=0, following=following, now=MORNING
        )
        await uow.subscriptions.stop(made[1].id, "It is gone.", now=MORNING + HOUR)
        await uow.commit()
    assert await soundness.life(MORNING + 2 * HOUR) == Life(
        overdue=Waiting(1, MORNING), stopped=Waiting(1, MORNING + HOUR), subscriptions={"terminal": 1}
    )


async def test_an_empty_store_waits_for_nothing(soundness):
    assert await soundness.life(MORNING) == Life()


async def test_nothing_is_changed(soundness, store_url, told):
    """Not even where a question were a statement that writes."""
    with pytest.raises(StoreError):
        async with soundness._reading() as connection:
            await connection.execute(text("DELETE FROM follows"))


async def test_a_database_that_is_not_there_is_an_error_each_time(tmp_path):
    soundness = SqlSoundness(f"sqlite:///{tmp_path / 'missing.db'}")
    for ask in (soundness.database, soundness.tables, soundness.integrity, soundness.rows, soundness.room):
        with pytest.raises(StoreError, match="attache db upgrade"):
            await ask()
    assert list(tmp_path.iterdir()) == []


@asynccontextmanager
async def a_file(tmp_path):
    async with current_database("sqlite", tmp_path) as url, open_store(url) as store:
        yield url, World(store)


def spoil(file, *, behind):
    """Overwrites the beginning of every page in the last part of the file."""
    content = bytearray(file.read_bytes())
    for start in range(int(len(content) * behind) // 4096 * 4096, len(content), 4096):
        content[start : start + 512] = b"\xff" * 512
    file.write_bytes(content)


async def test_a_damaged_file_is_told_in_its_own_words(tmp_path):
    async with a_file(tmp_path) as (url, world):
        feed = await world.follow(await world.workspace())
        for number in range(40):
            await world.publish(feed, str(number), text="The bridge will close. " * 200)
    file = Path(database_url(url).database)
    spoil(file, behind=0.9)
    integrity = await SqlSoundness(url).integrity()
    assert integrity.read is Read.ALL
    assert 1 <= len(integrity.complaints) <= 5
    spoil(file, behind=0.01)
    assert (await SqlSoundness(url).integrity()).complaints == ("database disk image is malformed",)


async def test_a_large_file_is_read_through_only_when_asked(tmp_path, monkeypatch):
    monkeypatch.setattr("storage.soundness.READ_THROUGH", 4096)
    async with a_file(tmp_path) as (url, _):
        assert (await SqlSoundness(url).integrity()).read is Read.SMALL
        assert (await SqlSoundness(url).integrity(whole=True)).read is Read.ALL


async def test_the_room_of_a_file(tmp_path):
    async with a_file(tmp_path) as (url, world):
        feed = await world.follow(await world.workspace())
        await world.publish(feed, text="The bridge will close. " * 9_000)
        await tell(url, "DELETE FROM article_versions")
        found = await SqlSoundness(url).room()
    assert isinstance(found, FileRoom)
    assert found.unused > 200_000
    assert found.size > found.unused
    assert found.disk_free > 0
    assert found.log > 0
    assert (found.unwritable, found.write_ahead) == ((), True)


async def test_a_vacuum_gives_back_what_is_empty(tmp_path):
    async with a_file(tmp_path) as (url, world):
        feed = await world.follow(await world.workspace())
        await world.publish(feed, text="The bridge will close. " * 9_000)
        await tell(url, "DELETE FROM article_versions")
        before, after = await room.vacuum(url)
        found = await SqlSoundness(url).room()
    assert after < before - 200_000
    assert (found.unused, found.size, found.write_ahead) == (0, after, True)


async def test_a_server_needs_no_vacuum_of_ours():
    assert await room.vacuum("postgresql://127.0.0.1:1/none") is None


async def test_a_file_that_may_not_be_written_is_named(tmp_path, monkeypatch):
    """As nothing is refused to root, the system's answer is put in its place."""
    async with a_file(tmp_path) as (url, _):
        monkeypatch.setattr(room.os, "access", lambda path, mode: False)
        found = await SqlSoundness(url).room()
    path = database_url(url).database
    assert found.unwritable == (path, f"{path}-wal", f"{path}-shm", str(tmp_path))


async def test_a_database_in_memory_takes_no_room():
    assert await SqlSoundness("sqlite://").room() is None


async def test_the_books_of_a_server(tmp_path, monkeypatch):
    async with empty_database("postgresql", tmp_path) as url, open_store(url) as store:
        await World(store).workspace()
        soundness = SqlSoundness(url)
        found = await soundness.room()
        assert (found.encoding, found.read_only, found.vacuums, found.dead) == ("UTF8", False, True, ())
        assert found.size > 1_000_000
        monkeypatch.setattr(room, "MANY", 0)
        await tell(url, "DELETE FROM workspaces", "ANALYZE workspaces")
        await tell(url, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_feeds_next_check'::regclass")  # fmt: skip
        assert (await soundness.integrity()).complaints == ("invalid index ix_feeds_next_check",)
        assert DeadRows("workspaces", 1, 0) in (await soundness.room()).dead
