"""Trains the position reader: `python -m summarizer.training.positions.train --encoder DIR --out FILE`.

`--encoder` is a local folder with all-MiniLM-L6-v2, or with all-mpnet-base-v2 for a teacher. Of each passage and some of the
targets beside it the words are learnt that name who takes a position on which, and which position. With `--polnear` also the
passages of it that we labelled are learnt, and with `--teacher` what that one says of its other passages.
"""

from __future__ import annotations

import argparse
import json
import pickle
import random
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

from summarizer.models.positions import MOST_TARGETS
from summarizer.training.positions.batches import Batch, batch, in_batches, joined
from summarizer.training.positions.model import Reader, build, loss_of
from summarizer.training.positions.passages import (
    LABELLED,
    PASSAGES,
    Example,
    Likeness,
    own_examples,
    real_examples,
)
from summarizer.training.positions.teacher import answered
from summarizer.training.positions.unlabelled import Answered, Pool, Unlabelled

_FIXED = ("enc.words", "enc.places", "enc.kinds", "enc.norm")
"""Embeddings, which do not learn."""
_WARMING = 0.06
"""The share of all steps in which the rates rise, before they fall in a line."""
_REAL = 2
"""How often a labelled passage of real news is learnt beside one of our own: there are fewer."""


def parameter_groups(model: Reader, rate: float, heads: float) -> list[dict[str, Any]]:
    """Lower layers learn slower, 0.9 of the rate a layer."""
    groups = []
    layers = len(model.enc.layers)
    for name, parameter in model.named_parameters():
        if name.startswith(_FIXED):
            parameter.requires_grad_(False)
            continue
        layer = re.match(r"enc\.layers\.(\d+)\.", name)
        below = layers - 1 - int(layer[1]) if layer else layers
        own = rate * 0.9**below if name.startswith("enc.") else heads
        groups.append({"params": [parameter], "lr": own})
    return groups


def train(model: Reader, examples: Sequence[Example | Answered], options: argparse.Namespace) -> None:
    """Trains, and writes the weights after each epoch."""
    chance = random.Random(options.seed)
    steps = options.epochs * -(-len(examples) // options.batch)
    optimizer = torch.optim.AdamW(parameter_groups(model, options.rate, options.heads), weight_decay=0.01)
    rates = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: min(
            (step + 1) / (_WARMING * steps), max(0.0, (steps - step) / ((1 - _WARMING) * steps))
        ),
    )
    begun = time.monotonic()
    for epoch in range(1, options.epochs + 1):
        model.train()
        total = torch.zeros((), device=model.device)
        groups = in_batches(joined(examples, chance), options.batch, chance)
        for some in DataLoader(
            Drawn(groups, options.most, chance.random()), batch_size=None, num_workers=options.workers
        ):
            loss = loss_of(model, some.to(model.device))
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_([p for p in model.parameters() if p.requires_grad], 1.0)
            optimizer.step()
            rates.step()
            total += loss.detach()
        seconds = round(time.monotonic() - begun)
        told = {"epoch": epoch, "loss": float(total) / len(groups), "seconds": seconds}
        print(json.dumps(told), flush=True)
        torch.save(model.state_dict(), options.out)


class Drawn(Dataset[Batch]):
    """Batches, each drawn when it is its turn; several processes may draw them."""

    def __init__(self, groups: Sequence[Sequence[Example | Answered]], most: int, seed: float) -> None:
        self._groups, self._most, self._seed = groups, most, seed

    def __len__(self) -> int:
        return len(self._groups)

    def __getitem__(self, at: int) -> Batch:
        return batch(self._groups[at], random.Random(f"{self._seed} {at}"), most=self._most)


Prepared = tuple[list[Example], list[Unlabelled]]


def prepare(options: argparse.Namespace) -> Prepared:
    """All labelled passages, and what a teacher may be asked; kept in a file if one is named, for that takes long."""
    if options.prepared is not None and options.prepared.exists():
        kept: Prepared = pickle.loads(options.prepared.read_bytes())
        return kept
    likeness, chance = Likeness(), random.Random(options.seed)
    own, real = sorted(PASSAGES.glob("*/")), sorted(LABELLED.glob("*/"))
    examples = [one for folder in own for one in own_examples(folder, likeness)]
    pool: list[Unlabelled] = []
    if options.polnear is not None:
        for folder in real:
            examples += list(real_examples(folder, options.polnear, likeness, aside=False)) * _REAL
        targets = Pool([*own, *real], likeness)
        pool = list(targets.of_news(options.polnear, chance))
        pool += [one for folder in own for one in targets.of_own(folder, chance)]
    if options.prepared is not None:
        options.prepared.write_bytes(pickle.dumps((examples, pool)))
    return examples, pool


def main() -> int:
    """Trains as the options say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--warm", type=Path, help="weights of an earlier run to go on from")
    parser.add_argument("--polnear", type=Path, help="PolNeAR's train.jsonl.gz")
    parser.add_argument("--prepared", type=Path, help="keeps what is learnt, or has it from an earlier run")
    parser.add_argument("--teacher", type=Path, help="weights of a reader of one target at a time")
    parser.add_argument("--teacher-encoder", type=Path, help="the folder of its encoder")
    parser.add_argument("--most", type=int, default=MOST_TARGETS, help="targets at a time: 1 for a teacher")
    parser.add_argument("--epochs", type=int, default=26)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--rate", type=float, default=4e-4, help="of the encoder's last layer")
    parser.add_argument("--heads", type=float, default=8e-4, help="the rate of the heads")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--workers", type=int, default=0, help="processes that draw batches")
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    examples, pool = prepare(options)
    taught: list[Answered] = []
    if options.teacher is not None:
        teacher = build(options.teacher_encoder, options.teacher).to(options.device)
        taught = answered(teacher, pool, random.Random(options.seed))
    train(
        build(options.encoder, options.warm).to(options.device),
        [*examples, *taught],
        options,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
