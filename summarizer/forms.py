"""Forms of words: which are taken for verbs, and what words are compared by."""

from __future__ import annotations

import re
from functools import lru_cache

from summarizer.lexicon import listed

SAYING = listed("said says say told according")
"""Verbs that only say who says so."""
_NOT_VERBS = listed(
    "funding spending building buildings hearing meeting shooting bombing training housing red hundred united killing"
    " ruling filing feeling being morning evening anything nothing something everything during king including according"
    " said says told say speed need seed"
)
_IRREGULAR = listed(
    "was were is are be been being has have had do did does will would can could may might must should went came took"
    " got gave fled fell rose grew won lost met sent put left held kept led made paid saw shot found fought built brought"
    " bought sold cut hit set spent stood begin began take go get give die flee fall rise grow win lose meet send keep"
    " make pay find fight build bring buy sell spend include includes remain remains broke became drew flew drove wrote"
    " threw knew shows showed cost costs face faces seek seeks sought say said says told"
)


_SHORT = 4
"""Letters up to which an ending tells nothing: `red`, `king`."""


@lru_cache(maxsize=4_096)
def is_verb(lower: str) -> bool:
    """Whether a word is taken for a verb; base forms are not, for most of them are nouns, too."""
    if lower in _IRREGULAR:
        return lower not in SAYING
    return len(lower) > _SHORT and lower.endswith(("ed", "ing")) and lower not in _NOT_VERBS


@lru_cache(maxsize=8_192)
def stem(word: str) -> str:
    """The word without its commonest endings, for comparing."""
    word = re.sub(r"'s?$", "", word)
    for ending in ("ings", "ing", "ies", "ed", "es", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            return word[: -len(ending)]
    return word
