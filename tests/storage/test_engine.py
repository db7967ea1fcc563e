"""Addresses of databases, and what is said when one cannot be used."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest

from news.channels import Platform
from news.errors import StoreBusy, StoreError
from storage import sqlite
from storage.engine import database_url, is_memory, open_store
from storage.failures import place

SECRET = "s3cret"


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("sqlite:///a.db", "sqlite+aiosqlite"),
        ("sqlite+aiosqlite:///a.db", "sqlite+aiosqlite"),
        ("sqlite://", "sqlite+aiosqlite"),
        ("postgres://u:p@h/n", "postgresql+asyncpg"),
        ("postgresql://u:p@h:5433/n", "postgresql+asyncpg"),
        ("postgresql+asyncpg:///n?host=h", "postgresql+asyncpg"),
    ],
)
def test_an_address_gets_the_driver_that_we_use(given, driver):
    url = database_url(given)
    assert url.drivername == driver
    assert url.render_as_string(hide_password=False).partition(":")[2] == given.partition(":")[2]


@pytest.mark.parametrize(
    "given", ["", "attache.db", "mysql://u@h/n", "postgresql+psycopg2://h/n", "https://h", "://"]
)
def test_what_is_no_address_is_refused_in_a_sentence(given):
    with pytest.raises(StoreError, match="ATTACHE_DATABASE_URL is no address"):
        database_url(given)


def test_the_sslmode_that_hosting_companies_write_reaches_the_driver():
    assert database_url("postgres://h/n?sslmode=require&x=1").query == {"ssl": "require", "x": "1"}


@pytest.mark.parametrize(
    ("given", "memory"),
    [("sqlite://", True), ("sqlite:///:memory:", True), ("sqlite:///a.db", False), ("postgresql://h", False)],
)
def test_a_database_in_memory_is_recognised(given, memory):
    assert is_memory(database_url(given)) is memory


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (f"postgresql://user:{SECRET}@db.example:5433/news", "news on db.example:5433"),
        (f"postgresql://db.example/news?user=u&password={SECRET}", "news on db.example"),
        ("postgresql:///news?host=/run/postgres", "news on /run/postgres"),
        ("sqlite:////var/lib/a.db", "/var/lib/a.db"),
    ],
)
def test_a_place_is_named_without_its_secrets(given, named):
    assert place(database_url(given)) == named


async def refusal(url, **more):
    """What is said when the store cannot be opened."""
    with pytest.raises(StoreError) as caught:
        async with open_store(url, **more):
            pass
    text = str(caught.value)
    assert text.endswith(".")
    assert "\n" not in text
    return text


async def test_a_file_that_is_no_database_is_left_alone(tmp_path):
    path = tmp_path / "letter.db"
    path.write_text("Dear reader, this is no database. " * 50)
    assert "no database" in await refusal(f"sqlite:///{path}")
    assert path.read_text().startswith("Dear reader")


async def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path):
    assert "may be written" in await refusal(f"sqlite:///{tmp_path}")


async def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").touch()
    assert "Cannot make the folder" in await refusal(f"sqlite:///{tmp_path / 'file' / 'sub' / 'a.db'}")


async def test_the_folder_of_a_new_file_is_made(tmp_path):
    path = tmp_path / "new" / "folder" / "a.db"
    async with open_store(f"sqlite:///{path}"):
        assert path.exists()


async def test_a_database_is_not_made_when_that_was_not_asked_for(tmp_path):
    path = tmp_path / "a.db"
    assert "attache db upgrade" in await refusal(f"sqlite:///{path}", create=False)
    assert not path.exists()


@pytest.mark.parametrize(
    "options", ["", f"&password={SECRET}", "&colour=blue"], ids=["plain", "password", "unknown option"]
)
async def test_a_server_that_is_not_there_is_told_without_the_password(tmp_path, options):
    text = await refusal(f"postgresql://user:{SECRET}@/news?host={tmp_path}{options}")
    assert "Cannot reach the database news on" in text
    assert SECRET not in text


async def test_a_port_that_nobody_listens_on_is_told():
    text = await refusal(f"postgresql://user:{SECRET}@127.0.0.1:1/news")
    assert "Cannot reach the database news on 127.0.0.1:1" in text
    assert SECRET not in text


async def test_a_database_that_the_server_does_not_have_is_told(empty_url):
    if empty_url.startswith("sqlite"):
        return
    url = database_url(empty_url).set(database="nowhere").render_as_string(hide_password=False)
    assert "nowhere" in await refusal(url)


async def test_a_store_in_memory_is_gone_when_it_is_closed():
    async def workspace(store):
        async with store.write() as uow:
            made = await uow.workspaces.find(Platform.TERMINAL, "local")
            await uow.workspaces.obtain(Platform.TERMINAL, "local")
            await uow.commit()
        return made

    async with open_store("sqlite://") as store:
        assert await workspace(store) is None
        assert await workspace(store) is not None
    async with open_store("sqlite://") as store:
        assert await workspace(store) is None


async def test_a_write_that_another_one_holds_up_too_long_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite, "BUSY", 0.05)
    path = tmp_path / "a.db"
    async with open_store(f"sqlite:///{path}") as store:
        other = sqlite3.connect(path, isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreBusy, match="try again"):
                async with store.write():
                    pass
            async with store.read() as uow:  # reading goes on
                assert await uow.workspaces.find(Platform.TERMINAL, "local") is None
        finally:
            other.close()


async def test_a_write_waits_for_the_one_before_it(tmp_path):
    async with open_store(f"sqlite:///{tmp_path / 'a.db'}") as store:
        entered = asyncio.Event()

        async def second():
            async with store.write() as uow:
                entered.set()
                return await uow.workspaces.find(Platform.TERMINAL, "first")

        async with store.write() as uow:
            task = asyncio.create_task(second())
            await uow.workspaces.obtain(Platform.TERMINAL, "first")
            assert not entered.is_set()
            await uow.commit()
        assert await task is not None


async def test_readers_of_an_sqlite_file_are_not_held_up_by_a_writer(tmp_path):
    path = tmp_path / "a.db"
    async with open_store(f"sqlite:///{path}") as store, store.write() as uow:
        await uow.workspaces.obtain(Platform.TERMINAL, "local")
        async with asyncio.timeout(5), store.read() as reading:
            assert await reading.workspaces.find(Platform.TERMINAL, "local") is None
    connection = sqlite3.connect(path)
    try:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    finally:
        connection.close()
