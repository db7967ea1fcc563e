"""Scheduled digests that were narrowed: added, listed and posted by the command."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from news.channels import Platform
from storage.engine import open_store

ROWS = [
    {"id": "dam", "outlet": "Echo", "title": "Dam breaks above Selm", "text": "The dam above Selm will be built again, Mayor Tobin Renn said at the bridge."},
    {"id": "mill", "outlet": "Echo", "title": "Mill closes for good", "text": "“The mill is too old to be saved,” said Ilka Tarn, who owns it."},
    {"id": "olives", "outlet": "Kurier", "title": "Poor olive harvest expected", "text": "Olive growers in the south expect a poor harvest, their union said."},
]  # fmt: skip


@pytest.fixture
def selm(attache):
    lines = "\n".join(json.dumps(row) for row in ROWS)
    (attache.folder / "rows.jsonl").write_text(lines, encoding="utf-8")
    assert attache("import", "rows.jsonl").returncode == 0
    return attache


@pytest.mark.parametrize(
    ("options", "listed", "title", "told"),
    [
        (["--outlet", "Kurier"], "Digest in Kurier to", "Digest in Kurier · ", {"olives"}),
        (["--actor", "Renn"], "Digest by Renn to", "Digest by Renn · ", {"dam"}),
        (
            ["--about", "dam", "--actor", "Renn", "--outlet", "Echo", "--length", "2"],
            "Digest about dam by Renn in Echo, 2 at most to",
            "Digest about dam by Renn in Echo · ",
            {"dam"},
        ),
        (["--length", "3", "--title", "Three"], "Three, 3 at most to", "Three · ", {"dam", "mill", "olives"}),
        (["--outlet", "Nobody"], "Digest in Nobody to", "Digest in Nobody · ", set()),
    ],
)
async def test_a_narrowed_digest_is_listed_and_posted_as_such(selm, options, listed, title, told):
    assert (await selm.aside("schedule", "add", "09:00", *options)).returncode == 0
    assert listed in " ".join((await selm.aside("schedule", "list")).stdout.split())
    await make_due(selm)
    done = await selm.aside("run", "--once")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(title)
    assert {row["id"] for row in ROWS if row["title"] in done.stdout} == told
    assert ("Nothing in Nobody since" in done.stdout) == (not told)


async def test_of_more_stories_than_its_length_a_digest_counts_the_others(selm):
    await selm.aside("schedule", "add", "09:00", "--length", "1")
    await make_due(selm)
    shown = (await selm.aside("run", "--once")).stdout
    assert sum(row["title"] in shown for row in ROWS) == 1
    assert "2 more stories had news" in shown


@pytest.mark.parametrize("length", ["0", "26", "many"])
def test_a_length_that_is_none_is_refused_in_one_line(attache, length):
    done = attache("schedule", "add", "09:00", "--length", length)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert "--length" in done.stderr


async def make_due(attache):
    """Puts the only subscription's time into the past; it has told nothing since the day before."""
    async with open_store(attache.url) as store:
        async with store.read() as uow:
            workspace = await uow.workspaces.find(Platform.TERMINAL, "local")
            (made,) = await uow.subscriptions.of(workspace.id)
        async with store.write() as uow:
            now = datetime.now(UTC)
            due, covered = now - timedelta(minutes=1), now - timedelta(days=1)
            await uow.subscriptions.cover([made.id], covered)
            await uow.subscriptions.postpone(made.id, due)
            await uow.commit()


def test_a_schedule_lives_its_life_on_the_command_line(attache):
    def told(*arguments):
        done = attache("schedule", *arguments)
        assert (done.returncode, done.stderr) == (0, "")
        return " ".join(done.stdout.split())

    assert "Times are those of UTC" in told("timezone")
    assert "Times are those of Europe/Kyiv from now on" in told("timezone", "kyiv")
    told("add", "mon,wed 18:30", "--title", "Evening", "--about", "dam", "--form", "thread")
    listed = "1 Evening about dam to the terminal, in a thread · Mon and Wed at 18:30 Europe/Kyiv · next "
    assert listed in told("list")
    changed = told("change", "1", "every 6 hours", "--about", "none", "--length", "3")
    assert "Evening, 3 at most to the terminal, in a thread · every 6 hours Europe/Kyiv" in changed
    assert "is paused" in told("pause", "1")
    assert "1 scheduled digest, 1 paused" in told("list")
    assert "goes on" in told("resume", "1")
    assert told("preview", "1").startswith("Evening · ")
    assert "Schedule 1 posts now" in told("now", "1")
    assert "Schedule 1 removed: Evening, every 6 hours" in told("remove", "1")
    assert "Nothing is scheduled yet" in told("list")


def test_the_shell_knows_schedules_and_a_new_time_zone_at_once(attache):
    lines = "schedule timezone Asia/Tokyo\nschedule add weekdays 09:00\nschedule\nschedule pause 7\n"
    done = attache("shell", typed=lines)
    assert "1  Digest to the terminal · weekdays at 09:00 Asia/Tokyo · next " in done.stdout
    assert done.stderr == "There is no schedule 7: schedule list shows them.\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["add", "every 5 minutes"], "Every 15, 20, 30 or 60 minutes"),
        (["add", "0 9 31 2 *"], "never comes"),
        (["add", "09:00", "--form", "poem"], "form thread"),
        (["change", "1"], "Say what to change"),
        (["change", "1", "--title", " "], "--title"),
        (["preview", "0"], "NUMBER cannot be used: give 1 or more."),
        (["timezone", "Europe/Kiyv"], "Europe/Kyiv"),
    ],
)
def test_what_cannot_be_scheduled_is_refused_in_one_line(attache, arguments, told):
    done = attache("schedule", *arguments)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert told in done.stderr


def test_schedules_are_listed_for_programs(attache):
    attache(
        "schedule", "add", "weekdays", "09:00", "--timezone", "Europe/Kyiv", "--about", "dam", "--length", "3"
    )
    attache("schedule", "add", "18:00", "--channel", "discord:5678", "--form", "thread", "--title", "Evening")
    attache("schedule", "pause", "2")
    done = attache("schedule", "list", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    dam, evening = map(json.loads, done.stdout.splitlines())
    due = datetime.fromisoformat(dam.pop("next"))
    assert (due > datetime.now(UTC), due.astimezone(ZoneInfo("Europe/Kyiv")).hour) == (True, 9)
    assert dam == {
        "number": 1,
        "title": "Digest",
        "channel": "terminal",
        "cron": "0 9 * * mon-fri",
        "timezone": "Europe/Kyiv",
        "paused": False,
        "trouble": None,
        "about": "dam",
        "actor": None,
        "outlet": None,
        "length": 3,
        "form": "message",
    }
    assert [evening[name] for name in ("number", "title", "channel", "paused", "next", "form")] == [
        2,
        "Evening",
        "discord:5678",
        True,
        None,
        "thread",
    ]
    assert attache("schedule", "list", "--json", "--workspace", "other").stdout == ""
