"""What makes thousands of tests cheaper, each of which proves the same without it."""

from __future__ import annotations

import gc

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


def pytest_collection_finish():
    """The tests themselves stay until the end: walking them took most of the time that collecting garbage took."""
    gc.collect()
    gc.freeze()
