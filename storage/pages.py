"""Pages: sightings packed by pair and time beside the stances that they are made of, for look-ups of years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    case,
    delete,
    func,
    literal,
    literal_column,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from news.articles import ArticleId
from news.channels import WorkspaceId
from news.ledger import CAREFUL
from storage.rows import briefed_version, chunks, insert_missing, replace_all, rows_of, table_of
from storage.sightings import NEWEST, PERIOD_BITS, SIGHTING, instant, outlet_number, packed, unpacked
from storage.tables import ArticleRow, EntryRow, FeedRow, PageRow, PairRow, StanceRow, VersionRow

if TYPE_CHECKING:
    from storage.sightings import Packed

_PAGING = 0x61747461636867
"""What PostgreSQL knows the lock by under which pages are changed: two who add to one page must see each other."""
_PLACES = {position.value: place for place, position in enumerate(CAREFUL)}

PairKey = tuple[int, str, str, str]
"""Owner, target, actor and state."""
PageKey = tuple[int, int]
"""Pair and period."""


async def take_out(session: AsyncSession, ids: Collection[ArticleId]) -> None:
    """Takes what articles say off the pages; to be called while their stances are still there."""
    import numpy as np

    for some in chunks(sorted(ids)):
        query = (
            select(PageRow.pair_id, PageRow.period, PageRow.sightings)
            .join(PairRow, PairRow.id == PageRow.pair_id)
            .join(StanceRow, and_(_same_pair(), _period() == PageRow.period))
            .where(StanceRow.article_id.in_(some))
        )
        await _lock(session)
        rows = {(row.pair_id, row.period): row.sightings for row in rows_of(await session.execute(query))}
        left = {key: (page := unpacked(held))[~np.isin(page["article"], some)] for key, held in rows.items()}
        await _write(session, left)


async def put_in(session: AsyncSession, ids: Collection[ArticleId]) -> None:
    """Puts on the pages what articles say, in the place of what stands there of the same stances."""
    import numpy as np

    for some in chunks(sorted(ids)):
        await _lock(session)
        found = rows_of(await session.execute(_sightings().where(StanceRow.article_id.in_(some))))
        if not found:
            continue
        keys = [(row.owner or 0, row.target_key, row.actor_key, row.state_key) for row in found]
        pairs = await _pairs(session, set(keys))
        new: defaultdict[PageKey, list[tuple[int, ...]]] = defaultdict(list)
        newest: defaultdict[int, dict[int, int]] = defaultdict(dict)
        for key, row in zip(keys, found, strict=True):
            pair, moment = pairs[key].id, instant(row.moment)
            new[pair, row.id >> PERIOD_BITS].append(_record(row, moment))
            newest[pair][row.feed_id] = max(moment, newest[pair].get(row.feed_id, moment))
        pages = {at: np.array(rows, dtype=SIGHTING) for at, rows in new.items()}
        for at, held in (await _held(session, pages)).items():
            old = unpacked(held)
            pages[at] = np.concatenate((old[~np.isin(old["id"], pages[at]["id"])], pages[at]))
        await _write(session, pages)
        await _raise(session, {row.id: row.feeds for row in pairs.values()}, newest)


async def drop_pages(session: AsyncSession, owner: WorkspaceId, key: str) -> None:
    """Takes away all that is held of a workspace's own target."""
    own = select(PairRow.id).where(PairRow.owner == owner, PairRow.target_key == key)
    pages, pairs = table_of(PageRow), table_of(PairRow)
    await session.execute(delete(pages).where(pages.c.pair_id.in_(own)))
    await session.execute(delete(pairs).where(pairs.c.owner == owner, pairs.c.target_key == key))


async def drop_owned_pages(session: AsyncSession, owner: WorkspaceId, *, limit: int) -> int:
    """Takes away what is held of a workspace's own targets, of as many pairs as `limit` says; of how many it was."""
    await _lock(session)
    pages, pairs = table_of(PageRow), table_of(PairRow)
    ids = list(await session.scalars(select(PairRow.id).where(PairRow.owner == owner).limit(limit)))
    for some in chunks(ids):
        await session.execute(delete(pages).where(pages.c.pair_id.in_(some)))
        await session.execute(delete(pairs).where(pairs.c.id.in_(some)))
    return len(ids)


async def let_go_of_feeds(session: AsyncSession, *, after: int, limit: int) -> int | None:
    """Takes feeds that are there no more out of what is noted of pairs, of as many as `limit` behind one; the last that
    was looked at, None at the end."""
    import numpy as np

    await _lock(session)
    query = select(PairRow.id, PairRow.feeds).where(PairRow.id > after).order_by(PairRow.id).limit(limit)
    rows = rows_of(await session.execute(query))
    newest = {row.id: np.frombuffer(row.feeds, dtype=NEWEST) for row in rows}
    named = sorted({int(feed) for held in newest.values() for feed in held["feed"]})
    there: list[int] = []
    for some in chunks(named):
        there += await session.scalars(select(FeedRow.id).where(FeedRow.id.in_(some)))
    if len(there) < len(named):
        left = {number: held[np.isin(held["feed"], there)] for number, held in newest.items()}
        changed = [
            {"id": number, "feeds": held.tobytes()}
            for number, held in left.items()
            if len(held) < len(newest[number])
        ]
        await session.execute(update(PairRow), changed)
    return rows[-1].id if rows else None


