"""Trains the position reader: `python -m summarizer.training.positions.train --encoder DIR --out FILE`.

`--encoder` is a local folder with all-MiniLM-L6-v2. Of each passage and some of the targets beside it the words are learnt
that name who takes a position on which, and which position.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn

from summarizer.training.positions.batches import batch, in_batches
from summarizer.training.positions.model import Reader, build, loss_of
from summarizer.training.positions.passages import (
    LABELLED,
    PASSAGES,
    Example,
    Likeness,
    own_examples,
    real_examples,
)

_WARMING = 0.06
"""The share of all steps in which the rates rise, before they fall in a line."""


def parameter_groups(model: Reader, rate: float, heads: float) -> list[dict[str, Any]]:
    """Lower layers learn slower, 0.9 of the rate a layer; word embeddings do not learn."""
    groups = []
    layers = len(model.enc.encoder.layer)
    for name, parameter in model.named_parameters():
        layer = re.match(r"enc\.encoder\.layer\.(\d+)\.", name)
        if name.startswith("enc.embeddings"):
            parameter.requires_grad_(False)
            continue
        own = rate * 0.9 ** (layers - 1 - int(layer[1])) if layer else heads
        groups.append({"params": [parameter], "lr": own})
    return groups


def train(
    model: Reader, own: Sequence[Example], real: Sequence[Example], options: argparse.Namespace
) -> None:
    """Trains, and writes the weights after each epoch: all real passages, and of our own ones all or a sample."""
    chance = random.Random(options.seed)
    share = min(options.own or len(own), len(own))
    steps = options.epochs * -(-(share + len(real)) // options.batch)
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
        total = 0.0
        groups = in_batches([*chance.sample(own, share), *real], options.batch, chance)
        for some in groups:
            loss = loss_of(model, batch(some, chance))
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_([p for p in model.parameters() if p.requires_grad], 1.0)
            optimizer.step()
            rates.step()
            total += float(loss.detach())
        seconds = round(time.monotonic() - begun)
        print(json.dumps({"epoch": epoch, "loss": total / len(groups), "seconds": seconds}), flush=True)
        torch.save(model.state_dict(), options.out)


def main() -> int:
    """Trains as the options say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--warm", type=Path, help="weights of an earlier run to go on from")
    parser.add_argument(
        "--polnear", type=Path, help="PolNeAR's train.jsonl.gz, for the passages that we labelled"
    )
    parser.add_argument("--own", type=int, help="so many of our own passages an epoch instead of all")
    parser.add_argument("--epochs", type=int, default=26)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--rate", type=float, default=4e-4, help="of the encoder's last layer")
    parser.add_argument("--heads", type=float, default=8e-4, help="the rate of the heads")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    likeness = Likeness()
    own = [one for folder in sorted(PASSAGES.glob("*/")) for one in own_examples(folder, likeness)]
    real = [
        one
        for folder in sorted(LABELLED.glob("*/"))
        if options.polnear
        for one in real_examples(folder, options.polnear, likeness, aside=False)
    ]
    train(build(options.encoder, options.warm), own, real, options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
