"""Windows in batches, as tensors, with the loss that the tagger is trained on."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor
from torch.nn import functional

from summarizer.models.decoding import FOLLOWS, STARTS
from summarizer.models.windows import to_batch
from summarizer.training.data import Example
from summarizer.training.model import Role, Tagger

_NO_LABEL = -100
_NEVER = -1e4
_ROLE_WEIGHT = 0.5
_CHAIN_WEIGHT = 0.5
"""Of the chains' loss beside each link's own: alone it learns more slowly."""
_MASK, _FIRST_WORD = 103, 999
"""The mask's piece, and the last piece that is no word of the vocabulary."""
_SPREAD = 8
"""Pieces by which lengths are blurred, so that batches differ between epochs."""


def in_batches(found: Sequence[Example], size: int, chance: random.Random) -> Iterator[list[Example]]:
    """Examples of like length together, the batches in random order."""
    order = sorted(range(len(found)), key=lambda i: found[i].window.pieces + chance.random() * _SPREAD)
    groups = [order[i : i + size] for i in range(0, len(order), size)]
    chance.shuffle(groups)
    for group in groups:
        yield [found[i] for i in group]


def tensors(group: Sequence[Example]) -> list[Tensor]:
    """The inputs of the tagger: pieces, case, quoting, mask, words."""
    batch = to_batch([example.window for example in group])
    arrays = (batch.pieces, batch.case, batch.quoting, batch.mask, batch.words)
    return [torch.from_numpy(array) for array in arrays]


def hide(pieces: Tensor, share: float) -> Tensor:
    """The pieces with that share of the words' replaced by the mask."""
    hidden = (torch.rand(pieces.shape) < share) & (pieces > _FIRST_WORD)
    return pieces.masked_fill(hidden, _MASK)


def loss_of(model: Tagger, group: Sequence[Example], inputs: Sequence[Tensor]) -> Tensor:
    """A word's share of the loss of cues, of links and their chains, and of the words' roles as a help."""
    cues, hidden = model(*inputs)
    count = inputs[4].shape[1]
    cue_gold, role_gold = (torch.full((len(group), count), _NO_LABEL) for _ in range(2))
    rows: list[int] = []
    anchors: list[int] = []
    link_gold: list[Tensor] = []
    for row, example in enumerate(group):
        words = len(example.cues)
        cue_gold[row, :words] = torch.tensor(example.cues)
        role_gold[row, :words] = torch.tensor(_roles(example))
        for anchor, labels in zip(example.anchors, example.links, strict=True):
            rows.append(row)
            anchors.append(anchor)
            link_gold.append(functional.pad(torch.tensor(labels), (0, count - words), value=_NO_LABEL))
    total = _entropy(cues, cue_gold) + _ROLE_WEIGHT * _entropy(model.role(hidden), role_gold)
    if rows:
        chains = model.links(hidden, torch.tensor(rows), torch.tensor(anchors))
        gold = torch.stack(link_gold)
        total = total + _entropy(chains, gold) + _CHAIN_WEIGHT * chain_loss(chains, gold, model.transitions)
    return total / (cue_gold >= 0).sum()


def chain_loss(scores: Tensor, gold: Tensor, transitions: Tensor) -> Tensor:
    """The negative log-likelihood of linear chains, summed.

    `scores` are (chains, words, labels), `gold` (chains, words) with `_NO_LABEL` after a chain's last word.
    """
    scores = scores.float()
    mask = gold >= 0
    allowed = transitions + torch.from_numpy(FOLLOWS).clamp(min=_NEVER)
    label = gold.clamp(min=0)
    reached = scores.gather(2, label.unsqueeze(-1)).squeeze(-1)
    moved = allowed[label[:, :-1], label[:, 1:]]
    right = (reached * mask).sum() + (moved * mask[:, 1:]).sum()
    ahead = scores[:, 0] + torch.from_numpy(STARTS).clamp(min=_NEVER)
    for at in range(1, scores.shape[1]):
        following = torch.logsumexp(ahead.unsqueeze(2) + allowed, dim=1) + scores[:, at]
        ahead = torch.where(mask[:, at : at + 1], following, ahead)
    return torch.logsumexp(ahead, dim=1).sum() - right


def _entropy(logits: Tensor, gold: Tensor) -> Tensor:
    return functional.cross_entropy(logits.flatten(0, 1), gold.flatten(), reduction="sum")


def _roles(example: Example) -> list[Role]:
    """What each word is to any cue."""
    roles = [Role.CUE if cue else Role.NOTHING for cue in example.cues]
    for labels in example.links:
        for at, label in enumerate(labels):
            if label:
                roles[at] = Role.SOURCE if label <= 2 else Role.CONTENT
    return roles
