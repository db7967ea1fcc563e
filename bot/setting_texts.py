"""Texts of settings: whether they have the form that they need, and the passwords in them. Pure."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, quote, unquote, urlsplit


def is_token(text: str, start: str) -> bool:
    """Whether it is one word that begins so."""
    return text.startswith(start) and text.isascii() and text.isprintable() and " " not in text


def address_with(address: str, password: str) -> str:
    """The address of a database with the password in it. Raises ValueError."""
    scheme, _, rest = address.partition("://")
    if scheme.partition("+")[0] not in {"postgres", "postgresql"}:
        raise ValueError("only PostgreSQL asks for a password: leave ATTACHE_DATABASE_PASSWORD out")
    place, slash, path = rest.partition("/")
    user, _, host = place.rpartition("@")
    if ":" in user:
        raise ValueError("it holds a password, too: leave that out, or ATTACHE_DATABASE_PASSWORD")
    if not user:
        raise ValueError("name the user before the host, such as postgresql://attache@host/attache")
    return f"{scheme}://{user}:{quote(password, safe='')}@{host}{slash}{path}"


def is_key(text: str) -> bool:
    """Whether it is one of the keys that tokens are encrypted with."""
    try:
        return len(base64.b64decode(text.strip(), altchars=b"-_", validate=True)) == 32
    except ValueError:
        return False


def is_place(address: str) -> bool:
    """Whether it is `host:port`, somewhere to listen."""
    sound = re.fullmatch(r"([^\s:/@\[\]]+|\[[0-9a-fA-F:.]+\]):[0-9]{1,5}", address)
    return sound is not None and 0 < int(address.rpartition(":")[2]) < 65536


def split_address(value: str) -> str | None:
    """The host, with all that stands around it, of an http address without a query; None for anything else."""
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return None
    sound = parts.scheme in {"http", "https"} and parts.hostname and port != 0
    return parts.netloc if sound and not parts.query and not parts.fragment else None


def passwords_in(address: str) -> Iterator[str]:
    """As it is written, and as it is meant; a server takes it as a parameter, too."""
    try:
        parts = urlsplit(address)
        written = [parts.password or "", *parse_qs(parts.query).get("password", ())]
    except ValueError:
        return
    for one in written:
        yield one
        yield unquote(one)
