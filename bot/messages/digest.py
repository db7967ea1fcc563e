"""A digest as a message: what a channel is told about a window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
    Remark,
    Saying,
    Sources,
    Style,
    Text,
    plain,
)
from bot.messages.wording import anonymous, counted, local, outlet_of, who, words
from news.digests import Caution, Difference, Digest, DigestStory, FeedHealth, Matter, Said, Source
from news.statements import Kind

Marks = dict[int, Inline]
_NAMED = 3
"""Failing feeds that are named, the longest failing ones."""


def digest_message(digest: Digest, *, narrowed: str | None = None) -> Message:
    """The digest as it is posted; `narrowed` says which stories were asked for: `about zebra by Marlow`."""
    blocks: list[Block] = []
    for rank, story in enumerate(digest.stories, start=1):
        blocks += _story(story, rank, digest)
    if not digest.stories:
        blocks += _nothing(digest, narrowed)
    if digest.unchanged:
        known = counted(digest.unchanged, "story told before has", "stories told before have")
        blocks.append(Note(plain(f"{known} new articles that add nothing")))
    if digest.left_out:
        more = counted(digest.left_out, "more story", "more stories")
        blocks.append(Note(plain(f"{more} had news; those above are carried by the most outlets")))
    if digest.health.followed:
        blocks.append(Note(_health(digest.health)))
    return Message(_title(digest, narrowed), tuple(blocks), timezone=digest.timezone)


def _title(digest: Digest, narrowed: str | None) -> Line:
    counts = "no story" if narrowed else "nothing new"
    if digest.stories:
        counts = (
            f"{counted(len(digest.stories), 'story', 'stories')} from {counted(digest.articles, 'article')}"
        )
        if digest.outlets:
            counts += f", {counted(digest.outlets, 'outlet')}"
    return (
        Text(f"{digest.title} {narrowed}" if narrowed else digest.title, Style.STRONG),
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
    line = (*_since(story, digest), *_summary(story, marks))
    if line:
        blocks.append(Paragraph(line))
    blocks += [_saying(said, marks) for said in story.said]
    blocks += [_difference(difference, marks) for difference in story.differences]
    blocks += [_caution(caution, marks) for caution in story.cautions]
    blocks.append(Sources(tuple(_sources(story, digest))))
    return blocks


def _since(story: DigestStory, digest: Digest) -> Line:
    """`since yesterday: `, where the channel knows the story already."""
    if story.since is None:
        return ()
    then, now = (local(at, digest.timezone).date() for at in (story.since, digest.window.until))
    days = (now - then).days
    if days == 1:
        return (Text("since yesterday: ", Style.QUIET),)
    moment = Moment(story.since, Form.DAY if days else Form.TIME)
    return (Text("since ", Style.QUIET), moment, Text(": ", Style.QUIET))


def _difference(difference: Difference, marks: Marks) -> Remark:
    """`≠ the U.S. package: $750 million in [1], $725 million in [2]`, in the articles' own words."""
    line: list[Inline] = [Text("≠ ", Style.STRONG), Text(difference.what), Text(": ")]
    if difference.matter is Matter.SPEAKER:
        line = [Text("≠ ", Style.STRONG), Text(difference.what, Style.VERBATIM), Text(" said by ")]
    for place, side in enumerate(difference.sides):
        line += [Text(", " if place else ""), Text(side.words), Text(" in "), *_marked(marks, side.marks)]
    return Remark(tuple(part for part in line if part != Text("")))


def _caution(caution: Caution, marks: Marks) -> Remark:
    """`! [1]: headline not borne out by its text: no statement by Putin in it`."""
    mark = marks.get(caution.mark, Text(f"[{caution.mark}]", Style.QUIET))
    return Remark((Text("! ", Style.STRONG), mark, Text(f" {caution.detail}")))


def _mark(source: Source) -> Inline:
    label = f"[{source.mark}]"
    return Link(label, source.url) if source.url else Text(label, Style.QUIET)


def _marked(marks: Marks, numbers: Sequence[int]) -> list[Inline]:
    """The marks, a space before each but the first."""
    line: list[Inline] = []
    for number in numbers:
        line += [Text(" "), marks.get(number, Text(f"[{number}]", Style.QUIET))]
    return line[1:]


def _summary(story: DigestStory, marks: Marks) -> Line:
    line: list[Inline] = []
    for passage in story.summary:
        line += [Text(passage.text), Text(" "), *_marked(marks, [passage.mark])]
        if passage.span is None:
            line.append(Text(" (generated)", Style.QUIET))
        line.append(Text(" "))
    return tuple(line[:-1])


def _saying(said: Said, marks: Marks) -> Saying:
    notes = _marked(marks, said.marks)
    if said.quote.kind is Kind.INDIRECT:
        notes.append(Text(" reported", Style.QUIET))
    if anonymous(said.quote):
        notes.append(Text(" anonymous", Style.QUIET))
    return Saying(who(said.quote), words(said.quote), tuple(notes))


def _sources(story: DigestStory, digest: Digest) -> Iterator[Line]:
    """A line for each article, and one for those that are only counted."""
    yield from (_source(source, digest) for source in story.sources)
    more = story.articles - len(story.sources)
    if more > 0:
        yield (Text(f"and {counted(more, 'more article')}", Style.QUIET),)


def _source(source: Source, digest: Digest) -> Line:
    """`[1] Daily Herald, 08:10`; with its day when that is not the digest's, and whose copy it is."""
    name = outlet_of(source.outlet, source.url, f"article {source.article_key}")
    posted, published = (local(at, digest.timezone).date() for at in (digest.window.until, source.when))
    return (
        Text(f"[{source.mark}] ", Style.QUIET),
        Link(name, source.url) if source.url else Text(name),
        Text(", ", Style.QUIET),
        Moment(source.when, Form.TIME if posted == published else Form.FULL)
        if source.dated
        else Text("no date"),
        *((Text(f", same words as [{source.copy_of}]", Style.QUIET),) if source.copy_of else ()),
    )


def _nothing(digest: Digest, narrowed: str | None) -> list[Block]:
    found = f"Nothing {narrowed or 'new'} since "
    blocks: list[Block] = [Paragraph((Text(found), Moment(digest.window.since, Form.FULL), Text(".")))]
    if narrowed and digest.health.followed:
        blocks.append(Note(plain("Try fewer words, or a longer time, such as since 3d.")))
    if not digest.health.followed:
        blocks.append(Note(plain("No feed is followed here yet: add one with feeds add https://…")))
    return blocks


def _health(health: FeedHealth) -> Line:
    read, failing = counted(health.followed, "feed") + " read", health.failing
    if not failing:
        return plain(f"{read}, all well" if health.followed > 1 else f"{read}, and well")
    line: list[Inline] = [Text(f"{read}, {health.followed - len(failing)} well, {len(failing)} failing: ")]
    for place, (name, since) in enumerate(sorted(failing, key=lambda feed: feed[1])[:_NAMED]):
        line += [Text(f"{', ' if place else ''}{name} since "), Moment(since, Form.DAY)]
    if len(failing) > _NAMED:
        line.append(Text(f" and {len(failing) - _NAMED} more"))
    return (*line, Text(" (feeds list shows why)"))
