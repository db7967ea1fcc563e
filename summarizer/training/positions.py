"""Trains the position reader: `python -m summarizer.training.positions --encoder DIR --out FILE`.

`--encoder` is a local folder with all-MiniLM-L6-v2. Of each passage in `passages/` and some of the targets beside it the
words are learnt that name who takes a position on the target, and which.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
import yaml
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import AutoModel

from news.spans import Span
from news.stances import Position
from summarizer.models.encoder import embed
from summarizer.models.positions import LABELS, PASSAGE_PIECES, TARGET_PIECES, pieces_in
from summarizer.models.words import SEPARATOR, START, tokenizer
from summarizer.sentences import find_paragraphs, find_sentences
from summarizer.stances.passages import grouped

PASSAGES = Path(__file__).with_name("passages")
_IGNORED = -100
"""The label of pieces that teach nothing."""
_HIDDEN = 103
"""The piece that stands for one that is hidden."""
_NEAR_ENOUGH = 0.27
"""How like a target (a cosine) part of a longer text must be to be where its positions are told."""
_LOUD = 0.15
"""What a piece that names nobody weighs beside one that does: there are twenty times as many."""


@dataclass(frozen=True, slots=True)
class Example:
    """A passage and a target, with who takes which position on it."""

    text: str
    target: dict[str, Any]
    named: tuple[tuple[int, int, int], ...] = ()
    """Characters that name an actor, and the label."""
    left_out: tuple[tuple[int, int], ...] = ()
    """Characters that name one whose position may be told or not."""


@dataclass(slots=True)
class Near:
    """How like sentences are to wordings; vectors are kept."""

    vectors: dict[str, NDArray[np.float32]] = field(default_factory=dict)

    def of(self, text: str, target: dict[str, Any]) -> float:
        """The likeness (a cosine) of the nearest sentence and wording."""
        sentences = [s.of(text) for s in sentences_of(text)]
        told = [f"{target['name']}. {target['description']}", *target["for"], *target["against"]]
        held, asked = (np.stack([self._vector(one) for one in some]) for some in (sentences, told))
        return float((held @ asked.T).max())

    def _vector(self, text: str) -> NDArray[np.float32]:
        if text not in self.vectors:
            self.vectors[text] = embed(text)
        return self.vectors[text]


class Reader(nn.Module):
    """An encoder with two heads: a label for each piece, and which positions there are at all (only in training)."""

    def __init__(self, encoder: nn.Module, *, dropout: float = 0.1) -> None:
        super().__init__()
        self.enc = encoder
        size = encoder.config.hidden_size
        self.drop = nn.Dropout(0.15)
        self.aux = nn.Sequential(nn.Dropout(dropout), nn.Linear(size, len(Position)))
        self.head = nn.Sequential(
            nn.Linear(2 * size, size), nn.GELU(), nn.Dropout(dropout), nn.Linear(size, len(LABELS))
        )

    def forward(self, pieces: Tensor, kinds: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Scores (passages, pieces, labels) and (passages, positions)."""
        hidden = self.enc(input_ids=pieces, token_type_ids=kinds, attention_mask=mask).last_hidden_state
        first = hidden[:, :1].expand(-1, hidden.shape[1], -1)
        return self.head(self.drop(torch.cat([hidden, first], -1))), self.aux(hidden[:, 0])


def sentences_of(text: str) -> list[Span]:
    """The sentences of a passage."""
    return [s for paragraph in find_paragraphs(text) for s in find_sentences(text, (paragraph,))]


def mentions(text: str, names: Sequence[str]) -> list[tuple[int, int]]:
    """Where an actor's names stand, the longest taken first."""
    found: list[tuple[int, int]] = []
    for name in sorted(set(names), key=len, reverse=True):
        flags = re.IGNORECASE if name.lower().startswith("the ") else 0
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, flags):
            if not any(start < match.end() and match.start() < end for start, end in found):
                found.append(match.span())
    return found


