"""Which positions a digest tells at which story, and which stand apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from news.articles import ArticleId
from news.composing import compose
from news.digests import Earlier, Shift, Window
from news.shifts import shifts_apart, shifts_of
from news.stances import Position, Stance
from tests.bot.samples import MORNING
from tests.bot.standings import REFUSAL, a_changed_standing, a_standing, a_turn, an_evidence
from tests.builders import a_span
from tests.news.readings import DAY, a_reading, a_story, lines

MARKS = {ArticleId(7): 1, ArticleId(4): 2, ArticleId(20): 3}
CHANGED = a_changed_standing()
NEW = a_standing(a_turn(an_evidence(article=20, actor="Ferry Line")), actor="Ferry Line")


def bearing(number: int, **changes):
    """An article whose brief has the ministry's refusal."""
    text = f"The ministry was asked on Monday. {REFUSAL} Marlow said."
    reading = a_reading(number, text=text, published=MORNING)
    stance = replace(an_evidence().stance, evidence=(a_span(text, REFUSAL),), **changes)
    return replace(reading, brief=replace(reading.brief, stances=(stance,)))


def test_a_change_is_told_with_the_marks_of_its_articles_and_what_was_before():
    assert shifts_of((CHANGED,), (), MARKS) == (
        Shift(
            actor="Port Ministry",
            target="night shifts",
            position=Position.OPPOSES,
            since=CHANGED.present.since,
            shown=CHANGED.present.latest,
            marks=(1, 2),
            before=Position.SUPPORTS,
            until=CHANGED.turns[1].latest.when,
        ),
    )


def test_the_words_are_those_of_the_storys_own_article():
    (shift,) = shifts_of((CHANGED,), (), {ArticleId(4): 1})
    assert (shift.shown.article_id, shift.marks) == (4, (1,))


def test_a_new_position_has_nothing_before():
    (shift,) = shifts_of((NEW,), (), MARKS)
    assert (shift.marks, shift.before, shift.until) == ((3,), None, None)


def test_what_no_article_of_the_story_shows_is_not_told_there():
    assert shifts_of((CHANGED, NEW), (), {ArticleId(99): 1}) == ()


def test_what_is_in_doubt_is_told_nowhere():
    doubtful = replace(CHANGED, contested=True)
    assert shifts_of((doubtful,), (), MARKS) == ()
    assert shifts_apart((doubtful,), ()) == ()


@pytest.mark.parametrize(
    ("changes", "marked"),
    [
        ({}, True),
        ({"actor": "the Port Ministry"}, True),
        ({"actor": "Harbour Council"}, False),
        ({"actor": "Harbour Council", "state": "Norland"}, True),
        ({"position": Position.SUPPORTS}, False),
        ({"target": "ferries"}, False),
    ],
)
def test_every_article_that_has_the_position_is_cited(changes, marked):
    shown = an_evidence()
    shown = replace(shown, stance=replace(shown.stance, state="Norland"))
    standing = a_standing(a_turn(shown))
    marks = MARKS | {ArticleId(30): 4}
    (shift,) = shifts_of((standing,), (bearing(30, **changes),), marks)
    assert shift.marks == ((1, 4) if marked else (1,))


def test_where_only_another_article_of_the_story_has_it_its_own_words_are_shown():
    reading = bearing(30)
    (shift,) = shifts_of((a_standing(),), (reading,), {ArticleId(30): 1})
    assert (shift.marks, shift.shown.article_id, shift.shown.outlet) == ((1,), 30, "Outlet 30")
    assert (shift.shown.words, shift.shown.sentence_words) == (REFUSAL, f"{REFUSAL} Marlow said.")


def test_an_article_from_before_the_turn_bears_no_part_of_it():
    reading = bearing(30)
    old = replace(reading, article=replace(reading.article, published=MORNING - timedelta(days=300)))
    assert shifts_of((a_standing(),), (old,), {ArticleId(30): 1}) == ()


