"""Which web addresses are one: of an article whatever way it was reached, of an entry even where its site moves.

These rules are the project's own, for what they make is stored: with a library's, an upgrade could make every article
a new one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urlencode, urlsplit

_ALIAS = re.compile(r"^(?:(?:www\d?|m|mobile|amp)\.)+(?=[^.]+\.)")
_TRACKING = re.compile(
    r"""
    utm_\w+ | (?:fb|g|d|y|tt|ms|tw)cl(?:id|kid) | gbraid | wbraid | gclsrc | igshid? | _ga | _gl | _hsenc | _hsmi
    | mc_[ce]id | mkt_tok | vero_id | wickedid | oly_(?:anon|enc)_id | rb_clickid | s_cid | ncid | cmpid | cmp | icid
    | ns_(?:campaign|mchannel|source|linkname|fee) | at_(?:medium|campaign|custom\d|link_\w+|bbc_team|ptr_name|format)
    | wt\.?_?(?:mc|mc_id|zmc|nav|rss) | xtor | ito | smid | smtyp | guccounter | guce_referr\w* | ref_?src | ref_?url
    | __twitter_impression | traffic_source | sr_share\w* | soc_(?:src|trk) | spref | ftag | taid
    | amp | amp_js_v | outputtype | usqp
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Parameters that say how a reader came, not what is read; a name that some site may mean otherwise is not in it."""
_DELIVERY = re.compile(r"^(?:feeds?\d?|rss|atom|xml|api|m)\.(?=[^.]+\.)")
"""Hosts from which a site delivers its feeds."""
_AMP = re.compile(r"(?:/amp(?:\.html?)?|\.amp)$", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)
_TELLING = re.compile(r"(?=.*[\d-])[^?]{12}")


def identity(url: str | None) -> str | None:
    """What an http(s) address is compared by; None for any other.

    Scheme, `www.` and `m.`, AMP, tracking parameters, the order of parameters, fragments and closing slashes tell
    nothing of what is read.
    """
    parts = _split(url)
    return None if parts is None else "".join(parts)


def entry_identity(url: str | None) -> str | None:
    """As `identity`, to look an entry up by: a path that can hardly be another's stands without its host.

    So an entry can be found where its site moved to another host, or is read from a mirror of it.
    """
    parts = _split(url)
    if parts is None:
        return None
    host, rest = parts
    return rest if _TELLING.match(rest) else host + rest


def is_telling(url: str | None) -> bool:
    """Whether the address is hardly one at which another article comes to lie later, as on a home page."""
    parts = _split(url)
    return parts is not None and bool(_TELLING.match(parts[1]))


def is_home(url: str | None) -> bool:
    """Whether the address is a site's first page."""
    parts = _split(url)
    return parts is not None and parts[1] == "/"


def host_of(url: str | None) -> str | None:
    """The host as `identity` compares it; None for what is no http(s) address."""
    parts = _split(url)
    return None if parts is None else parts[0]


def is_own(article: str | None, feed: str) -> bool:
    """Whether a feed is of the article's own site, which may put words there.

    A host speaks for itself and what is below it. `feeds.herald.example` and its like speak for `herald.example`, and
    for no other site below it: of two sites below one host, as blogs have it, neither speaks for the other.
    """
    above, below = _host(feed), _host(article)
    above = above and re.sub(r"^www\d?\.(?=[^.]+\.)", "", above)
    if above is None or below is None:
        return False
    own = _DELIVERY.sub("", above)
    return below in {own, f"www.{own}", f"m.{own}"} or (above == own and below.endswith(f".{own}"))


def _host(url: str | None) -> str | None:
    try:
        return (urlsplit(url or "").hostname or "").rstrip(".") or None
    except ValueError:
        return None


@lru_cache(maxsize=2_000)  # one after the other, an entry's link is asked for in several ways
def _split(url: str | None) -> tuple[str, str] | None:
    try:
        parts = urlsplit((url or "").strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
        if parts.scheme not in {"http", "https"} or not host:
            return None
        where = _ALIAS.sub("", host) + (f":{port}" if port not in {None, 80, 443} else "")
        return where, _path(parts.path) + _query(parts.query)
    except ValueError:  # also for half of a surrogate pair, which no address holds
        return None


def _path(path: str) -> str:
    plain = quote(unquote_to_bytes(re.sub(r"/{2,}", "/", path)), safe="/:@!$&'()*+,;=~")
    plain = plain.rstrip("/")
    without = _AMP.sub("", plain)
    # `/guitar/amp` is a page of its own.
    return _INDEX.sub("/", without if _TELLING.match(without) else plain).rstrip("/") or "/"


def _query(query: str) -> str:
    asked = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
    kept = sorted((name, value) for name, value in asked if not _TRACKING.fullmatch(name))
    return f"?{urlencode(kept, errors='surrogateescape')}" if kept else ""
