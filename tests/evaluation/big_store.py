"""A big store of made-up articles: a year of two hundred feeds, which twenty workspaces follow.

Events have one to forty articles in several outlets, some of them copies; they share names, quotations and figures.
Articles of the newest thirty days are whole; older ones have a short text and one statement, which keeps the store
small.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from news.actors import fold
from storage.ids import new_id
from storage.indexing import rebuild
from storage.search import spaced_key, spaced_words
from storage.sqlite import BEGIN
from storage.tables import (
    ArticleRow,
    BriefRow,
    EntryRow,
    FeedRow,
    FollowRow,
    Row,
    StatementRow,
    StoryRow,
    VersionRow,
    WorkspaceRow,
)

END = datetime(2025, 1, 1, tzinfo=UTC)
"""When the year ends, and digests are asked for."""
_YEAR, _WHOLE, _LONGEST = timedelta(days=365), timedelta(days=30), timedelta(hours=36)
_FEEDS, _WORKSPACES, _FOLLOWED = 200, 20, 60
_PER_LOT = 10_000
_SENTENCES, _OLD_SENTENCES = 25, 2
"""Of an article; each has about 140 characters."""
_STATEMENTS, _OLD_STATEMENTS, _QUOTES = 8, 1, 10
_COPIES, _EDITED, _TWICE, _WRONG = 0.15, 0.03, 0.15, 0.03
"""Shares of articles that are copies, were edited, and came by a second feed; of quotations with another speaker."""
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
]
_CUES = ["said", "told", "added", "warned", "announced"]

Values = dict[str, Any]
Lot = defaultdict[type[Row], list[Values]]


@dataclass(frozen=True)
class Told:
    """Some text and its words as the store keeps them."""

    text: str
    words: str


@dataclass
class Wire:
    """What words, names and sentences are made of: each is drawn from many, made up once."""

    rng: random.Random
    words: list[str] = field(default_factory=list)
    names: list[Told] = field(default_factory=list)
    sentences: list[Told] = field(default_factory=list)
    quotes: list[Told] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.words = sorted({self._word(self.rng.randint(2, 4)) for _ in range(9_000)})
        self.rng.shuffle(self.words)
        self.names = [_told(f"{self._word(2).title()} {self._word(3).title()}") for _ in range(4_000)]
        self.sentences = [_told(f"{self.phrase(20).capitalize()}.") for _ in range(40_000)]
        self.quotes = [_told(f"“{self.phrase(14).capitalize()},”") for _ in range(40_000)]

    def phrase(self, count: int) -> str:
        """So many words, the first ones of the vocabulary far oftener than the last."""
        words, random_ = self.words, self.rng.random
        return " ".join([words[int(len(words) * random_() ** 3)] for _ in range(count)])

    def _word(self, syllables: int) -> str:
        return "".join(self.rng.choices(_SYLLABLES, k=syllables))


def _told(text: str) -> Told:
    return Told(text, spaced_words(text))


@dataclass
class _Event:
    """What the articles of one event share, and the first of them."""

    story_id: int
    names: list[Told]
    quotes: list[Told]
    thing: Told
    amounts: tuple[int, int]
    first: int | None = None
    told: tuple[Told, list[Values], Values] | None = None


def _sizes(count: int, rng: random.Random) -> list[int]:
    """How many articles each event has: most a few, some dozens; so many in all."""
    sizes: list[int] = []
    left = count
    while left > 0:
        sizes.append(min(left, 40, int(rng.paretovariate(1.2) * 1.4)))
        left -= sizes[-1]
    return sizes


def _schedule(count: int, rng: random.Random) -> list[tuple[datetime, int]]:
    """When each article appears, and of which event it is; oldest first."""
    sizes = _sizes(count, rng)
    found = []
    for event, size in enumerate(sizes):
        began = END - _YEAR + _YEAR * event / len(sizes)
        reach = min(_LONGEST, END - began)
        found += [(began + reach * rng.random() ** 2, event) for _ in range(size)]
    return sorted(found)


class Filler:
    """Makes the rows of one article after the other."""

    def __init__(self, count: int, seed: int = 1) -> None:
        self._rng = random.Random(seed)
        self._wire = Wire(self._rng)
        self._count = count
        self._events: dict[int, _Event] = {}
        self.lot: Lot = defaultdict(list)

    def lots(self) -> Iterator[Lot]:
        """The rows to insert, ten thousand articles at a time."""
        self._frame()
        for at, (moment, event) in enumerate(_schedule(self._count, self._rng), start=1):
            self._article(moment, event)
            if at % _PER_LOT == 0 or at == self._count:
                lot, self.lot = self.lot, defaultdict(list)
                yield lot

    def _frame(self) -> None:
        """Workspaces, feeds, and who follows what; the first workspace is the terminal's `local`."""
        for number in range(1, _WORKSPACES + 1):
            name = "local" if number == 1 else f"workspace {number}"
            self.lot[WorkspaceRow].append(
                {"id": number, "platform": "terminal", "external_id": name, "timezone": "UTC"}
            )
            self.lot[FollowRow] += [
                {"workspace_id": number, "feed_id": feed}
                for feed in self._rng.sample(range(1, _FEEDS + 1), _FOLLOWED)
            ]
        for number in range(1, _FEEDS + 1):
            url = f"https://outlet-{number}.example/feed"
            feed = {"id": number, "url": url, "url_key": url, "outlet": f"Outlet {number}", "failures": 0}
            self.lot[FeedRow].append(feed | {"ended": False})

    def _event(self, number: int, moment: datetime) -> _Event:
        event = self._events.get(number)
        if event is None:
            amount = self._rng.randint(20, 900)
            event = self._events[number] = _Event(
                story_id=new_id(moment),
                names=self._rng.sample(self._wire.names, 4),
                quotes=self._rng.sample(self._wire.quotes, _QUOTES),
                thing=_told(self._wire.phrase(1)),
                amounts=(amount, amount + self._rng.randint(1, amount)),
            )
            self.lot[StoryRow].append({"id": event.story_id, "told": None})
            self._events.pop(number - 4_000, None)
        return event

    def _article(self, moment: datetime, number: int) -> None:
        rng, event = self._rng, self._event(number, moment)
        quote = rng.choice(event.quotes)
        article_id, feed = new_id(moment), rng.randint(1, _FEEDS)
        copied = event.told is not None and rng.random() < _COPIES
        text, statements, brief = event.told if copied and event.told else self._words(event, moment)
        if event.told is None:
            event.first, event.told = article_id, (text, statements, brief)
        edited = rng.random() < _EDITED
        self._file(article_id, event, moment, feed=feed, edited=edited, copied=copied)
        title = Told(f"{event.names[0].text}: {quote.text}", event.names[0].words + quote.words)
        seen = moment + timedelta(hours=2) if edited else moment
        self.lot[VersionRow].append(
            {"article_id": article_id, "version": 1 + edited, "seen": seen}
            | {"title": title.text, "text": text.text, "byline": None, "language": "en", "partial": False}
            | {"title_key": title.words}
        )
        self.lot[BriefRow].append(brief | {"article_id": article_id, "version": 1 + edited})
        for position, statement in enumerate(statements):
            told = {"id": new_id(moment), "article_id": article_id, "position": position, "moment": moment}
            self.lot[StatementRow].append(statement | told | {"outlet_key": f"outlet {feed}"})

    def _file(
        self, article_id: int, event: _Event, moment: datetime, *, feed: int, edited: bool, copied: bool
    ) -> None:
        """The article's own row, and its entries."""
        outlet, url = f"Outlet {feed}", f"https://outlet-{feed}.example/{article_id}"
        self.lot[ArticleRow].append(
            {"id": article_id, "feed_id": feed, "key": str(article_id), "imported": False, "url": url}
            | {"url_key": url, "outlet": outlet, "outlet_key": fold(outlet), "published": moment}
            | {"arrived": moment, "moment": moment, "version": 1 + edited, "briefed": 1 + edited}
            | {"story_id": event.story_id, "copy_of": event.first if copied else None, "placed": moment}
        )
        feeds = {feed} | ({self._rng.randint(1, _FEEDS)} if self._rng.random() < _TWICE else set())
        self.lot[EntryRow] += [
            {"feed_id": feed, "key": url, "article_id": article_id, "fingerprint": "f"} for feed in feeds
        ]

    def _words(self, event: _Event, moment: datetime) -> tuple[Told, list[Values], Values]:
        """A text, its statements and its brief."""
        whole = moment >= END - _WHOLE
        rng, text, words = self._rng, "", ""
        summary, statements, figures = [], [], []
        said = iter(rng.sample(range(_QUOTES), _STATEMENTS if whole else _OLD_STATEMENTS))
        for at in range(_SENTENCES if whole else _OLD_SENTENCES):
            start, told = len(text), rng.choice(self._wire.sentences)
            if at % 3 == 1 and (which := next(said, None)) is not None:
                quote, cue = event.quotes[which], rng.choice(_CUES)
                name = event.names[(which + (rng.random() < _WRONG)) % len(event.names)]
                told = Told(f"{quote.text} {name.text} {cue}.", f"{quote.words}{name.words}{cue} ")
                statements.append(_statement(start, quote, name, cue))
            elif at % 6 == 2:
                amount = rng.choices(event.amounts, (5, 1))[0]
                told, figure = _figure(start, amount, event, told, len(figures))
                figures.append(figure)
            text, words = text + told.text, words + told.words
            if at < 3:
                summary.append({"text": told.text, "span": {"start": start, "end": len(text)}})
            text += "\n\n"
        flags = [{"kind": "headline", "detail": "No statement in it.", "spans": []}] * (rng.random() < 0.05)
        brief = {"length": len(text), "language": "en", "summary": summary, "flags": flags}
        return (
            Told(text, words),
            statements,
            brief | {"figures": figures, "engines": {"statements": "made up"}},
        )


