"""A PostgreSQL that goes away, hangs, refuses and comes back: one sentence, nothing half stored, and on it goes."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from news.channels import Platform
from news.errors import StoreAway, StoreBusy, StoreError, StoreUnknown, StoreVersionError
from storage import postgres
from storage.engine import open_store
from storage.upgrade import upgrade
from tests.outages import Line, hinder, own_database, own_server

SERVER_ENDS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'outages'"


@pytest.fixture
async def database():
    async with own_database() as name:
        yield name


@pytest.fixture
async def line():
    async with Line().laid(lambda: own_server().socket) as line:
        yield line


@pytest.fixture
async def store(database, line, monkeypatch):
    """A store that reaches its database by the line; its patience is short."""
    for name, seconds in {"REACH": 1, "STATEMENT": 0.4, "ANSWER": 0.2}.items():
        monkeypatch.setattr(postgres, name, seconds)
    monkeypatch.setattr(postgres, "PAUSES", (0, 0.01, 0.02, 0.05, 0.1, 0.2))
    async with open_store(line.url(database)) as store:
        yield store


async def obtain(store, *names, between=None, before_commit=None, **more):
    """Makes workspaces in one unit of work; in the middle, or before it commits, something happens."""
    async with store.write() as uow:
        for number, name in enumerate(names):
            if number and between:
                await between()
            await uow.workspaces.obtain(Platform.TERMINAL, name, **more)
        if before_commit:
            await before_commit()
        await uow.commit()


async def find(store, name="kept"):
    async with store.read() as uow:
        return await uow.workspaces.find(Platform.TERMINAL, name)


async def stored(database):
    rows = await own_server().tell("SELECT external_id FROM workspaces ORDER BY id", database=database)
    return [row["external_id"] for row in rows]


async def failure(work):
    """The error that a person is told: one sentence, no driver's words that mean nothing to them."""
    with pytest.raises(StoreError) as caught:
        async with asyncio.timeout(10):
            await work
    text = str(caught.value)
    assert text.endswith(".")
    assert "\n" not in text
    assert "another operation" not in text
    return caught.value


@pytest.fixture
def break_it(line):
    async def reset():
        line.reset()

    async def end():
        await own_server().tell(SERVER_ENDS)

    async def stop(mode):
        await own_server().stop(mode)
        await own_server().start()

    return {
        "reset": reset,
        "ended by an administrator": end,
        "restarted": lambda: stop("fast"),
        "crashed": lambda: stop("immediate"),
    }


WAYS = ("reset", "ended by an administrator", "restarted", "crashed")


@pytest.mark.parametrize("way", WAYS)
async def test_a_connection_that_breaks_while_idle_is_not_noticed(store, break_it, way):
    await obtain(store, "kept")
    await break_it[way]()
    assert await find(store)
    await break_it[way]()
    await obtain(store, "more")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("moment", ["between", "before_commit"])
async def test_a_connection_that_breaks_in_a_unit_of_work_stores_nothing(
    store, database, break_it, way, moment
):
    error = await failure(obtain(store, "one", "two", **{moment: break_it[way]}))
    assert type(error) is StoreAway
    assert "broke, and nothing was stored" in str(error)
    assert await stored(database) == []
    await obtain(store, "one", "two")
    assert await stored(database) == ["one", "two"]


@pytest.mark.parametrize("way", WAYS)
async def test_a_connection_that_breaks_while_reading_is_told(store, break_it, way):
    async def read():
        async with store.read() as uow:
            await break_it[way]()
            await uow.workspaces.find(Platform.TERMINAL, "kept")

    assert type(await failure(read())) is StoreAway
    assert await find(store) is None


async def test_a_commit_that_the_server_never_heard_kept_nothing(store, database, line):
    await obtain(store, "kept")
    line.cut_at = b"COMMIT"
    error = await failure(obtain(store, "lost"))
    assert type(error) is StoreAway
    assert line.cuts == 1
    assert await stored(database) == ["kept"]


async def test_a_commit_whose_answer_was_lost_is_asked_after_and_was_kept(store, database, line):
    await obtain(store, "kept")
    line.cut_at, line.cut_after = b"COMMIT", True
    await obtain(store, "kept, too")
    assert line.cuts == 1
    assert await stored(database) == ["kept", "kept, too"]


async def test_a_session_that_holds_what_it_will_never_commit_is_ended(store, database, line):
    """The commit went into a silent network: the server waits for it, and holds what others want to write."""
    await obtain(store, "kept")

    line.hush_at = b"COMMIT"
    error = await failure(obtain(store, "lost"))
    assert type(error) is StoreAway
    await obtain(store, "lost")
    assert await stored(database) == ["kept", "lost"]


