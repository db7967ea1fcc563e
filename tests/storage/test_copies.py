"""SQLite's own copies, what is refused and changes nothing, and stores of other versions."""

from __future__ import annotations

import asyncio
import io
import json
import os
import shutil
import signal
import sqlite3
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from news.channels import Platform
from news.errors import AttacheError, InputError, StoreError, StoreVersionError
from storage.backup import back_up, dump, dump_to
from storage.checking import Source
from storage.engine import database_url, open_engine, open_store
from storage.restore import prepared
from storage.upgrade import HEAD, VERSION_TABLE, make_tables, upgrade
from tests.backends import BACKENDS, current_database
from tests.everything import copy_everything
from tests.fakes import NOON


def unseen(*_):
    """Nobody watches."""


async def nothing(_):
    """Nothing is done in the same transaction."""


async def dumped(url):
    out = io.BytesIO()
    await dump(url, out, now=NOON, watch=unseen)
    return out.getvalue()


async def put(url, file, *, watch=unseen):
    async with prepared(url, Source(file, str(file)), replace=True, now=NOON, watch=watch) as ready:
        return (await ready.put(nothing)).kept


def rows_of(written):
    return written.splitlines()[1:-1]


def tell(path, *statements):
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        return [connection.execute(statement).fetchall() for statement in statements][-1]


async def obtain(url, name):
    async with open_store(url) as store, store.write() as uow:
        await uow.workspaces.obtain(Platform.TERMINAL, name)
        await uow.commit()


@pytest.fixture
async def full(tmp_path):
    """The file of a store with something of every kind in it."""
    path = tmp_path / "store" / "attache.db"
    await copy_everything(path)
    return path


@pytest.fixture
def url(full):
    return f"sqlite:///{full}"


@pytest.fixture
async def backup(url, tmp_path):
    return (await back_up(url, tmp_path / "saved.db", now=NOON, watch=unseen)).path


async def test_a_backup_is_of_one_moment_and_holds_up_nobody_who_writes(full, url, tmp_path):
    names = []

    def write(*_):
        """Between two steps of the copying; who writes is not made to wait at all."""
        with closing(sqlite3.connect(full, timeout=0)) as connection, connection:
            names.append(f"during {len(names)}")
            connection.execute(
                "INSERT INTO workspaces (platform, external_id, timezone) VALUES ('terminal', ?, 'UTC')",
                names[-1:],
            )

    tell(full, "UPDATE article_versions SET text = text || hex(randomblob(2000000))")
    before = await dumped(url)
    saved = await back_up(url, tmp_path / "saved.db", now=NOON, watch=write)
    assert len(names) > 5
    assert rows_of(await dumped(f"sqlite:///{saved.path}")) == rows_of(before)
    assert {name for (name,) in tell(full, "SELECT external_id FROM workspaces")} >= set(names)


async def test_a_backup_is_a_file_that_anything_opens(backup):
    assert tell(backup, "PRAGMA integrity_check") == [("ok",)]
    assert tell(backup, f"SELECT version_num FROM {VERSION_TABLE}") == [(HEAD,)]
    assert [path.name for path in backup.parent.glob("saved.db*")] == ["saved.db"]


async def test_a_backup_may_lie_where_nothing_can_be_written(full, url, backup):
    before = await dumped(url)
    folder = backup.parent / "sealed"
    folder.mkdir()
    sealed = backup.rename(folder / "saved.db")
    sealed.chmod(0o400)
    folder.chmod(0o500)
    try:
        await put(url, sealed)
    finally:
        folder.chmod(0o700)
    assert await dumped(url) == before


async def test_the_file_of_a_database_in_use_is_restored_with_what_is_in_its_log(full, url, tmp_path):
    async with open_store(url):
        await obtain(url, "in the log")
        copied = tmp_path / "copied.db"
        for end in ("", "-wal"):
            shutil.copyfile(f"{full}{end}", f"{copied}{end}")
        before = await dumped(url)
    await obtain(url, "later")
    await put(url, copied)
    assert rows_of(await dumped(url)) == rows_of(before)


