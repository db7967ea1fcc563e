"""What the status address answers: with a real store that is there and away, and platforms in every state."""

from __future__ import annotations

import asyncio
import os
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
import pytest

from bot.jobs.outages import Outage
from bot.messages.message import Message, plain
from bot.operations import watch as watching
from bot.operations.readiness import of_heartbeat
from bot.operations.watching import Unwatched, watched
from bot.settings import Settings
from bot.wiring import SystemClock, open_app, open_discord, open_slack, soundness_of
from news.channels import Channel, Platform
from news.errors import AttacheError, DeliveryError, GrammarError, InputError
from news.soundness import Life, Tables
from tests.backends import BACKENDS, current_database
from tests.discord import fake as discords
from tests.outages import own_database, own_server
from tests.slack import fake as slacks

PASSWORD = "sesame-street"


def settings(url, port, **more):
    return Settings(_env_file=None, database_url=url, status_http=f"127.0.0.1:{port}", **more)


class Asked:
    """Asks the address."""

    def __init__(self, session, port, watch):
        self._session = session
        self._base = f"http://127.0.0.1:{port}"
        self.watch = watch

    async def __call__(self, path):
        async with self._session.get(self._base + path) as answer:
            return answer.status, await answer.json()

    async def metrics(self):
        async with self._session.get(self._base + "/metrics") as answer:
            assert answer.status == 200
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.content_type == "text/plain"
            lines = [line for line in (await answer.text()).splitlines() if not line.startswith("#")]
        return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


@asynccontextmanager
async def asked(given):
    port = int(given.status_http.rpartition(":")[2])
    async with (
        watched(given, lambda: soundness_of(given), SystemClock()) as watch,
        aiohttp.ClientSession() as session,
    ):
        yield Asked(session, port, watch)


async def beat(watch):
    await watch.beats({})["pulse"]()


@pytest.fixture(params=BACKENDS)
async def outage(request, tmp_path):
    """An address, and how its database is taken away and brought back."""
    async with AsyncExitStack() as stack:
        if request.param == "postgresql":
            url = own_server().url(await stack.enter_async_context(own_database()))
            yield url, own_server().stop, own_server().start
            return
        url = await stack.enter_async_context(current_database("sqlite", tmp_path))
        file = url.removeprefix("sqlite:///")

        async def begin():
            os.rename(file, f"{file}.away")

        async def end():
            os.rename(f"{file}.away", file)

        yield url, begin, end


async def test_a_process_is_not_ready_while_its_database_is_away(outage, unused_tcp_port, monkeypatch):
    url, begin, end = outage
    monkeypatch.setattr(watching, "KEPT", 0.0)
    async with asked(settings(url, unused_tcp_port)) as ask:
        await beat(ask.watch)
        assert (await ask("/readyz"))[0] == 200
        assert (await ask.metrics())["attache_store_up"] == 1
        await begin()
        status, told = await ask("/readyz")
        assert (status, told["ready"]) == (503, False)
        assert {name: check["well"] for name, check in told["checks"].items()} == {
            "database": False,
            "heartbeat": True,
        }
        figures = await ask.metrics()
        assert figures["attache_store_up"] == 0
        assert "attache_articles_unread" not in figures
        assert (await ask("/healthz"))[0] == 200
        await end()
        assert (await ask("/readyz"))[0] == 200
        assert (await ask.metrics())["attache_articles_unread"] == 0


async def test_a_process_is_not_ready_before_its_heart_beats(tmp_path, unused_tcp_port):
    async with (
        current_database("sqlite", tmp_path) as url,
        asked(settings(url, unused_tcp_port)) as ask,
    ):
        status, told = await ask("/readyz")
        assert (status, told["checks"]["heartbeat"]) == (503, {"well": False, "told": "it has not begun yet"})
        await beat(ask.watch)
        assert (await ask("/readyz"))[0] == 200


