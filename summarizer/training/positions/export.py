"""Writes trained weights as an ONNX model in 8-bit integers: `python -m summarizer.training.positions.export RUN OUT --encoder DIR`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch

from summarizer.models.words import SEPARATOR, START
from summarizer.training.export import shrink, shrink_in_blocks
from summarizer.training.positions.encoder import MPNET
from summarizer.training.positions.model import Exported, Reader, build


def export(model: Reader, path: Path) -> None:
    """Writes the model in 32-bit floats."""
    pieces = torch.tensor([[START, 2054, SEPARATOR, 2054, SEPARATOR]])
    torch.onnx.export(
        Exported(model).eval(),
        (pieces, torch.tensor([[0, 1, 0, 0, 0]]), torch.tensor([2])),
        str(path),
        input_names=("pieces", "kinds", "slots"),
        output_names=("odds", "present"),
        dynamic_axes={
            "pieces": {1: "pieces"},
            "kinds": {1: "pieces"},
            "slots": {0: "targets"},
            "odds": {0: "targets", 1: "pieces"},
            "present": {0: "targets"},
        },
        opset_version=17,
        dynamo=False,
    )


def main() -> int:
    """Writes the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--encoder", type=Path, required=True)
    options = parser.parse_args()
    options.out.parent.mkdir(parents=True, exist_ok=True)
    model = build(options.encoder, options.run)
    with shrink_in_blocks(options.out) if model.enc.kind == MPNET else shrink(options.out) as plain:
        export(model, plain)
    return 0


if __name__ == "__main__":
    sys.exit(main())
