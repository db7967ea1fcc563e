"""A digest as a message: what a channel is told about a window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.messages.message import (
    Block,
    Form,
    Heading,
    Hint,
    Inline,
    Line,
    Link,
    Message,
    Moment,
    Note,
    Paragraph,
    Remark,
    Saying,
    Sources,
    Style,
    Text,
    advice,
    plain,
)
from bot.messages.positions import stands, stood
from bot.messages.wording import anonymous, counted, local, outlet_of, who, words
from news.answers import Quote
from news.digests import (
    Caution,
    Difference,
    DifferenceSide,
    Digest,
    DigestStory,
    FeedHealth,
    Matter,
    Said,
    Shift,
    Source,
)
from news.ledger import Evidence
from news.passages import Passage
from news.statements import Kind

Marks = dict[int, Inline]
_ALERT = Text("! ", Style.STRONG)
_HEADLINE = "headline not borne out by its text: "
"""How the detail of such a caution begins; here its mark is told within it."""
_TAKEN = Text("– ", Style.STRONG)
_MOST_EDITS = 3
"""Lines of a story that tell what edits took out of its articles, and as many that tell of headlines."""
_NAMED = 3
"""Failing feeds that are named, the longest failing ones."""


def digest_message(digest: Digest, *, asked: bool = False, skipped: int = 0) -> Message:
    """The digest as it is posted; one that was `asked` for says how to find more where it found nothing. `skipped` is
    how many before it were not posted."""
    blocks: list[Block] = []
    for rank, story in enumerate(digest.stories, start=1):
        blocks += _story(story, rank, digest)
    if not digest.stories:
        blocks += _nothing(digest, asked=asked)
    if digest.positions:
        blocks += _positions_apart(digest)
    if digest.unchanged:
        known = counted(digest.unchanged, "story told before has", "stories told before have")
        blocks.append(Note(plain(f"{known} new articles that add nothing")))
    if digest.left_out:
        more = counted(digest.left_out, "more story", "more stories")
        blocks.append(Note(plain(f"{more} had news; those above are carried by the most outlets")))
    if skipped:
        missed = counted(skipped, "digest before this one was", "digests before this one were")
        blocks.append(
            Note(plain(f"{missed} not posted, since Attaché was away; this one tells what they would have"))
        )
    blocks += [Note(plain(notice)) for notice in digest.notices]
    if digest.health.followed:
        blocks.append(Note(_health(digest.health)))
    return Message(_title(digest), tuple(blocks), timezone=digest.timezone)


def _title(digest: Digest) -> Line:
    counts = "no story" if digest.narrowed else "no new story" if digest.positions else "nothing new"
    if digest.stories:
        counts = (
            f"{counted(len(digest.stories), 'story', 'stories')} from {counted(digest.articles, 'article')}"
        )
        if digest.outlets:
            counts += f", {counted(digest.outlets, 'outlet')}"
    return (
        Text(f"{digest.title} {digest.narrowed}" if digest.narrowed else digest.title, Style.STRONG),
        Text(" · "),
        Moment(digest.window.until, Form.FULL),
        Text(f" · {counts}"),
    )


def _story(story: DigestStory, rank: int, digest: Digest) -> list[Block]:
    marks = {source.mark: _mark(source) for source in story.sources}
    aside = f"{counted(story.outlets, 'outlet')}, {counted(story.articles, 'article')}"
    if story.copies:
        aside += f", {counted(story.copies, 'copy', 'copies')}"
    blocks: list[Block] = [Heading(plain(story.name), rank=rank, aside=(Text(aside, Style.QUIET),))]
    blocks += _summary(story, digest, marks)
    blocks += [_saying(said, marks) for said in story.said]
    blocks += [Remark(_position(shift, _marked(marks, shift.marks))) for shift in story.positions]
    blocks += [_difference(difference, marks) for difference in story.differences]
    blocks += _cautions(story.cautions, marks)
    blocks += _edits(story, marks, digest)
    more = max(0, story.articles - len(story.sources))
    blocks.append(Sources(tuple(_source(source, digest) for source in story.sources), more=more))
    return blocks


def _position(shift: Shift, marks: Sequence[Inline]) -> Line:
    """`▼ Kremlin opposes negotiations now, since 2 Dec [1] [2] · changed, supported until 28 Nov`."""
    line: list[Inline] = [*stands(shift.actor, shift.position, shift.target, shift.since)]
    line += [Text(" "), *marks] if marks else []
    if shift.before is not None and shift.until is not None:
        line += [Text(" · "), *stood(shift.before, shift.until)]
    return tuple(line)


def _positions_apart(digest: Digest) -> Iterator[Block]:
    """Changes that no story tells of, with their words, and the articles that these stand in."""
    articles = list(dict.fromkeys(shift.shown.article_id for shift in digest.positions))
    marks = {article_id: number for number, article_id in enumerate(articles, start=1)}
    evidence = {shift.shown.article_id: shift.shown for shift in digest.positions}
    yield Heading(plain("Changed positions"))
    for shift in digest.positions:
        shown = shift.shown
        label = f"[{marks[shown.article_id]}]"
        mark: Inline = Link(label, shown.url) if shown.url else Text(label, Style.QUIET)
        yield Saying(_position(shift, ()), (Text(shown.words, Style.VERBATIM),), (mark,))
    yield Sources(tuple(_article(number, evidence[one], digest) for one, number in marks.items()))


def _article(mark: int, evidence: Evidence, digest: Digest) -> Line:
    name = outlet_of(evidence.outlet, evidence.url, f"article {evidence.article_key}")
    return (
        Text(f"[{mark}] ", Style.QUIET),
        Link(name, evidence.url) if evidence.url else Text(name),
        Text(", ", Style.QUIET),
        _moment(evidence.when, digest) if evidence.dated else Text("no date"),
    )


def _since(story: DigestStory, digest: Digest) -> Line:
    """`new since yesterday`, where the channel knows the story already."""
    if story.since is None:
        return ()
    then, now = (local(at, digest.timezone).date() for at in (story.since, digest.window.until))
    days = (now - then).days
    if days == 1:
        return (Text("new since yesterday", Style.QUIET),)
    return (Text("new since ", Style.QUIET), Moment(story.since, Form.DAY if days else Form.TIME))


def _difference(difference: Difference, marks: Marks) -> Remark:
    """What the sides have, in the articles' own words."""
    if difference.matter is Matter.SPEAKER:
        return _disputed(difference, marks)
    told = _told_whole(difference)
    if told is None:
        return _figures(difference, marks)
    first, phrase = told
    line: list[Inline] = [Text("≠ ", Style.STRONG), Text(phrase), Text(" "), *_marked(marks, first.marks)]
    for side in difference.sides:
        if side is not first:
            line += [Text(", "), Text(side.words), Text(" "), *_marked(marks, side.marks)]
    return Remark(tuple(line))


