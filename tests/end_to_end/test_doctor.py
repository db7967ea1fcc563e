"""`attache doctor` on a healthy store and on broken ones, as people and as programs see it."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from pathlib import Path

import pytest

from tests.builders import TEXT


@pytest.fixture
def filled(attache):
    """A store with two articles that were read."""
    for name in ("one.txt", "two.txt"):
        (attache.folder / name).write_text(f"{name}\n\n{TEXT}", encoding="utf-8")
    assert attache("import", "one.txt", "two.txt").returncode == 0
    return Path(attache.url.removeprefix("sqlite:///"))


def tell(database, *statements):
    with contextlib.closing(sqlite3.connect(database)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def found(done):
    return json.loads(done.stdout)


def test_a_healthy_store(attache, filled):
    done = attache("doctor")
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr, lines[0]) == (0, "", "All is well")
    assert [line.split()[:2] for line in lines[2:] if not line.startswith(" ")] == [
        ["ok", check]
        for check in (
            "settings", "database", "tables", "integrity", "disk", "rows", "statements", "index", "feeds", "reading", "posting",
        )
    ]  # fmt: skip
    thorough = found(attache("doctor", "--thorough", "--json"))
    assert (thorough["problems"], thorough["warnings"]) == (0, 0)
    assert thorough["findings"][0] == {
        "check": "settings",
        "grade": "ok",
        "told": "nothing in them that cannot work",
        "advice": None,
    }


def test_a_broken_store(attache, filled):
    tell(
        filled,
        "UPDATE articles SET version = 9 WHERE id = (SELECT min(id) FROM articles)",
        "DELETE FROM feeds",
        "INSERT INTO subscriptions (workspace_id, platform, channel, cron, timezone, title, about, actor, outlet,"
        " paused, removed, next_due) VALUES (1, 'discord', '5', '0 9 * * *', 'UTC', 'D', '', '', '', 0, 0, 0)",
    )
    done = attache("doctor")
    assert (done.returncode, done.stderr) == (1, "")
    bad = [line.split() for line in done.stdout.splitlines() if line.startswith(("problem", "warning"))]
    assert [line[:2] for line in bad] == [
        *[["problem", "rows"]] * 4,
        ["warning", "posting"],
        ["warning", "settings"],
    ]
    assert done.stdout.splitlines()[0] == "4 problems and 2 warnings"


def test_an_index_that_is_broken_is_made_anew_where_that_is_asked(attache, filled):
    tell(filled, "DELETE FROM statement_index WHERE rowid = (SELECT min(id) FROM statements)")
    broken = attache("doctor")
    assert (broken.returncode, broken.stdout.splitlines()[0]) == (1, "1 problem")
    assert "attache doctor --repair" in " ".join(broken.stdout.split())
    assert (attache("doctor", "--repair").returncode, attache("doctor").returncode) == (0, 0)


def test_a_file_that_is_no_database(attache):
    database = Path(attache.url.removeprefix("sqlite:///"))
    database.write_bytes(b"not a database" * 500)
    done = attache("doctor", "--json")
    assert done.returncode == 1
    assert [(f["check"], f["grade"]) for f in found(done)["findings"]] == [
        ("settings", "ok"),
        ("database", "problem"),
    ]


@pytest.mark.parametrize(
    ("settings", "check", "words"),
    [
        ({"ATTACHE_TIMEZONE": "Mars/Base"}, "settings", "ATTACHE_TIMEZONE cannot be used"),
        ({"ATTACHE_DATABASE_URL": "mysql://x"}, "database", "no address of a database"),
        ({"ATTACHE_DATABASE_URL": "postgresql://x:secret@127.0.0.1:1/x"}, "database", "Cannot reach"),
        ({"ATTACHE_DATABASE_URL": "sqlite:///missing.db"}, "database", "There is no database at"),
    ],
)
def test_what_is_not_there_is_one_problem(attache, settings, check, words):
    Path(attache.url.removeprefix("sqlite:///")).unlink()
    done = attache("doctor", "--json", **settings)
    assert done.returncode == 1
    (problem,) = (f for f in found(done)["findings"] if f["grade"] == "problem")
    assert problem["check"] == check
    assert words in problem["told"]
    assert "secret" not in done.stdout
    assert not (attache.folder / "missing.db").exists()


def test_it_looks_while_somebody_writes(attache, filled):
    with contextlib.closing(sqlite3.connect(filled, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE articles SET outlet = 'Herald'")
        assert attache("doctor").returncode == 0
