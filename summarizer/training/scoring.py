"""What a tagger in training is worth: its figures on the development part, by the scorer that lies beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

import torch

from summarizer.models.decoding import Found, decode, settle
from summarizer.training.batches import tensors
from summarizer.training.data import Document, Example, examples
from summarizer.training.model import Exported, Tagger

THRESHOLDS = (0.4, 0.5, 0.6)
"""How likely a cue must be; the development part chooses one of these."""
_TOGETHER = 16
_Part = tuple[int, list[Found]]
"""The first word of a window, and what was found in it."""


def evaluate(
    model: Tagger, documents: Sequence[Document], scorer: ModuleType, gold: Mapping[str, Any]
) -> dict[str, dict[str, float]]:
    """The figures at each threshold, in per cent."""
    parts = predict(model, documents)
    return {str(least): figures(scorer.score(gold, as_rows(documents, parts, least))) for least in THRESHOLDS}


@torch.no_grad()
def predict(model: Tagger, documents: Sequence[Document]) -> list[list[_Part]]:
    """Every candidate in every window of each document."""
    tagger = Exported(model).eval()
    todo: list[tuple[int, int, Example]] = []
    for number, document in enumerate(documents):
        start = 0
        for example in examples(document):
            todo.append((number, start, example))
            start += len(example.window.words)
    todo.sort(key=lambda row: row[2].window.pieces)
    parts: list[list[_Part]] = [[] for _ in documents]
    for at in range(0, len(todo), _TOGETHER):
        group = todo[at : at + _TOGETHER]
        inputs = tensors([example for _, _, example in group])
        outputs = tagger(*inputs, torch.tensor(min(THRESHOLDS)))
        counts = [len(example.window.words) for _, _, example in group]
        found = decode(*(output.numpy() for output in outputs), counts=counts)
        for (number, start, _), held in zip(group, found, strict=True):
            parts[number].append((start, held))
    return parts


def as_rows(
    documents: Sequence[Document], parts: Sequence[Sequence[_Part]], least: float
) -> dict[str, dict[str, Any]]:
    """The attributions as the scoring script wants them, in characters."""
    rows = {}
    for document, windows in zip(documents, parts, strict=True):
        words = [word for paragraph in document.paragraphs for word in paragraph]
        attributions = []
        for start, held in windows:
            for one in settle([f for f in held if f.score >= least]):
                ranges = {"source": one.source, "cue": (one.cue,), "content": one.content}
                attributions.append(
                    {
                        role: [[words[start + s].start, words[start + e - 1].end] for s, e in spans]
                        for role, spans in ranges.items()
                    }
                )
        rows[document.id] = {"id": document.id, "attributions": attributions}
    return rows


def figures(result: Mapping[str, Any]) -> dict[str, float]:
    """The figures to steer by, of all that the scoring script gives."""
    hit, exact = result["pair"]["hit"], result["spans"]["exact"]
    chosen = {kind: hit[kind]["f1"] for kind in ("all", "direct", "mixed", "indirect")}
    chosen["exact"] = result["linked"]["exact"]["all"]["f1"]
    chosen.update({role: exact[role]["f1"] for role in ("source", "cue", "content")})
    chosen["speaker_accuracy"] = result["speaker"]["accuracy"].get("direct", {"accuracy": 0.0})["accuracy"]
    chosen["speaker_f1"] = result["speaker"]["f1"]["direct"]["f1"]
    return {name: round(100 * value, 1) for name, value in chosen.items()}
