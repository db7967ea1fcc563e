"""What `stories --json` and `digest --json` print: a contract, whatever the store holds."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

DAM = "The Ansel dam above Selm broke before dawn on Wednesday and sent water through the lower town."
HARBOUR_POST = (
    "Water went through the lower town of Selm on Wednesday after the Ansel dam broke before dawn.\n\n"
    "Seventeen people were killed when the Ansel dam broke above Selm, the rescue service said.\n\n"
    "“The lower town is gone,” said Mayor Tobin Renn. “We will build it again,” he told the Harbour Post.\n"
)
TEXTS = {
    "a": (
        f"{DAM}\n\n"
        "At least 21 people were killed when the Ansel dam broke above Selm, the rescue service said.\n\n"
        "“The lower town is gone,” said Mayor Tobin Renn, who stood at the bridge until noon.\n\n"
        "By the evening the water had gone back into its bed. It left mud in the school and in the mill, and a boat\n"
        "on the roof of the station. Nobody could say yet why the wall above the town gave way that night.\n"
    ),
    "b": HARBOUR_POST,
    "b2": HARBOUR_POST,
    "c": "Olive growers in the south expect a poor harvest this year, the growers’ union said on Tuesday.",
}
BREAKS = "Dam above Selm breaks and floods the lower town"
FALSE = "Marlow: “no dam will ever break in my country” as water takes Selm’s lower town"
ROWS = (
    {"id": "a", "title": FALSE, "outlet": "Echo", "url": "https://echo.example/1", "published": "2024-12-04T09:00:00Z"},
    {"id": "b", "title": BREAKS, "outlet": "Harbour Post", "published": "2024-12-04T10:30:00+02:00"},
    {"id": "b2", "title": BREAKS, "outlet": "Kurier", "url": "https://kurier.example/2", "published": "2024-12-04T11:00:00Z"},
    {"id": "c"},
)  # fmt: skip
CITED = {
    "a": {"article": "a", "outlet": "Echo", "time": "2024-12-04T09:00:00+00:00", "url": "https://echo.example/1"},
    "b": {"article": "b", "outlet": "Harbour Post", "time": "2024-12-04T08:30:00+00:00", "url": None},
    "b2": {"article": "b2", "outlet": "Kurier", "time": "2024-12-04T11:00:00+00:00", "url": "https://kurier.example/2"},
    "c": {"article": "c", "outlet": None, "time": None, "url": None},
}  # fmt: skip


def bring(attache, rows, **settings):
    """Imports the rows; what the import said."""
    lines = "\n".join(json.dumps(row) for row in rows)
    (attache.folder / "rows.jsonl").write_text(lines, encoding="utf-8")
    done = attache("import", "rows.jsonl", **settings)
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture
def selm(attache):
    bring(attache, [row | {"text": TEXTS[row["id"]]} for row in ROWS])
    return attache


def stories_of(attache, *options):
    done = attache("stories", "--json", *options)
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


def digest_of(attache, *options):
    done = attache("digest", "--json", *options)
    assert (done.returncode, done.stderr) == (0, "")
    (line,) = done.stdout.splitlines()
    return json.loads(line)


def listed(key):
    """The article as `stories` lists it."""
    title = next(row for row in ROWS if row["id"] == key).get("title")
    cited = CITED[key]
    named = {"outlet": cited["outlet"], "published": cited["time"], "url": cited["url"]}
    return {"id": key, "title": title, **named, "version": 1, "revised": None}


def test_stories_name_their_articles(selm):
    new, dam = stories_of(selm, "--all")
    arrived = datetime.fromisoformat(new.pop("newest"))
    assert abs((datetime.now(UTC) - arrived).total_seconds()) < 600
    assert int(new.pop("id")) != int(dam.pop("id"))
    assert new == {"name": TEXTS["c"], "outlets": 1, "articles": [listed("c")]}
    assert dam == {
        "name": BREAKS,
        "newest": "2024-12-04T11:00:00+00:00",
        "outlets": 3,
        "articles": [listed("b"), listed("a"), listed("b2")],
    }


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), [["c"]]),
        (("--all",), [["c"], ["b", "a", "b2"]]),
        (("--since", "2024-12-04T08:45"), [["c"], ["b", "a", "b2"]]),
        (("--since", "2024-12-04T08:00", "--until", "2024-12-04T08:45"), [["b", "a", "b2"]]),
        (("--since", "2024-12-05"), [["c"]]),
        (("--until", "2024-12-01"), []),
    ],
)
def test_stories_that_had_news_in_a_time_are_listed_whole(selm, options, expected):
    assert [[a["id"] for a in story["articles"]] for story in stories_of(selm, *options)] == expected


def test_a_digest_cites_the_article_of_each_part(selm):
    digest = digest_of(selm, "--since", "2024-12-01", "--until", "2024-12-05")
    (story,) = digest.pop("stories")
    assert digest == {
        "title": "Digest",
        "narrowed": None,
        "since": "2024-12-01T00:00:00+00:00",
        "until": "2024-12-05T00:00:00+00:00",
        "timezone": "UTC",
        "articles": 3,
        "outlets": 3,
        "left_out": 0,
        "unchanged": 0,
        "notices": [],
        "positions": [],
        "feeds": {"followed": 0, "failing": []},
    }
    assert story.pop("positions") == []
    statements, differences = story.pop("statements"), story.pop("differences")
    (flag,) = story.pop("flags")
    summary = story.pop("summary")
    assert story.pop("id").isdecimal()
    assert story == {
        "name": FALSE,
        "outlets": 3,
        "articles": 3,
        "copies": 1,
        "since": None,
        "withdrawn": [],
        "headlines": [],
        "sources": [
            {"mark": 1, "title": FALSE, "version": 1, "revised": None, "copy_of": None, **CITED["a"]},
            {"mark": 2, "title": BREAKS, "version": 1, "revised": None, "copy_of": None, **CITED["b"]},
            {"mark": 3, "title": BREAKS, "version": 1, "revised": None, "copy_of": 2, **CITED["b2"]},
        ],
    }
    assert summary[0] == {"text": DAM, "span": [0, len(DAM)], **CITED["a"]}
    assert [(s["speaker"]["name"], s["words"], s["article"], s["marks"]) for s in statements[:1]] == [
        ("Tobin Renn", "“The lower town is gone,”", "a", [1, 2])
    ]
    assert flag.pop("detail").startswith("headline not borne out by its text: “no dam will ever break")
    assert flag == {"kind": "headline", "spans": [], "mark": 1, **CITED["a"]}
    told = TEXTS["a"].splitlines()[2], TEXTS["b"].splitlines()[2]
    assert differences == [
        {
            "matter": "figure",
            "what": "people were killed",
            "sides": [
                {"words": "At least 21", "marks": [1], "evidence": told[0], "spans": spans(TEXTS["a"], told[0]), **CITED["a"]},
                {"words": "Seventeen", "marks": [2], "evidence": told[1], "spans": spans(TEXTS["b"], told[1]), **CITED["b"]},
            ],
        }
    ]  # fmt: skip


def spans(text, words):
    return [[text.index(words), text.index(words) + len(words)]]


def test_every_span_of_a_digest_points_to_its_words(selm):
    seen = set()
    for story in digest_of(selm, "--since", "2024-12-01")["stories"]:
        for part in story["summary"]:
            assert TEXTS[part["article"]][slice(*part["span"])] == part["text"]
        for part in story["statements"]:
            text = TEXTS[part["article"]]
            for spans_, words in (("content", "words"), ("cue", "cue_words")):
                assert " … ".join(text[slice(*span)] for span in part[spans_]) == part[words]
            assert part["speaker"]["mention"] == " … ".join(text[slice(*span)] for span in part["source"])
            assert {name: part[name] for name in CITED["a"]} == CITED[part["article"]]
            seen.add(part["kind"])
        for side in (side for difference in story["differences"] for side in difference["sides"]):
            (span,) = side["spans"]
            assert TEXTS[side["article"]][slice(*span)] == side["evidence"]
            assert side["words"] in side["evidence"]
    assert seen == {"direct", "indirect"}


@pytest.mark.parametrize(
    ("options", "narrowed", "articles"),
    [
        (("--outlet", "Kurier"), "in Kurier", ["b2"]),
        (("outlet", "harbour post"), "in harbour post", ["b"]),
        (("dam", "--actor", "Renn", "--outlet", "Echo"), "about dam by Renn in Echo", ["a"]),
        (("--outlet", "Nobody"), "in Nobody", []),
    ],
)
def test_a_digest_narrowed_to_an_outlet_has_its_articles_alone(selm, options, narrowed, articles):
    digest = digest_of(selm, *options, "--since", "2024-12-01")
    found = [source["article"] for story in digest["stories"] for source in story["sources"]]
    assert (digest["narrowed"], found) == (narrowed, articles)
    shown = selm("digest", *options, "--since", "2024-12-01").stdout
    assert shown.startswith(f"Digest {narrowed} · ")
    assert (f"Nothing {narrowed} since Sun 1 Dec 2024" in shown) == (not articles)


def test_an_empty_store_has_no_stories_and_an_empty_digest(attache):
    assert stories_of(attache, "--all") == []
    digest = digest_of(attache)
    assert (digest["stories"], digest["articles"], digest["outlets"], digest["unchanged"]) == ([], 0, 0, 0)


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({"text": "x"}, "x"),
        ({"text": "\n\n  “…”  \n"}, "“…”"),
        ({"text": "港は動かない。", "title": "\u202e@everyone\x1b[2J"}, "\u202e@everyone\x1b[2J"),
        ({"text": "No stop here " * 2000}, ("No stop here " * 2000).strip()),
        ({"text": "It ends.", "title": " "}, None),
        ({"text": "It ends.", "outlet": "https://evil.example", "url": "javascript:alert(1)"}, "It ends."),
    ],
    ids=["a letter", "no words", "acting title", "one endless line", "blank title", "a trick for an outlet"],
)
def test_one_article_of_any_make_is_one_story_and_one_digest(attache, row, name):
    bring(attache, [{"id": "only"} | row])
    (story,) = stories_of(attache, "--all")
    assert [article["id"] for article in story["articles"]] == ["only"]
    assert name is None or story["name"] == name
    (told,) = digest_of(attache)["stories"]
    assert [(source["article"], source["url"]) for source in told["sources"]] == [("only", None)]
    shown = attache("digest").stdout
    assert "1 story from 1 article" in shown
    assert not set(shown) & {"\x1b", "\u202e"}


def test_many_near_copies_are_each_in_one_story_and_all_counted(attache):
    """What an agency sends out and many outlets print: eight are named."""
    rows = [
        {"id": f"r{n}", "text": f"{HARBOUR_POST}\nPage {n}.", "title": BREAKS, "outlet": f"Outlet {n}", "published": "2024-12-04"}
        for n in range(150)
    ]  # fmt: skip
    bring(attache, rows)
    ids = [a["id"] for story in stories_of(attache, "--all") for a in story["articles"]]
    assert sorted(ids) == sorted(row["id"] for row in rows)
    digest = digest_of(attache, "--since", "2024-12-01")
    told = [(story["articles"], story["copies"], len(story["sources"])) for story in digest["stories"]]
    assert told == [(150, 149, 8)]
    assert "and 142 more articles" in attache("digest", "--since", "2024-12-01").stdout


def test_a_broken_model_leaves_its_summary_out_and_says_so(attache):
    (attache.folder / "broken").mkdir()
    (attache.folder / "broken" / "config.json").write_text("{", encoding="utf-8")
    rows = [row | {"text": TEXTS[row["id"]]} for row in ROWS]
    done = bring(attache, rows, ATTACHE_SUMMARY_MODEL="./broken")
    assert done.stdout == "4 articles imported, 4 new or changed\n"
    (line,) = done.stderr.splitlines()
    assert "./broken" in line
    told = digest_of(attache, "--since", "2024-12-01")
    assert [len(story["sources"]) for story in told["stories"]] == [3, 1]
    assert all(part["span"] is not None for story in told["stories"] for part in story["summary"])
    (read,) = attache("read", "--json", "rows.jsonl", ATTACHE_SUMMARY_MODEL="./broken").stdout.splitlines()[
        :1
    ]
    (flag,) = [flag for flag in json.loads(read)["flags"] if flag["kind"] == "summary"]
    assert flag["detail"]
