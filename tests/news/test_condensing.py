"""A story's summary from several outlets' summaries: told by values alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from news.articles import ArticleId
from news.briefs import SummarySentence
from news.composing import compose
from news.condensing import condense
from news.digests import Window
from news.passages import Passage
from news.spans import Span
from news.stories import Reading, Story, StoryId
from summarizer.pipeline import Pipeline
from tests.builders import MORNING, a_brief, an_article

DAM = "At least 21 people were killed when the Ansel dam burst above Dunmarrow on Wednesday."
AGAIN = "The Ansel dam burst above Dunmarrow on Wednesday and killed at least 21 people, rescuers said."
WATCH = "The reservoir had been under watch since Monday, when rain lifted it above its safe level."
MAYOR = "‘The lower town no longer exists,’ said the mayor, Tobiah Renn."
COST = "Insurers expect claims of $40 million from the valley’s farms."
PLACES = {1: "The Herald", 2: "The Ledger", 3: "The Post"}


def a_reading(number, *sentences, **changes):
    text = " ".join(sentences)
    article = replace(
        an_article(text, id=ArticleId(number), key=str(number), title=None, outlet=PLACES.get(number)),
        **changes,
    )
    summary, at = [], 0
    for sentence in sentences:
        summary.append(SummarySentence(sentence, Span(at, at + len(sentence))))
        at += len(sentence) + 1
    return Reading(article, a_brief(article, summary=tuple(summary)))


def condensed(*readings, most=3, told=()):
    marks = {reading.article.id: reading.article.id for reading in readings}
    return [(passage.mark, passage.text) for passage in condense(readings, marks, most, told=told)]


def test_the_lead_speaks_first_and_another_outlet_adds():
    told = condensed(a_reading(1, DAM, WATCH), a_reading(2, AGAIN, MAYOR))
    assert told == [(1, DAM), (1, WATCH), (2, MAYOR)]


def test_what_says_the_same_in_other_words_is_left_out():
    assert condensed(a_reading(1, DAM), a_reading(2, AGAIN)) == [(1, DAM)]


def test_what_several_outlets_share_comes_before_what_one_has():
    rescue = "Rescuers in boats searched the flooded streets of Dunmarrow for survivors."
    goats = "A farmer from the next village lost all of his goats and two sheds."
    told = condensed(
        a_reading(1, DAM, goats),
        a_reading(2, rescue),
        a_reading(3, "Boats searched Dunmarrow for survivors."),
        most=2,
    )
    assert [text for _, text in told] == [DAM, rescue]


def test_with_room_for_more_the_last_place_is_another_outlets():
    told = condensed(a_reading(1, DAM, WATCH, COST), a_reading(2, MAYOR), most=3)
    assert [mark for mark, _ in told].count(2) == 1


def test_one_outlet_alone_is_heard():
    assert condensed(a_reading(1, DAM, WATCH)) == [(1, DAM), (1, WATCH)]


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ((DAM,), [(1, WATCH), (2, MAYOR)]),
        ((AGAIN, WATCH), [(2, MAYOR)]),
        ((DAM, WATCH, MAYOR), []),
        (("Nothing that has to do with it was ever written.",), [(1, DAM), (1, WATCH), (2, MAYOR)]),
    ],
)
def test_what_the_channel_has_seen_is_not_told_again(told, left):
    assert condensed(a_reading(1, DAM, WATCH), a_reading(2, MAYOR), told=told) == left


@pytest.mark.parametrize("most", [-1, 0, 1, 2])
def test_no_more_than_asked_for(most):
    assert len(condensed(a_reading(1, DAM, WATCH), a_reading(2, MAYOR), most=most)) == max(0, most)


def test_an_article_without_date_title_outlet_or_summary_breaks_nothing():
    bare = a_reading(2, published=None, outlet=None)
    assert condensed(bare) == []
    assert condensed(bare, a_reading(1, DAM)) == [(1, DAM)]
    assert condensed() == []


def test_passages_keep_their_places():
    (passage,) = condense([a_reading(1, DAM)], {ArticleId(1): 7}, 3)
    assert passage == Passage(DAM, Span(0, len(DAM)), 7)


_PIECES = st.sampled_from(
    [
        DAM,
        MAYOR,
        " " + WATCH,
        "\n",
        "“",
        '"',
        "\u202e",
        "\x00",
        "e\u0301\u0323",
        "\ud83d",
        "قال الرئيس إن الجسر مغلق. ",
        "市议会周一投票决定关闭铁桥两年。",
        "สะพานถูกปิด ",
        "पुल दो साल के लिए बंद रहेगा। ",
        "\ufdfa. ",
    ]
)
_TEXTS = st.lists(st.lists(_PIECES, max_size=6).map("".join), min_size=1, max_size=3)


@given(_TEXTS)
@example(["", "\x00", "\ud83d"])
@settings(max_examples=60, deadline=None)
def test_all_of_a_condensed_story_is_in_its_articles(texts):
    articles = [an_article(text, id=ArticleId(n), outlet=None) for n, text in enumerate(texts, start=1)]
    readings = tuple(Reading(article, Pipeline().brief(article)) for article in articles)
    marks = {article.id: article.id for article in articles}
    told = condense(readings, marks, 3)
    assert told == condense(readings, marks, 3)
    (digest,) = compose([Story(StoryId(1), readings)], Window(MORNING, MORNING.replace(hour=23))).stories
    for passage in told:
        assert passage.span.of(_readable(texts[passage.mark - 1])) == passage.text
    by_mark = {source.mark: texts[source.article_id - 1] for source in digest.sources}
    for passage in digest.summary:
        assert passage.span.of(_readable(by_mark[passage.mark])) == passage.text


def _readable(text):
    """Half of a surrogate pair is read as the sign for what cannot be read."""
    return text.replace("\ud83d", "\ufffd")
