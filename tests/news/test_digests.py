"""What a digest shows of statements and names: pure, so told by values alone."""

import pytest

from news.answers import quote_of
from news.composing import compose
from news.digests import Taste
from news.statements import Kind, Mode
from news.stories import Reading, Story, StoryId
from tests.builders import a_brief, a_span, a_speaker, a_statement, an_article
from tests.news.readings import DAY, a_reading, a_story


def said(words, speaker="Dana Miller", **changes):
    return a_statement(words, words, speaker=speaker, **changes)


def test_one_statement_in_three_outlets_is_shown_once_with_three_marks():
    readings = [
        a_reading(number, said(words), text=words, minutes=number)
        for number, words in enumerate(
            ['"The bridge will close,"', "“The bridge will close”", "‘The bridge will close’"], start=1
        )
    ]
    (story,) = compose([a_story(*readings)], DAY).stories
    (told,) = story.said
    assert sorted(told.marks) == [1, 2, 3]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“We will not negotiate with them”", "“We will negotiate with them”"),
        ("“They lost 300 men in the valley”", "“They lost 500 men in the valley”"),
    ],
)
def test_other_words_are_another_statement(one, other):
    """A negation or a figure must not vanish under a mark."""
    readings = [a_reading(1, said(one), text=one), a_reading(2, said(other), text=other)]
    (story,) = compose([a_story(*readings)], DAY).stories
    marks = {s.marks: s.quote.words for s in story.said}
    by_mark = {source.mark: source.article_key for source in story.sources}
    assert {by_mark[m]: words for (m,), words in marks.items()} == {"1": one, "2": other}


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_of_a_statement_and_a_part_of_it_the_whole_is_shown_with_its_own_mark(order):
    whole, part = "“We support it, only if the troops leave”", "“We support it”"
    texts = dict(zip(order, (whole, part), strict=True))
    readings = [a_reading(n, said(texts[n]), text=texts[n], minutes=n) for n in (1, 2)]
    (story,) = compose([a_story(*readings)], DAY).stories
    (told,) = story.said
    assert told.quote.words == whole
    assert len(told.marks) == 1


def test_the_same_words_said_and_denied_are_two_statements():
    text = "that the bridge will close; said; denied"
    cues = [
        a_statement(text, "that the bridge will close", kind=Kind.INDIRECT, cue=(a_span(text, cue),))
        for cue in ("said", "denied")
    ]
    (story,) = compose([a_story(a_reading(1, *cues, text=text))], DAY).stories
    assert len(story.said) == 2


def test_thousands_of_statements_are_composed_without_comparing_all_with_all():
    words = " ".join(f"w{n}" for n in range(3000)) + " "
    statements = [a_statement(words, f"w{n} ", speaker="Ann") for n in range(3000)]
    (story,) = compose([a_story(a_reading(1, *statements, text=words))], DAY).stories
    assert len(story.said) == Taste().quotes


def test_spellings_of_one_name_are_one_speaker():
    readings = [
        a_reading(1, said("“We will not move,”", "Lev Tarokhin"), text="“We will not move,”"),
        a_reading(2, said("“We will not move”", "Lev Tarohin"), text="“We will not move”"),
    ]
    (story,) = compose([a_story(*readings)], DAY).stories
    assert len(story.said) == 1


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, 1),
        ({"speaker": None}, 0),
        ({"mode": Mode.THOUGHT}, 0),
        ({"mode": Mode.INTENTION}, 0),
    ],
)
def test_only_speech_of_someone_is_shown(changes, shown):
    reading = a_reading(1, said("“We will not move,”", **changes), text="“We will not move,”")
    (story,) = compose([a_story(reading)], DAY).stories
    assert len(story.said) == shown


def test_everyone_is_heard_before_anyone_is_heard_twice_and_names_before_the_nameless():
    text = "“First words here,” “Second thing told,” “Third matter raised,” “Fourth by nobody”"
    statements = [
        a_statement(text, "“First words here,”", speaker="Ann"),
        a_statement(text, "“Second thing told,”", speaker="Ann"),
        a_statement(text, "“Fourth by nobody”", speaker=a_speaker("a baker", anonymous=True)),
        a_statement(text, "“Third matter raised,”", speaker="Bo"),
    ]
    (story,) = compose([a_story(a_reading(1, *statements, text=text))], DAY, taste=Taste(quotes=3)).stories
    assert [s.quote.speaker.name for s in story.said] == ["Ann", "Bo", "a baker"]


def test_a_quote_brings_the_articles_words_and_source():
    text = "Dana Miller told the Herald: “One.” She paused. “Two.”"
    article = an_article(text)
    statement = a_statement(
        text,
        "“One.”",
        content=(a_span(text, "“One.”"), a_span(text, "“Two.”")),
        cue=(a_span(text, "told"),),
        venue=(a_span(text, "the Herald"),),
        kind=Kind.DIRECT,
    )
    quote = quote_of(statement, article)
    assert (quote.words, quote.cue, quote.venue) == ("“One.” … “Two.”", "told", "the Herald")
    assert (quote.outlet, quote.when, quote.headline) == (article.outlet, article.published, article.title)


def test_a_story_without_headlines_is_called_by_its_first_sentence():
    reading = a_reading(1, title=None)
    assert Story(StoryId(1), (reading,)).name == reading.brief.summary[0].text
    bare = Reading(reading.article, a_brief(reading.article, summary=()))
    assert reading.article.text.startswith(Story(StoryId(1), (bare,)).name)
