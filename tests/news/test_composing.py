"""Composing a digest from stories, and from what was told of them: pure, so told by values alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from news.articles import ArticleId
from news.briefs import Brief, Flag, SummarySentence
from news.composing import compose
from news.digests import Caution, Digest, DigestStory, Earlier, Matter, Taste, Window
from news.edits import edited
from news.spans import Span, words_of
from news.stories import Counts, Reading, Story, StoryId
from summarizer.pipeline import Pipeline
from tests.builders import MORNING, a_brief, a_statement, an_article
from tests.news.readings import DAY, a_reading, a_story, lines

HOUR = timedelta(hours=1)
NEXT_DAY = Window(DAY.until, DAY.until + 24 * HOUR)
DAM = "At least 17 people were killed when the Ansel dam burst above Dunmarrow on Wednesday."
MORE_DEAD = "At least 21 people were killed when the Ansel dam burst above Dunmarrow on Wednesday."
WATCH = "The reservoir had been under watch since Monday, when rain lifted it above its safe level."
TRIAL = "Prosecutors charged two engineers of the water company over the broken sluice gate."
PAGE = "\n".join(f"Sentence {n} of the long page has words of its own." for n in range(40))
MAYOR = "“The lower town no longer exists,”"
BAKER = "“We heard it before we saw it,”"


def names(digest: Digest) -> list[StoryId]:
    return [story.story_id for story in digest.stories]


def told(digest: Digest) -> dict[StoryId, list[Earlier]]:
    """What a channel knows that was told this digest."""
    return {story.story_id: [Earlier(digest.window.until, story)] for story in digest.stories}


def later(number: int, *sentences: str, **more) -> Reading:
    """An article of the next day."""
    return lines(number, *sentences, **{"minutes": 24 * 60} | more)


def again(*readings: Reading, first: tuple[Reading, ...], before=None, taste=None) -> Digest:
    """The next day's digest of a story of which `first` was told on the first day."""
    yesterday = compose([a_story(*first)], DAY, taste=taste)
    called = yesterday.stories[0].name
    story = a_story(*first, *readings, called=called)
    return compose([story], NEXT_DAY, told=told(yesterday), before=before, taste=taste)


def told_of(digest: Digest) -> tuple[list[str], list[str]]:
    """The sentences and the quoted words of its one story."""
    (story,) = digest.stories
    return [passage.text for passage in story.summary], [said.quote.words for said in story.said]


def quoting(number: int, *words: str, speaker: str = "Tobiah Renn", **more) -> Reading:
    """An article of these quotations, without a summary."""
    text = "\n".join(words)
    statements = [a_statement(text, quoted, speaker=speaker) for quoted in words]
    reading = a_reading(number, *statements, text=text, **more)
    return replace(reading, brief=replace(reading.brief, summary=()))


def test_nothing_in_the_window_gives_an_empty_digest():
    old = a_reading(minutes=-24 * 60)
    digest = compose([a_story(old)], DAY)
    assert (digest.stories, digest.articles, digest.outlets, digest.left_out) == ((), 0, 0, 0)


def test_the_window_is_half_open():
    first, last = a_reading(arrived=DAY.since), a_reading(arrived=DAY.until)
    assert len(compose([a_story(first)], DAY).stories) == 1
    assert len(compose([a_story(last)], DAY).stories) == 0


def test_an_article_edited_in_the_window_is_news_again():
    edited = a_reading(arrived=MORNING - timedelta(days=3), revised=MORNING, version=2)
    (story,) = compose([a_story(edited)], DAY).stories
    assert story.sources[0].version == 2


def test_only_what_is_new_of_a_story_is_told():
    old, new = a_reading(1, minutes=-24 * 60, title="Old"), a_reading(2, title="New")
    (story,) = compose([a_story(old, new)], DAY).stories
    assert (story.name, story.articles, [s.article_key for s in story.sources]) == ("New", 1, ["2"])


def test_stories_that_more_outlets_carry_come_first_and_the_rest_is_counted():
    one = a_story(a_reading(1), number=1)
    two = a_story(a_reading(2), a_reading(3), number=2)
    digest = compose([one, two], DAY, taste=Taste(stories=1))
    assert [s.story_id for s in digest.stories] == [2]
    assert digest.left_out == 1


