"""The words of a source taken apart: determiners, heads, relative clauses and appositions."""

from __future__ import annotations

import re

from summarizer.lexicon import listed, words
from summarizer.names import is_title, strip_possessive

WORD = re.compile(r"(?:[^\W\d_]\.){2,}|\w+(?:[.’'-]\w+)*[.’']?")
_EDGES = " ,;:–—-\t\n"
_BEFORE = re.compile(
    r"^(?:by|to|from|according to|with|even|but|and|also|only|per|as|both of|for)\s+(?=\S)", re.IGNORECASE
)
"""What stands before a source without belonging to it: `by the ministry`."""
_AFTER = re.compile(r"\s+(?:himself|herself|itself|themselves|alone|too|also|in turn)$", re.IGNORECASE)
_RELATIVE = re.compile(r",?\s*\b(?:who|whom|which|whose)\b")
_DETERMINER = re.compile(
    r"^(?:the|a|an|one|both|another)(?:\s+|$)",
    re.IGNORECASE,
)
_SOME = listed(
    "a an one another some many most several few two three four five six seven eight nine ten dozens hundreds thousands"
    " other others numerous various multiple certain those these all more critics"
)
_PREPOSITIONS = re.compile(
    r"\b(?:of|for|in|from|at|with|on|who|which|that|to|close|familiar|near|among|behind|by|about|into|over|against|released|published|issued|within|inside|as)\b"
)


def cleaned(mention: str) -> str:
    """The source without what only leads up to it or stresses it: `by Reed himself` is `Reed`."""
    text = mention.strip(_EDGES)
    text = _AFTER.sub("", text)
    return _BEFORE.sub("", text).strip(_EDGES) or text


def segments(phrase: str) -> list[str]:
    """The parts between commas, brackets and dashes."""
    return [s.strip() for s in re.split(r",|;|\s\(|\)|\s[—–-]+\s|\s--\s|—", phrase) if s.strip()]


def plain(phrase: str) -> str:
    """A noun phrase without determiner, relative clause and possessive ending."""
    core = _RELATIVE.split(phrase)[0].strip()
    core = re.split(r"\bthat\b", core)[0].strip() or core
    return strip_possessive(_DETERMINER.sub("", core)).strip(_EDGES)


def head(phrase: str) -> str:
    """The noun that the phrase is about, in lower case."""
    core = _PREPOSITIONS.split(phrase)[0]
    found = WORD.findall(core if WORD.search(core) else phrase)
    return strip_possessive(found[-1].lower().rstrip(".")) if found else ""


def first(phrase: str) -> str:
    """The first word in lower case."""
    return phrase.split()[0].lower() if phrase.split() else ""


def is_definite(phrase: str) -> bool:
    """Whether the phrase speaks of somebody who is known: `the ministry`."""
    return first(phrase) in ("the", "that", "this")


def is_some(phrase: str) -> bool:
    """Whether the phrase leaves open who it is: `a Ruritanian company`, `two pilots`."""
    return first(phrase) in _SOME


def is_plural(noun: str) -> bool:
    """Whether a noun in lower case means many."""
    return noun in words("plurals") or (
        noun.endswith("s") and not noun.endswith(("ss", "us", "is", "ics", "news"))
    )


def is_role(segment: str) -> bool:
    """Whether the words say what somebody is."""
    return any(is_title(w) or strip_possessive(w.lower()) in words("nameless") for w in WORD.findall(segment))
