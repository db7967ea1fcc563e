"""What the verbs say to a person: in plain words, and in a real terminal."""

import asyncio
import fcntl
import os
import pty
import struct
import sys
import termios

import pytest

TEXT = (
    "Bridge over the Sill to close\n\n"
    "The bridge over the Sill will close on Monday, Mayor Ilka Tarn said on Friday.\n\n"
    "“We have waited too long,” a driver said at the old toll house. He believes the town will sue.\n"
)


@pytest.fixture
def article(tmp_path):
    (tmp_path / "bridge.txt").write_text(TEXT, encoding="utf-8")
    return "bridge.txt"


def test_read_shows_the_summary_and_who_said_what(attache, article):
    shown = attache("read", article).stdout
    assert shown.startswith("Bridge over the Sill to close\n")
    assert "Ilka Tarn" in shown
    assert "“We have waited too long,”" in shown
    assert "a driver" in shown
    assert "direct" in shown
    assert article in shown


def test_read_says_when_nobody_is_quoted(attache, tmp_path):
    (tmp_path / "quiet.txt").write_text("The river rose by two metres in the night and fell again by noon.")
    assert "Nobody is quoted in it." in attache("read", "quiet.txt").stdout


def test_an_article_without_a_date_is_shown_without_one(attache, article):
    """When it was imported is not when it was published."""
    import json

    attache("import", article)
    for arguments in (["whosaid", "Tarn"], ["digest"], ["stories", "--all"]):
        assert "no date" in attache(*arguments).stdout
    (statement,) = json.loads(attache("whosaid", "Tarn", "--json").stdout)["statements"]
    assert statement["time"] is None
    (story,) = json.loads(attache("digest", "--json").stdout)["stories"]
    assert [source["time"] for source in story["sources"]] == [None]


def test_stories_are_listed_with_their_articles(attache, article):
    attache("import", article)
    assert "No story in this time" in attache("stories", "--until", "2001-01-01").stdout
    shown = attache("stories", "--all").stdout
    assert shown.startswith("1 story\n")
    assert shown.count("Bridge over the Sill to close") == 2


def test_schedules_are_added_listed_and_removed(attache):
    assert "Nothing is scheduled yet" in attache("schedule", "list").stdout
    added = attache("schedule", "add", "09:00", "--timezone", "Europe/Kyiv", "--title", "Morning digest")
    assert added.stdout.startswith("Morning digest to the terminal, first on ")
    assert "09:00" in added.stdout
    channel = ("--channel", "discord:42")
    attache("schedule", "add", "0 18 * * fri", "--about", "dam", *channel)
    listed = attache("schedule", "list").stdout
    first, second = (" ".join(line.split()) for line in listed.split("\n\n", 1)[1].split("\n2"))
    assert first.startswith("1 Morning digest to the terminal · every day at 09:00 Europe/Kyiv · next ")
    assert first.endswith(", 09:00 Europe/Kyiv")
    assert second.startswith("Digest about dam to discord:42 · every Friday at 18:00 UTC · next Fri ")
    assert second.endswith(", 18:00")
    assert attache("schedule", "remove", "1").returncode == 0
    assert "Morning digest" not in attache("schedule", "list").stdout
    again = attache("schedule", "add", "0 18 * * fri", "--about", "dam", *channel)
    assert (again.returncode, len(again.stderr.splitlines())) == (1, 1)


def test_times_of_a_schedule_need_no_quotation_marks(attache):
    attache("schedule", "add", "weekdays", "09:00,", "18:00", "--title", "Morning")
    attache("schedule", "change", "1", "mondays", "at", "9am", "--length", "3")
    listed = " ".join(attache("schedule", "list").stdout.split())
    assert "1 Morning, 3 at most to the terminal · every Monday at 09:00 UTC" in listed


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["schedule", "add", "09:00", "--title", " "], "--title"),
        (["schedule", "add", "09:00", "--workspace", "discord:1"], "--channel discord:"),
        (["whosaid", "Tarn", "about", "bridge", "--about", "toll"], "more than one about"),
        (["whosaid", "Tarn", "target", "bridge"], "whosaid takes no target"),
        (["digest", "since", "3 parsecs"], "parsecs"),
        (["digest", "--until", "later"], "later"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_line(attache, arguments, named):
    done = attache(*arguments)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1), done.stderr
    assert named in done.stderr


