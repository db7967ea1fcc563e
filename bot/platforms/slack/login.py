"""Showing Slack the tokens, with a clear line for everything that can be wrong about them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.failures import CONNECTION_FAILURES
from bot.platforms.slack.messenger import Clients
from bot.platforms.slack.refusals import Answer
from bot.platforms.slack.retrying import ANSWER
from news.channels import Channel
from news.errors import DeliveryError, InputError

BOT_REFUSED = (
    "Slack refused the bot's token: set ATTACHE_SLACK_BOT_TOKEN to the one that begins with xoxb-, "
    "on the app's page OAuth & Permissions."
)
APP_REFUSED = (
    "Slack refused the app's token: set ATTACHE_SLACK_APP_TOKEN to one that begins with xapp- and has "
    "connections:write, on the app's page Basic Information, and turn Socket Mode on."
)
_NO_TOKEN = frozenset(
    {
        "invalid_auth", "not_authed", "not_allowed_token_type", "token_revoked", "token_expired", "account_inactive",
        "missing_scope", "no_permission", "access_denied", "team_access_not_granted", "forbidden_team",
    }
)  # fmt: skip


class Workspaces(Protocol):
    """Several workspaces, and who speaks for us in each."""

    async def authorize(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None
    ) -> AuthorizeResult | None:
        """Who does where something was asked; None for nobody."""
        ...

    def clients(self, make: Callable[[str], AsyncWebClient]) -> Clients:
        """What the messenger sends with; `make` gives a client that speaks with a token."""
        ...

    def flow(self, client: AsyncWebClient) -> AsyncOAuthFlow:
        """How a workspace installs the app."""
        ...

    async def leave(self, *, enterprise_id: str | None, team_id: str | None, at: datetime) -> None:
        """We were taken out of the workspace then, or, without a `team_id`, out of the whole enterprise."""
        ...


@dataclass(frozen=True, slots=True)
class Us:
    """Who we are in the one workspace that a token is of."""

    token: str
    team: str
    bot: str
    user: str

    async def authorize(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None
    ) -> AuthorizeResult:
        """Whoever asks, also from a partner's workspace: it is answered with the one token, and Slack is not asked
        about it each time."""
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=self.team,
            bot_token=self.token,
            bot_id=self.bot,
            bot_user_id=self.user,
            user_id=user_id,
        )


@dataclass(frozen=True, slots=True)
class OneWorkspace:
    """The client of the one workspace that we are in. Implements `messenger.Clients`."""

    client: AsyncWebClient

    async def of(self, channel: Channel) -> AsyncWebClient:
        """Whatever the channel."""
        return self.client

    def revoked(self, client: AsyncWebClient) -> None:
        """There is no other: it is tried again until somebody sets a new token."""


def check_address(api_url: str | None) -> str | None:
    """The address of Slack's methods; None for its own. Raises InputError."""
    if api_url is None:
        return None
    try:
        parts = urlsplit(api_url)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound:
        raise InputError(
            f"ATTACHE_SLACK_API_URL cannot be used: {api_url!r} is no address such as https://slack.com/api/."
        )
    return api_url


async def log_in(client: AsyncWebClient) -> Us:
    """Shows Slack the bot's token. Raises DeliveryError."""
    token = client.token or ""
    answer = await _asked(client, token, client.auth_test, BOT_REFUSED)
    try:
        return Us(token, str(answer["team_id"]), str(answer.get("bot_id") or ""), str(answer["user_id"]))
    except KeyError as error:
        raise _not_slack(client) from error


def socket_address(client: AsyncWebClient, app_token: str) -> Callable[[], Awaitable[str]]:
    """What asks Slack where to open a socket. It raises DeliveryError, permanent where the token is of no use."""

    async def ask() -> str:
        answer = await _asked(
            client, app_token, lambda: client.apps_connections_open(app_token=app_token), APP_REFUSED
        )
        url = answer.get("url")
        if not isinstance(url, str):
            raise _not_slack(client)
        return url

    return ask


async def _asked(
    client: AsyncWebClient, token: str, ask: Callable[[], Awaitable[object]], refused: str
) -> dict[str, object]:
    """What Slack answers. Raises DeliveryError, with `refused` where the token is of no use."""
    if not token.isascii() or not token.isprintable() or len(token.split()) != 1:
        raise DeliveryError(refused, permanent=True)
    try:
        async with asyncio.timeout(ANSWER):
            answer = await ask()
    except SlackApiError as error:
        raise _refusal(client, Answer.of(error), refused) from error
    except CONNECTION_FAILURES as error:
        raise DeliveryError(f"Slack cannot be reached at {client.base_url}: check the network.") from error
    except (SlackClientError, ValueError, AttributeError, TypeError) as error:
        raise _not_slack(client) from error
    data = getattr(answer, "data", None)
    if not isinstance(data, dict):
        raise _not_slack(client)
    return data


def _refusal(client: AsyncWebClient, answer: Answer, refused: str) -> DeliveryError:
    if answer.error in _NO_TOKEN:
        return DeliveryError(f"{refused} ({answer.error})", permanent=True)
    if answer.is_limit:
        return DeliveryError("Slack lets nobody from here log in for a while: try later.")
    if answer.error or answer.status >= 500:
        return DeliveryError(f"Slack failed with {answer.error or f'status {answer.status}'}: try later.")
    return _not_slack(client)


def _not_slack(client: AsyncWebClient) -> DeliveryError:
    return DeliveryError(f"What answers at {client.base_url} is not Slack: check ATTACHE_SLACK_API_URL.")
