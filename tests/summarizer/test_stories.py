"""Which articles are put into one story."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from news.articles import ArticleId
from news.stories import Assignment, Member, StoryId
from summarizer.stories import Clusterer
from tests.builders import MORNING

BRIDGE = (
    "Oldtown closes iron bridge",
    "The harbour council of Oldtown voted to close the iron bridge for two years after engineers found cracks.",
)
BRIDGE_TOO = (
    "Cracks force Oldtown to shut its iron bridge",
    "Engineers found cracks in the iron bridge, and the council of Oldtown voted to close it until repairs end.",
)
BRIDGE_LATER = (
    "Ferry to replace closed Oldtown bridge",
    "A ferry will cross the harbour while the iron bridge of Oldtown is closed, the council voted, for two years.",
)
ELECTION = (
    "Finch wins Graustark election",
    "Orla Finch won the presidential election in Graustark with a narrow majority, the electoral commission said.",
)
CUP = (
    "Rovers lift the cup",
    "Rovers beat United by two goals in the final and lifted the cup for the first time since the stadium opened.",
)


def a_member(number: int, words: tuple[str, str], *, hours: float = 0, story: int | None = None) -> Member:
    return Member(
        article_id=ArticleId(number),
        story_id=None if story is None else StoryId(story),
        when=MORNING + timedelta(hours=hours),
        title=words[0],
        text=words[1],
    )


def joined(number: int, *, story: int | None = None, article: int | None = None) -> Assignment:
    return Assignment(
        ArticleId(number),
        story_id=None if story is None else StoryId(story),
        with_article=None if article is None else ArticleId(article),
    )


def test_two_articles_of_one_event_make_one_story():
    new = (a_member(1, BRIDGE), a_member(2, BRIDGE_TOO, hours=1))
    assert Clusterer().assign(new, ()) == (joined(1, article=1), joined(2, article=1))


def test_two_events_make_two_stories():
    new = (a_member(1, BRIDGE), a_member(2, ELECTION, hours=1))
    assert Clusterer().assign(new, ()) == (joined(1, article=1), joined(2, article=2))


def test_new_article_joins_a_known_story_and_another_founds_one():
    known = (a_member(1, BRIDGE, story=7), a_member(2, CUP, story=8))
    new = (a_member(3, ELECTION), a_member(4, BRIDGE_TOO, hours=2))
    assert Clusterer().assign(new, known) == (joined(3, article=3), joined(4, story=7))


def test_assignments_come_in_the_order_of_the_new_members():
    new = (a_member(3, BRIDGE_LATER, hours=5), a_member(1, BRIDGE), a_member(2, CUP))
    assert Clusterer().assign(new, ()) == (joined(3, article=1), joined(1, article=1), joined(2, article=2))


@pytest.mark.parametrize(("days", "story"), [(2, 7), (3, 7), (4, None)])
def test_articles_far_apart_in_time_do_not_join(days, story):
    known = (a_member(1, BRIDGE, story=7),)
    (assignment,) = Clusterer().assign((a_member(2, BRIDGE, hours=24 * days),), known)
    assert assignment.story_id == story


def test_order_of_arrival_in_one_batch_does_not_matter():
    members = [
        a_member(n, w, hours=n) for n, w in enumerate((BRIDGE, ELECTION, BRIDGE_TOO, CUP, BRIDGE_LATER), 1)
    ]
    forward = Clusterer().assign(members, ())
    backward = Clusterer().assign(members[::-1], ())
    assert set(forward) == set(backward)


def test_story_found_in_two_steps_is_the_one_found_in_one():
    members = [a_member(n, w, hours=n) for n, w in enumerate((BRIDGE, ELECTION, BRIDGE_TOO, BRIDGE_LATER), 1)]
    at_once = {a.article_id: a.with_article for a in Clusterer().assign(members, ())}
    first = Clusterer().assign(members[:2], ())
    known = [
        replace(m, story_id=StoryId(int(a.with_article or 0))) for m, a in zip(members, first, strict=False)
    ]
    second = Clusterer().assign(members[2:], known)
    assert [a.story_id or a.with_article for a in second] == [at_once[m.article_id] for m in members[2:]]


def test_other_spelling_of_a_name_still_joins():
    one = ("Zelenskyy visits", "Volodymyr Zelenskyy arrived in Quellport to speak with harbour workers.")
    other = (
        "Zelensky arrives",
        "Quellport: Volodymyr Zelensky came to the harbour, and spoke with its workers.",
    )
    new = (a_member(1, one), a_member(2, other))
    assert Clusterer().assign(new, ())[1] == joined(2, article=1)


@pytest.mark.parametrize("text", ["", "   ", "the and of", "😀", "“" * 5_000])
def test_article_without_words_is_a_story_of_its_own(text):
    new = (a_member(1, BRIDGE), a_member(2, ("", text)), a_member(3, ("", text)))
    assert Clusterer().assign(new, ()) == (joined(1, article=1), joined(2, article=2), joined(3, article=3))


def test_nothing_new_is_nothing_to_do():
    assert Clusterer().assign((), (a_member(1, BRIDGE, story=7),)) == ()