def test_every_summary_sentence_carries_the_mark_of_the_article_it_stands_in():
    first = a_reading(1, text="Rivers rose in the north of the country overnight.")
    second = a_reading(2, text="A minister visited flooded villages by boat.", minutes=5)
    (story,) = compose([a_story(first, second)], DAY).stories
    by_mark = {s.mark: s.article_key for s in story.sources}
    assert {by_mark[p.mark]: p.text for p in story.summary} == {
        "1": "Rivers rose in the north of the country overnight.",
        "2": "A minister visited flooded villages by boat.",
    }


def test_a_sentence_that_says_the_same_is_told_once():
    text = "Rivers rose in the north of the country overnight."
    (story,) = compose([a_story(a_reading(1, text=text), a_reading(2, text=text))], DAY).stories
    assert [p.text for p in story.summary] == [text]


def test_articles_without_an_outlet_count_as_one_more_each():
    readings = [
        a_reading(1, outlet=None),
        a_reading(2, outlet=None),
        a_reading(3),
        a_reading(4, outlet="Outlet 3"),
    ]
    assert Story(StoryId(1), tuple(readings)).outlets == 3
    assert compose([a_story(*readings)], DAY).outlets == 3


def test_a_reading_without_summary_never_leads():
    bare = a_reading(1, minutes=9, title="Bare")
    bare = Reading(bare.article, a_brief(bare.article, summary=()))
    full = a_reading(2, title="Full")
    full = Reading(full.article, a_brief(full.article, summary=(SummarySentence("x", Span(0, 1)),)))
    (story,) = compose([a_story(bare, full)], DAY).stories
    assert story.name == "Full"


# Which stories, in which order


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((a_reading(1), a_reading(2)), (a_reading(3), a_reading(4, outlet="Outlet 3", minutes=9))),  # outlets
        ((a_reading(1), a_reading(2, outlet="Outlet 1")), (a_reading(3, minutes=9),)),  # articles
        (
            (a_reading(1), a_reading(2, outlet="Outlet 1")),
            (
                a_reading(3, minutes=9),
                *(a_reading(n, outlet="Outlet 3", copy_of=ArticleId(3)) for n in range(4, 9)),
            ),
        ),  # copies are no articles
        ((a_reading(1, a_statement("“No.”", "“No.”"), text="“No.”"),), (a_reading(2, minutes=9),)),
        ((a_reading(1, minutes=9),), (a_reading(2),)),  # the newest
    ],
)
def test_stories_come_by_outlets_then_articles_then_statements_then_the_newest(first, second):
    stories = a_story(*first, number=1), a_story(*second, number=2)
    assert names(compose(stories, DAY)) == names(compose(stories[::-1], DAY)) == [1, 2]


def test_what_was_not_told_yet_comes_before_what_was():
    known, unknown = a_story(lines(1, DAM), number=1), a_story(lines(2, WATCH), number=2)
    yesterday = compose([known], DAY)
    moved_on = a_story(lines(1, DAM), later(3, TRIAL, minutes=25 * 60), number=1)
    fresh = a_story(replace(later(2, WATCH)), number=2)
    assert names(compose([moved_on, fresh], NEXT_DAY, told=told(yesterday))) == [2, 1]
    assert names(compose([moved_on, unknown, fresh], NEXT_DAY)) == [1, 2]


def test_counts_of_the_store_count_where_it_hands_over_only_some_articles():
    many = a_story(lines(1, DAM), number=1, counts=Counts(articles=40, outlets=30, copies=8))
    few = a_story(lines(2, WATCH), lines(3, TRIAL), number=2)
    digest = compose([few, many], DAY)
    assert names(digest) == [1, 2]
    assert (digest.stories[0].articles, digest.stories[0].outlets, digest.stories[0].copies) == (40, 30, 8)
    assert (digest.articles, digest.outlets) == (42, 30)  # never fewer outlets than one of its stories has


@pytest.mark.parametrize(
    ("length", "total", "left_out"), [(1, None, 2), (1, 50, 49), (2, 3, 1), (3, 3, 0), (9, None, 0)]
)
def test_what_is_beyond_the_length_is_counted(length, total, left_out):
    stories = [a_story(lines(n, f"Story {n} has words of its own."), number=n) for n in (1, 2, 3)]
    digest = compose(stories, DAY, taste=Taste(stories=length), total=total)
    assert (len(digest.stories), digest.left_out) == (min(3, length), left_out)


