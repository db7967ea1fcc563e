"""Feeds from the command line: a list in and out, who is told when one fails, and what programs are told."""

import asyncio
import json
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from news.channels import Platform
from news.feeds import Gone, NotModified, Validators
from news.polling import after_failure, after_success
from storage.engine import open_store

OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Mine</title></head><body>
<outline text="World"><outline text="Asia">
<outline type="rss" text="The Herald &amp; Post" xmlUrl="https://herald.example/feed"/>
</outline></outline>
<outline type="rss" text="Ledger" xmlUrl="https://ledger.example/feed"/>
</body></opml>
"""


@pytest.fixture
def listed(attache):
    (attache.folder / "mine.opml").write_text(OPML, encoding="utf-8")
    assert attache("feeds", "import", "mine.opml").returncode == 0


def become(attache, change):
    """Changes how each feed fares."""

    async def go():
        async with open_store(attache.url) as store, store.write() as uow:
            workspace = await uow.workspaces.find(Platform.TERMINAL, "local")
            for feed in await uow.feeds.followed(workspace.id):
                await uow.feeds.save(change(feed))
            await uow.commit()

    asyncio.run(go())


def lines_of(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_list_of_feeds_comes_in_with_its_folders(attache, tmp_path):
    (tmp_path / "mine.opml").write_text(OPML, encoding="utf-8")
    done = attache("feeds", "import", "mine.opml")
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "Following 2 feeds")
    assert attache("feeds", "import", "mine.opml").stdout == "Following 0 feeds; 2 were followed already\n"
    shown = attache("feeds", "list").stdout.splitlines()
    assert shown == [
        "2 feeds, none failing, 2 not read yet",
        "",
        "Ledger  not read yet; first try with the next round  https://ledger.example/feed",
        "",
        "World/Asia",
        "The Herald & Post  not read yet; first try with the next round  https://herald.example/feed",
    ]


@pytest.mark.usefixtures("listed")
def test_a_list_goes_out_as_it_came_in(attache, tmp_path):
    before = lines_of(attache("feeds", "list", "--json"))
    assert attache("feeds", "export", "out.opml").stdout == ""
    assert attache("feeds", "import", "out.opml", "--workspace", "other").returncode == 0
    assert lines_of(attache("feeds", "list", "--json", "--workspace", "other")) == before


@pytest.mark.usefixtures("listed")
async def test_a_list_goes_to_standard_output(attache):
    command = [sys.executable, "-m", "bot", "feeds", "export"]
    process = await asyncio.create_subprocess_exec(
        *command, env=attache.environment, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    assert out.startswith(b"<?xml")
    assert b"https://herald.example/feed" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("import", "missing.opml"), "missing.opml is not there: check the name."),
        (("import", "none.opml"), "none.opml"),
        (("export", "nowhere/out.opml"), "nowhere/out.opml cannot be written"),
        (("notices", "there"), "Say feeds notices here or feeds notices off"),
        (("remove", "Ledger"), "Ledger is not followed: list the feeds to see those that are."),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(attache, tmp_path, arguments, told):
    (tmp_path / "none.opml").write_text("No list at all.")
    done = attache("feeds", *arguments)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert told in done.stderr


@pytest.mark.usefixtures("listed")
def test_programs_are_told_how_feeds_fare(attache):
    now = datetime.now(UTC).replace(microsecond=0)
    become(attache, lambda feed: after_failure(feed, "it answers 500.", now, retry_after=timedelta(hours=2)))
    later = now + timedelta(hours=2)
    herald, ledger = lines_of(attache("feeds", "list", "--json"))
    assert herald == {
        "url": "https://herald.example/feed",
        "name": "The Herald & Post",
        "folder": "World/Asia",
        "well": False,
        "ended": False,
        "last_success": None,
        "last_error": "it answers 500.",
        "failing_since": now.isoformat(),
        "failures": 1,
        "next_check": later.isoformat(),
        "interval_seconds": 1800,
    }
    assert (ledger["name"], ledger["folder"]) == ("Ledger", "")
    become(attache, lambda feed: after_success(feed, Gone(), now))
    (ended, _) = lines_of(attache("feeds", "list", "--json"))
    assert (ended["ended"], ended["well"], ended["failures"], ended["next_check"]) == (True, False, 0, None)


@pytest.mark.usefixtures("listed")
def test_the_running_bot_tells_once_of_what_fails_and_of_what_is_back(attache):
    now, day = datetime.now(UTC), timedelta(days=1)

    def fail_for_two_days(feed):
        failed = after_failure(feed, "it answers 500.", now - 2 * day)
        return after_failure(failed, "it answers 500.", now, retry_after=day)

    become(attache, fail_for_two_days)
    told = attache("run", "--once").stdout
    assert told.splitlines()[0] == "2 feeds have failed for a day"
    assert "The Herald & Post  failing since" in told
    assert "its own connection to the network may be down" in told
    assert attache("run", "--once").stdout == ""

    become(attache, lambda feed: after_success(feed, NotModified(Validators()), now))
    assert attache("run", "--once").stdout.splitlines()[0] == "2 feeds are well again"
    assert attache("run", "--once").stdout == ""


@pytest.mark.usefixtures("listed")
def test_who_wants_no_notices_gets_none(attache):
    assert "The terminal of attache run is told" in attache("feeds", "notices").stdout
    assert attache("feeds", "notices", "off").stdout.startswith("Nobody is told when a feed fails\n")
    become(attache, lambda feed: after_success(feed, Gone(), datetime.now(UTC)))
    assert attache("run", "--once").stdout == ""
    assert attache("feeds", "notices", "here").stdout.startswith("The terminal of attache run is told")
    assert attache("run", "--once").stdout.splitlines()[0] == "2 feeds have ended"


def test_the_shell_takes_a_list_neither_in_nor_out(attache):
    done = attache("shell", typed="feeds import mine.opml\nfeeds export\n")
    assert "attache feeds import FILE" in done.stderr
    assert "feeds.opml: a terminal shows no files" in done.stdout


def test_ctrl_c_is_no_success(attache):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        command = [sys.executable, "-m", "bot", "feeds", "add", f"http://{address}/feed"]
        environment = attache.environment | {"ATTACHE_PRIVATE_HOSTS": address}
        with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as adding:
            silent.settimeout(60)
            connection, _ = silent.accept()  # it asks, and waits for an answer
            adding.send_signal(signal.SIGINT)
            _, told = adding.communicate(timeout=60)
            connection.close()
    assert (adding.returncode, told) == (130, "")
