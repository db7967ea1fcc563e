"""Which statements of several articles are one thing that was said once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from news.articles import ArticleId
from news.occasions import Gathering, Wording
from news.statements import Kind, Mode
from tests.builders import MORNING

DAY = timedelta(days=1)
FULL = "we will talk when the guns fall silent and not an hour before"
PART = "when the guns fall silent"
BEGUN = "we will talk when the guns"
ENDED = "fall silent and not an hour before"
BASE = Wording(0, ArticleId(0), MORNING, "ilka tarn", False, Kind.DIRECT, Mode.SPEECH, FULL, "said")


def gathered(*changes):
    """The numbers of the wordings of each occasion; each is a day's newest, in an article of its own."""
    gathering = Gathering()
    for at, change in enumerate(changes):
        usual = {"id": at, "article_id": ArticleId(at), "moment": MORNING - timedelta(hours=at)}
        gathering.add(replace(BASE, **(usual | change)))
    found = [sorted(w.id for w in one.wordings) for one in gathering]
    assert len(gathering) == len(found)
    return found


def are_one(one, other):
    """Whether the two are of one occasion, whichever of them is the newer."""
    found = {len(gathered(one, other)), len(gathered(other, one))}
    assert len(found) == 1, "the order must not matter"
    return found == {1}


SHORT = {"words": "locks have keys"}
REPORTED = {"kind": Kind.INDIRECT}
MIXED = {"kind": Kind.MIXED, "words": f"she would talk {PART}"}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({}, {}, True),
        ({}, {"words": PART}, True),
        ({}, {"words": "the guns fall silent"}, False),  # four words
        ({}, {"words": "we will talk if the guns fall silent"}, False),
        ({}, {"words": "hen the guns fall silent and"}, False),  # no whole word
        (SHORT, SHORT, True),
        ({}, {"speaker": "tarn"}, True),
        ({}, {"speaker": "ilka"}, False),
        ({}, {"speaker": "jon tarn"}, False),
        ({}, {"speaker": "arn"}, False),
        ({}, {"speaker": ""}, False),
        ({"speaker": ""}, {"speaker": ""}, True),
        ({"speaker": ""} | SHORT, {"speaker": ""} | SHORT, False),
        ({"anonymous": True}, {}, False),
        ({"anonymous": True}, {"anonymous": True}, True),
        ({"anonymous": True} | SHORT, {"anonymous": True} | SHORT, False),
        ({}, {"mode": Mode.THOUGHT}, False),
        ({"mode": Mode.THOUGHT}, {"mode": Mode.THOUGHT}, True),
        (REPORTED, REPORTED, True),
        (REPORTED, REPORTED | {"cue": "told"}, True),
        (REPORTED, REPORTED | {"words": f"that {FULL}"}, True),
        (REPORTED, REPORTED | {"cue": "denied"}, False),
        (REPORTED, REPORTED | {"cue": ""}, False),
        (REPORTED | {"cue": "denied"}, REPORTED | {"cue": "denied"}, True),
        (REPORTED, REPORTED | {"words": PART}, False),  # only a quotation's part is surely of it
        (REPORTED, {}, True),
        (REPORTED | {"cue": "denied"}, {}, False),
        (REPORTED, {"words": PART}, False),
        (MIXED, {"words": PART}, True),
        (MIXED | {"cue": "denied"}, {"words": PART}, False),
        ({"article_id": ArticleId(7)}, {"article_id": ArticleId(7)}, True),
        ({"article_id": ArticleId(7)} | SHORT, {"article_id": ArticleId(7)} | SHORT, False),
    ],
)
def test_statements_are_of_one_occasion_where_nothing_speaks_against_it(one, other, expected):
    assert are_one(one, other) is expected


