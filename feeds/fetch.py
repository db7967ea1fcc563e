"""How to ask strangers' servers: limits of size, time, redirects and address. The one door to aiohttp."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Self
from urllib.parse import urlsplit

import aiohttp

from feeds.addresses import is_public, shown, web_link
from news.errors import AddressRefused, FeedError, FetchError
from news.feeds import Gone, NotModified, Validators

MAX_REDIRECTS = 5
MAX_BYTES = 5 * 2**20
TIMEOUT = 20.0

FEED_TYPES = "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
PAGE_TYPES = "text/html, application/xhtml+xml, */*;q=0.5"

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_PORTS = {"http": 80, "https": 443}
_CHUNK = 2**16


@dataclass(frozen=True, slots=True)
class Body:
    """What a server sent."""

    url: str
    """Where it came from in the end; links in it are relative to this."""
    home: str
    """Where to ask next time: the address asked for, or where permanent redirects have led."""
    content: bytes
    content_type: str | None
    validators: Validators
    fresh_for: timedelta | None = None
    """How long the server says that this answer holds (`Cache-Control`, `Expires`)."""


class _NotPublic(OSError):
    """The host's address is not a public one."""


class Fetcher:
    """Fetches what strangers publish. Use it as an async context manager, or call `aclose`."""

    def __init__(
        self,
        *,
        user_agent: str,
        private_hosts: Collection[str] = (),
        timeout: float = TIMEOUT,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self._user_agent = user_agent
        self._private_hosts = frozenset(host.lower() for host in private_hosts)
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Closes all connections."""
        while self._sessions:
            _, session = self._sessions.popitem()
            await session.close()

    def is_private(self, url: str) -> bool:
        """Whether the address is of a host that was named as one that may be fetched although private."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
        except ValueError:
            return False
        return not self._private_hosts.isdisjoint({host, f"{host}:{port}", f"[{host}]", f"[{host}]:{port}"})

    async def get(
        self, url: str, *, validators: Validators | None = None, accept: str = "*/*"
    ) -> Body | NotModified | Gone:
        """What is at the address. Raises FetchError and AddressRefused; their texts name `url`."""
        try:
            async with asyncio.timeout(self._timeout):
                return await self._follow(url, validators or Validators(), accept)
        except TimeoutError as error:
            raise FetchError(
                url, f"{shown(url)} did not answer in full within {self._timeout:g} seconds: try again later."
            ) from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise _explained(url, error) from error

    async def page(self, url: str) -> Body | Gone:
        """The page at the address, where its site lets programs read it. Raises FetchError and AddressRefused."""
        answer = await self.get(url, accept=PAGE_TYPES)
        assert not isinstance(answer, NotModified)  # without validators that is an error
        return answer

    async def _follow(self, url: str, validators: Validators, accept: str) -> Body | NotModified | Gone:
        if web_link(url) is None:
            raise AddressRefused(url, f"{shown(url)} is no web address: use one that begins with https://.")
        here, home, settled = url, url, True
        headers = _headers(validators, accept)
        for _ in range(MAX_REDIRECTS + 1):
            async with self._session(here).get(here, headers=headers, allow_redirects=False) as response:
                if response.status not in _REDIRECTS:
                    return await self._received(response, url, home, validators)
                settled = settled and response.status in _PERMANENT
                here = _target(response, url)
            if settled:
                home = here
        raise FetchError(url, f"{shown(url)} redirects too often: ask for the address it should lead to.")

    def _session(self, url: str) -> aiohttp.ClientSession:
        """Two sessions at most: one that reaches public addresses only, and one for the hosts named as private."""
        private = self.is_private(url)
        if private not in self._sessions:
            self._sessions[private] = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    socket_factory=None if private else _public_socket, limit=64, limit_per_host=8
                ),
                headers={"User-Agent": self._user_agent},
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None),
                trust_env=False,
            )
        return self._sessions[private]

    async def _received(
        self, response: aiohttp.ClientResponse, url: str, home: str, asked: Validators
    ) -> Body | NotModified | Gone:
        given = Validators(etag=_header(response, "ETag"), last_modified=_header(response, "Last-Modified"))
        if response.status == HTTPStatus.GONE:
            return Gone()
        if response.status == HTTPStatus.NOT_MODIFIED and asked != Validators():
            return NotModified(
                Validators(given.etag or asked.etag, given.last_modified or asked.last_modified)
            )
        if not 200 <= response.status < 300:
            raise FetchError(url, _refusal(url, response.status))
        return Body(
            url=str(response.url.with_user(None)),
            home=home,
            content=await self._read(response, url),
            content_type=_header(response, "Content-Type"),
            validators=given,
        )

    async def _read(self, response: aiohttp.ClientResponse, url: str) -> bytes:
        """The body as unpacked, up to the limit: a small answer may unpack to a huge one."""
        content = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK):
            content += chunk
            if len(content) > self._max_bytes:
                raise FetchError(
                    url,
                    f"{shown(url)} is larger than {self._max_bytes / 2**20:.3g} MiB: find a smaller feed or page.",
                )
        return bytes(content)


