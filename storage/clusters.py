"""Clusters: articles as clustering sees them, whatever workspace follows them, and where it puts them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from news.articles import ArticleId
from news.errors import NotFound
from news.stories import Assignment, Member, Signature, StoryId
from storage.ids import new_id
from storage.outdated import clear_stories
from storage.pages import put_in
from storage.rows import chunks
from storage.tables import ArticleRow, SignatureRow, StoryRow


class SqlClusters:
    """Signatures, and which article is in which story, in the database."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def sign(self, article_id: ArticleId, signature: Signature, *, now: datetime) -> None:
        """Keeps what the article is compared by, in the place of an older signature. Raises NotFound.

        One that was reduced for its age is compared no more.
        """
        row = await self._session.get(ArticleRow, article_id, with_for_update=True)
        if row is None:
            raise _missing(article_id)
        if row.aged is not None:
            return
        row.placed = now
        await self._session.merge(
            SignatureRow(
                article_id=article_id,
                terms=signature.terms,
                vector=signature.vector,
                shingles=signature.shingles,
            )
        )
        await self._session.flush()

    async def unclustered(self, limit: int = 200) -> tuple[Member, ...]:
        """Articles that have a brief, a signature and no story, oldest first."""
        waiting = ArticleRow.story_id.is_(None), ArticleRow.briefed > 0
        return await self._members(_signed().where(*waiting).limit(limit))

    async def members(self, since: datetime, until: datetime) -> tuple[Member, ...]:
        """Articles in stories, by `when`, oldest first; `until` is not included."""
        return await self._members(
            _signed().where(
                ArticleRow.story_id.is_not(None), ArticleRow.moment >= since, ArticleRow.moment < until
            )
        )

    async def changed(self, since: datetime, until: datetime, *, after: datetime) -> tuple[Member, ...]:
        """Those of `members` that were placed, or whose story was told, after a moment."""
        changed = or_(ArticleRow.placed > after, StoryRow.told > after)
        return await self._members(
            _signed().where(changed, ArticleRow.moment >= since, ArticleRow.moment < until)
        )

    async def save(self, assignments: Sequence[Assignment], *, now: datetime) -> None:
        """Puts articles into stories, new ones where needed; a story that loses all of them is gone.

        An article leaves a story only where its assignment says that it moves, and not when the story has
        been told in the meantime. One that another process has put into a story keeps that, so that saving
        twice is harmless. Raises NotFound.
        """
        batch = {a.article_id: a for a in assignments}
        named = {a.with_article for a in assignments if a.with_article is not None}
        rows = await self._articles({*batch, *named})
        await self._check_stories({a.story_id for a in assignments if a.story_id is not None})
        left = {row.story_id for row in rows.values() if row.story_id is not None}
        told = await self._told(left)
        moving = [a for a in batch.values() if a.moves and rows[a.article_id].story_id not in told]
        for assignment in moving:
            rows[assignment.article_id].story_id = None
        kept = {article_id for article_id in batch if rows[article_id].story_id is not None}
        copies = []
        for article_id, assignment in batch.items():
            if article_id in kept:
                continue
            row = rows[article_id]
            story_id, founder = _anchor(article_id, batch)
            row.story_id = story_id or await self._story_of(rows[founder])
            if row.copy_of != assignment.copy_of:
                copies.append(article_id)
            row.copy_of, row.placed = assignment.copy_of, now
        await self._session.flush()
        await put_in(self._session, copies)
        await clear_stories(self._session, left - told)

    async def _members(self, query: Select[ArticleRow, SignatureRow, datetime | None]) -> tuple[Member, ...]:
        rows = await self._session.execute(query.order_by(ArticleRow.moment, ArticleRow.id))
        return tuple(
            Member(
                article_id=row.id,
                when=row.moment,
                signature=Signature(signed.terms, signed.vector, signed.shingles),
                story_id=row.story_id,
                copy_of=row.copy_of,
                told=told is not None,
            )
            for row, signed, told in rows
        )

    async def _articles(self, ids: set[ArticleId]) -> Mapping[ArticleId, ArticleRow]:
        rows: dict[ArticleId, ArticleRow] = {}
        for some in chunks(sorted(ids)):
            query = select(ArticleRow).where(ArticleRow.id.in_(some)).order_by(ArticleRow.id)
            for row in await self._session.scalars(query.with_for_update()):
                rows[row.id] = row
        for article_id in ids - rows.keys():
            raise _missing(article_id)
        return rows

    async def _check_stories(self, ids: set[StoryId]) -> None:
        for some in chunks(sorted(ids)):
            found = set(await self._session.scalars(select(StoryRow.id).where(StoryRow.id.in_(some))))
            for story_id in set(some) - found:
                raise NotFound(f"There is no story {story_id}: find the stories again.")

    async def _told(self, ids: set[StoryId]) -> set[StoryId]:
        """Those of the stories that were told; they are held, so that none is told meanwhile."""
        told: set[StoryId] = set()
        for some in chunks(sorted(ids)):
            query = select(StoryRow).where(StoryRow.id.in_(some)).order_by(StoryRow.id).with_for_update()
            told.update(row.id for row in await self._session.scalars(query) if row.told is not None)
        return told

    async def _story_of(self, founder: ArticleRow) -> StoryId:
        """The article's story, begun when it has none."""
        if founder.story_id is None:
            story_id = StoryId(new_id(founder.moment))
            self._session.add(StoryRow(id=story_id))
            await self._session.flush()
            founder.story_id = story_id
        return founder.story_id


def _signed() -> Select[ArticleRow, SignatureRow, datetime | None]:
    return (
        select(ArticleRow, SignatureRow, StoryRow.told)
        .join(SignatureRow, SignatureRow.article_id == ArticleRow.id)
        .outerjoin(StoryRow, StoryRow.id == ArticleRow.story_id)
    )


def _missing(article_id: ArticleId) -> NotFound:
    return NotFound(f"There is no article {article_id}: store it before it joins a story.")


def _anchor(article_id: ArticleId, batch: Mapping[ArticleId, Assignment]) -> tuple[StoryId | None, ArticleId]:
    """The story that the article joins, or else the article whose story it shares.

    Articles that name each other in a circle share the story of the least of them.
    """
    way = [article_id]
    while (assignment := batch.get(way[-1])) is not None:
        following = assignment.with_article
        if assignment.story_id is not None or following is None or following == way[-1]:
            return assignment.story_id, way[-1]
        if following in way:
            return None, min(way[way.index(following) :])
        way.append(following)
    return None, way[-1]
