"""How to ask strangers' servers: limits of size, time, redirects and address. The one door to aiohttp."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any, Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from feeds import robots
from feeds.addresses import is_public, shown, web_link
from feeds.freshness import fresh_for, retry_after
from feeds.hosts import AT_ONCE, Hosts
from feeds.manners import Manners
from feeds.packing import ENCODINGS, PackingError, Unpacker
from feeds.refusals import BUSY, refusal
from feeds.robots import ALL_ALLOWED, NotHad, Rules
from news.errors import AddressRefused, FeedError, FetchError
from news.feeds import Gone, NotModified, Validators

MAX_REDIRECTS = 5
MAX_BYTES = 5 * 2**20
MAX_HEADER = 2**15
"""Bytes of one header; honest security policies and lists of links take more than 8 KiB."""
TIMEOUT = 20.0
KEPT_OPEN = 2.0
"""Seconds that an idle connection stays open: enough for a feed's next page, not enough to pile up."""
NAMES_KNOWN = 60
"""Seconds that a name's addresses are remembered."""
LOOK_UPS = 2 * AT_ONCE
"""Names looked up at a time. One that hangs outlives its request by as much as the system lets it."""

FEED_TYPES = "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
PAGE_TYPES = "text/html, application/xhtml+xml, */*;q=0.5"
ROBOTS_TYPES = "text/plain, */*;q=0.5"

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
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


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked of a server, wherever its redirects lead."""

    url: str
    accept: str
    validators: Validators = field(default_factory=Validators)
    of_page: bool = False
    """Whether robots.txt has a say, and sites that want to be left alone."""
    max_bytes: int = MAX_BYTES
    cut: bool = False
    """Whether what is longer is cut there instead of refused."""


@dataclass(frozen=True, slots=True)
class _Moved:
    url: str
    for_good: bool


class _NotPublic(OSError):
    """The host's address is not a public one."""


