"""What a store holds, read past the store's own code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, Select, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from news.digests import Digest as Composed
from storage.documents import from_json, part
from storage.engine import database_url, open_engine
from storage.tables import (
    ArticleRow,
    BriefRow,
    DeliveryRow,
    DigestRow,
    EntryRow,
    FeedRow,
    FollowRow,
    NoticeRow,
    StatementRow,
    StoryRow,
    SubscriptionRow,
    VersionRow,
)
from tests.evaluation.crashes.integrity import troubles
from tests.evaluation.crashes.soundness import (
    Article,
    Delivery,
    Digest,
    Feed,
    Notice,
    Statement,
    Stored,
    Subscription,
)

Texts = Mapping[tuple[int, int], str]
"""By article and version."""

_FEED = (FeedRow.id, FeedRow.etag, FeedRow.failing_since, FeedRow.ended)
_TEXT = (VersionRow.article_id, VersionRow.version, VersionRow.text)
_ARTICLE = (
    ArticleRow.id, ArticleRow.url_key, ArticleRow.version, ArticleRow.briefed, ArticleRow.story_id, ArticleRow.arrived,
    ArticleRow.feed_id,
)  # fmt: skip
_DELIVERY = (
    DeliveryRow.id, DeliveryRow.subscription_id, DeliveryRow.digest_id, DeliveryRow.slot, DeliveryRow.state,
    DeliveryRow.receipt, DeliveryRow.skipped,
)  # fmt: skip
_NOTICE = (
    NoticeRow.id, NoticeRow.feed_id, NoticeRow.kind, NoticeRow.since, NoticeRow.state, NoticeRow.post, NoticeRow.receipt,
)  # fmt: skip
_SUBSCRIPTION = (
    SubscriptionRow.id, SubscriptionRow.workspace_id, SubscriptionRow.cron, SubscriptionRow.timezone, SubscriptionRow.next_due,
    SubscriptionRow.last_covered, SubscriptionRow.skipped, SubscriptionRow.about, SubscriptionRow.actor, SubscriptionRow.outlet,
)  # fmt: skip


class Eye:
    """Reads a store again and again; digests, which never change, only once."""

    def __init__(self, url: str, first_due: Mapping[int, datetime]) -> None:
        self._url = database_url(url)
        self._first_due = first_due
        self._digests: dict[int, Digest] = {}

    async def look(self, *, alone: bool = False) -> Stored:
        """All that it holds, of one moment; with `alone`, nobody else uses it."""
        async with open_engine(self._url) as engine, _at_one_moment(engine).connect() as connection:
            return await connection.run_sync(self._read, alone)

    async def articles(self) -> int:
        """How many there are."""
        return await self._count(select(func.count()).select_from(ArticleRow))

    async def read(self) -> int:
        """How many versions of articles have been read."""
        return await self._count(select(func.coalesce(func.sum(ArticleRow.briefed), 0)))

    async def _count(self, query: Select[tuple[int]]) -> int:
        async with open_engine(self._url) as engine, engine.connect() as connection:
            return int(await connection.scalar(query) or 0)

    def _read(self, connection: Connection, alone: bool) -> Stored:
        texts = {(article, version): text for article, version, text in _rows(connection, *_TEXT)}
        return Stored(
            feeds=tuple(Feed(number, etag, since is not None, ended) for number, etag, since, ended in _rows(connection, *_FEED)),
            articles=tuple(_articles(connection, texts)),
            entries=tuple(map(tuple, _rows(connection, EntryRow.feed_id, EntryRow.key, EntryRow.article_id))),
            briefs=tuple(map(tuple, _rows(connection, BriefRow.article_id, BriefRow.version))),
            statements=tuple(_statements(connection, texts)),
            stories=frozenset(number for (number,) in _rows(connection, StoryRow.id)),
            subscriptions=tuple(self._subscriptions(connection)),
            digests=self._all_digests(connection),
            deliveries=tuple(Delivery(*row) for row in _rows(connection, *_DELIVERY)),
            notices=tuple(Notice(*row) for row in _rows(connection, *_NOTICE)),
            integrity=tuple(troubles(connection, alone=alone)),
        )  # fmt: skip

    def _all_digests(self, connection: Connection) -> Mapping[int, Digest]:
        newest = max(self._digests, default=0)
        query = select(DigestRow.id, DigestRow.composed, DigestRow.content).where(DigestRow.id > newest)
        for row in connection.execute(query):
            self._digests[row.id] = _digest(row.id, row.composed, from_json(Composed, row.content))
        return {number: self._digests[number] for (number,) in _rows(connection, DigestRow.id)}

    def _subscriptions(self, connection: Connection) -> Iterator[Subscription]:
        follows: dict[int, set[int]] = defaultdict(set)
        for workspace, feed in _rows(connection, FollowRow.workspace_id, FollowRow.feed_id):
            follows[workspace].add(feed)
        for number, workspace, cron, timezone, due, covered, skipped, *narrowed in _rows(
            connection, *_SUBSCRIPTION
        ):
            first, feeds = self._first_due[number], frozenset(follows[workspace])
            yield Subscription(
                number, cron, timezone, first, due, covered, narrowed=any(narrowed), skipped=skipped, feeds=feeds
            )  # fmt: skip


def _articles(connection: Connection, texts: Texts) -> Iterator[Article]:
    versions: dict[int, list[int]] = defaultdict(list)
    for article, version in texts:
        versions[article].append(version)
    for number, address, version, briefed, story, arrived, feed in _rows(connection, *_ARTICLE):
        text = texts.get((number, version), "")
        yield Article(number, address, version, tuple(versions[number]), briefed, story, arrived, feed, text)


def _statements(connection: Connection, texts: Texts) -> Iterator[Statement]:
    query = select(StatementRow.article_id, StatementRow.version, StatementRow.position, StatementRow.spans)
    for article, version, position, spans in connection.execute(query.where(StatementRow.gone.is_(None))):
        text = texts.get((article, version), "")
        words = " ".join(text[span.start : span.end] for span in part(spans, "content"))
        yield Statement(article, version, position, words)


def _digest(number: int, composed: datetime, digest: Composed) -> Digest:
    whole = not digest.left_out and not digest.unchanged
    return Digest(
        number,
        composed,
        digest.window.since,
        digest.window.until,
        frozenset(source.article_id for story in digest.stories for source in story.sources),
        whole and all(len(story.sources) == story.articles for story in digest.stories),
    )


def _at_one_moment(engine: AsyncEngine) -> AsyncEngine:
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ")


def _rows(connection: Connection, *columns: object) -> Iterator[tuple]:
    """In the order of the first two."""
    return iter(connection.execute(select(*columns).order_by(*columns[:2])))
