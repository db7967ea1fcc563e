"""Backups, restores, dumps and loads: all that is stored, on each database and from one to the other."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from news.channels import Platform
from news.errors import AlreadyThere, InputError, StoreBusy, StoreError, StoreVersionError
from news.queries import StatementQuery
from storage import transfer
from storage.backup import back_up, dump, dump_to
from storage.checking import Source
from storage.engine import database_url, open_engine, open_store
from storage.indexing import is_current
from storage.restore import prepared
from storage.tables import ActorRow, Row
from storage.unit_of_work import SqlUnitOfWork
from storage.upgrade import VERSION_TABLE, upgrade
from tests.backends import BACKENDS, current_database, empty_database
from tests.everything import ODD, put_everything
from tests.fakes import NOON


def unseen(*_):
    """Nobody watches."""


async def nothing(_):
    """Nothing is done in the same transaction."""


async def dumped(url, now=NOON) -> bytes:
    out = io.BytesIO()
    await dump(url, out, now=now, watch=unseen)
    return out.getvalue()


async def put(url, file, *, then=nothing, replace=True, now=NOON):
    async with prepared(url, Source(file, str(file)), replace=replace, now=now, watch=unseen) as ready:
        return await ready.put(then)


async def counts(url):
    async with open_engine(database_url(url)) as engine, engine.connect() as connection:
        return {
            table.name: await connection.scalar(select(func.count()).select_from(table))
            for table in Row.metadata.sorted_tables
        }


@pytest.fixture
async def full(store_url):
    """The address of a store with something of every kind in it."""
    await put_everything(store_url)
    return store_url


@pytest.fixture(params=BACKENDS)
async def empty_url(request, tmp_path):
    async with empty_database(request.param, tmp_path) as url:
        yield url


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """PostgreSQL's copies lie in the current folder."""
    monkeypatch.chdir(tmp_path)


async def test_something_of_every_kind_is_stored(full):
    """But for what is of the moment, and of no copy's concern."""
    assert [table for table, count in (await counts(full)).items() if not count] == [
        "handled",
        "install_states",
        "outages",
    ]


def test_every_column_has_a_form_in_dumps():
    made_anew = {table.name for table in Row.metadata.sorted_tables if table.info.get("derived")}
    assert {layout.table for layout in transfer.layouts()} == Row.metadata.tables.keys() - made_anew


@pytest.mark.parametrize("other", BACKENDS)
async def test_a_dump_that_is_loaded_gives_the_same_dump(full, other, tmp_path):
    written = await dumped(full)
    (tmp_path / "all.jsonl").write_bytes(written)
    async with empty_database(other, tmp_path) as url:
        assert (await put(url, tmp_path / "all.jsonl", replace=False)).kept is None
        assert await dumped(url) == written


@pytest.mark.parametrize("form", ["dump", "backup"])
@pytest.mark.parametrize("other", BACKENDS)
async def test_what_is_derived_is_there_when_it_is_loaded(full, other, form, tmp_path):
    async def found(url):
        async with open_engine(database_url(url)) as engine, AsyncSession(engine) as session:
            assert await is_current(session)
            uow = SqlUnitOfWork(session, None)
            workspace = await uow.workspaces.find(Platform.TERMINAL, "local")
            pages = [
                await uow.briefs.statements(workspace.id, StatementQuery(**query))
                for query in ({"actor": "Miller"}, {"about": "bridge"}, {"about": "“bridge will close”"})
            ]
            names = select(ActorRow.name, ActorRow.uses).order_by(ActorRow.name)
            return [page.quotes for page in pages], (await session.execute(names)).all()

    make = {"dump": dump_to, "backup": back_up}[form]
    await make(full, tmp_path / "all", now=NOON, watch=unseen)
    async with current_database(other, tmp_path) as url:
        await put(url, tmp_path / "all")
        pages, names = await found(url)
        assert (pages, names) == await found(full)
    assert all(pages)
    assert names


async def test_what_is_packed_is_what_is_not(full, tmp_path):
    plain, packed, again = tmp_path / "all.jsonl", tmp_path / "all.jsonl.gz", tmp_path / "again.jsonl.gz"
    for path in (plain, packed, again):
        made = await dump_to(full, path, now=NOON, watch=unseen)
        assert (made.path, made.size, made.rows) == (
            path,
            path.stat().st_size,
            len(plain.read_bytes().splitlines()) - 2,
        )
    assert packed.read_bytes() == again.read_bytes()
    assert packed.stat().st_size < plain.stat().st_size / 2
    for path in (plain, packed):
        await put(full, path)
        assert await dumped(full) == plain.read_bytes()


