"""Upgrades that are killed, have no room, or meet programs of an older version that still write."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from news.channels import Platform
from news.errors import StoreAway, StoreVersionError
from storage import commits
from storage import upgrade as upgrading
from storage.engine import database_url, open_engine, open_store
from storage.upgrade import HEAD, VERSION_TABLE, check, upgrade
from tests.backends import BACKENDS, current_database
from tests.storage.test_walk import go

ROOT = Path(__file__).parents[2]


async def tell(url, *statements):
    async with open_engine(database_url(url)) as engine, engine.begin() as connection:
        for statement in statements:
            await connection.exec_driver_sql(statement)


async def test_an_upgrade_that_is_killed_leaves_nothing_and_the_one_that_waits_for_it_goes_on(empty_url):
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.storage.stuck_upgrade", empty_url),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    assert await process.stdout.readline() == b"stuck\n"
    with pytest.raises(StoreVersionError):  # nobody sees what is not finished
        await check(empty_url)
    waiting = asyncio.create_task(upgrade(empty_url))
    process.kill()
    await process.wait()
    assert await waiting == HEAD
    await check(empty_url)


async def test_an_upgrade_without_room_leaves_what_was_there(tmp_path):
    """As a full disk answers; SQLite's case is among those of a real one."""
    from tests.backends import empty_database

    async with empty_database("postgresql", tmp_path) as url:
        await tell(
            url,
            "CREATE FUNCTION full() RETURNS event_trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END $$",
            "CREATE EVENT TRIGGER full_disk ON ddl_command_start WHEN TAG IN ('CREATE INDEX') EXECUTE FUNCTION full()",
        )
        with pytest.raises(StoreAway, match="full: make room"):
            await upgrade(url)
        with pytest.raises(StoreVersionError, match="not up to date"):
            await check(url)
        await tell(url, "DROP EVENT TRIGGER full_disk")
        assert await upgrade(url) == HEAD


@pytest.fixture(params=BACKENDS)
async def url(request, tmp_path):
    async with current_database(request.param, tmp_path) as url:
        yield url


async def obtain(store, name):
    async with store.write() as uow:
        await uow.workspaces.obtain(Platform.TERMINAL, name)
        await uow.commit()


async def test_a_program_of_an_older_version_writes_no_more_and_says_why(url):
    async with open_store(url) as store:
        await obtain(store, "kept")
        await tell(url, f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
        for _ in range(2):
            with pytest.raises(StoreVersionError, match="newer version of attache"):
                await obtain(store, "lost")
        async with store.read() as uow:
            assert await uow.workspaces.find(Platform.TERMINAL, "kept")
            assert await uow.workspaces.find(Platform.TERMINAL, "lost") is None
        await tell(url, f"UPDATE {VERSION_TABLE} SET version_num = '{HEAD}'")


async def test_tables_that_are_not_there_any_more_are_told_as_another_version(url):
    async with open_store(url) as store:
        await tell(url, "ALTER TABLE workspaces RENAME COLUMN timezone TO zone")
        with pytest.raises(StoreVersionError, match="restart attache"):
            await obtain(store, "lost")
        await tell(url, "ALTER TABLE workspaces RENAME COLUMN zone TO timezone")
        await obtain(store, "kept")


async def test_an_upgrade_waits_for_what_is_being_written(empty_url, monkeypatch):
    """An older program is in the middle of a unit of work when a newer one starts."""
    older = "0002"
    async with open_engine(database_url(empty_url)) as engine:
        await go(engine, command.upgrade, older)
    with monkeypatch.context() as then:
        then.setattr(upgrading, "HEAD", older)
        then.setattr(upgrading, "_is_indexed", _always)
        then.setattr(upgrading, "_has_jobs", _always)
        then.setattr(commits, "HEAD", older)
        for query in ("_OF_SQLITE", "_OF_POSTGRES"):
            then.setattr(
                commits, query, text(f"SELECT NULL, version_num, {commits.RULES} FROM {VERSION_TABLE}")
            )
        async with open_store(empty_url) as store:

            async def late():
                async with store.write() as uow:
                    await uow.workspaces._session.execute(_insert("third"))
                    await uow.commit()

            async with store.write() as uow:
                session = uow.workspaces._session
                await session.execute(_insert("first"))
                then.setattr(upgrading, "HEAD", HEAD)
                upgrade_ = asyncio.create_task(upgrade(empty_url))
                if empty_url.startswith("postgresql"):
                    await waiting(session)
                await session.execute(_insert("second"))
                await uow.commit()
            assert await upgrade_ == HEAD
            with pytest.raises(StoreVersionError):
                await late()
    async with open_store(empty_url, create=False) as store, store.read() as uow:
        found = [await uow.workspaces.find(Platform.TERMINAL, name) for name in ("first", "second", "third")]
    assert [one is not None for one in found] == [True, True, False]


async def _always(_):
    return True


async def waiting(session):
    """Until somebody waits for the lock on the version."""
    query = text("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    async with asyncio.timeout(10):
        while not (await session.execute(query)).first():
            pass


def _insert(name):
    return text(
        f"INSERT INTO workspaces (platform, external_id, timezone) VALUES ('terminal', '{name}', 'UTC')"
    )
