"""Measures who is for or against whom on sentences of our own: `python -m tests.evaluation.valence`."""

from __future__ import annotations

import sys

from tests.evaluation.seesaw import by_vector_too, measure, show
from tests.evaluation.valence import PARTS, pairs


def main() -> int:
    """Prints a line of figures for each part, by words alone and with the sentence's vector."""
    for part in PARTS:
        print(show(f"{part}, words alone", measure(pairs(part))))
        print(show(f"{part}, with vector", measure(pairs(part), by_vector_too)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
