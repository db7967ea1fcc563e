"""Whether what a store and a platform hold can be true: nothing lost, nothing doubled; pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from bot.jobs.slots import COUNTED, next_slot


class Fault(StrEnum):
    """What kind of thing is wrong."""

    LOST = "lost"
    DOUBLED = "doubled"
    UNTOLD = "untold"
    """It is stored, and no digest that should tells of it."""
    UNSOUND = "unsound"
    """Things that contradict each other."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong."""

    fault: Fault
    what: str


@dataclass(frozen=True, slots=True)
class Expected:
    """An entry that was handed out and still stands in its feed."""

    address: str
    """`news.links.identity` of its link."""
    words: str
    """What stands in its newest edition and in nothing else, once in the text and once in a statement."""


@dataclass(frozen=True, slots=True)
class Handed:
    """An entry as it stood in a document that was handed out."""

    key: str
    words: tuple[str, ...]
    """What stands in its edition of then, or in a later one: one of these."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A message as the platform has it."""

    key: str
    """What it is recognised by; empty without anything."""
    receipt: str
    """The platform's id of it."""


@dataclass(frozen=True, slots=True)
class Article:
    """An article, its newest words, and the numbers of all its versions."""

    id: int
    address: str | None
    version: int
    versions: tuple[int, ...]
    briefed: int
    story: int | None
    arrived: datetime
    feed: int
    """The feed that it first came by, which alone may change it."""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that stands in its article."""

    article: int
    version: int
    position: int
    words: str


@dataclass(frozen=True, slots=True)
class Digest:
    """What a digest tells."""

    id: int
    composed: datetime
    since: datetime
    until: datetime
    told: frozenset[int]
    """The articles that it names."""
    whole: bool = True
    """Whether it names all that its window has; else it counts some."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A digest's way to its channel."""

    id: int
    subscription: int
    digest: int | None
    slot: datetime
    state: str
    receipt: str | None = None
    skipped: int = 0
    """Slots before it that went by."""

    @property
    def key(self) -> str:
        return f"attache-{self.id}"


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told of a feed, alone or in one post with others."""

    id: int
    feed: int
    kind: str
    since: datetime
    state: str
    post: int | None = None
    receipt: str | None = None

    @property
    def key(self) -> str:
        return f"attache-n{self.post or self.id}"


@dataclass(frozen=True, slots=True)
class Subscription:
    """What is posted, and when it is due next."""

    id: int
    cron: str
    timezone: str
    first_due: datetime
    """When it was due first."""
    next_due: datetime
    covered: datetime | None = None
    narrowed: bool = False
    skipped: int = 0
    """Slots that went by and are to be told with the next one."""
    feeds: frozenset[int] | None = None
    """What its workspace follows; None for everything."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed whose own server never failed."""

    id: int
    document: str | None = None
    """The validator of the last document that is said to have been read."""
    failing: bool = False
    ended: bool = False
    """Whether its server said that it is gone for good."""


@dataclass(frozen=True, slots=True)
class Stored:
    """All that a store holds, as far as it is looked at, read at one moment."""

    feeds: tuple[Feed, ...] = ()
    articles: tuple[Article, ...] = ()
    entries: tuple[tuple[int, str, int | None], ...] = ()
    """Feed, key and article."""
    briefs: tuple[tuple[int, int], ...] = ()
    """Article and version."""
    statements: tuple[Statement, ...] = ()
    stories: frozenset[int] = frozenset()
    subscriptions: tuple[Subscription, ...] = ()
    digests: Mapping[int, Digest] = field(default_factory=dict)
    deliveries: tuple[Delivery, ...] = ()
    notices: tuple[Notice, ...] = ()
    integrity: tuple[str, ...] = ()
    """What the database itself, or its constraints asked one by one, found wrong."""


