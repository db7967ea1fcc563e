"""Roles and whom they speak for: `Castle spokesperson`, `the spokeswoman for the ministry`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.lexicon import listed, verbs, words
from summarizer.names import find_names, is_title, strip_possessive
from summarizer.places import state_at

_OF = re.compile(r"^(?:of|for)\s+(?:the\s+|a\s+|an\s+)?(.+)$")
_DEMONYM = re.compile(
    r"[A-Z]\w*(?:an|ish|ese|ani|aeli|aqi|emi|ic)$|(?:French|German|Dutch|Greek|Swiss|Czech|Thai)$"
)
_COUNTRIES = listed(
    "Japan Iran Sudan Oman Vatican Jordan Taiwan Bhutan Milan Michigan Atlantic Pacific Arctic"
)
_FOR_A_BODY = listed(
    "official officials spokesman spokeswoman spokesperson spokesmen spokespeople minister ministers president vice-president premier"
    " chancellor secretary undersecretary ambassador envoy consul governor mayor leader chairman chairwoman chairperson"
    " chair head chief director ceo representative commissioner lawyer attorney gov gov."
)
"""Roles in which one speaks for somebody else; a nurse at a hospital does not speak for it."""
_MINISTERS = listed("secretary undersecretary minister ministers")
"""Titles whose `of` tells the subject: `Secretary of State`."""
_HONOURS = listed("mr mr. mrs mrs. ms ms. dr dr. rev rev. sir dame prof. professor lt lt. the")
_NO_BODY = re.compile(
    r"(?:his|her|its|their|top|senior|.*-(?:based|backed|installed|appointed|led|born|occupied|controlled))$",
    re.IGNORECASE,
)
_FORMER = re.compile(r"\b(?:former|ex|retired|onetime|then)\b", re.IGNORECASE)
_REACH = 120
"""Characters beside a name in which its role stands."""
_STOP = re.compile(r"[,;:()“”\"—–!?…]|\.\s|\n|’s\s(?=[a-z]+\s+[A-Z]\w+$)")
_APPOSITION = re.compile(
    r"((?:(?:the|a|an|former|acting)\s+)?[^,.;:()“”\"—–!?\n]+(?:\.[^\s,.;:()“”\"—–!?\n]+)*)[,.;]"
)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|had|have|will|would|can|could|may|might|who|which|and|said)\b"
)
_COUNTED = re.compile(
    r"^(?:two|three|four|five|six|several|some|many|most|other|another|various|all|both|those|these)\s+",
    re.IGNORECASE,
)
_PART = re.compile(r"^(?:[A-Z][\w’'.-]*\s+)*(?:campaign|administration|government|office|party|team)$")
"""Bodies whose last word is no capital: `Reed campaign`."""
ARTICLE = re.compile(r"^(?:the|a|an|one|both)(?:\s+|$)", re.IGNORECASE)


def affiliation_of(role: str) -> str | None:
    """Whom a role speaks for: `Kremlin spokesperson`, `the spokeswoman for the ministry`; nobody for a former one."""
    if _FORMER.search(role):
        return None
    tokens = role.split()
    while tokens and tokens[-1].lower() in _HONOURS:
        tokens.pop()
    at = next((i for i in range(len(tokens) - 1, -1, -1) if _is_head(tokens[i].strip("“”\"'’,"))), None)
    if at is None:
        return None
    if not _speaks_for_a_body(tokens, at):
        return None
    of = _OF.search(" ".join(tokens[at + 1 :]))
    if of:
        body = re.split(r"\b(?:who|which|in|on|and)\b", of.group(1))[0].strip(" ,")
        known = body[:1].isupper() or any(w.lower() in words("bodies") for w in body.split())
        if strip_possessive(tokens[at].lower()) not in _MINISTERS or state_at(body) is not None:
            return body if body and known else None
    start = at
    while (
        start > 0
        and not _is_seat(tokens[:start])
        and (is_title(tokens[start - 1]) or tokens[start - 1].lower() in words("modifiers"))
    ):
        start -= 1
    if start < at and start and _PART.match(" ".join(tokens[: start + 1])):
        start += 1  # `Reed campaign spokesman`
    body = _COUNTED.sub("", ARTICLE.sub("", " ".join(tokens[:start])))
    body = re.split(r"[’']s\s+(?=[a-z])", body)[0]
    body = strip_possessive(" ".join(w for w in body.split() if not _NO_BODY.match(w)))
    if not body or not body[0].isupper() or _is_demonym(body):
        return None
    names = list(find_names(body))
    if " and " in body:
        return None
    return names[-1].text if names and names[-1].titled else body


def _is_seat(tokens: Sequence[str]) -> bool:
    """Whether the words are a seat's name, whose last word may also belong to a title: `White House`."""
    return state_at(_COUNTED.sub("", ARTICLE.sub("", " ".join(tokens)))) is not None


def _is_head(word: str) -> bool:
    return is_title(word) or word.lower() in _FOR_A_BODY


def _speaks_for_a_body(tokens: Sequence[str], at: int) -> bool:
    title = strip_possessive(tokens[at].strip("“”\"'’").lower())
    before = tokens[at - 1].lower() if at else ""
    if title in ("general", "executive", "officer"):
        title = before  # `Secretary General`, `chief executive`
    return title in _FOR_A_BODY or (before, title) == ("campaign", "manager")


def _is_demonym(body: str) -> bool:
    """`Ruritanian`: says where somebody is from rather than for whom they speak."""
    return _DEMONYM.match(body) is not None and body not in _COUNTRIES and not body.endswith("stan")


def role_before(text: str, start: int, floor: int) -> str:
    """The words right before a name that say what its bearer is: `Castle spokesman`; empty without a title."""
    before = _STOP.split(text[max(floor, start - _REACH) : start])[-1]
    kept: list[str] = []
    for word in reversed(before.split()):
        lower = strip_possessive(word.lower())
        if not (
            word[0].isupper() or is_title(word) or lower in words("modifiers") or lower in ("of", "for", "-")
        ):
            break
        if lower in words("function_words") - {"of", "for"} and kept:
            break
        kept.append(word)
    while kept and kept[-1].lower() in ("of", "for"):
        kept.pop()
    role = " ".join(reversed(kept))
    return role if any(is_title(w) for w in kept) else ""


def role_after(text: str, end: int, ceiling: int) -> str:
    """The apposition after a name: `, the spokesman for the council,`; empty where none closes."""
    if text[end : end + 2] != ", ":
        return ""
    found = _APPOSITION.match(text, end + 2, min(ceiling, end + 2 + _REACH))
    if found is None:
        return ""
    role = found.group(1)
    tokens = role.split()
    if not any(is_title(w) for w in tokens) or any(w.lower() in verbs() and not is_title(w) for w in tokens):
        return ""
    return "" if any(n.titled for n in find_names(role)) or _FINITE.search(role) else role
