"""Transactions, workspaces and what happens when several write."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from news.channels import Platform
from news.errors import InputError, NotFound
from storage.engine import open_store

pytestmark = pytest.mark.timeout(60)


async def obtain(store, name="local", *, commit=True, **more):
    async with store.write() as uow:
        workspace = await uow.workspaces.obtain(Platform.TERMINAL, name, **more)
        if commit:
            await uow.commit()
    return workspace


async def find(store, name="local"):
    async with store.read() as uow:
        return await uow.workspaces.find(Platform.TERMINAL, name)


async def test_the_first_workspace_of_a_platform_is_the_one_that_was_there_first(store):
    async with store.write() as uow:
        assert await uow.workspaces.first(Platform.SLACK) is None
        first, _ = [await uow.workspaces.obtain(Platform.SLACK, name) for name in ("T2", "T1")]
        assert await uow.workspaces.first(Platform.SLACK) == first


async def test_what_is_committed_is_kept(store, store_url):
    made = await obtain(store, timezone="Europe/Kyiv")
    assert (made.external_id, made.timezone) == ("local", "Europe/Kyiv")
    async with open_store(store_url, create=False) as another:
        assert await find(another) == made


async def test_what_is_not_committed_is_not_kept(store):
    await obtain(store, commit=False)
    assert await find(store) is None


async def test_an_error_rolls_back_what_came_after_the_commit_only(store):
    async def both():
        async with store.write() as uow:
            await uow.workspaces.obtain(Platform.TERMINAL, "kept")
            await uow.commit()
            await uow.workspaces.obtain(Platform.TERMINAL, "lost")
            raise NotFound("no")

    with pytest.raises(NotFound, match=r"^no$"):
        await both()
    assert await find(store, "kept")
    assert await find(store, "lost") is None


async def test_a_reading_unit_of_work_commits_nothing(store):
    async with store.read() as uow:
        with pytest.raises(RuntimeError, match="only reads"):
            await uow.commit()


async def test_a_reader_sees_one_moment_while_another_writes(store):
    async with store.read() as uow:
        assert await uow.workspaces.find(Platform.TERMINAL, "local") is None
        await obtain(store)
        assert await uow.workspaces.find(Platform.TERMINAL, "local") is None
    assert await find(store)


async def test_one_after_the_other_they_share_one_connection(store_url):
    made = []

    def note(*_):
        made.append(1)

    async with open_store(store_url) as store:
        event.listen(Engine, "connect", note)
        try:
            for number in range(5):
                await obtain(store, f"{number}")
                assert await find(store, f"{number}")
        finally:
            event.remove(Engine, "connect", note)
    assert made == []


async def test_forty_writers_at_once_all_succeed_and_one_makes_the_workspace(store):
    made = await asyncio.gather(*(obtain(store, "same" if n % 2 else f"own {n}") for n in range(40)))
    assert len({workspace.id for workspace in made}) == 21


async def test_a_workspace_is_made_once_and_keeps_its_time_zone(store):
    first = await obtain(store, timezone="Europe/Kyiv")
    assert await obtain(store, timezone="Asia/Tokyo") == first
    async with store.write() as uow:
        await uow.workspaces.set_timezone(first.id, "Asia/Tokyo")
        await uow.commit()
    found = await find(store)
    assert found is not None
    assert found.timezone == "Asia/Tokyo"


async def test_workspaces_of_two_platforms_under_one_name_are_two(store):
    async with store.write() as uow:
        one = await uow.workspaces.obtain(Platform.TERMINAL, "7")
        other = await uow.workspaces.obtain(Platform.DISCORD, "7")
    assert one.id != other.id


async def test_a_workspace_that_is_not_there_has_no_time_zone_to_set(store):
    async with store.write() as uow:
        with pytest.raises(NotFound, match="no workspace 5"):
            await uow.workspaces.set_timezone(5, "UTC")


@pytest.mark.parametrize("name", ["a\0b", "half \ud83d of a pair", "'; DROP TABLE workspaces; --", "%", ""])
async def test_a_workspace_of_any_name_is_found_again(store, name):
    made = await obtain(store, name)
    assert await find(store, name) == made


async def test_a_name_of_ten_thousand_characters_is_refused_in_a_sentence(store):
    with pytest.raises(InputError, match="shorten"):
        await obtain(store, "x" * 10_000)
    assert await find(store, "x" * 10_000) is None
