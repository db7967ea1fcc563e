"""`attache db prune` and retention by the running bot, as people see them."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from bot.cli.prune import parse_age, told
from news.errors import InputError
from news.retention import Keep, Retained

ROWS = [
    {"id": "dam", "outlet": "Echo", "published": "2020-03-01T09:00:00Z", "title": "Dam breaks above Selm", "text": "It rained all night. The dam above Selm will be built again, Mayor Tobin Renn said at the bridge. Gulls cried."},
    {"id": "weather", "outlet": "Echo", "published": "2020-03-01T10:00:00Z", "title": "Rain", "text": "Rain fell on Selm, and more of it is on the way."},
    {"id": "new", "outlet": "Echo", "title": "Mill closes for good", "text": "“The mill is too old to be saved,” said Ilka Tarn, who owns it."},
]  # fmt: skip
LEFT = "The dam above Selm will be built again, Mayor Tobin Renn said at the bridge."


@pytest.fixture
def selm(attache):
    lines = "\n".join(json.dumps(row) for row in ROWS)
    (attache.folder / "rows.jsonl").write_text(lines, encoding="utf-8")
    assert attache("import", "rows.jsonl").returncode == 0
    return attache


def said(attache):
    found = json.loads(attache("whosaid", "--about", "dam", "--json").stdout)["statements"]
    return [(one["words"], one["sentence"]["text"], one["article"], one["url"]) for one in found]


def listed(attache):
    lines = attache("stories", "--all", "--json").stdout.splitlines()
    return sorted(article["id"] for line in lines for article in json.loads(line)["articles"])


def test_what_is_old_goes_and_what_was_said_stays(selm):
    before = said(selm)
    assert [sentence for _, sentence, _, _ in before] == [LEFT]
    would = selm("db", "prune", "--older", "400d", "--dry-run")
    assert would.stdout == (
        "Older than 400 days: 1 article would go; of 1 article only the sentences around what was said in them "
        "would be left.\n"
    )
    assert listed(selm) == ["dam", "new", "weather"]
    done = selm("db", "prune", "--older", "400d")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "Older than 400 days: 1 article went; of 1 article only the sentences around what was said in them "
        "are left.\n"
    )
    assert listed(selm) == ["dam", "new"]
    assert said(selm) == before
    assert selm("db", "prune", "--older", "400d").stdout == "Older than 400 days: nothing.\n"
    assert selm("doctor").returncode == 0


def test_statements_go_where_that_is_asked_or_set(selm):
    assert "2 articles with 1 statement would go." in selm(
        "db", "prune", "--dry-run", ATTACHE_KEEP_DAYS="400", ATTACHE_KEEP_STATEMENTS="false"
    ).stdout  # fmt: skip
    done = selm("db", "prune", "--older", "2y", "--drop-statements")
    assert done.stdout == "Older than 730 days: 2 articles with 1 statement went.\n"
    assert (listed(selm), said(selm)) == (["new"], [])


def test_the_room_is_given_back_where_that_is_asked(selm):
    done = selm("db", "prune", "--older", "400d", "--vacuum")
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"The database takes \d+ KB; it took \d+ KB\.", done.stdout.splitlines()[1])
    assert selm("doctor").returncode == 0


def test_the_bot_does_it_by_itself_once_it_is_set(selm):
    assert selm("run", "--once").returncode == 0
    assert listed(selm) == ["dam", "new", "weather"]
    assert selm("run", "--once", ATTACHE_KEEP_DAYS="400").returncode == 0
    assert listed(selm) == ["dam", "new"]


@pytest.mark.parametrize(
    ("arguments", "settings", "told"),
    [
        ([], {}, "Say how old: --older 400d, or set ATTACHE_KEEP_DAYS."),
        (["--older", "3d"], {}, "3d is no age to go by: write 400d, 60w or 2y, and 7d at least."),
        ([], {"ATTACHE_KEEP_DAYS": "3"}, "ATTACHE_KEEP_DAYS cannot be used"),
        ([], {"ATTACHE_KEEP_STATEMENTS": "perhaps"}, "ATTACHE_KEEP_STATEMENTS cannot be used"),
    ],
)
def test_what_cannot_be_meant_is_one_line(attache, arguments, settings, told):
    done = attache("db", "prune", *arguments, **settings)
    assert (done.returncode, done.stdout) == (1, "")
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(("text", "days"), [("400d", 400), (" 2Y ", 730), ("60w", 420), ("7d", 7)])
def test_ages(text, days):
    assert parse_age(text) == timedelta(days=days)


@pytest.mark.parametrize("text", ["", "d", "6d", "0w", "-9d", "400", "1.5y", "99999y", "400 days", "٤٠٠d"])
def test_what_is_no_age(text):
    with pytest.raises(InputError, match="no age to go by"):
        parse_age(text)


@pytest.mark.parametrize(
    ("done", "would", "line"),
    [
        (Retained(), True, "nothing"),
        (Retained(dropped=1), False, "1 article went"),
        (Retained(3, 2, 9, 1, 5), False, "3 articles with 9 statements, 1 digest and 5 notices went; of 2 articles only the sentences around what was said in them are left"),
        (Retained(digests=2, notices=1), True, "2 digests and 1 notice would go"),
    ],
)  # fmt: skip
def test_one_line_says_what_went(done, would, line):
    assert told(done, Keep(timedelta(days=400)), would=would) == f"Older than 400 days: {line}."
