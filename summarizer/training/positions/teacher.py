"""What a teacher, a larger reader that is asked for one target at a time, says of passages that nobody labelled."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import torch

from summarizer.training.positions.batches import Lesson, assembled, told_pieces
from summarizer.training.positions.model import Reader
from summarizer.training.positions.passages import Wordings
from summarizer.training.positions.unlabelled import Answered, Unlabelled

_AT_ONCE = 256


@torch.no_grad()
def answered(teacher: Reader, pool: Sequence[Unlabelled], chance: random.Random) -> list[Answered]:
    """Its answers for each passage and each of its targets, in the order of the pool."""
    teacher.eval()
    asked = [(at, place) for at, some in enumerate(pool) for place in range(len(some.targets))]
    asked.sort(key=lambda one: len(pool[one[0]].pieces))
    answers: dict[tuple[int, int], tuple[np.ndarray, np.ndarray]] = {}
    for start in range(0, len(asked), _AT_ONCE):
        some = asked[start : start + _AT_ONCE]
        taught = [
            (pool[at].pieces, [_question(pool[at], pool[at].targets[place], chance)]) for at, place in some
        ]
        scores, there = teacher(assembled(taught).to(teacher.device))
        likely = _in_255ths(scores.softmax(-1)[:, 0, :, 1:])
        for row, one in enumerate(some):
            size = len(pool[one[0]].pieces)
            answers[one] = likely[row, :size], _in_255ths(there[row, 0].sigmoid())
    return [
        Answered(
            one.pieces,
            one.targets,
            np.stack([answers[at, place][0] for place in range(len(one.targets))]),
            np.stack([answers[at, place][1] for place in range(len(one.targets))]),
        )
        for at, one in enumerate(pool)
    ]


def _question(some: Unlabelled, target: Wordings, chance: random.Random) -> Lesson:
    none = torch.zeros(len(some.pieces), 3)
    return Lesson(told_pieces(target, chance), none, none[:, 0], none[0], none[0])


def _in_255ths(shares: torch.Tensor) -> np.ndarray:
    return (shares * 255).round().to(torch.uint8).cpu().numpy()
