"""The small grammar that looking for venues, pronouns and guards shares: auxiliaries, pronouns, adverbs, times."""

from __future__ import annotations

from summarizer.frames import Token
from summarizer.lexicon import listed, words

AUXILIARIES = listed(
    "is are was were be been being am isn't aren't wasn't weren't has have had having do does did will would can could"
    " may might must shall should hasn't haven't hadn't doesn't don't didn't won't wouldn't can't cannot couldn't not to"
)
SUBJECTS = listed("i you he she it we they")
DETERMINERS = listed("a an the this these those his her their its our my your some many any no such one two")
NOBODY = listed("nobody none neither nothing")
WEEKDAYS = listed("monday tuesday wednesday thursday friday saturday sunday yesterday today")
_PARTS_OF_DAY = listed(
    "morning afternoon evening night day week weekend month year summer winter spring autumn"
)


def is_adverb(token: Token) -> bool:
    """Whether the token may stand inside a verb group or beside it."""
    if not token.word:
        return False
    ending = token.lower.endswith("ly") and not token.capital and token.lower not in words("not_adverbs")
    return ending or token.lower in words("adverbs")


def is_time(token: Token) -> bool:
    """Whether the token is part of a date or a time."""
    if token.capital and token.lower in _PARTS_OF_DAY:
        return False
    return token.word and (token.lower in words("times") or token.text[0].isdigit())
