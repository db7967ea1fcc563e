"""Batches: passages side by side, each with the targets that are asked for behind it, and what is to be learnt of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import zip_longest

import torch
from torch import Tensor

from news.stances import Position
from summarizer.models.positions import (
    HEAD_PIECES,
    LABELS,
    MOST_TARGETS,
    PASSAGE_PIECES,
    TARGET_PIECES,
    wording_pieces,
)
from summarizer.models.words import SEPARATOR, START
from summarizer.training.positions.passages import IGNORED, Example, Wordings
from summarizer.training.positions.unlabelled import Answered

_HIDDEN = 103
"""The piece that stands for one that is hidden."""
_SHARE_HIDDEN = 0.06
_ASKED = (1, 2, 3, 4, 4, 4, 5, MOST_TARGETS)
"""How many targets are asked for together, one of these."""
_TOLD = 0.55
"""How often, where one target is asked for alone, it is one on which somebody takes a position, if there is one."""
_NEAREST, _FARTHER = 8, 2
_WEIGHTS = (3.0, 2.5, 2.0, 1.5, 1.0, 1.0, 1.0, 0.5, 0.5, 0.5)
"""How likely one of the nearest others is asked for, by its rank, and one of those that are farther."""
_LABEL_WEIGHTS = torch.tensor([0.15, 1.0, 1.0, 1.3])
"""What a piece with each label weighs: there are twenty times as many that name nobody."""
_THERE = torch.tensor([2.0, 2.0, 3.0])
"""What it weighs that a position is there, beside 1 that it is not."""
_SHARE_JOINED = 0.3
_SELDOM = 0.05
"""How likely a target is asked for on which a teacher found nothing, beside 1 for one on which it is sure."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Passages that begin at the second piece and are padded to `length`, and after them their targets."""

    pieces: Tensor
    kinds: Tensor
    """1 for pieces of passages, 0 for others."""
    mask: Tensor
    slots: Tensor
    """(passages, targets): where each target begins; 0 where there is none."""
    likely: Tensor
    """(passages, targets, pieces of passages, positions): how likely each names somebody with each position, 0 to 1."""
    weights: Tensor
    """(passages, targets, pieces of passages): 0 where nothing is to be learnt."""
    there: Tensor
    """(passages, targets, positions): how likely anybody takes the position."""
    there_weights: Tensor
    length: int

    def to(self, device: torch.device) -> Batch:
        """The same where a model computes."""
        return Batch(
            *(
                value.to(device) if isinstance(value, Tensor) else value
                for value in (getattr(self, f.name) for f in fields(self))
            )
        )


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is to be learnt of a passage and a target: rows of `Batch`, and the target's pieces."""

    target: list[int]
    likely: Tensor
    weights: Tensor
    there: Tensor
    there_weights: Tensor


def told_pieces(target: Wordings, chance: random.Random) -> list[int]:
    """The target's pieces, with some of its wordings where they find room."""
    drawn = [
        wording_pieces(is_for, wording)
        for is_for, wordings, most in (
            (True, target.supporting, (0, 1, 1, 2)),
            (False, target.opposing, (0, 1, 1)),
        )
        for wording in chance.sample(wordings, min(len(wordings), chance.choice(most)))
    ]
    pieces = target.head[: HEAD_PIECES if drawn else TARGET_PIECES]
    for more in drawn:
        if len(pieces) + len(more) <= TARGET_PIECES:
            pieces = pieces + more
    return pieces


def lessons(some: Example | Answered, chance: random.Random, most: int) -> list[Lesson]:
    """What one passage teaches this time, of at most so many targets."""
    if isinstance(some, Answered):
        return [_by_teacher(some, at, chance) for at in _asked_again(some, chance, most)]
    asked = _one(some, chance) if most == 1 else _several(some, chance, most)
    return [_by_us(some, at, chance) for at in asked]


def _one(example: Example, chance: random.Random) -> list[int]:
    if example.told and (chance.random() < _TOLD or not example.others):
        return [chance.choice(example.told)]
    near = example.others[:_NEAREST]
    return chance.choices(near, _WEIGHTS[: len(near)]) if near else []


def _several(example: Example, chance: random.Random, most: int) -> list[int]:
    """Those on which positions are taken and some of the others, mostly near ones, in no order."""
    size = min(chance.choice(_ASKED), most)
    picked = chance.sample(example.told, min(len(example.told), size))
    far = example.others[_NEAREST:]
    others = example.others[:_NEAREST] + chance.sample(far, min(_FARTHER, len(far)))
    weights = list(_WEIGHTS[: len(others)])
    while len(picked) < size and others:
        at = chance.choices(range(len(others)), weights)[0]
        picked.append(others.pop(at))
        weights.pop(at)
    chance.shuffle(picked)
    return picked


def _asked_again(some: Answered, chance: random.Random, most: int) -> list[int]:
    """Targets that a teacher was asked for, mostly those on which it found somebody."""
    left = list(range(len(some.targets)))
    weights = [_SELDOM + float(answer.max()) / 255 for answer in some.likely]
    picked: list[int] = []
    size = min(chance.choice(_ASKED), most)
    while left and len(picked) < size:
        at = chance.choices(range(len(left)), weights)[0]
        picked.append(left.pop(at))
        weights.pop(at)
    return picked


