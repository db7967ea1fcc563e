"""`attache health`: asks the running bot of these settings whether it is well; a container's health check."""

from __future__ import annotations

import json
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.running import Failed, settings
from bot.messages.harmless import harmless
from news.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

PATIENCE = 8.0
"""Seconds in which it has to answer: more than it gives its database."""
_HERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "*": "127.0.0.1"}
"""Who listens everywhere is asked on this machine."""


def health(
    live: Annotated[
        bool, typer.Option("--live", help="Ask only whether it lives, not whether it is ready.")
    ] = False,
) -> None:
    """Ask the running bot whether it is well; the exit status says so, too."""
    address = settings().status_http
    if address is None:
        raise InputError("ATTACHE_STATUS_HTTP is not set: set it for `attache run` and for this, too.")
    try:
        status, body = _asked(address, "/healthz" if live else "/readyz")
    except (OSError, HTTPException) as error:
        raise Failed(
            f"nobody answers at {address} ({_reason(error)}): see whether `attache run` runs."
        ) from None
    if status == 200:
        typer.echo("live" if live else "ready")
        return
    raise Failed(f"not ready: {_told(body)}")


def _asked(address: str, path: str) -> tuple[int, bytes]:
    host, _, port = address.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    connection = HTTPConnection(_HERE.get(host, host), int(port), timeout=PATIENCE)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read(65_536)
    finally:
        connection.close()


def _reason(error: OSError | HTTPException) -> str:
    if isinstance(error, TimeoutError):
        return f"not within {PATIENCE:.0f} seconds"
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__


def _told(body: bytes) -> str:
    """What is not well, in one line."""
    try:
        checks: Mapping[str, Mapping[str, object]] = json.loads(body)["checks"]
        told = [f"{name}: {check['told']}" for name, check in checks.items() if not check["well"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        return "something else than attache answers there"
    return harmless("; ".join(told))
