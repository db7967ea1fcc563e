"""PostgreSQL: how connections are set up so that nothing waits for ever, and what became of a commit."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, text
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from news.errors import StoreAway
from storage.failures import connecting, lost
from storage.sqlite import CONNECTIONS

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.engine import URL
    from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
    from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

REACH = 10.0
"""Seconds that a server has to answer when a connection is made, and that a row or a place in the pool is waited for."""
STATEMENT = 30.0
"""Seconds that one statement of a unit of work may take."""
IDLE = 60.0
"""Seconds that a unit of work may think between two statements: what it holds, others wait for."""
ANSWER = 3.0
"""Seconds in which a connection must show that it is alive before it is used."""
RECYCLED = 1800
"""Seconds after which a connection is made anew, so that a move of the server is followed."""
LOCK = 0x61747461636865
"""What PostgreSQL knows our lock by: shared by those who write, alone for who upgrades."""
PAUSES: Sequence[float] = (0, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 4)
"""Seconds before each time that it is asked what became of a commit."""
OUTCOME = 30.0
"""Seconds after which nobody can tell."""

HOLDS_VERSION = "attache_holds_version"
"""Execution option: whether a transaction keeps others from upgrading the tables until it ends."""

_KEPT_ALIVE = {"TCP_KEEPIDLE": 30, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 30_000}
"""How soon the system notices that nobody is there: within a minute, instead of hours."""


def make_engine(url: URL, *, limited: bool, connections: int = CONNECTIONS) -> AsyncEngine:
    """An engine; `limited` is for units of work, of which none may take long. Raises StoreError.

    As many connections as are ever open stay open, for to open one takes longer than most look-ups.
    """
    options: dict[str, Any] = {"timeout": REACH, "server_settings": {"application_name": "attache"}}
    if limited:
        # The server's own limit comes first; this one is for a server or a network that says nothing.
        options["command_timeout"] = STATEMENT + ANSWER
    with connecting(url):
        engine = create_async_engine(
            url,
            connect_args=options,
            pool_size=connections,
            max_overflow=0,
            pool_use_lifo=True,
            pool_timeout=REACH,
            pool_recycle=RECYCLED,
            hide_parameters=True,
        )

    def set_up(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        _keep_alive(connection)
        connection.run_async(lambda driver: driver.execute(_settings(limited=limited)))

    event.listen(engine.sync_engine, "connect", set_up)
    event.listen(engine.sync_engine, "begin", _begin)
    event.listen(engine.sync_engine, "checkout", _try_out)
    event.listen(engine.sync_engine, "handle_error", _mark_lost)
    return engine


async def outcome(engine: AsyncEngine, transaction: str) -> bool | None:
    """Whether the transaction of that number was kept; None where nobody can tell.

    A session of ours that still holds it is ended first: the answer to its commit is never heard, and what it
    holds, others wait for.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(OUTCOME):
            for pause in PAUSES:
                await asyncio.sleep(pause)
                with suppress(StoreAway), connecting(engine.url):
                    status = await _status(engine, transaction)
                    if status != "in progress":
                        return {"committed": True, "aborted": False}.get(status)
    return None


async def _status(engine: AsyncEngine, transaction: str) -> str:
    async with engine.connect() as connection:
        status: str = await connection.scalar(_STATUS, {"number": transaction})
        if status == "in progress":
            await connection.execute(_END, {"number": transaction})
    return status


_STATUS = text("SELECT pg_xact_status(CAST(CAST(:number AS text) AS xid8))")
_END = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE backend_xid = CAST(CAST(CAST(:number AS text) AS xid8) AS xid)"
)


def _settings(*, limited: bool) -> str:
    """Set after connecting, not with it: a pooler in between refuses what it does not know there."""
    settings = {
        # Plans are made for the words that are asked for: a general one takes many times as long for rare ones.
        "plan_cache_mode": "force_custom_plan",
        # Compiling a plan takes longer than any of our statements.
        "jit": "off",
        "tcp_keepalives_idle": "30",
        "tcp_keepalives_interval": "10",
        "tcp_keepalives_count": "3",
    }
    if limited:
        settings |= {
            "statement_timeout": f"{STATEMENT}s",
            "lock_timeout": f"{REACH}s",
            "idle_in_transaction_session_timeout": f"{IDLE}s",
        }
    return "SELECT " + ", ".join(
        f"set_config('{name}', '{value}', false)" for name, value in settings.items()
    )


def _keep_alive(connection: DBAPIConnection) -> None:
    """Has the system look whether the server is still there; asyncpg itself has no setting for that."""
    transport = getattr(connection.driver_connection, "_transport", None)
    raw = transport.get_extra_info("socket") if transport is not None else None
    if raw is None or raw.family not in (socket.AF_INET, socket.AF_INET6):
        return
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEPT_ALIVE.items():
        if hasattr(socket, name):
            raw.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def _begin(connection: Connection) -> None:
    if connection.get_execution_options().get(HOLDS_VERSION):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock_shared({LOCK})")


def _try_out(connection: DBAPIConnection, entry: ConnectionPoolEntry, _: PoolProxiedConnection) -> None:
    """A connection that lay idle is tried out; when it is dead, so are the others.

    SQLAlchemy's own way takes three questions instead of one, and waits for the answer as long as for a statement's.
    """
    if not entry.info.setdefault("used", False):
        entry.info["used"] = True
        return
    from asyncpg import InterfaceError, InternalClientError, PostgresError

    try:
        connection.run_async(lambda driver: driver.execute("SELECT 1", timeout=ANSWER))
    except (OSError, InterfaceError, InternalClientError, PostgresError) as error:
        _hang_up(connection)
        raise InvalidatePoolError from error


def _hang_up(connection: DBAPIConnection) -> None:
    """At once: SQLAlchemy says farewell first, and waits for the answer."""
    connection.driver_connection.terminate()


def _mark_lost(context: ExceptionContext) -> None:
    """A connection that broke or is silent is not used again, and what it was asked was not done."""
    error, url = context.original_exception, context.engine.url if context.engine is not None else None
    wrapped = getattr(error, "driver_exception", None) or error
    state = getattr(wrapped, "sqlstate", None)
    broken = (
        isinstance(wrapped, OSError)
        or type(wrapped).__name__ == "InternalClientError"
        or state == "25006"  # another server is the one that is written to
    )
    if broken:
        context.is_disconnect = True
        if context.connection is not None and not context.connection.invalidated:
            _hang_up(context.connection.connection)
    if url is not None and isinstance(wrapped, OSError):
        raise lost(url) from error
