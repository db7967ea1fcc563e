"""Which articles are alike, on signatures made by hand: terms and directions that are known."""

from __future__ import annotations

import random
import zlib
from datetime import timedelta

import numpy as np
import pytest

from news.articles import ArticleId
from news.stories import Signature
from summarizer.neighbours import NEAREST, SCALING, VECTOR_SHARE, WINDOW, Neighbours
from summarizer.signatures import SHINGLES
from tests.builders import MORNING

HOUR = timedelta(hours=1)


def made(words: str = "", direction: int | None = None, copy: int | None = None) -> Signature:
    """Of these terms, pointing this way (directions have nothing in common), with these runs of words."""
    hashes = sorted({zlib.crc32(word.encode()): words.split().count(word) for word in words.split()}.items())
    terms = np.array([h for h, _ in hashes], np.uint32).tobytes() + bytes(count for _, count in hashes)
    vector = np.zeros(384, np.int8)
    if direction is not None:
        signs = np.random.default_rng(direction).choice(np.array([-1, 1], np.int8), 384)
        vector = (127 * signs).astype(np.int8)
    shingles = b"" if copy is None else np.full(SHINGLES, copy, np.uint32).tobytes()
    return Signature(terms, vector.tobytes(), shingles)


def index(*signatures: Signature, hours: float = 0) -> Neighbours:
    """Articles 1, 2 …, so many hours apart."""
    filled = Neighbours()
    for number, signature in enumerate(signatures, start=1):
        filled.add(ArticleId(number), MORNING + number * hours * HOUR, signature)
    return filled


def ids(*numbers: int) -> list[ArticleId]:
    return [ArticleId(number) for number in numbers]


def unscaled(filled: Neighbours, one: int, other: int) -> float:
    """The likeness of two articles of an index of two, less the local scaling: of both the same."""
    likeness, _ = filled.likeness(ids(one, other))
    return float(likeness[0, 1])


def test_likeness_is_the_mixed_cosine_less_how_near_each_ones_nearest_are():
    filled = index(made("dam ansel", 1), made("dam ansel", 1))
    likeness, near = filled.likeness(ids(1, 2))
    density = (1.0 + 0.2 * (NEAREST - 1)) / NEAREST  # one other that is the same, and four that are assumed
    assert likeness == pytest.approx(np.full((2, 2), 1 - SCALING * density), abs=1e-5)
    assert near.all()


@pytest.mark.parametrize(
    ("one", "other", "cosine"),
    [
        (made("dam ansel"), made("dam ansel"), 1 - VECTOR_SHARE),
        (
            made("dam ansel"),
            made("dam bridge"),
            (1 - VECTOR_SHARE) / 2,
        ),  # of two articles, all terms weigh alike
        (made("dam"), made("bridge"), 0.0),
        (made("", 1), made("", 1), VECTOR_SHARE),
        (made("dam", 1), made("dam", 1), 1.0),
        (made(), made(), 0.0),
    ],
)
def test_likeness_mixes_terms_and_meaning(one, other, cosine):
    density = (max(cosine, 0.2) + 0.2 * (NEAREST - 1)) / NEAREST
    found = unscaled(index(one, other), 1, 2)
    # How rare a term is depends on how many have it: 1 or 2 of 62.
    assert found == pytest.approx(cosine - SCALING * density, abs=0.06)


def a_beat(seed: int = 7, count: int = 40) -> list[Signature]:
    """Articles of a few events in shared words."""
    chance = random.Random(seed)
    words = [f"w{n}" for n in range(60)]
    return [made(" ".join(chance.choices(words, k=12) + [f"event{n % 8}"] * 3), n % 8) for n in range(count)]


def test_likeness_is_symmetric():
    filled = index(*a_beat())
    likeness, near = filled.likeness(ids(*range(1, 41)))
    assert likeness == pytest.approx(likeness.T, abs=1e-6)
    assert (near == near.T).all()


def filled_in_order(order: list[int], signatures: list[Signature]) -> Neighbours:
    filled = Neighbours()
    for number in order:
        filled.add(ArticleId(number), MORNING + number * HOUR, signatures[number - 1])
    return filled


@pytest.mark.parametrize("seed", range(4))
def test_the_order_in_which_articles_come_makes_no_difference(seed):
    signatures, order = a_beat(), list(range(1, 41))
    expected, near = filled_in_order(order, signatures).likeness(ids(*range(1, 41)))
    random.Random(seed).shuffle(order)
    found, found_near = filled_in_order(order, signatures).likeness(ids(*range(1, 41)))
    assert found == pytest.approx(expected, abs=1e-5)
    assert (found_near == near).all()


def answers(filled: Neighbours, numbers: list[int]) -> tuple[object, ...]:
    likeness, near = filled.likeness(ids(*numbers))
    nearest = [filled.nearest(ArticleId(n), 5, 0.05) for n in numbers]
    return likeness.round(4).tolist(), near.tolist(), nearest


def test_what_was_taken_out_leaves_nothing_behind():
    signatures = a_beat()
    kept = [n for n in range(1, 41) if n % 3]
    filled = filled_in_order(list(range(1, 41)), signatures)
    for number in range(1, 41):
        if number not in kept:
            filled.drop(ArticleId(number))
    assert len(filled) == len(kept)
    assert ArticleId(3) not in filled
    assert answers(filled, kept) == answers(filled_in_order(kept, signatures), kept)


