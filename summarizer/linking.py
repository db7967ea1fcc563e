"""Average link: which groups come together, of articles that are like one another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NEVER = -np.inf


def link(
    likeness: NDArray[np.float64],
    comparable: NDArray[np.bool_],
    sizes: Sequence[int],
    held: frozenset[int],
    threshold: float,
) -> list[list[int]]:
    """Groups of atoms, each in ascending order, ordered by their first atom.

    An atom is a run of `sizes` rows of the matrix. The two groups whose comparable pairs are most alike on average
    come together, as long as that is at least the threshold; two that hold an atom of `held` never do.
    """
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1])).astype(np.int64)
    sums = np.add.reduceat(np.add.reduceat(np.where(comparable, likeness, 0), starts, 0), starts, 1)
    pairs = np.add.reduceat(np.add.reduceat(comparable.astype(np.float64), starts, 0), starts, 1)
    fixed = np.array([at in held for at in range(len(sizes))])
    average = _average(sums, pairs)
    average[np.ix_(fixed, fixed)] = _NEVER
    np.fill_diagonal(average, _NEVER)
    groups: list[list[int]] = [[at] for at in range(len(sizes))]
    while len(sizes) > 1:
        one, other = sorted(divmod(int(average.argmax()), len(sizes)))
        if not average[one, other] >= threshold:
            break
        groups[one] += groups[other]
        groups[other] = []
        fixed[one] = fixed[one] or fixed[other]
        for matrix in (sums, pairs):
            matrix[one] += matrix[other]
            matrix[:, one] += matrix[:, other]
            matrix[other] = matrix[:, other] = 0
        row = _average(sums[one], pairs[one])
        row[one] = _NEVER
        if fixed[one]:
            row[fixed] = _NEVER
        average[one] = average[:, one] = row
        average[other] = average[:, other] = _NEVER
    return [sorted(group) for group in groups if group]


def _average(sums: NDArray[np.float64], pairs: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(pairs > 0, sums / np.maximum(pairs, 1), _NEVER)
