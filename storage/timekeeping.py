"""What was stored by a clock that was ahead: once that is set right, it lies ahead of now, and is set right, too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Update, and_, case, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from news.articles import ArticleId
from news.channels import Due
from news.polling import FURTHEST
from storage.articles import APART
from storage.pages import put_in
from storage.rows import chunks
from storage.tables import ArticleRow, FeedRow, SubscriptionRow, VersionRow
from storage.types import UtcTime


class SqlTimekeeping:
    """Times in the database that a clock cannot have given yet."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def schedules(self, now: datetime) -> tuple[Due, ...]:
        """When subscriptions are due that are due later, paused ones too."""
        when = (SubscriptionRow.next_due, SubscriptionRow.cron, SubscriptionRow.timezone)
        rows = await self._session.execute(
            select(*when, func.count())
            .where(SubscriptionRow.next_due > now, SubscriptionRow.removed.is_(False))
            .group_by(*when)
            .order_by(*when)
        )
        return tuple(Due(cron, timezone, slot, count) for slot, cron, timezone, count in rows)

    async def published(self, now: datetime, *, limit: int = 100) -> tuple[datetime, ...]:
        """When the last articles that arrived in a time to come were published, as their outlets say."""
        arrived = ArticleRow.arrived > now + APART, ArticleRow.published.is_not(None)
        query = select(ArticleRow.published).where(*arrived).order_by(ArticleRow.arrived.desc()).limit(limit)
        return tuple(published for published in await self._session.scalars(query) if published)

    async def set_right(
        self, now: datetime, due: Sequence[tuple[Due, datetime]], *, articles: bool = True
    ) -> int:
        """Sets right what lies more than a minute ahead, for so far apart clocks may be; how many rows that were.

        `due` is what is due too late, and when it is due instead. A channel that was told up to a time to come counts as
        one whose first digest is still to come: that reaches back a day, and tells what the channel was not told. What
        arrived has arrived now, and feeds are looked at now.
        """
        limit = now + APART
        done = 0
        for each, slot in due:
            done += await self._update(
                update(SubscriptionRow)
                .where(SubscriptionRow.next_due == each.slot, SubscriptionRow.removed.is_(False))
                .where(SubscriptionRow.cron == each.cron, SubscriptionRow.timezone == each.timezone)
                .values(next_due=slot)
            )
        done += await self._update(
            update(SubscriptionRow).where(SubscriptionRow.last_covered > limit).values(last_covered=None)
        )
        done += await self._feeds(now, limit)
        return done + (await self._articles(now, limit) if articles else 0)

    async def _feeds(self, now: datetime, limit: datetime) -> int:
        """Those that were looked at in a time to come, or that would be further away than any feed ever is."""

        def past(moment: InstrumentedAttribute[datetime | None]) -> ColumnElement[datetime | None]:
            return case((moment > limit, literal(now, UtcTime)), else_=moment)

        looked = or_(FeedRow.last_success > limit, FeedRow.failing_since > limit)
        return await self._update(
            update(FeedRow)
            .where(or_(looked, FeedRow.next_check > now + FURTHEST))
            .values(
                next_check=now,
                last_success=past(FeedRow.last_success),
                failing_since=past(FeedRow.failing_since),
            )
        )

    async def _articles(self, now: datetime, limit: datetime) -> int:
        """With what is kept beside them of when their stances were known."""
        edited = and_(VersionRow.version > 1, VersionRow.seen > limit)
        arrived = await self._session.scalars(select(ArticleRow.id).where(ArticleRow.arrived > limit))
        edits = await self._session.scalars(select(VersionRow.article_id).where(edited))
        ids: list[ArticleId] = sorted({*arrived, *edits})
        await self._update(update(ArticleRow).where(ArticleRow.arrived > limit).values(arrived=now))
        await self._update(update(VersionRow).where(edited).values(seen=now))
        for some in chunks(ids):
            await put_in(self._session, some)
        return len(ids)

    async def _update(self, change: Update) -> int:
        quietly = change.execution_options(synchronize_session=False)
        return cast("CursorResult[Any]", await self._session.execute(quietly)).rowcount
