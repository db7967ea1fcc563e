"""An SQLite file that is full, locked, read-only, gone, replaced or broken: one sentence, nothing half stored, and on."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import AsyncExitStack, closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from news.channels import Platform
from news.errors import StoreAway, StoreBusy, StoreError, StoreVersionError
from storage import sqlite
from storage.engine import open_store
from tests.backends import current_database

NAMES = ["one", "two"]
ROOT = Path(__file__).parents[2]


@pytest.fixture
async def path(tmp_path):
    """A database of this program's version, empty."""
    async with current_database("sqlite", tmp_path) as url:
        yield Path(url.removeprefix("sqlite:///"))


@pytest.fixture
async def store(path):
    async with open_store(f"sqlite:///{path}") as store:
        yield store


async def obtain(store, *names, before_commit=None):
    """Makes workspaces in one unit of work; before it commits, something happens."""
    async with store.write() as uow:
        for name in names:
            await uow.workspaces.obtain(Platform.TERMINAL, name)
        if before_commit:
            before_commit()
        await uow.commit()


async def find(store, name="kept"):
    async with store.read() as uow:
        return await uow.workspaces.find(Platform.TERMINAL, name)


async def failure(work):
    with pytest.raises(StoreError) as caught:
        await work
    text = str(caught.value)
    assert text.endswith(".")
    assert "\n" not in text
    return caught.value


