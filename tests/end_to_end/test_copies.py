"""`attache backup`, `restore`, `dump` and `load`, as they are typed."""

from __future__ import annotations

import gzip
import json
import os
import pty
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta

import pytest

from news.channels import Platform
from storage.engine import open_store
from tests.backends import current_database
from tests.end_to_end.conftest import Attache

ROWS = [
    {"id": "dam", "outlet": "Echo", "title": "Dam breaks above Selm", "text": "The dam above Selm will be built again, Mayor Tobin Renn said at the bridge."},
    {"id": "mill", "outlet": "Echo", "title": "Mill closes for good", "text": "“The mill is too old to be saved,” said Ilka Tarn, who owns it."},
]  # fmt: skip


@pytest.fixture(scope="module")
def dam(tmp_path_factory):
    """A store with an article about the dam, made once."""
    attache = Attache(tmp_path_factory.mktemp("dam"))
    write_rows(attache)
    assert attache("import", "dam.jsonl").returncode == 0
    return attache.folder / "attache.db"


@pytest.fixture
def selm(attache, dam):
    """That store; the article about the mill is at hand."""
    write_rows(attache)
    shutil.copyfile(dam, attache.folder / "attache.db")
    return attache


def write_rows(attache):
    for row in ROWS:
        (attache.folder / f"{row['id']}.jsonl").write_text(json.dumps(row), encoding="utf-8")


def names(attache):
    return sorted(
        path.name for path in attache.folder.iterdir() if path.suffix not in (".jsonl", ".db-wal", ".db-shm")
    )


def ids(attache):
    """Which articles are stored."""
    with closing(sqlite3.connect(attache.folder / "attache.db")) as connection:
        return [key for (key,) in connection.execute("SELECT key FROM articles ORDER BY key")]


