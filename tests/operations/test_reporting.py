"""Reports of errors: what reaches a server that speaks Sentry's protocol, and what never does."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from contextlib import asynccontextmanager

import pytest
import structlog
from aiohttp import web

from bot.masking import typed
from bot.operations.reporting import reporting
from news.errors import InputError

TOKEN = "xoxb-" + "123456789012-abcdefghijkl"
SECRET = "a-plain-secret"


class Sentry:
    """Takes envelopes."""

    def __init__(self):
        self.events = []
        self.bodies = []

    async def take(self, request):
        body = await request.read()  # unpacked on the way
        self.bodies.append(body.decode())
        lines = body.split(b"\n")
        for head, item in zip(lines[1::2], lines[2::2], strict=False):
            if json.loads(head)["type"] == "event":
                self.events.append(json.loads(item))
        return web.json_response({"id": "0"})


@pytest.fixture
async def sentry():
    taken = Sentry()
    site = web.Application()
    site.add_routes([web.post("/api/7/envelope/", taken.take)])
    runner = web.AppRunner(site)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    taken.dsn = f"http://key@127.0.0.1:{runner.addresses[0][1]}/7"
    yield taken
    await runner.cleanup()


@asynccontextmanager
async def reported(sentry):
    """What is said within has reached the server afterwards."""
    before = structlog.get_config()
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, structlog.processors.KeyValueRenderer()],
        logger_factory=structlog.ReturnLoggerFactory(),
    )
    try:
        async with reporting(sentry.dsn, [SECRET]):
            yield structlog.get_logger("attache")
    finally:
        structlog.configure(**before)
        structlog.contextvars.clear_contextvars()


def broken(headline):
    password_in_a_variable = "do-not-send-me"
    raise ValueError(f"no such words: {headline} {TOKEN} {SECRET}{password_in_a_variable[:0]}")


async def test_an_error_arrives_with_its_ids_and_nothing_secret(sentry):
    async with reported(sentry) as log:
        try:
            with typed({"about": "Jabberwocky"}, workspace=7):
                broken("Jabberwocky")
        except ValueError:
            log.exception("command failed", feed=3, url="https://" + "private" + ".example/")
    [event] = sentry.events
    [error] = event["exception"]["values"]
    assert (error["type"], error["value"]) == ("ValueError", "no such words: *** *** ***")
    assert error["stacktrace"]["frames"][-1]["function"] == "broken"
    assert all("vars" not in frame for frame in error["stacktrace"]["frames"])
    assert event["tags"] == {"workspace": "7", "feed": "3"}
    assert event["contexts"]["line"] == {"event": "command failed"}
    assert event["level"] == "error"
    for part in ("request", "user", "breadcrumbs", "server_name", "extra", "modules"):
        assert part not in event
    [body] = sentry.bodies
    for secret in (TOKEN, SECRET, "private.example"):
        assert secret not in body


async def test_a_variable_is_not_sent(sentry):
    async with reported(sentry) as log:
        hidden = "only-" + "in-a-variable"
        try:
            raise KeyError(len(hidden))
        except KeyError as error:
            log.error("broke", exc_info=error)
    assert "KeyError" in sentry.bodies[0]
    assert hidden not in sentry.bodies[0]


async def test_an_error_without_a_traceback_and_one_of_a_library_arrive_too(sentry):
    async with reported(sentry) as log:
        log.error("failed, it is tried again with each beat", work="intake", error=f"refused: {SECRET}")
        logging.getLogger("aiohttp.server").error("broken by %s", TOKEN)
        log.warning("feed failed", error="that is usual")
        log.info("post", state="sent")
    told = {event.get("message") or event["logentry"]["message"] for event in sentry.events}
    assert told == {"failed, it is tried again with each beat: refused: ***", "broken by %s"}
    assert all(secret not in body for body in sentry.bodies for secret in (TOKEN, SECRET))


async def test_nothing_is_reported_any_more_afterwards(sentry):
    async with reported(sentry):
        pass
    structlog.get_logger("attache").error("later")
    logging.getLogger("late").error("later")
    assert sentry.events == []


async def test_a_server_that_is_away_holds_up_nobody(unused_tcp_port):
    clock = asyncio.get_running_loop()
    begun = clock.time()
    async with reporting(f"http://key@127.0.0.1:{unused_tcp_port}/7"):
        structlog.get_logger("attache").error("lost")
    assert clock.time() - begun < 10


async def test_without_the_extra_it_is_one_clear_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    with pytest.raises(InputError, match="with its extra `sentry`"):
        async with reporting("https://key@sentry.example/7"):
            pass