def test_a_servers_digest_may_be_scheduled_to_the_terminal_when_it_is_said(attache):
    done = attache("schedule", "add", "09:00", "--workspace", "discord:1", "--channel", "terminal")
    assert done.stdout.startswith("Digest to the terminal, first on ")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["Tarn", "about", "bridge"], "1 statement"),
        (["Ilka Tarn", "about", "bridge", "since", "yesterday"], "1 statement"),
        (["Tarn", "about", "zebra"], "no statements"),
        (["Tarn", "about", "bridge", "until", "2001-01-01"], "no statements"),
        (["about", "waited too long", "--since", "yesterday"], "1 statement"),
        (["Tarn", "page", "2"], "1 statement"),
        (['"about"'], "no statements"),
    ],
)
def test_the_chats_options_work_as_words_of_the_shell(attache, article, words, found):
    attache("import", article)
    done = attache("whosaid", *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert found in done.stdout.split("\n\n")[0]


def test_a_digest_can_end_before_now(attache, article):
    attache("import", article)
    assert "Bridge over the Sill to close" in attache("digest").stdout
    ended = attache("digest", "--since", "2001-01-01", "--until", "2001-02-01").stdout
    assert "Bridge" not in ended


async def test_feeds_say_how_they_fare(attache, wire):
    private = {"ATTACHE_PRIVATE_HOSTS": wire.host}
    url = wire.feeds["Aldenmoor Wire"]
    checked = (await attache.aside("feeds", "check", url, **private)).stdout
    assert "entries" in checked.splitlines()[0]
    assert "Kelvasen" in checked
    await attache.aside("feeds", "add", url, "--outlet", "The Wire", **private)
    listed = (await attache.aside("feeds", "list")).stdout
    assert "1 feed, none failing" in listed
    assert "The Wire" in listed
    assert "well, read " in listed


async def test_a_feed_that_fails_is_shown_with_its_reason(attache, wire):
    private = {"ATTACHE_PRIVATE_HOSTS": wire.host}
    await attache.aside("feeds", "add", wire.feeds["Aldenmoor Wire"], **private)
    # Without leave to reach a private address the next round fails, once the feed is due.
    from datetime import UTC, datetime, timedelta

    from news.channels import Platform
    from news.polling import after_failure
    from storage.engine import open_store

    async with open_store(attache.url) as store, store.write() as uow:
        workspace = await uow.workspaces.find(Platform.TERMINAL, "local")
        (feed,) = await uow.feeds.followed(workspace.id)
        then = datetime.now(UTC) - timedelta(hours=1)
        await uow.feeds.save(after_failure(feed, "it answered 500", then))
        await uow.commit()
    assert (await attache.aside("run", "--once")).returncode == 0
    listed = (await attache.aside("feeds", "list")).stdout
    assert "1 feed, 1 failing" in listed
    assert "failing since" in listed
    assert "127.0.0.1" in listed


def test_the_database_is_brought_to_its_version(attache):
    assert attache("db", "upgrade").stdout.startswith("The database is at version ")
    assert attache("db", "upgrade").returncode == 0


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"ATTACHE_DISCORD_TOKEN": "two words"}, "ATTACHE_DISCORD_TOKEN"),
        ({"ATTACHE_DISCORD_TOKEN": "x", "ATTACHE_DISCORD_API_URL": "ftp://x"}, "ATTACHE_DISCORD_API_URL"),
        ({"ATTACHE_DISCORD_TOKEN": "x", "ATTACHE_DISCORD_API_URL": "http://127.0.0.1:9"}, "127.0.0.1:9"),
    ],
)
def test_a_bot_that_cannot_log_in_says_why_in_one_line(attache, settings, named):
    done = attache("run", "--once", **settings)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
    assert named in done.stderr


@pytest.mark.parametrize(("arguments", "shown"), [([], "Commands:"), (["--version"], "attache ")])
def test_without_a_verb_it_tells_what_it_is(attache, arguments, shown):
    done = attache(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert shown in done.stdout


async def test_the_shell_in_a_terminal_answers_with_colours_and_leaves_on_exit(attache, article):
    await attache.aside("import", article)
    ours, theirs = pty.openpty()
    fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 90, 0, 0))
    os.set_blocking(ours, False)
    shell = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "shell"),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=attache.folder,
        env=attache.environment | {"TERM": "xterm-256color"},
        start_new_session=True,
    )
    os.close(theirs)
    screen = Screen(ours)
    try:
        async with asyncio.timeout(30):
            await screen.shows("attaché>")
            screen.type("whosaid Tarn")
            await screen.shows("\x1b[1mIlka Tarn\x1b[0m", "bridge.txt", "attaché>")
            screen.type("frobnicate")
            await screen.shows("no command frobnicate", "attaché>")
            screen.type("exit")
            assert await shell.wait() == 0
    finally:
        if shell.returncode is None:
            shell.kill()
            await shell.wait()
        os.close(ours)


class Screen:
    """The other end of a pseudo-terminal."""

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal
        self._unread = b""

    def type(self, line: str) -> None:
        os.write(self._terminal, line.encode() + b"\r")

    async def shows(self, *all_words: str) -> None:
        """Waits for the words, one after the other; what stands before them is passed over."""
        for words in all_words:
            while words.encode() not in self._unread:
                self._unread += await self._more()
            self._unread = self._unread.split(words.encode(), 1)[1]

    async def _more(self) -> bytes:
        readable = asyncio.Event()
        asyncio.get_running_loop().add_reader(self._terminal, readable.set)
        try:
            await readable.wait()
        finally:
            asyncio.get_running_loop().remove_reader(self._terminal)
        more = os.read(self._terminal, 4096)
        # The answer to "where is the cursor?", which the line editor waits for.
        os.write(self._terminal, b"\x1b[1;1R" * more.count(b"\x1b[6n"))
        return more
