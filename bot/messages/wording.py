"""The wordings that answers share: counts, who speaks and for whom, and how their words are introduced."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.messages.message import Line, Note, Style, Text, plain
from news.actors import name_key
from news.answers import Quote
from news.rereading import Progress
from news.statements import Kind, Mode, Speaker, only_says

_WITH_ARTICLE = re.compile(
    r"""
    ^(?:kremlin|citadel|white\ house|pentagon|vatican|united\ (?:nations|states|kingdom)|u\.?[ns]\.?|e\.?u\.?
       |(?:central\ |world\ )?bank)$
    | ^(?-i:[a-z]+)(?:\ |$)                                       # a common name: central bank, hospital
    | \ of\  | \ for\                                            # the Ministry of …, the Centre for …
    | (?:^|\ )(?:administration|agency|alliance|army|association|authority|bloc|board|bureau|cabinet|chamber|church
       |coalition|commission|committee|council|court|department|federation|foundation|government|guild|league
       |ministry|mission|navy|office|opposition|parliament|party|police|presidency|secretariat|senate|service|treasury
       |union)$
    """,
    re.IGNORECASE | re.VERBOSE,
)
_DETERMINED = re.compile(
    r"(?:the|an?|this|that|these|those|my|our|your|his|her|its|their|one|two|three|both|each|every|all|some|any"
    r"|several|many|most|other|another)\s|\S*(?:['’]s|s['’])\s",  # also `Kardovia's central bank`
    re.IGNORECASE,
)
_KINDS = {Kind.DIRECT: "direct", Kind.INDIRECT: "reported", Kind.MIXED: "partly direct"}
_MODES = {Mode.THOUGHT: "thought", Mode.INTENTION: "intention"}
_ADJACENT = 2


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 story`, `3 stories`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def done_of(progress: Progress) -> str:
    """`12 of 1,900 done`."""
    if progress.total is None:
        return "none done yet"
    return f"{progress.done:,} of {progress.total:,} done"


_PLACES = frozenset(
    (
        "in",
        "at",
        "on",
        "during",
        "via",
        "through",
        "outside",
        "inside",
        "over",
        "for",
        "from",
        "by",
        "with",
        "under",
    )
)
"""Words that a place begins with (`at a rally`); what begins otherwise is someone who is spoken to."""


def who(quote: Quote, *, own: bool | None = None) -> Line:
    """The speaker, in whose name and to whom; the name they speak in always, where they are not `own`er of it."""
    speaker = quote.speaker
    if speaker is None:
        return (Text("speaker not named", Style.QUIET),)
    line = [Text(_called(speaker), Style.STRONG)]
    affiliation = speaker.affiliation
    if affiliation and (own is False or name_key(affiliation) not in name_key(speaker.name)):
        line.append(Text(f", for {with_article(affiliation)}", Style.QUIET))
    if quote.venue:
        first = quote.venue.split()[0].lower()
        venue = quote.venue[0].lower() + quote.venue[1:] if first in _PLACES else f"to {quote.venue}"
        line.append(Text(f", {venue}", Style.QUIET))
    return tuple(line)


def _called(speaker: Speaker) -> str:
    """The name; a nameless speaker is called what the article calls them: `a baker`, `the finance ministry`."""
    name, mention = speaker.name, speaker.mention
    if speaker.anonymous:
        return mention
    determined = _DETERMINED.match(mention) if name.islower() else None
    if determined is None:
        return name
    end = determined.end() + len(name)
    whole = mention[determined.end() : end].lower() == name and mention[end : end + 1] in ("", " ", ",")
    return mention[:end] if whole else name


def words(quote: Quote) -> Line:
    """The article's own words; where they are not all in quotation marks, with the reporting words.

    Quotation marks are those of the article: none is added here. Words that are left out between the
    reporting words and the content leave ` … `. Reporting words that follow the content are left out only
    when they say no more than that it was said: others may deny or doubt it.
    """
    content = Text(quote.words, Style.VERBATIM)
    if quote.kind is Kind.DIRECT or not quote.cue or not quote.cue_spans:
        return (content,)
    gap = _gap(quote)
    if gap >= 0:
        return (Text(quote.cue + (" " if gap <= _ADJACENT else " … ")), content)
    if only_says(quote.cue):
        return (content,)
    return (content, Text(f" … {quote.cue}"))


def led_in(quote: Quote) -> bool:
    """Whether `words` shows the reporting words right before the content, as the article has them."""
    shown = quote.kind is not Kind.DIRECT and bool(quote.cue and quote.cue_spans)
    return shown and 0 <= _gap(quote) <= _ADJACENT


def _gap(quote: Quote) -> int:
    """How many characters stand between the reporting words and the content; negative where the content is first."""
    return min(s.start for s in quote.content) - max(s.end for s in quote.cue_spans)


def kind_of(quote: Quote) -> str:
    """Whether the words were said at all, and whether they are the speaker's own or reported."""
    mode = _MODES.get(quote.mode)
    return f"{mode}, {_KINDS[quote.kind]}" if mode else _KINDS[quote.kind]


def with_article(name: str) -> str:
    """`the Kremlin`, `Acme`: as a body is named in a sentence."""
    if _DETERMINED.match(name) or not _WITH_ARTICLE.search(name):
        return name
    return f"the {name}"


def anonymous(quote: Quote) -> bool:
    """Whether the article keeps the speaker's name back."""
    return quote.speaker is not None and quote.speaker.anonymous


def outlet_of(outlet: str | None, url: str | None, otherwise: str) -> str:
    """The outlet's name, else the host of the address."""
    if outlet:
        return outlet
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        host = None
    return (host or otherwise).removeprefix("www.")


def local(moment: datetime, timezone: str) -> datetime:
    """The moment on the clocks of that zone; in UTC where the zone is unknown or the calendar ends."""
    try:
        return moment.astimezone(ZoneInfo(timezone))
    except (KeyError, ValueError, OSError, OverflowError):
        return moment.astimezone(UTC)


def nobody(asked: str, like: Sequence[str]) -> Note:
    """That a name is not known, and the ones that may be meant."""
    either = like[0] if len(like) == 1 else f"{', '.join(like[:-1])} or {like[-1]}"
    return Note(plain(f"Nobody called {asked} is known here. Did you mean {either}?"))