def stored(path):
    """What another process would see."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return [name for (name,) in connection.execute("SELECT external_id FROM workspaces ORDER BY id")]


def size_of(path):
    return os.stat(path).st_size


def remove(path, *ends):
    """Whoever closed the file last may have done so already."""
    for end in ends:
        Path(f"{path}{end}").unlink(missing_ok=True)


@contextmanager
def no_more_pages(path):
    """As on a full disk: SQLite itself refuses to let the file grow."""
    with closing(sqlite3.connect(path)) as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()

    def limit(connection, _) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        cursor.close()

    event.listen(Engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(Engine, "connect", limit)


async def test_a_file_that_may_not_grow_is_told_and_nothing_is_stored(path):
    many = [f"{number} {'x' * 150}" for number in range(200)]
    with no_more_pages(path):
        async with open_store(f"sqlite:///{path}") as store:
            error = await failure(obtain(store, *many))
            assert type(error) is StoreAway
            assert "full: make room" in str(error)
            assert await find(store, many[0]) is None
            await obtain(store, "kept")  # what there is room for
    async with open_store(f"sqlite:///{path}") as store:
        await obtain(store, *many)
    assert stored(path) == ["kept", *many]


@contextmanager
def as_nobody(*folders):
    """Root may write everywhere: who is root is somebody else for a while."""
    root = os.geteuid() == 0
    for folder in folders:
        folder.chmod(0o755 if root else 0o555)
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        for folder in folders:
            folder.chmod(0o755)


@pytest.mark.parametrize("locked", ["the file", "the folder", "the folder of a new file"])
async def test_a_place_that_may_only_be_read_is_told_and_written_once_it_may(path, locked):
    with tempfile.TemporaryDirectory(prefix="attache-locked-") as name:
        folder = Path(name)
        there = folder / "a.db"
        if "new" not in locked:
            shutil.copyfile(path, there)
            there.chmod(0o444 if locked == "the file" else 0o666)
        with as_nobody(folder):
            error = await failure(_obtain_at(there, "lost"))
        assert type(error) is StoreAway
        assert "may be written" in str(error)
        if "new" not in locked:
            there.chmod(0o644)
        await _obtain_at(there, "kept")
        assert stored(there) == ["kept"]


async def test_a_file_that_could_only_be_read_when_it_was_opened_is_written_once_it_may(path):
    with tempfile.TemporaryDirectory(prefix="attache-locked-") as name:
        there = Path(name, "a.db")
        shutil.copyfile(path, there)
        os.chmod(there, 0o444)
        os.chmod(name, 0o777)  # the log is written, though
        async with AsyncExitStack() as stack:
            with as_nobody():
                store = await stack.enter_async_context(open_store(f"sqlite:///{there}"))
                assert type(await failure(obtain(store, "lost"))) is StoreAway
            for end in ("", "-wal", "-shm"):
                os.chmod(f"{there}{end}", 0o666)
            await obtain(store, "kept")
        assert stored(there) == ["kept"]


async def _obtain_at(path, name):
    async with open_store(f"sqlite:///{path}") as store:
        await obtain(store, name)


async def test_a_database_that_is_opened_for_reading_is_read_and_not_written(path):
    await _obtain_at(path, "kept")
    async with open_store(f"sqlite:///file:{path}?mode=ro&uri=true") as store:
        assert await find(store)
        error = await failure(obtain(store, "lost"))
        assert type(error) is StoreAway
        assert "may be written" in str(error)
    assert stored(path) == ["kept"]


async def test_a_deleted_file_is_noticed_before_anything_more_is_stored(path, store):
    await obtain(store, "kept")
    remove(path, "", "-wal", "-shm")
    for work in (obtain(store, "lost"), find(store)):
        error = await failure(work)
        assert type(error) is StoreAway
        assert "no database at" in str(error)
    assert not path.exists()  # and none is made in its place


async def test_a_file_that_is_deleted_in_a_unit_of_work_keeps_nothing_of_it(path, store):
    error = await failure(obtain(store, *NAMES, before_commit=lambda: remove(path, "", "-wal", "-shm")))
    assert type(error) is StoreAway
    assert "nothing was stored" in str(error)


async def test_a_file_that_was_moved_away_and_back_is_used_again(path, store):
    await obtain(store, "kept")
    away = path.with_name("away")
    away.mkdir()
    for file in list(path.parent.glob(f"{path.name}*")):
        file.rename(away / file.name)
    assert type(await failure(obtain(store, "lost"))) is StoreAway
    for file in list(away.iterdir()):
        file.rename(path.parent / file.name)
    await obtain(store, "more")
    assert stored(path) == ["kept", "more"]


async def test_a_folder_that_goes_and_comes_back_is_waited_for(path, tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    shutil.copyfile(path, folder / "a.db")
    async with open_store(f"sqlite:///{folder / 'a.db'}") as store:
        await obtain(store, "kept")
        folder.rename(tmp_path / "gone")
        assert type(await failure(find(store))) is StoreAway
        (tmp_path / "gone").rename(folder)
        await obtain(store, "more")
    assert stored(folder / "a.db") == ["kept", "more"]


async def test_a_file_that_was_replaced_is_used_in_its_place(path, store, tmp_path):
    await obtain(store, "old")
    await _replace(path, tmp_path, "restored")
    remove(path, "-wal", "-shm")
    assert await find(store, "old") is None
    await obtain(store, "more")
    assert stored(path) == ["restored", "more"]


async def test_the_log_of_another_file_is_not_read_into_the_one_that_replaced_it(path, store, tmp_path):
    await obtain(store, "old")
    await _replace(path, tmp_path, "restored")
    before = path.read_bytes()
    error = await failure(find(store))
    assert type(error) is StoreAway
    assert f"{path}-wal is still the old one's" in str(error)
    assert path.read_bytes() == before
    remove(path, "-wal", "-shm")
    await obtain(store, "more")
    assert stored(path) == ["restored", "more"]


async def test_a_file_of_another_version_in_its_place_is_refused(path, store, tmp_path):
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE attache_version (version_num TEXT)")
        connection.execute("INSERT INTO attache_version VALUES ('9999')")
        connection.commit()
    remove(path, "-wal", "-shm")
    (tmp_path / "other.db").rename(path)
    error = await failure(obtain(store, "lost"))
    assert type(error) is StoreVersionError
    assert "newer version of attache" in str(error)


async def _replace(path, tmp_path, name):
    async with current_database("sqlite", tmp_path) as url:
        other = Path(url.removeprefix("sqlite:///"))
        await _obtain_at(other, name)
        os.rename(other, path)


@pytest.mark.parametrize("ends", [["-wal"], ["-shm"], ["-wal", "-shm"]], ids=" ".join)
async def test_a_log_that_was_deleted_loses_nothing(path, store, ends):
    """Who has it open still knows what it held, and writes that into the file."""
    await obtain(store, "kept")
    remove(path, *ends)
    assert await find(store)
    await obtain(store, "more")
    assert stored(path) == ["kept", "more"]


@pytest.mark.parametrize("ends", [["-wal"], ["-shm"], ["-wal", "-shm"]], ids=" ".join)
async def test_neither_does_it_where_another_process_reads(path, store, ends):
    await obtain(store, "kept")
    reading = "import sqlite3, sys; there = sqlite3.connect(sys.argv[1]); print(*there.execute('SELECT name FROM sqlite_schema')); input()"
    other = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", reading, str(path)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert await other.stdout.readline()
        remove(path, *ends)
        assert await find(store)
        await obtain(store, "more")
    finally:
        await other.communicate(b"\n")
    assert stored(path) == ["kept", "more"]


async def test_while_somebody_uses_what_was_moved_others_are_asked_to_try_again(path, store):
    async with store.read():
        remove(path, "-wal")
        error = await failure(obtain(store, "lost"))
        assert type(error) is StoreAway
        assert "try again" in str(error)
    await obtain(store, "kept")
    assert stored(path) == ["kept"]


@pytest.mark.parametrize(
    "content", [b"", b"\0" * 50_000, b"Dear reader, " * 5_000], ids=["nothing", "zeros", "words"]
)
async def test_a_file_that_was_overwritten_is_told_and_the_restored_one_is_used(path, store, content):
    await obtain(store, "kept")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    good = path.read_bytes()
    with path.open("r+b") as file:
        file.truncate(0)
        file.write(content)
    async with open_store(f"sqlite:///{path.with_name('other.db')}"):
        pass
    error = await failure(_read_all(store))
    assert "restore a backup" in str(error) or "no database that can be read" in str(error)
    (path.with_name("good.db")).write_bytes(good)
    path.with_name("good.db").rename(path)
    remove(path, "-wal", "-shm")
    assert await find(store)
    await obtain(store, "more")
    assert stored(path) == ["kept", "more"]


async def _read_all(store):
    for _ in range(3):
        async with store.write() as uow:
            await uow.feeds.follow(
                (await uow.workspaces.obtain(Platform.TERMINAL, "new")).id, "https://a.example/"
            )
            await uow.commit()


async def test_what_others_hold_too_long_is_given_up_and_readers_are_not_hindered(path, store, monkeypatch):
    monkeypatch.setattr(sqlite, "BUSY", 0.02)
    async with store.write() as uow:
        await uow.workspaces.obtain(Platform.TERMINAL, "kept")
        error = await failure(obtain(store, "lost"))
        assert type(error) is StoreBusy
        assert await find(store) is None
        await uow.commit()
    assert stored(path) == ["kept"]


async def test_what_a_long_reader_made_the_log_grow_to_is_given_back(path, monkeypatch):
    small = sqlite._PRAGMAS.replace("67108864", "60000") + "PRAGMA wal_autocheckpoint = 10;"
    monkeypatch.setattr(sqlite, "_PRAGMAS", small)
    log = f"{path}-wal"
    async with open_store(f"sqlite:///{path}") as store:
        async with store.read() as uow:
            await uow.workspaces.find(Platform.TERMINAL, "kept")
            for part in range(10):
                await obtain(store, *(f"{part}/{n} {'x' * 150}" for n in range(20)))
            grown = size_of(log)
        for part in range(3):
            await obtain(store, f"later {part}")
        assert grown > 200_000
        assert size_of(log) <= 60_000


async def test_a_commit_outlasts_a_loss_of_power(store):
    async with store._reading.connect() as connection:
        assert (await connection.exec_driver_sql("PRAGMA synchronous")).scalar() == 2


SMALL_DISK = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c")


def _may_mount():
    """Whether this machine lets anybody have a small disk of their own."""
    try:
        done = subprocess.run([*SMALL_DISK, "mount -t tmpfs none /mnt"], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


@pytest.mark.parametrize("kind", ["disk", "limit"])
def test_a_full_disk_is_told_keeps_nothing_by_halves_and_is_used_again_when_there_is_room(kind, tmp_path):
    program = [sys.executable, "-m", "tests.storage.full_disk", str(tmp_path), kind]
    if kind == "disk":
        if not _may_mount():
            pytest.skip(
                "this machine lets nobody mount a small disk; the other case and the pages stand for it"
            )
        script = 'mount -t tmpfs -o size=3m none "$4" && exec "$@"'
        program = [*SMALL_DISK, script, "sh", *program]
    done = subprocess.run(program, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    words = "is full: make room" if kind == "disk" else "check it, and its quota"
    for line, name in zip(done.stdout.splitlines(), ["b.db", "a.db"], strict=True):
        assert name in line
        assert words in line


@pytest.mark.parametrize("ends", [("", "-wal", "-shm"), ("", "-wal")], ids=["all files", "without the index"])
async def test_what_a_crashed_process_left_is_made_whole(path, store, tmp_path, ends):
    await obtain(store, "kept")
    left = tmp_path / "left.db"

    def crash():
        for end in ends:
            shutil.copyfile(f"{path}{end}", f"{left}{end}")

    await obtain(store, *(f"{number} {'x' * 150}" for number in range(50)), before_commit=crash)
    async with open_store(f"sqlite:///{left}") as other:
        assert await find(other)
        await obtain(other, "more")
    assert stored(left) == ["kept", "more"]