def _public_socket(addr_info: aiohttp.AddrInfoType) -> socket.socket:
    """A socket for an address about to be connected to: checked here, no name and no notation gets around it."""
    family, kind, protocol, _, address = addr_info
    if not is_public(str(address[0])):
        raise _NotPublic("the address is not public")
    return socket.socket(family=family, type=kind, proto=protocol)


def _headers(validators: Validators, accept: str) -> dict[str, str]:
    conditions = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {"Accept": accept} | {name: value for name, value in conditions.items() if value}


def _header(response: aiohttp.ClientResponse, name: str) -> str | None:
    """A header's value; one with characters that headers do not have is as good as none."""
    value = response.headers.get(name, "").strip()
    return value if value and value.isascii() and value.isprintable() else None


def _target(response: aiohttp.ClientResponse, url: str) -> str:
    """Where a redirect leads, without a fragment; `url` is what was asked for at first."""
    location = response.headers.get("Location", "").strip()
    target = web_link(location, str(response.url))
    if target is None:
        where = f"to {shown(location)}, which is no web address" if location else "without saying where to"
        raise AddressRefused(url, f"{shown(url)} redirects {where}: ask for its present address.")
    return target.partition("#")[0]


def _refusal(url: str, status: int) -> str:
    """The status in words, and what to do about it."""
    try:
        words = f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        words = f"status {status}"
    if status in {401, 403}:
        advice = "it may not be open to programs; look for another feed of the outlet"
    elif status == 429 or status >= 500:
        advice = "try again later"
    else:
        advice = "check the address"
    return f"{shown(url)} answers {words}: {advice}."


_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (aiohttp.ClientConnectorDNSError, "names a host that cannot be found: check the address."),
    (aiohttp.ClientSSLError, "has a certificate that cannot be trusted: its publisher has to mend it."),
    (aiohttp.ClientConnectorError, "cannot be connected to: check the address or try again later."),
    (aiohttp.ClientError, "answers in a way that cannot be understood: try again later."),
    (Exception, "cannot be connected to: check the address or try again later."),
)


def _explained(url: str, error: Exception) -> FeedError:
    if isinstance(getattr(error, "os_error", error), _NotPublic):
        return AddressRefused(
            url,
            f"{shown(url)} leads to an address that is not public: "
            "name the host in ATTACHE_PRIVATE_HOSTS to allow it.",
        )
    if isinstance(error, aiohttp.InvalidURL | ValueError):  # `127.1` too is refused so
        return AddressRefused(url, f"{shown(url)} leads to no proper web address: check how it is spelt.")
    return FetchError(
        url, f"{shown(url)} {next(words for kind, words in _REASONS if isinstance(error, kind))}"
    )
