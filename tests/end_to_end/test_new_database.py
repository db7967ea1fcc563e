"""A database that is not there: what reads refuses it, what writes makes it and says where."""

from __future__ import annotations

import pytest

LINE = "attache: made a new database at {path}"


@pytest.fixture
def mistyped(tmp_path):
    return tmp_path / "mistyped" / "attache.db"


@pytest.mark.parametrize(
    "arguments",
    [
        ["whosaid", "Tarn"],
        ["digest"],
        ["digest", "--json"],
        ["stories", "--all"],
        ["actor", "Tarn"],
        ["actors", "list"],
        ["actors", "alias", "Tarn", "as", "T."],
        ["feeds", "list"],
        ["feeds", "list", "--json"],
        ["feeds", "remove", "https://herald.example/feed"],
        ["feeds", "export"],
        ["feeds", "notices", "here"],
        ["schedule", "list"],
        ["schedule", "remove", "1"],
    ],
    ids=" ".join,
)
def test_what_asks_of_a_database_that_is_not_there_is_refused_and_makes_none(attache, mistyped, arguments):
    done = attache(*arguments, ATTACHE_DATABASE_URL=f"sqlite:///{mistyped}")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"attache: There is no database at {mistyped}: what stores something makes it, such as `attache feeds "
        "add` or `attache import`; or set ATTACHE_DATABASE_URL right.\n"
    )
    assert not mistyped.parent.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["db", "upgrade"],
        ["schedule", "add", "09:00"],
        ["import", "letter.txt"],
        ["feeds", "import", "list.opml"],
        ["run", "--once"],
    ],
    ids=" ".join,
)
def test_what_stores_makes_the_database_and_says_where_once(attache, mistyped, arguments):
    (attache.folder / "letter.txt").write_text("The bridge will close, said Anna Bell.\n" * 5)
    (attache.folder / "list.opml").write_text(
        '<opml version="2.0"><body><outline text="a" xmlUrl="https://a.example/feed"/></body></opml>'
    )
    url = f"sqlite:///{mistyped}"
    made = attache(*arguments, ATTACHE_DATABASE_URL=url, ATTACHE_LOG_LEVEL="error")
    assert made.returncode == 0
    assert made.stderr.splitlines() == [LINE.format(path=mistyped)]
    assert attache("db", "upgrade", ATTACHE_DATABASE_URL=url).stderr == ""


def test_a_path_that_is_not_whole_is_told_whole(attache):
    done = attache("db", "upgrade", ATTACHE_DATABASE_URL="sqlite:///near.db")
    assert done.stderr.splitlines() == [LINE.format(path=attache.folder / "near.db")]


def test_what_fails_says_nothing_but_why(attache, mistyped):
    done = attache("import", "missing.txt", ATTACHE_DATABASE_URL=f"sqlite:///{mistyped}")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "missing.txt" in line


def test_a_database_in_memory_is_made_without_a_word(attache):
    done = attache("whosaid", "Tarn", ATTACHE_DATABASE_URL="sqlite://")
    assert (done.returncode, done.stderr) == (0, "")