def test_a_restore_goes_back_to_the_backup_and_keeps_what_was_there(selm):
    done = selm("backup", "saved.db")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Everything is backed up in {selm.folder / 'saved.db'} (")
    selm("import", "mill.jsonl")
    assert ids(selm) == ["dam", "mill"]
    done = selm("restore", "saved.db", "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    (kept,) = selm.folder.glob("attache-before-*.db")
    first, second = done.stdout.splitlines()
    assert first == f"1 article restored from saved.db. What was stored before is kept in {kept}."
    assert second == "Nothing was due to be posted since: all goes on as scheduled."
    assert ids(selm) == ["dam"]
    selm("restore", str(kept), "--yes")
    assert ids(selm) == ["dam", "mill"]


@pytest.mark.parametrize("words", [("backup", "copy.db"), ("dump", "copy.gz"), ("dump", "copy.jsonl")])
def test_a_copy_is_for_nobody_elses_eyes(selm, words):
    before = os.umask(0o022)
    try:
        assert selm(*words).returncode == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE((selm.folder / words[1]).stat().st_mode) == 0o600


def test_a_backup_without_a_name_lies_beside_the_database(selm):
    done = selm("backup")
    (made,) = selm.folder.glob("attache-2*.db")
    assert f"backed up in {made} (" in done.stdout


def test_a_dump_fills_an_empty_store(selm):
    done = selm("dump", "all.jsonl.gz")
    assert (done.returncode, done.stderr) == (0, "")
    rows = len(gzip.decompress((selm.folder / "all.jsonl.gz").read_bytes()).splitlines()) - 2
    assert done.stdout.startswith(f"{rows} rows are dumped to {selm.folder / 'all.jsonl.gz'} (")
    new = {"ATTACHE_DATABASE_URL": f"sqlite:///{selm.folder / 'new.db'}"}
    done = selm("load", "all.jsonl.gz", **new)
    assert (done.returncode, done.stdout, done.stderr) == (0, "1 article loaded from all.jsonl.gz.\n", "")
    assert "Renn" in selm("whosaid", "Renn", **new).stdout
    done = selm("load", "all.jsonl.gz", **new)
    assert (done.returncode, done.stdout) == (1, "")
    assert "add --replace" in done.stderr
    done = selm("load", "all.jsonl.gz", "--replace", "--yes", **new)
    assert done.returncode == 0
    assert "What was stored before is kept in" in done.stdout


async def test_a_store_moves_to_postgresql_and_back(selm):
    async with current_database("postgresql", selm.folder) as url:
        there = {"ATTACHE_DATABASE_URL": url}
        back = {"ATTACHE_DATABASE_URL": f"sqlite:///{selm.folder / 'back.db'}"}
        for place, arguments in (
            ({}, ("dump", "there")),
            (there, ("load", "there")),
            (there, ("dump", "back.gz")),
            (back, ("load", "back.gz")),
            (back, ("dump", "again")),
            (there, ("backup", "saved.gz")),
            (back, ("restore", "saved.gz", "--yes")),
            (there, ("restore", "there", "--yes")),
            ({}, ("backup", "saved.db")),
            (there, ("restore", "saved.db", "--yes")),
            (there, ("dump", "at last")),
        ):
            done = await selm.aside(*arguments, **place)
            assert (done.returncode, done.stderr) == (0, ""), arguments
    first, *others = (
        (selm.folder / name).read_bytes().splitlines()[1:] for name in ("there", "again", "at last")
    )
    assert others == [first, first]


async def test_what_came_due_since_the_backup_is_told_and_not_posted(selm):
    await selm.aside("schedule", "add", "09:00")
    await selm.aside("schedule", "add", "10:00")
    await make_due(selm)
    await selm.aside("backup", "saved.db")
    await selm.aside("dump", "all")
    assert told(await selm.aside("run", "--once")) == 2
    done = await selm.aside("restore", "saved.db", "--yes")
    assert done.stdout.splitlines()[1] == (
        "What may have been posted since is not posted again (2 schedules): the next digests tell what came since."
    )
    assert (await selm.aside("run", "--once")).stdout == ""
    done = await selm.aside("load", "all", "--replace", "--yes")
    assert done.stdout.splitlines()[1] == (
        "The bot will post what is due now (2 schedules). "
        "Where another bot has posted it meanwhile, use `attache restore` in the place of `load`."
    )
    assert told(await selm.aside("run", "--once")) == 2


def told(done):
    return done.stdout.count("Dam breaks above Selm")


async def make_due(attache):
    async with open_store(attache.url) as store, store.write() as uow:
        workspace = await uow.workspaces.obtain(Platform.TERMINAL, "local")
        now = datetime.now(UTC)
        for made in await uow.subscriptions.of(workspace.id):
            await uow.subscriptions.cover([made.id], now - timedelta(days=1))
            await uow.subscriptions.postpone(made.id, now - timedelta(minutes=1))
        await uow.commit()


BAD = [
    (["backup", "dam.jsonl"], "--force"),
    (["backup", "."], "is a folder"),
    (["backup", "none/saved.db"], "no folder"),
    (["backup", "dam.jsonl/saved.db"], "no folder"),
    (["backup", "x" * 300], "File name too long"),
    (["backup", "attache.db", "--force"], "the database itself"),
    (["dump", "attache.db", "--force"], "the database itself"),
    (["dump", "dam.jsonl"], "--force"),
    (["dump", "/dev/full", "--force"], "no ordinary file"),
    (["restore"], "FILE"),
    (["restore", "none.db"], "none.db cannot be read"),
    (["restore", "x" * 300], "File name too long"),
    (["restore", "."], "Is a directory"),
    (["restore", "loop"], "loop cannot be read"),
    (["restore", "dam.jsonl"], "dam.jsonl is no backup and no dump"),
    (["restore", "attache.db"], "the database itself"),
    (["restore", "saved.db"], "add --yes"),
    (["load", "saved.db"], "add --replace"),
    (["load", "saved.db", "--replace"], "add --yes"),
    (["load", "-"], "no standard input"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "said"), BAD, ids=[" ".join(a)[:40] for a, _ in BAD])
def test_what_cannot_be_done_is_one_line_and_changes_nothing(selm, arguments, said):
    selm("backup", "saved.db")
    (selm.folder / "loop").symlink_to("loop")
    before = names(selm)
    done = selm(*arguments)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1), done.stderr
    assert said in done.stderr
    assert names(selm) == before
    assert ids(selm) == ["dam"]


def shell(attache, line, **more):
    """A line of a shell in which `attache` is the command."""
    line = line.replace("attache ", f"{sys.executable} -m bot ")
    return subprocess.run(
        ["/bin/bash", "-c", line],
        cwd=attache.folder,
        env=environment(attache),
        capture_output=True,
        text=True,
        check=False,
        **more,
    )


def environment(attache):
    return attache.environment | {"PYTHONPATH": os.getcwd(), "TMPDIR": str(attache.folder / "tmp")}


@pytest.fixture
def temporary(attache):
    folder = attache.folder / "tmp"
    folder.mkdir()
    return folder


def test_a_dump_goes_through_pipes(selm, temporary):
    done = shell(selm, "attache dump | gzip | attache restore - --yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("1 article restored from standard input. ")
    done = shell(selm, "attache dump > all && attache load <(gzip < all) --replace --yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("attache dump > /dev/full", "cannot be written"),
        ("attache dump | true", ""),
        ("attache dump | head -c 10 > /dev/null", ""),
        ("ulimit -f 40; attache backup saved.db", "saved.db cannot be written (disk I/O error): make room"),
        ("ulimit -f 40; attache dump all", "all cannot be written (File too large)"),
        ("ulimit -f 40; attache restore good.db --yes", "cannot be written (disk I/O error): make room"),
        ("attache restore - --yes < /dev/null", "standard input is no backup"),
        ("attache restore - --yes <&-", "no standard input"),
        ("attache load - --replace < good.db", "add --yes"),
    ],
)  # fmt: skip
def test_a_disk_that_is_full_and_a_pipe_that_closes_leave_nothing_behind(selm, temporary, line, said):
    with closing(sqlite3.connect(selm.folder / "attache.db")) as connection, connection:
        connection.execute("UPDATE article_versions SET text = text || hex(zeroblob(30000))")
    selm("backup", "good.db")
    before = names(selm)
    done = shell(selm, line)
    assert len(done.stderr.splitlines()) == bool(said), done.stderr
    assert said in done.stderr
    assert [name for name in names(selm) if name != "all" or "> all" not in line] == before
    assert list(temporary.iterdir()) == []
    assert ids(selm) == ["dam"]


def interrupt(process, number):
    """Until it ends: a signal that comes just before a read begins is heard only after it."""
    for _ in range(60):
        process.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
            return


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_is_interrupted_while_it_is_given_leaves_nothing_behind(selm, temporary, number):
    os.mkfifo(selm.folder / "pipe")
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "restore", "pipe", "--yes"],
        cwd=selm.folder,
        env=environment(selm),
        stderr=subprocess.PIPE,
        text=True,
    )
    with process, open(selm.folder / "pipe", "wb") as pipe:
        pipe.write(b"SQLite format 3\0")
        pipe.flush()
        interrupt(process, number)
        assert (process.wait(30), process.stderr.read()) == (130, "")
    assert list(temporary.iterdir()) == []


