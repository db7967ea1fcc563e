"""Reading: articles without a brief are understood, off the event loop, and put into stories."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.jobs.keeping import keep
from bot.ports import Clock, StoryIndex, Understanding
from bot.repositories import Store, UnitOfWork
from news.articles import Article, ArticleId
from news.briefs import Brief
from news.errors import AttacheError, StoreError
from news.feeds import FeedId
from news.stances import Stance
from news.stories import Assignment, Learnt, Member, Signature
from news.targets import Target

log = structlog.get_logger(__name__)

BATCH = 25
LOT = 200
"""Articles that are read before they are put into stories."""
NEARBY = timedelta(hours=73)
"""How far from a new article clustering looks for its story."""
_OVERLAP = timedelta(minutes=10)
"""What another process placed is seen late by so much at most: a transaction's time, and clocks that differ."""
_KEPT = 4 * NEARBY


async def always() -> bool:
    """For who is the only one that puts articles into stories."""
    return True


async def catch_up(
    store: Store,
    understanding: Understanding,
    clock: Clock,
    may_place: Callable[[], Awaitable[bool]] = always,
    read: Callable[[], Awaitable[int]] | None = None,
) -> int:
    """Reads what is stored and not read yet, and puts it into stories; returns how many were read.

    The newest come first, and lot by lot: what a feed brings that was just added does not hold up the news. Where we
    may not, it is put into stories by who does so for all processes. `read` is what reads a lot, where it is not
    `read_articles`.
    """
    read = read or partial(read_articles, store, understanding, clock, most=LOT)
    done = 0
    try:
        while some := await read():
            if await may_place():
                await cluster(store, understanding, clock)
            done += some
            if some >= LOT:  # there may be many more, and whoever waits for them looks at the log
                log.info("reading goes on", articles=done)
    except Exception:
        if await may_place():  # what was read is told, whatever became of the rest
            await cluster(store, understanding, clock)
        raise
    if await may_place():
        await cluster(store, understanding, clock)
    return done


async def read_articles(
    store: Store,
    understanding: Understanding,
    clock: Clock,
    *,
    most: int | None = None,
    feed: FeedId | None = None,
) -> int:
    """Makes the briefs that are due, of all that is unread or of one feed; returns how many.

    Each batch is kept before the next begins. After `most` it ends with the batch at hand.
    """
    done = 0
    while most is None or done < most:
        async with store.read() as uow:
            articles = await uow.articles.unread(BATCH, feed=feed)
        if not articles:
            return done
        done += await read_these(store, understanding, clock, articles)
    return done


async def read_these(
    store: Store, understanding: Understanding, clock: Clock, articles: Sequence[Article]
) -> int:
    """Makes the briefs of these and keeps them together; how many. Raises what reading raised where none can be read."""
    async with store.read() as uow:
        targets = await uow.targets.for_articles([article.id for article in articles])
    understood = await understanding.understand(articles, [targets[article.id] for article in articles])
    if not understood:
        raise AttacheError("The articles that wait cannot be read: see the log.")
    await keep(store, partial(_save, understood=understood, clock=clock), harmless_twice=True)
    await _make_up(store, understanding, articles, [brief for brief, _ in understood], targets)
    return len(understood)


async def _make_up(
    store: Store,
    understanding: Understanding,
    articles: Sequence[Article],
    briefs: Sequence[Brief],
    targets: Mapping[ArticleId, Sequence[Target]],
) -> None:
    """Reads articles for targets that were added while they were being read, and that rereading may have passed by."""
    async with store.read() as uow:
        now = await uow.targets.for_articles([article.id for article in articles])
    for article, brief in zip(articles, briefs, strict=True):
        added = [target for target in now[article.id] if target not in targets[article.id]]
        if added:
            stances = await understanding.positions(article, brief.statements, added)
            replace = partial(_replace, article=article, targets=added, stances=stances)
            await keep(store, replace, harmless_twice=True)


async def _replace(
    uow: UnitOfWork, article: Article, targets: Sequence[Target], stances: Sequence[Stance]
) -> None:
    await uow.stances.replace(article.id, article.version, targets, stances, length=len(article.text))


async def _save(uow: UnitOfWork, understood: Sequence[tuple[Brief, Signature]], clock: Clock) -> None:
    await uow.briefs.save(*(brief for brief, _ in understood))
    for brief, signature in understood:
        await uow.clusters.sign(brief.article_id, signature, now=clock.now())


async def cluster(store: Store, understanding: Understanding, clock: Clock) -> int:
    """Puts every article that has been read into a story; returns how many."""
    done = 0
    async with understanding.stories() as index:
        while True:
            async with store.read() as uow:
                new = _together(await uow.clusters.unclustered())
            if not new:
                return done
            await _put(store, index, clock, new)
            done += len(new)


async def _put(store: Store, index: StoryIndex, clock: Clock, new: Sequence[Member]) -> None:
    """Puts them into stories. Where that fails they are put there one by one, and who is at fault into one of its own:
    no digest tells of what comes after an article that is in no story."""
    try:
        assignments = await _assigned(store, index, clock, new)
    except StoreError:
        raise
    except Exception:
        if len(new) > 1:
            for member in new:
                await _put(store, index, clock, [member])
            return
        (member,) = new
        log.exception("article cannot be compared, it has a story of its own", article=member.article_id)
        assignments = (Assignment(member.article_id, with_article=member.article_id),)
    await keep(store, partial(_place, assignments=assignments, clock=clock), harmless_twice=True)


async def _assigned(
    store: Store, index: StoryIndex, clock: Clock, new: Sequence[Member]
) -> Sequence[Assignment]:
    async with store.read() as uow:
        await _learn(uow, index, new, clock.now())
    return await index.assign(new)


async def _place(uow: UnitOfWork, assignments: Sequence[Assignment], clock: Clock) -> None:
    await uow.clusters.save(assignments, now=clock.now())


async def _learn(uow: UnitOfWork, index: StoryIndex, new: Sequence[Member], now: datetime) -> None:
    """Brings the index up to what the store has around the new articles."""
    since, until = new[0].when - NEARBY, new[-1].when + NEARBY
    known = index.learnt
    if known is None or since > known.until or until < known.since:
        await index.reset()
        await index.learn(await uow.clusters.members(since, until), Learnt(since, until, now))
        return
    members = await uow.clusters.changed(known.since, known.until, after=known.seen - _OVERLAP)
    if since < known.since:
        members += await uow.clusters.members(since, known.since)
    if until > known.until:
        members += await uow.clusters.members(known.until, until)
    reach = Learnt(min(since, known.since), max(until, known.until), now)
    await index.learn(members, reach)
    if reach.since < since - _KEPT:
        await index.forget(since)


def _together(members: Sequence[Member]) -> Sequence[Member]:
    """The first of them, as long as they lie close in time: one from long ago must not call up all since."""
    for at in range(1, len(members)):
        if members[at].when - members[at - 1].when > NEARBY:
            return members[:at]
    return members
