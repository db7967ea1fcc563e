"""Which articles are put into one story."""

from __future__ import annotations

import random
from datetime import timedelta
from functools import cache

import pytest

from news.articles import ArticleId
from news.stories import Assignment, Member, Signature, StoryId
from summarizer.neighbours import Neighbours
from summarizer.signatures import sign
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
LONG = (
    "Dam bursts above Dunmarrow",
    (
        "The Ansel dam burst shortly after dawn on Wednesday and sent a wall of water through the valley above Dunmarrow. "
        "Rescue crews in boats reached the market square by noon, where forty people had climbed onto the roof of the "
        "corn exchange. The water company said that it had warned the ministry twice about the eastern sluice."
    ),
)


@cache
def signed(words: tuple[str, str]) -> Signature:
    return sign(*words)


def a_member(number: int, words: tuple[str, str], *, hours: float = 0, **more) -> Member:
    return Member(ArticleId(number), MORNING + timedelta(hours=hours), signed(words), **more)


def known(number: int, words: tuple[str, str], story: int, **more) -> Member:
    return a_member(number, words, story_id=StoryId(story), **more)


def clusterer(*members: Member) -> Clusterer:
    made = Clusterer()
    made.learn(members)
    return made


def groups(assignments: tuple[Assignment, ...]) -> list[list[int]]:
    """The articles that join one another, where no story was known."""
    found: dict[object, list[int]] = {}
    for made in assignments:
        found.setdefault(made.story_id or made.with_article, []).append(made.article_id)
    return sorted(sorted(group) for group in found.values())


def test_two_articles_of_one_event_make_one_story():
    made = Clusterer().assign((a_member(1, BRIDGE), a_member(2, BRIDGE_TOO, hours=1)))
    assert set(made) == {Assignment(ArticleId(n), with_article=ArticleId(1)) for n in (1, 2)}


def test_two_events_make_two_stories():
    assert groups(Clusterer().assign((a_member(1, BRIDGE), a_member(2, ELECTION)))) == [[1], [2]]


def test_new_article_joins_a_known_story_and_another_founds_one():
    stories = clusterer(known(1, BRIDGE, 7), known(2, CUP, 8))
    made = stories.assign((a_member(3, ELECTION), a_member(4, BRIDGE_TOO, hours=2)))
    assert set(made) == {
        Assignment(ArticleId(3), with_article=ArticleId(3)),
        Assignment(ArticleId(4), story_id=StoryId(7)),
    }


@pytest.mark.parametrize(("days", "story"), [(2, 7), (3, 7), (4, None)])
def test_articles_far_apart_in_time_do_not_join(days, story):
    (made,) = clusterer(known(1, BRIDGE, 7)).assign((a_member(2, BRIDGE_TOO, hours=24 * days),))
    assert made.story_id == story


@pytest.mark.parametrize("seed", range(6))
def test_order_of_arrival_does_not_matter(seed):
    """One after the other and in any order, the outcome is that of all at once."""
    members = [
        a_member(n, w) for n, w in enumerate((BRIDGE, ELECTION, BRIDGE_TOO, CUP, BRIDGE_LATER, LONG), 1)
    ]
    at_once = groups(Clusterer().assign(members))
    random.Random(seed).shuffle(members)
    stories, found = Clusterer(), {}
    for member in members:
        found.update({made.article_id: made for made in stories.assign([member])})
    assert groups(tuple(found.values())) == at_once == [[1, 3, 5], [2], [4], [6]]


def test_what_was_not_told_may_still_come_together():
    """Two stories that a third article shows to be one."""
    stories = clusterer(known(1, BRIDGE, 7), known(2, BRIDGE_TOO, 8))
    made = stories.assign([a_member(3, BRIDGE_LATER)])
    assert set(made) == {
        Assignment(ArticleId(2), story_id=StoryId(7), moves=True),
        Assignment(ArticleId(3), story_id=StoryId(7)),
    }


def test_a_story_that_was_told_keeps_its_articles_and_joins_no_other_one():
    stories = clusterer(known(1, BRIDGE, 7, told=True), known(2, BRIDGE_TOO, 8, told=True))
    (made,) = stories.assign([a_member(3, BRIDGE_LATER)])
    assert made.article_id == 3
    assert made.story_id in (7, 8)


def test_articles_that_do_not_belong_together_part_unless_it_was_told():
    wrong = known(1, BRIDGE, 7), known(2, CUP, 7)
    assert Assignment(ArticleId(2), with_article=ArticleId(2), moves=True) in clusterer(*wrong).assign(
        [a_member(3, BRIDGE_TOO)]
    )
    told = known(1, BRIDGE, 7, told=True), known(2, CUP, 7, told=True)
    assert {made.article_id for made in clusterer(*told).assign([a_member(3, BRIDGE_TOO)])} == {3}


def test_what_the_index_let_go_of_stays_where_it_is():
    stories = clusterer(known(1, BRIDGE, 7), known(2, CUP, 7, hours=24))
    stories.forget(MORNING + timedelta(hours=1))
    assert {made.article_id for made in stories.assign([a_member(3, CUP, hours=25)])} == {3}


def test_a_copy_outlives_what_it_is_a_copy_of():
    stories = clusterer(
        known(1, LONG, 7), known(2, LONG, 7, copy_of=ArticleId(1), hours=24), known(3, CUP, 7, hours=24)
    )
    stories.forget(MORNING + timedelta(hours=1))
    assert {made.article_id for made in stories.assign([a_member(4, CUP, hours=25)])} == {4}


def test_other_spelling_of_a_name_still_joins():
    one = ("Zelenskyy visits", "Volodymyr Zelenskyy arrived in Quellport to speak with harbour workers.")
    other = (
        "Zelensky arrives",
        "Quellport: Volodymyr Zelensky came to the harbour, and spoke with its workers.",
    )
    assert groups(Clusterer().assign((a_member(1, one), a_member(2, other)))) == [[1, 2]]


