"""Trains the tagger: `python -m summarizer.training.train --data DIR --encoder DIR --out DIR`.

`--data` holds `train.jsonl.gz`, which is trained on, and `dev.jsonl.gz`, which measures after each epoch and
never trains. `--encoder` is a local folder with a BERT-like encoder and its `tokenizer.json`.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch

from summarizer.models.words import VOCABULARY
from summarizer.training.batches import hide, in_batches, loss_of, tensors
from summarizer.training.data import Document, examples, read_corpus
from summarizer.training.model import Average, Tagger, build, parameter_groups
from summarizer.training.scorer import load_scorer
from summarizer.training.scoring import evaluate

_WARM_UP = 0.06
"""The share of the steps in which the rate rises."""
_LEAST_RATE = 0.02
After = Callable[[int, float], None]
"""Told an epoch's number and its mean loss."""


def rate_at(share: float) -> float:
    """The factor on the learning rates once that share of the steps is done."""
    if share < _WARM_UP:
        return share / _WARM_UP
    return max(_LEAST_RATE, (1 - share) / (1 - _WARM_UP))


def train(
    model: Tagger, average: Average, documents: Sequence[Document], options: argparse.Namespace, after: After
) -> None:
    """Trains on all documents `options.epochs` times; `after` is called after each."""
    chance = random.Random(options.order)
    optimizer = torch.optim.AdamW(
        parameter_groups(model, rate=options.rate, head_rate=options.head_rate, decay=options.decay),
        betas=(0.9, 0.98),
        eps=1e-6,
    )
    trained = [p for p in model.parameters() if p.requires_grad]
    windows = sum(1 for document in documents for _ in examples(document, chance=random.Random(1)))
    steps, step = options.epochs * math.ceil(windows / options.batch), 0
    for epoch in range(1, options.epochs + 1):
        model.train()
        total, number = 0.0, 0
        found = [example for document in documents for example in examples(document, chance=chance)]
        for group in in_batches(found, options.batch, chance):
            inputs = tensors(group)
            inputs[0] = hide(inputs[0], options.mask)
            for held in optimizer.param_groups:
                held["lr"] = held["base"] * rate_at(step / steps)
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=options.bf16):
                loss = loss_of(model, group, inputs)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            average.update(model)
            total, number, step = total + float(loss.detach()), number + 1, step + 1
        after(epoch, total / number)


def main() -> int:
    """Trains as the options say; writes a log and the weights of each epoch."""
    options = _options().parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if not VOCABULARY.exists():
        VOCABULARY.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(options.encoder / "tokenizer.json", VOCABULARY)
    torch.manual_seed(options.seed)
    model = build(options.encoder, dropout=options.dropout)
    torch.manual_seed(options.order)  # runs that differ in their order only can be averaged
    average = Average(model, options.average)
    documents = read_corpus(options.data / "train.jsonl.gz")[: options.limit]
    development = read_corpus(options.data / "dev.jsonl.gz")
    scorer = load_scorer(options.data)
    gold = scorer.read(str(options.data / "dev.jsonl.gz"))
    begun = time.monotonic()

    def after(epoch: int, loss: float) -> None:
        average.swap(model)
        dev = evaluate(model, development, scorer, gold)
        torch.save(model.state_dict(), options.out / f"epoch{epoch}.pt")
        average.swap(model)
        row = {"epoch": epoch, "loss": round(loss, 4), "seconds": round(time.monotonic() - begun), "dev": dev}
        print(json.dumps(row), flush=True)
        with (options.out / "log.jsonl").open("a", encoding="utf-8") as log:
            print(json.dumps(row), file=log)

    train(model, average, documents, options, after)
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("data", "encoder", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--batch", type=int, default=16, help="windows of a step")
    parser.add_argument("--rate", type=float, default=2e-4, help="of the encoder's last layer")
    parser.add_argument("--head-rate", type=float, default=1e-3)
    parser.add_argument("--decay", type=float, default=0.9, help="of the rate, a layer")
    parser.add_argument("--mask", type=float, default=0.05, help="share of pieces that are hidden")
    parser.add_argument("--dropout", type=float, default=0.2, help="before and in the heads")
    parser.add_argument("--average", type=float, default=0.999, help="decay of the moving average")
    parser.add_argument("--seed", type=int, default=13, help="of the heads' first weights")
    parser.add_argument("--order", type=int, default=13, help="seed of everything else")
    parser.add_argument("--limit", type=int, help="articles to train on, for a trial")
    parser.add_argument("--bf16", action="store_true", help="bfloat16, for processors that have it")
    return parser


if __name__ == "__main__":
    sys.exit(main())
