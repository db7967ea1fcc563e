"""How much work SQLite has, counted in its machine's instructions: the same on every machine, however busy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.engine import Engine


class Steps:
    """Counts what SQLite's machine does, by tens of instructions."""

    def __init__(self) -> None:
        self.done = 0

    def step(self) -> int:
        self.done += 1
        return 0  # go on


@contextmanager
def counted() -> Iterator[Steps]:
    """Counts on every connection that is opened in the meantime."""
    steps = Steps()

    def connected(connection, _) -> None:
        connection.run_async(lambda raw: raw.set_progress_handler(steps.step, 10))

    event.listen(Engine, "connect", connected)
    try:
        yield steps
    finally:
        event.remove(Engine, "connect", connected)
