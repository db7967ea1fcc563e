"""Addresses of articles as the markup of a platform can hold them."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, urlsplit

LONGEST_URL = 1000
"""Longer addresses would crowd out the words: such a link is shown as its words alone."""
_HOST = re.compile(r"[a-z0-9._-]+")
_PLAIN = "%/:?#@!$&*+,;=~"


@lru_cache(maxsize=1_000)  # a digest links to its articles wherever it cites them
def safe_url(url: str, also: str = "") -> str | None:
    """The address in a form that cannot end a link; None unless it is plain http or https.

    `also` are characters that may stand in one besides those that may everywhere.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except ValueError:  # UnicodeError of the IDNA codec is one
        return None
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(host) or "@" in parts.netloc:
        return None
    place = host if port is None else f"{host}:{port}"
    encoded = quote(parts._replace(netloc=place).geturl(), safe=_PLAIN + also, errors="replace")
    return encoded if len(encoded) <= LONGEST_URL else None