async def _lock(session: AsyncSession) -> None:
    """Nothing in SQLite, where nobody writes beside a unit of work that may write."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text(f"SELECT pg_advisory_xact_lock({_PAGING})"))


async def _pairs(session: AsyncSession, keys: Collection[PairKey]) -> Mapping[PairKey, Row[Any]]:
    """The pairs, made where they are not there."""
    known = await _known(session, keys)
    missing = sorted(keys - known.keys())
    if missing:
        names = ("owner", "target_key", "actor_key", "state_key")
        await insert_missing(
            session, PairRow, [dict(zip(names, key, strict=True)) | {"feeds": b""} for key in missing]
        )
        known |= await _known(session, missing)
    return known


async def _known(session: AsyncSession, keys: Collection[PairKey]) -> dict[PairKey, Row[Any]]:
    known: dict[PairKey, Row[Any]] = {}
    columns = (PairRow.owner, PairRow.target_key, PairRow.actor_key, PairRow.state_key)
    for some in chunks(sorted(keys)):
        query = select(PairRow.id, PairRow.feeds, *columns).where(tuple_(*columns).in_(some))
        for row in rows_of(await session.execute(query)):
            known[row.owner, row.target_key, row.actor_key, row.state_key] = row
    return known


async def _held(session: AsyncSession, keys: Collection[PageKey]) -> dict[PageKey, bytes]:
    held: dict[PageKey, bytes] = {}
    for some in chunks(sorted(keys)):
        query = select(PageRow.pair_id, PageRow.period, PageRow.sightings).where(
            tuple_(PageRow.pair_id, PageRow.period).in_(some)
        )
        held.update(((row.pair_id, row.period), row.sightings) for row in await session.execute(query))
    return held


async def _write(session: AsyncSession, pages: Mapping[PageKey, Packed]) -> None:
    rows = [
        {"pair_id": pair, "period": period, "sightings": packed(page)}
        for (pair, period), page in sorted(pages.items())
        if len(page)
    ]
    await replace_all(session, PageRow, rows)
    empty = sorted(key for key, page in pages.items() if not len(page))
    table = table_of(PageRow)
    for some in chunks(empty):
        await session.execute(delete(table).where(tuple_(table.c.pair_id, table.c.period).in_(some)))
    bare = sorted({pair for pair, _ in empty})
    pairs = table_of(PairRow)
    for few in chunks(bare):
        without = ~select(literal(1)).where(PageRow.pair_id == pairs.c.id).exists()
        await session.execute(delete(pairs).where(pairs.c.id.in_(few), without))


async def _raise(
    session: AsyncSession, held: Mapping[int, bytes], newest: Mapping[int, Mapping[int, int]]
) -> None:
    """Notes of each pair the newest stance of each feed."""
    import numpy as np

    changed = []
    for pair, feeds in newest.items():
        known = dict(np.frombuffer(held[pair], dtype=NEWEST).tolist())
        raised = {feed: moment for feed, moment in feeds.items() if moment > known.get(feed, moment - 1)}
        if raised:
            rows = sorted((known | raised).items())
            changed.append({"id": pair, "feeds": np.array(rows, dtype=NEWEST).tobytes()})
    if changed:
        await session.execute(update(PairRow), changed)


def _sightings() -> Select[*tuple[Any, ...]]:
    """Each stance, once for each feed that leads to its article."""
    return (
        select(
            StanceRow.id,
            StanceRow.article_id,
            StanceRow.moment,
            StanceRow.position,
            StanceRow.outlet_key,
            StanceRow.owner,
            StanceRow.target_key,
            StanceRow.actor_key,
            StanceRow.state_key,
            func.coalesce(ArticleRow.copy_of, ArticleRow.id).label("original"),
            arrival().label("arrived"),
            EntryRow.feed_id,
        )
        .join(ArticleRow, ArticleRow.id == StanceRow.article_id)
        .join(VersionRow, briefed_version())
        .join(EntryRow, EntryRow.article_id == StanceRow.article_id)
        .distinct()
    )


def arrival() -> ColumnElement[Any]:
    """When what an article says now was first known: when it arrived, or its edit was seen."""
    return func.coalesce(case((VersionRow.version > 1, VersionRow.seen)), ArticleRow.arrived)


def _record(row: Row[Any], moment: int) -> tuple[int, ...]:
    """As `SIGHTING` has it."""
    return (
        moment,
        row.id,
        row.article_id,
        row.original,
        instant(row.arrived),
        outlet_number(row.outlet_key),
        row.feed_id,
        _PLACES[row.position],
    )


def _same_pair() -> ColumnElement[bool]:
    return and_(
        PairRow.owner == func.coalesce(StanceRow.owner, 0),
        PairRow.target_key == StanceRow.target_key,
        PairRow.actor_key == StanceRow.actor_key,
        PairRow.state_key == StanceRow.state_key,
    )


def _period() -> ColumnElement[int]:
    return StanceRow.id.op(">>")(literal_column(str(PERIOD_BITS)))
