"""Statements as a message: who said what, with the words and the source of each."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from bot.messages.commands import format_command
from bot.messages.message import (
    Block,
    Choice,
    Form,
    Hint,
    Inline,
    Line,
    Link,
    Message,
    Moment,
    Note,
    Paragraph,
    Saying,
    Style,
    Text,
    advice,
    plain,
)
from bot.messages.wording import anonymous, counted, kind_of, led_in, nobody, outlet_of, who, words
from news.actors import fold
from news.answers import Occasion, Quote, QuotePage, Telling
from news.queries import PAGE_SIZE, StatementQuery

OLDER = "Older"
NEWER = "Newer"
MOST_SOURCES = 6
"""Articles that are named for one statement; the others are counted."""
FEWEST_WORDS = 5
"""With fewer words a statement is shown with its sentence."""
LONGEST_SENTENCE = 400
_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")


def statements_message(page: QuotePage, timezone: str) -> Message:
    """One page of what was said, newest first; where there is nothing, what to try."""
    blocks: tuple[Block, ...] = tuple(map(saying, page.occasions)) or _nothing(page)
    return Message(_title(page), blocks, timezone=timezone, choices=_choices(page))


def saying(occasion: Occasion) -> Saying:
    """The fullest wording with everything that is known of it: how it was said, and the articles it stands in.

    What an article has no longer is marked before anything else is said of it.
    """
    quote = occasion.told.quote
    labels = kind_of(quote) + (", anonymous" if anonymous(quote) else "")
    several = len(occasion.tellings) > 1
    notes = _articles(occasion, labels) if several else _origin(quote, labels)
    return Saying(
        who(quote, own=occasion.own),
        words(quote),
        notes,
        context=_context(occasion.told),
        sources=_sources(occasion) if several else (),
    )


def _origin(quote: Quote, labels: str) -> Line:
    """The one article: its outlet, time and headline."""
    notes: list[Inline] = [*_lost(quote), Text(f"{labels} · ", Style.QUIET)]
    name = _outlet(quote)
    if quote.headline:
        notes += [Text(name), Text(" · ", Style.QUIET)]
    notes += [_time(quote), Text(" · ", Style.QUIET)]
    label = quote.headline or name
    notes.append(Link(label, quote.url) if quote.url else Text(label))
    return tuple(notes)


def _articles(occasion: Occasion, labels: str) -> Line:
    """How many there are, and how many of them have the words no longer."""
    articles = {telling.quote.article_id for telling in occasion.tellings}
    standing = {telling.quote.article_id for telling in occasion.tellings if telling.quote.gone is None}
    number, lost = counted(len(articles), "article"), len(articles - standing)
    if not standing:
        return (Text(f"! no longer in any of {number}", Style.STRONG), Text(f" · {labels}", Style.QUIET))
    told = Text(f"{labels} · in {number}", Style.QUIET)
    if not lost:
        return (told,)
    return (told, Text(f", {lost} of which no longer {'has' if lost == 1 else 'have'} it", Style.STRONG))


def _lost(quote: Quote) -> Line:
    """The mark of what an edit took out of its article, and since when it is known."""
    if quote.gone is None:
        return ()
    return (
        Text("! no longer in the article, taken out by ", Style.STRONG),
        Moment(quote.gone, Form.FULL),
        Text(" · ", Style.QUIET),
    )


def _sources(occasion: Occasion) -> tuple[Line, ...]:
    """Each article with its outlet, time and link, and with its own words where they are others."""
    told = _folded(occasion.told.quote)
    lines: list[Line] = []
    for quote in (telling.quote for telling in occasion.tellings[:MOST_SOURCES]):
        name = _outlet(quote)
        line: list[Inline] = [*_lost(quote), Link(name, quote.url) if quote.url else Text(name)]
        line += [Text(" · ", Style.QUIET), _time(quote)]
        if _folded(quote) != told:
            line += [Text(" · there: ", Style.QUIET), *words(quote)]
        lines.append(tuple(line))
    more = len(occasion.tellings) - MOST_SOURCES
    if more > 0:
        lines.append((Text(f"and {counted(more, 'more article')}", Style.QUIET),))
    return tuple(lines)


def _context(telling: Telling) -> Line:
    """The sentence of a statement that cannot be understood without it."""
    quote = telling.quote
    mention = quote.speaker.mention if quote.speaker else ""
    shown = f"{quote.words} {quote.cue} {mention}"
    complete = telling.begins or led_in(quote)
    return sentence_of(quote.words, telling.sentence_words, shown=shown, complete=complete)


def sentence_of(words: str, sentence: str, *, shown: str, complete: bool) -> Line:
    """The sentence of words that alone say too little, or that begin amid one (not `complete`); nothing where it adds
    nothing to what is shown."""
    if complete and len(_WORD.findall(words)) >= FEWEST_WORDS:
        return ()
    if set(_WORD.findall(fold(sentence))) <= set(_WORD.findall(fold(shown))):
        return ()
    sentence = " ".join(sentence.split())
    if len(sentence) > LONGEST_SENTENCE:
        sentence = sentence[:LONGEST_SENTENCE].rsplit(" ", 1)[0] + " …"
    return (Text(sentence, Style.QUIET),)


def _outlet(quote: Quote) -> str:
    return outlet_of(quote.outlet, quote.url, f"article {quote.article_key}")


def _time(quote: Quote) -> Inline:
    return Moment(quote.when, Form.FULL) if quote.dated else Text("no date")


def _folded(quote: Quote) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold(quote.words)))


def _title(page: QuotePage) -> Line:
    query = page.query
    line: list[Inline] = [Text(_subject(query), Style.STRONG)]
    if query.since:
        line += [Text(" since "), Moment(query.since, Form.FULL)]
    if query.until:
        line += [Text(" until "), Moment(query.until, Form.FULL)]
    return (*line, Text(f" · {_count(page)}"))


def _subject(query: StatementQuery) -> str:
    """`Marlow on the strike in Daily Herald`."""
    about = f"on {query.about}" if query.actor else f"On {query.about}"
    parts = (query.actor, about if query.about else None, f"in {query.outlet}" if query.outlet else None)
    return " ".join(part for part in parts if part)


def _count(page: QuotePage) -> str:
    if not page.total:
        return "no statements"
    total = counted(page.total, "statement")
    if not page.complete:
        total = f"more than {total}"
    shown = len(page.occasions)
    if not shown or shown == page.total:
        return total + (", newest first" if page.total > 1 else "")
    first, last = page.query.offset + 1, page.query.offset + shown
    return f"{first if shown == 1 else f'{first}–{last}'} of {total}, newest first"


def _nothing(page: QuotePage) -> tuple[Block, ...]:
    if page.total:
        return (Paragraph(plain("That page is past the last statement.")),)
    query = page.query
    found = Paragraph(plain("No such statement stands in the articles that are read here."))
    if page.like:
        return (found, nobody(query.actor or "", page.like))
    tips = [
        "a shorter name, such as the family name alone" if query.actor and " " in query.actor else "",
        "fewer words after about" if query.about and " " in query.about else "",
        "another word after about, or none" if query.about and query.actor and " " not in query.about else "",
        "no since or until" if query.since or query.until else "",
        "no outlet" if query.outlet else "",
    ]
    notes = [Note(plain(f"Try {tip}.")) for tip in tips if tip]
    return (found, *notes, advice(Hint("feeds list"), " shows what is read."))


def _choices(page: QuotePage) -> tuple[Choice, ...]:
    """The pages before and after; from beyond the end, the last one there is."""
    number = page.query.offset // PAGE_SIZE + 1
    last = max(1, -(-page.total // PAGE_SIZE))
    choices = []
    if page.more:
        choices.append(Choice(OLDER, _command(page.query, number + 1)))
    if number > 1:
        choices.append(Choice(NEWER, _command(page.query, min(number - 1, last))))
    return tuple(choices)


def _command(query: StatementQuery, number: int) -> str:
    """The line that shows another page."""
    options = {
        "actor": query.actor,
        "about": query.about,
        "since": as_typed(query.since),
        "until": as_typed(query.until),
        "outlet": query.outlet,
        "page": str(number) if number > 1 else None,
    }
    return format_command("whosaid", {name: value for name, value in options.items() if value})


def as_typed(moment: datetime | None) -> str | None:
    """A time as the grammar reads it, the same in every zone."""
    if moment is None:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