@contextmanager
def at_a_terminal(attache, *arguments):
    """The command with somebody in front of it, who reads and types."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments],
        cwd=attache.folder,
        env=environment(attache) | {"TERM": "xterm", "COLUMNS": "300"},
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        yield process, ours
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        os.close(ours)


def read_until(terminal, words):
    read = b""
    while words not in read:
        read += os.read(terminal, 1000)
    return read.decode()


@pytest.mark.parametrize(
    ("typed", "status", "left"),
    [(b"y\n", 0, ["dam"]), (b"n\n", 1, ["dam", "mill"]), (b"\n", 1, ["dam", "mill"]), (signal.SIGINT, 130, ["dam", "mill"]), (signal.SIGTERM, 130, ["dam", "mill"]), (b"\x04", 130, ["dam", "mill"])],
    ids=["yes", "no", "nothing", "Ctrl-C", "SIGTERM", "Ctrl-D"],
)  # fmt: skip
def test_a_person_is_asked_before_anything_is_replaced(selm, temporary, typed, status, left):
    selm("backup", "saved.db")
    selm("import", "mill.jsonl")
    before = names(selm)
    with at_a_terminal(selm, "restore", "saved.db") as (process, terminal):
        asked = read_until(terminal, b"[y/N]")
        assert (
            f"Put 1 article of saved.db in the place of everything in {selm.folder / 'attache.db'}?" in asked
        )
        if isinstance(typed, bytes):
            os.write(terminal, typed)
        else:
            interrupt(process, typed)
        assert process.wait(60) == status
        assert ("1 article restored" in process.stdout.read()) is (status == 0)
    assert ids(selm) == left
    assert (names(selm) == before) is (status != 0)
    assert list(temporary.iterdir()) == []


def test_a_terminal_is_shown_how_far_it_is(selm, temporary):
    with at_a_terminal(selm, "backup", "saved.db") as (process, terminal):
        assert "pages copied" in read_until(terminal, b"pages copied")
        assert process.wait(60) == 0
        assert "Everything is backed up" in process.stdout.read()