def parts_of(text: str) -> Iterator[str]:
    """The text, or where it is longer than what is read at once neighbouring sentences of it, the last one twice."""
    sentences = sentences_of(text)
    sizes = [pieces_in(sentence.of(text)) for sentence in sentences]
    if sum(sizes) <= PASSAGE_PIECES:
        yield text
        return
    for start, end in grouped(sizes, PASSAGE_PIECES - 20):
        yield text[sentences[start].start : sentences[end - 1].end]


def examples(folder: Path, near: Near, chance: random.Random) -> Iterator[Example]:
    """Each passage with its targets, with the nearest of the others, and now and then with any other."""
    rows = yaml.safe_load((folder / "targets.yaml").read_text(encoding="utf-8"))
    targets = {row["name"]: row for row in rows}
    for line in (folder / "cases.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        gold = {stance["target"] for stance in case["stances"]}
        parts = list(parts_of(case["text"]))
        for text in parts:
            like = {name: near.of(text, target) for name, target in targets.items()}
            picked = [name for name in gold if like[name] >= _NEAR_ENOUGH or len(parts) == 1]
            nearest = sorted(targets, key=lambda name: -like[name])[:5]
            picked += [name for name in nearest if name not in gold][: 1 if gold else 2]
            if len(parts) == 1 and chance.random() < 0.5:
                picked.append(chance.choice([name for name in targets if name not in gold]))
            for name in dict.fromkeys(picked):
                yield _example(case, text, targets[name])


def _example(case: dict[str, Any], text: str, target: dict[str, Any]) -> Example:
    about = {kind: [s for s in case[kind] if s["target"] == target["name"]] for kind in ("stances", "also")}
    return Example(
        text,
        target,
        tuple(
            (*place, LABELS.index(Position(stance["position"])))
            for stance in about["stances"]
            for place in mentions(text, stance["actor"])
        ),
        tuple(place for stance in about["also"] for place in mentions(text, stance["actor"])),
    )


def told(target: dict[str, Any], chance: random.Random) -> str:
    """The target in words, with some of its wordings."""
    supporting, opposing = list(target["for"]), list(target["against"])
    chance.shuffle(supporting)
    chance.shuffle(opposing)
    text = f"{target['name']}. {target['description']}"
    if supporting := supporting[: chance.randrange(4)]:
        text += f" For: {'; '.join(supporting)}."
    if opposing := opposing[: chance.randrange(3)]:
        text += f" Against: {'; '.join(opposing)}."
    return text


def encoded(example: Example, chance: random.Random) -> tuple[list[int], list[int], list[int]]:
    """Pieces, which of target and passage each belongs to, and labels."""
    head = tokenizer().encode(told(example.target, chance), add_special_tokens=False).ids[:TARGET_PIECES]
    encoding = tokenizer().encode(example.text, add_special_tokens=False)
    labels = []
    for start, end in encoding.offsets[:PASSAGE_PIECES]:
        named = [label for s, e, label in example.named if s <= start and end <= e]
        doubtful = any(s <= start and end <= e for s, e in example.left_out)
        labels.append(named[-1] if named else _IGNORED if doubtful else 0)
    pieces = [START, *head, SEPARATOR, *encoding.ids[:PASSAGE_PIECES], SEPARATOR]
    return (
        pieces,
        [0] * (len(head) + 2) + [1] * (len(labels) + 1),
        [*[_IGNORED] * (len(head) + 2), *labels, _IGNORED],
    )


def batch(some: Sequence[Example], chance: random.Random) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Pieces, kinds, mask and labels side by side, padded to the longest; some pieces of the passages are hidden."""
    rows = [encoded(example, chance) for example in some]
    length = max(len(pieces) for pieces, *_ in rows)

    def padded(number: int, filler: int) -> Tensor:
        return torch.tensor([row[number] + [filler] * (length - len(row[number])) for row in rows])

    pieces, kinds, labels = padded(0, 0), padded(1, 0), padded(2, _IGNORED)
    mask = (pieces != 0).long()
    hide = (torch.rand(pieces.shape) < 0.06) & (kinds == 1) & (pieces != SEPARATOR) & (pieces != 0)
    return torch.where(hide, _HIDDEN, pieces), kinds, mask, labels


def loss_of(model: Reader, some: Sequence[Example], chance: random.Random) -> Tensor:
    """Cross-entropy of the labels, and half that of which positions there are."""
    pieces, kinds, mask, labels = batch(some, chance)
    scores, present = model(pieces, kinds, mask)
    weights = torch.tensor([_LOUD, 1.0, 1.0, 1.3])
    there = torch.stack([(labels == at).any(1) for at in range(1, len(LABELS))], 1).float()
    return nn.functional.cross_entropy(
        scores.reshape(-1, len(LABELS)), labels.reshape(-1), weight=weights, ignore_index=_IGNORED
    ) + 0.5 * nn.functional.binary_cross_entropy_with_logits(
        present, there, pos_weight=torch.tensor([2.0, 2.0, 3.0])
    )


def parameter_groups(model: Reader, rate: float) -> list[dict[str, Any]]:
    """Lower layers learn slower, 0.9 of the rate a layer; word embeddings do not learn."""
    groups = []
    layers = len(model.enc.encoder.layer)
    for name, parameter in model.named_parameters():
        layer = re.match(r"enc\.encoder\.layer\.(\d+)\.", name)
        if name.startswith("enc.embeddings"):
            parameter.requires_grad_(False)
            continue
        own = (
            rate * 0.9 ** (layers - 1 - int(layer[1])) if layer else rate if name.startswith("enc.") else 8e-4
        )
        groups.append({"params": [parameter], "lr": own})
    return groups


def train(model: Reader, found: list[Example], options: argparse.Namespace) -> None:
    """Trains, and writes the weights after each epoch."""
    chance = random.Random(options.seed)
    steps = options.epochs * -(-len(found) // options.batch)
    optimizer = torch.optim.AdamW(parameter_groups(model, options.rate), weight_decay=0.01)
    rates = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (0.06 * steps), max(0.0, (steps - step) / (0.94 * steps)))
    )
    begun = time.monotonic()
    for epoch in range(1, options.epochs + 1):
        model.train()
        total = 0.0
        groups = in_batches(found, options.batch, chance)
        for some in groups:
            loss = loss_of(model, some, chance)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_([p for p in model.parameters() if p.requires_grad], 1.0)
            optimizer.step()
            rates.step()
            total += float(loss.detach())
        print(
            json.dumps(
                {"epoch": epoch, "loss": total / len(groups), "seconds": round(time.monotonic() - begun)}
            )
        )
        torch.save(model.state_dict(), options.out)


def in_batches(found: list[Example], size: int, chance: random.Random) -> list[list[Example]]:
    """All examples in batches of about one length, in no order."""
    chance.shuffle(found)
    groups = []
    for start in range(0, len(found), 20 * size):
        some = sorted(found[start : start + 20 * size], key=lambda example: len(example.text))
        groups += [some[at : at + size] for at in range(0, len(some), size)]
    chance.shuffle(groups)
    return groups


def main() -> int:
    """Trains as the options say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--warm", type=Path, help="weights of an earlier run to go on from")
    parser.add_argument(
        "--folders", nargs="*", default=[p.name for p in sorted(PASSAGES.iterdir()) if p.is_dir()]
    )
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=1.5e-4, help="of the encoder's last layer")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    chance, near = random.Random(options.seed), Near()
    found = [one for name in options.folders for one in examples(PASSAGES / name, near, chance)]
    model = Reader(AutoModel.from_pretrained(options.encoder, add_pooling_layer=False))
    if options.warm:
        model.load_state_dict(torch.load(options.warm, weights_only=True), strict=False)
    train(model, found, options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
