"""`attache read` and digests with a larger model that writes the summaries, and with one that cannot be used."""

from __future__ import annotations

import json
from importlib.util import find_spec

import pytest

from bot.settings import load_settings
from bot.summarizing import make_writer
from news.errors import InputError
from tests.summarizer.models import tiny
from tests.summarizer.models.articles import EXTRACTED, FERRY, OWN_WORDS
from tests.summarizer.models.server import answering, saying, served


@pytest.fixture
def ferry(attache):
    (attache.folder / "ferry.txt").write_text(FERRY, encoding="utf-8")
    (attache.folder / "again.txt").write_text(FERRY, encoding="utf-8")
    return attache


def with_server(server, **more):
    return {"ATTACHE_SUMMARY_SERVER": server.base, "ATTACHE_SUMMARY_SERVER_MODEL": "orvane-7b"} | more


def test_what_a_server_writes_is_labelled(ferry):
    with served(saying(OWN_WORDS)) as server:
        people = ferry("read", "ferry.txt", **with_server(server))
        programs = ferry(
            "read", "ferry.txt", "--json", **with_server(server, ATTACHE_SUMMARY_SERVER_KEY="k-1")
        )
    assert " ".join(people.stdout.split()).find(f"{OWN_WORDS} (generated)") > 0
    read = json.loads(programs.stdout)
    assert read["summary"] == [{"text": OWN_WORDS, "span": None}]
    assert (read["engines"]["summary"], read["flags"]) == ("orvane-7b, checked", [])
    assert (people.stderr, programs.stderr) == ("", "")
    assert [headers["Authorization"] for _, headers, _ in server.asked] == [None, "Bearer k-1"]


@pytest.mark.models
@pytest.mark.skipif(find_spec("torch") is None, reason="needs the extra `models`")
def test_what_a_model_of_this_machine_writes_is_labelled(ferry):
    tiny.teach(tiny.save_bart(ferry.folder / "orvane-bart"), FERRY, OWN_WORDS)
    done = ferry("read", "ferry.txt", ATTACHE_SUMMARY_MODEL="./orvane-bart")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{OWN_WORDS} (generated)" in " ".join(done.stdout.split())


def test_a_model_that_cannot_be_used_is_one_line_and_articles_are_read_all_the_same(ferry):
    done = ferry("read", "ferry.txt", "again.txt", "--json", ATTACHE_SUMMARY_MODEL="./no-such-model")
    assert done.returncode == 0
    (line,) = done.stderr.splitlines()
    assert "The model folder ./no-such-model is not there" in line
    read = [json.loads(article) for article in done.stdout.splitlines()]
    assert [article["summary"][0]["text"] for article in read] == [EXTRACTED] * 2
    assert [article["flags"][0]["kind"] for article in read] == ["summary"] * 2


def test_a_digest_comes_out_where_the_server_is_down(ferry):
    with served(answering(b"", 500)) as server:
        imported = ferry("import", "ferry.txt", **with_server(server, ATTACHE_SUMMARY_SERVER_KEY="k-1"))
    digest = ferry("digest")
    assert imported.returncode == 0
    (line,) = imported.stderr.splitlines()
    assert "answered HTTP 500" in line
    assert "k-1" not in line
    assert EXTRACTED in " ".join(digest.stdout.split())
    assert "(generated)" not in digest.stdout


def test_a_digest_labels_what_is_generated(ferry):
    with served(saying(OWN_WORDS)) as server:
        ferry("import", "ferry.txt", **with_server(server))
    told = " ".join(ferry("digest").stdout.split())
    assert f"{OWN_WORDS} [1] (generated)" in told


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        (
            {"SERVER": "http://h/v1", "SERVER_MODEL": "m", "MODEL": "./m"},
            "ATTACHE_SUMMARY_SERVER cannot be used: ATTACHE_SUMMARY_MODEL is set, too",
        ),
        ({"SERVER": "http://h/v1"}, "ATTACHE_SUMMARY_SERVER_MODEL cannot be used: name the model"),
        ({"SERVER": "h:8000", "SERVER_MODEL": "m"}, "ATTACHE_SUMMARY_SERVER cannot be used: give the"),
        ({"SERVER": "ftp://h", "SERVER_MODEL": "m"}, "ATTACHE_SUMMARY_SERVER cannot be used: give the"),
        (
            {"SERVER": "http://h:99999", "SERVER_MODEL": "m"},
            "ATTACHE_SUMMARY_SERVER cannot be used: give the",
        ),
        ({"SERVER": "http://[h", "SERVER_MODEL": "m"}, "ATTACHE_SUMMARY_SERVER cannot be used: give the"),
        (
            {"SERVER": "http://h/v1?key=k", "SERVER_MODEL": "m"},
            "ATTACHE_SUMMARY_SERVER cannot be used: give the",
        ),
        ({"SERVER": "http://k:secret@h", "SERVER_MODEL": "m"}, "put the key into ATTACHE_SUMMARY_SERVER_KEY"),
        ({"SERVER_KEY": "sec ret"}, "ATTACHE_SUMMARY_SERVER_KEY cannot be used"),
        ({"SERVER_KEY": "secreté"}, "ATTACHE_SUMMARY_SERVER_KEY cannot be used"),
        ({"TIMEOUT": "0"}, "ATTACHE_SUMMARY_TIMEOUT cannot be used"),
        ({"TIMEOUT": "soon"}, "ATTACHE_SUMMARY_TIMEOUT cannot be used"),
    ],
)
def test_settings_that_cannot_be_used_are_one_line(settings, named, ferry):
    given = {f"ATTACHE_SUMMARY_{name}": value for name, value in settings.items()}
    done = ferry("read", "ferry.txt", **given)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert named in line
    assert "sec" not in line.replace("seconds", "")


def test_a_key_does_not_show(monkeypatch):
    for name, value in {"": "http://h/v1", "_MODEL": "m", "_KEY": "hidden-key"}.items():
        monkeypatch.setenv(f"ATTACHE_SUMMARY_SERVER{name}", value)
    found = load_settings(None)
    assert "hidden-key" not in f"{found!r} {found} {make_writer(found)!r}"
    monkeypatch.setenv("ATTACHE_SUMMARY_MODEL", "./m")
    with pytest.raises(InputError) as caught:
        load_settings(None)
    assert "hidden-key" not in str(caught.value)
