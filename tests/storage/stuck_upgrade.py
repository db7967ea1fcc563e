"""A program that upgrades a database and stops in the middle of it until it is killed: `python -m tests.storage.stuck_upgrade URL`."""

from __future__ import annotations

import asyncio
import sys

from sqlalchemy import event
from sqlalchemy.engine import Engine

from storage.upgrade import upgrade

AFTER = 20
"""Statements that change tables before it stops."""


def main() -> None:
    """Says `stuck` when it is."""
    changes = 0

    def count(_connection, _cursor, statement, *_) -> None:
        nonlocal changes
        changes += statement.lstrip().startswith(("CREATE", "ALTER"))
        if changes == AFTER:
            sys.stdout.write("stuck\n")
            sys.stdout.flush()
            sys.stdin.read()

    event.listen(Engine, "before_cursor_execute", count)
    asyncio.run(upgrade(sys.argv[1]))


if __name__ == "__main__":
    main()