async def test_a_backup_with_pages_of_another_size_is_restored(url, backup):
    before = await dumped(url)
    tell(backup, "PRAGMA journal_mode=DELETE", "PRAGMA page_size=8192", "VACUUM")
    await put(url, backup)
    assert await dumped(url) == before


async def test_a_restored_file_keeps_its_log(full, url, backup):
    await put(url, backup)
    assert tell(full, "PRAGMA journal_mode") == [("wal",)]
    assert tell(full, "PRAGMA integrity_check") == [("ok",)]


@pytest.mark.parametrize(
    "broken", [b"This is no database. " * 400, b"\0" * 9000, "schema"], ids=["text", "zeros", "schema"]
)
async def test_a_database_that_is_broken_is_moved_away_for_the_backup(full, url, backup, broken):
    before = await dumped(url)
    content = full.read_bytes()
    full.write_bytes(content[:100] + b"\xff" * 3900 + content[4000:] if broken == "schema" else broken)
    there = full.read_bytes()
    kept = await put(url, backup)
    assert (kept.parent, kept.read_bytes()) == (full.parent, there)
    assert await dumped(url) == before
    assert tell(full, "PRAGMA journal_mode") == [("wal",)]


async def test_a_database_with_a_broken_page_is_kept_as_it_is(full, url, backup):
    before = await dumped(url)
    (root,) = tell(full, "SELECT rootpage FROM sqlite_master WHERE name = 'feeds'")[0]
    with full.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xff" * 4096)
    kept = await put(url, backup)
    assert b"\xff" * 4096 in kept.read_bytes()
    assert await dumped(url) == before


async def test_a_database_that_is_damaged_is_not_backed_up(full, url, tmp_path):
    (root,) = tell(full, "SELECT rootpage FROM sqlite_master WHERE name = 'feeds'")[0]
    with full.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xff" * 4096)
    with pytest.raises(StoreError, match=r"is damaged .*attache doctor"):
        await back_up(url, tmp_path / "saved.db", now=NOON, watch=unseen)
    assert names_in(tmp_path) == {"store"}


def names_in(folder):
    return {path.name for path in folder.iterdir()}


async def test_another_programs_database_is_left_alone(backup, tmp_path):
    other = tmp_path / "other.db"
    tell(other, "CREATE TABLE theirs (id INTEGER)")
    content = other.read_bytes()
    with pytest.raises(StoreError, match="another program's tables"):
        await put(f"sqlite:///{other}", backup)
    assert other.read_bytes() == content


@pytest.mark.parametrize("address", ["sqlite:///{}?timeout=5", "sqlite:///file:{}?uri=true"])
async def test_an_address_with_options_is_one_too(full, backup, address):
    url = address.format(full)
    saved = await back_up(url, None, now=NOON, watch=unseen)
    assert saved.path == full.with_name("attache-20241205T120000Z.db")
    kept = await put(url, backup)
    assert kept == full.with_name("attache-before-20241205T120000Z.db")
    with pytest.raises(InputError, match="the database itself"):
        await dump_to(url, full, now=NOON, watch=unseen, force=True)


async def test_names_that_are_taken_are_not_taken_twice(url, full):
    made = [(await back_up(url, None, now=NOON, watch=unseen)).path.name for _ in range(3)]
    assert made == [f"attache-20241205T120000Z{more}.db" for more in ("", "-2", "-3")]


@pytest.mark.parametrize("end", ["", "-wal", "-shm"])
async def test_the_database_itself_is_no_place_for_its_backup(full, url, end):
    async with open_store(url):
        await obtain(url, "open")
        for make in (back_up, dump_to):
            with pytest.raises(InputError, match="the database itself"):
                await make(url, Path(f"{full}{end}"), now=NOON, watch=unseen, force=True)
    link = full.with_name("link")
    link.symlink_to(full)
    with pytest.raises(InputError, match="the database itself"):
        await back_up(url, link, now=NOON, watch=unseen, force=True)
    with pytest.raises(InputError, match="the database itself"):
        await put(url, full)