def test_what_has_nothing_new_leaves_its_place_to_another_and_is_counted_apart():
    known = a_story(lines(1, DAM), lines(2, WATCH), number=1)
    yesterday = compose([known], DAY)
    same = a_story(later(3, DAM), later(4, WATCH), number=1)
    other = a_story(later(5, TRIAL), number=2)
    digest = compose([same, other], NEXT_DAY, told=told(yesterday), taste=Taste(stories=1), total=9)
    assert (names(digest), digest.unchanged, digest.left_out) == ([2], 1, 7)


def test_no_stories_give_an_empty_digest():
    digest = compose([], DAY)
    assert (digest.stories, digest.articles, digest.outlets, digest.unchanged) == ((), 0, 0, 0)


# What was told before


def test_a_story_that_did_not_move_on_is_left_out():
    digest = again(later(2, DAM), first=(lines(1, DAM, WATCH),))
    assert (digest.stories, digest.unchanged, digest.left_out) == ((), 1, 0)


def test_of_a_story_that_moved_on_only_what_is_new_is_told():
    first = lines(1, DAM, WATCH, title="Dam bursts", said=())
    new = later(2, DAM, TRIAL, title="Engineers charged")
    digest = again(new, first=(first,))
    (story,) = digest.stories
    assert (told_of(digest), story.since, story.name) == (([TRIAL], []), DAY.until, "Dam bursts")
    assert [(s.mark, s.article_key) for s in story.sources] == [(1, "2")]
    assert [p.mark for p in story.summary] == [1]


def test_the_time_of_the_last_telling_is_named():
    yesterday = compose([a_story(lines(1, DAM))], DAY)
    (story,) = yesterday.stories
    known = {
        story.story_id: [
            Earlier(MORNING, story),
            Earlier(MORNING + HOUR, story),
            Earlier(MORNING - HOUR, story),
        ]
    }
    (new,) = compose([a_story(later(2, TRIAL))], NEXT_DAY, told=known).stories
    assert new.since == MORNING + HOUR


def test_new_words_of_a_known_speaker_are_told_and_told_ones_are_not():
    digest = again(quoting(2, MAYOR, BAKER, minutes=24 * 60), first=(quoting(1, MAYOR),))
    assert told_of(digest) == ([], [BAKER])


@pytest.mark.parametrize(
    ("speaker", "shown"), [("Tobiah Renn", 0), ("Renn", 0), ("Mayor Renn", 0), ("Renata Vaize", 1)]
)
def test_told_words_are_news_from_another_mouth_only(speaker, shown):
    digest = again(quoting(2, MAYOR, speaker=speaker, minutes=24 * 60), first=(quoting(1, MAYOR),))
    assert len(digest.stories) == shown


def test_a_few_words_that_stand_in_what_another_said_are_told():
    first = quoting(1, "“Yes, we support the deal and its terms”", speaker="Tobiah Renn")
    digest = again(
        quoting(2, "“we support the deal”", speaker="Renata Vaize", minutes=24 * 60), first=(first,)
    )
    assert told_of(digest) == ([], ["“we support the deal”"])


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        (DAM, DAM, False),
        (DAM, MORE_DEAD, True),
        (DAM, DAM.replace("Wednesday", "Wednesday, officials said"), False),
        (DAM.replace("17", "seventeen"), DAM.replace("17", "twenty-one"), True),
        (DAM.replace("17", "three"), DAM.replace("17", "two"), True),
        (
            "The minister will resign over the Ansel dam.",
            "The minister will not resign over the Ansel dam.",
            True,
        ),
        (
            "The minister won’t resign over the Ansel dam.",
            "The minister will resign over the Ansel dam.",
            True,
        ),
        ("Nobody was hurt when the Ansel dam burst.", "Nobody was hurt when the Ansel dam burst.", False),
    ],
)
def test_another_figure_or_a_denial_is_news_in_the_same_words(old, new, shown):
    digest = again(later(2, new), first=(lines(1, old),))
    assert [told_of(digest)[0]] == [[new]] if shown else digest.stories == ()


def test_a_figure_that_was_told_of_something_else_is_news():
    first = lines(1, DAM, "Rescuers pulled 21 horses from a flooded stable near the corn exchange.")
    assert told_of(again(later(2, MORE_DEAD), first=(first,))) == ([MORE_DEAD], [])


