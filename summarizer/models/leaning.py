"""Which way a sentence about two actors leans, for or against, by its vector."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.models.encoder import embed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SOURCE, TARGET = "Adam", "Brown"
"""What the two actors are called in the sentences that the direction was made of."""
DIRECTION = Path(__file__).with_name("encoder") / "leaning.npy"
"""A weight for each number of a vector, and one to add; made by `summarizer/training/valence.py`."""


def leaning(sentence: str) -> float:
    """How far a sentence leans to the first of two actors being for the second, about -3 to 3; they bear those names."""
    direction = _direction()
    return float(embed(sentence) @ direction[:-1] + direction[-1])


@cache
def _direction() -> NDArray[np.float32]:
    import numpy as np

    found: NDArray[np.float32] = np.load(DIRECTION, allow_pickle=False)
    return found
