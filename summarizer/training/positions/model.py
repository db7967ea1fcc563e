"""The position reader's network."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AutoModel

from news.stances import Position
from summarizer.models.positions import LABELS
from summarizer.training.positions.batches import Batch, present_in
from summarizer.training.positions.passages import IGNORED

_QUIET = 0.15
"""What a piece that names nobody weighs beside one that does: there are twenty times as many."""


class Reader(nn.Module):
    """An encoder; of each piece and each target a label, and of each target which positions there are."""

    def __init__(self, encoder: nn.Module, *, dropout: float = 0.1) -> None:
        super().__init__()
        size = encoder.config.hidden_size
        self.enc = encoder
        self.drop = nn.Dropout(0.15)
        self.aux = nn.Sequential(nn.Dropout(dropout), nn.Linear(size, len(Position)))
        self.tok = nn.Linear(size, size)
        self.slot = nn.Linear(size, size)
        self.prod = nn.Linear(size, size, bias=False)
        self.out = nn.Sequential(nn.GELU(), nn.Dropout(dropout), nn.Linear(size, len(LABELS)))

    def scores(self, passage: Tensor, targets: Tensor) -> Tensor:
        """(…, targets, pieces, labels) of vectors of pieces (…, pieces, size) and of targets (…, targets, size)."""
        each = passage.unsqueeze(-3)
        by = targets.unsqueeze(-2)
        return self.out(
            self.tok(passage).unsqueeze(-3) + self.slot(targets).unsqueeze(-2) + self.prod(each * by)
        )

    def forward(self, some: Batch) -> tuple[Tensor, Tensor]:
        """Scores of labels (passages, targets, pieces, labels) and of positions (passages, targets, positions)."""
        hidden = self.enc(
            input_ids=some.pieces, token_type_ids=some.kinds, attention_mask=some.mask
        ).last_hidden_state
        targets = hidden.gather(1, some.slots.unsqueeze(-1).expand(-1, -1, hidden.shape[-1]))
        return self.scores(self.drop(hidden[:, 1 : some.length + 1]), targets), self.aux(targets)


class Exported(nn.Module):
    """What is exported: one passage at a time, likelihoods instead of scores."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, pieces: Tensor, kinds: Tensor, slots: Tensor) -> tuple[Tensor, Tensor]:
        """(targets, pieces, labels) and (targets, positions); pieces that are no passage's count for nothing."""
        hidden = self.reader.enc(input_ids=pieces, token_type_ids=kinds).last_hidden_state[0]
        targets = hidden[slots]
        return self.reader.scores(hidden, targets).softmax(-1), self.reader.aux(targets).sigmoid()


def build(encoder: Path, weights: Path | None = None) -> Reader:
    """The network on an encoder in a local folder, with the weights of an earlier run where there are any."""
    model = Reader(AutoModel.from_pretrained(encoder, add_pooling_layer=False, attn_implementation="eager"))
    if weights is not None:
        model.load_state_dict(torch.load(weights, weights_only=True))
    return model


def loss_of(model: Reader, some: Batch) -> Tensor:
    """Cross-entropy of the labels, and half that of which positions there are, where that is known."""
    scores, present = model(some)
    labels = nn.functional.cross_entropy(
        scores.reshape(-1, len(LABELS)),
        some.labels.reshape(-1),
        weight=torch.tensor([_QUIET, 1.0, 1.0, 1.3]),
        ignore_index=IGNORED,
    )
    is_there = present_in(some.labels)
    each = nn.functional.binary_cross_entropy_with_logits(
        present, is_there, pos_weight=torch.tensor([2.0, 2.0, 3.0]), reduction="none"
    )
    sure = some.sure.unsqueeze(-1) | is_there.bool()
    return labels + 0.5 * (each * sure).sum() / sure.sum()
