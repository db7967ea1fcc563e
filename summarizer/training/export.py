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
from onnx.external_data_helper import set_external_data, write_external_data_tensors
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
from torch import Tensor

from summarizer.training.batches import tensors
from summarizer.training.data import examples, read_corpus
from summarizer.training.model import Exported, Tagger, build

INPUTS = ("pieces", "case", "quoting", "mask", "words", "least")
_IN_INTEGERS = 4
"""ONNX Runtime's level of accuracy at which both factors are integers."""
_SMALL, _LARGEST_PART = 1_000, 48_000_000
"""Bytes of a tensor that stays in the graph, and of a file of others."""
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


@contextmanager
def shrink_in_blocks(out: Path) -> Iterator[Path]:
    """As `shrink`, for large encoders, some of whose pieces have values far above all others: weights have a scale for 128 of
    them, and what they are multiplied with another for each piece. Weights stand in files beside `out`, `out.stem.1.bin` and
    so on, none of which is large."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        yield plain
        model = load(plain)
    shrink_embeddings(model)
    quantizer = MatMulNBitsQuantizer(
        model,
        bits=8,
        block_size=128,
        is_symmetric=True,
        accuracy_level=_IN_INTEGERS,
        op_types_to_quantize=("MatMul",),
    )
    quantizer.process()
    for old in out.parent.glob(f"{out.stem}.*.bin"):
        old.unlink()
    save_in_parts(quantizer.model.model, out)


def save_in_parts(model: ModelProto, out: Path) -> None:
    """Writes the model's graph into `out` and its weights into files beside it."""
    part, size = 1, 0
    for tensor in model.graph.initializer:
        tensor.raw_data = numpy_helper.to_array(tensor).tobytes()
        for kind in ("float_data", "int32_data", "int64_data"):
            tensor.ClearField(kind)
        length = len(tensor.raw_data)
        if length < _SMALL:
            continue
        if size + length > _LARGEST_PART:
            part, size = part + 1, 0
        set_external_data(tensor, f"{out.stem}.{part}.bin")
        size += length
    write_external_data_tensors(model, str(out.parent))
    out.write_bytes(model.SerializeToString())


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