def _disputed(difference: Difference, marks: Marks) -> Remark:
    """`≠ “No longer,” said by Tobin Okafor in [1], by Edda Marlow in [2]`."""
    line: list[Inline] = [Text("≠ ", Style.STRONG), Text(difference.what, Style.VERBATIM), Text(" said")]
    for place, side in enumerate(difference.sides):
        by = Text(", by " if place else " by ")
        line += [by, Text(side.words), Text(" in "), *_marked(marks, side.marks)]
    return Remark(tuple(line))


def _figures(difference: Difference, marks: Marks) -> Remark:
    """`≠ the U.S. package: $750 million in [1], $725 million in [2]`."""
    line: list[Inline] = [Text("≠ ", Style.STRONG), Text(difference.what)]
    for place, side in enumerate(difference.sides):
        line += [Text(", " if place else ": "), Text(side.words), Text(" in "), *_marked(marks, side.marks)]
    return Remark(tuple(line))


def _told_whole(difference: Difference) -> tuple[DifferenceSide, str] | None:
    """The first side whose sentence has the figure right beside what it is of, and both as they stand there.

    `At least 21 people were killed` says more to a reader than `people were killed: At least 21`.
    """
    what = difference.what
    for side in difference.sides:
        between = what.replace(" … ", f" {side.words} ", 1) if " … " in what else ""
        for phrase in (f"{side.words} {what}", f"{what} {side.words}", between):
            if phrase and _stands(phrase, side.evidence):
                return side, phrase
    return None


def _stands(phrase: str, sentence: str) -> bool:
    """Whether the phrase stands there as whole words."""
    at = sentence.find(phrase)
    before, after = sentence[:at][-1:], sentence[at + len(phrase) :][:1]
    return at >= 0 and not before.isalnum() and not after.isalnum()


def _cautions(cautions: Sequence[Caution], marks: Marks) -> Iterator[Remark]:
    """`! headline of [1] not borne out by its text: no statement by Putin in it`, one line an article."""
    missing: dict[int, list[str]] = {}
    for caution in cautions:
        if caution.detail.startswith(_HEADLINE):
            missing.setdefault(caution.mark, []).append(caution.detail.removeprefix(_HEADLINE))
        else:
            yield Remark((_ALERT, _marked_one(marks, caution.mark), Text(f" {caution.detail}")))
    for mark, details in missing.items():
        told = Text(f" {_HEADLINE.partition(' ')[2]}{'; '.join(details)}")
        yield Remark((_ALERT, Text("headline of "), _marked_one(marks, mark), told))


