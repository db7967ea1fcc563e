"""The connection to Slack: show the tokens, listen by Socket Mode or over HTTP, and close in order."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp
import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.allowance import Allowance
from bot.platforms.alongside import alongside
from bot.platforms.slack.answering import Office
from bot.platforms.slack.endpoint import listening
from bot.platforms.slack.envelopes import Handled, Recently
from bot.platforms.slack.failures import NOT_INSTALLED
from bot.platforms.slack.listeners import hear
from bot.platforms.slack.login import OneWorkspace, Workspaces, check_address, log_in, socket_address
from bot.platforms.slack.messenger import Clients, SlackMessenger
from bot.platforms.slack.names import Names
from bot.platforms.slack.pacing import Pacer
from bot.platforms.slack.retrying import ANSWER, make_client
from bot.platforms.slack.sockets import Envelope, Sockets
from bot.ports import Desk
from news.errors import AttacheError, DeliveryError, InputError

log = structlog.get_logger(__name__)

Authorize = Callable[..., Awaitable[AuthorizeResult | None]]
_LOGGER = "bot.platforms.slack.bolt"


@asynccontextmanager
async def connected(
    desk: Desk,
    *,
    bot_token: str | None = None,
    app_token: str | None = None,
    signing_secret: str | None = None,
    http_address: str | None = None,
    api_url: str | None = None,
    command_names: Mapping[str, str] | None = None,
    managers: Collection[str] = (),
    workspaces: Workspaces | None = None,
    handled: Handled | None = None,
    patience: float = 10.0,
    pause: float = 1.0,
    deaf_after: float = 30.0,
    pacer: Pacer | None = None,
    limited: Callable[[], None] = lambda: None,
    heard_on: Callable[[int], None] = lambda _: None,
    allowance: Allowance | None = None,
) -> AsyncIterator[SlackMessenger]:
    """The bot at work while the body runs: commands go to the desk, posts through the messenger.

    It listens by Socket Mode with an `app_token`; else at `http_address` (`host:port`) to what is signed with the
    `signing_secret`. In one workspace it speaks with its `bot_token`; in several, with what `workspaces` knows, and these
    install the app at `http_address`. `command_names` are the workspace's names for our commands, where they differ. `managers` are the user ids of
    those who may manage feeds and the like; without any, everybody may. With several processes on one app, `handled`
    is what they share. The `allowance` is how much one person may ask; without one, as much as they like. At the end, what is being answered has `patience` seconds to finish. After `deaf_after` seconds
    in which nothing comes on a socket it is given up; `pause` is how long to wait, at first, before the next one.
    `limited` is called where Slack refuses a request as one too many, `heard_on` with how many sockets hear commands.
    Raises InputError for settings that do not fit, DeliveryError when Slack cannot be reached or refuses a token; the
    body is cancelled when it does so later on.
    """
    names = Names(dict(command_names or {}))
    _check(bot_token, app_token, signing_secret, http_address, workspaces)
    base = check_address(api_url)
    pacer = pacer or Pacer(told=limited)
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER))
        )
        nobody = make_client(None, session, base)
        clients, authorize, team = await _speakers(workspaces, bot_token, session, base)
        office = Office(
            desk,
            names,
            session,
            handled or Recently(),
            pacer,
            managers,
            team,
            workspaces,
            allowance or Allowance(),
        )
        app = _bolt(nobody, authorize, signing_secret)
        hear(app, office)
        stack.push_async_callback(office.refuse)
        if http_address:
            flow = workspaces.flow(nobody) if workspaces is not None else None
            heard = None if app_token else app
            await stack.enter_async_context(listening(http_address, app=heard, flow=flow))
        if app_token:
            sockets, first = await _sockets(
                app, nobody, app_token, pause=pause, deaf_after=deaf_after, heard_on=heard_on
            )
            await stack.enter_async_context(alongside(sockets.stay_connected(first)))
            # What is acknowledged is not yet sent.
            stack.push_async_callback(sockets.drain)
        stack.push_async_callback(office.finish, patience)
        yield SlackMessenger(clients, several=workspaces is not None, pacer=pacer, worded=names.in_message)


def _check(
    bot_token: str | None,
    app_token: str | None,
    signing_secret: str | None,
    http_address: str | None,
    workspaces: Workspaces | None,
) -> None:
    """Whether the settings belong together. Raises InputError."""
    if not bot_token and workspaces is None:
        raise InputError(
            "Slack needs a token: set ATTACHE_SLACK_BOT_TOKEN to the one that begins with xoxb-."
        )
    if app_token:
        return
    if not http_address:
        raise InputError(
            "Slack is not listened to: set ATTACHE_SLACK_APP_TOKEN for Socket Mode, "
            "or ATTACHE_SLACK_HTTP and ATTACHE_SLACK_SIGNING_SECRET."
        )
    if not signing_secret:
        raise InputError("Anybody could speak as Slack: set ATTACHE_SLACK_SIGNING_SECRET.")


async def _speakers(
    workspaces: Workspaces | None, bot_token: str | None, session: aiohttp.ClientSession, base: str | None
) -> tuple[Clients, Authorize, str | None]:
    """Who sends to which channel, who speaks for us where something was asked, and the team id where there is one.

    Raises DeliveryError.
    """
    if workspaces is not None:
        return workspaces.clients(lambda token: make_client(token, session, base)), workspaces.authorize, None
    client = make_client(bot_token, session, base)
    us = await log_in(client)
    return OneWorkspace(client), us.authorize, us.team


def _bolt(client: AsyncWebClient, authorize: Authorize, signing_secret: str | None) -> AsyncApp:
    quiet = logging.getLogger(_LOGGER)
    quiet.setLevel(logging.WARNING)  # below that Bolt writes down whole requests

    async def authorizing(
        enterprise_id: str | None, team_id: str | None, user_id: str | None
    ) -> AuthorizeResult | None:
        # Bolt gives what the names of the arguments ask for, and does not know methods.
        try:
            return await authorize(enterprise_id=enterprise_id, team_id=team_id, user_id=user_id)
        except AttacheError as error:
            log.error("slack installation cannot be read", team=team_id, error=str(error))
            return None

    app = AsyncApp(
        name="attache",
        client=client,
        authorize=authorizing,  # type: ignore[arg-type]  # it takes None for nobody
        signing_secret=signing_secret or "",
        user_facing_authorize_error_message=NOT_INSTALLED,
        process_before_response=True,  # `until_acknowledged`
        logger=quiet,
    )

    @app.error
    async def failed(error: Exception) -> None:
        log.error("slack listener failed", exc_info=error)

    return app


async def _sockets(
    app: AsyncApp,
    client: AsyncWebClient,
    app_token: str,
    *,
    pause: float,
    deaf_after: float,
    heard_on: Callable[[int], None],
) -> tuple[Sockets, str | None]:
    """What listens by Socket Mode, and an address to begin with. Raises DeliveryError for a token of no use."""
    address = socket_address(client, app_token)
    first = None
    try:
        first = await address()
    except DeliveryError as error:
        if error.permanent:
            raise
        log.warning("slack gives no socket yet", error=str(error))
    assert client.session is not None
    sockets = Sockets(
        address,
        _acknowledging(app),
        client.session,
        pause=pause,
        deaf_after=deaf_after,
        proxy=client.proxy,
        heard_on=heard_on,
    )
    return sockets, first


def _acknowledging(app: AsyncApp) -> Callable[[Envelope], Awaitable[Mapping[str, Any] | None]]:
    async def acknowledge(envelope: Envelope) -> Mapping[str, Any] | None:
        answer = await app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=envelope["payload"]))
        if answer.status != 200:
            log.warning("slack envelope not understood", type=envelope["type"], status=answer.status)
            return None
        if not answer.body:
            return {}
        kind = answer.headers.get("content-type", [""])[0]
        return {"payload": json.loads(answer.body) if "json" in kind else {"text": answer.body}}

    return acknowledge
