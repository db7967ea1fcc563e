"""The bot is reached over HTTP: by what Slack signs, and by workspaces that install the app."""

from __future__ import annotations

import asyncio
import time

import aiohttp
import pytest
import structlog.testing
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from bot.platforms.slack.failures import NOT_INSTALLED
from news.errors import DeliveryError, StoreAway
from tests.slack.bots import connect, over_http, works
from tests.slack.fake import (
    APP_TOKEN,
    CLIENT_ID,
    CLIENT_SECRET,
    READER,
    SIGNING_SECRET,
    TEAM,
    TOKEN,
    Installation,
)


async def test_signed_requests_are_answered(slack, desk, unused_tcp_port):
    async with over_http(slack, desk, unused_tcp_port):
        assert await works(slack)
        await slack.open_home(READER)
    assert slack.sockets == []
    assert slack.asked("apps.connections.open") == []


@pytest.mark.parametrize(
    "forged",
    [{"secret": "wrong"}, {"at": time.time() - 3600}, {"headers": {"X-Slack-Signature": ""}}],
    ids=["secret", "old", "unsigned"],
)
async def test_what_slack_did_not_sign_is_refused(slack, desk, unused_tcp_port, forged):
    async with over_http(slack, desk, unused_tcp_port):
        asked = await slack.command("/digest")
        await asked.answer()
        answer = await slack.post_signed(slack.request_url, "slash_commands", asked.payload, **forged)
        assert answer.status == 401
    assert len(desk.asked) == 1


async def test_nonsense_over_http_harms_nothing(slack, desk, unused_tcp_port):
    async with over_http(slack, desk, unused_tcp_port):
        async with aiohttp.ClientSession() as session:
            for body, kind in (
                (b"\xff\xfe", "text/plain; charset=utf-8"),
                (b"{}", "application/json; charset=nope"),
            ):
                async with session.post(
                    slack.request_url, data=body, headers={"Content-Type": kind}
                ) as answer:
                    assert answer.status in (400, 401)
            async with session.get(slack.request_url) as answer:
                assert answer.status == 405
        assert await works(slack)


async def test_the_address_is_shown_to_be_ours(slack, desk, unused_tcp_port):
    async with over_http(slack, desk, unused_tcp_port):
        payload = {"type": "url_verification", "challenge": "c-1", "token": "verification"}
        answer = await slack.post_signed(slack.request_url, "events_api", payload)
    assert (answer.status, answer.payload) == (200, {"challenge": "c-1"})


async def test_a_port_that_is_taken_is_one_clear_error(slack, desk, unused_tcp_port):
    async with over_http(slack, desk, unused_tcp_port):
        with pytest.raises(DeliveryError, match="check ATTACHE_SLACK_HTTP"):
            async with over_http(slack, desk, unused_tcp_port, signing_secret=SIGNING_SECRET):
                pytest.fail("connected")


async def test_closing_over_http_waits_for_answers(slack, desk, unused_tcp_port):
    desk.gate = asyncio.Event()
    async with over_http(slack, desk, unused_tcp_port):
        asked = await slack.command("/digest")
        await desk.begun.wait()
        asyncio.get_running_loop().call_later(0.05, desk.gate.set)
    assert not (await asked.answer()).private


# several workspaces


class Towns:
    """Workspaces that are kept in memory."""

    def __init__(self, slack):
        self.bots = {TEAM: TOKEN}
        self.failure = None
        self.slack = slack

    async def authorize(self, *, enterprise_id, team_id, user_id):
        if self.failure is not None:
            raise self.failure
        token = self.bots.get(team_id)
        return token and AuthorizeResult(
            enterprise_id=None, team_id=team_id, bot_token=token, bot_user_id="U1"
        )

    def clients(self, make):
        bots = self.bots

        class OfTheFirst:
            async def of(self, channel):
                return make(next(iter(bots.values())))

        return OfTheFirst()

    def flow(self, client):
        bots = self.bots

        class Store(AsyncInstallationStore):
            async def async_save(self, installation):
                bots[installation.team_id] = installation.bot_token

        class States(AsyncOAuthStateStore):
            async def async_issue(self):
                return "s-1"

            async def async_consume(self, state):
                return state == "s-1"

        settings = AsyncOAuthSettings(
            client_id=CLIENT_ID, client_secret=CLIENT_SECRET, scopes=["commands"], installation_store=Store(),
            state_store=States(), state_validation_enabled=True,
        )  # fmt: skip
        return AsyncOAuthFlow(client=client, settings=settings)


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")  # slack-sdk's, of aiohttp
@pytest.mark.parametrize("app_token", [APP_TOKEN, None])
async def test_a_workspace_installs_the_app_and_is_answered(slack, desk, unused_tcp_port, app_token):
    towns = Towns(slack)
    slack.installations["xoxb-other"] = Installation("xoxb-other", "T0OTHER", "U0OTHER")
    slack.to_be_installed["c-1"] = slack.installations["xoxb-other"]
    site = f"http://127.0.0.1:{unused_tcp_port}/slack/"
    options = {
        "bot_token": None, "app_token": app_token, "http_address": f"127.0.0.1:{unused_tcp_port}", "workspaces": towns,
        "signing_secret": None if app_token else SIGNING_SECRET,
    }  # fmt: skip
    slack.request_url = "" if app_token else f"{site}events"
    async with connect(slack, desk, **options), aiohttp.ClientSession() as session:
        first = await slack.command("/digest", team="T0OTHER")
        assert NOT_INSTALLED in (await first.answer()).text
        async with session.get(f"{site}install") as page:
            assert page.status == 200
            assert "s-1" in await page.text()
        came = {
            name: morsel.value for name, morsel in page.cookies.items()
        }  # for https only, which this is not
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in came.items())}
        back = {"code": "c-1", "state": "s-1"}
        async with session.get(f"{site}oauth_redirect", params=back, headers=headers) as page:
            assert page.status == 200
        assert towns.bots["T0OTHER"] == "xoxb-other"
        assert not (await (await slack.command("/digest", team="T0OTHER")).answer()).private
        async with session.post(f"{site}events", json={}) as answer:
            assert answer.status == (404 if app_token else 401)
    assert [team for team, *_ in desk.asked] == ["T0OTHER"]
    assert len(slack.asked("auth.test")) == 1  # when it was installed


async def test_an_installation_that_cannot_be_read_is_said_so(slack, desk):
    towns = Towns(slack)
    towns.failure = StoreAway("Cannot reach db.internal.")
    async with connect(slack, desk, bot_token=None, workspaces=towns):
        assert NOT_INSTALLED in (await (await slack.command("/digest")).answer()).text
        towns.failure = None
        assert await works(slack)


async def test_an_installation_that_fails_is_one_page_and_a_line_in_the_log(slack, desk, unused_tcp_port):
    class Broken(Towns):
        def flow(self, client):
            flow = super().flow(client)
            flow.settings.state_store.async_issue = None
            return flow

    options = {"bot_token": None, "http_address": f"127.0.0.1:{unused_tcp_port}", "workspaces": Broken(slack)}
    async with connect(slack, desk, **options), aiohttp.ClientSession() as session:
        with structlog.testing.capture_logs() as logs:
            async with session.get(f"http://127.0.0.1:{unused_tcp_port}/slack/install") as page:
                assert (page.status, await page.text()) == (
                    500,
                    "That did not work; the log has the details.",
                )
    assert [each["event"] for each in logs if each["log_level"] == "error"] == ["slack request failed"]
