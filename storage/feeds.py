"""Feeds, and who follows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from news.channels import WorkspaceId
from news.digests import FeedHealth
from news.errors import AlreadyThere, InputError, NotFound
from news.feeds import INTERVAL, Feed, FeedId, Follow, Listed, Pace, Validators
from storage.documents import as_json, from_json
from storage.rows import chunks, insert_all, insert_once
from storage.sqlite_driver import look
from storage.tables import ArticleRow, FeedRow, FollowRow
from storage.types import Id, UtcTime, clean, lookup_key

MOST_BROUGHT = 1_000
"""Articles that a workspace brought along whose outlets are named, the newest."""
IMPORTS = "import:"
"""How the address of a hidden feed begins."""


class SqlFeeds:
    """Feeds in the database.

    One row a URL: how a feed fares and the outlet it is called by are the same for all who follow it. The
    first who names the outlet decides.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def follow(
        self, workspace_id: WorkspaceId, url: str, *, outlet: str | None = None, folder: str = ""
    ) -> Feed:
        """The workspace follows the feed from now on. Raises AlreadyThere."""
        if clean(url).startswith(IMPORTS):
            raise InputError(f"{url} is not the address of a feed: give one that begins with https://.")
        row = await self._obtain(url)
        unclaimed = not await self._is_followed(row.id)
        follow = {"workspace_id": workspace_id, "feed_id": row.id, "folder": clean(folder)}
        if not await insert_once(self._session, FollowRow, **follow):
            raise AlreadyThere(f"{url} is followed already.")
        if outlet and (unclaimed or not row.outlet):
            row.outlet = clean(outlet)
        if unclaimed or row.ended:
            _forget(row)
        await self._session.flush()
        return _feed(row)

    async def follow_all(self, workspace_id: WorkspaceId, listed: Sequence[Listed]) -> int:
        """The workspace follows all of these that it does not follow yet; how many those are.

        A feed that nobody followed before has the list's title until it is read. One that had ended is
        looked at again.
        """
        by_key = dict[str, Listed]()
        for one in listed:
            if not clean(one.url).startswith(IMPORTS):
                by_key.setdefault(lookup_key(one.url), one)
        followed = 0
        for keys in chunks(list(by_key)):
            await self._obtain_all({key: by_key[key] for key in keys})
            mine = exists().where(FollowRow.feed_id == FeedRow.id, FollowRow.workspace_id == workspace_id)
            query = select(FeedRow).where(FeedRow.url_key.in_(keys), FeedRow.imports_of.is_(None), ~mine)
            rows = {row.url_key: row for row in await self._session.scalars(query)}
            claimed = select(FollowRow.feed_id).where(
                FollowRow.feed_id.in_([row.id for row in rows.values()])
            )
            others = set(await self._session.scalars(claimed))
            for row in rows.values():
                if row.ended or row.id not in others:
                    _forget(row)
            await self._session.flush()
            follows = [
                {"workspace_id": workspace_id, "feed_id": rows[key].id, "folder": by_key[key].folder}
                for key in keys  # in the list's order, for that is how follows are shown
                if key in rows
            ]
            followed += await insert_all(self._session, FollowRow, follows)
        return followed

    async def unfollow(self, workspace_id: WorkspaceId, url: str) -> None:
        """It does so no longer; what was read stays stored. Raises NotFound."""
        feed_id = select(FeedRow.id).where(FeedRow.url_key == lookup_key(url), FeedRow.imports_of.is_(None))
        gone = await self._session.execute(
            delete(FollowRow)
            .where(FollowRow.workspace_id == workspace_id, FollowRow.feed_id.in_(feed_id))
            .returning(FollowRow.id)
        )
        if gone.first() is None:
            raise NotFound(f"{url} is not followed: list the feeds to see the addresses that are.")

    async def followed(self, workspace_id: WorkspaceId) -> tuple[Feed, ...]:
        """Feeds that the workspace follows, in the order they were added."""
        return tuple(follow.feed for follow in await self.follows(workspace_id))

    async def follows(self, workspace_id: WorkspaceId) -> tuple[Follow, ...]:
        """As `followed`, with the folders in which the workspace keeps them."""
        rows = await self._session.execute(
            select(FeedRow, FollowRow.folder)
            .join(FollowRow, FollowRow.feed_id == FeedRow.id)
            .where(FollowRow.workspace_id == workspace_id, FeedRow.imports_of.is_(None))
            .order_by(FollowRow.id)
        )
        return tuple(Follow(_feed(row), folder) for row, folder in rows)

    async def health(self, workspace_id: WorkspaceId) -> FeedHealth:
        """How the feeds that the workspace follows fare, in the order they were added."""
        return await look(self._session, lambda connection: _health(connection, workspace_id))

    async def outlets(self, workspace_id: WorkspaceId) -> tuple[str, ...]:
        """Names of the outlets whose articles the workspace sees: of its feeds, and of what it brought along lately."""
        named = await self._session.scalars(
            select(func.coalesce(FeedRow.outlet, FeedRow.title))
            .join(FollowRow, FollowRow.feed_id == FeedRow.id)
            .where(FollowRow.workspace_id == workspace_id, FeedRow.imports_of.is_(None))
        )
        brought = await self._session.scalars(
            select(ArticleRow.outlet)
            .join(FeedRow, FeedRow.id == ArticleRow.feed_id)
            .where(FeedRow.imports_of == workspace_id)
            .order_by(ArticleRow.id.desc())
            .limit(MOST_BROUGHT)
        )
        return tuple(sorted({name for name in (*named, *brought) if name}))

    async def due(self, now: datetime, limit: int = 100) -> tuple[Feed, ...]:
        """Followed feeds that have not ended and are due, longest waiting first; hosts take turns."""
        # One that was never looked at comes behind those that were due before: many may be added at once.
        longest = func.coalesce(FeedRow.next_check, literal(now, UtcTime)), FeedRow.id
        # A host of which more wait than are taken would leave no place for others.
        turn = func.row_number().over(partition_by=self._host(), order_by=longest)
        rows = await self._session.scalars(
            select(FeedRow)
            .where(FeedRow.imports_of.is_(None), FeedRow.ended.is_(False))
            .where(or_(FeedRow.next_check.is_(None), FeedRow.next_check <= now))
            .where(exists().where(FollowRow.feed_id == FeedRow.id))
            .order_by(turn, *longest)
            .limit(limit)
        )
        return tuple(map(_feed, rows))

    async def save(self, *feeds: Feed) -> None:
        """Keeps the feeds' states. Where a new address is another feed's already, the old address stays."""
        found: dict[FeedId, FeedRow] = {}
        for some in chunks([feed.id for feed in feeds]):
            rows = await self._session.scalars(select(FeedRow).where(FeedRow.id.in_(some)))
            found.update((row.id, row) for row in rows)
        for feed in feeds:
            row = found.get(feed.id)
            if row is None:
                raise NotFound(f"There is no feed {feed.id}: follow {feed.url} first.")
            if clean(feed.url) != row.url and await self._is_free(feed.url):
                row.url, row.url_key = clean(feed.url), lookup_key(feed.url)
                await self._session.flush()  # so that the next feed finds the address taken
            _keep(row, feed)
        await self._session.flush()

    async def obtain_imports(self, workspace_id: WorkspaceId) -> FeedId:
        """The hidden feed that holds what the workspace imports; made, and followed, when it is not there."""
        url = f"{IMPORTS}{workspace_id}"
        row = await self._obtain(url, imports_of=workspace_id)
        await insert_once(self._session, FollowRow, workspace_id=workspace_id, feed_id=row.id, folder="")
        return row.id

    def _host(self) -> ColumnElement[str]:
        """The address up to the end of its host."""
        find = func.instr if self._session.get_bind().dialect.name == "sqlite" else func.strpos
        whole = FeedRow.url.concat("/")
        beyond = len("https://")
        end = find(func.substr(whole, beyond + 1), "/", type_=Integer) + beyond
        return func.lower(func.substr(whole, 1, end))

    async def _obtain(self, url: str, *, imports_of: WorkspaceId | None = None) -> FeedRow:
        query = select(FeedRow).where(FeedRow.url_key == lookup_key(url))
        row = (await self._session.scalars(query)).one_or_none()
        if row is None:
            await insert_once(self._session, FeedRow, **_unread(url, imports_of=imports_of))
            row = (await self._session.scalars(query)).one()
        return row

    async def _obtain_all(self, listed: Mapping[str, Listed]) -> None:
        """Makes the feeds that are not there, by their lookup keys."""
        query = select(FeedRow.url_key).where(FeedRow.url_key.in_(listed))
        there = set(await self._session.scalars(query))
        made = [_unread(one.url, title=one.title) for key, one in listed.items() if key not in there]
        await insert_all(self._session, FeedRow, made)

    async def _is_followed(self, feed_id: FeedId) -> bool:
        query = select(FollowRow.id).where(FollowRow.feed_id == feed_id).limit(1)
        return (await self._session.scalars(query)).first() is not None

    async def _is_free(self, url: str) -> bool:
        if clean(url).startswith(IMPORTS):
            return False
        query = select(FeedRow.id).where(FeedRow.url_key == lookup_key(url))
        return (await self._session.scalars(query)).first() is None


