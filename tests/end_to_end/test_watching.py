"""`attache run` as processes that are looked at: health, metrics of several on one database, ids in the log."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import sys
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import aiohttp
import pytest

from news.channels import Channel, Platform
from storage.engine import open_store
from tests.backends import BACKENDS, current_database
from tests.end_to_end.test_start_up import loaded

CHANNEL = Channel(Platform.TERMINAL, "local")


@asynccontextmanager
async def running(environment):
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        env=environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    lines = []

    async def listen():
        while line := await process.stderr.readline():
            lines.append(line.decode())

    listening = asyncio.create_task(listen())
    try:
        yield lines
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()
        await listening


async def metrics(port):
    """What the process at the port tells; nothing where nobody answers yet."""
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{port}/metrics") as answer,
        ):
            text = await answer.text()
    except aiohttp.ClientConnectionError:
        return {}
    return {
        name: float(value)
        for name, _, value in (line.rpartition(" ") for line in text.splitlines() if line[:1] != "#")
    }


async def until(port, seen):
    """The first metrics of the port with which `seen` is true."""
    while True:
        found = await metrics(port)
        if found and seen(found):
            return found
        await asyncio.sleep(0.2)


@pytest.fixture(params=BACKENDS)
async def url(request, tmp_path):
    async with current_database(request.param, tmp_path) as address:
        yield address


@pytest.mark.timeout(300)  # three processes that load and read, on however busy a machine
async def test_processes_on_one_database_tell_what_they_did_and_the_same_of_the_store(
    url, attache, wire, unused_tcp_port_factory
):
    ports = unused_tcp_port_factory(), unused_tcp_port_factory()
    common = attache.environment | {
        "ATTACHE_DATABASE_URL": url,
        "ATTACHE_HEARTBEAT_SECONDS": "0.5",
        "ATTACHE_LOG_FORMAT": "json",
        "ATTACHE_PRIVATE_HOSTS": wire.host,
    }
    given = {"ATTACHE_DATABASE_URL": url, "ATTACHE_STATUS_HTTP": f"0.0.0.0:{ports[0]}"}
    done = await attache.aside("health", **given)
    assert (done.returncode, done.stdout) == (1, "")
    assert "nobody answers" in done.stderr
    async with open_store(url) as store, store.write() as uow:
        workspace = await uow.workspaces.obtain(Platform.TERMINAL, "local")
        await uow.feeds.follow(workspace.id, next(iter(wire.feeds.values())))
        await uow.feeds.follow(workspace.id, "http://10.1.2.3/feed?key=sesame-street")
        await uow.subscriptions.add(
            workspace.id, CHANNEL, cron="* * * * *", timezone="UTC", next_due=datetime.now(UTC)
        )
        await uow.commit()
    async with asyncio.timeout(280):
        first = common | {"ATTACHE_STATUS_HTTP": f"127.0.0.1:{ports[0]}"}
        second = common | {"ATTACHE_STATUS_HTTP": f"127.0.0.1:{ports[1]}"}
        async with running(first) as lines:
            sent = 'attache_deliveries_total{kind="digest",platform="terminal",state="sent"}'
            one = await until(
                ports[0],
                lambda f: (
                    f.get(sent) and not f["attache_articles_unread"] and f["attache_statements_found_total"]
                ),
            )
            done = await attache.aside("health", **given)
            assert (done.returncode, done.stdout) == (0, "ready\n")
            done = await attache.aside("health", "--live", **given)
            assert (done.returncode, done.stdout) == (0, "live\n")
            async with running(second):
                # Where reading is shared it waits for jobs, and ends with the process; stories are put together in turn.
                beat = 'attache_beats_total{{outcome="done",work="{}"}}'.format
                two = await until(ports[1], lambda f: f.get(beat("reading")) or f.get(beat("stories")))
                again = await until(ports[0], lambda f: f["attache_feeds_due"] == 0)
    assert one['attache_feed_fetches_total{outcome="fetched"}'] == 1
    assert one['attache_feed_fetches_total{outcome="address_refused"}'] >= 1
    read = one["attache_article_reading_seconds_count"]
    assert read == one["attache_articles_stored_total"] > 0
    assert one["attache_article_reading_seconds_sum"] > 0
    lateness = 'attache_delivery_lateness_seconds_count{kind="digest",platform="terminal"}'
    assert one[lateness] == one[sent]
    assert one["process_resident_memory_bytes"] > 2**20
    assert two["attache_article_reading_seconds_count"] == 0  # the other one did that
    same = (
        "attache_feeds_followed",
        "attache_feeds_failing",
        "attache_articles_unread",
        "attache_schedules_stopped",
    )
    assert {name: two[name] for name in same} == {name: again[name] for name in same}
    assert again["attache_feeds_followed"] == 2
    told = [json.loads(line) for line in lines if line.startswith("{")]
    [failed] = {line["feed"] for line in told if line["event"] == "feed failed"}
    assert isinstance(failed, int)
    posts = [line for line in told if line["event"] == "post"]
    assert posts
    assert all(isinstance(line["delivery"], int) and line["workspace"] == workspace.id for line in posts)
    assert "sesame-street" not in "".join(lines)


def test_health_needs_an_address(attache):
    done = attache("health")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "attache: ATTACHE_STATUS_HTTP is not set: set it for `attache run` and for this, too.\n"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ATTACHE_STATUS_HTTP", "9464"),
        ("ATTACHE_STATUS_HTTP", "127.0.0.1:0"),
        ("ATTACHE_STATUS_HTTP", "http://127.0.0.1:9464"),
        ("ATTACHE_SENTRY_DSN", "https://sentry.example/1"),
        ("ATTACHE_SENTRY_DSN", "secret-of-mine"),
    ],
)
def test_an_address_that_is_none_is_one_clear_line(attache, name, value):
    done = attache("health", **{name: value})
    [line] = done.stderr.splitlines()
    assert (done.returncode, line.startswith(f"attache: {name} cannot be used")) == (1, True)
    assert "secret-of-mine" not in line


async def test_what_is_not_ready_is_told_in_one_line(attache, unused_tcp_port):
    from bot.operations.status import answering

    async def ready():
        return {
            "ready": False,
            "checks": {
                "database": {"well": False, "told": "Cannot reach it\x1b[31m"},
                "heartbeat": {"well": True, "told": "fine"},
                "slack": {"well": False, "told": "it is being connected to"},
            },
        }

    async def render():
        return b"", "text/plain"

    async with answering(f"127.0.0.1:{unused_tcp_port}", ready, render):
        done = await attache.aside("health", ATTACHE_STATUS_HTTP=f"127.0.0.1:{unused_tcp_port}")
    assert done.returncode == 1
    assert done.stderr == (
        "attache: not ready: database: Cannot reach it\ufffd[31m; slack: it is being connected to\n"
    )


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["health", "--help"]])
def test_help_loads_nothing_of_it(arguments):
    assert loaded(*arguments) & {"prometheus_client", "sentry_sdk", "aiohttp", "structlog"} == set()


@pytest.mark.parametrize("verb", [["run", "--once"], ["whosaid", "Tarn"]])
def test_a_verb_loads_nothing_of_it_where_it_is_not_set(attache, verb, monkeypatch):
    for name, value in attache.environment.items():
        monkeypatch.setenv(name, value)
    found = loaded(*verb)
    assert "sqlalchemy" in found
    assert found & {"prometheus_client", "sentry_sdk"} == set()


def test_the_health_check_is_light(attache, monkeypatch, unused_tcp_port):
    import subprocess

    environment = attache.environment | {"ATTACHE_STATUS_HTTP": f"127.0.0.1:{unused_tcp_port}"}
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bot", "health"],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    found = {name.split(".")[0] for name in re.findall(r"\|\s+([\w.]+)$", done.stderr, re.MULTILINE)}
    assert done.returncode == 1
    assert (
        found & {"prometheus_client", "sentry_sdk", "aiohttp", "sqlalchemy", "discord", "slack_bolt"} == set()
    )