@pytest.mark.parametrize("act", [back_up, dump_to])
async def test_nothing_is_made_of_a_database_that_is_not_there(act, tmp_path):
    with pytest.raises(StoreError, match="attache db upgrade"):
        await act(f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "saved", now=NOON, watch=unseen)
    with pytest.raises(StoreError, match="in memory"):
        await act("sqlite://", tmp_path / "saved", now=NOON, watch=unseen)
    tell(tmp_path / "bare.db", "VACUUM")
    with pytest.raises(StoreError, match="attache db upgrade"):
        await act(f"sqlite:///{tmp_path / 'bare.db'}", tmp_path / "saved", now=NOON, watch=unseen)
    assert names_in(tmp_path) == {"bare.db"}


class Damage:
    """Ways to spoil a copy of a backup or a dump."""

    @staticmethod
    def cut(content, share):
        return content[: int(len(content) * share)]

    @staticmethod
    def overwritten(content, share):
        at = int(len(content) * share) // 4096 * 4096
        return content[:at] + b"\xa5" * 4096 + content[at + 4096 :]


@pytest.fixture(params=BACKENDS)
async def target(request, tmp_path, monkeypatch):
    """A database that is to stay as it is."""
    monkeypatch.chdir(tmp_path)
    async with current_database(request.param, tmp_path) as url:
        await obtain(url, "mine")
        async with open_store(url) as store, store.write() as uow:
            workspace = await uow.workspaces.obtain(Platform.TERMINAL, "mine")
            await uow.feeds.follow(workspace.id, "https://mine.example/feed")
            await uow.commit()
        yield url


async def refused(target, file, said, folder):
    before, files = await dumped(target), names_in(folder)
    with pytest.raises(AttacheError, match=said) as error:
        await put(target, file)
    assert (len(str(error.value).splitlines()), str(file) in str(error.value)) == (1, True), error.value
    assert (await dumped(target), names_in(folder)) == (before, files)


@pytest.mark.parametrize(
    ("spoil", "share"),
    [(Damage.cut, share) for share in (0.01, 0.3, 0.6, 0.99)]
    + [(Damage.overwritten, share) for share in (0.1, 0.5, 0.9)],
)
async def test_a_damaged_backup_changes_nothing(target, backup, spoil, share, tmp_path):
    backup.write_bytes(spoil(backup.read_bytes(), share))
    await refused(target, backup, "is damaged", tmp_path)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
async def test_a_dump_that_is_cut_off_changes_nothing(target, url, packed, share, tmp_path):
    path = tmp_path / ("all.jsonl.gz" if packed else "all.jsonl")
    await dump_to(url, path, now=NOON, watch=unseen)
    path.write_bytes(Damage.cut(path.read_bytes(), share))
    await refused(target, path, "cut off", tmp_path)


def without_follows(lines):
    """Rows that others need are left out, and the last line is made to fit."""
    return [line for line in lines if '"table":"feeds"' not in line]


def with_one_row_twice(lines):
    feeds = [line for line in lines if '"table":"feeds"' in line]
    return [*lines[:-1], feeds[0], lines[-1]]


@pytest.mark.parametrize("change", [without_follows, with_one_row_twice])
async def test_rows_that_do_not_fit_together_change_nothing(target, url, change, tmp_path):
    """Such as no damage would leave behind: counted, and with the right hash."""
    lines = change((await dumped(url)).decode().splitlines(keepends=True))
    path = tmp_path / "all.jsonl"
    path.write_text("".join(sealed(lines)))
    await refused(target, path, "does not fit together", tmp_path)


def sealed(lines):
    """With a last line that is right."""
    import hashlib

    first, *rows, last = lines
    counted = dict.fromkeys(json.loads(first)["tables"], 0)
    for row in rows:
        counted[json.loads(row)["table"]] += 1
    said = {"counters": json.loads(last)["end"]["counters"], "rows": counted}
    compact = json.dumps(said, sort_keys=True, separators=(",", ":"))
    said["sha256"] = hashlib.sha256("".join([*rows, compact]).encode()).hexdigest()
    return [first, *rows, json.dumps({"end": said}) + "\n"]


