"""Which links lead to the web, which network addresses are public, and how an address is shown."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

LONGEST = 2048
"""Longer links are taken for broken."""

_UNSAFE = re.compile(r"[\s\x00-\x1f\x7f<>\"\\^`{|}]")
_ALIAS = re.compile(r"^(?:www\d?|m|mobile|amp)\.")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_UNICAST = ipaddress.IPv6Network("2000::/3")
"""All that has been given out of IPv6 for the internet; site-local, unique local and the rest lie outside."""
_RESERVED = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",  # for protocols, as is 2001::/23: Teredo, benchmarks, ORCHID
        "192.88.99.0/24",  # relays of 6to4
        "2001::/23",
        "2001:db8::/32",  # for documentation, as is the next
        "3fff::/20",
    )
)
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})
"""The third quarter of an address that is followed by the IPv4 address it leads to."""


def web_link(link: str | None, base: str | None = None) -> str | None:
    """The link as an absolute http(s) address; None when it leads elsewhere or is broken.

    User names and passwords are dropped: they serve to pass one host off as another.
    """
    if not link:
        return None
    try:
        parts = urlsplit(urljoin(base or "", link.strip()))
        _ = parts.port  # ValueError when it is no port
    except ValueError:
        return None
    netloc = parts.netloc.rpartition("@")[2]
    if parts.scheme not in {"http", "https"} or not parts.hostname or _UNSAFE.search(netloc):
        return None
    address = urlunsplit(parts._replace(netloc=netloc))
    address = _UNSAFE.sub(lambda found: quote(found[0]), address)
    return address if len(address) <= LONGEST else None


def same_site(one: str, other: str) -> bool:
    """Whether two addresses are of one host, `www.`, `m.` and `amp.` aside."""
    return _host(one) == _host(other) != ""


def _host(url: str) -> str:
    try:
        return _ALIAS.sub("", urlsplit(url).hostname or "")
    except ValueError:
        return ""


def is_public(address: str) -> bool:
    """Whether a literal IP address is one that anybody on the internet may reach."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = _inner(ip)
        if ip.scope_id is not None or not (inner is None or is_public(str(inner))):
            return False
        if ip.ipv4_mapped is not None or ip in _NAT64:
            return True  # the address within is what is connected to, and that is public
        if ip not in _UNICAST:
            return False
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _RESERVED)


def _inner(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address leads to, if it is of a kind that wraps one."""
    if ip in _NAT64 or (int(ip) >> 32 & 0xFFFFFFFF) in _ISATAP:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour


def shown(url: str) -> str:
    """The address as it may stand in a message: on one line, not endless, without its password."""
    line = re.sub(r"//[^/?#]*@", "//", "".join(c if c.isprintable() else " " for c in url))
    return line if len(line) <= 200 else line[:199] + "…"
