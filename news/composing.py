"""Composing: from the stories of a window, and what a channel was told before, to its digest."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache, partial
from itertools import combinations, islice

from news.actors import fold
from news.articles import ArticleId
from news.condensing import condense
from news.differing import differences_of
from news.digests import (
    Caution,
    Difference,
    Digest,
    DigestStory,
    Earlier,
    FeedHealth,
    Said,
    Shift,
    Source,
    Taste,
    Window,
)
from news.edits import additions, retitled, taken_back, uttered_by
from news.ledger import Standing
from news.names import NameChange
from news.sayings import sayings
from news.shifts import shifts_apart, shifts_of
from news.stories import Counts, Outline, Reading, Story, StoryId

_CAUTIONS = frozenset({"headline"})
"""Kinds of flags that a digest shows at the story."""
_LATEST = timedelta(hours=12)
"""How much older than the newest article one may be that leads the story."""
_NOTICE, _MOST_NOTICES = "summary", 2
"""The kind of flags that it shows once, at its end, and how many of them."""


PositionsOf = Callable[[Sequence[Reading], Mapping[ArticleId, int]], tuple[Shift, ...]]
"""The positions that marked articles show."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What the channel was told of a story."""

    articles: frozenset[tuple[ArticleId, int]]
    sentences: tuple[str, ...]
    sayings: tuple[Said, ...]
    differences: frozenset[tuple[str, ...]]


def compose(
    stories: Sequence[Story],
    window: Window,
    *,
    title: str = "Digest",
    timezone: str = "UTC",
    health: FeedHealth | None = None,
    taste: Taste | None = None,
    told: Mapping[StoryId, Sequence[Earlier]] | None = None,
    before: Mapping[ArticleId, str] | None = None,
    total: int | None = None,
    changes: Sequence[NameChange] = (),
    taken: Sequence[Standing] = (),
    whole: bool = True,
) -> Digest:
    """The digest of the stories that have news in the window.

    First come those that most outlets carry, then those with more articles, more statements, those not told yet, and
    the newest. A story that the channel was told of (`told`) stands in it only where it moved on, and then with what
    is new alone. `before` has the texts of articles that were edited since the channel was told of them, as they were
    then. `total` is how many stories the window has, where `stories` are the first of them; `changes` is what
    the workspace was told of names. `taken` are positions that were taken in the window; where the digest is the `whole`
    of it, those that changed are told also if no story does.
    """
    taste, told, before = taste or Taste(), told or {}, before or {}
    current = sorted((s for story in stories if (s := _current(story, window))), key=lambda s: _rank(s, told))
    shown: list[DigestStory] = []
    unchanged = 0
    known = [shift for some in told.values() for each in some for shift in each.story.positions]
    for story in current:
        if len(shown) == taste.stories:
            break
        positions_of = partial(shifts_of, taken, known=tuple(known))
        tale = _tell(story, before, told.get(story.id, ()), taste, changes, positions_of)
        if tale is None:
            unchanged += 1
        else:
            shown.append(tale)
            known += tale.positions
    return Digest(
        title=title,
        window=window,
        timezone=timezone,
        stories=tuple(shown),
        articles=sum(story.articles for story in shown),
        outlets=_outlets(shown),
        left_out=max(0, (len(current) if total is None else total) - len(shown) - unchanged),
        unchanged=unchanged,
        notices=tuple(_notices(current, shown)),
        health=health or FeedHealth(),
        positions=shifts_apart(taken, known) if whole else (),
    )


def _current(story: Story, window: Window) -> Story | None:
    """The story with its articles of the window alone."""
    fresh = tuple(r for r in story.readings if _in(r, window))
    if not fresh:
        return None
    return story if len(fresh) == len(story.readings) else replace(story, readings=fresh, counts=None)


def _less(story: Story, before: Mapping[ArticleId, str]) -> Story:
    """The story without what edited articles said before."""
    if not any(reading.article.id in before for reading in story.readings):
        return story
    readings = tuple(
        additions(r, before[r.article.id]) if r.article.id in before else r for r in story.readings
    )
    return replace(story, readings=readings, counts=Counts(*_counts(story)))


