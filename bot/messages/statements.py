"""Statements as a message: who said what, with the words and the source of each."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.messages.commands import format_command
from bot.messages.message import (
    Block,
    Choice,
    Form,
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
    plain,
)
from bot.messages.wording import anonymous, counted, kind_of, outlet_of, who, words
from news.answers import Quote, QuotePage
from news.queries import PAGE_SIZE, StatementQuery


def statements_message(page: QuotePage, timezone: str) -> Message:
    """One page of statements, newest first; where there is none, what to try."""
    blocks: tuple[Block, ...] = tuple(saying(quote) for quote in page.quotes) or _nothing(page)
    choices = (Choice("Older", _command(page)),) if page.more else ()
    return Message(_title(page), blocks, timezone=timezone, choices=choices)


def saying(quote: Quote) -> Saying:
    """A quote with everything that is known of it: how it was said, and the article it stands in."""
    labels = kind_of(quote) + (", anonymous" if anonymous(quote) else "")
    notes: list[Inline] = [Text(f"{labels} · ", Style.QUIET)]
    name = outlet_of(quote.outlet, quote.url, f"article {quote.article_key}")
    if quote.headline:
        notes += [Text(name), Text(" · ", Style.QUIET)]
    time = Moment(quote.when, Form.FULL) if quote.dated else Text("no date")
    notes += [time, Text(" · ", Style.QUIET)]
    label = quote.headline or name
    notes.append(Link(label, quote.url) if quote.url else Text(label))
    return Saying(who(quote), words(quote), tuple(notes))


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
    if not page.quotes or len(page.quotes) == page.total:
        return counted(page.total, "statement") + (", newest first" if page.total > 1 else "")
    first = page.query.offset + 1
    last = page.query.offset + len(page.quotes)
    shown = str(first) if first == last else f"{first}–{last}"
    return f"{shown} of {counted(page.total, 'statement')}, newest first"


def _nothing(page: QuotePage) -> tuple[Block, ...]:
    if page.total:
        return (Paragraph(plain("That page is past the last statement.")),)
    query = page.query
    found = Paragraph(plain("No such statement stands in the articles that are read here."))
    tips = [
        "a shorter name, such as the family name alone" if query.actor and " " in query.actor else "",
        "fewer words after about" if query.about and " " in query.about else "",
        "another word after about, or none" if query.about and query.actor and " " not in query.about else "",
        "no since or until" if query.since or query.until else "",
        "no outlet" if query.outlet else "",
    ]
    notes = [Note(plain(f"Try {tip}.")) for tip in tips if tip]
    return (found, *notes, Note(plain("The command feeds list shows what is read.")))


def _command(page: QuotePage) -> str:
    """The line that shows the next page."""
    query = page.query
    following = query.offset // PAGE_SIZE + 2
    options = {
        "actor": query.actor,
        "about": query.about,
        "since": _typed(query.since),
        "until": _typed(query.until),
        "outlet": query.outlet,
        "page": str(following),
    }
    return format_command("whosaid", {name: value for name, value in options.items() if value})


def _typed(moment: datetime | None) -> str | None:
    """A time as the grammar reads it, the same in every zone."""
    if moment is None:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
