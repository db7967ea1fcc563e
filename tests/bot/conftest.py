"""A real store on an SQLite file, and the understanding of articles, for jobs and answers."""

from __future__ import annotations

import pytest

from bot.settings import Settings
from bot.understanding import make_understanding
from news.channels import Platform
from storage.engine import open_store
from tests.backends import current_file
from tests.fakes import MemoryReader, SetClock


@pytest.fixture
async def store(tmp_path):
    async with open_store(await current_file(tmp_path / "test.db")) as opened:
        yield opened


@pytest.fixture
def clock():
    return SetClock()


@pytest.fixture
def reader():
    return MemoryReader()


@pytest.fixture
def understanding():
    return make_understanding(Settings(_env_file=None, summary_model=None, summary_server=None))


@pytest.fixture
async def workspace(store):
    async with store.write() as uow:
        made = await uow.workspaces.obtain(Platform.TERMINAL, "local", timezone="Europe/Kyiv")
        await uow.commit()
    return made
