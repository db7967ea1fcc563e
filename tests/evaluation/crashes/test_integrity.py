"""What breaks a constraint is found, though no constraint stood in its way."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.engine import database_url, open_engine
from tests.backends import BACKENDS, current_database
from tests.evaluation.crashes.integrity import troubles


@pytest.fixture(params=BACKENDS)
async def engine(request, tmp_path):
    async with current_database(request.param, tmp_path) as url, open_engine(database_url(url)) as engine:
        yield engine


async def found(engine: AsyncEngine, *statements: str) -> list[str]:
    """What is found after statements that no constraint hindered; nothing of it is kept."""
    unheeded = {"sqlite": "PRAGMA foreign_keys = OFF", "postgresql": "SET session_replication_role = replica"}
    async with engine.connect() as connection:
        await connection.rollback()
        raw = (await connection.get_raw_connection()).driver_connection
        await raw.execute(unheeded[engine.dialect.name])
        for statement in statements:
            await connection.execute(text(statement))
        try:
            return await connection.run_sync(lambda sync: list(troubles(sync, alone=True)))
        finally:
            await connection.rollback()
            await connection.invalidate()


async def test_in_a_new_store_nothing_is_wrong(engine):
    assert await found(engine) == []


async def test_rows_that_belong_nowhere_are_found(engine):
    told = await found(
        engine, "INSERT INTO follows (id, workspace_id, feed_id, folder) VALUES (1, 77, 78, '')"
    )
    assert {
        "1 rows of follows break fk_follows_workspace_id_workspaces",
        "1 rows of follows break fk_follows_feed_id_feeds",
    } <= set(told)


async def test_rows_that_should_be_one_are_found(engine):
    name = "(workspace_id, actor, actor_key, name, name_key, pair_key, relation, made)"
    made = {"sqlite": "0", "postgresql": "now()"}[engine.dialect.name]
    row = f"INSERT INTO actor_names {name} VALUES (1, 'A', 'a', 'B', 'b', 'a b', 'same', {made})"
    told = await found(
        engine,
        "DROP INDEX uq_actor_names_standing",
        "INSERT INTO workspaces (id, platform, external_id, timezone) VALUES (1, 'terminal', 'local', 'UTC')",
        row,
        row,
    )
    assert told == ["1 times workspace_id, pair_key is not unique in actor_names"]


async def test_what_no_search_would_find_is_found(engine):
    number = "rowid" if engine.dialect.name == "sqlite" else "id"
    values = {
        "sqlite": "said) VALUES (7, 'bridge')",
        "postgresql": "article_id, search) VALUES (7, 1, 'bridge')",
    }
    told = await found(engine, f"INSERT INTO statement_index ({number}, {values[engine.dialect.name]}")
    assert len(told) == 2
    assert "is alone in" in told[0]


async def test_what_is_broken_within_a_full_text_index_is_found(engine):
    if engine.dialect.name == "sqlite":
        told = await found(
            engine,
            "INSERT INTO statement_index (rowid, said, title) VALUES (7, 'bridge', 'closed')",
            "UPDATE statement_index_content SET c1 = 'opened'",
        )
        assert "statement_index: database disk image is malformed" in told
