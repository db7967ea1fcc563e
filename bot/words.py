"""Typed words: how a line comes apart, how they become a value, and how they are repeated in a sentence."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.messages.commands import as_phrase
from news.errors import GrammarError

LONGEST_VALUE = 500
_NO_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_PIECE = re.compile(
    r"""
    "([^"]*)" | [“”„‟]([^“”„‟]*)[“”„‟] | «([^»]*)» | »([^«»]*)[«»]   # held together, as languages differ
    | ([^\s"“”„‟«»]+)                                                # a plain word, or a part of one
    | (\s+)
    | (.)                                                            # a mark without its other half
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a line, or several that quotation marks hold together."""

    text: str
    literal: bool = False
    """Whether quotation marks say that it is no option word."""
    phrase: str = ""
    """The same, with straight quotation marks around words that marks hold together: where words are looked for, they
    must stand in a row."""


def split(line: str) -> list[Word]:
    """The words of a line. Raises GrammarError for a quotation mark without its other half."""
    line = _NO_TEXT.sub(" ", line)
    words: list[Word] = []
    touching = False
    for piece in _PIECE.finditer(line):
        *held, word, space, lone = piece.groups()
        if lone is not None:
            raise GrammarError(f"A quotation mark is not closed: close or remove the one in: {shown(line)}")
        if space is None:
            text = next((h for h in held if h is not None), word)
            before = words.pop() if touching else Word("")
            phrase = before.phrase + (as_phrase(text) if word is None else text)
            words.append(Word(before.text + text, before.literal or word is None, phrase))
        touching = space is None
    return words


def by_option(words: Sequence[Word], options: Collection[str]) -> tuple[list[Word], dict[str, list[Word]]]:
    """The words before any option, and each option's own. Raises GrammarError for an option that is given twice."""
    free: list[Word] = []
    started: dict[str, list[Word]] = {}
    values = free
    for word in words:
        name = word.text.lower()
        if word.literal or name not in options:
            values.append(word)
            continue
        if name in started:
            raise twice(name)
        values = started[name] = []
    return free, started


def joined(option: str, words: Sequence[Word]) -> str:
    """The words as one value; those that are looked for keep their marks."""
    return " ".join(word.phrase if option == "about" else word.text for word in words)


def value(options: Mapping[str, str], name: str) -> str | None:
    """The option as clean text on one line; None where there is none. Raises GrammarError."""
    text = " ".join(_NO_TEXT.sub(" ", options.get(name) or "").split())
    if len(text) > LONGEST_VALUE:
        raise GrammarError(f"What stands after {name} is too long: use at most {LONGEST_VALUE} characters.")
    return text or None


def shown(text: str) -> str:
    """Typed text, short enough to be repeated in a sentence."""
    text = " ".join(text.split())
    return text if len(text) <= 40 else text[:39] + "…"


def advice(word: str, known: Sequence[str]) -> str:
    """What to type instead of a word that nobody knows."""
    close = difflib.get_close_matches(word.lower(), known, n=1)
    return f"did you mean {close[0]}?" if close else f"use one of {', '.join(known)}."


def twice(name: str) -> GrammarError:
    """That an option was given more than once."""
    return GrammarError(f"There is more than one {name}: give it once.")
