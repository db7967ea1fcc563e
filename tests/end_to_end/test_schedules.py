"""Scheduled digests that were narrowed: added, listed and posted by the command."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

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
            await uow.subscriptions.advance(made.id, next_due=due, covered=covered)
            await uow.commit()
