"""`attache run` while its database is away: it waits, says so, and goes on by itself; questions get a sentence."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

from bot.cli import serve
from bot.cli.rounds import Rounds
from bot.desk import FrontDesk
from bot.jobs import keeping
from bot.schedule import heartbeat
from bot.settings import Settings
from bot.understanding import ThreadedUnderstanding
from bot.wiring import App
from news.channels import Channel, Platform
from news.errors import StoreAway
from news.feeds import Entry, Fetched, Validators
from storage.engine import open_store
from summarizer.stories import Clusterer
from tests.backends import current_database
from tests.builders import a_brief, a_signature
from tests.fakes import MemoryMessenger, MemoryReader, SetClock
from tests.outages import own_database, own_server

BEAT = timedelta(milliseconds=10)
CHANNEL = Channel(Platform.TERMINAL, "local")
FEED = "https://herald.example/feed"
WORDS = "The bridge will close on Monday, the mayor said. " * 40


class FileOutage:
    """Takes an SQLite file away, and brings it back."""

    def __init__(self, url):
        self.url = url
        self._files = [url.removeprefix("sqlite:///") + end for end in ("", "-wal", "-shm")]

    async def begin(self):
        for file in self._files:
            os.rename(file, f"{file}.away")

    async def end(self):
        for file in self._files:
            os.rename(f"{file}.away", file)


class ServerOutage:
    """Stops a PostgreSQL server, and starts it."""

    def __init__(self, url):
        self.url = url

    async def begin(self):
        await own_server().stop()

    async def end(self):
        await own_server().start()


@pytest.fixture(params=["sqlite", "postgresql"])
async def outage(request, tmp_path):
    async with AsyncExitStack() as stack:
        if request.param == "sqlite":
            yield FileOutage(await stack.enter_async_context(current_database("sqlite", tmp_path)))
        else:
            yield ServerOutage(own_server().url(await stack.enter_async_context(own_database())))


class Plain:
    """A summarizer for which every article is a summary of itself."""

    def brief(self, article, targets):
        return a_brief(article)

    def sign(self, article):
        return a_signature(article.title or "")


class Waiting(MemoryMessenger):
    """Lets a test wait for what is posted."""

    def __init__(self):
        super().__init__()
        self.posted = asyncio.Event()

    async def send(self, channel, message, *, key):
        receipt = await super().send(channel, message, key=key)
        self.posted.set()
        return receipt


class Lines:
    """What was logged; a test may wait for words."""

    def __init__(self):
        self.lines = []
        self._changed = asyncio.Event()

    def __call__(self, _, level, event):
        self.lines.append((level, event.get("work"), event["event"]))
        self._changed.set()
        return event

    async def of(self, works, words):
        """Wait until these words were said of each of these works; of one they may be said more than once."""
        while not set(works) <= {work for _, work, event in self.lines if words in event}:
            self._changed.clear()
            await self._changed.wait()


@pytest.fixture
def logged():
    import structlog

    lines = Lines()
    with structlog.testing.capture_logs() as captured:
        structlog.configure(processors=[lines, *structlog.get_config()["processors"]])
        yield lines
    assert captured is not None


def an_edition(number):
    entry = Entry(key=str(number), title=f"Edition {number}", content=WORDS, url=None)
    return Fetched("Herald", (entry,), Validators(), str(number), FEED)


async def test_the_bot_goes_on_by_itself_when_its_database_is_back(outage, logged, monkeypatch):
    monkeypatch.setattr(keeping, "PATIENCE", 0)
    clock, reader, messenger = SetClock(), MemoryReader(), Waiting()
    reader.feeds[FEED] = an_edition(1)
    async with asyncio.timeout(30), open_store(outage.url) as store:
        understanding = ThreadedUnderstanding(Plain(), Clusterer)
        desk = FrontDesk(store, reader, understanding, clock)
        app = App(Settings(_env_file=None), clock, store, reader, understanding, desk)
        workspace = await desk.workspace(Platform.TERMINAL, "local")
        async with store.write() as uow:
            await uow.feeds.follow(workspace.id, FEED)
            await uow.subscriptions.add(
                workspace.id, CHANNEL, cron="* * * * *", timezone="UTC", next_due=clock.now()
            )
            await uow.commit()
        rounds = Rounds(app, {Platform.TERMINAL: messenger})
        beats = {"intake": rounds.take_in, "reading": rounds.read, "posting": rounds.deliver}
        async with heartbeat(beats, every=BEAT):
            await messenger.posted.wait()
            await outage.begin()
            await logged.of(beats, "failed")
            with pytest.raises(StoreAway) as caught:
                await desk.answer(workspace, CHANNEL, "digest", {})
            assert str(caught.value).endswith(".")
            messenger.posted.clear()
            reader.feeds[FEED] = an_edition(2)
            clock.forward(hours=1)
            await outage.end()
            await messenger.posted.wait()
            await logged.of(beats, "works again")
        async with store.read() as uow:
            assert await uow.articles.unread() == ()
    assert len({key for _, _, key in messenger.sent}) == len(messenger.sent)
    assert {work for level, work, _ in logged.lines if level == "error"} == {"intake", "reading", "posting"}


@pytest.fixture
def environment(monkeypatch, tmp_path):
    for name in [name for name in os.environ if name.startswith("ATTACHE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(serve, "WAITS", (0.01,))
    return monkeypatch.setenv


class Told:
    """The lines on standard error; at some words something is done."""

    def __init__(self, monkeypatch, **then):
        self.lines = []
        self._then = then
        monkeypatch.setattr(serve, "tell", self)

    def __call__(self, line):
        self.lines.append(line)
        for words, act in self._then.items():
            if words in line:
                act()


def stop():
    os.kill(os.getpid(), signal.SIGTERM)


async def test_a_bot_that_is_started_before_its_database_waits_for_it(environment, monkeypatch):
    async with asyncio.timeout(30), own_database() as name:
        environment("ATTACHE_DATABASE_URL", own_server().url(name))
        await own_server().stop()
        starting = []

        def start():
            if not starting:
                starting.append(asyncio.ensure_future(own_server().start()))

        told = Told(monkeypatch, waiting=start, running=stop)
        await serve._run()
        await asyncio.gather(*starting)
    assert told.lines[0].startswith("attache: waiting for the database. Cannot reach the database outages on")
    assert told.lines[-2:] == [
        "attache: running; posts to terminal. Stop it with Ctrl-C.",
        "attache: stopped",
    ]
    assert len(set(told.lines)) == len(told.lines)  # the same reason is told once


async def test_a_bot_that_waits_for_its_database_can_be_stopped(environment, monkeypatch, tmp_path):
    environment("ATTACHE_DATABASE_URL", f"postgresql://nobody@/news?host={tmp_path}")
    told = Told(monkeypatch, waiting=stop)
    async with asyncio.timeout(30):
        await serve._run()
    assert len(told.lines) == 2
    assert told.lines[1] == "attache: stopped"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "--once"], "Cannot reach"),
        (["whosaid", "Tarn"], "Cannot reach"),
        (["feeds", "add", "https://herald.example/feed"], "Cannot reach"),
        (["db", "upgrade"], "Cannot reach"),
    ],
    ids=" ".join,
)
def test_what_is_done_once_does_not_wait(attache, tmp_path, arguments, words):
    done = attache(*arguments, ATTACHE_DATABASE_URL=f"postgresql://nobody@/news?host={tmp_path}")
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert words in line
