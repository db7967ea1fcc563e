"""The socket's address: its ticket is told to nobody, and where there is a proxy it is opened through that."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import structlog.testing

from tests.slack.bots import connect, works


@asynccontextmanager
async def a_proxy(url, sent):
    """Passes everything on to `url`; its own address. What it is asked for is added to `sent`."""
    there, tasks = urlsplit(url), set()

    async def pump(reader, writer, kept):
        try:
            while piece := await reader.read(65536):
                kept += piece
                writer.write(piece)
                await writer.drain()
        except OSError:
            pass
        writer.close()

    async def take(reader, writer):
        tasks.add(asyncio.current_task())
        answers, back = await asyncio.open_connection(there.hostname, there.port)
        await asyncio.gather(pump(reader, back, sent), pump(answers, writer, bytearray()))

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        await asyncio.gather(*tasks)


async def test_a_socket_is_opened_through_the_proxy(slack, desk, monkeypatch):
    for name in ("HTTPS_PROXY", "https_proxy", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    sent = bytearray()
    async with a_proxy(slack.url, sent) as address:
        monkeypatch.setenv("HTTP_PROXY", address)
        async with connect(slack, desk):
            assert await works(slack)
    assert b"/link?ticket=" in sent


async def test_a_ticket_is_not_logged(slack, desk, caplog):
    class Nothing(set):
        def __contains__(self, ticket):
            return False

    good = slack._tickets
    with structlog.testing.capture_logs() as logs:
        async with connect(slack, desk):
            slack._tickets = Nothing()
            slack.abort()
            await slack.called("apps.connections.open", 4)
            slack._tickets = good
            await slack.connected(2)
    assert "WSServerHandshakeError (401)" in {each.get("reason") for each in logs}
    assert "ticket" not in str(logs) + caplog.text
