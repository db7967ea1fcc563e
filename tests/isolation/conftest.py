"""A store of either kind, and one understanding for all: its models take longer to load than anything here."""

from __future__ import annotations

import pytest

from bot.settings import Settings
from bot.understanding import make_understanding
from storage.engine import open_store
from tests.backends import BACKENDS, current_database
from tests.fakes import SetClock
from tests.isolation.planted import NOW


@pytest.fixture(scope="session")
def understanding():
    made = make_understanding(Settings.model_construct())
    yield made
    made.close()


@pytest.fixture(params=BACKENDS)
async def store_url(request, tmp_path):
    async with current_database(request.param, tmp_path) as url:
        yield url


@pytest.fixture
async def store(store_url):
    async with open_store(store_url) as store:
        yield store


@pytest.fixture
def clock():
    return SetClock(NOW)
