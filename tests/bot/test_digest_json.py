"""A digest of any words as JSON: one line that reads back whole and acts on no terminal."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cli.as_json import digest_json, dumps, quotes_json
from bot.cli.stances_json import standings_json, target_json
from bot.messages.targets import Listed
from news.rereading import Progress
from news.targets import BUILT_IN
from tests.bot.hostile import SEVERAL, digest_of
from tests.bot.samples import MORNING, a_digest, a_full_digest, a_page, a_quote, an_edited_story
from tests.bot.standings import NIGHTS, a_digest_of_positions, a_standing_page, three_standings

CITED = {"article", "outlet", "time", "url"}


@given(SEVERAL, st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_a_digest_of_any_words_is_one_line_that_reads_back(words, seed):
    digest = digest_of(Random(seed), words, most=3)
    line = dumps(digest_json(digest))
    assert not set(line) & set("\n\r\x00\x1b\x9b\x85\u2028\u2029\u202e\u2066")
    read = json.loads(line)
    assert [len(story["statements"]) for story in read["stories"]] == [len(s.said) for s in digest.stories]
    line.encode("utf-8")


def test_each_part_of_a_full_digest_is_cited():
    known, _ = digest_json(a_full_digest())["stories"]
    sides = [side for difference in known["differences"] for side in difference["sides"]]
    for part in (*known["summary"], *known["statements"], *sides, *known["flags"], *known["sources"]):
        assert part.keys() >= CITED
    assert {"matter": "speaker", "what": "“The night shifts are no longer paid,”"}.items() <= known[
        "differences"
    ][2].items()
    assert (known["since"], known["copies"]) == ("2025-03-11T07:00:00+00:00", 3)
    assert [source["copy_of"] for source in known["sources"]] == [None] * 4 + [1, 1]
    assert known["summary"][2]["span"] is None


def test_what_was_taken_back_is_told_with_the_article_that_has_it_no_longer():
    (story,) = digest_json(a_digest(stories=(an_edited_story(),)))["stories"]
    gone, reported, *_ = story["withdrawn"]
    told = gone.pop("told")
    assert gone == {
        "mark": 1,
        "article": "a1",
        "outlet": "Daily Herald",
        "time": "2025-03-12T06:12:00+00:00",
        "url": "https://daily-herald.example/2025/03/1",
        "gone": "2025-03-12T06:40:00+00:00",
    }
    assert (told["words"], told["version"], told["gone"]) == ("“There is no strike to settle,”", 1, None)
    assert (reported["mark"], reported["told"]["cue_words"]) == (3, "said")
    (headline,) = story["headlines"]
    assert headline.keys() == CITED | {"mark", "before", "title"}
    assert (headline["mark"], headline["title"]) == (2, "Minister meets the dockers")


def test_a_quote_tells_the_version_that_its_spans_point_into_and_whether_it_is_gone():
    stands, gone = a_quote(), replace(a_quote(), version=3, gone=MORNING)
    told = quotes_json(a_page(stands, gone))["statements"]
    assert [(one["version"], one["gone"]) for one in told] == [
        (1, None),
        (3, "2025-03-12T07:00:00+00:00"),
    ]
    assert told[1]["sources"][0]["gone"] == told[1]["gone"]


def test_positions_are_told_with_their_words_and_the_article_of_these():
    digest = digest_json(a_digest_of_positions())
    changed, new = digest["stories"][0]["positions"]
    assert changed == {
        "actor": "Port Ministry",
        "target": "night shifts",
        "since": "2025-03-09T07:00:00+00:00",
        "before": "supports",
        "until": "2025-02-24T07:00:00+00:00",
        "position": "opposes",
        "words": "“We will pay for no night that nobody worked,”",
        "named": "Port Ministry",
        "voice": "Edda Marlow",
        "confidence": 0.9,
        "article": "a7",
        "title": "Ministry rejects night pay",
        "outlet": "Daily Herald",
        "time": "2025-03-12T06:10:00+00:00",
        "url": "https://herald.example/7",
        "version": 1,
        "evidence": [[40, 86]],
        "sentence": {"text": "“We will pay for no night that nobody worked,” Marlow said.", "span": [40, 99]},
        "marks": [1, 2],
    }
    assert (new["before"], new["until"], new["marks"]) == (None, None, [3])
    assert [each["actor"] for each in digest["positions"]] == ["Harbour Council", "Ferry Line"]
    assert all(each.keys() == changed.keys() - {"marks"} for each in digest["positions"])


def test_positions_are_told_with_all_their_turns():
    answer = standings_json(
        a_standing_page(*three_standings(), total=9, actor="Marlow", since=MORNING),
        (Progress("night shifts", 12, None),),
    )
    changed, contested, _ = answer.pop("positions")
    assert answer == {
        "query": {
            "actor": "Marlow",
            "target": "night shifts",
            "since": "2025-03-12T07:00:00+00:00",
            "until": None,
        },
        "total": 9,
        "offset": 0,
        "reading": [{"target": "night shifts", "done": 12, "total": None}],
    }
    assert [changed[name] for name in ("actor", "target", "position", "contested")] == [
        "Port Ministry", "night shifts", "opposes", False,
    ]  # fmt: skip
    assert [turn["position"] for turn in changed["turns"]] == ["conditional", "supports", "opposes"]
    assert [turn["until"] for turn in changed["turns"]][-1] is None
    last = changed["turns"][-1]
    assert (last["articles"], last["outlets"], last["since"]) == (5, 3, changed["since"])
    for evidence in (last["first"], last["latest"], *changed["otherwise"]):
        assert evidence.keys() >= CITED | {"version", "evidence", "sentence", "position", "words"}
    assert [each["position"] for each in changed["otherwise"]] == ["supports"]
    assert changed["otherwise"][0]["time"] is None
    assert contested["contested"] is True
    assert json.loads(dumps(answer)) == answer


def test_a_target_is_told_with_what_is_known_of_it():
    assert target_json(Listed(NIGHTS, 3, Progress("night shifts", 12, 1900))) == {
        "name": "night shifts",
        "description": "Paying night shifts in full.",
        "for": ["pay the nights", "full pay at night"],
        "against": ["cut the nights"],
        "own": True,
        "positions": 3,
        "reading": {"done": 12, "total": 1900},
    }
    assert target_json(Listed(BUILT_IN[0], 0))["reading"] is None
