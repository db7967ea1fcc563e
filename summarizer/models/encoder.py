"""The encoder: how near two texts are in meaning, as the angle between two vectors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.models.sessions import session
from summarizer.models.words import SEPARATOR, START, tokenizer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PIECES = 128
"""Word pieces that are read: an article's news stands at its beginning. With 256, stories were told apart less well."""
_CHARACTERS = 4_000
"""More than so many pieces have in any prose."""
MODEL = Path(__file__).with_name("encoder") / "encoder.onnx"


def embed(text: str) -> NDArray[np.float32]:
    """The vector of the text's beginning: 384 numbers of length 1 together."""
    import numpy as np

    pieces = tokenizer().encode(text[:_CHARACTERS], add_special_tokens=False).ids[: PIECES - 2]
    batch = np.array([[START, *pieces, SEPARATOR]], np.int64)
    vectors: NDArray[np.float32] = session(MODEL).run(["vectors"], {"pieces": batch})[0]
    vector: NDArray[np.float32] = vectors[0]
    return vector
