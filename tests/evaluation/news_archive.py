"""An archive of made-up news: years of articles with statements and stances, in words that are as frequent as words are.

Words, names, bodies and targets are drawn by Zipf's law, so that few are frequent and most are rare. All of it is made
by a seed, lot by lot: articles as rows, what was understood of them as briefs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from news.articles import ArticleId
from news.briefs import Brief
from news.spans import Span
from news.stances import Position, Stance
from news.statements import Kind, Speaker, Statement
from storage.ids import new_id

FEEDS = 1_000
WORKSPACES = {"all": FEEDS, "most": 300, "few": 5}
"""How many feeds each follows."""
STATEMENTS, STANCES = 5, 2
"""Of an article."""
BEGINS, LASTS = datetime(2022, 1, 1, tzinfo=UTC), timedelta(days=1_000)
PER_LOT = 2_000
_WORDS, _NAMES, _BODIES, _STATES, _TARGETS = 60_000, 100_000, 5_000, 150, 60
_SAID, _NARRATED, _TITLE = 18, 2, 8
"""Words of a sentence, sentences around all statements, and words of a headline."""
_SENTENCES, _TITLES = 200_000, 50_000
"""Different ones, of which all are drawn."""
_SYLLABLES = [
    "ba",
    "ke",
    "li",
    "mo",
    "nu",
    "ra",
    "se",
    "ti",
    "vo",
    "zu",
    "dar",
    "fen",
    "gol",
    "hin",
    "jor",
    "kal",
    "lem",
    "mar",
    "nor",
    "pel",
    "sta",
    "tri",
    "ul",
    "vek",
    "yor",
]
_POSITIONS = tuple(Position)

Values = dict[str, Any]


@dataclass
class Zipf:
    """Things of which the n-th is drawn 1/n as often as the first."""

    things: list[str]
    _reach: np.ndarray[Any, Any] = field(init=False)

    def __post_init__(self) -> None:
        weights = 1 / np.arange(1, len(self.things) + 1)
        self._reach = np.cumsum(weights / weights.sum())

    def draw(self, rng: np.random.Generator, count: int) -> list[str]:
        """So many of them."""
        return [self.things[at] for at in np.searchsorted(self._reach, rng.random(count))]


@dataclass(frozen=True)
class Lot:
    """Some articles, one after the other."""

    articles: list[Values]
    versions: list[Values]
    entries: list[Values]
    briefs: list[Brief]


@dataclass
class _Page:
    """A text as it grows."""

    parts: list[str] = field(default_factory=list)
    length: int = 0

    def add(self, text: str) -> Span:
        """Where the words stand that are added."""
        self.parts.append(text)
        self.length += len(text)
        return Span(self.length - len(text), self.length)


class Archive:
    """So many articles, oldest first."""

    def __init__(self, articles: int, *, seed: int = 1) -> None:
        self.articles = articles
        self._rng = np.random.default_rng(seed)
        self.words = Zipf(_made_up(_WORDS, 3))
        self.names = Zipf([f"{a.title()} {b.title()}" for a, b in _pairs(self._rng, _NAMES)])
        self.bodies = Zipf([f"{word.title()} Ministry" for word in _made_up(_BODIES, 2)])
        self.states = Zipf([f"{word.title()}ia" for word in _made_up(_STATES, 2)])
        self.targets = Zipf([f"the {word} treaty" for word in _made_up(_TARGETS, 2)])
        self._sentences = self._texts(min(_SENTENCES, articles * STATEMENTS), _SAID)
        self._titles = self._texts(min(_TITLES, articles), _TITLE)

    def lots(self) -> Iterator[Lot]:
        """All of it, some thousand articles at a time."""
        for start in range(0, self.articles, PER_LOT):
            yield self._lot(start, min(PER_LOT, self.articles - start))

    def _texts(self, count: int, length: int) -> list[str]:
        words = self.words.draw(self._rng, count * length)
        return [" ".join(words[at : at + length]) for at in range(0, count * length, length)]

    def _lot(self, start: int, count: int) -> Lot:
        rng, lot = self._rng, Lot([], [], [], [])
        sentences = iter(rng.integers(0, len(self._sentences), count * (STATEMENTS + _NARRATED)).tolist())
        titles = rng.integers(0, len(self._titles), count).tolist()
        names = iter(self.names.draw(rng, count * STATEMENTS))
        bodies = iter(self.bodies.draw(rng, count * STATEMENTS))
        states = iter(self.states.draw(rng, count * STATEMENTS))
        targets = iter(self.targets.draw(rng, count * STANCES))
        feeds, chance = rng.integers(1, FEEDS + 1, count), iter(rng.random(count * (STATEMENTS + STANCES)))
        for at in range(count):
            moment = BEGINS + LASTS * ((start + at) / self.articles)
            article_id, feed = ArticleId(new_id(moment)), int(feeds[at])
            page, statements = _Page(), []
            add = page.add
            for _ in range(_NARRATED):
                add(self._sentences[next(sentences)].capitalize() + ".\n\n")
            for _ in range(STATEMENTS):
                content = add(f"“{self._sentences[next(sentences)]},”")
                add(" ")
                name, body, state, share = next(names), next(bodies), next(states), next(chance)
                source = add(name)
                add(" ")
                cue = add("said")
                add(".\n\n")
                speaker = Speaker(
                    name, name, body if share < 0.4 else None, state=state if share < 0.3 else None
                )
                statements.append(
                    Statement((content,), Kind.DIRECT, (cue,), (source,), speaker, confidence=0.9)
                )
            stances = tuple(
                Stance(
                    statements[which].speaker.name if statements[which].speaker else "",
                    next(targets),
                    _POSITIONS[int(next(chance) * 3)],
                    statements[which].content,
                    0.8,
                )
                for which in range(STANCES)
            )
            title = self._titles[titles[at]].capitalize()
            outlet = f"Outlet {feed}"
            lot.articles.append(
                {"id": article_id, "feed_id": feed, "key": str(article_id), "imported": False}
                | {"url": None, "url_key": None, "outlet": outlet, "outlet_key": outlet.lower()}
                | {"published": moment, "arrived": moment, "moment": moment, "version": 1, "briefed": 0}
            )
            lot.versions.append(
                {
                    "article_id": article_id,
                    "version": 1,
                    "seen": moment,
                    "title": title,
                    "text": "".join(page.parts),
                }
                | {"byline": None, "language": "en", "partial": False, "title_key": f" {title.lower()} "}
            )
            lot.entries.append(
                {
                    "feed_id": feed,
                    "key": str(article_id),
                    "article_id": article_id,
                    "fingerprint": "f",
                    "tries": 0,
                }
            )
            lot.briefs.append(
                Brief(article_id, 1, page.length, "en", statements=tuple(statements), stances=stances)
            )
        return lot


def _made_up(count: int, syllables: int) -> list[str]:
    """So many different words."""
    base, words = len(_SYLLABLES), []
    for number in range(count):
        word, rest = "", number * 7_919 % base**syllables + base**syllables
        for _ in range(syllables):
            rest, at = divmod(rest, base)
            word += _SYLLABLES[at]
        words.append(word + ("" if number < base**syllables else str(number // base**syllables)))
    return words


def _pairs(rng: np.random.Generator, count: int) -> list[tuple[str, str]]:
    first, last = _made_up(600, 2), _made_up(15_000, 3)
    pairs = zip(rng.integers(0, len(first), 2 * count), rng.integers(0, len(last), 2 * count), strict=True)
    return list(dict.fromkeys((first[a], last[b]) for a, b in pairs))[:count]
