"""The app in several workspaces: who speaks for us in each, and what becomes of it when it installs the app or leaves.

What is stored is read each time: another process may have installed the app, or taken a token away. Only which workspaces
an enterprise has is remembered for a minute, and asked anew before it is said that nobody speaks for us in one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.schedules import resume_stopped, stop_schedules
from bot.jobs.keeping import keep
from bot.jobs.slots import next_slot
from bot.platforms.slack.failures import SLACK_FAILURES
from bot.platforms.slack.installations import StoredInstallations, StoredStates
from bot.platforms.slack.installing import InstallFlow, install_flow
from bot.platforms.slack.refusals import INSTALL, TAKEN_OUT
from news.channels import Channel, Platform
from news.errors import ChannelLost, DeliveryError, InputError

if TYPE_CHECKING:
    from bot.ports import Clock
    from bot.repositories import Store, UnitOfWork

log = structlog.get_logger(__name__)

_ASKED_AGAIN = timedelta(minutes=1)
"""After which an enterprise is asked again whether a workspace is still its own; one that it did not have may come to it
at any time."""
_PAGE = 100
_LEAVING = 3600.0
"""Seconds for which a store that is away is waited for to forget a token."""


class StoredWorkspaces:
    """Those that are kept in the store. Implements `login.Workspaces`."""

    def __init__(self, store: Store, clock: Clock, *, client_id: str, client_secret: str, keys: str) -> None:
        self._store = store
        self._clock = clock
        self._client_secret = client_secret
        self._installations = StoredInstallations(store, client_id=client_id, keys=keys)

    async def prepare(self) -> None:
        """To be called before anything is asked: tokens are sealed with the first key from then on.

        Raises InputError where the keys do not open them.
        """
        await self._installations.seal_anew()

    async def authorize(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None
    ) -> AuthorizeResult | None:
        """Who speaks for us where something was asked; None for nobody. Raises AttacheError."""
        return await self._installations.authorize(
            enterprise_id=enterprise_id, team_id=team_id, user_id=user_id
        )

    def clients(self, make: Callable[[str], AsyncWebClient]) -> StoredClients:
        """What the messenger sends with; `make` gives a client that speaks with a token."""
        return StoredClients(self._installations, self._clock, make)

    def flow(self, client: AsyncWebClient) -> InstallFlow:
        """How a workspace installs the app; what stopped since it was taken out goes on then."""

        async def installed(installation: Installation) -> None:
            teams = {installation.team_id or ""}
            if installation.is_enterprise_install:
                teams = await _teams_of(client, installation.bot_token or "")
            for team in teams:
                await self._resume(team)

        return install_flow(
            self._installations,
            StoredStates(self._store, self._clock),
            client_secret=self._client_secret,
            client=client,
            installed=installed,
        )

    async def leave(self, *, enterprise_id: str | None, team_id: str | None, at: datetime) -> None:
        """Forgets the tokens, and pauses what is posted there; all else stays. Harmless twice.

        It is tried for an hour, for Slack tells of it once. The workspaces of an enterprise that was left stop with the
        first post that each of them misses. Raises StoreError.
        """

        async def forget(uow: UnitOfWork) -> tuple[int, int]:
            gone = await self._installations.leave(uow, enterprise_id=enterprise_id, team_id=team_id, at=at)
            return gone, await self._stop(uow, enterprise_id, team_id) if gone and team_id else 0

        gone, stopped = await keep(self._store, forget, harmless_twice=True, patience=_LEAVING)
        if gone:
            log.info("slack tokens forgotten", team=team_id, enterprise=enterprise_id, paused=stopped)

    async def _stop(self, uow: UnitOfWork, enterprise_id: str | None, team_id: str) -> int:
        """Pauses what nobody can post any more; how much that was."""
        if await self._installations.has_bot(uow, enterprise_id=enterprise_id, team_id=team_id):
            return 0
        workspace = await uow.workspaces.find(Platform.SLACK, team_id)
        if workspace is None:
            return 0
        return await stop_schedules(uow, workspace, Platform.SLACK, TAKEN_OUT, now=self._clock.now())

    async def _resume(self, team_id: str) -> None:
        async with self._store.read() as uow:
            workspace = await uow.workspaces.find(Platform.SLACK, team_id)
        if workspace is None:
            return
        resumed = await resume_stopped(
            self._store,
            workspace,
            lambda cron, timezone: next_slot(cron, timezone, self._clock.now()),
            mended=lambda trouble: trouble.endswith(INSTALL),
        )
        if resumed:
            log.info("slack schedules resumed", team=team_id, resumed=resumed)


class StoredClients:
    """A client for each workspace's bot, as long as its token is the same. Implements `messenger.Clients`."""

    def __init__(
        self, installations: StoredInstallations, clock: Clock, make: Callable[[str], AsyncWebClient]
    ) -> None:
        self._installations = installations
        self._clock = clock
        self._make = make
        self._clients: WeakKeyDictionary[Bot, AsyncWebClient] = WeakKeyDictionary()
        self._teams: WeakKeyDictionary[Bot, tuple[datetime, set[str]]] = WeakKeyDictionary()
        """The workspaces of each enterprise that installed the app as a whole, and when it was asked for them."""

    async def of(self, channel: Channel) -> AsyncWebClient:
        """The client of the workspace's own bot, else of its enterprise's.

        Raises ChannelLost where there is none, DeliveryError where that cannot be told now, and StoreError.
        """
        try:
            bot = await self._installations.bot_in(channel.workspace) if channel.workspace else None
            if bot is None and channel.workspace:
                bot = await self._of_enterprise(channel.workspace)
        except InputError as error:  # another process has sealed it with a key that we do not have
            raise DeliveryError(str(error)) from error
        if bot is None:
            raise ChannelLost(TAKEN_OUT)
        return self._speaking(bot)

    def revoked(self, client: AsyncWebClient) -> None:
        """Keeps the token in memory no longer; the store keeps it until Slack tells that we were taken out."""
        self._installations.forget(client.token or "")

    def _speaking(self, bot: Bot) -> AsyncWebClient:
        client = self._clients.get(bot)
        if client is None:
            client = self._clients[bot] = self._make(bot.bot_token)
        return client

    async def _of_enterprise(self, team_id: str) -> Bot | None:
        bots = await self._installations.of_enterprises()
        for bot in bots:
            if team_id in self._remembered(bot):
                return bot
        failure: DeliveryError | None = None
        for bot in bots:
            try:
                if team_id in await self._teams_of(bot):
                    return bot
            except DeliveryError as error:  # another enterprise may have it
                failure = failure or error
        if failure is not None:
            raise failure
        return None

    def _remembered(self, bot: Bot) -> set[str]:
        """The enterprise's workspaces where it was asked for them lately."""
        asked, teams = self._teams.get(bot, (None, set[str]()))
        return teams if asked is not None and abs(self._clock.now() - asked) < _ASKED_AGAIN else set()

    async def _teams_of(self, bot: Bot) -> set[str]:
        """Them as Slack tells now. Raises DeliveryError."""
        now = self._clock.now()
        try:
            teams = await _teams_of(self._speaking(bot), bot.bot_token)
        except SLACK_FAILURES as error:
            raise DeliveryError(
                "Slack does not tell which workspaces an enterprise has: try again later."
            ) from error
        self._teams[bot] = (now, teams)
        return teams


async def _teams_of(client: AsyncWebClient, token: str) -> set[str]:
    """The ids of an enterprise's workspaces that the app is in. Raises what the library does."""
    teams, cursor = set[str](), None
    while True:
        page = await client.auth_teams_list(token=token, limit=_PAGE, cursor=cursor)
        teams.update(str(team["id"]) for team in page.get("teams") or ())
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return teams
