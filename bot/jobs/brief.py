"""Reading: articles without a brief are understood, off the event loop, and put into stories."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.ports import Store, Understanding
from news.errors import AttacheError
from news.stories import Member

BATCH = 25
NEARBY = timedelta(days=4)
"""How far from a new article clustering looks for its story."""


async def catch_up(store: Store, understanding: Understanding) -> int:
    """Reads what is stored and not read yet, and puts it into stories; returns how many were read."""
    read = await read_articles(store, understanding)
    await cluster(store, understanding)
    return read


async def read_articles(store: Store, understanding: Understanding) -> int:
    """Makes the briefs that are due; returns how many. Each batch is kept before the next begins."""
    done = 0
    while True:
        async with store.read() as uow:
            articles = await uow.articles.unread(BATCH)
        if not articles:
            return done
        briefs = await understanding.briefs(articles)
        if not briefs:
            raise AttacheError("The articles that wait cannot be read: see the log.")
        async with store.write() as uow:
            for brief in briefs.values():
                await uow.briefs.save(brief)
            await uow.commit()
        done += len(briefs)


async def cluster(store: Store, understanding: Understanding) -> int:
    """Puts every article that has a brief into a story; returns how many."""
    done = 0
    while True:
        async with store.read() as uow:
            new = _together(await uow.stories.unclustered())
            if not new:
                return done
            known = await uow.stories.members(
                min(m.when for m in new) - NEARBY, max(m.when for m in new) + NEARBY
            )
        assignments = await understanding.assign(new, known)
        async with store.write() as uow:
            await uow.stories.save(assignments)
            await uow.commit()
        done += len(assignments)


def _together(members: Sequence[Member]) -> Sequence[Member]:
    """The first of them, as long as they lie close in time: one from long ago must not call up all since."""
    for at in range(1, len(members)):
        if members[at].when - members[at - 1].when > NEARBY:
            return members[:at]
    return members