def _edits(story: DigestStory, marks: Marks, digest: Digest) -> Iterator[Remark]:
    """`– no longer in [1], edited 14:10: “No,” Edda Marlow`, and which headlines are others now."""
    for gone in story.withdrawn[:_MOST_EDITS]:
        edited = _moment(gone.when, digest)
        mark = _marked_one(marks, gone.mark)
        line = (_TAKEN, Text("no longer in "), mark, Text(", edited "), edited, Text(": "))
        yield Remark((*line, *_attributed(gone.quote)))
    more = len(story.withdrawn) - _MOST_EDITS
    if more > 0:
        yield Remark((_TAKEN, Text(f"and {counted(more, 'more statement')} no longer in the articles")))
    for title in story.retitled[:_MOST_EDITS]:
        mark = _marked_one(marks, title.mark)
        told = Text(f" changed: {title.before} → {title.now}")
        yield Remark((_TAKEN, Text("headline of "), mark, told))


def _attributed(quote: Quote) -> Line:
    """Words between quotation marks before who said them; others behind, for they begin with the reporting words."""
    if quote.kind is Kind.DIRECT:
        return (*words(quote), Text(" "), *who(quote))
    return (*who(quote), Text(" "), *words(quote))


def _moment(at: datetime, digest: Digest) -> Moment:
    """The time; with its day when that is not the digest's."""
    posted, then = (local(one, digest.timezone).date() for one in (digest.window.until, at))
    return Moment(at, Form.TIME if posted == then else Form.FULL)


def _mark(source: Source) -> Inline:
    label = f"[{source.mark}]"
    return Link(label, source.url) if source.url else Text(label, Style.QUIET)


def _marked(marks: Marks, numbers: Sequence[int]) -> list[Inline]:
    """The marks, a space before each but the first."""
    line: list[Inline] = []
    for number in numbers:
        line += [Text(" "), _marked_one(marks, number)]
    return line[1:]


def _marked_one(marks: Marks, number: int) -> Inline:
    return marks.get(number, Text(f"[{number}]", Style.QUIET))


def _summary(story: DigestStory, digest: Digest, marks: Marks) -> Iterator[Paragraph]:
    """Since when all this is new, and the sentences, each of which stands alone."""
    since = _since(story, digest)
    sentences = [_sentence(passage, marks) for passage in story.summary]
    if not sentences:
        yield from [Paragraph(since)] if since else []
        return
    first = (*since, Text(" · ", Style.QUIET), *sentences[0]) if since else sentences[0]
    yield Paragraph(first, tuple(sentences[1:]))


def _sentence(passage: Passage, marks: Marks) -> Line:
    line = (Text(passage.text), Text(" "), _marked_one(marks, passage.mark))
    return line if passage.span is not None else (*line, Text(" (generated)", Style.QUIET))


def _saying(said: Said, marks: Marks) -> Saying:
    notes = _marked(marks, said.marks)
    if said.quote.kind is Kind.INDIRECT:
        notes.append(Text(" reported", Style.QUIET))
    if anonymous(said.quote):
        notes.append(Text(" anonymous", Style.QUIET))
    return Saying(who(said.quote), words(said.quote), tuple(notes))


def _source(source: Source, digest: Digest) -> Line:
    """`[1] Daily Herald, 08:10`; with its day when that is not the digest's, and whose copy it is."""
    name = outlet_of(source.outlet, source.url, f"article {source.article_key}")
    return (
        Text(f"[{source.mark}] ", Style.QUIET),
        Link(name, source.url) if source.url else Text(name),
        Text(", ", Style.QUIET),
        _moment(source.when, digest) if source.dated else Text("no date"),
        *((Text(f", same words as [{source.copy_of}]", Style.QUIET),) if source.copy_of else ()),
    )


def _nothing(digest: Digest, *, asked: bool) -> list[Block]:
    found = f"Nothing {digest.narrowed or 'new'} since "
    if digest.positions:
        found = "No new story since "
    blocks: list[Block] = [Paragraph((Text(found), Moment(digest.window.since, Form.FULL), Text(".")))]
    if asked and digest.narrowed and digest.health.followed:
        blocks.append(Note(plain("Try fewer words, or a longer time, such as since 3d.")))
    if not digest.health.followed:
        blocks.append(
            advice(
                "No feed is followed here yet: add one with ",
                Hint("feeds add https://…", "/feeds add address: https://…"),
            )
        )
    return blocks


def _health(health: FeedHealth) -> Line:
    seen, failing = health.followed - health.unread, health.failing
    waiting = f", {health.unread} not read yet" * bool(health.unread)
    read = counted(seen, "feed") + " read"
    if not seen:
        return plain(f"{counted(health.followed, 'feed')} followed, none read yet")
    if not failing:
        return plain((f"{read}, all well" if seen > 1 else f"{read}, and well") + waiting)
    line: list[Inline] = [Text(f"{read}, {seen - len(failing)} well{waiting}, {len(failing)} failing: ")]
    for place, (name, since) in enumerate(sorted(failing, key=lambda feed: feed[1])[:_NAMED]):
        line += [Text(f"{', ' if place else ''}{name} since "), Moment(since, Form.DAY)]
    if len(failing) > _NAMED:
        line.append(Text(f" and {len(failing) - _NAMED} more"))
    return (*line, Text(" (feeds list shows why)"))