def edit(reading: Reading, *sentences: str, said=(), **changes) -> Reading:
    """The next day's version of an article."""
    new = later(reading.article.id, *sentences, said=said)
    article = replace(
        new.article,
        arrived=reading.article.arrived,
        published=reading.article.published,
        version=reading.article.version + 1,
        revised=NEXT_DAY.since,
        **changes,
    )
    return Reading(article, replace(new.brief, version=article.version))


def test_an_edit_that_adds_nothing_is_left_out():
    first = lines(1, DAM, WATCH)
    digest = compose([a_story(edit(first, DAM, WATCH))], NEXT_DAY, told=told(compose([a_story(first)], DAY)))
    assert (digest.stories, digest.unchanged) == ((), 1)


def test_an_edit_that_adds_a_sentence_is_told_with_it_alone():
    first = lines(1, DAM, WATCH)
    yesterday = compose([a_story(first)], DAY)
    digest = compose([a_story(edit(first, DAM, WATCH, TRIAL))], NEXT_DAY, told=told(yesterday))
    assert told_of(digest) == ([TRIAL], [])
    assert digest.stories[0].sources[0].version == 2


def test_an_edit_does_not_tell_what_there_was_no_room_for_before():
    """What a shorter digest left out is no news because a comma was mended elsewhere."""
    quotations = [f"“Word number {n} of a long speech by him”" for n in range(6)]
    text = [DAM, WATCH, TRIAL, *quotations]
    statements = [a_statement("\n".join(text), quoted, speaker="Tobiah Renn") for quoted in quotations]
    short = Taste(sentences=1, quotes=1)
    first = lines(1, *text, said=tuple(statements))
    yesterday = compose([a_story(first)], DAY, taste=short)
    assert (len(yesterday.stories[0].summary), len(yesterday.stories[0].said)) == (1, 1)
    mended = [sentence.replace("Prosecutors", "The prosecutors") for sentence in text]
    moved = tuple(a_statement("\n".join(mended), quoted, speaker="Tobiah Renn") for quoted in quotations)
    story = a_story(edit(first, *mended, said=moved))
    known, before = told(yesterday), {ArticleId(1): first.article.text}
    digest = compose([story], NEXT_DAY, told=known, before=before, taste=short)
    assert (digest.stories, digest.unchanged) == ((), 1)
    added = "“Not a word of it was true”"
    more = tuple(
        a_statement("\n".join([*mended, added]), quoted, speaker="Tobiah Renn")
        for quoted in [*quotations, added]
    )
    story = a_story(edit(first, *mended, added, said=more))
    digest = compose([story], NEXT_DAY, told=known, before=before, taste=short)
    assert told_of(digest)[1] == [added]


def test_articles_edited_since_they_were_told_are_known_with_the_version_told():
    first, second = lines(1, DAM), lines(2, WATCH)
    yesterday = compose([a_story(first, second)], DAY)
    twice = edit(edit(first, DAM), DAM)
    story = a_story(twice, second, edit(lines(3, TRIAL), TRIAL))
    assert edited([story], told(yesterday)) == {1: 1}
    assert edited([story], {}) == {}


# Copies


def test_copies_are_counted_and_stand_last_with_the_article_they_copy():
    original = lines(1, DAM, title="Dam bursts")
    copies = [lines(n, DAM, minutes=n, copy_of=ArticleId(1)) for n in (2, 3)]
    (story,) = compose([a_story(original, lines(4, WATCH), *copies)], DAY).stories
    assert (story.articles, story.outlets, story.copies) == (4, 4, 2)
    marks = {s.article_key: s.mark for s in story.sources}
    assert [(s.article_key, s.copy_of) for s in story.sources[2:]] == [("3", marks["1"]), ("2", marks["1"])]
    assert sorted(marks[key] for key in "14") == [1, 2]
    assert [s.copy_of for s in story.sources[:2]] == [None, None]


def test_a_copy_of_what_was_told_adds_nothing_whatever_it_has_changed():
    copy = later(2, TRIAL, copy_of=ArticleId(1))
    digest = again(copy, first=(lines(1, DAM),))
    assert (digest.stories, digest.unchanged) == ((), 1)