@pytest.mark.parametrize(
    ("since", "every", "well"), [(0, 5, True), (19, 5, True), (21, 5, False), (3000, 3600, True)]
)
def test_a_heart_that_has_stopped_beating_is_seen(since, every, well):
    assert of_heartbeat(100.0, 100.0 + since, every).well is well


async def test_tables_of_another_version_are_told(tmp_path, unused_tcp_port):
    class Older:
        async def tables(self):
            return Tables("0001", "0010", newer=False)

    given = settings(f"sqlite:///{tmp_path}/x.db", unused_tcp_port)
    async with watched(given, Older, SystemClock()) as watch:
        told = (await watch.ready())["checks"]["database"]
    assert told == {"well": False, "told": "its tables are of version 0001, and this attache needs 0010"}


async def test_what_is_not_well_holds_no_password(tmp_path, unused_tcp_port):
    url = f"postgresql://attache:{PASSWORD}@127.0.0.1:1/news"
    async with asked(settings(url, unused_tcp_port)) as ask:
        status, told = await ask("/readyz")
    assert status == 503
    assert "127.0.0.1" in told["checks"]["database"]["told"]
    assert PASSWORD not in str(told)


async def test_a_platform_is_connected_or_known_to_be_away(tmp_path, unused_tcp_port):
    async with (
        current_database("sqlite", tmp_path) as url,
        asked(settings(url, unused_tcp_port)) as ask,
        open_app(settings(url, unused_tcp_port), watch=ask.watch) as app,
    ):
        await beat(ask.watch)
        noting = ask.watch.noting(Platform.SLACK, Outage(app.store, app.clock, Platform.SLACK))
        assert (await ask("/readyz"))[0] == 503
        await noting.away("Slack cannot be reached.")
        status, told = await ask("/readyz")
        assert (status, told["checks"]["slack"]) == (
            200,
            {"well": True, "told": "known to be away: Slack cannot be reached"},
        )
        figures = await ask.metrics()
        assert figures['attache_platform_connected{platform="slack"}'] == 0
        assert figures['attache_platform_away_seconds{platform="slack"}'] >= 0
        await noting.there()
        assert (await ask("/readyz"))[1]["checks"]["slack"] == {"well": True, "told": "connected"}
        assert (await ask.metrics())['attache_platform_connected{platform="slack"}'] == 1


async def test_an_address_that_is_taken_is_one_clear_error(tmp_path, unused_tcp_port):
    given = settings(f"sqlite:///{tmp_path}/x.db", unused_tcp_port)
    async with asked(given):
        with pytest.raises(InputError, match="check ATTACHE_STATUS_HTTP"):
            async with watched(given, lambda: soundness_of(given), SystemClock()):
                pass


async def test_other_paths_and_verbs_are_nothing(tmp_path, unused_tcp_port):
    async with asked(settings(f"sqlite:///{tmp_path}/x.db", unused_tcp_port)) as ask:
        base = f"http://127.0.0.1:{unused_tcp_port}"
        for verb, path, status in (("GET", "/", 404), ("POST", "/metrics", 405), ("DELETE", "/readyz", 405)):
            async with ask._session.request(verb, base + path) as answer:
                assert answer.status == status


async def test_where_nobody_looks_nothing_is_wrapped(tmp_path):
    given = Settings(_env_file=None, database_url=f"sqlite:///{tmp_path}/x.db")
    async with watched(given, lambda: soundness_of(given), SystemClock()) as watch:
        assert type(watch) is Unwatched
        thing = object()
        wrapped = (watch.reader(thing), watch.summarizer(thing), watch.desk(thing), watch.messengers(thing))
        assert set(wrapped) == {thing}
        assert watch.beats(thing) is watch.noting(Platform.SLACK, thing) is thing