def at_any_time(
    stored: Stored, posted: Sequence[Posted], handed: Mapping[str, Sequence[Handed]]
) -> tuple[Problem, ...]:
    """What must never be, whatever is under way.

    `posted` was read after the store. `handed` are the entries of documents, by their validators.
    """
    return (
        *(Problem(Fault.UNSOUND, f"integrity: {what}") for what in stored.integrity),
        *(
            Problem(Fault.UNSOUND, f"feed {f.id} is blamed")
            for f in stored.feeds
            if f.failing and not f.ended
        ),
        *_doubled_rows(stored),
        *_articles(stored),
        *_skipped(stored, handed),
        *_slots(stored),
        *_windows(stored),
        *_posts(stored, posted),
    )


def in_the_end(stored: Stored, posted: Sequence[Posted], expected: Sequence[Expected]) -> tuple[Problem, ...]:
    """What is wrong once nothing is under way any more, beside what must never be."""
    return (
        *_arrived(stored, expected),
        *_understood(stored),
        *_settled(stored, posted),
        *_fell_between(stored),
    )


def vanished(before: Stored, after: Stored) -> tuple[Problem, ...]:
    """What was stored and is no more."""
    kept = (
        ("article", [(a.id, n) for a in before.articles for n in a.versions],
         {(a.id, n) for a in after.articles for n in a.versions}),
        ("entry", before.entries, set(after.entries)),
        ("digest", before.digests, set(after.digests)),
        # One that is claimed only may be given up: it is told as one that went by.
        ("delivery", [d.id for d in before.deliveries if d.digest is not None], {d.id for d in after.deliveries}),
        ("sent delivery", [d.id for d in before.deliveries if d.state == "sent"],
         {d.id for d in after.deliveries if d.state == "sent"}),
        ("sent notice", [n.id for n in before.notices if n.state == "sent"],
         {n.id for n in after.notices if n.state == "sent"}),
    )  # fmt: skip
    briefed = {a.id: a.briefed for a in after.articles}
    unread = [a.id for a in before.articles if briefed.get(a.id, 0) < a.briefed]
    return (
        *(Problem(Fault.LOST, f"{what} {one} was stored and is gone") for what, old, new in kept for one in old if one not in new),
        *(Problem(Fault.LOST, f"the brief of article {one} was newer before") for one in unread),
    )  # fmt: skip


def counted_only(stored: Stored) -> int:
    """Articles that a digest may have counted without naming them, so that nothing can be said of them."""
    return sum(
        not digest.whole and digest.since <= article.arrived < digest.until and article.id not in digest.told
        for digest in stored.digests.values()
        for article in stored.articles
    )


def _doubled_rows(stored: Stored) -> Iterator[Problem]:
    standing = stored.statements
    keys: tuple[tuple[str, Iterable[Hashable]], ...] = (
        ("article", (a.id for a in stored.articles)),
        ("articles at", (a.address for a in stored.articles if a.address is not None)),
        ("entry", ((feed, key) for feed, key, _ in stored.entries)),
        ("brief of article", (article for article, _ in stored.briefs)),
        ("statement at", ((s.article, s.position) for s in standing)),
        ("statement", ((s.article, s.words) for s in standing)),
        ("delivery of subscription and slot", ((d.subscription, str(d.slot)) for d in stored.deliveries)),
        # One digest may go to several channels.
        ("delivery of subscription and digest", ((d.subscription, d.digest) for d in stored.deliveries)),
        ("notice", ((n.feed, n.kind, str(n.since)) for n in stored.notices)),
    )
    for what, each in keys:
        for one, times in Counter(each).items():
            if times > 1:
                yield Problem(Fault.DOUBLED, f"{what} {one}: {times} times")


def _articles(stored: Stored) -> Iterator[Problem]:
    """Versions are consecutive, briefs are of versions that are there, statements of the brief's version."""
    articles = {article.id: article for article in stored.articles}
    briefs = dict(stored.briefs)
    for article in stored.articles:
        if article.versions != tuple(range(1, article.version + 1)):
            yield Problem(
                Fault.LOST, f"article {article.id} has versions {article.versions} of {article.version}"
            )
        if article.briefed > article.version or briefs.get(article.id, 0) != article.briefed:
            yield Problem(Fault.UNSOUND, f"article {article.id} has not the brief that it is said to have")
        if article.story is not None and article.story not in stored.stories:
            yield Problem(Fault.LOST, f"article {article.id} is in a story that is gone")
    for feed, key, led in stored.entries:
        if led is not None and led not in articles:
            yield Problem(Fault.LOST, f"entry {key} of feed {feed} leads to an article that is gone")
    for statement in stored.statements:
        if statement.version != briefs.get(statement.article):
            yield Problem(Fault.UNSOUND, f"a statement of article {statement.article} is of another version")


