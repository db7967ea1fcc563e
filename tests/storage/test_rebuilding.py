"""Making the index anew: of what, and who waits for it."""

from __future__ import annotations

import asyncio

import pytest

from news.channels import Platform
from news.errors import StoreError, StoreVersionError
from storage.engine import open_store
from storage.soundness import SqlSoundness
from storage.upgrade import VERSION_TABLE, downgrade, upgrade
from tests.storage.test_upgrade_outages import tell, waiting


async def test_an_index_is_made_anew_in_no_other_version_and_no_new_file(empty_url, tmp_path):
    nowhere = tmp_path / "nowhere.db"
    with pytest.raises(StoreError, match="There is no database"):
        await SqlSoundness(f"sqlite:///{nowhere}").rebuild_index()
    assert not nowhere.exists()
    await upgrade(empty_url)
    await downgrade(empty_url, "0003")
    with pytest.raises(StoreVersionError, match="attache db upgrade"):
        await SqlSoundness(empty_url).rebuild_index()
    await upgrade(empty_url)
    await tell(empty_url, f"UPDATE {VERSION_TABLE} SET version_num = '0099'")
    with pytest.raises(StoreVersionError, match="newer"):
        await SqlSoundness(empty_url).rebuild_index()


async def test_nobody_writes_while_an_index_is_made_anew(empty_url):
    """Who began before is waited for."""
    async with open_store(empty_url) as store:
        async with store.write() as uow:
            await uow.workspaces.obtain(Platform.TERMINAL, "first")
            steps = []
            watch = lambda *step: steps.append(step)
            rebuilding = asyncio.create_task(SqlSoundness(empty_url).rebuild_index(watch))
            if empty_url.startswith("postgresql"):
                await waiting(uow.workspaces._session)
            await uow.workspaces.obtain(Platform.TERMINAL, "second")
            assert not rebuilding.done()
            await uow.commit()
        await rebuilding
        assert steps == [("articles indexed", 0, 0)]
        async with store.read() as uow:
            assert await uow.workspaces.find(Platform.TERMINAL, "second")
    assert (await SqlSoundness(empty_url).index(whole=True)).faults == ()