def _statement(start: int, quote: Told, name: Told, cue: str) -> Values:
    end = start + len(quote.text)
    source = [end + 1, end + 1 + len(name.text)]
    return {
        "kind": "direct",
        "mode": "speech",
        "confidence": 0.95,
        "speaker_name": name.text,
        "mention": name.text,
        "affiliation": None,
        "anonymous": False,
        "speaker_key": spaced_key(name.text),
        "affiliation_key": "",
        "state": None,
        "state_key": "",
        "content_words": quote.words,
        "cue_words": f" {cue} ",
        "spans": {
            "content": [[start, end]],
            "source": [source],
            "cue": [[source[1] + 1, source[1] + 1 + len(cue)]],
        },
    }


def _figure(start: int, amount: int, event: _Event, before: Told, number: int) -> tuple[Told, Values]:
    """A sentence with a sum of money, and the figure in it: an event has a few, which all its articles give."""
    lead = before.text[:-1]
    value, what = f"${amount} million", f"the {event.thing.text} of {event.names[0].text}"
    text = f"{lead} {value} for {what}."
    at = start + len(lead) + 1
    figure = {
        "kind": "money",
        "value": amount * 1_000_000.0,
        "unit": "USD",
        "span": {"start": at, "end": at + len(value)},
        "clause": {"start": start, "end": start + len(text)},
        "head": event.thing.text + (str(number) if number else ""),
        "names": event.names[0].words.split(),
        "words": before.words.split()[-6:],
        "what": [{"start": at + len(value) + 5, "end": start + len(text) - 1}],
    }
    return Told(text, f"{before.words}{amount} million for {what} ".lower()), figure


async def fill(engine: AsyncEngine, count: int) -> None:
    """Puts so many articles into an empty store."""
    sqlite = engine.dialect.name == "sqlite"
    async with engine.execution_options(**{BEGIN: ""}).connect() as connection:
        if sqlite:
            await connection.exec_driver_sql("PRAGMA synchronous=OFF")
        for lot in Filler(count).lots():
            if sqlite:
                await connection.exec_driver_sql("BEGIN IMMEDIATE")
            rows = {kind.__tablename__: values for kind, values in lot.items()}
            for table in Row.metadata.sorted_tables:
                if table.name in rows:
                    await connection.execute(insert(table), rows[table.name])
            await connection.commit()
        async with AsyncSession(connection) as session:
            await rebuild(session)
        await connection.commit()
        await connection.exec_driver_sql("ANALYZE")
        await connection.commit()
