"""Average link on matrices that are small enough to work out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from summarizer.linking import link

NOBODY: frozenset[int] = frozenset()


def matrix(count: int, **pairs: float) -> np.ndarray:
    """Likeness of `count` rows: `ab=0.5` for the first two; 1 with itself, 0 where nothing is said."""
    made = np.eye(count)
    for (one, other), how in pairs.items():
        made["abcdef".index(one), "abcdef".index(other)] = how
        made["abcdef".index(other), "abcdef".index(one)] = how
    return made


def linked(likeness, *, apart=(), sizes=None, held=NOBODY, threshold=0.5):
    """The groups, written with letters; pairs of `apart` are not comparable."""
    comparable = np.ones(likeness.shape, bool)
    for one, other in apart:
        at = "abcdef".index(one), "abcdef".index(other)
        comparable[at] = comparable[at[::-1]] = False
    groups = link(likeness, comparable, sizes or [1] * len(likeness), frozenset(held), threshold)
    return ["".join("abcdef"[at] for at in group) for group in groups]


@pytest.mark.parametrize(
    ("likeness", "groups"),
    [
        (matrix(1), ["a"]),
        (matrix(2, ab=0.5), ["ab"]),  # the threshold itself is enough
        (matrix(2, ab=0.499), ["a", "b"]),
        (matrix(3, ab=0.9, bc=0.9, ac=0.0), ["ab", "c"]),  # 0.45 on average; of equals the first goes first
        (matrix(3, ab=0.9, bc=0.9, ac=0.1), ["abc"]),
        (matrix(3, bc=0.9), ["a", "bc"]),
        (matrix(4, ab=0.8, cd=0.9, ac=0.5, ad=0.5, bc=0.5, bd=0.5), ["abcd"]),
        (matrix(4, ab=0.8, cd=0.9, ac=0.7, ad=0.3, bc=0.3, bd=0.4), ["ab", "cd"]),
    ],
)
def test_groups_come_together_by_the_average_of_their_pairs(likeness, groups):
    assert linked(likeness) == groups


def test_the_most_alike_come_together_first():
    """`b` is like both, more like `c`; together with `c` it is not like `a` any more."""
    assert linked(matrix(3, ab=0.6, bc=0.7)) == ["a", "bc"]


@pytest.mark.parametrize(
    ("held", "groups"),
    [
        ((), ["abc"]),
        ((0,), ["abc"]),
        ((0, 1), ["a", "bc"]),
        ((0, 2), ["ab", "c"]),
        ((0, 1, 2), ["a", "b", "c"]),
    ],
)
def test_two_that_are_held_never_come_together_not_even_by_a_third(held, groups):
    likeness = matrix(3, ab=0.8, bc=0.8, ac=0.8)
    if held == (0, 1):
        likeness = matrix(3, ab=0.8, bc=0.9, ac=0.8)
    assert linked(likeness, held=held) == groups


def test_what_lies_too_far_apart_in_time_counts_neither_for_nor_against():
    likeness = matrix(3, ab=0.8, bc=0.6, ac=-1.0)
    assert linked(likeness) == ["ab", "c"]
    assert linked(likeness, apart=["ac"]) == ["abc"]
    assert linked(matrix(2, ab=0.9), apart=["ab"]) == ["a", "b"]


def test_an_atom_is_never_parted_and_counts_by_all_of_its_rows():
    """The first two rows are one atom: with the third they are 0.5 alike on average, though not with each other."""
    assert linked(matrix(3, ab=-1.0, ac=0.9, bc=0.1), sizes=[2, 1]) == ["ab"]
    assert linked(matrix(3, ab=-1.0, ac=0.9, bc=0.0), sizes=[2, 1]) == ["a", "b"]


@pytest.mark.parametrize("seed", range(5))
def test_the_outcome_is_that_of_averaging_everything_anew(seed):
    """Against the plain way: after each step all averages are taken from the pairs themselves."""
    random = np.random.default_rng(seed)
    likeness = random.random((9, 9))
    likeness = (likeness + likeness.T) / 2
    comparable = np.triu(random.random((9, 9)) < 0.8)
    comparable = comparable | comparable.T
    held = frozenset({1, 4, 6})
    assert link(likeness, comparable, [1] * 9, held, 0.5) == plainly(likeness, comparable, held)


def plainly(likeness, comparable, held):
    groups = [[at] for at in range(len(likeness))]
    while True:
        best, pair = 0.5, None
        for i, one in enumerate(groups):
            for other in groups[i + 1 :]:
                pairs = [(a, b) for a in one for b in other if comparable[a, b]]
                if not pairs or (held.intersection(one) and held.intersection(other)):
                    continue
                average = sum(likeness[p] for p in pairs) / len(pairs)
                if average > best:
                    best, pair = average, (one, other)
        if pair is None:
            return sorted(sorted(group) for group in groups)
        groups = [g for g in groups if g not in pair] + [pair[0] + pair[1]]
