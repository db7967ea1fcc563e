"""Whose words each word of a sentence is, as far as reporting verbs and quotation marks tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from summarizer.lexicon import listed, verbs
from summarizer.stances.mentions import SOURCE, Mention

_QUOTES = listed('" “ ” „ « »')
_BEFORE_A_SPEAKER = 3
_WITHIN_A_SUBJECT = 8
_LIKELY = 0.6
"""How surely a pronoun means an actor who is taken for the speaker."""


def speakers(words: Sequence[str], mentions: Sequence[Mention]) -> list[str | None]:
    """The actor whose words each word in lower case is; None is the writer."""
    found: list[str | None] = [None] * len(words)
    for at, word in enumerate(words):
        if word == "according":
            speaker = _first(m for m in mentions if at < m.start <= at + _BEFORE_A_SPEAKER)
            if speaker:
                found = [speaker.actor] * len(words)
        elif word in verbs():
            _give(found, words, mentions, at)
    for at, inside in enumerate(_quoted(words)):
        if inside and found[at] is None:
            found[at] = SOURCE
    return found


def _give(found: list[str | None], words: Sequence[str], mentions: Sequence[Mention], at: int) -> None:
    """Gives a reporting verb's subject the words behind it, or those before `said Bell` and `, Bell said`."""
    left = _first(m for m in reversed(mentions) if m.end <= at and m.weight >= _LIKELY)
    right = _first(m for m in mentions if m.start > at)
    inverted = at > 0 and _ends_a_quotation(words[at - 1])
    if inverted and right and right.start - at <= _BEFORE_A_SPEAKER:
        found[:at] = [right.actor] * at
    elif left and at - left.end <= _WITHIN_A_SUBJECT:
        found[at + 1 :] = [left.actor] * (len(words) - at - 1)
        if left.start and _ends_a_quotation(words[left.start - 1]):
            found[: left.start] = [left.actor] * left.start


def _ends_a_quotation(word: str) -> bool:
    return word == "," or word in _QUOTES


def _quoted(words: Sequence[str]) -> Iterator[bool]:
    inside = False
    for word in words:
        if word in _QUOTES:
            inside = word in "“„«" or (word == '"' and not inside)
        yield inside


def _first(mentions: Iterator[Mention]) -> Mention | None:
    return next(mentions, None)