async def test_a_dump_is_ascii_with_a_line_a_row(full):
    written = await dumped(full)
    first, *rows, last = written.decode("ascii").splitlines()
    assert (written.isascii(), "\x1b" in written.decode()) == (True, False)
    assert json.loads(first)["attache"] == "dump"
    stored = await counts(full)
    assert json.loads(last)["end"]["rows"] == {
        layout.table: stored[layout.table] for layout in transfer.layouts()
    }
    assert {json.loads(row)["outlet"] for row in rows if json.loads(row)["table"] == "feeds"} >= {ODD}


async def test_the_same_rows_have_the_same_last_line(full):
    now, later = [await dumped(full, NOON + timedelta(hours=hours)) for hours in (0, 1)]
    assert (now == later, now.splitlines()[1:] == later.splitlines()[1:]) == (False, True)


@pytest.mark.parametrize("other", BACKENDS)
async def test_a_backup_is_restored_on_either_database(full, other, tmp_path):
    written = await dumped(full)
    backup = await back_up(full, None, now=NOON, watch=unseen)
    assert (backup.path.parent, backup.size) == (tmp_path, backup.path.stat().st_size)
    async with current_database(other, tmp_path) as url:
        assert (await put(url, backup.path)).kept is None
        assert await dumped(url) == written


async def test_a_restore_goes_back_and_keeps_what_was_there(full, tmp_path):
    before = await dumped(full)
    backup = await back_up(full, tmp_path / "saved", now=NOON, watch=unseen)
    async with open_store(full) as store, store.write() as uow:
        await uow.workspaces.obtain(Platform.TERMINAL, "later")
        await uow.commit()
    after = await dumped(full)
    kept = (await put(full, backup.path)).kept
    assert rows_of(await dumped(full)) == rows_of(before)
    await put(full, kept)
    assert await dumped(full) == after


def rows_of(written):
    return written.splitlines()[1:-1]


async def test_a_store_that_is_open_goes_on_with_what_was_restored(full, tmp_path):
    backup = await back_up(full, tmp_path / "saved", now=NOON, watch=unseen)
    async with open_store(full) as store:

        async def names():
            async with store.read() as uow:
                there = [await uow.workspaces.find(Platform.TERMINAL, name) for name in ("local", "later")]
            return [workspace.external_id for workspace in there if workspace]

        async with store.write() as uow:
            await uow.workspaces.obtain(Platform.TERMINAL, "later")
            await uow.commit()
        assert await names() == ["local", "later"]
        await put(full, backup.path)
        assert await names() == ["local"]
        async with store.write() as uow:
            await uow.workspaces.obtain(Platform.TERMINAL, "later")
            await uow.commit()
        assert await names() == ["local", "later"]


async def test_a_number_that_was_given_out_is_not_given_again(full, tmp_path):
    async def obtain(name):
        async with open_store(full) as store, store.write() as uow:
            workspace = await uow.workspaces.obtain(Platform.TERMINAL, name)
            await uow.commit()
        return workspace.id

    backup = await back_up(full, tmp_path / "saved", now=NOON, watch=unseen)
    given = await obtain("later")
    await put(full, backup.path)
    assert await obtain("later still") == given + 1


@pytest.mark.parametrize("replaced", [False, True])
async def test_numbers_go_on_after_a_load(full, replaced, tmp_path):
    await dump_to(full, tmp_path / "all.jsonl", now=NOON, watch=unseen)
    async with current_database("postgresql" if "sqlite" in full else "sqlite", tmp_path) as url:
        for _ in range(1 + replaced):
            await put(url, tmp_path / "all.jsonl")
        async with open_store(url) as store, store.write() as uow:
            assert (await uow.workspaces.obtain(Platform.TERMINAL, "new")).id == 3


async def test_a_store_that_holds_something_is_not_loaded_into(full, tmp_path):
    await dump_to(full, tmp_path / "all.jsonl", now=NOON, watch=unseen)
    before = await dumped(full)
    with pytest.raises(AlreadyThere, match="--replace"):
        await put(full, tmp_path / "all.jsonl", replace=False)
    assert await dumped(full) == before


async def test_a_store_that_is_filled_meanwhile_is_not_loaded_into(full, tmp_path):
    await dump_to(full, tmp_path / "all.jsonl", now=NOON, watch=unseen)
    async with current_database("postgresql" if "sqlite" in full else "sqlite", tmp_path) as url:
        async with prepared(
            url, Source(tmp_path / "all.jsonl", "all"), replace=False, now=NOON, watch=unseen
        ) as ready:
            assert ready.empty
            async with open_store(url) as store, store.write() as uow:
                workspace = await uow.workspaces.obtain(Platform.TERMINAL, "mine")
                await uow.feeds.follow(workspace.id, "https://mine.example/feed")
                await uow.commit()
            before = await dumped(url)
            with pytest.raises(AlreadyThere, match="--replace"):
                await ready.put(nothing)
        assert await dumped(url) == before


