"""`attache workspaces`, as it is typed: who is here, and how one is forgotten, also while the bot runs."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from bot.cli.workspaces import OUTSIDE, counts_of, told
from news.channels import Channel, Platform
from news.leaving import Erased
from storage.engine import open_store
from tests.end_to_end.test_copies import at_a_terminal, read_until
from tests.end_to_end.test_late_platforms import running

ROWS = [
    {"id": "dam", "outlet": "Echo", "title": "Dam breaks above Selm", "published": "2024-12-04T08:00:00Z", "text": "The dam above Selm will be built again, Mayor Tobin Renn said at the bridge."},
    {"id": "mill", "outlet": "Echo", "title": "Mill closes", "published": "2024-12-04T09:00:00Z", "text": "“The mill is too old to be saved,” said Ilka Tarn, who owns it."},
]  # fmt: skip


@pytest.fixture
def here(attache):
    """Two workspaces, with an article each."""
    for row, workspace in zip(ROWS, ("discord:42", "local"), strict=True):
        (attache.folder / "row.jsonl").write_text(json.dumps(row), encoding="utf-8")
        done = attache("import", "row.jsonl", "--workspace", workspace)
        assert done.returncode == 0, done.stderr
    done = attache("schedule", "add", "09:00", "--channel", "discord:7", "--workspace", "discord:42")
    assert done.returncode == 0, done.stderr
    return attache


def names(attache):
    return [json.loads(line)["name"] for line in attache("workspaces", "list", "--json").stdout.splitlines()]


def test_they_are_listed(here):
    today = f"since {datetime.now(UTC).day} "
    guild, own = here("workspaces", "list").stdout.splitlines()
    assert guild.startswith(f"discord:42  {today}")
    assert guild.endswith(" · 0 feeds · 1 schedule · 1 article · no digest yet")
    assert own.startswith(f"local  {today}")
    line = json.loads(here("workspaces", "list", "--json").stdout.splitlines()[0])
    since = datetime.fromisoformat(line.pop("since"))
    assert abs((datetime.now(UTC) - since).total_seconds()) < 600
    assert line == {
        "name": "discord:42", "platform": "discord", "external_id": "42", "timezone": "UTC", "feeds": 0,
        "schedules": 1, "articles": 1, "last_digest": None, "installed": None,
    }  # fmt: skip


def test_one_is_forgotten_and_the_file_knows_nothing_of_it(here):
    done = here("workspaces", "forget", "discord:42", "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    first, second = done.stdout.splitlines()
    assert first == "discord:42 is forgotten: 1 article with 1 statement and 1 schedule erased."
    assert second == OUTSIDE
    assert names(here) == ["local"]
    left = b"".join(path.read_bytes() for path in here.folder.glob("attache.db*"))
    assert [
        word for word in (b"Tobin Renn", b"tobin", b"Selm", b"discord", b"dam above") if word in left
    ] == []
    assert b"The mill is too old" in left
    assert "Ilka Tarn" in here("whosaid", "Tarn").stdout
    assert here("doctor").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("discord:42",), "attache: All of discord:42 would be erased, and nobody is here to be asked: add --yes."),
        (("discord:43", "--yes"), "attache: There is no workspace discord:43: `attache workspaces list` shows those that are here."),
        (("teams:1", "--yes"), "attache: 'teams:1' names no workspace: use a plain name, discord:GUILD-ID, or slack:TEAM-ID."),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_one_line_and_changes_nothing(here, arguments, line):
    done = here("workspaces", "forget", *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", line + "\n")
    assert names(here) == ["discord:42", "local"]


@pytest.mark.parametrize(
    ("typed", "status", "left"),
    [("discord:42", 0, ["local"]), ("discord:4", 1, ["discord:42", "local"]), ("y", 1, ["discord:42", "local"]), ("\x03", 130, ["discord:42", "local"])],
    ids=["name", "another", "yes", "Ctrl-C"],
)  # fmt: skip
def test_a_person_types_the_name(here, typed, status, left):
    (here.folder / "tmp").mkdir()
    with at_a_terminal(here, "workspaces", "forget", "discord:42") as (process, terminal):
        asked = read_until(terminal, b"Type discord:42 to erase all that it left")
        assert "This erases 1 article with 1 statement and 1 schedule for good." in asked
        os.write(terminal, f"{typed}\n".encode() if typed.isprintable() else typed.encode())
        if not typed.isprintable():  # the process has no terminal that would make a signal of it
            process.send_signal(2)
        assert process.wait(60) == status
    assert names(here) == left


async def test_it_is_forgotten_while_the_bot_runs_which_goes_on(attache, wire):
    feeds = list(wire.feeds.values())
    async with open_store(attache.url) as store, store.write() as uow:
        for name, feed in (("gone", feeds[0]), ("stays", feeds[1])):
            workspace = await uow.workspaces.obtain(Platform.TERMINAL, name)
            await uow.feeds.follow(workspace.id, feed)
            due = datetime.now(UTC) - timedelta(minutes=1)
            here = Channel(Platform.TERMINAL, name)
            await uow.subscriptions.add(
                workspace.id, here, cron="0 9 * * *", timezone="UTC", next_due=due, title=name
            )
        await uow.commit()
    async with running(attache, ATTACHE_PRIVATE_HOSTS=wire.host) as bot, asyncio.timeout(100):
        await bot.says("post=attache-1", "post=attache-2")
        words = longest_line(attache)
        done = await attache.aside("workspaces", "forget", "gone", "--yes")
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("gone is forgotten: 1 feed, ")
        left = b"".join(path.read_bytes() for path in attache.folder.glob("attache.db*"))
        assert words.encode() not in left
        done = await attache.aside("schedule", "now", "1", "--workspace", "stays")
        assert done.returncode == 0, done.stderr
        await bot.says("post=attache-3")  # which the bot still posts
    assert [line for line in bot.lines if "Traceback" in line or "[error" in line] == []
    left = (await attache.aside("workspaces", "list")).stdout
    assert [line.split()[0] for line in left.splitlines()] == ["stays"]


def longest_line(attache):
    """Of an article that the first feed brought."""
    query = "SELECT text FROM article_versions JOIN articles ON articles.id = article_id WHERE feed_id = 1"
    with closing(sqlite3.connect(attache.folder / "attache.db")) as connection:
        return max(connection.execute(query).fetchone()[0].splitlines(), key=len)


@pytest.mark.parametrize(
    ("erased", "line"),
    [
        (Erased(), "nothing but its name"),
        (Erased(feeds=1), "1 feed"),
        (Erased(2, 3, 4, 5, 6, 7, 8, 9, 1), "2 feeds, 3 articles with 4 statements, 5 schedules, 6 digests, 7 notices, 8 changes of names, 9 targets and 1 token"),
    ],
)  # fmt: skip
def test_one_line_says_what_went(erased, line):
    assert counts_of(erased) == line
    assert told("local", erased) == f"local is forgotten: {line} erased."
    assert told("local", Erased(posting=1)).endswith(" 1 post was on its way and may still appear.")