@pytest.mark.parametrize(
    "copy",
    [
        LONG,
        ("Valley flooded as dam fails", LONG[1]),
        (LONG[0], LONG[1].replace("forty", "fifty")),
        (LONG[0], LONG[1] + " More soon."),
        (LONG[0], f"{LONG[0]}\n\n{LONG[1]}"),
    ],
)
def test_a_copy_and_an_edit_are_known_as_such(copy):
    stories = clusterer(known(1, LONG, 7))
    assert stories.assign([a_member(2, copy, hours=1)]) == (
        Assignment(ArticleId(2), story_id=StoryId(7), copy_of=ArticleId(1)),
    )


def test_an_article_of_its_own_words_is_no_copy():
    (made,) = clusterer(known(1, BRIDGE, 7)).assign([a_member(2, BRIDGE_TOO)])
    assert made.copy_of is None


def test_a_thousand_copies_are_one_article_with_its_copies():
    stories = Clusterer()
    made = stories.assign([a_member(n, LONG, hours=n / 100) for n in range(1, 1001)])
    assert groups(made) == [list(range(1, 1001))]
    assert [m.copy_of for m in made] == [None] + [ArticleId(1)] * 999
    # What they say is no commoner for it: a new event is still told from another.
    assert groups(stories.assign([a_member(2001, BRIDGE), a_member(2002, ELECTION)])) == [[2001], [2002]]


def test_copies_move_with_what_they_are_copies_of():
    stories = clusterer(
        known(1, BRIDGE, 7), known(2, LONG, 7), known(3, LONG, 7, copy_of=ArticleId(2)), known(4, CUP, 8)
    )
    made = {
        m.article_id: m
        for m in stories.assign([a_member(5, BRIDGE_TOO), a_member(6, (LONG[0], LONG[1][:150]))])
    }
    assert made[ArticleId(2)].moves
    assert (made[ArticleId(3)].with_article, made[ArticleId(3)].copy_of) == (
        made[ArticleId(2)].with_article,
        2,
    )


@pytest.mark.parametrize("text", ["", "   ", "the and of", "😀", "“" * 5_000])
def test_article_without_words_is_a_story_of_its_own(text):
    members = (a_member(1, BRIDGE), a_member(2, ("", text)), a_member(3, ELECTION))
    assert groups(Clusterer().assign(members)) == [[1], [2], [3]]


def test_nothing_new_is_nothing_to_do():
    assert clusterer(known(1, BRIDGE, 7)).assign(()) == ()


def test_learning_the_same_again_changes_nothing():
    stories = clusterer(known(1, BRIDGE, 7), known(2, CUP, 8))
    stories.learn([known(1, BRIDGE, 7), known(2, CUP, 8)])
    stories.learn([known(2, CUP, 8, told=True)])
    (made,) = stories.assign([a_member(3, BRIDGE_TOO)])
    assert made == Assignment(ArticleId(3), story_id=StoryId(7))


@pytest.mark.parametrize("articles", [150, 600])
def test_one_article_is_compared_with_few_however_many_are_like_it(monkeypatch, articles):
    """All tell of one event in words that nobody else has."""
    compared: list[int] = []
    compare = Neighbours._shared_terms

    def counted(self, row, rows):
        compared.append(len(rows))
        return compare(self, row, rows)

    crowd = [
        known(n, (f"{BRIDGE[0]} {n}", f"{BRIDGE[1]} Engineer {n} signed the report."), 7)
        for n in range(1, articles + 1)
    ]
    stories = clusterer(*crowd)
    monkeypatch.setattr(Neighbours, "_shared_terms", counted)
    for number in range(2):
        stories.assign([a_member(articles + 1 + number, BRIDGE_TOO)])
        assert max(compared) <= 70
        # Once for the new one, and for those whose surroundings nobody has asked for yet.
        assert len(compared) <= 64
        compared.clear()


@pytest.mark.parametrize("forgotten", [False, True])
def test_a_copy_stays_where_it_is_when_its_original_lies_too_far_back(forgotten):
    original = (known(1, LONG, 7),) if forgotten else ()
    copy = known(2, LONG, 7, copy_of=ArticleId(1), hours=70)
    stories = clusterer(*original, copy, known(3, BRIDGE, 7, hours=71))
    if forgotten:
        stories.forget(MORNING + timedelta(hours=1))
    made = stories.assign([a_member(4, BRIDGE_TOO, hours=80)])
    assert made == (Assignment(ArticleId(4), story_id=StoryId(7)),)


def test_an_edited_article_is_compared_by_its_new_words():
    stories = clusterer(known(1, ELECTION, 7), known(2, CUP, 8))
    stories.learn([known(1, BRIDGE, 7)])
    (made,) = stories.assign([a_member(3, BRIDGE_TOO)])
    assert made == Assignment(ArticleId(3), story_id=StoryId(7))


def test_what_another_process_moved_is_where_it_put_it():
    stories = clusterer(known(1, BRIDGE, 7), known(2, CUP, 8))
    stories.learn([known(1, BRIDGE, 9)])
    (made,) = stories.assign([a_member(3, BRIDGE_TOO)])
    assert made == Assignment(ArticleId(3), story_id=StoryId(9))


def test_what_was_not_kept_is_said_again():
    """The store refused it: the same articles come anew, and so does what has to move with them."""
    stories = clusterer(known(1, BRIDGE, 7), known(2, BRIDGE_TOO, 8))
    new = a_member(3, BRIDGE_LATER)
    assert stories.assign([new]) == stories.assign([new])
