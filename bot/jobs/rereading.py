"""Rereading: articles that were read before a target was there get their positions for it, a few at a time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

import structlog

from bot.jobs.keeping import keep
from news.errors import ReadingAway

if TYPE_CHECKING:
    from bot.ports import Understanding
    from bot.repositories import Store, UnitOfWork
    from news.channels import WorkspaceId
    from news.rereading import Read, Rereading
    from news.stances import Stance
    from news.targets import Target

log = structlog.get_logger(__name__)

BATCH = 4
"""Articles that are read and kept together: one of a war may take seconds, and who stops the bot waits for them."""
LONGEST = 3.0
"""Seconds after which no further batch is begun, so that what comes next in a beat is never far."""


class Rereader:
    """Reads on wherever it was, workspace after workspace, as often as it is called.

    Where it stopped, or was killed, is stored with each batch: what a batch did that was not kept is done again.
    """

    def __init__(self, store: Store, understanding: Understanding) -> None:
        self._store = store
        self._understanding = understanding
        self._last: WorkspaceId | None = None

    async def __call__(self) -> int:
        """Reads one batch, and more while no news waits to be read; how many articles were read. Raises StoreError."""
        begun, done = monotonic(), 0
        while True:
            async with self._store.read() as uow:
                of = await uow.rereading.next(after=self._last)
            if of is None:
                return done
            done += await reread(self._store, self._understanding, of)
            self._last = of.workspace_id
            async with self._store.read() as uow:
                news = await uow.articles.unread(1)
            if news or monotonic() - begun >= LONGEST:
                return done


async def reread(store: Store, understanding: Understanding, of: Rereading) -> int:
    """Reads the next articles for these targets, newest first; returns how many. Raises StoreError."""
    async with store.read() as uow:
        total = await uow.rereading.count_articles(of.workspace_id) if of.place is None else None
        articles = await uow.rereading.articles(of, BATCH) if of.targets else ()
    found = await _positions(understanding, of.targets, articles)
    await keep(store, partial(_save, of=of, articles=articles, found=found, total=total), harmless_twice=True)
    return len(articles)


async def _positions(
    understanding: Understanding, targets: Sequence[Target], articles: Sequence[Read]
) -> list[tuple[Stance, ...] | None]:
    """The positions in each article; None for one that cannot be read, which must not keep all others waiting.

    One after the other: beside them news is read on the other cores. Where several cannot be read and none can, that is
    raised.
    """
    found: list[tuple[Stance, ...] | None] = []
    failure: Exception | None = None
    for one in articles:
        try:
            found.append(await understanding.positions(one.article, one.statements, targets))
        except ReadingAway:
            raise
        except Exception as error:
            log.error("An article cannot be read for targets.", article=one.article.id, exc_info=error)
            found.append(None)
            failure = error
    if failure is not None and len(found) > 1 and not any(one is not None for one in found):
        raise failure
    return found


async def _save(
    uow: UnitOfWork,
    of: Rereading,
    articles: Sequence[Read],
    found: Sequence[tuple[Stance, ...] | None],
    total: int | None,
) -> None:
    if total is not None:
        await uow.rereading.begin(of, total)
    for one, stances in zip(articles, found, strict=True):
        if stances is not None:
            article = one.article
            await uow.stances.replace(
                article.id, article.version, of.targets, stances, length=len(article.text)
            )
    await uow.rereading.advance(of, articles[-1].place if articles else of.meets, len(articles))
