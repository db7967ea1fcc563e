"""Who is restarted has asked itself what people will ask before any of them can."""

from __future__ import annotations

import asyncio
import gc
import json
import subprocess
import sys
from dataclasses import dataclass, field, replace

import pytest
import structlog.testing
from pydantic import SecretStr
from sqlalchemy import Engine, event

from bot.cli.warming import warmed
from bot.desk import FrontDesk
from bot.jobs.brief import catch_up
from bot.ports import Away
from bot.settings import Settings
from news.arrivals import Arrival
from news.channels import Platform
from news.errors import AttacheError, StoreAway
from tests.builders import MORNING, a_draft


@dataclass(frozen=True)
class Opened:
    """What is needed of an application."""

    settings: Settings
    store: object
    reader: object
    understanding: object
    clock: object
    look_ups: object = None


@pytest.fixture
def app(store, reader, understanding, clock):
    given = Settings.model_construct(discord_token=SecretStr("a.good.token"), timezone="UTC")
    yield Opened(given, store, reader, understanding, clock)
    gc.unfreeze()


@pytest.fixture
async def guild(store, understanding, clock):
    async with store.write() as uow:
        guild = await uow.workspaces.obtain(Platform.DISCORD, "42")
        feed = await uow.feeds.follow(guild.id, "https://herald.example/feed")
        words = "“We will pay for the bridge,” Anna Bell said on Monday."
        await uow.articles.save_all(
            feed.id, [Arrival("1", a_draft(words), "f", arrived=MORNING)], now=MORNING
        )
        await uow.commit()
    await catch_up(store, understanding, clock)
    return guild


@pytest.fixture
def statements():
    """Every statement that a database is asked from now on."""
    asked: list[str] = []

    def note(*values):
        asked.append(values[2])

    event.listen(Engine, "before_cursor_execute", note)
    yield asked
    event.remove(Engine, "before_cursor_execute", note)


async def test_every_look_up_is_asked_once_and_changes_nothing(app, guild, statements, monkeypatch):
    answer, refused = FrontDesk.answer, []

    async def noting(*given):
        try:
            return await answer(*given)
        except AttacheError as error:
            refused.append(error)
            raise

    monkeypatch.setattr(FrontDesk, "answer", noting)
    statements.clear()
    await warmed(app)
    assert refused == []
    whole = "\n".join(statements).lower()
    for table in ("statement_index", "stances", "stories", "actor", "article_versions"):
        assert table in whole, table
    assert not any(one.split()[0].lower() in {"insert", "update", "delete"} for one in statements)
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0


@dataclass
class Apart:
    """Look-ups that are answered elsewhere, where that begins at all."""

    begins: bool
    asked: list[str] = field(default_factory=list)

    def __len__(self):
        return 2

    async def ready(self):
        if not self.begins:
            await asyncio.Event().wait()

    async def answer(self, now, workspace, channel, command, options):
        if not self.begins:
            raise Away
        self.asked.append(command)


@pytest.mark.parametrize("begins", [True, False])
async def test_who_answers_look_ups_is_asked_them(app, guild, statements, monkeypatch, begins):
    drawn = []
    monkeypatch.setattr("bot.pictures.positions.warm_up", lambda: drawn.append(True))
    monkeypatch.setattr("bot.cli.warming.READY", 0.05)
    apart = Apart(begins)
    statements.clear()
    await warmed(replace(app, look_ups=apart))
    commands = ["whosaid", "whosaid", "actor", "stance", "stance", "digest"]
    assert apart.asked == [each for each in commands for _ in range(2)] * begins
    assert ("statement_index" in "\n".join(statements)) is not begins
    assert drawn == [True] * (not begins)


async def test_where_nobody_is_yet_only_that_is_asked(app, statements):
    statements.clear()
    await warmed(app)
    [asked] = [one for one in statements if one.startswith("SELECT")]
    assert "FROM workspaces" in asked


async def test_where_nobody_asks_nothing_is_asked_of_the_store(app, guild, statements):
    statements.clear()
    terminal = Opened(Settings.model_construct(), app.store, app.reader, app.understanding, app.clock)
    await warmed(terminal)
    assert statements == []


@pytest.mark.parametrize("error", [StoreAway("It is away."), LookupError("A bug.")])
async def test_what_cannot_be_rehearsed_keeps_nobody_from_starting(app, guild, monkeypatch, error):
    async def broken(*_):
        raise error

    monkeypatch.setattr("bot.desk.FrontDesk.suggest", broken)
    with structlog.testing.capture_logs() as lines:
        await warmed(app)
    [told] = [line for line in lines if line["event"] == "first look-ups are not rehearsed"]
    assert told["log_level"] == ("info" if isinstance(error, StoreAway) else "error")


def test_platforms_that_are_not_set_are_not_loaded():
    code = (
        "import json, sys; from bot.settings import Settings; from bot.wiring import load_platforms; "
        "given = Settings.model_construct(discord_token='x'); found = load_platforms(given); "
        "print(json.dumps([found, 'discord' in sys.modules, 'slack_sdk' in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [["discord"], True, False]
