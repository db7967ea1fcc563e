"""All versions of the tables, up and down, with data in place; and whether the newest is what the program works with."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from storage.engine import database_url, open_engine
from storage.tables import Row
from storage.upgrade import HEAD, VERSION_TABLE, _config, check, upgrade
from tests.backends import empty_database
from tests.storage.walk_rows import CHANGES, CHANGES_BACK, LOSES, ROWS

VERSIONS = sorted(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def go(engine, step, version):
    """Up (`command.upgrade`) or down to a version."""
    async with engine.begin() as connection:
        await connection.run_sync(lambda sync: step(_config(sync), version))


async def insert(engine, rows):
    async with engine.begin() as connection:
        for table, values in rows:
            written = ", ".join(_literal(engine.dialect.name, value) for value in values.values())
            await connection.exec_driver_sql(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({written})")


def _literal(dialect, value):
    """As each database has it since the first version: documents as JSON, times in microseconds on SQLite."""
    match value:
        case None:
            return "NULL"
        case bool():
            return str(value).upper()
        case datetime() if dialect == "sqlite":
            return str((value - EPOCH) // timedelta(microseconds=1))
        case datetime():
            return f"'{value.isoformat()}'"
        case dict() | list():
            return f"'{json.dumps(value)}'"
        case bytes() if dialect == "sqlite":
            return f"X'{value.hex()}'"
        case bytes():
            return f"'\\x{value.hex()}'"
        case str():
            return "'" + value.replace("'", "''") + "'"
    return str(value)


async def contents(engine):
    """All rows of our tables, by table and key."""
    async with engine.connect() as connection:
        return await connection.run_sync(_contents)


def _contents(connection: Connection):
    inspector = inspect(connection)
    found = {}
    for table in sorted(set(inspector.get_table_names()) & set(Row.metadata.tables)):
        key = inspector.get_pk_constraint(table)["constrained_columns"]
        rows = connection.execute(text(f"SELECT * FROM {table}")).mappings()
        found[table] = {
            tuple(row[name] for name in key): {name: _value(one) for name, one in row.items()} for row in rows
        }
    return found


def _value(stored):
    """Documents by what they say, not by how they are written."""
    return json.loads(stored) if isinstance(stored, str) and stored[:1] in ("[", "{") else stored


def assert_kept(before, after, changed, lost):
    """Every row that was there is there, and every value in it that there is a place for, but for what is told."""
    for table, rows in before.items():
        if table not in after:
            continue
        for key, row in rows.items():
            if key in lost.get(table, ()):
                assert key not in after[table]
                continue
            found = after[table][key]
            same = {name for name in row.keys() & found.keys() if (table, name) not in changed}
            assert {name: row[name] for name in same} == {name: found[name] for name in same}


def test_every_version_has_rows_in_the_walk():
    missing = set(VERSIONS) - ROWS.keys()
    assert not missing, (
        f"Version {', '.join(sorted(missing))} has no rows of its own in tests/storage/walk_rows.py: "
        "add what only it can store, so that the walk shows that its migration keeps what is there."
    )


async def test_from_the_first_version_to_the_newest_and_back_with_data_in_place(empty_url):
    async with open_engine(database_url(empty_url)) as engine:
        before, as_stored = {}, {}
        for version in VERSIONS:
            await go(engine, command.upgrade, version)
            now = await contents(engine)
            assert_kept(before, now, CHANGES.get(version, set()), {})
            await insert(engine, ROWS.get(version, ()))
            as_stored[version] = before = await contents(engine)
            assert sum(map(len, before.values())) == sum(map(len, now.values())) + len(ROWS.get(version, ()))
        await check(empty_url)
        for version, below in zip(reversed(VERSIONS), [*reversed(VERSIONS[:-1]), "base"], strict=True):
            await go(engine, command.downgrade, below)
            now = await contents(engine)
            assert_kept(before, now, CHANGES_BACK.get(version, set()), LOSES.get(version, {}))
            # What is there again is as that version had stored it.
            meant = set().union(*(CHANGES.get(v, set()) | CHANGES_BACK.get(v, set()) for v in VERSIONS))
            assert_kept(as_stored.get(below, {}), now, meant, {})
            before = now
    assert before == {}
    assert await upgrade(empty_url) == HEAD


@pytest.mark.parametrize("version", VERSIONS[1:])
async def test_down_and_up_again_from_each_version_with_data_in_place(empty_url, version):
    """What was lost on the way down is lost; nothing that came since stands in the way."""
    below = VERSIONS[VERSIONS.index(version) - 1]
    async with open_engine(database_url(empty_url)) as engine:
        for earlier in VERSIONS[: VERSIONS.index(version) + 1]:
            await go(engine, command.upgrade, earlier)
            await insert(engine, ROWS.get(earlier, ()))
        await go(engine, command.downgrade, below)
        before = await contents(engine)
        await go(engine, command.upgrade, version)
        assert_kept(before, await contents(engine), CHANGES.get(version, set()), {})


async def test_of_articles_that_turn_out_to_be_at_one_address_the_first_has_it_whichever_had_it_before(
    empty_url,
):
    """An older program stored the first one while the newer version was away."""
    article = dict(next(values for table, values in ROWS["0001"] if table == "articles"))
    url = "https://herald.example/b"
    async with open_engine(database_url(empty_url)) as engine:
        await go(engine, command.upgrade, "0002")
        await insert(engine, ROWS["0001"])
        await insert(engine, [("articles", article | {"id": 50, "url": url, "url_key": url})])
        await go(engine, command.upgrade, "0003")
        await go(engine, command.downgrade, "0002")
        http = url.replace("https", "http")
        await insert(engine, [("articles", article | {"id": 40, "url": http, "url_key": http})])
        await go(engine, command.upgrade, "0003")
        keys = {key: row["url_key"] for (key,), row in (await contents(engine))["articles"].items()}
    assert (keys[40], keys[50]) == ("herald.example/b", None)
    assert (keys[11], keys[12], keys[13]) == ("herald.example/a", None, "herald.example/a")


# The newest version, beside tables that are made from the models

GIVEN = {
    ("briefs", "figures"),
    ("entries", "tries"),
    ("feeds", "interval"),
    ("feeds", "pace"),
    ("follows", "folder"),
    ("stances", "outlet_key"),
    ("stances", "state_key"),
    ("statements", "version"),
    ("subscriptions", "actor"),
    ("subscriptions", "outlet"),
}
"""Columns with a default that only the migration has, which had to give rows that were there a value."""


async def described(engine):
    """The schema as the database itself tells it, with what Alembic does not compare."""
    async with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            return await connection.run_sync(_described_by_sqlite)
        return await connection.run_sync(_described_by_postgres)


def _described_by_sqlite(connection: Connection):
    inspector = inspect(connection)
    found = set()
    for table in set(inspector.get_table_names()) & set(Row.metadata.tables):
        sql = connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table})
        found.add((table, "autoincrement", "AUTOINCREMENT" in sql))
        for row in connection.execute(text(f"PRAGMA table_xinfo({table})")).mappings():
            found.add((table, row["name"], row["type"], row["notnull"], row["pk"]))
            if (table, row["name"]) not in GIVEN:
                found.add((table, row["name"], "default", row["dflt_value"]))
        for constraint in inspector.get_check_constraints(table):
            found.add((table, constraint["name"], _plain(constraint["sqltext"])))
        for constraint in inspector.get_unique_constraints(table):
            found.add((table, constraint["name"], tuple(constraint["column_names"])))
        for key in inspector.get_foreign_keys(table):
            columns = tuple(key["constrained_columns"]), tuple(key["referred_columns"])
            found.add((table, key["name"], key["referred_table"], *columns))
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :name AND sql IS NOT NULL"
        for name, sql in connection.execute(text(query), {"name": table}):
            found.add((table, name, _plain(sql)))
    return found


def _described_by_postgres(connection: Connection):
    ours = tuple(Row.metadata.tables)
    found = set()
    columns = text(
        "SELECT table_name, column_name, data_type, is_nullable, is_identity, column_default "
        "FROM information_schema.columns WHERE table_schema = 'public' AND table_name = ANY(:ours)"
    )
    for table, column, *what, default in connection.execute(columns, {"ours": list(ours)}):
        found.add((table, column, *what))
        if (table, column) not in GIVEN:
            found.add((table, column, "default", default))
    constraints = text(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text = ANY(:ours)"
    )
    found.update(tuple(row) for row in connection.execute(constraints, {"ours": list(ours)}))
    indexes = text(
        "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = ANY(:ours)"
    )
    found.update(tuple(row) for row in connection.execute(indexes, {"ours": list(ours)}))
    return found


def _plain(sql):
    return re.sub(r"[\s\"()]+", " ", sql).strip()


async def both(backend, folder, change=None):
    """What only the migrated tables have, and what only those from the models."""
    async with (
        empty_database(backend, folder) as migrated,
        empty_database(backend, folder) as modelled,
    ):
        await upgrade(migrated)
        async with open_engine(database_url(modelled)) as engine:
            async with engine.begin() as connection:
                await connection.run_sync(Row.metadata.create_all)
                await connection.exec_driver_sql(f"CREATE TABLE {VERSION_TABLE} (version_num TEXT)")
            models = await described(engine)
        async with open_engine(database_url(migrated)) as engine:
            if change:
                async with engine.begin() as connection:
                    await connection.exec_driver_sql(change)
            found = await described(engine)
    return found - models, models - found


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
async def test_the_newest_version_has_the_constraints_indexes_and_defaults_of_the_models(backend, tmp_path):
    assert await both(backend, tmp_path) == (set(), set())


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
async def test_an_index_that_lost_its_condition_would_be_noticed(backend, tmp_path):
    change = "DROP INDEX ix_articles_unread"
    _, missing = await both(backend, tmp_path, change)
    assert {(table, name) for table, name, *_ in missing} == {("articles", "ix_articles_unread")}
