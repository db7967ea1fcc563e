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
    from summarizer.training.positions.batches import batch

    seen = set()
    for seed in range(20):
        some = batch(examples, random.Random(seed))
        for row, example in enumerate(examples):
            assert some.pieces[row, 0] == START
            begins = [int(at) for at in some.slots[row] if at]
            assert begins
            assert all(some.pieces[row, at] == SEPARATOR and at > some.length for at in begins)
            assert int(some.kinds[row].sum()) == some.length >= len(example.pieces)
        for slot in range(some.slots.shape[1]):
            if bool(
                some.likely[0, slot].any()
            ):  # the toll: one for it, one against it, one who may be for it
                assert some.there[0, slot].tolist() == [1, 1, 0]
                assert some.there_weights[0, slot].tolist() == [2, 2, 0]
                assert int((some.weights[0, slot, : len(examples[0].pieces)] == 0).sum()) == 2
                seen.add("told")
            elif some.slots[0, slot]:
                assert some.there_weights[0, slot].tolist() == [1, 1, 1]
                seen.add("not told")
    assert seen == {"told", "not told"}


@pytest.mark.models
@needs_torch
def test_two_passages_on_two_subjects_become_one_in_which_each_has_its_own_positions(folder, examples):
    from summarizer.training.positions.batches import joined
    from summarizer.training.positions.passages import Likeness, own_examples

    others = list(own_examples(folder, Likeness()))  # the same passages in another folder
    both = joined([*examples, *others], random.Random(3), share=1.0)
    mixed = [one for one in both if len(one.targets) == 4]
    assert mixed
    for one in mixed:
        parts = [part for part in examples if part.pieces == one.pieces[: len(part.pieces)]]
        assert len(parts) == 1
        before, size = len(parts[0].pieces), len(one.pieces)
        assert sorted([*one.told, *one.others]) == [0, 1, 2, 3]
        for at, labels in one.labels.items():
            own, rest = (labels[:before], labels[before:]) if at < 2 else (labels[before:], labels[:before])
            assert any(own)
            assert not any(rest)
            assert len(labels) == size


@pytest.mark.models
@needs_torch
def test_what_a_teacher_says_is_learnt_as_it_says_it(folder, examples, tmp_path):
    import torch

    from summarizer.training.positions.batches import batch
    from summarizer.training.positions.passages import Likeness
    from summarizer.training.positions.teacher import answered
    from summarizer.training.positions.unlabelled import Pool

    other = tmp_path / "other"
    other.mkdir()
    (other / "targets.yaml").write_text(
        "- {name: ferry, description: A ferry over the river.}", encoding="utf-8"
    )
    pool = Pool([folder, other], Likeness())
    unlabelled = [one for seed in range(3) for one in pool.of_own(folder, random.Random(seed))]
    assert {len(one.targets) for one in unlabelled} == {1}  # the ferry: those of the folder have labels

    class Teacher(torch.nn.Module):
        device = torch.device("cpu")

        def forward(self, some):
            scores = torch.zeros(*some.likely.shape[:3], 4)
            scores[..., 2] = 100 * (some.pieces[:, 1 : some.length + 1] == unlabelled[0].pieces[0]).unsqueeze(
                1
            )
            scores[..., 0] = 50
            return scores, torch.full((len(scores), 1, 3), 100.0)

    taught = answered(Teacher(), unlabelled, random.Random(1))
    some = batch(taught[:1], random.Random(1), hidden=0)
    first = [piece == unlabelled[0].pieces[0] for piece in unlabelled[0].pieces]
    assert some.likely[0, 0].tolist() == [[0, 1, 0] if its else [0, 0, 0] for its in first]
    assert some.weights[0, 0].tolist() == pytest.approx([1 if its else 0.15 for its in first])
    assert some.there[0, 0].tolist() == [1, 1, 1]


@pytest.mark.models
@needs_torch
@needs_onnx
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("kind", ["bert", "mpnet"])
def test_it_learns_and_what_it_learnt_is_read_with(kind, examples, tmp_path, monkeypatch):
    import torch
    from transformers import AutoModel, BertConfig, MPNetConfig

    from summarizer.models import positions
    from summarizer.training import export as exporting
    from summarizer.training.positions.batches import batch
    from summarizer.training.positions.export import main
    from summarizer.training.positions.model import build, loss_of

    torch.manual_seed(1)
    sizes = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    config = BertConfig(**sizes) if kind == "bert" else MPNetConfig(vocab_size=30527, **sizes)
    AutoModel.from_config(config, add_pooling_layer=False).save_pretrained(tmp_path / "encoder")
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
    torch.save(model.state_dict(), tmp_path / "run.pt")
    out = tmp_path / "shipped" / "reader.onnx"
    monkeypatch.setattr(exporting, "_LARGEST_PART", 500_000)
    monkeypatch.setattr(
        "sys.argv",
        ["export", str(tmp_path / "run.pt"), str(out), "--encoder", str(tmp_path / "encoder")],
    )
    assert main() == 0
    assert main() == 0  # what an earlier run wrote is in nobody's way
    parts = sorted(file.name for file in out.parent.glob("*.bin"))
    assert len(parts) == (0 if kind == "bert" else 3)
    for name in ("TOGETHER", "ALONE"):
        monkeypatch.setattr(positions, name, out)
    toll = positions.pieces_of("bridge toll", "Charging drivers for the bridge.", [], [])
    assert len(positions.read_positions([toll, toll], CASES[0]["text"])) == 2
    one = batch(examples[:1], random.Random(2), most=1, hidden=0.0)
    pieces = one.pieces[0].tolist()
    asked, passage = pieces[one.length + 2 : -1], pieces[1 : one.length + 1]
    with torch.no_grad():
        scores, there = model.eval()(one)
    odds, present = positions._odds(out, [asked], passage)
    assert abs(scores[0].softmax(-1).numpy() - odds).max() < 0.1
    assert abs(there[0].sigmoid().numpy() - present).max() < 0.1


@pytest.mark.models
@needs_torch
@pytest.mark.parametrize("kind", ["bert", "mpnet"])
def test_encoders_say_what_those_of_transformers_say(kind, tmp_path):
    import torch
    from transformers import AutoModel, BertConfig, MPNetConfig

    from summarizer.training.positions.encoder import load_encoder

    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64}
    config = BertConfig(**sizes) if kind == "bert" else MPNetConfig(vocab_size=30527, **sizes)
    torch.manual_seed(1)
    model = AutoModel.from_config(config, add_pooling_layer=False).eval()
    model.save_pretrained(tmp_path)
    pieces = torch.randint(1000, 20000, (2, 150))
    mask = torch.ones_like(pieces)
    pieces[1, 90:], mask[1, 90:] = 0, 0
    own = {"input_ids": pieces, "token_type_ids": torch.zeros_like(pieces)}
    its = {"input_ids": torch.where(mask == 1, pieces + 4, 1)}
    with torch.no_grad():
        wanted = model(**(own if kind == "bert" else its), attention_mask=mask).last_hidden_state
        found = load_encoder(tmp_path).eval()(pieces, torch.zeros_like(pieces), mask)
    assert float((wanted - found)[mask == 1].abs().max()) < 1e-4
