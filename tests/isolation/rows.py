"""What the store holds of either workspace, read past the program: so that nothing of it can hide a change."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing

import asyncpg

from storage.tables import Row

Rows = Mapping[str, tuple[tuple[tuple[str, object], ...], ...]]
"""The rows of each table, each as its columns and their values."""
_TABLES = [
    table.name
    for table in Row.metadata.sorted_tables
    if not table.info.get("derived") and table.name not in ("leases", "handled", "outages")
]
"""All but what is made anew from the others, and what belongs to processes and not to workspaces."""
_GUESSED = ("subscriptions", "feeds", "digests", "deliveries", "stories", "articles")


async def rows_in(url: str) -> Rows:
    """All rows, in their order."""
    if url.startswith("sqlite:///"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.row_factory = sqlite3.Row
            found = {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in _TABLES}
        return {name: _sorted(map(dict, rows)) for name, rows in found.items()}
    connection = await asyncpg.connect(url)
    try:
        return {
            name: _sorted(map(dict, await connection.fetch(f'SELECT * FROM "{name}"'))) for name in _TABLES
        }
    finally:
        await connection.close()


def _sorted(rows) -> tuple[tuple[tuple[str, object], ...], ...]:
    return tuple(sorted((tuple(row.items()) for row in rows), key=repr))


def lost(before: Rows, after: Rows, workspace_id: int) -> list[tuple[str, object]]:
    """What stood there before and is gone or other now, and is not that workspace's own."""
    own = _Own(before, workspace_id)
    return [
        (table, row)
        for table, rows in before.items()
        for row in set(rows) - set(after[table])
        if not own.holds(table, dict(row))
    ]


class _Own:
    """What is a workspace's alone: its rows, and what hangs on them."""

    def __init__(self, rows: Rows, workspace_id: int) -> None:
        self._id = workspace_id
        follows = [dict(row) for row in rows["follows"]]
        others = {row["feed_id"] for row in follows if row["workspace_id"] != workspace_id}
        self._feeds = {row["feed_id"] for row in follows if row["workspace_id"] == workspace_id} - others
        followed = {row["feed_id"] for row in follows if row["workspace_id"] == workspace_id}
        entries, articles = map(dict, rows["entries"]), map(dict, rows["articles"])
        seen = {row["article_id"] for row in entries if row["feed_id"] in followed}
        self._stories = {row["story_id"] for row in articles if row["id"] in seen}
        """Of what it reads, also where the other reads of the same event: that it was told is noted at the story."""
        self._subscriptions = {
            row["id"] for row in map(dict, rows["subscriptions"]) if row["workspace_id"] == workspace_id
        }

    def holds(self, table: str, row: dict) -> bool:
        if table == "workspaces":
            return row["id"] == self._id
        if table == "feeds":
            return row["id"] in self._feeds
        if table == "stories":
            return row["id"] in self._stories
        if "subscription_id" in row and row["subscription_id"] is not None:
            return row["subscription_id"] in self._subscriptions
        return row.get("workspace_id") == self._id


async def numbers_of(url: str, workspace_id: int) -> tuple[int, ...]:
    """Ids of rows that are not the workspace's own, a few of each kind that somebody might guess."""
    rows = await rows_in(url)
    own = _Own(rows, workspace_id)
    return tuple(
        row["id"]
        for table in _GUESSED
        for row in [each for each in map(dict, rows[table]) if not own.holds(table, each)][:3]
    )