@pytest.mark.parametrize(
    ("after", "expected"), [(3 * DAY, [[0, 1]]), (3 * DAY + timedelta(seconds=1), [[0], [1]])]
)
def test_an_occasion_is_at_most_three_days_old(after, expected):
    assert gathered({}, {"moment": MORNING - after}) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([FULL, BEGUN, ENDED], [[0, 1, 2]]),
        ([BEGUN, FULL, ENDED], [[0, 1, 2]]),
        ([BEGUN, ENDED, FULL], [[0, 1, 2]]),
        ([BEGUN, ENDED], [[0], [1]]),
        ([BEGUN, "no", ENDED, FULL, "no"], [[0, 2, 3], [1, 4]]),
        ([PART, FULL, f"they talk {PART}"], [[0, 1], [2]]),  # all of an entry's words stand in its fullest
    ],
)
def test_a_fuller_wording_brings_its_parts_together(words, expected):
    assert gathered(*({"words": each} for each in words)) == expected


def test_a_surname_stands_for_one_of_two_only():
    speakers = ("tarn", "ilka tarn", "jon tarn", "tarn")
    assert gathered(*({"speaker": speaker} for speaker in speakers)) == [[0, 1, 3], [2]]


def test_an_occasion_shows_the_fullest_wording_of_each_article():
    gathering = Gathering()
    for at, (article, words) in enumerate([(1, PART), (1, BEGUN + " fall"), (2, FULL), (1, PART), (3, FULL)]):
        gathering.add(replace(BASE, id=at, article_id=ArticleId(article), words=words))
    (one,) = gathering
    assert one.fullest.id == 2
    assert [wording.id for wording in one.one_each()] == [1, 2, 4]


@pytest.mark.parametrize(
    ("gone", "shown", "each"),
    [
        ((), 1, [0, 1, 3]),
        ((1,), 3, [0, 1, 3]),  # the fullest of what stands
        ((1, 3), 0, [0, 1, 3]),
        ((0, 1, 3), 2, [0, 1, 2, 3]),  # an article has lost words of it and has others
        ((0, 1, 2, 3), 1, [0, 1, 3]),  # where nothing stands, the fullest of all
    ],
)
def test_an_occasion_shows_what_stands_and_keeps_what_is_gone(gone, shown, each):
    gathering = Gathering()
    words = [(0, BEGUN), (1, FULL), (0, PART), (3, ENDED)]
    for at, (article, told) in enumerate(words):
        gathering.add(replace(BASE, id=at, article_id=ArticleId(article), words=told, gone=at in gone))
    (one,) = gathering
    assert (one.fullest.id, one.shown().id) == (1, shown)
    assert sorted(wording.id for wording in one.one_each()) == each


@pytest.mark.parametrize(
    "fuller",
    [{"speaker": "ilka tarn", "affiliated": True}, {"speaker": "ilka anna tarn"}, {"words": FULL + " no"}],
)
def test_of_equal_words_those_stand_that_tell_more_of_their_speaker(fuller):
    gathering = Gathering()
    speaker = fuller.get("speaker", "ilka tarn")
    gathering.add(replace(BASE, speaker=speaker))
    gathering.add(replace(BASE, id=1, article_id=ArticleId(1), **fuller))
    (one,) = gathering
    assert one.fullest.id == (0 if fuller == {"speaker": "ilka anna tarn"} else 1)


def test_pages_hold_their_part_of_the_occasions():
    gathering = Gathering()
    for at in range(5):
        gathering.add(replace(BASE, id=at, words=f"{at}"))
    assert [one.fullest.id for one in gathering.page(2, 2)] == [2, 3]
    assert [one.fullest.id for one in gathering.page(4, 2)] == [4]
    assert gathering.page(5, 2) == gathering.page(1 << 70, 1 << 70) == ()


def test_occasions_are_settled_when_nothing_that_comes_can_be_of_them():
    gathering = Gathering()
    gathering.add(BASE)
    gathering.add(replace(BASE, id=1, words="no", moment=MORNING - 2 * DAY))
    assert [gathering.settled(MORNING - days * DAY) for days in (3, 4, 5, 6)] == [0, 1, 1, 2]


def test_a_very_long_statement_is_gathered_in_time():
    words = "the guns fall silent again and " * 20_000
    assert gathered({"words": words}, {"words": words}, {"words": PART}) == [[0, 1], [2]]
