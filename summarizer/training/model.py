"""The tagger as a PyTorch module."""

from __future__ import annotations

import math
from enum import IntEnum
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoModel

from summarizer.models.labels import Cue, Link
from summarizer.models.words import Case, Quoting

_REACH = 64
"""Words of distance between a cue and another word that are told apart."""


class Role(IntEnum):
    """What a word is to any cue; only training asks."""

    NOTHING = 0
    CUE = 1
    SOURCE = 2
    CONTENT = 3


class Tagger(nn.Module):
    """An encoder, a cue head on its words, and a biaffine head from each word to each, by link.

    The biaffine head is that of Dozat and Manning (2017) for dependency arcs, with a learned bias for the
    distance between the two words. The links of one cue are a linear chain (a conditional random field,
    Lafferty et al. 2001): `transitions` says how readily one follows another.
    """

    def __init__(self, encoder: nn.Module, *, width: int = 160, dropout: float = 0.2) -> None:
        super().__init__()
        self.encoder = encoder
        size = encoder.config.hidden_size
        self.case = nn.Embedding(len(Case), size)
        self.quoting = nn.Embedding(len(Quoting), size)
        nn.init.zeros_(self.case.weight)
        nn.init.zeros_(self.quoting.weight)
        self.dropout = nn.Dropout(dropout)
        self.cue = nn.Sequential(
            nn.Linear(size, size), nn.GELU(), nn.Dropout(dropout), nn.Linear(size, len(Cue))
        )
        self.role = nn.Linear(size, len(Role))
        self.anchor = nn.Sequential(nn.Linear(size, width), nn.GELU(), nn.Dropout(dropout))
        self.target = nn.Sequential(nn.Linear(size, width), nn.GELU(), nn.Dropout(dropout))
        self.pairs = nn.Parameter(torch.randn(len(Link), width, width) * 0.1)
        self.anchor_bias = nn.Linear(width, len(Link))
        self.target_bias = nn.Linear(width, len(Link))
        self.distance = nn.Embedding(2 * _REACH + 1, len(Link))
        nn.init.zeros_(self.distance.weight)
        self.transitions = nn.Parameter(torch.zeros(len(Link), len(Link)))

    def encode(self, pieces: Tensor, case: Tensor, quoting: Tensor, mask: Tensor, words: Tensor) -> Tensor:
        """Hidden states of each word's first piece: (windows, words, size)."""
        embedded = self.encoder.get_input_embeddings()(pieces) + self.case(case) + self.quoting(quoting)
        hidden = self.encoder(inputs_embeds=embedded, attention_mask=mask).last_hidden_state
        chosen = words.unsqueeze(-1).expand(-1, -1, hidden.shape[-1])
        return self.dropout(hidden.gather(1, chosen))

    def forward(
        self, pieces: Tensor, case: Tensor, quoting: Tensor, mask: Tensor, words: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Logits of cues (windows, words, 3), and the hidden states (windows, words, size) that the others need."""
        hidden = self.encode(pieces, case, quoting, mask, words).float()
        return self.cue(hidden), hidden

    def links(self, hidden: Tensor, windows: Tensor, anchors: Tensor) -> Tensor:
        """What each word is to some cues, given by the index of their window and of their first word.

        Logits (cues, words, 5).
        """
        anchor, target = self.anchor(hidden[windows, anchors]), self.target(hidden)
        asked = torch.einsum("nd,ldk->nlk", anchor, self.pairs) / math.sqrt(self.pairs.shape[-1])
        scores = torch.matmul(asked, target[windows].transpose(1, 2)).transpose(1, 2)
        place = torch.arange(hidden.shape[1], device=hidden.device)
        apart = (place[None, :] - anchors[:, None]).clamp(-_REACH, _REACH) + _REACH
        return (
            scores
            + self.anchor_bias(anchor).unsqueeze(1)
            + self.target_bias(target)[windows]
            + self.distance(apart)
        )


class Exported(nn.Module):
    """What use asks of a tagger: cues that are likely enough, and the links of those alone."""

    def __init__(self, tagger: Tagger) -> None:
        super().__init__()
        self.tagger = tagger

    def forward(self, *inputs: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """As `summarizer.models.decoding.decode` takes them; the inputs are the tagger's and the least likelihood."""
        *held, least = inputs
        cues, hidden = self.tagger(*held)
        likely = cues.softmax(-1)
        places = ((likely[..., Cue.FIRST] >= least) & (held[-1] > 0)).nonzero()
        links = self.tagger.links(hidden, places[:, 0], places[:, 1])
        return likely, places, links, self.tagger.transitions


def build(encoder: Path, *, dropout: float = 0.2, attention: str = "sdpa") -> Tagger:
    """A tagger on the encoder in a local folder; its word embeddings stay as they are.

    `attention` is the library's implementation: `sdpa` trains faster, `eager` can be exported.
    """
    found = AutoModel.from_pretrained(
        encoder,
        add_pooling_layer=False,
        attn_implementation=attention,
        attention_probs_dropout_prob=0.0,  # its random numbers took a tenth of the time
    )
    found.get_input_embeddings().weight.requires_grad_(False)
    return Tagger(found, dropout=dropout)


def parameter_groups(model: Tagger, *, rate: float, head_rate: float, decay: float) -> list[dict[str, Any]]:
    """Parameters with their rates: lower layers learn more slowly, heads faster."""
    layers = model.encoder.config.num_hidden_layers
    found: dict[tuple[float, float], list[Tensor]] = {}
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        plain = parameter.ndim < 2 or "LayerNorm" in name or name == "transitions"
        weight = 0.0 if plain else 0.01
        if not name.startswith("encoder."):
            at = head_rate
        elif ".layer." in name:
            at = rate * decay ** (layers - 1 - int(name.split(".layer.")[1].split(".")[0]))
        else:
            at = rate * decay**layers
        found.setdefault((at, weight), []).append(parameter)
    return [
        {"params": held, "lr": at, "weight_decay": weight, "base": at} for (at, weight), held in found.items()
    ]


class Average:
    """An exponential moving average of a model's weights."""

    def __init__(self, model: Tagger, decay: float) -> None:
        self._decay, self._steps = decay, 0
        self._held = {n: p.detach().clone() for n, p in model.named_parameters() if p.requires_grad}

    def update(self, model: Tagger) -> None:
        """Takes a step's weights in; the first steps count more."""
        self._steps += 1
        decay = min(self._decay, (1 + self._steps) / (10 + self._steps))
        with torch.no_grad():
            for name, value in model.named_parameters():
                if name in self._held:
                    self._held[name].lerp_(value, 1 - decay)

    def swap(self, model: Tagger) -> None:
        """Exchanges the model's weights and the average."""
        with torch.no_grad():
            for name, value in model.named_parameters():
                if name in self._held:
                    kept = value.clone()
                    value.copy_(self._held[name])
                    self._held[name] = kept