def _skipped(stored: Stored, handed: Mapping[str, Sequence[Handed]]) -> Iterator[Problem]:
    """A feed's document is not called read before all that is in it is stored, edits of its own articles included."""
    articles = {article.id: article for article in stored.articles}
    led = {(feed, key): article for feed, key, article in stored.entries}
    for feed in stored.feeds:
        for entry in handed.get(feed.document or "", ()):
            article = articles.get(led.get((feed.id, entry.key)) or 0)
            if article is None:
                yield Problem(Fault.LOST, f"entry {entry.key} of feed {feed.id} was read and is not stored")
            elif article.feed == feed.id and not any(words in article.text for words in entry.words):
                yield Problem(
                    Fault.LOST, f"entry {entry.key} of feed {feed.id} was read and is as it was before"
                )


def _slots(stored: Stored) -> Iterator[Problem]:
    """Each slot of a subscription has one delivery, or is told as one that went by with the next.

    What went by before a delivery that is only claimed is kept with its subscription until the digest is composed.
    """
    for subscription, deliveries in _by_subscription(stored):
        due, kept = subscription.first_due, subscription.skipped
        for delivery in deliveries:
            between, went_by = _between(subscription, due, delivery.slot), delivery.skipped
            if delivery.digest is None:
                went_by, kept = went_by + kept, 0
            told = min(went_by, COUNTED)
            if between != told:
                fault = Fault.LOST if between is not None and between > told else Fault.DOUBLED
                yield Problem(fault, f"subscription {subscription.id} was due at {due}, has {delivery.slot}")
            if delivery.digest is not None and delivery.digest not in stored.digests:
                yield Problem(Fault.LOST, f"the digest of delivery {delivery.id} is gone")
                return
            due = next_slot(subscription.cron, subscription.timezone, delivery.slot)
        between = _between(subscription, due, subscription.next_due)
        waiting = min(kept, COUNTED)
        if between != waiting:
            fault = Fault.LOST if between is not None and between > waiting else Fault.DOUBLED
            yield Problem(
                fault, f"subscription {subscription.id} is due at {due}, not {subscription.next_due}"
            )


def _between(subscription: Subscription, due: datetime, slot: datetime) -> int | None:
    """How many slots lie from the one on to before the other, as far as they are counted; None where the other is none, or
    earlier."""
    count = 0
    while due < slot:
        count, due = count + 1, next_slot(subscription.cron, subscription.timezone, due)
    return min(count, COUNTED) if due == slot else None


def _windows(stored: Stored) -> Iterator[Problem]:
    """A digest begins where the one before ended, or earlier where one failed."""
    for subscription, deliveries in _by_subscription(stored):
        told = [(d, stored.digests[d.digest]) for d in deliveries if d.digest in stored.digests]
        for at, ((_, earlier), (delivery, digest)) in enumerate(pairwise(told), start=1):
            if digest.since > earlier.until:
                yield Problem(
                    Fault.UNTOLD,
                    f"nothing is told between {earlier.until} and {digest.since}, delivery {delivery.id}",
                )
            elif digest.since < earlier.until and all(d.state != "failed" for d, _ in told[:at]):
                yield Problem(
                    Fault.DOUBLED, f"delivery {delivery.id} tells again what came since {digest.since}"
                )
        failed = any(delivery.state == "failed" for delivery in deliveries)
        if told and subscription.covered != told[-1][1].until and not failed:
            yield Problem(
                Fault.UNSOUND, f"subscription {subscription.id} is not told up to where its last digest ends"
            )


