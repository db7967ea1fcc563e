"""A database from before positions were found: what was read is read again for them."""

from __future__ import annotations

import pytest
from alembic import command
from sqlalchemy import text

from storage.engine import database_url, open_engine
from tests.storage.test_walk import go, insert
from tests.storage.walk_rows import ROWS

BEFORE, AFTER = "0007", "0008"
PROGRESS = "SELECT kind, waiting, done, total, reached_moment, reached_id FROM targets ORDER BY id"


async def _walked(engine, *, to: str) -> None:
    for version in sorted(ROWS):
        if version <= to:
            await go(engine, command.upgrade, version)
            await insert(engine, ROWS[version])


async def _all(engine, query: str) -> list[tuple[object, ...]]:
    async with engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(text(query))]


async def test_targets_wait_from_the_beginning_and_hidden_ones_stay_hidden(empty_url):
    async with open_engine(database_url(empty_url)) as engine:
        await _walked(engine, to=BEFORE)
        before = {row[0]: row for row in await _all(engine, PROGRESS)}
        assert before["set"][2:4] == (1, 5)
        await go(engine, command.upgrade, AFTER)
        after = {row[0]: row for row in await _all(engine, PROGRESS)}
    assert after["hidden"] == before["hidden"]
    for kind in ("own", "set"):
        assert (bool(after[kind][1]), *after[kind][2:]) == (True, 0, None, None, None)


@pytest.mark.parametrize("was_read", [True, False])
async def test_the_set_that_is_built_in_waits_where_anything_was_read(empty_url, was_read):
    async with open_engine(database_url(empty_url)) as engine:
        await _walked(engine, to="0006" if was_read else "")
        await go(engine, command.upgrade, BEFORE)
        async with engine.begin() as connection:
            await connection.execute(text("DELETE FROM targets"))
        await go(engine, command.upgrade, AFTER)
        found = await _all(engine, "SELECT key, waiting FROM targets WHERE kind = 'set'")
    assert [(key, bool(waiting)) for key, waiting in found] == [("1", True)] * was_read
