"""A server for measuring: it answers at once, so that what is measured is the one who asks.

`python -m tests.evaluation.intake_server` prints its port, then serves on all loopback addresses until it is ended.
`/same/N` is a feed that never changes (304), `/busy/N` one that has two new entries at every third look, `/page/N`
an article.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from functools import lru_cache
from zlib import crc32

from tests.evaluation.made_up import a_feed
from tests.evaluation.made_up_pages import page

_NEVER = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'
_END = b"\r\n\r\n"


class Answering(asyncio.Protocol):
    """Answers each request of a connection, in order; no request has a body."""

    looks: Counter[str] = Counter()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._rest = b""

    def data_received(self, data: bytes) -> None:
        *requests, self._rest = (self._rest + data).split(_END)
        self._transport.write(b"".join(map(self._answer, requests)))  # type: ignore[attr-defined]

    def _answer(self, request: bytes) -> bytes:
        path = request.split(b" ", 2)[1].decode("ascii", "replace")
        kind, _, name = path.lstrip("/").partition("/")
        if kind == "busy":
            look = self.looks[name]
            self.looks[name] += 1
            if look % 3:
                return _NEVER
            return _whole(a_feed(20, first=look // 3 * 2, base=f"/page/{name}-"), "application/rss+xml")
        if kind == "page":
            return _whole(_page(crc32(name.encode()) % 200), "text/html; charset=utf-8")
        if kind == "same" and b"\r\nif-none-match:" in request.lower():
            return _NEVER
        if kind == "same":
            return _whole(a_feed(20, base=f"/page/{name}-"), "application/rss+xml")
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


@lru_cache(maxsize=200)
def _page(number: int) -> bytes:
    return page(number).encode()


def _whole(body: bytes, kind: str) -> bytes:
    head = f'HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nETag: "1"\r\nContent-Length: {len(body)}\r\n\r\n'
    return head.encode() + body


async def main() -> None:
    """Serves until it is ended."""
    server = await asyncio.get_running_loop().create_server(Answering, "0.0.0.0", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        sys.exit(0)
