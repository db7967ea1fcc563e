"""Writes trained weights as an int8 ONNX model: `python -m summarizer.training.export RUN OUT`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch
from onnx import ModelProto, TensorProto, helper, load, numpy_helper, save
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor

from summarizer.training.batches import tensors
from summarizer.training.data import examples, read_corpus
from summarizer.training.model import Exported, Tagger, build

INPUTS = ("pieces", "case", "quoting", "mask", "words", "least")
OUTPUTS = ("cues", "places", "links", "transitions")


def export(model: Tagger, inputs: tuple[Tensor, ...], path: Path) -> None:
    """Writes the model in 32-bit floats."""
    axes = {name: {0: "windows", 1: "pieces"} for name in ("pieces", "case", "quoting", "mask")}
    axes |= {name: {0: "windows", 1: "words"} for name in ("words", "cues")}
    axes |= {"places": {0: "found"}, "links": {0: "found", 1: "words"}}
    torch.onnx.export(
        Exported(model).eval(),
        inputs,
        str(path),
        input_names=INPUTS,
        output_names=OUTPUTS,
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )


def shrink_embeddings(model: ModelProto) -> None:
    """Keeps the word embeddings as 8-bit integers, each row with a scale of its own.

    One scale for the whole table, as the quantizer makes it, cost a point of the speakers' accuracy.
    """
    graph = model.graph
    table = max(graph.initializer, key=lambda t: int(np.prod(t.dims)))
    values = numpy_helper.to_array(table)
    scale = np.maximum(np.abs(values).max(axis=1, keepdims=True), 1e-8).astype(np.float32) / 127
    rows = np.clip(np.round(values / scale), -127, 127).astype(np.int8)
    at = next(i for i, node in enumerate(graph.node) if table.name in node.input)
    gather = graph.node[at]
    ids, result = gather.input[1], gather.output[0]
    graph.initializer.remove(table)
    graph.initializer.extend(
        [numpy_helper.from_array(rows, "embedding_rows"), numpy_helper.from_array(scale, "embedding_scales")]
    )
    made = [
        helper.make_node("Gather", ["embedding_rows", ids], ["embedded_rows"], "embedding/rows"),
        helper.make_node("Gather", ["embedding_scales", ids], ["embedded_scales"], "embedding/scales"),
        helper.make_node(
            "Cast", ["embedded_rows"], ["embedded_floats"], "embedding/cast", to=TensorProto.FLOAT
        ),
        helper.make_node("Mul", ["embedded_floats", "embedded_scales"], [result], "embedding/mul"),
    ]
    graph.node.remove(gather)
    for offset, node in enumerate(made):
        graph.node.insert(at + offset, node)


@contextmanager
def shrink(out: Path) -> Iterator[Path]:
    """Where to write a model in 32-bit floats; once that is done, `out` has it in 8-bit integers."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        yield plain
        model = load(plain)
        shrink_embeddings(model)
        save(model, plain)
        quantize_dynamic(
            plain,
            out,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,  # without it, sums overflow on processors that lack VNNI
            op_types_to_quantize=["MatMul"],
        )


def main() -> int:
    """Writes the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    model = build(options.encoder, attention="eager")
    model.load_state_dict(torch.load(options.run, weights_only=True))
    document = read_corpus(options.data / "dev.jsonl.gz")[0]
    inputs = (*tensors(list(examples(document))[:3]), torch.tensor(0.5))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    with shrink(options.out) as plain:
        export(model, inputs, plain)
    return 0


if __name__ == "__main__":
    sys.exit(main())
