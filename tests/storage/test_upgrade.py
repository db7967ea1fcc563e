"""Migrations: up, down, twice at once, and databases of other versions."""

from __future__ import annotations

import asyncio
import sqlite3

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from news.channels import Platform
from news.errors import StoreVersionError
from news.names import Relation
from storage.asking import ARTICLES, STATEMENTS
from storage.engine import database_url, open_engine, open_store
from storage.tables import Row
from storage.upgrade import HEAD, VERSION_TABLE, _config, check, downgrade, upgrade
from tests.builders import MORNING


async def differences(url):
    """What a migrated database lacks of the tables that the store works with."""

    def compare(connection):
        options = {"version_table": VERSION_TABLE, "include_object": is_of_the_tables}
        context = MigrationContext.configure(connection, opts=options)
        return compare_metadata(context, Row.metadata)

    async with open_engine(database_url(url)) as engine, engine.connect() as connection:
        return await connection.run_sync(compare)


def is_of_the_tables(thing, name, kind, reflected, compared):
    """The indexes of words are made by themselves, in tables that differ between databases."""
    table = name if kind == "table" else thing.table.name
    return not table.startswith((STATEMENTS, ARTICLES, "statement_actors"))


async def tell(url, statement):
    async with open_engine(database_url(url)) as engine, engine.begin() as connection:
        await connection.execute(text(statement))


async def test_the_migrations_make_the_tables_that_the_store_works_with(empty_url):
    assert await upgrade(empty_url) == HEAD
    assert await differences(empty_url) == []


async def test_a_missing_table_would_be_noticed(empty_url):
    await upgrade(empty_url)
    await tell(empty_url, "DROP TABLE statements")
    assert ("add_table", "statements") in [
        (d[0], d[1].name) for d in await differences(empty_url) if d[0] == "add_table"
    ]


async def test_up_and_down_and_up_again(empty_url):
    await upgrade(empty_url)
    await downgrade(empty_url)
    with pytest.raises(StoreVersionError, match="attache db upgrade"):
        await check(empty_url)
    await upgrade(empty_url)
    await check(empty_url)
    assert await differences(empty_url) == []


async def test_an_upgrade_keeps_what_is_stored(empty_url):
    for _ in range(2):
        await upgrade(empty_url)
        async with open_store(empty_url) as store, store.write() as uow:
            workspace = await uow.workspaces.obtain(Platform.TERMINAL, "local")
            await uow.commit()
    assert workspace.id == 1


async def test_of_those_who_upgrade_at_once_all_find_it_done(empty_url):
    assert await asyncio.gather(*(upgrade(empty_url) for _ in range(8))) == [HEAD] * 8
    assert await differences(empty_url) == []


async def test_a_database_without_tables_is_not_up_to_date(empty_url):
    await tell(empty_url, "CREATE TABLE somebodys (id INTEGER)")
    with pytest.raises(StoreVersionError, match="not up to date"):
        await check(empty_url)


@pytest.mark.parametrize("action", [check, upgrade])
async def test_a_database_of_a_newer_version_is_left_alone(empty_url, action):
    await upgrade(empty_url)
    await tell(empty_url, f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    with pytest.raises(StoreVersionError, match="newer version of attache"):
        await action(empty_url)
    with pytest.raises(StoreVersionError):
        async with open_store(empty_url):
            pass


def test_the_version_that_the_program_knows_is_the_last_migration():
    assert ScriptDirectory.from_config(_config()).get_current_head() == HEAD


async def test_constraints_refuse_what_the_values_would(empty_url):
    await upgrade(empty_url)
    row = "INSERT INTO deliveries VALUES (1, 1, 1, {now}, 'lost', {now}, 0, NULL, NULL, 0)"
    if empty_url.startswith("sqlite"):
        connection = sqlite3.connect(database_url(empty_url).database)
        try:
            with pytest.raises(sqlite3.IntegrityError, match="ck_deliveries_state"):
                connection.execute(row.format(now=0))
        finally:
            connection.close()
        return
    connection = await asyncpg.connect(empty_url)
    try:
        with pytest.raises(asyncpg.CheckViolationError, match="ck_deliveries_state"):
            await connection.execute(row.format(now="now()"))
    finally:
        await connection.close()


async def test_two_changes_of_one_pair_of_names_never_stand_at_once(empty_url):
    await upgrade(empty_url)
    async with open_store(empty_url) as store, store.write() as uow:
        workspace = await uow.workspaces.obtain(Platform.TERMINAL, "local")
        change = await uow.actors.tell(workspace.id, "Anna", "Nan", Relation.SAME, now=MORNING)
        await uow.commit()
    columns = "workspace_id, actor, actor_key, name, name_key, pair_key, relation, made, undone, undone_by"
    again = f"INSERT INTO actor_names ({columns}) SELECT {columns} FROM actor_names WHERE id = {change.id}"
    with pytest.raises(IntegrityError):
        await tell(empty_url, again)
    await tell(empty_url, "UPDATE actor_names SET undone = made, undone_by = 'undo'")
    await tell(empty_url, again)
    for wrong in ("undone = NULL", "undone_by = 'nobody'", "relation = 'cousin'"):
        with pytest.raises(IntegrityError):
            await tell(empty_url, f"UPDATE actor_names SET {wrong}")
