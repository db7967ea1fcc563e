"""BERT's encoder and MPNet's with fused attention: on a GPU several times as fast as those of transformers.

The weights are theirs, and so is what comes out. Sources: Devlin et al. 2019 (BERT), Song et al. 2020 (MPNet, whose attention
knows how far apart pieces stand).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

MPNET = "mpnet"
_FAR = -1e4
"""What is added to the attention to what is no piece."""
_DROPOUT = 0.1
_DISTANCES, _FARTHEST = 32, 128
"""Kinds of distances that MPNet tells apart, and from where on all are one."""
_SHIFT = 4
"""MPNet's pieces are those of BERT, so many numbers higher ..."""
_OWN = {101: 0, 102: 2, 103: 30526}
"""... but for the marks of beginning and end, and of what is hidden."""
_NONE = 1
"""MPNet's piece where there is none."""
_PARTS = {
    "bert": (
        *(f"attention.self.{part}" for part in ("query", "key", "value")),
        "attention.output.dense",
        "attention.output.LayerNorm",
    ),
    MPNET: (*(f"attention.attn.{part}" for part in "qkvo"), "attention.LayerNorm"),
}


def _linear(layer: nn.Linear, hidden: Tensor) -> Tensor:
    """The layer in the precision of what it is given; its weights are learnt in theirs."""
    return functional.linear(hidden, layer.weight.to(hidden.dtype), layer.bias.to(hidden.dtype))


def _normal(layer: nn.LayerNorm, hidden: Tensor) -> Tensor:
    weight, bias = layer.weight.to(hidden.dtype), layer.bias.to(hidden.dtype)
    return functional.layer_norm(hidden, layer.normalized_shape, weight, bias, layer.eps)


class Layer(nn.Module):
    """Attention and a feed-forward network, each with its normalisation behind it."""

    def __init__(self, size: int, heads: int, inner: int, eps: float) -> None:
        super().__init__()
        self.heads = heads
        self.qkv, self.mixed = nn.Linear(size, 3 * size), nn.Linear(size, size)
        self.wide, self.narrow = nn.Linear(size, inner), nn.Linear(inner, size)
        self.first, self.second = nn.LayerNorm(size, eps), nn.LayerNorm(size, eps)

    def forward(self, hidden: Tensor, bias: Tensor) -> Tensor:
        rows, pieces, size = hidden.shape
        q, k, v = (
            _linear(self.qkv, hidden).view(rows, pieces, 3, self.heads, -1).permute(2, 0, 3, 1, 4).unbind(0)
        )
        seen = functional.scaled_dot_product_attention(q, k, v, bias.to(q.dtype))
        seen = _linear(self.mixed, seen.transpose(1, 2).reshape(rows, pieces, size))
        hidden = _normal(self.first, hidden + functional.dropout(seen, _DROPOUT, self.training))
        more = _linear(self.narrow, functional.gelu(_linear(self.wide, hidden)))
        return _normal(self.second, hidden + functional.dropout(more, _DROPOUT, self.training))


class Encoder(nn.Module):
    """Pieces to vectors; pieces are always BERT's."""

    def __init__(self, config: Mapping[str, object]) -> None:
        super().__init__()
        self.kind = str(config["model_type"])
        if self.kind not in _PARTS:
            raise ValueError(f"An encoder of BERT's or MPNet's kind is wanted, not {self.kind}.")
        size, heads = int(str(config["hidden_size"])), int(str(config["num_attention_heads"]))
        eps = float(str(config["layer_norm_eps"]))
        self.size = size
        self.words = nn.Embedding(int(str(config["vocab_size"])), size)
        self.places = nn.Embedding(int(str(config["max_position_embeddings"])), size)
        if self.kind == MPNET:
            self.distances = nn.Embedding(_DISTANCES, heads)
        else:
            self.kinds = nn.Embedding(2, size)
        self.norm = nn.LayerNorm(size, eps)
        inner = int(str(config["intermediate_size"]))
        self.layers = nn.ModuleList(
            Layer(size, heads, inner, eps) for _ in range(int(str(config["num_hidden_layers"])))
        )

    def forward(self, pieces: Tensor, kinds: Tensor, mask: Tensor) -> Tensor:
        """(passages, pieces, size) of pieces, their kinds and whether they are any, (passages, pieces) each."""
        bias = ((1 - mask) * _FAR)[:, None, None, :].float()
        if self.kind == MPNET:
            hidden = self.words(_as_mpnet(pieces, mask)) + self.places(mask.cumsum(1) * mask + 1)
            bias = bias + self._by_distance(pieces.shape[1], pieces.device)
        else:
            hidden = self.words(pieces) + self.places.weight[: pieces.shape[1]] + self.kinds(kinds)
        hidden = functional.dropout(self.norm(hidden), _DROPOUT, self.training)
        hidden = hidden.bfloat16() if hidden.is_cuda else hidden
        for layer in self.layers:
            hidden = layer(hidden, bias)
        return hidden

    def _by_distance(self, count: int, device: torch.device) -> Tensor:
        """(1, heads, pieces, pieces): near distances are told apart one by one, farther ones by their logarithm."""
        at = torch.arange(count, device=device)
        apart = at[:, None] - at[None, :]
        half = _DISTANCES // 2
        exact, far = half // 2, apart.abs()
        grown = torch.log(far.clamp(min=1).float() / exact) / math.log(_FARTHEST / exact) * (half - exact)
        kind = torch.where(far < exact, far, (exact + grown.long()).clamp(max=half - 1))
        return self.distances((apart < 0).long() * half + kind).permute(2, 0, 1)[None]


def load_encoder(folder: Path) -> Encoder:
    """The encoder in a folder as transformers saves it."""
    encoder = Encoder(json.loads((folder / "config.json").read_text(encoding="utf-8")))
    given = {
        name.removeprefix(f"{encoder.kind}."): value
        for name, value in load_file(folder / "model.safetensors").items()
    }
    encoder.load_state_dict(_renamed(given, encoder))
    return encoder


def _renamed(given: Mapping[str, Tensor], encoder: Encoder) -> dict[str, Tensor]:
    """Weights of transformers under the names here."""
    names = {
        "words": "embeddings.word_embeddings",
        "places": "embeddings.position_embeddings",
        "kinds": "embeddings.token_type_embeddings",
        "distances": "encoder.relative_attention_bias",
        "norm": "embeddings.LayerNorm",
    }
    found: dict[str, Tensor] = {}
    for name in encoder.state_dict():
        first, *_, last = name.split(".")
        if first != "layers":
            found[name] = given[f"{names[first]}.{last}"]
            continue
        _, number, part, last = name.split(".")
        before = f"encoder.layer.{number}."
        query, key, value, mixed, norm = _PARTS[encoder.kind]
        if part == "qkv":
            found[name] = torch.cat([given[f"{before}{one}.{last}"] for one in (query, key, value)])
            continue
        its = {
            "mixed": mixed,
            "first": norm,
            "wide": "intermediate.dense",
            "narrow": "output.dense",
            "second": "output.LayerNorm",
        }
        found[name] = given[f"{before}{its[part]}.{last}"]
    return found


def _as_mpnet(pieces: Tensor, mask: Tensor) -> Tensor:
    shifted = torch.where(mask == 1, pieces + _SHIFT, _NONE)
    for piece, its in _OWN.items():
        shifted = torch.where(pieces == piece, its, shifted)
    return shifted