def _posts(stored: Stored, posted: Sequence[Posted]) -> Iterator[Problem]:
    """No post stands twice, and what counts as sent stands."""
    for key, times in Counter(post.key for post in posted).items():
        if not key:
            yield Problem(Fault.UNSOUND, f"{times} posts bear no key")
        elif times > 1:
            yield Problem(Fault.DOUBLED, f"post {key} stands {times} times")
    standing = {(post.key, post.receipt) for post in posted}
    for one in (*stored.deliveries, *stored.notices):
        if one.state == "sent" and (one.key, one.receipt) not in standing:
            yield Problem(Fault.LOST, f"post {one.key} counts as sent and does not stand at {one.receipt}")


def _arrived(stored: Stored, expected: Sequence[Expected]) -> Iterator[Problem]:
    """Each entry that was handed out is an article in its newest words, which one statement of it has."""
    at: dict[str | None, list[Article]] = defaultdict(list)
    for article in stored.articles:
        at[article.address].append(article)
    said: dict[int, list[str]] = defaultdict(list)
    for statement in stored.statements:
        said[statement.article].append(statement.words)
    led = Counter(article for _, _, article in stored.entries)
    for entry in expected:
        found = at[entry.address]
        if not found:
            yield Problem(Fault.LOST, f"no article at {entry.address}")
            continue
        article = found[0]  # of several that is told elsewhere
        if entry.words not in article.text:
            yield Problem(Fault.LOST, f"article {article.id} has not its newest words {entry.words!r}")
        if not led[article.id]:
            yield Problem(Fault.LOST, f"no entry leads to article {article.id}")
        times = sum(entry.words in words for words in said[article.id])
        if times != 1:
            fault = Fault.DOUBLED if times else Fault.LOST
            yield Problem(fault, f"article {article.id} has {times} statements with {entry.words!r}")


def _understood(stored: Stored) -> Iterator[Problem]:
    for article in stored.articles:
        if article.briefed != article.version:
            yield Problem(Fault.LOST, f"article {article.id} was never read in its version {article.version}")
        if article.story is None:
            yield Problem(Fault.LOST, f"article {article.id} is in no story")


def _settled(stored: Stored, posted: Sequence[Posted]) -> Iterator[Problem]:
    """Nothing is on its way, nothing stands that is not known, and nothing that stands counts as unsent."""
    known = {one.key: one.state for one in (*stored.deliveries, *stored.notices)}
    for key, state in known.items():
        if state in ("pending", "sending"):
            yield Problem(Fault.LOST, f"post {key} is still {state}")
    for key in {post.key for post in posted} - known.keys():
        yield Problem(Fault.LOST, f"post {key} stands and nobody knows of it")
    for key in {post.key for post in posted} & known.keys():
        if known[key] == "failed":
            yield Problem(Fault.UNSOUND, f"post {key} stands and counts as failed")


def _fell_between(stored: Stored) -> Iterator[Problem]:
    """What arrived within a digest's window is named in it, where it names all that it has."""
    leading: dict[int, set[int]] = defaultdict(set)
    for feed, _, led in stored.entries:
        leading[led or 0].add(feed)
    for subscription, deliveries in _by_subscription(stored):
        if subscription.narrowed:
            continue
        for digest in (stored.digests[d.digest] for d in deliveries if d.digest in stored.digests):
            for article in stored.articles:
                inside = digest.since <= article.arrived < digest.until
                followed = subscription.feeds is None or subscription.feeds & leading[article.id]
                if inside and followed and digest.whole and article.id not in digest.told:
                    yield Problem(
                        Fault.UNTOLD,
                        f"article {article.id}, which arrived at {article.arrived}, is not in digest {digest.id} "
                        f"from {digest.since} to {digest.until}",
                    )


def _by_subscription(stored: Stored) -> Iterator[tuple[Subscription, list[Delivery]]]:
    for subscription in stored.subscriptions:
        own = [d for d in stored.deliveries if d.subscription == subscription.id]
        yield subscription, sorted(own, key=lambda d: d.slot)