def _in(reading: Reading, window: Window) -> bool:
    article = reading.article
    return article.arrived in window or (article.revised is not None and article.revised in window)


def _rank(story: Story, told: Collection[StoryId]) -> tuple[float, ...]:
    statements = sum(len(reading.brief.statements) for reading in story.readings)
    counts = Counts(*_counts(story))
    return rank(Outline(story.id, (), counts, statements, story.newest), told)


def rank(outline: Outline, told: Collection[StoryId]) -> tuple[float, ...]:
    """What a digest's stories are ordered by; `told` are those that the channel was told of."""
    counts = outline.counts
    return (
        -counts.outlets,
        counts.copies - counts.articles,
        -outline.statements,
        outline.id in told,
        -outline.newest.timestamp(),
        -outline.id,
    )


def _counts(story: Story) -> tuple[int, int, int]:
    """Articles, outlets, and how many of the articles are copies."""
    if story.counts is not None:
        return story.counts.articles, story.counts.outlets, story.counts.copies
    return len(story.readings), story.outlets, len(story.readings) - len(_originals(story.readings))


def _outlets(stories: Sequence[DigestStory]) -> int:
    """How many outlets stand behind the stories; articles without an outlet count as one more each."""
    sources = {(source.article_id, source.outlet) for story in stories for source in story.sources}
    named = len({outlet for _, outlet in sources if outlet}) + sum(1 for _, outlet in sources if not outlet)
    # A story may have more than those that are named in it.
    return max([named, *(story.outlets for story in stories)])


def _originals(readings: Sequence[Reading]) -> dict[ArticleId, ArticleId]:
    """Of those with the same words, the article that stands for them: the original where it is here, else the first."""
    chosen: dict[ArticleId, ArticleId] = {}
    for reading in sorted(
        readings, key=lambda r: (r.article.copy_of is not None, r.article.when, r.article.id)
    ):
        chosen.setdefault(reading.article.copy_of or reading.article.id, reading.article.id)
    return chosen


def _tell(
    whole: Story,
    before: Mapping[ArticleId, str],
    earlier: Sequence[Earlier],
    taste: Taste,
    changes: Sequence[NameChange],
    positions_of: PositionsOf,
) -> DigestStory | None:
    """The story by its articles of the window; None where they say nothing that the channel does not know, took
    nothing back that it was told, and bear the headlines that it was shown."""
    story, known = _less(whole, before), _known(earlier)
    unseen = [r for r in story.readings if (r.article.id, r.article.version) not in known.articles]
    chosen = _originals(unseen)
    seen = {article_id for article_id, _ in known.articles}
    standing = set(chosen.values())
    # An edited copy that was told may have words of its own by now.
    originals = [
        r
        for r in unseen
        if r.article.id in standing and (r.article.copy_of not in seen or r.article.id in seen)
    ]
    if not originals:
        return None
    ids = {r.article.id for r in originals}
    originals = sorted(originals, key=_newest_first)[: taste.sources]
    lead = _lead(_latest(originals))
    ordered = [lead, *(r for r in originals if r is not lead)]
    copies = sorted(
        (r for r in unseen if r.article.id not in ids and r.article.copy_of not in seen), key=_newest_first
    )
    shown = [*ordered, *copies][: taste.sources]
    marks = {r.article.id: number for number, r in enumerate(shown, start=1)}
    summary = condense(ordered, marks, taste.sentences, told=known.sentences)
    said = sayings(ordered, marks, taste.quotes, told=known.sayings)
    differences = tuple(
        d for d in differences_of(ordered, marks, changes) if _tells(d) not in known.differences
    )
    now = sorted((r for r in whole.readings if r.article.id in marks), key=lambda r: marks[r.article.id])
    withdrawn, renamed = taken_back(now, marks, earlier, before), retitled(now, marks, earlier)
    positions = positions_of(shown, marks)
    if earlier and not (summary or said or differences or withdrawn or renamed or positions):
        return None
    articles, outlets, counted_copies = _counts(story)
    return DigestStory(
        story_id=story.id,
        name=story.called or Story(story.id, (lead,)).name,
        outlets=outlets,
        articles=articles,
        summary=summary,
        said=said,
        sources=tuple(_source(r, marks, chosen) for r in shown),
        copies=counted_copies,
        since=max((e.until for e in earlier), default=None),
        differences=differences,
        cautions=tuple(_cautions(ordered, marks)),
        withdrawn=withdrawn,
        retitled=renamed,
        positions=positions,
    )


