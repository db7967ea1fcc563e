"""What went wrong in the database, in a sentence that says what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from news.errors import AttacheError, NotFound, StoreAway, StoreBusy, StoreError, StoreVersionError

_HELD = ("40001", "40P01", "55P03")
"""PostgreSQL's codes for: cannot serialise, deadlock, lock not available."""
_ENDED = ("08", "25P03", "25P04", "57P01", "57P02", "57P03", "57P04", "57P05")
"""And for what ends a connection: the network, a time limit, an administrator, a start or a stop."""
_OTHER_TABLES = ("42P01", "42703", "0A000")
"""No such table, no such column, a plan of tables that have changed since."""


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
        raise _store_error(error, url, broken=_broken(place(url))) from error
    except sqlite3.Error as error:
        raise _sqlite_error(error, place(url)) from error
    except Exception as error:
        if not type(error).__module__.startswith("asyncpg"):
            raise
        # Asked without SQLAlchemy. Without a code of the server's, the connection broke.
        lost = not getattr(error, "sqlstate", None)
        wrapped = DBAPIError("", None, error, connection_invalidated=lost)
        raise _store_error(wrapped, url, broken=_broken(place(url))) from error


@contextmanager
def connecting(url: URL) -> Iterator[None]:
    """As `told`, for the moments at which the network and the file system answer too."""
    try:
        yield
    except AttacheError:
        raise
    except SQLAlchemyError as error:
        raise _store_error(error, url, broken=_unreachable(place(url), error)) from error
    except Exception as error:
        # Drivers raise errors of their own here, from outside the tree that they promise.
        if isinstance(error, sqlite3.Error):
            raise _sqlite_error(error, place(url)) from error
        if not _is_of_driver(error):
            raise
        # A server that is not there may come; an option that the driver lacks will not.
        passing = isinstance(error, OSError) or type(error).__module__.startswith("asyncpg")
        raise (StoreAway if passing else StoreError)(_unreachable(place(url), error)) from error


def lost(url: URL) -> StoreAway:
    """What is said when a connection broke before anything was kept."""
    return StoreAway(_broken(place(url)))


def busy(url: URL) -> StoreBusy:
    """What is said when somebody else writes for too long."""
    return _busy(place(url))


def _is_of_driver(error: Exception) -> bool:
    """OSError: no such host, refused, no such file. The rest: a URL with options that the driver lacks."""
    return isinstance(error, OSError | TypeError | ValueError) or type(error).__module__.startswith("asyncpg")


def _unreachable(where: str, error: BaseException) -> str:
    return (
        f"Cannot reach the database {where} ({_reason(error)}): start it, or set ATTACHE_DATABASE_URL right."
    )


def _broken(where: str) -> str:
    return f"The connection to the database {where} broke, and nothing was stored: try again in a minute."


def _reason(error: BaseException) -> str:
    """The first line of what the driver says."""
    error = getattr(error, "orig", None) or error
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")


def _store_error(error: SQLAlchemyError, url: URL, *, broken: str) -> AttacheError:
    where = place(url)
    if isinstance(error, PoolTimeout):
        return StoreBusy(f"All connections to the database {where} are in use: try again.")
    if not isinstance(error, DBAPIError) or error.orig is None:
        return StoreError(
            f"The database {where} was used in a wrong way: report this as a bug ({_reason(error)})."
        )
    if url.get_backend_name() == "sqlite":
        return _sqlite_error(error.orig, where)
    return _postgres_error(error, where, url) or StoreAway(broken)


def _postgres_error(error: DBAPIError, where: str, url: URL) -> AttacheError | None:
    """None where the connection broke."""
    reason, code = _reason(error), getattr(error.orig, "sqlstate", None) or ""
    if code in _HELD:
        return _busy(where)
    if code == "23505":
        return _meanwhile()
    if code == "23503":
        return _belongs_nowhere()
    if code.startswith(_OTHER_TABLES):
        return _other_tables(where)
    if said := _of_the_server(code, where):
        return said
    if code == "42501":
        return StoreError(
            f"The user of the database {where} may not do that ({reason}): let it own what is in there, and make what "
            f'is missing: `GRANT CREATE ON DATABASE "{url.database}" TO` that user.'
        )
    if code.startswith(("28", "3D")):
        return StoreError(_unreachable(where, error))
    if error.connection_invalidated or code.startswith(_ENDED):
        return None
    return StoreError(f"The database {where} refused ({reason}): see the database's own log.")


def _of_the_server(code: str, where: str) -> StoreError | None:
    """What the whole server suffers from, whatever was asked of it."""
    match code:
        case "53300":
            return StoreBusy(
                f"The database {where} takes no more connections: try again, or raise its max_connections."
            )
        case "53100":
            return StoreAway(f"The disk of the database {where} is full: make room on it.")
        case "53200":
            return StoreAway(f"The database {where} is out of memory: give its server more.")
        case "25006":
            return StoreAway(
                f"The database {where} may only be read now: let it be written to, or set ATTACHE_DATABASE_URL "
                "to the server that may."
            )
        case "57014":
            return StoreBusy(f"The database {where} took too long: try again when it has less to do.")
        case "57P03":
            return StoreAway(f"The database {where} is starting or stopping: try again in a minute.")
        case "XX001" | "XX002":
            return _damaged(where, "the server says so")
    return None


def _sqlite_error(error: BaseException, where: str) -> AttacheError:
    reason = _reason(error)
    name = getattr(error, "sqlite_errorname", None) or ""
    match "_".join(name.split("_")[:2]):
        case "SQLITE_BUSY" | "SQLITE_LOCKED":
            return _busy(where)
        case "SQLITE_CONSTRAINT":
            return _constraint(name, reason, where)
        case "SQLITE_NOTADB":
            return StoreError(
                f"{where} is no database that can be read: move it away, or set ATTACHE_DATABASE_URL to "
                "another file."
            )
        case "SQLITE_CORRUPT":
            return _damaged(where, reason)
        case "SQLITE_READONLY" | "SQLITE_CANTOPEN" | "SQLITE_PERM":
            return StoreAway(
                f"Cannot open {where} for writing: check that the file and its folder may be written."
            )
        case "SQLITE_FULL":
            return StoreAway(f"The disk that holds {where} is full: make room on it.")
        case "SQLITE_IOERR":
            return StoreAway(
                f"The disk that holds {where} does not work ({reason}): check it, and its quota."
            )
    if reason.startswith(("no such table", "no such column")) or " has no column named " in reason:
        return _other_tables(where)
    return StoreError(f"The database {where} was used in a wrong way: report this as a bug ({reason}).")


def _constraint(name: str, reason: str, where: str) -> AttacheError:
    if name in ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"):
        return _meanwhile()
    if name == "SQLITE_CONSTRAINT_FOREIGNKEY":
        return _belongs_nowhere()
    return StoreError(f"The database {where} refused ({reason}): report this as a bug.")


def _busy(where: str) -> StoreBusy:
    return StoreBusy(f"Somebody else is writing to the database {where}: try again.")


def _meanwhile() -> StoreBusy:
    return StoreBusy("Somebody else stored the same at this moment: try again.")


def _belongs_nowhere() -> NotFound:
    return NotFound("What this belongs to is not in the database: look it up again.")


def _other_tables(where: str) -> StoreVersionError:
    return StoreVersionError(
        f"The database {where} has other tables than this version of attache works with: restart attache."
    )


def _damaged(where: str, reason: str) -> StoreError:
    return StoreError(
        f"The database {where} is damaged ({reason}): stop attache, keep what is there, and restore a backup."
    )
