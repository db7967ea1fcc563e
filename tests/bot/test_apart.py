"""Look-ups are answered in processes of their own: what ends or keeps one of those costs nobody an answer."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import socket
import traceback
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
import structlog.testing
from pydantic import SecretStr

from bot.apart import PROGRAM, READY, Elsewhere, LookUps, Place, Question, Wire, _Process
from bot.cli.looking_up import answer_each
from bot.desk import FrontDesk
from bot.grammar import LOOK_UPS
from bot.jobs.brief import catch_up
from bot.ports import Away
from bot.roles import Role
from bot.settings import Settings
from bot.wiring import look_up_processes
from news.arrivals import Arrival
from news.channels import Channel, Platform, Workspace, WorkspaceId
from news.errors import AttacheError, FetchError, GrammarError, NotFound
from storage.engine import open_store
from tests.backends import BACKENDS, current_database
from tests.builders import MORNING, a_draft
from tests.evaluation.processes import below, ended, runs
from tests.fakes import SetClock

HERE = Channel(Platform.DISCORD, "4001")
GUILD = Workspace(WorkspaceId(1), Platform.DISCORD, "42")
WORDS = "“We will pay for the bridge,” Anna Bell said on Monday. Bell said that she supports sanctions against Norland."
LOOKED_UP = {
    "digest": {},
    "whosaid": {"actor": "Anna Bell"},
    "actor": {"actor": "Anna Bell"},
    "stance": {"actor": "Anna Bell"},
}


@pytest.fixture
async def url(request, tmp_path):
    async with current_database(getattr(request, "param", "sqlite"), tmp_path) as url:
        yield url


@pytest.fixture
async def store(url):
    async with open_store(url) as opened:
        yield opened


@pytest.fixture
async def guild(store, understanding, clock):
    async with store.write() as uow:
        guild = await uow.workspaces.obtain(Platform.DISCORD, "42")
        feed = await uow.feeds.follow(guild.id, "https://herald.example/feed")
        arrival = Arrival("1", a_draft(WORDS), "f", arrived=MORNING)
        await uow.articles.save_all(feed.id, [arrival], now=MORNING)
        await uow.commit()
    await catch_up(store, understanding, clock)
    return guild


@asynccontextmanager
async def looking_up(url, processes=1):
    async with LookUps(processes).begun() as look_ups, look_ups.at(Place(url, "info", "json", frozenset())):
        await look_ups.ready()
        yield look_ups


def desk(store, look_ups=None):
    return FrontDesk(store, None, None, SetClock(MORNING + timedelta(hours=1)), look_ups=look_ups)


def pids() -> list[int]:
    return [pid for pid in below(os.getpid()) if runs(pid, PROGRAM)]


@pytest.mark.parametrize("url", BACKENDS, indirect=True)
async def test_the_answers_are_the_same(url, store, guild):
    assert set(LOOKED_UP) == LOOK_UPS
    async with looking_up(url, processes=2) as look_ups:
        assert len(pids()) == 2
        apart = desk(None, look_ups)  # it could not look anything up itself
        for command, options in LOOKED_UP.items():
            answers = await asyncio.gather(
                *(apart.answer(guild, HERE, command, options) for _ in range(3)),
                desk(store).answer(guild, HERE, command, options),
            )
            assert len({repr(answer) for answer in answers}) == 1, command
            assert "Bell" in repr(answers[0])
            assert bool(answers[0].attachments) == (command == "stance")  # a picture
    assert pids() == []


async def test_it_refuses_what_the_desk_refuses(url, store, guild):
    async with looking_up(url) as look_ups:
        for command, options in (("whosaid", {}), ("digest", {"since": "soonish"}), ("stance", {})):
            with pytest.raises(GrammarError) as here:
                await desk(store).answer(guild, HERE, command, options)
            with pytest.raises(GrammarError) as there:
                await desk(None, look_ups).answer(guild, HERE, command, options)
            assert str(there.value) == str(here.value)


async def test_a_bug_there_is_told_with_its_traceback(url, guild):
    async with looking_up(url) as look_ups:
        with pytest.raises(RuntimeError) as raised:
            await desk(None, look_ups).answer(guild, None, "digest", {})
        assert isinstance(raised.value.__cause__, Elsewhere)
        assert "in last_digest" in "".join(traceback.format_exception(raised.value))
        assert await desk(None, look_ups).answer(guild, HERE, "actor", LOOKED_UP["actor"])


async def test_what_it_was_asked_when_it_was_killed_is_answered_here_and_another_follows(url, store, guild):
    async with looking_up(url) as look_ups:
        [first] = pids()
        os.kill(first, signal.SIGSTOP)
        asking = [
            asyncio.create_task(desk(store, look_ups).answer(guild, HERE, command, options))
            for command, options in LOOKED_UP.items()
        ]
        await asyncio.sleep(0)
        with structlog.testing.capture_logs() as lines:
            os.kill(first, signal.SIGKILL)
            answers = await asyncio.gather(*asking)
            with pytest.raises(Away):
                await look_ups.answer(MORNING, guild, HERE, "digest", {})
            await look_ups.ready()
        assert all(answers)
        assert pids() not in ([], [first])
        assert [line["status"] for line in lines] == [-signal.SIGKILL]
        assert await desk(None, look_ups).answer(guild, HERE, "actor", LOOKED_UP["actor"])


async def test_one_that_hangs_is_let_go_of_though_much_is_asked(url, store, guild, monkeypatch):
    monkeypatch.setattr("bot.apart._LEAVES", 0.1)
    async with looking_up(url) as look_ups:
        monkeypatch.setattr("bot.apart.PATIENCE", 0.2)
        [first] = pids()
        os.kill(first, signal.SIGSTOP)
        long = {"actor": "Anna Bell", "about": "bridge " * 20_000}  # more than a socket takes by itself
        asking = [desk(store, look_ups).answer(guild, HERE, "actor", long) for _ in range(10)]
        async with asyncio.timeout(20):
            assert all(await asyncio.gather(*asking))
            await ended(first)
            monkeypatch.setattr("bot.apart.PATIENCE", 20.0)
            await look_ups.ready()
        assert await desk(None, look_ups).answer(guild, HERE, "actor", LOOKED_UP["actor"])


async def test_one_that_is_slow_is_waited_for(monkeypatch):
    """It says that it is at it: who is at a long answer hangs no more than who has none to give."""
    monkeypatch.setattr("bot.apart.PATIENCE", 0.2)
    monkeypatch.setattr("bot.cli.looking_up.BEATS_EVERY", 0.02)
    go_on = asyncio.Event()

    class Slow:
        @asynccontextmanager
        async def read(self):
            await go_on.wait()
            raise NotFound("At last.")
            yield

    ours, theirs = socket.socketpair()
    other = await Wire.over(theirs)
    answering = asyncio.create_task(answer_each(other, Slow()))
    process = _Process(asyncio.get_running_loop().create_future())
    process._wire = await Wire.over(ours)
    other.send(READY)
    hearing = asyncio.create_task(process._hear(process._wire))
    async with asyncio.timeout(20):
        await process.ready.wait()
        question = Question(MORNING, GUILD, HERE, "actor", LOOKED_UP["actor"], {})
        asked = asyncio.create_task(process.answer(question))
        await asyncio.wait({asked}, timeout=0.6)
        assert not asked.done()
        go_on.set()
        with pytest.raises(NotFound, match="At last"):
            await asked
        process._wire.end()
        await hearing
        with pytest.raises(EOFError):
            await answering
    other.end()


async def test_where_it_cannot_use_the_store_look_ups_stay_here(tmp_path, monkeypatch):
    heard = asyncio.Event()
    told = []

    class Log:
        def warning(self, event, **fields):
            told.append(fields)
            heard.set()

    monkeypatch.setattr("bot.apart.log", Log())
    (tmp_path / "empty.db").touch()
    place = Place(f"sqlite:///{tmp_path / 'empty.db'}", "info", "json", frozenset())
    async with asyncio.timeout(20), LookUps(1).begun() as look_ups, look_ups.at(place):
        await heard.wait()
        with pytest.raises(Away):
            await look_ups.answer(MORNING, None, HERE, "digest", {})
    assert told == [{"status": 1}]


async def test_who_gives_up_is_looked_for_no_longer():
    begun, given_up = asyncio.Event(), asyncio.Event()

    class Slow:
        @asynccontextmanager
        async def read(self):
            begun.set()
            try:
                await asyncio.Event().wait()
                yield
            finally:
                given_up.set()

    ours, theirs = socket.socketpair()
    wire, other = await Wire.over(ours), await Wire.over(theirs)
    answering = asyncio.create_task(answer_each(other, Slow()))
    wire.send((1, Question(MORNING, GUILD, HERE, "actor", LOOKED_UP["actor"], {})))
    async with asyncio.timeout(20):
        await begun.wait()
        wire.send((1, None))
        await given_up.wait()
        wire.send((2, Question(MORNING, GUILD, HERE, "actor", LOOKED_UP["actor"], {})))
        wire.send((2, None))  # in one go, before it is begun
        wire.end()
        with pytest.raises(EOFError):
            await answering
    other.end()


@pytest.mark.parametrize(
    "error",
    [GrammarError("Say who."), FetchError("https://herald.example/feed", "It is away.", passing=True)],
)
def test_errors_reach_another_process_as_they_are(error):
    again: AttacheError = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.__dict__) == (type(error), str(error), error.__dict__)


FILE = "sqlite:///somewhere.db"


@pytest.mark.parametrize(
    ("given", "cores", "processes"),
    [
        ({}, 2, 1),
        ({}, 1, 0),
        ({"look_up_processes": 0}, 8, 0),
        ({"look_up_processes": 3}, 1, 3),
        ({"discord_token": None}, 2, 0),
        ({"role": Role.WORKER}, 2, 0),
        ({"role": Role.READER, "look_up_processes": 2}, 2, 0),
        ({"role": Role.BOT}, 2, 1),
        ({"database_url": SecretStr("sqlite://")}, 2, 0),
    ],
)
def test_how_many_there_are(monkeypatch, given, cores, processes):
    monkeypatch.setattr("feeds.workers.cores", lambda: cores)
    told = {"discord_token": SecretStr("a.good.token"), "database_url": SecretStr(FILE)} | given
    assert look_up_processes(Settings(_env_file=None, **told)) == processes
