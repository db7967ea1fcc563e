"""Positions as a message: where actors stand, since when, and the words and the source behind each turn."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.messages.commands import format_command, format_target
from bot.messages.message import (
    Attachment,
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
from bot.messages.positions import NOW, ended, stands, stood
from bot.messages.statements import NEWER, OLDER, as_typed, sentence_of
from bot.messages.wording import counted, done_of, nobody, outlet_of, with_article
from news.actors import name_key
from news.ledger import Evidence, Standing, StandingPage, Turn
from news.queries import StanceQuery
from news.rereading import Progress

PAGE = 6
"""Positions on one page: with the words behind each, more would not fit into one message."""
MOST_TURNS = 6
"""Turns before the present one that are told where one position alone is asked for; else it is the last of them."""
MOST_OTHERWISE = 3
MOST_READING = 2
"""Targets that are named where articles are still being read for them; more are counted."""
Numbers = Mapping[Evidence, int]
_OPENING = " \"'“‘„«‹"
_DOT = Text(" · ", Style.QUIET)
_WHO = re.compile(
    r"(?i)who\s+(?:supports?|backs?|opposes?|rejects?|favou?rs?|is\s+(?:for|against))\s+(?P<target>.+)"
)
"""A question where an actor is expected: `stance who supports night shifts`."""


def stances_message(
    page: StandingPage,
    timezone: str,
    *,
    like: Sequence[str] = (),
    reading: Sequence[Progress] = (),
    picture: Attachment | None = None,
    marks: Iterable[tuple[int, Evidence]] = (),
) -> Message:
    """One page of positions, those with the newest articles first; where there is nothing, what to try.

    `like` are names that may be meant where nobody of the name that was asked for is known; `reading` are targets that
    are being read for; `marks` are the numbers under which evidence stands in the picture.
    """
    alone = page.total == 1
    numbers = {evidence: number for number, evidence in marks}
    told = tuple(_saying(standing, numbers, whole=alone) for standing in page.standings)
    blocks: tuple[Block, ...] = told or tuple(_nothing(page, like))
    return Message(
        _title(page),
        (*blocks, *_progress(reading)),
        timezone=timezone,
        choices=_choices(page),
        attachments=(picture,) if picture is not None else (),
    )


def position_line(standing: Standing) -> Line:
    """Where the actor stands, since when, what it was before, and whether that is contested."""
    line = stands(standing.actor, standing.present.position, standing.target, standing.present.since)
    if (before := standing.before) is not None:
        line = (*line, Text(" · "), *stood(before.position, ended(before)))
    return (*line, Text(" · contested", Style.STRONG)) if standing.contested else line


def origin(evidence: Evidence) -> Line:
    """The outlet, as the way to the article, and the time."""
    name = _outlet(evidence)
    return (Link(name, evidence.url) if evidence.url else Text(name), _DOT, _time(evidence))


def _saying(standing: Standing, numbers: Numbers, *, whole: bool) -> Saying:
    """The position with the newest words that show it; what it was before, and who reports otherwise, beneath."""
    present = standing.present
    return Saying(
        stands(standing.actor, present.position, standing.target, present.since),
        (Text(present.latest.words, Style.VERBATIM),),
        (*_number(present.latest, numbers), *_standing_notes(standing), *_article(present.latest)),
        context=_context(present.latest),
        sources=(*_beneath(standing, numbers, whole=whole), *_others(standing, numbers, whole=whole)),
    )


def _standing_notes(standing: Standing) -> Line:
    """Whether reports contradict each other, who spoke, and how many articles have it."""
    notes: list[Inline] = []
    if standing.contested:
        notes.append(Text("! contested: reports of the same days contradict each other · ", Style.STRONG))
    present = standing.present
    told = [*_voice(standing, present.latest)]
    if present.articles > 1:
        told.append(f"in {counted(present.articles, 'article')}, {counted(present.outlets, 'outlet')}")
    notes += [Text(f"{each} · ", Style.QUIET) for each in told]
    return tuple(notes)


def _article(evidence: Evidence) -> Line:
    """Its outlet, time and headline, the last of them as the way to it."""
    name = _outlet(evidence)
    label = evidence.headline or name
    linked: Inline = Link(label, evidence.url) if evidence.url else Text(label)
    told = (_time(evidence), _DOT, linked)
    return (Text(name), _DOT, *told) if evidence.headline else told


def _outlet(evidence: Evidence) -> str:
    return outlet_of(evidence.outlet, evidence.url, f"article {evidence.article_key}")


def _time(evidence: Evidence) -> Inline:
    return Moment(evidence.when, Form.FULL) if evidence.dated else Text("no date")


def _voice(standing: Standing, evidence: Evidence) -> Iterator[str]:
    """`Dmitry Peskov, for the Kremlin`: who spoke in the actor's name, where somebody did."""
    stance = evidence.stance
    own = name_key(stance.actor) == name_key(standing.actor)
    if stance.voice:
        yield f"{stance.voice}, for {with_article(stance.actor)}"
    elif not own:
        yield stance.actor


def _beneath(standing: Standing, numbers: Numbers, *, whole: bool) -> Iterator[Line]:
    """How it began, what was before, newest first, and what is reported otherwise."""
    present = standing.present
    if present.first != present.latest:
        yield _cited((Text("first: ", Style.QUIET),), present.first, numbers)
    earlier = standing.turns[:-1][::-1]
    for place, turn in enumerate(earlier[: MOST_TURNS if whole else 1]):
        yield _cited(_told_before(turn, first=not place), turn.latest, numbers)
    if (more := len(earlier) - (MOST_TURNS if whole else 1)) > 0:
        yield (Text(f"and {counted(more, 'turn')} before", Style.QUIET),)
    for evidence in standing.otherwise[:MOST_OTHERWISE]:
        told = Text(f"≠ reported otherwise, {NOW[evidence.stance.position]} it: ", Style.STRONG)
        yield _cited((told,), evidence, numbers)
    if (others := len(standing.otherwise) - MOST_OTHERWISE) > 0:
        yield (Text(f"and {counted(others, 'more report')} otherwise", Style.QUIET),)


