"""Where Discord is: its own addresses, or those of a proxy or a local server in their place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from news.errors import InputError


@contextmanager
def addresses(api_url: str | None, gateway_url: str | None) -> Iterator[None]:
    """discord.py talks to these meanwhile; it keeps them for the whole process. Raises InputError."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    _check("ATTACHE_DISCORD_API_URL", api_url, {"http", "https"})
    _check("ATTACHE_DISCORD_GATEWAY_URL", gateway_url, {"ws", "wss"})
    Route.BASE = api_url.rstrip("/") if api_url else before[0]
    DiscordWebSocket.DEFAULT_GATEWAY = URL(gateway_url) if gateway_url else before[1]
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before


def _check(name: str, url: str | None, schemes: set[str]) -> None:
    if url is None:
        return
    try:
        parts = urlsplit(url)
        usable = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise InputError(
            f"{name} cannot be used: write an address that begins with {' or '.join(sorted(schemes))}."
        )
