"""A text's words as they are compared: one spelling for case, accents, marks and a corpus's spaced punctuation."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from news.actors import fold
from news.spans import Span
from summarizer.checks.numbers import Number, find_numbers
from summarizer.lexicon import listed, words
from summarizer.sentences import find_sentences

_GLYPHS = str.maketrans(
    {
        "`": "‘",
        "´": "’",
        "‛": "‘",
        "–": "-",
        "—": "-",
        "‑": "-",
        "−": "-",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\t": " ",
    }
)
_BRACKETS = re.compile(r"-([lr])[rsc]b-", re.IGNORECASE)
_SPACES = re.compile(r" +")
_OPENS = re.compile(r"‘ ?‘")
_CLOSES = re.compile(r"''|’’")
_BEFORE = re.compile(r" (?=[,.;:!?%)\]])")
_AFTER = re.compile(r"(?<=[(\[$£€]) ")
_THOUSANDS = re.compile(r"(\b[A-Za-z]+\.? )?(?<!\d, )((?:(?<!\d)\d{1,2}|\d{3})(?:, \d{3})+)(?![\d,])")
"""`5, 000`, as some corpora write it; not `May 5, 300 people`. It is looked for from a row's first number only."""
_DECIMAL = re.compile(r"(?<=\d)\. (?=\d+ ?(?:million|billion|trillion|[mb]n?\b|%|per ?cent))", re.IGNORECASE)
_NOT = re.compile(r" ?n ?['’]t\b", re.IGNORECASE)
_SHORTENED = re.compile(r"(?<=\w) (?=['’](?:s|re|ve|ll|d|m)\b)", re.IGNORECASE)
_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+|[^\w\s]|_")
_WITHIN = frozenset("'’‘-$£€%.#")
"""Marks between words that end no part of a sentence."""
_SAME = {
    form: forms[0]
    for forms in (
        line.split()
        for line in """
        is are was were be been being am
        has have had having
        do does did done
        say says said
        tell tells told
        will would ll
        can could
        may might
        a an
        go goes went gone
        make makes made
        take takes took taken
        give gives gave given
        get gets got
        leave leaves left
        win wins won
        lose loses lost
        """.strip().splitlines()
    )
    for form in forms
}
"""Forms of one word that no ending tells."""
_FUNCTION = listed(
    "he she it they his him her them i you we us me my who whom whose there here s t re ve ll d m just only also some any"
    " all both each other such what yes"
)
PRONOUNS = listed(
    "he she it they his him her its their them i we us our you my this that these those who which"
)


class Edge(IntEnum):
    """What stands before a word."""

    NONE = 0
    MARK = 1
    SENTENCE = 2


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text."""

    text: str
    """Folded: compared, not shown."""
    raw: str
    sentence: int
    edge: Edge
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A text in one spelling, and its words."""

    text: str
    words: tuple[Word, ...]
    """A number is one word, whatever it is written in."""
    numbers: tuple[Number, ...]
    sentences: tuple[str, ...]


def normalise(text: str) -> str:
    """The text with one kind of each mark and without the spaces that corpora put around punctuation."""
    text = _SPACES.sub(" ", text.translate(_GLYPHS))
    text = _BRACKETS.sub(lambda found: "(" if found.group(1) in "lL" else ")", text)
    text = _CLOSES.sub("”", _OPENS.sub("“", text))
    text = _THOUSANDS.sub(_join, _DECIMAL.sub(".", _NOT.sub("n’t", text)))
    return _SHORTENED.sub("", _AFTER.sub("", _BEFORE.sub("", text)))


def _join(found: re.Match[str]) -> str:
    before = found.group(1) or ""
    if before.rstrip(" .").lower() in words("times"):
        return found.group()
    return before + found.group(2).replace(" ", "")


def read(text: str) -> Reading:
    """The words of a text, sentence by sentence."""
    plain = normalise(text)
    sentences, numbers = find_sentences(plain), find_numbers(plain)
    starts = [number.start for number in numbers]
    found: list[Word] = []
    for at, span in enumerate(sentences):
        held = numbers[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
        found.extend(_in_sentence(plain, span, at, held))
    return Reading(plain, tuple(found), numbers, tuple(key(span.of(plain)) for span in sentences))


def key(sentence: str) -> str:
    """A sentence as it is compared whole."""
    return " ".join(_folded(m.group()) for m in _TOKEN.finditer(sentence))


def _in_sentence(plain: str, span: Span, sentence: int, numbers: Sequence[Number]) -> Iterator[Word]:
    edge, at, rest = Edge.SENTENCE, span.start, iter(numbers)
    number = next(rest, None)
    for found in _TOKEN.finditer(plain, span.start, span.end):
        raw = found.group()
        if found.start() < at:
            continue
        if number is not None and found.start() >= number.start:
            yield Word(
                str(number.values[0]), plain[number.start : number.end], sentence, edge, is_number=True
            )
            at, number, edge = number.end, next(rest, None), Edge.NONE
        elif not raw[0].isalnum():
            edge = max(edge, Edge.NONE if raw in _WITHIN else Edge.MARK)
        elif raw in "tT" and plain[found.start() - 1 : found.start()] in ("'", "’"):
            yield Word("not", raw, sentence, Edge.NONE)
        else:
            yield Word(_folded(_without_not(plain, found)), raw, sentence, edge)
            edge = Edge.NONE


def _without_not(plain: str, found: re.Match[str]) -> str:
    """`did` of `didn’t`; `can` of `can’t`, `will` of `won’t`."""
    raw = found.group()
    if raw[-1] not in "nN" or plain[found.end() : found.end() + 2].lower() not in ("’t", "'t"):
        return raw
    return {"wo": "will", "ca": "can", "can": "can"}.get(raw[:-1].lower(), raw[:-1]) or raw


@lru_cache(maxsize=50_000)
def _folded(word: str) -> str:
    return word.lower() if word.isascii() else fold(word) or word


def is_function(word: str) -> bool:
    """Whether a folded word only joins others."""
    return word in words("function_words") or word in _FUNCTION


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """What the forms of one word share."""
    word = _SAME.get(word, word)
    for ending in ("ing", "ed", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == "e":
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word