def test_an_edited_copy_that_was_told_tells_what_it_has_added():
    first = lines(1, DAM, minutes=1), lines(2, DAM, copy_of=ArticleId(1))
    yesterday = compose([a_story(*first)], DAY)
    before = {ArticleId(2): DAM}
    own = edit(first[1], DAM, TRIAL, copy_of=ArticleId(1))
    digest = compose([a_story(own)], NEXT_DAY, told=told(yesterday), before=before)
    assert told_of(digest) == ([TRIAL], [])
    same = edit(first[1], DAM, copy_of=ArticleId(1))
    assert compose([a_story(same)], NEXT_DAY, told=told(yesterday), before=before).unchanged == 1


def test_a_copy_whose_original_is_not_seen_stands_for_itself():
    unseen = ArticleId(99)
    first, second = (lines(n, DAM, minutes=n, copy_of=unseen) for n in (1, 2))
    (story,) = compose([a_story(first, second)], DAY).stories
    assert told_of(compose([a_story(first, second)], DAY)) == ([DAM], [])
    assert (story.articles, story.copies) == (2, 1)
    assert [(s.article_key, s.copy_of) for s in story.sources] == [("1", None), ("2", 1)]


def test_a_thousand_copies_are_one_article_with_as_many_as_are_named():
    readings = [
        lines(1, DAM),
        *(lines(n, DAM, minutes=n / 10, copy_of=ArticleId(1)) for n in range(2, 1_001)),
    ]
    (story,) = compose([a_story(*readings)], DAY, taste=Taste(sources=5)).stories
    assert (story.articles, story.outlets, story.copies) == (1_000, 1_000, 999)
    assert [(s.mark, s.copy_of) for s in story.sources] == [(1, None), *((n, 1) for n in range(2, 6))]


# How much


@pytest.mark.parametrize("most", [1, 2, 3])
def test_no_more_articles_are_named_and_used_than_taste_wants(most):
    readings = [lines(n, f"Witness {n} told of {n * 11} wagons on the northern road.") for n in (1, 2, 3)]
    (story,) = compose([a_story(*readings)], DAY, taste=Taste(sources=most)).stories
    assert ([s.mark for s in story.sources], story.articles) == (list(range(1, most + 1)), 3)
    assert {p.mark for p in story.summary} <= {s.mark for s in story.sources}


# What articles lack


@pytest.mark.parametrize("changes", [{"published": None}, {"title": None}, {"outlet": None}, {"url": None}])
def test_an_article_that_lacks_something_is_told(changes):
    reading = lines(1, DAM, **changes)
    bare = Reading(reading.article, a_brief(reading.article, summary=()))
    for one in (reading, bare):
        (story,) = compose([a_story(one)], DAY).stories
        assert story.name in (one.article.title, one.article.text)
        assert story.sources[0].dated is (one.article.published is not None)


def test_an_article_without_anything_is_told_and_not_told_again():
    reading = a_reading(1, text=" ", title=None, outlet=None, published=None)
    bare = Reading(reading.article, a_brief(reading.article, summary=()))
    digest = compose([a_story(bare)], DAY)
    (story,) = digest.stories
    assert (story.name, story.summary, story.said, story.outlets) == ("", (), (), 1)
    more = Reading(replace(bare.article, id=ArticleId(2), arrived=NEXT_DAY.since), bare.brief)
    assert compose([a_story(bare, more)], NEXT_DAY, told=told(digest)).unchanged == 1


# Where articles differ, and what readers should know


def read(number: int, *sentences: str, **changes) -> Reading:
    """An article as it is truly read."""
    reading = lines(number, *sentences, **changes)
    return Reading(reading.article, Pipeline().brief(reading.article))


def dead(number: int, figure: str, **changes) -> Reading:
    return read(number, f"{figure} people were killed when the Tarn dam above Oldhaven gave way.", **changes)


def figures(digest: Digest) -> list[tuple[str, tuple[int, ...]]]:
    (story,) = digest.stories
    return sorted((side.words, side.marks) for one in story.differences for side in one.sides)


def test_different_figures_stand_side_by_side_with_their_marks():
    readings = dead(1, "17", minutes=1), dead(2, "31")
    digest = compose([a_story(*readings)], DAY)
    assert figures(digest) == [("17", (1,)), ("31", (2,))]
    (difference,) = digest.stories[0].differences
    texts = {1: readings[0].article.text, 2: readings[1].article.text}
    assert (difference.matter, difference.what) == (Matter.FIGURE, "people were killed")
    assert [(side.evidence, words_of(texts[side.marks[0]], side.spans)) for side in difference.sides] == [
        (texts[mark], texts[mark]) for mark in (1, 2)
    ]


