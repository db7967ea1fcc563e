"""Words as they are compared: without their commonest endings, and one character each where a script has no spaces."""

from __future__ import annotations

UNSPACED = r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
"""A character of a script that has no spaces between words, as a pattern; it is taken for a word."""
_ENDINGS = ("ing", "ed", "es", "s")
_LEAST = 4
"""Letters that remain when an ending is left off."""


def stem(word: str) -> str:
    """A word in lower case without its ending."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST:
            return word[: -len(ending)]
    return word
