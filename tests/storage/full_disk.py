"""A program that stores until the disk is full, gets room, and goes on; run in a process of its own.

`python -m tests.storage.full_disk FOLDER KIND`: with KIND `disk`, the folder is a small disk and a file on it makes room
when it is removed; with `limit`, the system lets no file of this process grow, until that is taken back.
"""

from __future__ import annotations

import asyncio
import resource
import sqlite3
import sys
from contextlib import closing, contextmanager
from pathlib import Path

from news.channels import Platform
from news.errors import StoreAway
from storage.engine import open_store
from storage.upgrade import check, upgrade

ROOM = 100_000
"""Bytes that are left for what is stored before the disk is full."""


@contextmanager
def little_room(folder: Path, kind: str, room: int):
    """So many bytes are left while the body runs."""
    if kind == "limit":
        largest = max((file.stat().st_size for file in folder.iterdir()), default=0)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest + room, resource.RLIM_INFINITY))
        yield
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        return
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            file.truncate(max(0, file.tell() - room))
    yield
    ballast.unlink()


async def obtain(store, *names):
    async with store.write() as uow:
        for name in names:
            await uow.workspaces.obtain(Platform.TERMINAL, name)
        await uow.commit()


async def fill(folder: Path, kind: str) -> str:
    """What was said when it was full; fails where anything was lost, doubled or stored by halves."""
    path, kept, said = folder / "a.db", [], ""
    await upgrade(f"sqlite:///{path}")
    async with open_store(f"sqlite:///{path}") as store:
        with little_room(folder, kind, ROOM):
            for part in range(1_000):
                names = [f"{part}/{number} {'x' * 150}" for number in range(20)]
                try:
                    await obtain(store, *names)
                except StoreAway as error:
                    said = str(error)
                    break
                kept += names
            async with store.read() as uow:  # reading goes on
                assert await uow.workspaces.find(Platform.TERMINAL, kept[0])
        await obtain(store, "later")
    with closing(sqlite3.connect(path)) as connection:
        stored = [name for (name,) in connection.execute("SELECT external_id FROM workspaces ORDER BY id")]
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert stored == [*kept, "later"]
    return said


async def make(folder: Path, kind: str) -> str:
    """What was said when there was no room for the tables; none of them is there then, and all are in the end."""
    url, said = f"sqlite:///{folder / 'b.db'}", ""
    with little_room(folder, kind, 100_000):
        try:
            await upgrade(url)
        except StoreAway as error:
            said = str(error)
        with closing(sqlite3.connect(folder / "b.db")) as connection:
            assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    await upgrade(url)
    await check(url)
    return said


def main() -> None:
    """Prints what was said, a line each."""
    folder, kind = Path(sys.argv[1]), sys.argv[2]
    for work in (make, fill):
        sys.stdout.write(asyncio.run(work(folder, kind)) + "\n")


if __name__ == "__main__":
    main()