def test_a_difference_is_told_once_and_anew_when_the_figures_are_others():
    first = dead(1, "17"), dead(2, "31")
    same = again(dead(3, "17", minutes=24 * 60), dead(4, "31", minutes=24 * 60), first=first)
    assert (same.stories, same.unchanged) == ((), 1)
    other = again(dead(3, "45", minutes=24 * 60 + 1), dead(4, "62", minutes=24 * 60), first=first)
    assert figures(other) == [("45", (1,)), ("62", (2,))]


def test_words_credited_to_two_speakers_are_shown_as_such():
    quoted = "“We heard it long before we saw it,” said"
    readings = read(1, f"{quoted} Tobiah Renn.", minutes=1), read(2, f"{quoted} Renata Vaize.")
    (story,) = compose([a_story(*readings)], DAY).stories
    assert [(d.matter, [s.words for s in d.sides]) for d in story.differences] == [
        (Matter.SPEAKER, ["Tobiah Renn", "Renata Vaize"])
    ]


def test_the_last_hours_lead_a_story_of_a_whole_day():
    morning = [lines(n, DAM, title="At least 17 dead", minutes=n) for n in (1, 2)]
    evening = lines(3, MORE_DEAD, title="At least 21 dead", minutes=11 * 60 + 30)
    noon = Window(DAY.since, DAY.until + 2 * HOUR)
    (story,) = compose(
        [a_story(*morning, lines(4, MORE_DEAD, title="Toll rises", minutes=13 * 60), evening)], noon
    ).stories
    assert story.name != "At least 17 dead"
    assert story.summary[0].text == MORE_DEAD


def test_a_copy_of_what_was_told_stands_not_among_the_news():
    first = lines(1, DAM)
    copied = later(2, DAM, copy_of=first.article.id)
    (story,) = again(copied, later(3, TRIAL), first=(first,)).stories
    assert [source.article_key for source in story.sources] == ["3"]


def test_what_a_larger_model_failed_at_is_told_once_however_many_articles_it_was():
    failed = Flag("summary", "The server did not answer within 60 s. The summary is an extract.")
    foreign = Flag("language", "The text seems to be in “fr”.")
    first, second = (
        replace(r, brief=replace(r.brief, flags=(failed, foreign))) for r in (lines(1, DAM), lines(2, TRIAL))
    )
    digest = compose([a_story(first), a_story(second, number=2)], DAY)
    assert digest.notices == (failed.detail,)
    alone = compose(
        [a_story(first), a_story(lines(3, TRIAL), lines(4, WATCH), number=2)], DAY, taste=Taste(stories=1)
    )
    assert (names(alone), alone.notices) == ([2], ())


def test_headlines_that_are_not_borne_out_are_named_with_their_article_and_nothing_else_is():
    flags = (
        Flag("headline", "headline names Quint; its text does not", (Span(0, 4),)),
        Flag("other", "a thing"),
    )
    one, other = lines(1, DAM, minutes=1), lines(2, WATCH)
    flagged = Reading(other.article, replace(other.brief, flags=flags))
    (story,) = compose([a_story(one, flagged)], DAY).stories
    mark = next(s.mark for s in story.sources if s.article_key == "2")
    assert story.cautions == (Caution(mark, flags[0].detail, (Span(0, 4),)),)


# Whatever comes in


_PIECES = st.sampled_from(
    [
        DAM,
        MORE_DEAD,
        " " + WATCH,
        "\n",
        f"{MAYOR} said the mayor, Tobiah Renn. ",
        f"{BAKER} said Renata Vaize, a baker. ",
        "The water company denied that “the sluice was ever shut”. ",
        "“",
        '"',
        "\u202e",
        "\x00",
        "قال الرئيس إن الجسر مغلق. ",
        "市议会周一投票决定关闭铁桥两年。",
    ]
)
_ARTICLES = st.tuples(
    st.lists(_PIECES, max_size=4).map("".join),
    st.sampled_from([None, "Dam bursts", "", "\u202e21 dead, says Renn"]),
    st.sampled_from([None, "The Herald", "The Ledger"]),
    st.integers(-30, 30),
    st.sampled_from([None, 1, 2, 99]),
)


@cache
def _brief(text: str, title: str | None) -> Brief:
    return Pipeline().brief(an_article(text, title=title))