async def test_a_store_in_which_only_commands_were_given_counts_as_empty(store_url, full, tmp_path):
    await dump_to(full, tmp_path / "all.jsonl", now=NOON, watch=unseen)
    async with current_database("postgresql" if "sqlite" in full else "sqlite", tmp_path) as url:
        async with open_store(url) as store, store.write() as uow:
            await uow.workspaces.obtain(Platform.TERMINAL, "another")
            await uow.commit()
        assert (await put(url, tmp_path / "all.jsonl", replace=False)).kept is None
        assert rows_of(await dumped(url)) == rows_of(await dumped(full))


async def test_what_fails_in_the_same_transaction_undoes_all_of_it(full, tmp_path):
    async def fail(uow):
        await uow.workspaces.obtain(Platform.TERMINAL, "half")
        raise StoreError("no")

    backup = await back_up(full, tmp_path / "saved", now=NOON, watch=unseen)
    async with open_store(full) as store, store.write() as uow:
        await uow.workspaces.obtain(Platform.TERMINAL, "later")
        await uow.commit()
    before, files = rows_of(await dumped(full)), names_in(tmp_path)
    with pytest.raises(StoreError, match=r"^no$"):
        await put(full, backup.path, then=fail)
    assert (rows_of(await dumped(full)), names_in(tmp_path)) == (before, files)


def names_in(folder: Path):
    """Without what SQLite puts beside a database that is open."""
    return {path.name for path in folder.iterdir() if not path.name.endswith(("-wal", "-shm"))}


async def test_what_is_done_in_the_same_transaction_is_kept(full, tmp_path):
    async def add(uow):
        return await uow.workspaces.obtain(Platform.TERMINAL, "added")

    backup = await back_up(full, tmp_path / "saved", now=NOON, watch=unseen)
    added = (await put(full, backup.path, then=add)).done
    async with open_store(full) as store, store.read() as uow:
        assert await uow.workspaces.find(Platform.TERMINAL, "added") == added


async def test_somebody_who_writes_too_long_is_not_waited_for(full, tmp_path, monkeypatch):
    monkeypatch.setattr("storage.copies.BUSY", 0.05)
    monkeypatch.setattr("storage.restore.REACH", 0.05)
    backup = await back_up(full, tmp_path / "saved", now=NOON, watch=unseen)
    files = names_in(tmp_path)
    async with open_store(full) as store, store.write() as uow:
        await uow.workspaces.obtain(Platform.TERMINAL, "later")
        with pytest.raises(StoreBusy, match="try again"):
            await put(full, backup.path)
        await uow.commit()
    async with open_store(full) as store, store.read() as uow:
        assert await uow.workspaces.find(Platform.TERMINAL, "later")
    assert names_in(tmp_path) == files


@pytest.mark.parametrize("make", [back_up, dump_to])
async def test_a_file_that_is_there_is_kept_unless_it_is_said(full, make, tmp_path):
    path = tmp_path / "mine.txt"
    path.write_text("mine")
    with pytest.raises(AlreadyThere, match="--force"):
        await make(full, path, now=NOON, watch=unseen)
    assert path.read_text() == "mine"
    made = await make(full, path, now=NOON, watch=unseen, force=True)
    assert (made.path, made.size) == (path, path.stat().st_size)


@pytest.mark.parametrize("make", [back_up, dump_to])
@pytest.mark.parametrize(
    ("name", "said"), [("none/file", "no folder"), (".", "is a folder"), ("/dev/null", "no ordinary file")]
)
async def test_a_place_where_no_file_can_be_is_told(full, make, name, said, tmp_path):
    with pytest.raises(InputError, match=said):
        await make(full, tmp_path / name, now=NOON, watch=unseen, force=True)


async def test_a_dump_of_a_newer_version_is_refused(full, tmp_path):
    written = await dumped(full)
    (tmp_path / "all.jsonl").write_bytes(written.replace(b'"version":"0', b'"version":"9', 1))
    with pytest.raises(StoreVersionError, match="newer version"):
        await put(full, tmp_path / "all.jsonl")
    assert await dumped(full) == written


async def test_a_database_of_a_newer_version_is_not_dumped(empty_url):
    await upgrade(empty_url)
    async with open_engine(database_url(empty_url)) as engine, engine.begin() as connection:
        await connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(StoreVersionError, match="newer version"):
        await dumped(empty_url)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.text(max_size=200), min_size=1, max_size=20))
async def test_any_words_go_there_and_back(store_url, words, tmp_path):
    async with open_store(store_url) as store, store.write() as uow:
        for name in words:
            await uow.workspaces.obtain(Platform.TERMINAL, name)
        await uow.commit()
    written = await dumped(store_url)
    (tmp_path / "all.jsonl").write_bytes(written)
    async with current_database("sqlite", tmp_path) as url:
        await put(url, tmp_path / "all.jsonl")
        assert await dumped(url) == written
