"""Reading: articles without a brief are understood, off the event loop, and put into stories."""

from __future__ import annotations

from datetime import timedelta

from bot.ports import Store, Understanding
from news.errors import AttacheError

BATCH = 25
NEARBY = timedelta(days=4)
"""How far from a new article clustering looks for its story."""


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
            new = await uow.stories.unclustered()
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
