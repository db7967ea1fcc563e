"""Makes the table of word pieces: `python -m summarizer.training.words`.

Each piece of the vocabulary goes through the shipped sentence encoder alone; of its vector, less the mean of all, the 128
directions in which the vocabulary varies the most are kept, at length 1, in 8-bit integers. Nothing is trained.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from summarizer.models.encoder import MODEL
from summarizer.models.sessions import session
from summarizer.models.words import SEPARATOR, START, tokenizer
from summarizer.stances.meaning import TABLE

SIZE = 128
_BATCH = 256
_SCALE = 127 * 2.2
"""The largest number of a vector is about 1 / 2.2; the few that are larger are cut."""


def vectors_of_pieces() -> NDArray[np.float32]:
    """The encoder's vector of each piece (pieces, 384)."""
    encoder, count = session(MODEL), tokenizer().get_vocab_size()
    found = []
    for start in range(0, count, _BATCH):
        ids = np.arange(start, min(count, start + _BATCH), dtype=np.int64)
        batch = np.stack([np.full(len(ids), START), ids, np.full(len(ids), SEPARATOR)], axis=1).astype(
            np.int64
        )
        found.append(encoder.run(["vectors"], {"pieces": batch})[0])
    return np.concatenate(found)


def reduced(vectors: NDArray[np.float32], size: int = SIZE) -> NDArray[np.int8]:
    """The vectors less their mean in their main directions, at length 1, as 8-bit integers (pieces, `size`)."""
    centred = vectors - vectors.mean(axis=0)
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    kept = centred @ directions[:size].T
    kept /= np.maximum(np.linalg.norm(kept, axis=1, keepdims=True), 1e-6)
    table: NDArray[np.int8] = np.clip(np.round(kept * _SCALE), -127, 127).astype(np.int8)
    return table


def main() -> int:
    """Writes the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=TABLE)
    options = parser.parse_args()
    np.save(options.out, reduced(vectors_of_pieces()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
