"""Roles and whom they speak for: `Castle spokesperson`, `the spokeswoman for the ministry`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.lexicon import listed, words
from summarizer.names import find_names, is_title, strip_possessive

_OF = re.compile(r"^(?:of|for)\s+(?:the\s+|a\s+|an\s+)?(.+)$")
_DEMONYM = re.compile(
    r"[A-Z]\w*(?:an|ish|ese|ani|aeli|aqi|emi|ic)$|(?:French|German|Dutch|Greek|Swiss|Czech|Thai)$"
)
_COUNTRIES = listed(
    "Japan Iran Sudan Oman Vatican Jordan Taiwan Bhutan Milan Michigan Atlantic Pacific Arctic"
)
_FOR_A_BODY = listed(
    "spokesman spokeswoman spokesperson spokesmen spokespeople minister ministers president vice-president premier"
    " chancellor secretary undersecretary ambassador envoy consul governor mayor leader chairman chairwoman chairperson"
    " chair head chief director ceo representative commissioner lawyer attorney gov gov."
)
"""Roles in which one speaks for somebody else; a nurse at a hospital does not speak for it."""
_HONOURS = listed("mr mr. mrs mrs. ms ms. dr dr. rev rev. sir dame prof. professor lt lt. the")
_NO_BODY = re.compile(r"(?:his|her|its|their|top|senior|.*-based)$", re.IGNORECASE)
_FORMER = re.compile(r"\b(?:former|ex|retired|onetime|then)\b", re.IGNORECASE)
ARTICLE = re.compile(r"^(?:the|a|an|one|both)(?:\s+|$)", re.IGNORECASE)


def affiliation_of(role: str) -> str | None:
    """Whom a role speaks for: `Kremlin spokesperson`, `the spokeswoman for the ministry`; nobody for a former one."""
    if _FORMER.search(role):
        return None
    tokens = role.split()
    while tokens and tokens[-1].lower() in _HONOURS:
        tokens.pop()
    at = next((i for i in range(len(tokens) - 1, -1, -1) if is_title(tokens[i].strip("“”\"'’"))), None)
    if at is None:
        return None
    if not _speaks_for_a_body(tokens, at):
        return None
    of = _OF.search(" ".join(tokens[at + 1 :]))
    if of:
        body = re.split(r"\b(?:who|which|in|on|and)\b", of.group(1))[0].strip(" ,")
        known = body[:1].isupper() or any(w.lower() in words("bodies") for w in body.split())
        return body if body and known else None
    start = at
    while start > 0 and (is_title(tokens[start - 1]) or tokens[start - 1].lower() in words("modifiers")):
        start -= 1
    body = ARTICLE.sub("", " ".join(tokens[:start]))
    body = re.split(r"[’']s\s+(?=[a-z])", body)[0]
    body = strip_possessive(" ".join(w for w in body.split() if not _NO_BODY.match(w)))
    if not body or not body[0].isupper() or _is_demonym(body):
        return None
    names = list(find_names(body))
    return names[-1].text if names and names[-1].titled else body


def _speaks_for_a_body(tokens: Sequence[str], at: int) -> bool:
    title = strip_possessive(tokens[at].strip("“”\"'’").lower())
    before = tokens[at - 1].lower() if at else ""
    if title in ("general", "executive", "officer"):
        title = before  # `Secretary General`, `chief executive`
    return title in _FOR_A_BODY or (before, title) == ("campaign", "manager")


def _is_demonym(body: str) -> bool:
    """`Ruritanian`: says where somebody is from rather than for whom they speak."""
    return _DEMONYM.match(body) is not None and body not in _COUNTRIES and not body.endswith("stan")