async def test_commands_and_failures_are_counted(tmp_path, unused_tcp_port):
    given = settings(f"sqlite:///{tmp_path}/x.db", unused_tcp_port)
    async with asked(given) as ask, open_app(given, make=True, watch=ask.watch) as app:
        workspace = await app.desk.workspace(Platform.TERMINAL, "local")
        here = Channel(Platform.TERMINAL, "local")
        await app.desk.answer(workspace, here, "help", {})
        with pytest.raises(GrammarError):
            await app.desk.answer(workspace, here, "'; DROP TABLE", {})
        with pytest.raises(AttacheError):
            await app.desk.answer(workspace, here, "feeds", {"action": "add", "url": "http://10.0.0.1/feed"})
        figures = await ask.metrics()
    assert figures['attache_commands_total{command="help",outcome="answered"}'] == 1
    assert figures['attache_commands_total{command="other",outcome="refused"}'] == 1
    assert figures['attache_commands_total{command="feeds",outcome="refused"}'] == 1
    assert figures['attache_command_seconds_count{command="help"}'] == 1
    assert figures['attache_feed_fetches_total{outcome="address_refused"}'] == 1


@asynccontextmanager
async def posting(place, given, app):
    """The messenger of a platform that refuses one post as one too many."""
    connect = open_slack if place == "slack" else open_discord
    async with connect(app) as messenger:
        yield app.watch.messengers({messenger.platform: messenger})[messenger.platform]


@pytest.mark.parametrize("place", ["slack", "discord"])
async def test_what_a_platform_refuses_as_too_much_is_counted(place, tmp_path, unused_tcp_port):
    async with AsyncExitStack() as stack:
        if place == "slack":
            fake = await stack.enter_async_context(slacks.running())
            more = {
                "slack_bot_token": slacks.TOKEN,
                "slack_app_token": slacks.APP_TOKEN,
                "slack_api_url": fake.api_url,
            }
            fake.knobs.limit(1, retry_after=1, method="chat.postMessage")
            channel = Channel(Platform.SLACK, slacks.NEWS)
        else:
            fake = await stack.enter_async_context(discords.running())
            more = {
                "discord_token": discords.TOKEN,
                "discord_api_url": f"{fake.url}/api/v10",
                "discord_gateway_url": fake.gateway_url,
            }
            fake.knobs.refuse_posts = [429]
            channel = Channel(Platform.DISCORD, "9")
        given = settings(f"sqlite:///{tmp_path}/x.db", unused_tcp_port, **more)
        ask = await stack.enter_async_context(asked(given))
        app = await stack.enter_async_context(open_app(given, make=True, watch=ask.watch))
        messenger = await stack.enter_async_context(posting(place, given, app))
        outcome = "done"
        try:
            await messenger.send(channel, Message(plain("Digest")), key="attache-1")
        except DeliveryError:
            outcome = "away"
        figures = await ask.metrics()
    assert figures[f'attache_rate_limits_total{{platform="{place}"}}'] == 1
    name = "attache_platform_request_seconds_count"
    labels = f'operation="send",outcome="{outcome}",platform="{place}"'
    assert figures[f"{name}{{{labels}}}"] == 1


async def test_a_loop_that_stands_still_is_seen(tmp_path, unused_tcp_port, monkeypatch):
    monkeypatch.setattr(watching, "LAG_EVERY", 0.01)
    async with asked(settings(f"sqlite:///{tmp_path}/x.db", unused_tcp_port)) as ask:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(0)  # the look has begun
        until = loop.time() + 0.3
        while loop.time() < until:  # nobody else gets a turn
            pass
        figures = {}
        while not figures.get("attache_event_loop_lag_seconds_count"):
            figures = await ask.metrics()
        assert figures["attache_event_loop_lag_seconds_sum"] > 0.2


async def test_many_scrapes_ask_the_store_once(tmp_path, unused_tcp_port):
    given = settings(f"sqlite:///{tmp_path}/x.db", unused_tcp_port)
    lives = []

    class Counted:
        async def life(self, now):
            lives.append(now)
            return Life(feeds=1)

    async with watched(given, Counted, SystemClock()) as watch:
        await asyncio.gather(*(watch.render() for _ in range(20)))
    assert len(lives) == 1