def _verbatim(story: DigestStory, articles: dict[ArticleId, object]) -> None:
    """Everything that the story says stands in one of its own articles."""
    own = {source.mark: articles[source.article_id] for source in story.sources}
    texts = {mark: article.text for mark, article in own.items()}
    assert any(story.name in (article.title or article.text) for article in own.values())
    for passage in story.summary:
        assert passage.span.of(texts[passage.mark]) == passage.text
    for one in story.said:
        text = articles[one.quote.article_id].text
        assert words_of(text, one.quote.content) == one.quote.words
        assert words_of(text, one.quote.cue_spans) == one.quote.cue
        assert one.quote.speaker.name == "" or one.quote.speaker.mention in text
        assert set(one.marks) <= texts.keys()
    for difference in story.differences:
        for side in difference.sides:
            assert words_of(texts[side.marks[0]], side.spans) == side.evidence
            assert side.words in texts[side.marks[0]]
        assert all(any(part in text for text in texts.values()) for part in difference.what.split(" … "))
    for caution in story.cautions:
        assert all(span.end <= len(texts[caution.mark]) for span in caution.spans)


@given(st.lists(_ARTICLES, min_size=1, max_size=5))
@settings(max_examples=40, deadline=None)
def test_all_that_a_digest_says_stands_in_its_articles_of_the_window(drafts):
    readings = []
    for number, (text, title, outlet, hours, copy_of) in enumerate(drafts, start=1):
        at = MORNING + hours * HOUR
        article = an_article(text, id=ArticleId(number), key=str(number), title=title, outlet=outlet)
        article = replace(article, arrived=at, published=at, copy_of=copy_of if copy_of != number else None)
        readings.append(Reading(article, replace(_brief(text, title), article_id=article.id)))
    story = a_story(*readings)
    articles = {reading.article.id: reading.article for reading in readings}
    first = compose([story], DAY)
    second = compose([story], NEXT_DAY, told=told(first))
    assert first == compose([story], DAY)
    for digest in (first, second):
        for one in digest.stories:
            assert all(articles[source.article_id].arrived in digest.window for source in one.sources)
            assert [source.mark for source in one.sources] == list(range(1, len(one.sources) + 1))
            _verbatim(one, articles)
    if first.stories:
        assert compose([story], DAY, told=told(first)).stories == ()


# What edits took away of what was told


def retold(first: Reading, *versions: Reading, more: tuple[Reading, ...] = ()) -> list[Digest]:
    """The digests of following days, of which the first tells `first`."""
    digests = [compose([a_story(first)], DAY)]
    known = {StoryId(1): [Earlier(DAY.until, digests[0].stories[0])]}
    for number, version in enumerate(versions, start=1):
        window = Window(DAY.until + (number - 1) * 24 * HOUR, DAY.until + number * 24 * HOUR)
        before = {version.article.id: ([first, *versions][number - 1]).article.text}
        digests.append(compose([a_story(version, *more)], window, told=known, before=before))
        if digests[-1].stories:
            known[StoryId(1)].append(Earlier(window.until, digests[-1].stories[0]))
    return digests


def version(number: int, *words: str, of: int = 1, title: str = "Dam bursts", **changes) -> Reading:
    """A version of an article that quotes these words, seen on the day of its number."""
    reading = quoting(of, "The town met.", *words, title=title)
    text = changes.get("text", reading.article.text)
    statements = tuple(a_statement(text, one, speaker="Tobiah Renn") for one in words)
    article = replace(
        reading.article,
        version=number,
        revised=DAY.until + (number - 1.5) * 24 * HOUR if number > 1 else None,
        **changes,
    )
    brief = replace(reading.brief, version=number, statements=statements)
    return Reading(article, brief)


def taken(digest: Digest) -> list[tuple[int, str, int]]:
    """The marks, words and days of what its one story tells as taken back."""
    return [
        (one.mark, one.quote.words, round((one.when - DAY.until) / (24 * HOUR) + 0.5))
        for story in digest.stories
        for one in story.withdrawn
    ]


def test_what_was_told_and_is_gone_is_told_once_with_the_mark_of_its_article():
    first, second, third = retold(
        version(1, MAYOR, BAKER), version(2, BAKER), version(3, BAKER, "“So be it”")
    )
    assert (taken(first), taken(second), taken(third)) == ([], [(1, MAYOR, 1)], [])
    assert told_of(second) == ([], [])
    assert (second.stories[0].articles, second.unchanged) == (1, 0)
    assert told_of(third) == ([], ["“So be it”"])