def test_changes_come_first_then_what_more_outlets_have_and_only_a_few_are_told():
    def new(number, outlets):
        turn = a_turn(an_evidence(article=20), outlets=outlets)
        return a_standing(turn, actor=f"Actor {number}")

    taken = [new(1, 1), new(2, 3), new(3, 2), CHANGED]
    assert [shift.actor for shift in shifts_of(taken, (), MARKS)] == ["Port Ministry", "Actor 2", "Actor 3"]


def test_what_is_known_is_not_told_again():
    (told,) = shifts_of((CHANGED,), (), MARKS)
    assert shifts_of((CHANGED,), (), MARKS, known=[told]) == ()
    assert shifts_apart((CHANGED,), [told]) == ()
    assert [shift.actor for shift in shifts_apart((CHANGED, NEW), ())] == [
        "Port Ministry"
    ]  # new ones are not


def refusing(number: int, **more):
    """An article of the day that has the ministry's refusal, and evidence of it."""
    reading = lines(number, f"The ministry refused for reason number {number}.", **more)
    stance = an_evidence().stance
    return replace(reading, brief=replace(reading.brief, stances=(stance,)))


def refusal(*numbers: int, **changes):
    """The ministry's change, which these articles show."""
    evidence = [an_evidence(article=number) for number in numbers]
    before = a_turn(an_evidence(position=Position.SUPPORTS, article=90))
    return a_standing(before, a_turn(*evidence), **changes)


def test_a_digest_tells_a_change_at_the_first_story_that_shows_it_and_no_second_time():
    first, second = a_story(refusing(1), number=1), a_story(refusing(2), number=2)
    digest = compose([first, second], DAY, taken=(refusal(1, 2),))
    assert [[shift.marks for shift in story.positions] for story in digest.stories].count([]) == 1
    assert sum(len(story.positions) for story in digest.stories) == 1
    assert digest.positions == ()


def test_a_change_that_no_story_shows_stands_apart_in_a_whole_digest_only():
    taken = (refusal(50),)
    (shift,) = compose([a_story(a_reading())], DAY, taken=taken).positions
    assert (shift.actor, shift.marks) == ("Port Ministry", ())
    assert compose([], DAY, taken=taken).positions == (shift,)
    assert compose([a_story(a_reading())], DAY, taken=taken, whole=False).positions == ()


def test_a_change_of_a_story_without_room_stands_apart():
    stories = [a_story(a_reading(n), number=n) for n in range(1, 10)]
    hidden = a_story(refusing(30, minutes=-600), number=30)
    digest = compose([*stories, hidden], DAY, taken=(refusal(30),))
    assert len(digest.positions) == 1


def test_a_known_story_is_told_again_for_a_new_position_alone():
    words = lines(1, "Nothing new is in this.")
    yesterday = compose([a_story(words)], DAY)
    (told,) = yesterday.stories
    later = replace(lines(2, "Nothing new is in this.", minutes=24 * 60))
    later = replace(later, brief=replace(later.brief, stances=(an_evidence().stance,)))
    tomorrow = Window(DAY.until, DAY.until + timedelta(days=1))
    earlier = {told.story_id: [Earlier(DAY.until, told)]}
    story = a_story(words, later, called=told.name)
    assert compose([story], tomorrow, told=earlier).stories == ()
    (again,) = compose([story], tomorrow, told=earlier, taken=(refusal(2),)).stories
    assert [shift.marks for shift in again.positions] == [(1,)]
    known = {told.story_id: [Earlier(tomorrow.until, again)]}
    repeated = compose([story], tomorrow, told=known, taken=(refusal(2),))
    assert (repeated.stories, repeated.positions) == ((), ())


def test_a_stance_of_another_owner_is_another_position():
    shown = an_evidence()
    standing = a_standing(a_turn(shown))
    other: Stance = replace(shown.stance, owner=3)
    reading = a_reading(30)
    reading = replace(reading, brief=replace(reading.brief, stances=(other,)))
    (shift,) = shifts_of((standing,), (reading,), MARKS | {ArticleId(30): 4})
    assert shift.marks == (1,)