def _by_us(example: Example, at: int, chance: random.Random) -> Lesson:
    labels = torch.tensor(example.labels.get(at) or [0] * len(example.pieces))
    known = labels != IGNORED
    likely = torch.stack([labels == label for label in range(1, len(LABELS))], -1).float()
    there = likely.amax(0)
    return Lesson(
        told_pieces(example.targets[at], chance),
        likely,
        _LABEL_WEIGHTS[labels.clamp(min=0)] * known,
        there,
        torch.where(there > 0, _THERE, float(known.all())),  # one that is doubtful may be there or not
    )


def _by_teacher(some: Answered, at: int, chance: random.Random) -> Lesson:
    likely = torch.from_numpy(some.likely[at]).float() / 255
    there = torch.from_numpy(some.there[at]).float() / 255
    quiet = float(_LABEL_WEIGHTS[0])
    weights = quiet + (1 - quiet) * likely.sum(-1).clamp(max=1)
    return Lesson(told_pieces(some.targets[at], chance), likely, weights, there, 1 + there)


def batch(
    examples: Sequence[Example | Answered],
    chance: random.Random,
    *,
    most: int = MOST_TARGETS,
    hidden: float = _SHARE_HIDDEN,
) -> Batch:
    """The examples side by side with at most so many targets each, a share of the pieces of their passages hidden."""
    return assembled(
        [(example.pieces, lessons(example, chance, most)) for example in examples], hidden=hidden
    )


def assembled(taught: Sequence[tuple[Sequence[int], Sequence[Lesson]]], *, hidden: float = 0.0) -> Batch:
    """Passages with what is to be learnt of them, as one batch."""
    length = max(len(passage) for passage, _ in taught)
    shape = (len(taught), max(1, max(len(some) for _, some in taught)))
    slots = torch.zeros(shape, dtype=torch.long)
    likely, weights = torch.zeros(*shape, length, len(Position)), torch.zeros(*shape, length)
    there, there_weights = torch.zeros(*shape, len(Position)), torch.zeros(*shape, len(Position))
    rows: list[list[int]] = []
    for index, (passage, some) in enumerate(taught):
        row = [START, *passage, *[0] * (length - len(passage))]
        for slot, lesson in enumerate(some):
            slots[index, slot] = len(row)
            row += [SEPARATOR, *lesson.target]
            likely[index, slot, : len(passage)] = lesson.likely
            weights[index, slot, : len(passage)] = lesson.weights
            there[index, slot], there_weights[index, slot] = lesson.there, lesson.there_weights
        rows.append([*row, SEPARATOR])
    width = max(map(len, rows))
    pieces = torch.tensor([[*row, *[0] * (width - len(row))] for row in rows])
    kinds = torch.zeros_like(pieces)
    kinds[:, 1 : length + 1] = 1
    mask = (pieces != 0).long()
    hide = (torch.rand(pieces.shape) < hidden) & (kinds == 1) & (mask == 1)
    pieces = torch.where(hide, _HIDDEN, pieces)
    return Batch(pieces, kinds, mask, slots, likely, weights, there, there_weights, length)


def joined(
    examples: Sequence[Example | Answered], chance: random.Random, share: float = _SHARE_JOINED
) -> list[Example | Answered]:
    """The examples, a share of the short ones with another behind them as one passage on two subjects.

    Passages of our own are mostly on one. A reader of them alone takes whoever is for something in a passage to be for
    whatever else it names.
    """
    short = [one for one in examples if isinstance(one, Example) and 2 * len(one.pieces) <= PASSAGE_PIECES]
    found = list(examples)
    for at, one in enumerate(examples):
        if not isinstance(one, Example) or 2 * len(one.pieces) > PASSAGE_PIECES or chance.random() >= share:
            continue
        other = chance.choice(short)
        if one.targets is not other.targets:
            found[at] = _both(one, other)
    return found


def _both(one: Example, other: Example) -> Example:
    before, behind, first = len(one.pieces), len(other.pieces), len(one.targets)
    labels = {at: [*own, *[0] * behind] for at, own in one.labels.items()}
    labels |= {at + first: [*[0] * before, *own] for at, own in other.labels.items()}
    near = zip_longest(one.others, (at + first for at in other.others))
    return Example(
        [*one.pieces, *other.pieces],
        [*one.targets, *other.targets],
        labels,
        [*one.told, *(at + first for at in other.told)],
        [at for pair in near for at in pair if at is not None],
    )


def in_batches(
    examples: Sequence[Example | Answered], size: int, chance: random.Random
) -> list[list[Example | Answered]]:
    """All examples in batches of about one length, in no order."""
    shuffled = chance.sample(examples, len(examples))
    groups = []
    for start in range(0, len(shuffled), 20 * size):
        some = sorted(shuffled[start : start + 20 * size], key=lambda example: len(example.pieces))
        groups += [some[at : at + size] for at in range(0, len(some), size)]
    chance.shuffle(groups)
    return groups