class Fetcher:
    """Fetches what strangers publish, from one event loop. Use it as an async context manager, or call `aclose`."""

    def __init__(
        self,
        *,
        user_agent: str,
        private_hosts: Collection[str] = (),
        timeout: float = TIMEOUT,
        max_bytes: int = MAX_BYTES,
        hosts: Hosts | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        look_up: Callable[..., list[Any]] = socket.getaddrinfo,
    ) -> None:
        self._user_agent = user_agent
        self._private_hosts = frozenset(host.lower() for host in private_hosts)
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._hosts = Hosts() if hosts is None else hosts
        self._manners = Manners(self._hosts, self._ask_robots)
        self._now = now
        self._resolver = _Resolver(look_up)
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
        await self._resolver.close()

    def is_private(self, url: str) -> bool:
        """Whether the address is of a host that was named as one that may be fetched although private."""
        try:
            return self._is_named(URL(url))
        except ValueError:
            return False

    async def get(
        self, url: str, *, validators: Validators | None = None, accept: str = "*/*"
    ) -> Body | NotModified | Gone:
        """What is at the address. Raises FetchError and AddressRefused; their texts name `url`."""
        return await self._follow(
            _Question(url, accept, validators or Validators(), max_bytes=self._max_bytes)
        )

    async def page(self, url: str) -> Body | Gone:
        """The page at the address, where its site lets programs read it. Raises FetchError and AddressRefused."""
        answer = await self._follow(_Question(url, PAGE_TYPES, of_page=True, max_bytes=self._max_bytes))
        assert not isinstance(answer, NotModified)  # without validators that is an error
        return answer

    async def _follow(self, asked: _Question) -> Body | NotModified | Gone:
        if web_link(asked.url) is None:
            raise AddressRefused(
                asked.url, f"{shown(asked.url)} is no web address: use one that begins with https://."
            )
        here, home, settled, left = asked.url, asked.url, True, self._timeout
        clock = asyncio.get_running_loop().time
        for _ in range(MAX_REDIRECTS + 1):
            try:
                target = URL(here)
            except ValueError as error:
                raise _explained(asked.url, error) from error
            if asked.of_page:
                await self._manners.wait(
                    asked.url, str(target), origin=str(target.origin()), host=_host(target)
                )
            async with self._hosts.place(_host(target)):
                began = clock()  # the time that others take up is not the server's
                answer = await self._ask(asked, target, home, left)
                left -= clock() - began
            if not isinstance(answer, _Moved):
                return answer
            here, settled = answer.url, settled and answer.for_good
            if settled:
                home = here
        raise FetchError(
            asked.url, f"{shown(asked.url)} redirects too often: ask for the address it should lead to."
        )

    async def _ask_robots(self, origin: str) -> tuple[Rules | NotHad, timedelta | None]:
        """A site's rules, and how long they hold.

        Where there is no robots.txt all is allowed; so it is where none can be had for good, for then the page
        tells what is wrong with its site.
        """
        asked = _Question(f"{origin}/robots.txt", ROBOTS_TYPES, max_bytes=robots.MAX_BYTES, cut=True)
        try:
            answer = await self._follow(asked)
        except FetchError as error:
            return (NotHad(str(error)) if error.passing else ALL_ALLOWED), None
        except AddressRefused:
            return ALL_ALLOWED, None
        if not isinstance(answer, Body):
            return ALL_ALLOWED, None
        program = robots.product(self._user_agent)
        return await asyncio.to_thread(robots.read_rules, answer.content, program), answer.fresh_for

    async def _ask(
        self, asked: _Question, target: URL, home: str, seconds: float
    ) -> Body | NotModified | Gone | _Moved:
        """One request. Raises FetchError and AddressRefused."""
        try:
            async with (
                asyncio.timeout(seconds),
                self._session(target).get(target, headers=_headers(asked), allow_redirects=False) as response,
            ):
                if response.status in _REDIRECTS:
                    return _Moved(_target(response, asked.url), response.status in _PERMANENT)
                return await self._received(response, asked, home)
        except TimeoutError as error:
            raise FetchError(
                asked.url,
                f"{shown(asked.url)} did not answer in full within {self._timeout:g} seconds: try again later.",
                passing=True,
            ) from error
        except (aiohttp.ClientError, PackingError, OSError, ValueError) as error:
            raise _explained(asked.url, error) from error

    def _is_named(self, url: URL) -> bool:
        if not self._private_hosts:
            return False
        names = {url.host or "", url.raw_host or ""}
        names |= {f"[{name}]" for name in names if ":" in name}
        return not self._private_hosts.isdisjoint(names | {f"{name}:{url.port}" for name in names})

    def _session(self, url: URL) -> aiohttp.ClientSession:
        """Two sessions at most: one that reaches public addresses only, and one for the hosts named as private."""
        private = self._is_named(url)
        if private not in self._sessions:
            self._sessions[private] = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    socket_factory=None if private else _public_socket,
                    limit=0,  # `Hosts` counts
                    keepalive_timeout=KEPT_OPEN,
                    resolver=self._resolver,
                    ttl_dns_cache=NAMES_KNOWN,
                ),
                headers={"User-Agent": self._user_agent, "Accept-Encoding": ENCODINGS},
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None),
                trust_env=False,
                auto_decompress=False,
                max_line_size=MAX_HEADER,
                max_field_size=MAX_HEADER,
            )
        return self._sessions[private]

    async def _received(
        self, response: aiohttp.ClientResponse, asked: _Question, home: str
    ) -> Body | NotModified | Gone:
        before = asked.validators
        given = Validators(etag=_header(response, "ETag"), last_modified=_header(response, "Last-Modified"))
        if response.status == HTTPStatus.GONE:
            return Gone()
        if response.status == HTTPStatus.NOT_MODIFIED and before != Validators():
            return NotModified(
                Validators(given.etag or before.etag, given.last_modified or before.last_modified),
                fresh_for=_fresh_for(response),
            )
        if not 200 <= response.status < 300:
            raise self._refused(response, asked.url)
        return Body(
            url=str(response.url.with_user(None)),
            home=home,
            content=await _read(response, asked),
            content_type=_header(response, "Content-Type"),
            validators=given,
            fresh_for=_fresh_for(response),
        )

    def _refused(self, response: aiohttp.ClientResponse, url: str) -> FetchError:
        wait = retry_after(_header(response, "Retry-After"), date=_header(response, "Date"), now=self._now())
        if wait and response.status in BUSY:
            self._hosts.leave_alone(_host(response.url), wait.total_seconds())
        return refusal(url, response.status, retry_after=wait)


