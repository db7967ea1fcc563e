"""Edits: what an article says that an earlier version of it did not, and what it says no longer."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import islice, takewhile

from news.actors import fold, name_key
from news.answers import Quote
from news.articles import Article, ArticleId
from news.condensing import turns, unheard
from news.digests import Earlier, Retitled, Source, Withdrawn
from news.occasions import same_name
from news.spans import GAP, Span
from news.statements import Speaker, Statement
from news.stories import Reading, Story, StoryId
from news.words import UNSPACED

_WORDS = re.compile(r"\w+")
_UNSPACED = re.compile(UNSPACED)
_ENDS = re.compile(r"(?<=[.!?…。！？])\s+|\n+")
_SENTENCES = 400
"""Sentences of the earlier version that are looked at."""
_IN_COMMON = 0.8
"""Share of the words, from which on two wordings may be one that was corrected."""
_ALIKE = 0.8
"""How alike two spellings of one word are, by `difflib`: more than Iran and Iraq, or Tuesday and Thursday."""
_LONGEST_WORD, _LONGEST = 40, 120
"""Characters of a word, and words of a statement, up to which it is asked whether it was corrected."""
_LONG, _CUT, _BEGUN = 200, 0.5, 0.8
"""Words of a text from which on it may have been cut short: to less than that share, of which most is its beginning."""
_SOME, _KEPT = 40, 0.25
"""Words of a text from which on one that has less than that share of them is another page."""
_COMPARED = 50
"""Statements of one speaker that a lost one is held against."""
_SLIGHT = frozenset(("a", "an", "the", "this", "that", "these", "those", "and", "so", "very", "just", "also"))
"""Words that come and go where a quotation is mended."""


def edited(stories: Iterable[Story], told: Mapping[StoryId, Sequence[Earlier]]) -> dict[ArticleId, int]:
    """Articles that the channel was told of and that were edited since, with the version that it was told of."""
    found: dict[ArticleId, int] = {}
    for story in stories:
        versions: dict[ArticleId, int] = {}
        for source in (source for earlier in told.get(story.id, ()) for source in earlier.story.sources):
            versions[source.article_id] = max(source.version, versions.get(source.article_id, 0))
        for article in (reading.article for reading in story.readings):
            if versions.get(article.id, article.version) < article.version:
                found[article.id] = versions[article.id]
    return found


def additions(reading: Reading, before: str) -> Reading:
    """The reading without the sentences and statements that stood in an earlier version of the text."""
    brief = reading.brief
    stood = _folded(before)
    sentences = [s for s in brief.summary if _folded(s.text) not in stood]
    summary = unheard(sentences, _ENDS.split(before, maxsplit=_SENTENCES)[:_SENTENCES]) if sentences else ()
    statements = tuple(s for s in brief.statements if not _stood(s, reading.article.text, stood))
    return replace(reading, brief=replace(brief, summary=summary, statements=statements))


@dataclass(frozen=True, slots=True)
class Uttered:
    """Somebody's words, ready to be looked for in another version of their article."""

    speaker: str
    """The key of the name; empty where nobody is named."""
    parts: tuple[str, ...]
    """The words of each span of the content, folded, a space before and after each."""

    @property
    def words(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(word for part in self.parts for word in part.split())


class Wordings:
    """What a version of an article says, to be asked whether somebody's words stand in it."""

    def __init__(self, statements: Iterable[Statement], text: str) -> None:
        self._text = _folded(text)
        self._said = defaultdict[tuple[str, ...], list[str]](list)
        """The speakers of the same words."""
        self._by_surname = defaultdict[str, list[tuple[Uttered, frozenset[str]]]](list)
        for uttered in (uttered_in(statement, text) for statement in statements):
            self._said[uttered.words].append(uttered.speaker)
            self._by_surname[_surname(uttered.speaker)].append((uttered, frozenset(uttered.words)))

    def lack(self, uttered: Uttered) -> bool:
        """Whether the words have left the version: they stand there no more, nor do they in a slight correction.

        Words that stand are not lacked, whether or not anybody is found to say them.
        """
        words = uttered.words
        if any(same_name(uttered.speaker, other) for other in self._said.get(words, ())):
            return False
        if self._hold(uttered.parts):
            return False
        return not self._correct(uttered)

    def _correct(self, uttered: Uttered) -> bool:
        """Whether the same speaker says the words in a slight correction."""
        words, own = uttered.words, frozenset(uttered.words)
        for other, different in islice(self._by_surname.get(_surname(uttered.speaker), ()), _COMPARED):
            # Most have hardly a word in common: that is seen before they are compared.
            near = len(own ^ different) <= 2 * (1 - _IN_COMMON) * max(len(words), 1) + 1
            if near and same_name(uttered.speaker, other.speaker) and corrects(words, other.words):
                return True
        return False

    def _hold(self, parts: Sequence[str]) -> bool:
        """Whether the parts stand in the text, one after the other."""
        at = 0
        for part in parts:
            found = self._text.find(part, at)
            if found < 0:
                return False
            at = found + len(part) - 1  # the space between two words is of both
        return True


def cut_short(before: str, after: str) -> bool:
    """Whether the newer text is just the beginning of a long older one, as pages are that ask for money, or another
    page altogether, as those are that ask who reads.

    Then nobody can tell what was taken out of the article.
    """
    older, newer = _listed(before), _listed(after)
    if len(older) >= _SOME and (Counter(older) & Counter(newer)).total() < _KEPT * len(older):
        return True
    if len(older) < _LONG or len(newer) >= _CUT * len(older):
        return False
    same = takewhile(lambda pair: pair[0] == pair[1], zip(older, newer, strict=False))
    return sum(1 for _ in same) >= _BEGUN * len(newer)


def withdrawn(
    before: Sequence[Statement], text_before: str, after: Sequence[Statement], text_after: str
) -> tuple[Statement, ...]:
    """The statements of an older version whose words the newer one has no longer; `after` are the newer one's."""
    if cut_short(text_before, text_after):
        return ()
    now = Wordings(after, text_after)
    return tuple(statement for statement in before if now.lack(uttered_in(statement, text_before)))


def uttered_in(statement: Statement, text: str) -> Uttered:
    """The statement's words; `text` is what its spans point into."""
    return _uttered(statement.speaker, (span.of(text) for span in sorted(statement.content)))


def uttered_by(quote: Quote) -> Uttered:
    """The quote's words, without the text that they are from."""
    parts, at = [], 0
    for span in sorted(quote.content):
        parts.append(quote.words[at : at + len(span)])
        at += len(span) + len(GAP)
    return _uttered(quote.speaker, parts)


def corrects(words: Sequence[str], others: Sequence[str]) -> bool:
    """Whether two wordings differ in spellings and slight words alone: no other figure, no denial, no other word."""
    longer = max(len(words), len(others))
    if longer > _LONGEST or min(len(words), len(others)) < _IN_COMMON * longer:
        return False
    one, other = Counter(words), Counter(others)
    changed = {word for word in one.keys() | other.keys() if one[word] != other[word]}
    kept = [word for word in words if word not in changed]
    if len(kept) < _IN_COMMON * longer or kept != [word for word in others if word not in changed]:
        return False
    if any(turns(word) for word in changed):
        return False
    lost, new = ([w for w in some if w in changed and w not in _SLIGHT] for some in (words, others))
    return len(lost) == len(new) and all(map(_respelt, lost, new))


def _respelt(one: str, other: str) -> bool:
    """Whether two words are spellings of one: they begin with the same letter, as no word and its un- or il- do."""
    if one[0] != other[0] or max(len(one), len(other)) > _LONGEST_WORD:
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() > _ALIKE


def taken_back(
    readings: Sequence[Reading],
    marks: Mapping[ArticleId, int],
    earlier: Sequence[Earlier],
    before: Mapping[ArticleId, str],
) -> tuple[Withdrawn, ...]:
    """What the channel was told that was said, and that the articles' newer versions have no longer, each once.

    `before` has the texts of articles that were edited since, as the channel was told of them.
    """
    found: list[Withdrawn] = []
    for article, brief in ((reading.article, reading.brief) for reading in readings):
        open_ = _told_of(article, earlier)
        if article.revised is None or not open_ or cut_short(before.get(article.id, ""), article.text):
            continue
        now = Wordings(brief.statements, article.text)
        for uttered, quote in open_.items():
            if now.lack(uttered):
                found.append(Withdrawn(marks[article.id], article.id, quote, article.revised))
    return tuple(found)


def _told_of(article: Article, earlier: Sequence[Earlier]) -> dict[Uttered, Quote]:
    """What the channel was told to be said in older versions of the article, and not yet that it is gone."""
    told: dict[Uttered, Quote] = {}
    for one in sorted(earlier, key=lambda one: one.until):
        for gone in one.story.withdrawn:
            if gone.article_id == article.id:
                told.pop(uttered_by(gone.quote), None)
        source = _older(one, article.id, article.version)
        if source is not None and source.whole:
            told |= {uttered_by(s.quote): s.quote for s in one.story.said if source.mark in s.marks}
    return told


def retitled(
    readings: Sequence[Reading], marks: Mapping[ArticleId, int], earlier: Sequence[Earlier]
) -> tuple[Retitled, ...]:
    """Articles under whose headline the channel knows the story, and which have other words there now."""
    shown = {one.story.name for one in earlier} | {r.now for one in earlier for r in one.story.retitled}
    found = []
    for article in (reading.article for reading in readings):
        sources = [s for one in earlier if (s := _older(one, article.id, article.version))]
        before = max(sources, key=lambda s: s.version).headline if sources else None
        if before not in shown or not before or not article.title:
            continue
        if not corrects(_listed(before), _listed(article.title)):
            found.append(Retitled(marks[article.id], before, article.title))
    return tuple(found)


def _older(earlier: Earlier, article_id: ArticleId, version: int) -> Source | None:
    """The article as it was told there, if that was in an older version."""
    sources = earlier.story.sources
    return next((s for s in sources if s.article_id == article_id and s.version < version), None)


def _uttered(speaker: Speaker | None, parts: Iterable[str]) -> Uttered:
    folded = tuple(words for part in parts if (words := _folded(part)).strip())
    return Uttered("" if speaker is None else name_key(speaker.name), folded)


def _surname(key: str) -> str:
    return key.rpartition(" ")[2]


def _listed(text: str) -> tuple[str, ...]:
    return tuple(_folded(text).split())


def _stood(statement: Statement, text: str, stood: str) -> bool:
    """Whether its words, the reporting ones too, stood there."""
    spans: tuple[Span, ...] = (*statement.content, *statement.cue)
    return all(_folded(span.of(text)) in stood for span in spans)


def _folded(text: str) -> str:
    """The words as they are compared, a space before and after each; what has no spaces, character by character."""
    folded = fold(text)
    if _UNSPACED.search(folded):
        folded = _UNSPACED.sub(r" \g<0> ", folded)
    return f" {' '.join(_WORDS.findall(folded))} "
