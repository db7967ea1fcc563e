"""Whole digests of hostile, endless and foreign words, for tests of how platforms show them.

Every text that a reader should see whole begins and ends with a tag of its own, so that a test can tell whether
it was shown, left out, or cut in two.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import TypeVar

from hypothesis import strategies as st

from news.answers import Quote
from news.articles import ArticleId
from news.digests import (
    Caution,
    Difference,
    DifferenceSide,
    Digest,
    DigestStory,
    FeedHealth,
    Matter,
    Retitled,
    Said,
    Shift,
    Source,
    Window,
    Withdrawn,
)
from news.ledger import Evidence
from news.passages import Passage
from news.spans import Span
from news.stances import Position, Stance
from news.statements import Kind, Mode, Speaker
from news.stories import StoryId
from tests.bot.samples import KYIV, MORNING

ACTING = (
    "@everyone @here <@1> <@&2> <#3> </ban:1>",
    "](https://evil.example) [x](https://evil.example)",
    "https://evil.example/ discord://x javascript:alert(1)",
    "**b** __u__ ~~s~~ ||p|| `c` ```\ncode\n```",
    "# big\n## big\n-# small\n> quoted\n>>> all\n- one\n1. two",
    ":skull: <:a:1> <t:0:R> <id:browse>",
    "\x1b[31m\x1b[2J\x1b]8;;https://evil.example\x07 \x9b31m",
    "[bold]x[/bold] [link=https://evil.example]y[/link]",
    "\u202eright to left\u2066 \u200bzero\u200d \u2060\ufeff \u00ad",
    "nul\x00 half\ud83d pair\udc00 \x7f\x85\u2028\u2029",
    "line\r\nline\n\n\nline\ttab\v\f",
    "\\ \\\\ \\[1\\] [1] [99999999999999999999]",
    "<!channel> <script>alert(1)</script> &amp;",
)
FOREIGN = (
    "قال الوزير إن الإضراب انتهى",
    "部长称港口罢工已经结束，渡轮将于周一恢复",
    "รัฐมนตรีกล่าวว่าการนัดหยุดงานสิ้นสุดลงแล้ว",
    "मंत्री ने कहा कि हड़ताल समाप्त हो गई है",
    "Ο υπουργός είπε ότι η απεργία τελείωσε",
    "🚢👩‍👩‍👧‍👦🏴\U000e0067\U000e0062🇺🇦👍🏽",
    "Z̴̡̛͚͔a̶̧͓̽l̷̡͝g̸̢͠o̵͎͝ e\u0301\u0301\u0301",
    "ǅ ﬁ İ ß \ud7a3 \u1100\u1161\u11a8",
)
WORDS = st.one_of(
    st.sampled_from(ACTING + FOREIGN),
    st.text(max_size=30),
    st.lists(st.sampled_from(ACTING + FOREIGN) | st.text(max_size=5), max_size=4).map(" ".join),
    st.integers(1, 700).map(lambda n: "word* " * n),
    st.integers(1, 300).map(lambda n: "x" * n),
)
URLS = (
    "{}",
    "https://outlet.example/{}",
    "https://{}/1",
    "https://outlet.example/2025/03/harbour",
    "https://outlet.example/" + "a" * 500,
    "https://outlet.example/" + "a" * 1500,
)
MOMENTS = (
    datetime(1970, 1, 1, tzinfo=UTC),
    MORNING - timedelta(days=400),
    MORNING - timedelta(days=1),
    MORNING - timedelta(hours=2),
    datetime(2999, 12, 31, tzinfo=UTC),
)
SPANS = (Span(0, 5),)
CAUTIONS = ("", "headline not borne out by its text: ")
SEVERAL = st.lists(WORDS, min_size=1, max_size=8)
"""Words that a digest is made of, for `digest_of`."""
T = TypeVar("T")


def tagged(number: int, words: str) -> str:
    """The words between their tags."""
    return f"A{number:04}A {words} Z{number:04}Z"


def cut(shown: str) -> set[str]:
    """The tags of the texts of which only the beginning or only the end is shown."""
    ends = {end: set(re.findall(rf"{end}([0-9]{{4}}){end}", shown)) for end in "AZ"}
    return ends["A"] ^ ends["Z"]


def acting(shown: str) -> list[str]:
    """Characters that do something instead of being read, but for line ends."""
    return [c for c in shown if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") and c != "\n"]


def names_in(digest: Digest) -> list[str]:
    """The opening tags of the stories' names."""
    return [story.name[:6] for story in digest.stories]