def _unread(
    url: str, *, title: str | None = None, imports_of: WorkspaceId | None = None
) -> dict[str, object]:
    """The row of a feed of which nothing is known yet."""
    return {
        "url": url,
        "url_key": lookup_key(url),
        "imports_of": imports_of,
        "title": title,
        "pace": {},
        "interval": round(INTERVAL.total_seconds()),
        "failures": 0,
        "ended": False,
    }


def _forget(row: FeedRow) -> None:
    """What is known of a feed that nobody followed for a while: it is looked at as if for the first time."""
    row.etag = row.last_modified = row.body_hash = None
    row.next_check = row.last_success = None
    row.last_error = row.failing_since = None
    row.failures, row.ended = 0, False


def _keep(row: FeedRow, feed: Feed) -> None:
    row.title = feed.title
    row.pace = as_json(Pace, feed.pace)
    row.interval = round(feed.interval.total_seconds())
    row.etag = feed.validators.etag
    row.last_modified = feed.validators.last_modified
    row.body_hash = feed.body_hash
    row.next_check = feed.next_check
    row.last_success = feed.last_success
    row.last_error = feed.last_error
    row.failing_since = feed.failing_since
    row.failures = feed.failures
    row.ended = feed.ended


def _feed(row: FeedRow) -> Feed:
    return Feed(
        id=row.id,
        url=row.url,
        title=row.title,
        outlet=row.outlet,
        validators=Validators(row.etag, row.last_modified),
        body_hash=row.body_hash,
        pace=from_json(Pace, row.pace),
        interval=timedelta(seconds=row.interval),
        next_check=row.next_check,
        last_success=row.last_success,
        last_error=row.last_error,
        failing_since=row.failing_since,
        failures=row.failures,
        ended=row.ended,
    )


def _health(connection: Connection, workspace_id: WorkspaceId) -> FeedHealth:
    count, unread = connection.execute(_COUNTED, {"workspace": workspace_id}).one()
    failing = [
        (outlet or title or url, since)
        for outlet, title, url, since in connection.execute(_FAILING, {"workspace": workspace_id})
        if since is not None
    ]
    return FeedHealth(followed=count, failing=tuple(failing), unread=unread)


# Built once: each digest asks for both.
_FOLLOWED = and_(FollowRow.workspace_id == bindparam("workspace", type_=Id), FeedRow.imports_of.is_(None))
_NEW = FeedRow.last_success.is_(None) & FeedRow.failing_since.is_(None)
_COUNTED = (
    select(func.count(), func.count(case((_NEW, 1))))
    .join(FollowRow, FollowRow.feed_id == FeedRow.id)
    .where(_FOLLOWED)
)
_FAILING = (
    select(FeedRow.outlet, FeedRow.title, FeedRow.url, FeedRow.failing_since)
    .join(FollowRow, FollowRow.feed_id == FeedRow.id)
    .where(_FOLLOWED, FeedRow.failing_since.is_not(None))
    .order_by(FollowRow.id)
)
