"""Workspaces that install the app as people do: by its own pages, and through Slack."""

from __future__ import annotations

import asyncio
import html
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import aiohttp

from bot.platforms.slack.manifest import SCOPES
from bot.platforms.slack.workspaces import StoredWorkspaces
from tests.slack.bots import connect
from tests.slack.fake import APP_TOKEN, CLIENT_ID, CLIENT_SECRET, Channel, Installation

KEY = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY="
FIRST = Installation("xoxb-of-the-first", "T0FIRST0001", "U0BOT000001")
SECOND = Installation("xoxb-of-the-second", "T0SECOND001", "U0BOT000002")
HERE, THERE = "C0FIRST0001", "C0SECOND001"
"""A channel in each."""


def settle(slack):
    """The fake Slack has two workspaces, and nobody has installed the app."""
    slack.installations.clear()
    for channel, team in ((HERE, FIRST.team), (THERE, SECOND.team)):
        slack.channels[channel] = Channel(channel, "news", team)


def again(installation: Installation, token: str | None = None) -> Installation:
    """As a new one, for what was refused stays so."""
    return Installation(token or installation.token, installation.team, installation.bot_user)


@dataclass
class Browser:
    """Somebody's, with the cookies of the app's pages."""

    site: str
    session: aiohttp.ClientSession
    cookie: str = ""

    async def begin(self) -> str:
        """Opens the page with the button; the state that Slack is shown by it."""
        async with self.session.get(f"{self.site}/slack/install") as page:
            assert page.status == 200
            (name, morsel), *_ = page.cookies.items()  # for https only, which this is not
            self.cookie = f"{name}={morsel.value}"
            [link] = [part for part in (await page.text()).split('"') if "oauth/v2/authorize" in part]
        asked = parse_qs(urlsplit(html.unescape(link)).query)
        assert (asked["client_id"], asked["scope"]) == ([CLIENT_ID], [",".join(SCOPES)])
        return asked["state"][0]

    async def come_back(self, **query: str) -> tuple[int, str]:
        """As Slack sends people back: the page that is shown, and its status."""
        async with self.session.get(
            f"{self.site}/slack/oauth_redirect", params=query, headers={"Cookie": self.cookie}
        ) as page:
            return page.status, await page.text()

    async def install(self, slack, installation: Installation) -> str:
        """All of it; the last page."""
        state = await self.begin()
        status, page = await self.come_back(code=slack.allow(installation), state=state)
        assert status == 200, page
        return page


@asynccontextmanager
async def browsing(port: int):
    """A browser at the app's pages."""
    async with aiohttp.ClientSession() as session:
        yield Browser(f"http://127.0.0.1:{port}", session)


class Watched(StoredWorkspaces):
    """The real one, and how often somebody left."""

    def __init__(self, *arguments, **more):
        super().__init__(*arguments, **more)
        self._left = asyncio.Semaphore(0)

    async def leave(self, **where):
        await super().leave(**where)
        self._left.release()

    async def left(self, times: int = 1) -> None:
        """Returns when as many leaves as that are done."""
        async with asyncio.timeout(20):
            for _ in range(times):
                await self._left.acquire()


def workspaces_in(store, clock, *, keys=KEY):
    return Watched(store, clock, client_id=CLIENT_ID, client_secret=CLIENT_SECRET, keys=keys)


@asynccontextmanager
async def in_several(slack, desk, workspaces, port, **options):
    """The bot at work by Socket Mode, with its pages at that port."""
    given = {
        "bot_token": None, "app_token": APP_TOKEN, "http_address": f"127.0.0.1:{port}", "workspaces": workspaces,
    }  # fmt: skip
    async with connect(slack, desk, **given | options) as messenger:
        yield messenger