def test_numbering_the_rows_anew_keeps_the_answers():
    signatures = a_beat()
    filled = filled_in_order(list(range(1, 41)), signatures)
    expected = answers(filled, list(range(1, 41)))
    for number in range(2_000):
        filled.add(ArticleId(1_000), MORNING, made(f"gone{number % 50}"))
    filled.drop(ArticleId(1_000))
    assert len(filled) == 40
    assert filled._when.shape[0] < 2_000  # they were
    assert answers(filled, list(range(1, 41))) == expected
    assert filled.when(ArticleId(2)) == (MORNING + 2 * HOUR).timestamp()


def test_an_article_put_in_anew_takes_the_place_of_the_old_one():
    filled = index(made("dam ansel", 1), made("cup final", 2))
    filled.add(ArticleId(1), MORNING, made("cup final", 2))
    assert len(filled) == 2
    assert filled.nearest(ArticleId(2), 5, 0.3) == [1]
    filled.drop(ArticleId(99))
    assert len(filled) == 2


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (made("dam ansel", 1), made("dam ansel", 2), True),  # by terms alone
        (made("dam ansel", 1), made("sluice reservoir", 1), True),  # by meaning alone
        (made("dam ansel", 1), made("cup final", 2), False),
        (made("", 1), made("", 1), True),
        (made("dam"), made("dam"), True),
        (made(), made(), False),
    ],
)
def test_candidates_are_found_by_terms_and_by_meaning(one, other, found):
    assert index(one, other).nearest(ArticleId(2), 5, 0.05) == ([1] if found else [])


@pytest.mark.parametrize(("after", "found"), [(WINDOW, True), (WINDOW + timedelta(seconds=1), False)])
def test_nothing_is_found_beyond_three_days(after, found):
    filled = Neighbours()
    filled.add(ArticleId(1), MORNING, made("dam ansel", 1))
    filled.add(ArticleId(2), MORNING + after, made("dam ansel", 1))
    assert (filled.nearest(ArticleId(2), 5, 0.1) == [1]) is found
    assert filled.likeness(ids(1, 2))[1][0, 1] == found


def test_the_nearest_come_first_and_no_more_than_asked_for():
    filled = index(made("a b c d", 1), made("a b c x", 1), made("a b x y", 1), made("a b c d", 1))
    assert filled.nearest(ArticleId(4), 9, -1.0)[:3] == [1, 2, 3]
    assert filled.nearest(ArticleId(4), 1, -1.0) == [1]
    assert filled.nearest(ArticleId(4), 9, 2.0) == []


def test_a_new_article_lets_its_neighbours_know():
    """How near the nearest of the others are is the same, whether it was asked before or after they came."""
    signatures = a_beat(count=12)
    filled = Neighbours()
    for number, signature in enumerate(signatures, start=1):
        filled.add(ArticleId(number), MORNING, signature)
        filled.introduce(ArticleId(number))
        filled.likeness(ids(*range(1, number + 1)))
    fresh, _ = filled_in_order(list(range(1, 13)), signatures).likeness(ids(*range(1, 13)))
    grown, _ = filled.likeness(ids(*range(1, 13)))
    assert grown == pytest.approx(fresh, abs=0.02)  # rarity has changed a little since it was asked


def test_a_copy_is_the_one_most_like_it_the_oldest_of_equals():
    filled = index(
        made("a b", 1, copy=7), made("a b", 1, copy=7), made("a b", 1, copy=8), made("a b", 1, copy=7)
    )
    assert filled.copied(ArticleId(4)) == 1
    assert filled.copied(ArticleId(3)) is None
    filled.drop(ArticleId(1))
    assert filled.copied(ArticleId(4)) == 2


@pytest.mark.parametrize("copy", [None, 0])
def test_articles_without_runs_of_words_are_no_copies(copy):
    filled = index(made("a b", 1), made("a b", 1, copy=copy))
    assert filled.copied(ArticleId(1)) is None


def test_a_term_that_all_have_finds_nobody():
    """Five hundred articles with one word in common, each with a direction of its own."""
    filled = index(*(made(f"same own{n}", n) for n in range(500)))
    assert filled.nearest(ArticleId(500), 10, 0.05) == []


def test_what_is_being_looked_at_hinders_nobody_who_comes():
    """A failure that is told of, or whoever looks at the program, may hold what was being compared."""
    filled = index(made("rare a", 1), made("rare b", 2))
    held = filled._rare(1)
    filled.add(ArticleId(3), MORNING, made("rare c", 3))
    assert len(held) == 2
    assert len(filled) == 3


def test_what_another_encoder_made_is_compared_by_its_terms_alone():
    other = Signature(made("dam ansel").terms, vector=bytes(768), shingles=bytes(7))
    filled = index(made("dam ansel", 1, copy=5), other, made("dam ansel"))
    assert filled.copied(ArticleId(2)) is None
    assert unscaled(filled, 1, 2) == pytest.approx(unscaled(filled, 1, 3))
    assert filled.nearest(ArticleId(1), 2, 0) == ids(2, 3)
