"""Databases without tables, on each backend."""

from __future__ import annotations

import pytest

from tests.backends import BACKENDS, empty_database


@pytest.fixture(params=BACKENDS)
async def empty_url(request, tmp_path):
    async with empty_database(request.param, tmp_path) as url:
        yield url
