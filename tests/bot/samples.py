"""Invented digests, quotes and pages for tests of messages and of their renderings."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.messages.message import Line, Message, Moment, Note
from news.answers import Occasion, Quote, QuotePage, Telling
from news.articles import ArticleId
from news.digests import (
    Caution,
    Difference,
    DifferenceSide,
    Digest,
    DigestStory,
    FeedHealth,
    Matter,
    Passage,
    Retitled,
    Said,
    Source,
    Window,
    Withdrawn,
)
from news.queries import StatementQuery
from news.spans import Span
from news.statements import Kind, Mode, Speaker
from news.stories import StoryId

MORNING = datetime(2025, 3, 12, 7, 0, tzinfo=UTC)
KYIV = "Europe/Kyiv"

MARLOW = Speaker("Edda Marlow", "port minister Edda Marlow", affiliation="Port Ministry")
OKAFOR = Speaker("Tobin Okafor", "he")
OFFICIAL = Speaker("a senior official", "a senior official", anonymous=True)


def a_quote(
    words: str = "“There is no strike to settle,”",
    *,
    cue: str = "",
    cue_at: int | None = None,
    speaker: Speaker | None = MARLOW,
    kind: Kind = Kind.DIRECT,
    mode: Mode = Mode.SPEECH,
    venue: str | None = None,
    headline: str | None = "Minister sees “no strike to settle” in harbour",
    outlet: str | None = "Daily Herald",
    url: str | None = "https://herald.example/harbour",
    when: datetime = MORNING - timedelta(minutes=50),
    start: int = 100,
) -> Quote:
    """A quote whose content begins at `start`; its cue begins at `cue_at`."""
    return Quote(
        words=words,
        cue=cue,
        speaker=speaker,
        kind=kind,
        mode=mode,
        venue=venue,
        confidence=1.0,
        article_id=ArticleId(7),
        article_key="a7",
        headline=headline,
        outlet=outlet,
        url=url,
        when=when,
        content=(Span(start, start + len(words)),),
        cue_spans=(Span(cue_at, cue_at + len(cue)),) if cue_at is not None else (),
    )


def a_source(
    mark: int, outlet: str | None, *, hours: float = 1, url: str | None = "https://{}.example/{}"
) -> Source:
    """An article published `hours` before the digest."""
    host = (outlet or "somewhere").lower().replace(" ", "-")
    return Source(
        mark=mark,
        article_id=ArticleId(mark),
        article_key=f"a{mark}",
        version=1,
        headline=f"Headline {mark}",
        outlet=outlet,
        url=url.format(host, f"2025/03/{mark}") if url else None,
        when=MORNING - timedelta(hours=hours),
    )


def a_story(**changes: object) -> DigestStory:
    """Four articles in three outlets, three statements."""
    values: dict[str, object] = {
        "story_id": StoryId(1),
        "name": "Minister sees “no strike to settle” in harbour",
        "outlets": 3,
        "articles": 4,
        "summary": (
            Passage(
                "Port minister Edda Marlow told the Northern Wire on Tuesday that there is “no strike to settle” "
                "in the harbour, where cranes have stood still since Friday.",
                Span(0, 150),
                1,
            ),
            Passage(
                "Dock leader Tobin Okafor suggested that work could resume within a week if the night shifts are "
                "paid in full.",
                Span(10, 120),
                2,
            ),
        ),
        "said": (
            Said(a_quote(venue="the Northern Wire"), (1, 2)),
            Said(
                a_quote(
                    "that work could resume within a week if the night shifts are paid in full",
                    cue="said",
                    cue_at=95,
                    speaker=OKAFOR,
                    kind=Kind.INDIRECT,
                ),
                (2,),
            ),
            Said(
                a_quote(
                    "the talks had “never really begun”",
                    cue="denied",
                    cue_at=160,
                    speaker=OFFICIAL,
                    kind=Kind.MIXED,
                ),
                (3,),
            ),
        ),
        "sources": (
            a_source(1, "Daily Herald", hours=0.8),
            a_source(2, "Northern Wire", hours=1.1),
            a_source(3, "Kurier", hours=11, url=None),
            a_source(4, None, hours=2),
        ),
    }
    return DigestStory(**(values | changes))  # type: ignore[arg-type]


def a_digest(**changes: object) -> Digest:
    """Two stories, one of them in scripts of wide characters, and a failing feed."""
    second = a_story(
        story_id=StoryId(2),
        name="港湾スト、三日目に入る 🚢 — ferries to the islands are cancelled until further notice, operators say",
        outlets=1,
        articles=1,
        summary=(Passage("The ferries stay in port.", None, 1),),
        said=(
            Said(
                a_quote(
                    "「港は動かない」", speaker=Speaker("田中 春", "田中氏", affiliation="the Ferry Line")
                ),
                (1,),
            ),
        ),
        sources=(a_source(1, "夕刊みなと", hours=3),),
    )
    values: dict[str, object] = {
        "title": "Morning digest",
        "window": Window(MORNING - timedelta(days=1), MORNING),
        "timezone": KYIV,
        "stories": (a_story(), second),
        "articles": 5,
        "outlets": 4,
        "left_out": 2,
        "health": FeedHealth(12, (("Harbour Post", MORNING - timedelta(days=2)),)),
    }
    return Digest(**(values | changes))  # type: ignore[arg-type]


def a_full_digest() -> Digest:
    """What a digest can hold: news of a known story, differences, cautions, copies, what is generated or left out."""
    baker = Speaker("baker", "A baker")
    figures = (
        DifferenceSide("At least 21", (1,), "At least 21 cranes were lost, it said.", (Span(0, 38),)),
        DifferenceSide("Seventeen", (2, 3), "Seventeen cranes were lost.", (Span(0, 27),)),
    )
    sums = (
        DifferenceSide("$750 million", (1,), "It asked for $750 million.", (Span(0, 26),)),
        DifferenceSide("$725 million", (2,), "The sum is $725 million.", (Span(0, 24),)),
    )
    speakers = (
        DifferenceSide("Tobin Okafor", (1,), "“The night shifts are no longer paid,”", (Span(50, 88),)),
        DifferenceSide("Edda Marlow", (4,), "‘The night shifts are no longer paid’", (Span(60, 97),)),
    )
    missing = "headline not borne out by its text: "
    known = a_story(
        since=MORNING - timedelta(days=1),
        outlets=6,
        articles=9,
        copies=3,
        summary=(*a_story().summary, Passage("The dockers want nine per cent.", None, 2)),
        said=(*a_story().said, Said(a_quote("“We heard it before we saw it,”", speaker=baker), (4,))),
        sources=(
            *a_story().sources,
            *(replace(a_source(mark, f"Harbour Post {mark}", hours=mark), copy_of=1) for mark in (5, 6)),
        ),
        differences=(
            Difference(Matter.FIGURE, "cranes were lost", figures),
            Difference(Matter.FIGURE, "the harbour package", sums),
            Difference(Matter.SPEAKER, "“The night shifts are no longer paid,”", speakers),
        ),
        cautions=(
            Caution(1, f"{missing}no statement by Marlow in it", (Span(0, 40),)),
            Caution(1, f"{missing}no 40 in it", (Span(0, 40),)),
        ),
    )
    again = a_story(
        story_id=StoryId(3),
        name="Ferries stay in port",
        since=MORNING - timedelta(hours=5),
        summary=(),
        articles=4,
    )
    failing = tuple((f"Feed {days}", MORNING - timedelta(days=days)) for days in range(1, 6))
    return a_digest(
        stories=(known, again),
        unchanged=2,
        left_out=3,
        health=FeedHealth(12, failing),
        narrowed="about harbour",
    )


def a_page(*quotes: Quote, total: int | None = None, **asked: object) -> QuotePage:
    """A page of answers to a question about Marlow, each told by one article."""
    query = StatementQuery(**({"actor": "Marlow"} | asked))  # type: ignore[arg-type]
    return QuotePage(query, tuple(map(an_occasion, quotes)), len(quotes) if total is None else total)


def a_telling(quote: Quote, sentence: str | None = None, *, begins: bool = True) -> Telling:
    """The quote in its sentence, which holds nothing else unless one is given."""
    start = quote.content[0].start
    words = sentence or quote.words
    return Telling(quote, Span(start, start + len(words)), words, begins)


def an_occasion(quote: Quote, *others: Quote, own: bool | None = None) -> Occasion:
    """What the first quote tells in full, and the others too, each in an article of its own."""
    told = a_telling(quote)
    apart = (replace(one, article_id=ArticleId(100 + at)) for at, one in enumerate(others))
    return Occasion(told, (told, *map(a_telling, apart)), own)


def three_quotes() -> tuple[Quote, ...]:
    """Direct, reported and thought; with and without address, headline and outlet."""
    return (
        a_quote(venue="the Northern Wire"),
        a_quote(
            "that work could resume within a week if the night shifts are paid in full",
            cue="said",
            cue_at=95,
            kind=Kind.INDIRECT,
            outlet="Northern Wire",
            url="https://northern-wire.example/2025/03/a-rather-long-address/that-must-never-be-broken/harbour-1",
            headline=None,
        ),
        a_quote(
            "the night shifts were a mistake",
            cue="had thought",
            cue_at=80,
            speaker=None,
            kind=Kind.INDIRECT,
            mode=Mode.THOUGHT,
            outlet=None,
            url=None,
        ),
    )


def an_edited_story(**changes: object) -> DigestStory:
    """A known story of which edits took four statements and a headline away."""
    yesterday = MORNING - timedelta(hours=11)
    reported = a_quote(
        "that work could resume within a week", cue="said", cue_at=95, speaker=OKAFOR, kind=Kind.INDIRECT
    )
    values: dict[str, object] = {
        "since": MORNING - timedelta(days=1),
        "withdrawn": (
            Withdrawn(1, ArticleId(1), a_quote(), MORNING - timedelta(minutes=20)),
            Withdrawn(3, ArticleId(3), reported, yesterday),
            *(Withdrawn(2, ArticleId(2), a_quote(f"“Word {n},”"), yesterday) for n in (1, 2)),
        ),
        "retitled": (
            Retitled(2, "Minister sees “no strike to settle” in harbour", "Minister meets the dockers"),
        ),
    }
    return a_story(**(values | changes))


def an_occasion_that_one_lost(*, all_of_them: bool = False) -> Occasion:
    """A statement that one outlet has no longer, or neither of the two."""
    gone = MORNING - timedelta(minutes=20)
    short = a_quote("“There is no strike,”", outlet="Northern Wire", url="https://northern-wire.example/1")
    told = a_telling(replace(short, article_id=ArticleId(8), gone=gone if all_of_them else None))
    return Occasion(told, (a_telling(replace(a_quote(), gone=gone)), told))


def an_occasion_of_three() -> Occasion:
    """One quotation in three outlets, one of which has a part of it only; none of it can be understood alone."""
    fullest = a_quote(
        "“in good time, and not before the frost is out of the ground,”", outlet="Northern Wire"
    )
    part = a_quote(
        "‘not before the frost is out’",
        outlet="Kurier",
        url="https://kurier.example/1",
        when=MORNING - timedelta(hours=3),
    )
    other = a_quote('"in good time, and not before the frost is out of the ground"', outlet=None, url=None)
    sentence = f"Dredging would begin {fullest.words} the minister said."
    told = a_telling(fullest, sentence, begins=False)
    others = (replace(one, article_id=ArticleId(at)) for at, one in enumerate((other, part)))
    return Occasion(told, (told, *map(a_telling, others)), own=True)


def told(line: Line) -> str:
    """The line's words; moments by their form."""
    return "".join(f"<{i.form}>" if isinstance(i, Moment) else i.text for i in line)


def notes(message: Message) -> list[str]:
    """The words of the message's notes."""
    return [told(block.line) for block in message.blocks if isinstance(block, Note)]