def test_what_was_taken_back_and_comes_again_is_news():
    *_, third, fourth, fifth = retold(
        version(1, MAYOR, BAKER),
        version(2, BAKER),
        version(3, BAKER, MAYOR),
        version(4, BAKER, MAYOR, "“So be it”"),
        version(5, BAKER),
    )
    assert (told_of(third), taken(third)) == (([], [MAYOR]), [])
    assert (told_of(fourth), taken(fourth)) == (([], ["“So be it”"]), [])
    assert [words for _, words, _ in taken(fifth)] == [MAYOR, "“So be it”"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (version(1, MAYOR), version(2, MAYOR)),
        (version(1, MAYOR), version(2, MAYOR.replace("exists,", "exists."))),
        (version(1, MAYOR), version(1)),  # the same version, read by another reader
        (version(1, MAYOR, partial=True), version(2)),  # only the excerpt said it
        (version(1), version(2, title="Dam bursts!")),
        (version(1, BAKER), version(2, f"Hear, hear: {BAKER}")),
        (version(1, MAYOR, text=f"{PAGE}\n{MAYOR}"), version(2, text=PAGE[:800])),  # the beginning alone
    ],
)
def test_what_was_not_taken_back_is_not_said_to_be(before, after):
    assert all(taken(digest) == [] for digest in retold(before, after))
    assert all(story.retitled == () for digest in retold(before, after) for story in digest.stories)


def test_what_another_article_was_told_to_carry_is_taken_back_for_that_one_alone():
    one, other = version(1, MAYOR, BAKER), version(1, MAYOR, of=2)
    yesterday = compose([a_story(one, other)], DAY)
    assert yesterday.stories[0].said[0].marks == (1, 2)
    edited_other = version(2, "“So be it”", of=2)
    digest = compose(
        [a_story(one, edited_other)],
        NEXT_DAY,
        told=told(yesterday),
        before={ArticleId(2): other.article.text},
    )
    assert taken(digest) == [(1, MAYOR, 1)]
    assert [source.article_key for source in digest.stories[0].sources] == ["2"]
    # The first one loses it too, in the same window of a channel that was told of the second.
    known = {StoryId(1): [*told(yesterday)[StoryId(1)], Earlier(NEXT_DAY.until, digest.stories[0])]}
    after = compose([a_story(version(2, BAKER), edited_other)], NEXT_DAY, told=known)
    assert [source.article_key for source in after.stories[0].sources] == ["1"]
    assert taken(after) == [(1, MAYOR, 1)]


def test_another_headline_is_told():
    first, second, third = retold(
        version(1, MAYOR, title="Dam bursts, 17 dead"),
        version(2, MAYOR, BAKER, title="Dam bursts, 21 dead"),
        version(3, MAYOR, BAKER, title="Dam holds"),
    )
    assert first.stories[0].retitled == ()
    assert [(r.mark, r.before, r.now) for r in second.stories[0].retitled] == [
        (1, "Dam bursts, 17 dead", "Dam bursts, 21 dead")
    ]
    (only,) = third.stories  # nothing else is new, and what it says now may be the reverse
    assert [(r.before, r.now) for r in only.retitled] == [("Dam bursts, 21 dead", "Dam holds")]
    assert (only.summary, only.said) == ((), ())


def test_a_headline_that_nobody_was_shown_may_change_unnoticed():
    one, other = version(1, MAYOR, title="Dam bursts"), version(1, BAKER, of=2, title="Town flooded")
    yesterday = compose([a_story(one, other)], DAY)
    name = yesterday.stories[0].name
    changed = [
        version(2, quoted, "“So be it”", of=number, title="Toll rises")
        for number, quoted in ((1, MAYOR), (2, BAKER))
    ]
    digest = compose([a_story(*changed)], NEXT_DAY, told=told(yesterday))
    assert [(r.before, r.now) for r in digest.stories[0].retitled] == [(name, "Toll rises")]


def test_what_nobody_was_told_is_not_taken_back():
    edited_unknown = compose([a_story(version(2, BAKER))], NEXT_DAY)
    assert taken(edited_unknown) == []
    assert edited_unknown.stories[0].retitled == ()
