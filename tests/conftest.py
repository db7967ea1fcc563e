"""What makes thousands of tests cheaper, each of which proves the same without it."""

from __future__ import annotations

import gc

import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache


def pytest_configure():
    """Compiled statements are for all engines of a kind, here: each test has one, and would compile its own anew."""
    DefaultDialect.__hash__ = lambda self: hash(type(self))
    DefaultDialect.__eq__ = lambda self, other: type(self) is type(other)
    compiled = LRUCache(1_000)

    @event.listens_for(Engine, "engine_connect")
    def share(connection: Connection):
        connection.execution_options(compiled_cache=compiled)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]):
    """Whole programs come first: who is still at one in the end has nobody to share the rest with."""
    long = ("tests/end_to_end/", "tests/evaluation/")
    items.sort(key=lambda item: not item.nodeid.startswith(long))


def pytest_collection_finish():
    """The tests themselves stay until the end: walking them took most of the time that collecting garbage took."""
    gc.collect()
    gc.freeze()