async def _read(response: aiohttp.ClientResponse, asked: _Question) -> bytes:
    """The body as unpacked, up to the limit: a small answer may unpack to a huge one."""
    content, unpacker = bytearray(), Unpacker(response.headers.get("Content-Encoding"))
    async for chunk in response.content.iter_chunked(_CHUNK):
        content += unpacker.unpack(chunk, asked.max_bytes + 1 - len(content))
        if len(content) > asked.max_bytes:
            if asked.cut:
                return bytes(content[: asked.max_bytes])
            raise FetchError(
                asked.url,
                f"{shown(asked.url)} is larger than {asked.max_bytes / 2**20:.3g} MiB: "
                "find a smaller feed or page.",
            )
    return bytes(content)


class _Resolver(AbstractResolver):
    """Looks names up in threads of its own, so that one that hangs holds up no other work."""

    def __init__(self, look_up: Callable[..., list[Any]]) -> None:
        self._look_up = look_up
        self._threads: ThreadPoolExecutor | None = None

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        if self._threads is None:
            self._threads = ThreadPoolExecutor(LOOK_UPS, thread_name_prefix="look-up")
        found = await asyncio.get_running_loop().run_in_executor(
            self._threads,
            partial(
                self._look_up,
                host,
                port,
                family=family,
                type=socket.SOCK_STREAM,
                flags=socket.AI_ADDRCONFIG,  # no addresses of a family that this machine has not
            ),
        )
        addresses = [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=port,
                family=of_family,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for of_family, _, protocol, _, address in found
            if of_family in {socket.AF_INET, socket.AF_INET6}
        ]
        if not addresses:
            raise socket.gaierror(socket.EAI_NONAME, "the name has no address")
        return addresses

    async def close(self) -> None:
        """Waits for nobody: a look-up that hangs ends by itself."""
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._threads = None


def _public_socket(addr_info: aiohttp.AddrInfoType) -> socket.socket:
    """A socket for an address about to be connected to: checked here, no name and no notation gets around it."""
    family, kind, protocol, _, address = addr_info
    if not is_public(str(address[0])):
        raise _NotPublic("the address is not public")
    return socket.socket(family=family, type=kind, proto=protocol)


def _host(url: URL) -> str:
    """Whose turn it is: a host by its name and port."""
    return f"{(url.raw_host or '').rstrip('.')}:{url.port}"


def _fresh_for(response: aiohttp.ClientResponse) -> timedelta | None:
    headers = response.headers
    return fresh_for(
        ",".join(headers.getall("Cache-Control", ())),
        age=headers.get("Age"),
        expires=headers.get("Expires"),
        date=headers.get("Date"),
    )


def _headers(asked: _Question) -> dict[str, str]:
    before = asked.validators
    conditions = {"If-None-Match": before.etag, "If-Modified-Since": before.last_modified}
    return {"Accept": asked.accept} | {name: value for name, value in conditions.items() if value}


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


_REASONS: tuple[tuple[type[Exception], str, bool], ...] = (
    (aiohttp.ClientConnectorDNSError, "names a host that cannot be found: check the address.", True),
    (
        aiohttp.ClientConnectorCertificateError,
        "has a certificate that cannot be trusted: its publisher has to mend it.",
        False,
    ),
    (aiohttp.ClientSSLError, "cannot be connected to securely: check the address or try again later.", True),
    (aiohttp.ClientConnectorError, "cannot be connected to: check the address or try again later.", True),
    (aiohttp.ServerDisconnectedError, "breaks off its answer: try again later.", True),
    (aiohttp.ClientOSError, "breaks off its answer: try again later.", True),
    (aiohttp.ClientError, "answers in a way that cannot be understood: try again later.", True),
    (PackingError, "answers in a way that cannot be understood: try again later.", True),
    (Exception, "cannot be connected to: check the address or try again later.", True),
)
"""What went wrong in words, and whether it may pass."""
_NO_SUCH_NAME = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})


def _explained(url: str, error: Exception) -> FeedError:
    cause = getattr(error, "os_error", error)
    if isinstance(cause, _NotPublic):
        return AddressRefused(
            url,
            f"{shown(url)} leads to an address that is not public: "
            "name the host in ATTACHE_PRIVATE_HOSTS to allow it.",
        )
    if isinstance(error, aiohttp.InvalidURL | ValueError):  # `127.1` too is refused so
        return AddressRefused(url, f"{shown(url)} leads to no proper web address: check how it is spelt.")
    words, passing = next((words, passing) for kind, words, passing in _REASONS if isinstance(error, kind))
    named = not (isinstance(cause, socket.gaierror) and cause.errno in _NO_SUCH_NAME)
    return FetchError(url, f"{shown(url)} {words}", passing=passing and named)