async def test_a_dump_that_lacks_a_table_changes_nothing(target, url, tmp_path):
    first, *rows, last = (await dumped(url)).decode().splitlines(keepends=True)
    heading = json.loads(first)
    del heading["tables"]["told"]
    rows = [row for row in rows if json.loads(row)["table"] != "told"]
    path = tmp_path / "all.jsonl"
    path.write_text("".join(sealed([json.dumps(heading, separators=(",", ":")) + "\n", *rows, last])))
    await refused(target, path, "does not hold what this version", tmp_path)


async def test_what_is_neither_backup_nor_dump_changes_nothing(target, tmp_path):
    tell(tmp_path / "other.db", "CREATE TABLE theirs (id INTEGER)")
    (tmp_path / "letter.txt").write_text("Dear reader,\n")
    (tmp_path / "empty").write_text("")
    (tmp_path / "folder").mkdir()
    for name in ("other.db", "letter.txt", "empty"):
        await refused(target, tmp_path / name, "no backup and no dump", tmp_path)
    await refused(target, tmp_path / "folder", "Is a directory", tmp_path)
    await refused(target, tmp_path / "none", "No such file", tmp_path)


async def test_a_backup_of_a_newer_version_is_refused(target, backup, tmp_path):
    tell(backup, f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    with pytest.raises(StoreVersionError, match="newer version"):
        await put(target, backup)


async def test_what_is_stopped_leaves_nothing_behind(target, url, backup, tmp_path):
    path = tmp_path / "all.jsonl"
    await dump_to(url, path, now=NOON, watch=unseen)
    before, files = await dumped(target), names_in(tmp_path)
    for file in (path, backup):
        steps = await steps_of(lambda watch, file=file: put(target, file, watch=watch), before, target)
        assert len(steps) >= 2
        for step in steps:
            await stopped_at(step, lambda watch, file=file: put(target, file, watch=watch))
            assert rows_of(await dumped(target)) == rows_of(before), step
            assert names_in(tmp_path) == files, step


async def steps_of(act, before, target):
    """What the work tells that it does, without letting it end."""
    steps = []

    def watch(step, *_):
        if step not in steps:
            steps.append(step)

    kept = await act(watch)
    await put(target, kept)
    assert rows_of(await dumped(target)) == rows_of(before)
    for path in kept.parent.glob("attache-before*"):
        path.unlink()
    return steps


async def stopped_at(step, act):
    loop, told = asyncio.get_running_loop(), []
    heard = threading.Event()

    def cancel():
        task.cancel()
        in_some_turns(5)

    def in_some_turns(left):
        """The loop has to come round before the task learns of it."""
        if left:
            loop.call_soon(in_some_turns, left - 1)
        else:
            heard.set()

    def watch(now, *_):
        if now == step and not told:
            told.append(now)
            if threading.current_thread() is threading.main_thread():
                cancel()
            else:
                loop.call_soon_threadsafe(cancel)
                heard.wait(10)

    task = asyncio.create_task(act(watch))
    with pytest.raises(asyncio.CancelledError):
        await task


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from storage.checking import Source
from storage.restore import prepared
from tests.fakes import NOON

def watch(step, done, total):
    if step in ("pages put back", "rows loaded") and putting and done > 20:
        os.kill(os.getpid(), signal.SIGKILL)

async def nothing(_): pass

async def put(url, file):
    async with prepared(url, Source(Path(file), file), replace=True, now=NOON, watch=watch) as ready:
        putting.append(True)
        await ready.put(nothing)

putting = []
asyncio.run(put(*sys.argv[1:]))
"""


async def test_who_is_killed_in_the_middle_has_changed_nothing(target, url, tmp_path):
    path, here = tmp_path / "all.jsonl", Path(__file__).parents[2]
    await dump_to(url, path, now=NOON, watch=unseen)
    before = await dumped(target)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, target, str(path), env=os.environ | {"PYTHONPATH": str(here)}
    )
    assert await process.wait() == -signal.SIGKILL
    assert await dumped(target) == before
    await put(target, path)
    assert rows_of(await dumped(target)) == rows_of(await dumped(url))


async def old_store(path):
    """A store as the first version made it, with a feed that a workspace follows."""
    async with open_engine(database_url(f"sqlite:///{path}")) as engine:
        await make_tables(engine, "0001")
    tell(
        path,
        "INSERT INTO workspaces (id, platform, external_id, timezone) VALUES (4, 'terminal', 'old', 'UTC')",
        "INSERT INTO feeds (id, url, url_key, failures, ended, last_success) "
        "VALUES (6, 'https://old.example/feed', 'https://old.example/feed', 0, 0, 1733302800000000)",
        "INSERT INTO follows (id, workspace_id, feed_id) VALUES (2, 4, 6)",
    )


OLD_DUMP = """\
{"attache":"dump","format":1,"version":"0001","made":"2024-12-04T09:00:00Z","tables":{\
"workspaces":{"id":"integer","platform":"text","external_id":"text","timezone":"text"},\
"feeds":{"id":"integer","url":"text","url_key":"text","failures":"integer","ended":"boolean","last_success":"time"},\
"follows":{"id":"integer","workspace_id":"integer","feed_id":"integer"}}}
{"table":"workspaces","id":4,"platform":"terminal","external_id":"old","timezone":"UTC"}
{"table":"feeds","id":6,"url":"https://old.example/feed","url_key":"https://old.example/feed",\
"failures":0,"ended":false,"last_success":"2024-12-04T09:00:00Z"}
{"table":"follows","id":2,"workspace_id":4,"feed_id":6}
{"end":{"counters":{"workspaces":9},"rows":{}}}
"""


@pytest.mark.parametrize("form", ["backup", "dump"])
async def test_what_an_older_version_made_is_brought_to_this_one(target, form, tmp_path):
    path = tmp_path / "old"
    if form == "backup":
        await old_store(path)
    else:
        path.write_text("".join(sealed(OLD_DUMP.splitlines(keepends=True))))
    content = path.read_bytes()
    await put(target, path)
    async with open_store(target) as store, store.read() as uow:
        workspace = await uow.workspaces.find(Platform.TERMINAL, "old")
        (feed,) = await uow.feeds.followed(workspace.id)
    assert (workspace.id, feed.id, feed.url) == (4, 6, "https://old.example/feed")
    assert feed.last_success.isoformat() == "2024-12-04T09:00:00+00:00"
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("old", "new"),
    [('"platform"', '"colour"'), ('"follows"', '"fellows"'), ('"timezone":"text"', '"tz":"text"')],
)
async def test_an_older_dump_that_does_not_fit_its_version_changes_nothing(target, old, new, tmp_path):
    path = tmp_path / "old.jsonl"
    path.write_text("".join(sealed(OLD_DUMP.replace(old, new).splitlines(keepends=True))))
    await refused(target, path, "does not fit together|is damaged", tmp_path)


async def test_an_older_sqlite_store_is_backed_up_as_it_is_and_not_dumped(tmp_path):
    path = tmp_path / "old.db"
    await old_store(path)
    saved = await back_up(f"sqlite:///{path}", tmp_path / "saved.db", now=NOON, watch=unseen)
    assert tell(saved.path, f"SELECT version_num FROM {VERSION_TABLE}") == [("0001",)]
    with pytest.raises(StoreVersionError, match="attache db upgrade"):
        await dumped(f"sqlite:///{path}")


async def test_a_store_of_any_version_gives_way_to_a_backup(backup, full, tmp_path):
    before = await dumped(f"sqlite:///{full}")
    path = tmp_path / "other.db"
    for version in ("0001", "9999"):
        path.unlink(missing_ok=True)
        await old_store(path)
        tell(path, f"UPDATE {VERSION_TABLE} SET version_num = '{version}'")
        kept = await put(f"sqlite:///{path}", backup)
        assert tell(kept, f"SELECT version_num FROM {VERSION_TABLE}") == [(version,)]
        assert rows_of(await dumped(f"sqlite:///{path}")) == rows_of(before)


async def test_a_restore_makes_a_database_where_there_is_none(backup, url, tmp_path):
    new = tmp_path / "new" / "attache.db"
    assert await put(f"sqlite:///{new}", backup) is None
    assert rows_of(await dumped(f"sqlite:///{new}")) == rows_of(await dumped(url))
    assert await upgrade(f"sqlite:///{new}") == HEAD