def digest_of(chosen: Random, words: Sequence[str], *, most: int) -> Digest:
    """A digest of any make that composing can give, of these words, with at most so many stories."""
    return _Maker(chosen, words).digest(most)


class _Maker:
    """Makes the parts of one digest."""

    def __init__(self, chosen: Random, words: Sequence[str]) -> None:
        self._chosen, self._words, self._numbers = chosen, words, count()

    def digest(self, most: int) -> Digest:
        """All of it."""
        stories = tuple(self.story() for _ in range(self.up_to(most)))
        failing = tuple((self.words(), self.moment()) for _ in range(self.up_to(5)))
        return Digest(
            title=self.tagged(),
            window=Window(MOMENTS[0], self.moment()),
            timezone=self._chosen.choice((KYIV, "UTC", "America/St_Johns")),
            stories=stories,
            articles=len(stories),
            outlets=self.up_to(99),
            left_out=self.up_to(99),
            unchanged=self.up_to(9),
            health=FeedHealth(self.up_to(9), failing),
            narrowed=self._chosen.choice(("", self.words())),
            positions=tuple(self.shift(()) for _ in range(self.up_to(2))),
        )

    def story(self) -> DigestStory:
        """With sources for all its marks."""
        sources = tuple(self.source(mark) for mark in range(1, 2 + self.up_to(11)))
        marks = [source.mark for source in sources]
        return DigestStory(
            story_id=StoryId(1),
            name=self.tagged(),
            outlets=len(sources),
            articles=len(sources) + self.up_to(99),
            summary=tuple(
                Passage(self.tagged(), self.perhaps(SPANS[0]), self._chosen.choice(marks))
                for _ in range(self.up_to(3))
            ),
            said=tuple(Said(self.quote(), self.some(marks)) for _ in range(self.up_to(4))),
            sources=sources,
            copies=self.up_to(5),
            since=self.perhaps(self.moment()),
            differences=tuple(self.difference(marks) for _ in range(self.up_to(2))),
            cautions=tuple(
                Caution(self._chosen.choice(marks), self._chosen.choice(CAUTIONS) + self.tagged())
                for _ in range(self.up_to(2))
            ),
            withdrawn=tuple(
                Withdrawn(self._chosen.choice(marks), ArticleId(1), self.quote(), self.moment())
                for _ in range(self.up_to(4))
            ),
            retitled=tuple(
                Retitled(self._chosen.choice(marks), self.tagged(), self.tagged())
                for _ in range(self.up_to(2))
            ),
            positions=tuple(self.shift(self.some(marks)) for _ in range(self.up_to(3))),
        )

    def shift(self, marks: tuple[int, ...]) -> Shift:
        """A position with or without one before, and evidence that may lack what it may lack."""
        said, position = self.tagged(), self._chosen.choice(tuple(Position))
        evidence = Evidence(
            Stance(self.seen(), self.seen(), position, SPANS),
            said,
            Span(0, 9),
            self.words(),
            ArticleId(self.up_to(3)),
            self.words(),
            self.perhaps(self.words()),
            self.perhaps(self.words()),
            self.perhaps(self._chosen.choice(URLS).format(self.words())),
            self.moment(),
            self._chosen.random() < 0.7,
        )
        before = self._chosen.choice((None, *Position))
        until = self.moment() if before else None
        return Shift(self.tagged(), self.tagged(), position, self.moment(), evidence, marks, before, until)

    def source(self, mark: int) -> Source:
        """With or without all that it may lack."""
        return Source(
            mark=mark,
            article_id=ArticleId(mark),
            article_key=self.words(),
            version=1,
            headline=self.words(),
            outlet=self.perhaps(self.words()),
            url=self.perhaps(self._chosen.choice(URLS).format(self.words())),
            when=self.moment(),
            dated=self._chosen.random() < 0.7,
            copy_of=self.perhaps(1 + self.up_to(11)),
        )

    def quote(self) -> Quote:
        """Of any kind; its reporting words before, behind or nowhere."""
        said = self.tagged()
        speaker = Speaker(
            self.tagged(), self.tagged(), self.perhaps(self.seen()), self._chosen.random() < 0.3
        )
        return Quote(
            words=said,
            cue=self.words(),
            speaker=self.perhaps(speaker),
            kind=self._chosen.choice(tuple(Kind)),
            mode=Mode.SPEECH,
            venue=self.perhaps(self.seen()),
            confidence=1.0,
            article_id=ArticleId(1),
            article_key="a",
            headline=None,
            outlet=None,
            url=None,
            when=MORNING,
            content=(Span(20, 20 + len(said)),),
            cue_spans=self._chosen.choice(((), (Span(0, 4),), (Span(90_000, 90_004),))),
        )

    def difference(self, marks: Sequence[int]) -> Difference:
        """Of two sides; sometimes the first one's sentence has its words beside what they are of."""
        what, words = self.tagged(), self.tagged()
        evidence = self._chosen.choice((f"{words} {what}", f"{what} {words}", self.words()))
        sides = (
            DifferenceSide(words, self.some(marks), evidence, SPANS),
            DifferenceSide(self.tagged(), self.some(marks), self.words(), SPANS),
        )
        return Difference(self._chosen.choice(tuple(Matter)), what, sides)

    def words(self) -> str:
        """Any of the words."""
        return self._chosen.choice(self._words)

    def seen(self) -> str:
        """Words that show, as venues and affiliations always are."""
        return self.words().strip() or "here"

    def tagged(self) -> str:
        """Words between tags of their own."""
        return tagged(next(self._numbers), self.words())

    def moment(self) -> datetime:
        """Some time."""
        return self._chosen.choice(MOMENTS)

    def up_to(self, most: int) -> int:
        """A number, at most that one."""
        return self._chosen.randint(0, most)

    def some(self, marks: Sequence[int]) -> tuple[int, ...]:
        """One to four of the marks."""
        return tuple(self._chosen.sample(marks, min(len(marks), 1 + self.up_to(3))))

    def perhaps(self, value: T) -> T | None:
        """The value, or nothing."""
        return value if self._chosen.random() < 0.7 else None


