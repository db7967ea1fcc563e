"""The recipe of the position reader: what it teaches, and that what it makes can be read with."""

from __future__ import annotations

import json
import random
from importlib.util import find_spec

import pytest

needs_torch = pytest.mark.skipif(find_spec("torch") is None, reason="needs the extra `models`")
needs_onnx = pytest.mark.skipif(find_spec("onnx") is None, reason="needs the extra `training`")

TARGETS = """
- {name: bridge toll, description: Charging drivers for the bridge., for: [charge drivers], against: [free crossing]}
- {name: night curfew, description: Keeping people at home at night.}
"""
CASES = [
    {
        "id": "1",
        "text": "The union rejected a toll on the bridge. Mayor Orla Finch wants it, and so may the council.",
        "stances": [
            {"actor": ["The union"], "target": "bridge toll", "position": "opposes"},
            {"actor": ["Mayor Orla Finch", "Finch"], "target": "bridge toll", "position": "supports"},
        ],
        "also": [{"actor": ["the council"], "target": "bridge toll", "position": "supports"}],
    },
    {"id": "2", "text": "It rained on the bridge.", "stances": [], "also": []},
]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "targets.yaml").write_text(TARGETS, encoding="utf-8")
    (tmp_path / "cases.jsonl").write_text("\n".join(map(json.dumps, CASES)), encoding="utf-8")
    return tmp_path


@pytest.fixture
def examples(folder):
    from summarizer.training.positions.passages import Likeness, own_examples

    return list(own_examples(folder, Likeness()))


def test_pieces_that_name_an_actor_are_labelled_and_doubtful_ones_teach_nothing(examples):
    from summarizer.models.words import tokenizer
    from summarizer.training.positions.passages import IGNORED

    first, second = examples
    text = [tokenizer().decode([piece]) for piece in first.pieces]
    by_label = {
        label: [word for word, own in zip(text, first.labels[0], strict=True) if own == label]
        for label in (1, 2, 3, IGNORED)
    }
    assert by_label == {
        1: ["mayor", "or", "##la", "finch"],
        2: ["the", "union"],
        3: [],
        IGNORED: ["the", "council"],
    }
    assert (first.told, first.others) == ([0], [1])
    assert (second.labels, second.told, second.others[0]) == ({}, [], 0)


@pytest.mark.models
@needs_torch
def test_a_batch_has_each_target_behind_its_passage(examples):
    from summarizer.models.words import SEPARATOR, START
    from summarizer.training.positions.batches import batch, present_in

    for seed in range(20):
        some = batch(examples, random.Random(seed))
        for row, example in enumerate(examples):
            assert some.pieces[row, 0] == START
            begins = [int(at) for at in some.slots[row] if at]
            assert begins
            assert all(some.pieces[row, at] == SEPARATOR and at > some.length for at in begins)
            assert int(some.kinds[row].sum()) == some.length >= len(example.pieces)
        for slot in range(some.slots.shape[1]):
            if bool((some.labels[0, slot] > 0).any()):
                assert present_in(some.labels)[0, slot].tolist() == [1, 1, 0]
                assert not bool(some.sure[0, slot])


@pytest.mark.models
@needs_torch
@needs_onnx
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_it_learns_and_what_it_learnt_is_read_with(folder, examples, tmp_path, monkeypatch):
    import torch
    from transformers import BertConfig, BertModel

    from summarizer.models import positions
    from summarizer.training.export import shrink
    from summarizer.training.positions.batches import batch
    from summarizer.training.positions.export import export
    from summarizer.training.positions.model import build, loss_of

    torch.manual_seed(1)
    config = BertConfig(hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32)
    BertModel(config, add_pooling_layer=False).save_pretrained(tmp_path / "encoder")
    model = build(tmp_path / "encoder")
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3)
    chance = random.Random(1)
    losses = []
    for _ in range(60):
        loss = loss_of(model, batch(examples, chance))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    assert sum(losses[-10:]) < 0.7 * sum(losses[:10])
    with shrink(tmp_path / "positions.onnx") as plain:
        export(model, plain)
    monkeypatch.setattr(positions, "MODEL", tmp_path / "positions.onnx")
    toll = positions.pieces_of("bridge toll", "Charging drivers for the bridge.", [], [])
    assert len(positions.read_positions([toll, toll], CASES[0]["text"])) == 2