async def test_where_nobody_can_tell_whether_it_was_kept_that_is_said(store, database, line):
    await obtain(store, "kept")
    line.cut_at, line.cut_after = b"COMMIT", True

    async def bar():
        line.open = False

    error = await failure(obtain(store, "kept, too", before_commit=bar))
    assert type(error) is StoreUnknown
    assert "look whether it did before you try again" in str(error)
    line.open = True
    assert await find(store, "kept, too")


@pytest.mark.parametrize("moment", ["idle", "between"])
async def test_a_server_that_says_nothing_is_not_waited_for_forever(store, database, line, moment):
    async def hush():
        line.silent = True

    if moment == "idle":
        line.silent = True
        error = await failure(find(store))
    else:
        error = await failure(obtain(store, "one", "two", between=hush))
    assert type(error) is StoreAway
    line.silent = False
    await obtain(store, "another")  # what the silent session holds, the server gives back when it notices
    assert await stored(database) == ["another"]


async def test_while_the_server_is_away_every_try_says_so_and_the_first_after_it_works(store, line):
    await obtain(store, "kept")
    await own_server().stop()
    for _ in range(3):
        error = await failure(find(store))
        assert type(error) is StoreAway
    await own_server().start()
    assert await find(store)


REFUSALS = [
    ("40001", StoreBusy, "Somebody else is writing"),
    ("40P01", StoreBusy, "Somebody else is writing"),
    ("55P03", StoreBusy, "Somebody else is writing"),
    ("57014", StoreBusy, "took too long"),
    ("53300", StoreBusy, "takes no more connections"),
    ("53100", StoreAway, "full: make room"),
    ("53200", StoreAway, "out of memory"),
    ("25006", StoreAway, "may only be read now"),
    ("57P03", StoreAway, "starting or stopping"),
    ("57P01", StoreAway, "broke, and nothing was stored"),
    ("08006", StoreAway, "broke, and nothing was stored"),
    ("42P01", StoreVersionError, "has other tables"),
    ("XX001", StoreError, "is damaged"),
    ("58030", StoreError, "refused (no luck): see the database's own log"),
]


async def test_what_the_server_refuses_is_told_and_stores_nothing(store, database):
    await hinder("no luck", "RAISE EXCEPTION 'no luck' USING ERRCODE = NEW.timezone")
    for code, kind, words in REFUSALS:
        error = await failure(obtain(store, "one", "no luck", timezone=code))
        assert (code, type(error)) == (code, kind)
        assert words in str(error)
        assert await stored(database) == []
    await obtain(store, "one")


async def test_a_row_that_somebody_holds_is_waited_for_so_long(store, line, database, monkeypatch):
    monkeypatch.setattr(postgres, "REACH", 0.1)
    await obtain(store, "held")

    async def change(store, zone):
        async with store.write() as uow:
            workspace = await uow.workspaces.find(Platform.TERMINAL, "held")
            await uow.workspaces.set_timezone(workspace.id, zone)
            await uow.commit()

    async with open_store(line.url(database)) as hasty, store.write() as uow:
        workspace = await uow.workspaces.find(Platform.TERMINAL, "held")
        await uow.workspaces.set_timezone(workspace.id, "Europe/Kyiv")
        error = await failure(change(hasty, "Asia/Tokyo"))
        await uow.commit()
        assert type(error) is StoreBusy
        assert "Somebody else is writing" in str(error)
        await change(hasty, "Asia/Tokyo")
    assert (await find(store, "held")).timezone == "Asia/Tokyo"