def endless(*, stories: int = 25, sources: int = 12, statements: int = 4) -> Digest:
    """The longest digest: each statement a sentence of 1,000 characters, each address one of 500."""
    numbers = count()
    chosen = Random(7)

    def words(length: int) -> str:
        said = " ".join("".join(chosen.choices("abcdefgh", k=8)) for _ in range(length // 9))
        return tagged(next(numbers), said)

    def source(mark: int) -> Source:
        url = f"https://outlet-{mark}.example/" + "harbour-" * 60
        return Source(
            mark,
            ArticleId(mark),
            f"a{mark}",
            1,
            words(80),
            f"Outlet {mark}",
            url,
            MORNING - timedelta(hours=mark),
        )

    def said(mark: int) -> Said:
        quote = Quote(
            words(1000), "", Speaker(words(20), "he"), Kind.DIRECT, Mode.SPEECH, None, 1.0,
            ArticleId(mark), f"a{mark}", None, None, None, MORNING, SPANS,
        )  # fmt: skip
        return Said(quote, (mark, mark + 1))

    told = tuple(
        DigestStory(
            StoryId(number),
            words(90),
            sources,
            sources + 30,
            tuple(Passage(words(1000), SPANS[0], mark) for mark in (1, 2, 3)),
            tuple(said(mark) for mark in range(1, statements + 1)),
            tuple(source(mark) for mark in range(1, sources + 1)),
        )
        for number in range(stories)
    )
    return Digest("Digest", Window(MORNING - timedelta(days=1), MORNING), KYIV, told, 300, 12, left_out=4)
