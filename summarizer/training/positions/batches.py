"""Batches: passages side by side, each with the targets that are asked for behind it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from summarizer.models.positions import AGAINST, FOR, LABELS, MOST_TARGETS, TARGET_PIECES, word_pieces
from summarizer.models.words import SEPARATOR, START
from summarizer.training.positions.passages import IGNORED, Example, Wordings

_HIDDEN = 103
"""The piece that stands for one that is hidden."""
_SHARE_HIDDEN = 0.06
_ASKED = (1, 2, 3, 4, 4, 5, 5, 6, MOST_TARGETS)
"""How many targets are asked for together, one of these."""
_NEAREST = 7
_WEIGHTS = (3.0, 2.5, 2.0, 1.5, 1.0, 1.0, 1.0, 0.5, 0.5)
"""How likely one of the nearest others is asked for, by its rank, and one of two that are farther."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Passages that begin at the second piece and are padded to `length`, and after them their targets."""

    pieces: Tensor
    kinds: Tensor
    """1 for pieces of passages, 0 for others."""
    mask: Tensor
    slots: Tensor
    """(passages, targets): where each target begins; 0 where there is none."""
    labels: Tensor
    """(passages, targets, pieces of passages), `IGNORED` where nothing is to be learnt."""
    sure: Tensor
    """(passages, targets): whether every position on the target is known, so that one that is not there is not taken."""
    length: int


def asked(example: Example, chance: random.Random) -> list[tuple[Wordings, list[int]]]:
    """Targets with the labels of the pieces: those on which positions are taken, and some of the others, in no order."""
    told = list(example.told)
    chance.shuffle(told)
    size = chance.choice(_ASKED)
    picked = told[:size]
    far = example.others[_NEAREST:]
    others = example.others[:_NEAREST] + chance.sample(far, min(2, len(far)))
    weights = list(_WEIGHTS[: len(others)])
    while len(picked) < size and others:
        at = chance.choices(range(len(others)), weights)[0]
        picked.append(others.pop(at))
        weights.pop(at)
    chance.shuffle(picked)
    nobody = [0] * len(example.pieces)
    return [(example.targets[at], example.labels.get(at) or nobody) for at in picked]


def told_pieces(target: Wordings, chance: random.Random) -> list[int]:
    """The target's pieces, with some of its wordings where they find room."""
    pieces = list(target.head)
    for head, wordings, most in (
        (FOR, target.supporting, (0, 0, 1, 2)),
        (AGAINST, target.opposing, (0, 0, 1)),
    ):
        for wording in chance.sample(wordings, min(len(wordings), chance.choice(most))):
            more = [*word_pieces(head), *wording, *word_pieces(".")]
            if len(pieces) + len(more) <= TARGET_PIECES:
                pieces += more
    return pieces[:TARGET_PIECES]


def batch(examples: Sequence[Example], chance: random.Random) -> Batch:
    """The examples side by side, some pieces of their passages hidden."""
    length = max(len(example.pieces) for example in examples)
    rows: list[list[int]] = []
    slots = torch.zeros(len(examples), MOST_TARGETS, dtype=torch.long)
    labels = torch.full((len(examples), MOST_TARGETS, length), IGNORED)
    sure = torch.zeros(len(examples), MOST_TARGETS, dtype=torch.bool)
    for index, example in enumerate(examples):
        row = [START, *example.pieces, *[0] * (length - len(example.pieces))]
        for slot, (target, own) in enumerate(asked(example, chance)):
            slots[index, slot] = len(row)
            row += [SEPARATOR, *told_pieces(target, chance)]
            labels[index, slot, : len(own)] = torch.tensor(own)
            sure[index, slot] = IGNORED not in own
        rows.append([*row, SEPARATOR])
    width = max(map(len, rows))
    pieces = torch.tensor([[*row, *[0] * (width - len(row))] for row in rows])
    kinds = torch.zeros_like(pieces)
    kinds[:, 1 : length + 1] = 1
    hide = (torch.rand(pieces.shape) < _SHARE_HIDDEN) & (kinds == 1) & (pieces != 0)
    return Batch(torch.where(hide, _HIDDEN, pieces), kinds, (pieces != 0).long(), slots, labels, sure, length)


def in_batches(examples: Sequence[Example], size: int, chance: random.Random) -> list[list[Example]]:
    """All examples in batches of about one length, in no order."""
    shuffled = chance.sample(examples, len(examples))
    groups = []
    for start in range(0, len(shuffled), 20 * size):
        some = sorted(shuffled[start : start + 20 * size], key=lambda example: len(example.pieces))
        groups += [some[at : at + size] for at in range(0, len(some), size)]
    chance.shuffle(groups)
    return groups


def present_in(labels: Tensor) -> Tensor:
    """Which positions anybody takes: (passages, targets, positions) of 0 and 1."""
    return torch.stack([(labels == at).any(-1) for at in range(1, len(LABELS))], -1).float()