async def test_two_who_hold_what_the_other_wants_are_told_to_try_again(store, database):
    await obtain(store, "one", "two")
    met = asyncio.Barrier(2)

    async def change(first, second):
        async with store.write() as uow:
            for name in (first, second):
                workspace = await uow.workspaces.find(Platform.TERMINAL, name)
                await uow.workspaces.set_timezone(workspace.id, "Asia/Tokyo")
                if name == first:
                    await met.wait()
            await uow.commit()

    done = await asyncio.gather(change("one", "two"), change("two", "one"), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["NoneType", "StoreBusy"]


async def test_a_statement_that_takes_too_long_is_given_up(store, database):
    await hinder("one", "PERFORM pg_sleep(60)")
    error = await failure(obtain(store, "one"))
    assert type(error) is StoreBusy
    assert "took too long" in str(error)
    assert await find(store) is None


async def test_who_thinks_too_long_in_a_unit_of_work_holds_nobody_up(database, monkeypatch):
    monkeypatch.setattr(postgres, "IDLE", 0.05)
    thinking = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'attache' AND xact_start IS NOT NULL"

    async def think():
        async with asyncio.timeout(5):
            while await own_server().tell(thinking):
                pass

    async with open_store(own_server().url(database)) as store:
        error = await failure(obtain(store, "one", before_commit=think))
        assert type(error) is StoreAway
        assert await stored(database) == []


async def test_a_server_that_takes_no_more_connections_is_told_and_used_again(database):
    # For whoever runs a server there is always a place: who is to be refused must be somebody else.
    await own_server().tell("DROP ROLE IF EXISTS guest", "CREATE ROLE guest LOGIN")
    await own_server().tell("GRANT SELECT ON ALL TABLES IN SCHEMA public TO guest", database=database)
    url = own_server().url(database).replace("postgres:@", "guest@")
    async with open_store(url, create=False) as store:
        await own_server().tell(f"ALTER DATABASE {database} CONNECTION LIMIT 0", SERVER_ENDS)
        error = await failure(find(store))
        assert type(error) is StoreBusy
        assert "takes no more connections" in str(error)
        await own_server().tell(f"ALTER DATABASE {database} CONNECTION LIMIT 10")
        assert await find(store) is None
    await own_server().tell("DROP OWNED BY guest", database=database)


@pytest.mark.parametrize(
    ("taken", "told"),
    [
        (None, 'GRANT CREATE ON DATABASE "'),
        ("REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC", "permission denied for language plpgsql"),
    ],
)
async def test_a_user_that_may_not_make_tables_is_told_what_it_lacks(taken, told):
    empty = "small"
    await own_server().tell("DROP DATABASE IF EXISTS small", "CREATE DATABASE small")
    await own_server().tell("DROP ROLE IF EXISTS small", "CREATE ROLE small LOGIN")
    try:
        await own_server().tell("GRANT ALL ON SCHEMA public TO small", database=empty)
        if taken:
            await own_server().tell(f"GRANT CREATE ON DATABASE {empty} TO small", taken, database=empty)
        with pytest.raises(StoreError) as raised:
            await upgrade(own_server().url(empty).replace("postgres:@", "small@"))
        assert told in str(raised.value)
        assert "\n" not in str(raised.value)
    finally:
        await own_server().tell("DROP DATABASE small WITH (FORCE)", "DROP ROLE small")


async def _open(url):
    async with open_store(url, create=False) as store:
        return await find(store)


async def test_a_database_that_may_only_be_read_is_read_and_written_again_later(store, database):
    await obtain(store, "kept")
    await own_server().tell(f"ALTER DATABASE {database} SET default_transaction_read_only = on")
    await own_server().tell(SERVER_ENDS)
    error = await failure(obtain(store, "lost"))
    assert type(error) is StoreAway
    assert "may only be read now" in str(error)
    assert await find(store)
    await own_server().tell(f"ALTER DATABASE {database} SET default_transaction_read_only = off")
    with suppress(StoreAway):  # the session that was begun meanwhile learns of it by being refused
        await obtain(store, "more")
    await obtain(store, "more")
    assert await stored(database) == ["kept", "more"]


async def test_a_server_that_is_stopping_takes_nobody_and_says_so(store, database, line):
    async with store.read() as uow:
        assert await uow.workspaces.find(Platform.TERMINAL, "kept") is None
        await own_server().stop("smart", wait=False)  # it waits for whoever is connected
        async with asyncio.timeout(5):
            while True:
                error = await failure(_open(line.url(database)))
                if "starting or stopping" in str(error):
                    break
    assert type(error) is StoreAway
    await own_server().stop()
    await own_server().start()
    assert await find(store) is None


@pytest.mark.parametrize(
    ("user", "name", "words"),
    [("nobody", "postgres", "nobody"), ("postgres", "nowhere", "nowhere")],
    ids=["a user", "a database"],
)
async def test_what_the_server_does_not_know_will_not_come_by_waiting(line, user, name, words):
    await own_server().start()
    error = await failure(_open(line.url(name).replace("postgres@", f"{user}@")))
    assert type(error) is StoreError
    assert words in str(error)
    assert "set ATTACHE_DATABASE_URL right" in str(error)


async def test_the_system_looks_whether_the_server_is_still_there(store, line):
    import socket

    async with store._reading.connect() as connection:
        raw = await connection.get_raw_connection()
        found = raw.driver_connection._transport.get_extra_info("socket")
        assert found.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            assert found.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 30_000
