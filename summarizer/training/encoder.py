"""Writes a sentence encoder as an int8 ONNX model: `python -m summarizer.training.encoder FOLDER OUT`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AutoModel

from summarizer.training.export import shrink


class Pooled(nn.Module):
    """An encoder and the mean of its hidden states, at unit length."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, pieces: Tensor) -> Tensor:
        """Vectors (texts, size) of texts that need no padding (texts, pieces)."""
        hidden = self.encoder(input_ids=pieces).last_hidden_state
        return nn.functional.normalize(hidden.mean(1), dim=1)


def main() -> int:
    """Writes the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="all-MiniLM-L6-v2 as transformers saves it")
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    encoder = AutoModel.from_pretrained(options.folder, add_pooling_layer=False, attn_implementation="eager")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    with shrink(options.out) as plain:
        torch.onnx.export(
            Pooled(encoder).eval(),
            (torch.tensor([[101, 2054, 102]]),),
            str(plain),
            input_names=("pieces",),
            output_names=("vectors",),
            dynamic_axes={"pieces": {0: "texts", 1: "pieces"}, "vectors": {0: "texts"}},
            opset_version=17,
            dynamo=False,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
