"""A digest of any words as JSON: one line that reads back whole and acts on no terminal."""

from __future__ import annotations

import json
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cli.as_json import digest_json, dumps
from tests.bot.hostile import SEVERAL, digest_of
from tests.bot.samples import a_full_digest

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
