"""`attache feeds check --json`, as programs use it: a line for each argument, whatever is in it."""

import json
import os

from tests.feeds.conftest import atom, rss


def test_one_line_for_each_argument_in_order(attache, tmp_path):
    (tmp_path / "a.xml").write_text(
        rss(
            '<item><guid isPermaLink="false">herald-1</guid><title>Vote &amp;amp; bridge</title><link>/vote</link><description>Put off.</description></item>'
        )
    )
    (tmp_path / "b.xml").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    (tmp_path / "c.json").write_text(
        '{"version": "https://jsonfeed.org/version/1", "title": "Wire", "items": [{"id": 7, "content_text": "x", "date_published": "2024-12-04T08:10:00+02:00", "author": {"name": "Edda Marlow"}}]}'
    )
    (tmp_path / "d.xml").write_text(
        atom(
            "<entry><id>https://wire.example/1</id><title>a</title><updated>2024-12-04T08:10:00Z</updated></entry>"
        )
    )
    os.mkfifo(tmp_path / "pipe")
    sources = [
        str(tmp_path / name) for name in ("a.xml", "b.xml", "c.json", "missing.xml", "pipe", ".", "d.xml")
    ]

    done = attache("feeds", "check", "--json", *sources)

    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert [line["id"] for line in lines] == sources
    assert all(list(line) == ["id", "title", "entries", "error"] for line in lines)
    assert [line["error"] and line["error"]["kind"] for line in lines] == [
        None,
        "feed",
        None,
        "missing",
        "missing",
        "missing",
        None,
    ]
    assert [line["title"] for line in lines] == ["Daily Herald", None, "Wire", None, None, None, "The Wire"]
    assert lines[0]["entries"] == [
        {
            "id": "herald-1", "title": "Vote & bridge", "link": "https://herald.example/vote", "published": None, "author": None,
            "summary": "Put off.", "content": "",
        }
    ]  # fmt: skip
    assert lines[2]["entries"] == [
        {
            "id": "7", "title": None, "link": None, "published": "2024-12-04T06:10:00+00:00", "author": "Edda Marlow",
            "summary": "", "content": "x",
        }
    ]  # fmt: skip
    assert [(entry["id"], entry["published"]) for entry in lines[6]["entries"]] == [
        ("https://wire.example/1", "2024-12-04T08:10:00+00:00")
    ]


def test_status_is_good_where_all_are_feeds(attache, tmp_path):
    (tmp_path / "a.xml").write_text(rss())

    assert attache("feeds", "check", "--json", str(tmp_path / "a.xml")).returncode == 0
