"""The position reader's network."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from news.stances import Position
from summarizer.models.positions import LABELS
from summarizer.training.positions.batches import Batch
from summarizer.training.positions.encoder import Encoder, load_encoder


class Reader(nn.Module):
    """An encoder; of each piece and each target a label, and of each target which positions there are."""

    def __init__(self, encoder: Encoder, *, dropout: float = 0.1) -> None:
        super().__init__()
        size = encoder.size
        self.enc = encoder
        self.drop = nn.Dropout(0.15)
        self.aux = nn.Sequential(nn.Dropout(dropout), nn.Linear(size, len(Position)))
        self.tok = nn.Linear(size, size)
        self.slot = nn.Linear(size, size)
        self.prod = nn.Linear(size, size, bias=False)
        self.out = nn.Sequential(nn.GELU(), nn.Dropout(dropout), nn.Linear(size, len(LABELS)))

    @property
    def device(self) -> torch.device:
        """Where it computes."""
        return self.out[-1].weight.device

    def scores(self, passage: Tensor, targets: Tensor) -> Tensor:
        """(…, targets, pieces, labels) of vectors of pieces (…, pieces, size) and of targets (…, targets, size)."""
        each = passage.unsqueeze(-3)
        by = targets.unsqueeze(-2)
        return self.out(
            self.tok(passage).unsqueeze(-3) + self.slot(targets).unsqueeze(-2) + self.prod(each * by)
        )

    def forward(self, some: Batch) -> tuple[Tensor, Tensor]:
        """Scores of labels (passages, targets, pieces, labels) and of positions (passages, targets, positions)."""
        hidden = self.enc(some.pieces, some.kinds, some.mask)
        targets = hidden.gather(1, some.slots.unsqueeze(-1).expand(-1, -1, hidden.shape[-1]))
        with torch.autocast(hidden.device.type, torch.bfloat16, enabled=hidden.is_cuda):
            scores = self.scores(self.drop(hidden[:, 1 : some.length + 1]), targets)
            return scores.float(), self.aux(targets).float()


class Exported(nn.Module):
    """What is exported: one passage at a time, likelihoods instead of scores."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, pieces: Tensor, kinds: Tensor, slots: Tensor) -> tuple[Tensor, Tensor]:
        """(targets, pieces, labels) and (targets, positions); pieces that are no passage's count for nothing."""
        hidden = self.reader.enc(pieces, kinds, torch.ones_like(pieces))[0]
        targets = hidden[slots]
        return self.reader.scores(hidden, targets).softmax(-1), self.reader.aux(targets).sigmoid()


def build(encoder: Path, weights: Path | None = None) -> Reader:
    """The network on an encoder in a local folder, with the weights of an earlier run where there are any."""
    model = Reader(load_encoder(encoder))
    if weights is not None:
        model.load_state_dict(torch.load(weights, weights_only=True))
    return model


def loss_of(model: Reader, some: Batch) -> Tensor:
    """Cross-entropy of the labels, and half that of which positions there are, where something is to be learnt."""
    scores, there = model(some)
    likely = torch.cat([(1 - some.likely.sum(-1, keepdim=True)).clamp(min=0), some.likely], -1)
    each = -(likely * scores.log_softmax(-1)).sum(-1)
    labels = (each * some.weights).sum() / some.weights.sum().clamp(min=1e-6)
    positions = nn.functional.binary_cross_entropy_with_logits(there, some.there, reduction="none")
    return labels + 0.5 * (positions * some.there_weights).sum() / some.there_weights.sum().clamp(min=1e-6)
