"""The benchmark of the ledger runs on both databases, and its pages are those that the store would make."""

from __future__ import annotations

import argparse

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from news.channels import Platform
from news.queries import StanceQuery
from news.targets import BUILT_IN
from storage.engine import WRITING, database_url, open_engine, open_store
from storage.indexing import rebuild
from tests.backends import current_database
from tests.evaluation.store_stances import WORKSPACES, run


async def asked(url):
    """What the frequent targets are answered with, by workspace."""
    found = {}
    async with open_store(url) as store, store.read() as uow:
        for name in WORKSPACES:
            space = await uow.workspaces.find(Platform.TERMINAL, name)
            for target in BUILT_IN[:2]:
                query = StanceQuery(target=target.name, limit=100)
                found[name, target.name] = await uow.stances.standings(space.id, query)
    return found


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
async def test_it_measures_either_database(backend, tmp_path):
    async with current_database(backend, tmp_path) as url:
        found = await run(argparse.Namespace(scale=0.001, database=url, runs=1, seed=2))
        before = await asked(url)
        async with (
            open_engine(database_url(url)) as engine,
            engine.execution_options(**WRITING).begin() as connection,
        ):
            session = AsyncSession(connection)
            await rebuild(session)
            await session.flush()
        assert await asked(url) == before
    assert (found["database"], found["stances"]) == (backend, 2_000)
    assert all(found[f"{kind}_all"]["found"] > 0 for kind in ("top_actor", "top_target", "state"))
    assert all(page.standings for page in before.values())