def _known(earlier: Sequence[Earlier]) -> _Known:
    stories = [one.story for one in earlier]
    return _Known(
        frozenset((source.article_id, source.version) for story in stories for source in story.sources),
        (
            *(passage.text for story in stories for passage in story.summary),
            *(side.evidence for story in stories for d in story.differences for side in d.sides),
        ),
        tuple(_known_sayings(earlier)),
        frozenset(_tells(difference) for story in stories for difference in story.differences),
    )


def _known_sayings(earlier: Sequence[Earlier]) -> Iterator[Said]:
    """What the channel takes for said. What it was told is gone is news when it comes back."""
    gone = {
        uttered_by(w.quote): one.until for one in sorted(earlier, key=_until) for w in one.story.withdrawn
    }
    for one in earlier:
        for said in one.story.said:
            taken = gone.get(uttered_by(said.quote))
            if taken is None or taken <= one.until:
                yield said


def _until(earlier: Earlier) -> datetime:
    return earlier.until


def _tells(difference: Difference) -> tuple[str, ...]:
    """What it is known by: other figures for the same thing are news."""
    return difference.what, *sorted(side.words for side in difference.sides)


def _latest(readings: Sequence[Reading]) -> list[Reading]:
    """Those of the story's last hours: older ones may tell what is no longer so."""
    newest = max(reading.article.when for reading in readings)
    return [reading for reading in readings if newest - reading.article.when <= _LATEST]


def _lead(readings: Sequence[Reading]) -> Reading:
    """The reading whose headline and summary share most with the others'; the newest of equals."""
    gists = [_gist(reading) for reading in readings]
    common = [0.0] * len(gists)
    for one, other in combinations(range(len(gists)), 2):
        both = len(gists[one] & gists[other])
        share = both / max(1, len(gists[one]) + len(gists[other]) - both)
        common[one] += share
        common[other] += share

    def shared(at: int) -> tuple[int, float, float, int]:
        article = readings[at].article
        return len(readings[at].brief.summary) > 0, round(common[at], 6), article.when.timestamp(), article.id

    return readings[max(range(len(readings)), key=shared)]


def _gist(reading: Reading) -> frozenset[str]:
    return _words(" ".join((reading.article.title or "", *(s.text for s in reading.brief.summary))))


@lru_cache(maxsize=250)  # a story is told to many channels
def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in re.findall(r"\w+", fold(text)) if len(word) > 2)


def _newest_first(reading: Reading) -> tuple[float, int]:
    return -reading.article.when.timestamp(), reading.article.id


def _source(
    reading: Reading, marks: Mapping[ArticleId, int], chosen: Mapping[ArticleId, ArticleId]
) -> Source:
    article = reading.article
    original = chosen.get(article.copy_of or article.id)
    return Source(
        mark=marks[article.id],
        article_id=article.id,
        article_key=article.key,
        version=article.version,
        headline=article.title,
        outlet=article.outlet,
        url=article.url,
        when=article.when,
        dated=article.published is not None,
        copy_of=marks.get(original) if original is not None and original != article.id else None,
        whole=not article.partial,
        revised=article.revised,
    )


def _notices(stories: Sequence[Story], shown: Sequence[DigestStory]) -> Iterator[str]:
    """What a larger model failed at in the articles that are shown, each failure once."""
    named = {source.article_id for story in shown for source in story.sources}
    details = dict.fromkeys(
        flag.detail
        for story in stories
        for reading in story.readings
        if reading.article.id in named
        for flag in reading.brief.flags
        if flag.kind == _NOTICE
    )
    yield from islice(details, _MOST_NOTICES)


def _cautions(readings: Sequence[Reading], marks: Mapping[ArticleId, int]) -> Iterator[Caution]:
    for reading in readings:
        for flag in reading.brief.flags:
            if flag.kind in _CAUTIONS:
                yield Caution(marks[reading.article.id], flag.detail, flag.spans)
