"""Signatures: what an article is compared with others by, made once and kept."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from news.actors import name_key
from news.stories import Signature
from news.words import stem
from summarizer.lexicon import words

_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*|\d+(?:[.,]\d+)*")
_USED = 8_000
"""Characters of an article that are compared: the news comes first, background later."""
_LEAD = 500
"""Characters of the text that count double: what happened stands in them."""
_TITLE_COUNTS = 3
_NAME_COUNTS = _NUMBER_COUNTS = _LEAD_COUNTS = 2
_MOST_TERMS, _MOST_COUNT = 500, 255
SHINGLES = 64
"""Hashes that are kept of an article's runs of words."""
_SHINGLE, _SEED = 4, 1
_LEAST_WORDS = 24
"""A shorter text is no copy of another only because their few words are the same."""


def sign(title: str | None, text: str) -> Signature:
    """The signature of an article's words: its terms, its vector, and the smallest hashes of its shingles."""
    title = " ".join((title or "").split())
    text = text[:_USED]
    body = text[len(title) :] if title and text.startswith(title) else text
    return Signature(terms=_terms(title, body), vector=_vector(title, body), shingles=_shingles(body))


def _terms(title: str, body: str) -> bytes:
    """Each term's hash, four bytes, ascending; behind them all each one's count, a byte."""
    import numpy as np

    bag = Counter[int]()
    for term, counts in (*_counted(title, _TITLE_COUNTS, lead=0), *_counted(body, 1, lead=_LEAD)):
        bag[zlib.crc32(term.encode("utf-8", "replace"))] += counts
    kept = sorted(bag.most_common(_MOST_TERMS))
    hashes = np.array([term for term, _ in kept], np.uint32)
    return hashes.tobytes() + bytes(min(count, _MOST_COUNT) for _, count in kept)


def _counted(text: str, times: int, *, lead: int) -> Iterator[tuple[str, int]]:
    """Terms with what one of them counts: names under one spelling, other words without their endings."""
    stop = words("function_words")
    for found in _WORD.finditer(text):
        word = found.group()
        if word.lower().endswith(("'s", "’s")):
            word = word[:-2]
        lower = word.lower()
        if lower in stop or (len(word) < 2 and not word.isdigit()):
            continue
        capital = word[0].isupper()
        term = (name_key(word) or lower) if capital else stem(lower)
        weight = _NAME_COUNTS if capital else _NUMBER_COUNTS if word[0].isdigit() else 1
        yield term, times * weight * (_LEAD_COUNTS if found.start() < lead else 1)


def _vector(title: str, body: str) -> bytes:
    """The encoder's vector in 8-bit integers."""
    import numpy as np

    from summarizer.models.encoder import embed

    vector = embed(f"{title}\n{body}" if title else body)
    return np.round(vector * (127 / max(1e-9, float(np.abs(vector).max())))).astype(np.int8).tobytes()


def _shingles(body: str) -> bytes:
    """The smallest hashes of runs of words (MinHash, Broder 1997), four bytes each; none of a short text."""
    import numpy as np
    from rensa import RMinHash

    run = [word.lower() for word in islice(re.findall(r"\w+", body), 1_500)]
    if len(run) < _LEAST_WORDS:
        return b""
    hashed = RMinHash(num_perm=SHINGLES, seed=_SEED)
    hashed.update([" ".join(run[at : at + _SHINGLE]) for at in range(len(run) - _SHINGLE + 1)])
    return np.array(hashed.digest(), np.uint32).tobytes()