def _others(standing: Standing, numbers: Numbers, *, whole: bool) -> Iterator[Line]:
    """The way to what stands in the picture and nowhere above."""
    earlier = standing.turns[:-1][::-1]
    told = {standing.present.first, standing.present.latest, *standing.otherwise[:MOST_OTHERWISE]}
    told |= {turn.latest for turn in earlier[: MOST_TURNS if whole else 1]}
    drawn = [evidence for turn in earlier for evidence in (turn.first, turn.latest)]
    left = {one for one in (*drawn, *standing.otherwise) if one in numbers and one not in told}
    if left:
        cited = [
            (*_number(one, numbers), *origin(one), Text(", ", Style.QUIET))
            for one in sorted(left, key=lambda one: numbers[one])
        ]
        line = [inline for each in cited for inline in each]
        yield (Text("also in the picture: ", Style.QUIET), *line[:-1])


def _told_before(turn: Turn, *, first: bool) -> Line:
    """`changed, opposed until 28 Nov 2024: `, and of what was before that `before, supported until …: `."""
    line = stood(turn.position, ended(turn))
    return (*(line if first else (Text("before"), *line[1:])), Text(": "))


def _cited(lead: Line, evidence: Evidence, numbers: Numbers) -> Line:
    words = Text(evidence.words, Style.VERBATIM)
    return (*_number(evidence, numbers), *lead, words, _DOT, *origin(evidence))


def _number(evidence: Evidence, numbers: Numbers) -> Line:
    """`[3] `, where it stands in the picture under that number."""
    return (Text(f"[{numbers[evidence]}] ", Style.STRONG),) if evidence in numbers else ()


def _context(evidence: Evidence) -> Line:
    """The sentence around words that cannot be understood without it."""
    start = min(span.start for span in evidence.stance.evidence)
    before = evidence.sentence_words[: max(0, start - evidence.sentence.start)]
    complete = not before.strip(_OPENING)
    return sentence_of(evidence.words, evidence.sentence_words, shown=evidence.words, complete=complete)


def _title(page: StandingPage) -> Line:
    query = page.query
    line: list[Inline] = [Text(_subject(query), Style.STRONG)]
    if query.since:
        line += [Text(" since "), Moment(query.since, Form.FULL)]
    if query.until:
        line += [Text(" until "), Moment(query.until, Form.FULL)]
    return (*line, Text(f" · {_count(page)}"))


def _subject(query: StanceQuery) -> str:
    """`Marlow on night shifts`."""
    if query.target is None:
        return query.actor or "Positions"
    return f"{query.actor} on {query.target}" if query.actor else f"On {query.target}"


def _count(page: StandingPage) -> str:
    if not page.total:
        return "no positions"
    total, shown = counted(page.total, "position"), len(page.standings)
    if not shown or shown == page.total:
        return total
    first, last = page.query.offset + 1, page.query.offset + shown
    return f"{first if shown == 1 else f'{first}–{last}'} of {total}, newest first"


def _nothing(page: StandingPage, like: Sequence[str]) -> Iterator[Block]:
    query = page.query
    if page.total:
        yield Paragraph(plain("That page is past the last position."))
        return
    yield Paragraph(plain("No such position stands in the articles that are read here."))
    if who := _WHO.fullmatch(query.actor or ""):
        yield advice(_stance(target=who["target"]), " shows who is for it and who against.")
    if query.actor and like:
        yield nobody(query.actor, like)
    if query.since or query.until:
        yield Note(plain("Try no since or until."))
    if query.actor and query.target:
        both = (
            _stance(actor=query.actor),
            " asks for all positions of the one, ",
            _stance(target=query.target),
        )
        yield advice(*both, " for those of everybody.")
    if query.actor and not like:
        asked = format_command("whosaid", {"actor": query.actor})
        yield advice(Hint(asked, f"/whosaid actor: {query.actor}"), " shows what was said.")
    yield advice(Hint("targets list"), " shows what positions are about.")


def _stance(**options: str) -> Hint:
    ((name, value),) = options.items()
    return Hint(format_command("stance", options), f"/stance {name}: {value}")


def _progress(reading: Sequence[Progress]) -> Iterator[Note]:
    if len(reading) > MOST_READING:
        number = f"Articles are still being read for {counted(len(reading), 'target')}: "
        yield advice(number, Hint("targets list"), " tells how far it is.")
        return
    for each in reading:
        show = Hint(format_target("show", each.target), f"/targets show name: {each.target}")
        told = f"Articles are still being read for {each.target}, {done_of(each)}: "
        yield advice(told, show, " tells how far it is.")


def _choices(page: StandingPage) -> tuple[Choice, ...]:
    """The pages before and after; from beyond the end, the last one there is."""
    number = page.query.offset // page.query.limit + 1
    last = max(1, -(-page.total // page.query.limit))
    choices = []
    if page.more:
        choices.append(Choice(OLDER, _command(page.query, number + 1)))
    if number > 1:
        choices.append(Choice(NEWER, _command(page.query, min(number - 1, last))))
    return tuple(choices)


def _command(query: StanceQuery, number: int) -> str:
    """The line that shows another page."""
    options = {
        "actor": query.actor,
        "target": query.target,
        "since": as_typed(query.since),
        "until": as_typed(query.until),
        "page": str(number) if number > 1 else None,
    }
    return format_command("stance", {name: value for name, value in options.items() if value})
