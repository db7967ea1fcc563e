"""What one article says: its summary and its statements."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages.message import (
    Block,
    Form,
    Heading,
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
from bot.messages.positions import NOW, SIGNS
from bot.messages.wording import kind_of, who, words
from news.answers import Quote, quote_of
from news.articles import Article
from news.briefs import Brief, SummarySentence
from news.spans import words_of
from news.stances import Stance


def brief_message(article: Article, brief: Brief, timezone: str = "UTC") -> Message:
    """The article condensed, every line in its own words but for sentences that say that they are generated."""
    blocks: list[Block] = []
    if brief.summary:
        blocks.append(Paragraph(_summary(brief.summary)))
    if brief.statements:
        blocks.append(Heading(plain("Who said what")))
        blocks.extend(_saying(quote_of(s, article)) for s in brief.statements)
    else:
        blocks.append(Note(plain("Nobody is quoted in it.")))
    if brief.stances:
        blocks.append(Heading(plain("Who stands where")))
        blocks.extend(_position(stance, article) for stance in brief.stances)
    blocks.extend(Note((Text(f"! {flag.detail}", Style.QUIET),)) for flag in brief.flags)
    blocks.append(Note(_origin(article)))
    return Message(plain(article.title or article.key), tuple(blocks), timezone=timezone)


def _summary(sentences: Sequence[SummarySentence]) -> Line:
    line: list[Inline] = []
    for sentence in sentences:
        line.append(Text(sentence.text))
        if sentence.span is None:
            line.append(Text(" (generated)", Style.QUIET))
        line.append(Text(" "))
    return tuple(line[:-1])


def _saying(quote: Quote) -> Saying:
    return Saying(who(quote), words(quote), (Text(kind_of(quote), Style.QUIET),))


def _position(stance: Stance, article: Article) -> Saying:
    held = (Text(f"{SIGNS[stance.position]} {stance.actor} {NOW[stance.position]} {stance.target}"),)
    return Saying(held, (Text(words_of(article.text, stance.evidence), Style.VERBATIM),))


def _origin(article: Article) -> tuple[Text | Link | Moment, ...]:
    line: list[Text | Link | Moment] = [Text(article.outlet or article.key, Style.QUIET)]
    if article.published:
        line += [Text(", ", Style.QUIET), Moment(article.published, Form.FULL)]
    if article.url:
        line += [Text("  "), Link(article.url, article.url)]
    return tuple(line)
