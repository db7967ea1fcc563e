"""What went wrong in the database, in a sentence that says what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from news.errors import AttacheError, NotFound, StoreBusy, StoreError

_BUSY = ("40001", "40P01", "55P03")
"""PostgreSQL's codes for: cannot serialise, deadlock, lock not available."""


def place(url: URL) -> str:
    """Where the database is, in words that hold no user name and no password."""
    if url.get_backend_name() == "sqlite":
        return url.database or "memory"
    host = url.host or url.query.get("host") or "localhost"
    port = f":{url.port}" if url.port else ""
    return f"{url.database or 'postgres'} on {host}{port}"


@contextmanager
def told(url: URL) -> Iterator[None]:
    """Turns what the database's driver raises into StoreError and its kinds."""
    try:
        yield
    except SQLAlchemyError as error:
        raise _store_error(error, place(url)) from error
    except sqlite3.Error as error:
        raise _sqlite_error(error, place(url)) from error


@contextmanager
def connecting(url: URL) -> Iterator[None]:
    """As `told`, for the moments at which the network and the file system answer too."""
    try:
        with told(url):
            yield
    except AttacheError:
        raise
    except Exception as error:
        # Drivers raise errors of their own here, from outside the tree that they promise.
        if not _is_of_driver(error):
            raise
        raise StoreError(_unreachable(place(url), error)) from error


def _is_of_driver(error: Exception) -> bool:
    """OSError: no such host, refused, no such file. The rest: a URL with options that the driver lacks."""
    return isinstance(error, OSError | TypeError | ValueError) or type(error).__module__.startswith("asyncpg")


def _unreachable(where: str, error: BaseException) -> str:
    return (
        f"Cannot reach the database {where} ({_reason(error)}): start it, or set ATTACHE_DATABASE_URL right."
    )


def _reason(error: BaseException) -> str:
    """The first line of what the driver says."""
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")


def _store_error(error: SQLAlchemyError, where: str) -> AttacheError:
    if isinstance(error, PoolTimeout):
        return _busy(where)
    if not isinstance(error, DBAPIError) or error.orig is None:
        return StoreError(
            f"The database {where} was used in a wrong way: report this as a bug ({_reason(error)})."
        )
    code = getattr(error.orig, "sqlstate", None)
    return _postgres_error(error, code, where) if code else _sqlite_error(error.orig, where)


def _postgres_error(error: DBAPIError, code: str, where: str) -> AttacheError:
    reason = _reason(error.orig or error)
    if code in _BUSY:
        return _busy(where)
    if code == "23505":
        return _meanwhile()
    if code == "23503":
        return _belongs_nowhere()
    if error.connection_invalidated or code.startswith(("08", "28", "3D", "57P")):
        return StoreError(_unreachable(where, error.orig or error))
    return StoreError(f"The database {where} refused ({reason}): see the database's own log.")


def _sqlite_error(error: BaseException, where: str) -> AttacheError:
    reason = _reason(error)
    if "locked" in reason:
        return _busy(where)
    if "UNIQUE constraint" in reason:
        return _meanwhile()
    if "FOREIGN KEY constraint" in reason:
        return _belongs_nowhere()
    if "not a database" in reason or "malformed" in reason:
        return StoreError(
            f"{where} is no database that can be read: move it away, or set ATTACHE_DATABASE_URL to another file."
        )
    if "readonly" in reason or "unable to open" in reason:
        return StoreError(
            f"Cannot open {where} for writing: check that the file and its folder may be written."
        )
    if "full" in reason:
        return StoreError(f"The disk that holds {where} is full: make room on it.")
    return StoreError(_unreachable(where, error))


def _busy(where: str) -> StoreBusy:
    return StoreBusy(f"Somebody else is writing to the database {where}: try again.")


def _meanwhile() -> StoreBusy:
    return StoreBusy("Somebody else stored the same at this moment: try again.")


def _belongs_nowhere() -> NotFound:
    return NotFound("What this belongs to is not in the database: look it up again.")
