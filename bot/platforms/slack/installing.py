"""How a workspace installs the app: the page with the button, what comes back, and plain words for both outcomes."""

from __future__ import annotations

import html
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import structlog
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.failures import SLACK_FAILURES, kind_of
from bot.platforms.slack.installations import STATE_LASTS, StoredInstallations, StoredStates
from bot.platforms.slack.manifest import INSTALL_PATH, REDIRECT_PATH, SCOPES
from news.errors import AttacheError

log = structlog.get_logger(__name__)

Installed = Callable[[Installation], Awaitable[None]]

_BEGIN: Final = f'<a href="{INSTALL_PATH.rpartition("/")[2]}">Begin again</a>'
_ASK: Final = "If that does not help, ask whoever runs this bot."
_MINUTES: Final = int(STATE_LASTS.total_seconds() // 60)
_LATE: Final = (
    f"This page was opened a second time, in another browser, or more than {_MINUTES} minutes after the one before. "
    f"{_BEGIN}, and go on at once. {_ASK}"
)
_WHY: Final = {
    "access_denied": f"Nothing was installed: somebody chose Cancel. {_BEGIN}, and choose Allow.",
    "invalid_browser": _LATE,
    "invalid_state": _LATE,
    "missing_code": _LATE,
    "invalid_code": f"Slack did not confirm the installation. {_BEGIN}. {_ASK}",
    "storage_error": f"The installation could not be kept. {_BEGIN} in a few minutes. {_ASK}",
    "invalid_team_for_non_distributed_app": (
        "The app is for its own workspace only: ask whoever runs this bot to activate its distribution on the "
        "app's page Manage Distribution."
    ),
}
"""What to do, by what Bolt and Slack call it."""


class InstallFlow(AsyncOAuthFlow):
    """Bolt's flow: its `handle_installation` and `handle_callback` are what the two addresses do."""

    def __init__(self, *, client: AsyncWebClient, settings: AsyncOAuthSettings, installed: Installed) -> None:
        # Bolt would write down the code that Slack came back with.
        quiet = logging.getLogger(f"{__name__}.bolt")
        quiet.setLevel(logging.CRITICAL)
        super().__init__(client=client, settings=settings, logger=quiet)
        self._installed = installed

    async def run_installation(self, code: str) -> Installation | None:
        """What Slack gives for the code; None where it gives nothing."""
        try:
            installation = await super().run_installation(code)
        except (*SLACK_FAILURES, KeyError) as error:
            log.warning("slack installation not confirmed", error=kind_of(error))
            return None
        if installation is None:
            log.warning("slack installation refused: check ATTACHE_SLACK_CLIENT_SECRET")
        return installation

    async def store_installation(self, request: AsyncBoltRequest, installation: Installation) -> None:
        """Keeps it. Raises BoltError where that cannot be done."""
        try:
            await super().store_installation(request, installation)
        except AttacheError as error:
            log.error("slack installation not kept", error=str(error))
            raise BoltError("not kept") from error
        where = {"team": installation.team_id, "enterprise": installation.enterprise_id}
        log.info("slack app installed", **where)
        try:
            await self._installed(installation)
        except (AttacheError, *SLACK_FAILURES) as error:
            said = str(error) if isinstance(error, AttacheError) else kind_of(error)
            log.warning("slack schedules not resumed", **where, error=said)


def install_flow(
    installations: StoredInstallations,
    states: StoredStates,
    *,
    client_secret: str,
    client: AsyncWebClient,
    installed: Installed,
) -> InstallFlow:
    """What is shown at `INSTALL_PATH`, and done at `REDIRECT_PATH`; `installed` comes behind what was kept."""
    settings = AsyncOAuthSettings(
        client_id=installations.client_id,
        client_secret=client_secret,
        scopes=SCOPES,
        user_scopes=(),
        install_path=INSTALL_PATH,
        redirect_uri_path=REDIRECT_PATH,
        installation_store=installations,
        state_store=states,
        state_expiration_seconds=int(STATE_LASTS.total_seconds()),
        callback_options=AsyncCallbackOptions(success=_succeeded, failure=_failed),
    )
    return InstallFlow(client=client, settings=settings, installed=installed)


async def _succeeded(args: AsyncSuccessArgs) -> BoltResponse:
    there = html.escape(args.installation.team_name or args.installation.enterprise_name or "your workspace")
    return _page(
        args,
        200,
        f"Attaché is in {there}",
        "Go back to Slack. Type <code>/invite @attache</code> in a channel, follow a feed with "
        "<code>/feeds add https://example.org/feed.xml</code>, and choose with <code>/schedule</code> when its digest "
        "is posted.",
    )


async def _failed(args: AsyncFailureArgs) -> BoltResponse:
    reason = args.reason[:100]
    log.info("slack app not installed", reason=reason)
    other = f"Slack refused it ({html.escape(reason)}). {_BEGIN}. {_ASK}"
    return _page(args, args.suggested_status_code, "Attaché was not installed", _WHY.get(reason, other))


def _page(args: AsyncSuccessArgs | AsyncFailureArgs, status: int, title: str, words: str) -> BoltResponse:
    headers: dict[str, str | Sequence[str]] = {
        "Content-Type": "text/html; charset=utf-8",
        "Set-Cookie": args.settings.state_utils.build_set_cookie_for_deletion(),
    }
    page = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><h1>{title}</h1><p>{words}</p></body></html>"
    )
    return BoltResponse(status=status, headers=headers, body=page)
