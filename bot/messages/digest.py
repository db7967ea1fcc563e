"""A digest as a message: what a channel is told about a window."""

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
    Sources,
    Style,
    Text,
    plain,
)
from bot.messages.wording import anonymous, counted, local, outlet_of, who, words
from news.digests import Digest, DigestStory, FeedHealth, Said, Source
from news.statements import Kind

Marks = dict[int, Inline]


def digest_message(digest: Digest, *, narrowed: str | None = None) -> Message:
    """The digest as it is posted; `narrowed` says which stories were asked for: `about zebra by Marlow`."""
    blocks: list[Block] = []
    for rank, story in enumerate(digest.stories, start=1):
        blocks += _story(story, rank, digest)
    if not digest.stories:
        blocks += _nothing(digest, narrowed)
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
    blocks: list[Block] = [Heading(plain(story.name), rank=rank, aside=(Text(aside, Style.QUIET),))]
    if story.summary:
        blocks.append(Paragraph(_summary(story, marks)))
    blocks += [_saying(said, marks) for said in story.said]
    blocks.append(Sources(tuple(_source(source, digest) for source in story.sources)))
    return blocks


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


def _source(source: Source, digest: Digest) -> Line:
    """`[1] Daily Herald, 08:10`; with its day when that is not the digest's."""
    name = outlet_of(source.outlet, source.url, f"article {source.article_key}")
    posted, published = (local(at, digest.timezone).date() for at in (digest.window.until, source.when))
    return (
        Text(f"[{source.mark}] ", Style.QUIET),
        Link(name, source.url) if source.url else Text(name),
        Text(", ", Style.QUIET),
        Moment(source.when, Form.TIME if posted == published else Form.FULL)
        if source.dated
        else Text("no date"),
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
    name, since = min(failing, key=lambda feed: feed[1])
    line: list[Inline] = [Text(f"{read}, {health.followed - len(failing)} well, {len(failing)} failing")]
    if len(failing) == 1:
        line.append(Text(f": {name}, since "))
    else:
        line.append(Text(f", the longest {name}, since "))
    return (*line, Moment(since, Form.DAY), Text(" (feeds list shows why)"))
