"""Sayings: the statements of a story that a digest shows, each once, with all the articles that carry it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from news.actors import fold, name_key
from news.answers import Quote, quote_of
from news.articles import ArticleId
from news.digests import Said
from news.statements import Kind, Mode
from news.stories import Reading

_CONSIDERED = 100
"""Statements of one article that are looked at for a digest."""
_COMPARED = 100
"""Statements of one speaker in a story that are compared with each other, the first ones."""
_ALL_WORDS = re.compile(r"\w+")


@dataclass(slots=True)
class _Telling:
    """A quote while the articles that carry it are gathered."""

    quote: Quote
    words: str
    marks: list[int]


def sayings(
    readings: Sequence[Reading],
    marks: Mapping[ArticleId, int],
    most: int,
    *,
    told: Iterable[Said] = (),
) -> tuple[Said, ...]:
    """The statements worth showing: everyone's best before anyone's second, names before the nameless.

    `told` are those that the channel has seen; the same words are news where somebody else says them.
    """
    known = [(_surname(said.quote), _spoken(said.quote)) for said in told]
    by_speaker: dict[str, list[_Telling]] = {}
    for reading in readings:
        for statement in reading.brief.statements[:_CONSIDERED]:
            if statement.speaker is not None and statement.mode is Mode.SPEECH:
                found = by_speaker.setdefault(name_key(statement.speaker.name), [])
                _tell_once(found, quote_of(statement, reading.article), marks[reading.article.id])
    ranked = []
    for speaker, tellings in by_speaker.items():
        open_ = [telling for telling in tellings if not _is_told(telling, known)]
        open_.sort(key=_rank)
        for place, telling in enumerate(open_[:most]):
            quote = telling.quote
            nameless = not speaker or quote.speaker is None or quote.speaker.anonymous
            outlets = -len(telling.marks)
            ranked.append((place, nameless, outlets, quote.kind is not Kind.DIRECT, telling))
    ranked.sort(key=lambda entry: entry[:4])
    return tuple(Said(telling.quote, tuple(telling.marks)) for *_, telling in ranked[:most])


def _tell_once(told: list[_Telling], quote: Quote, mark: int) -> None:
    """Adds the quote, or its mark to the same words.

    Only equal words are one statement: a word more may be a negation, a condition or another figure. Of two
    that contain each other the longer one stands, with the marks of those that hold all of it.
    """
    said = _spoken(quote)
    for at, earlier in enumerate(told):
        if said == earlier.words:
            if mark not in earlier.marks:
                earlier.marks.append(mark)
            return
        if said in earlier.words:
            return
        if earlier.words in said:
            told[at] = _Telling(quote, said, [mark])
            return
    if len(told) < _COMPARED:
        told.append(_Telling(quote, said, [mark]))


def _is_told(telling: _Telling, known: Sequence[tuple[str, str]]) -> bool:
    """Whether the channel has seen all of its words from the same mouth."""
    surname = _surname(telling.quote)
    return any(surname == other and telling.words in words for other, words in known)


def _surname(quote: Quote) -> str:
    """The last word of the speaker's name, as names are compared: full names and surnames are not told apart."""
    return "" if quote.speaker is None else name_key(quote.speaker.name).rpartition(" ")[2]


def _spoken(quote: Quote) -> str:
    """The words for comparing; reporting words too where they may deny or doubt what was said."""
    cue = "" if quote.kind is Kind.DIRECT else f"{_plain(quote.cue)} | "
    return f" {cue}{_plain(quote.words)} "


@lru_cache(maxsize=1_000)  # a story is told to many channels
def _plain(text: str) -> str:
    return " ".join(_ALL_WORDS.findall(fold(text)))


def _rank(telling: _Telling) -> tuple[int, int, bool]:
    order = {Kind.DIRECT: 0, Kind.MIXED: 1, Kind.INDIRECT: 2}
    return -len(telling.marks), order[telling.quote.kind], len(telling.quote.words) < 25
