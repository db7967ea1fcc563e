"""Refusals: what Slack's failures mean for a post, and whether it may be there all the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.platforms.slack.pacing import TooLate
from news.channels import Channel
from news.errors import ChannelLost, DeliveryError, DeliveryUnknown, PlatformAway

log = structlog.get_logger(__name__)

_INVITE = "invite it with /invite @Attaché, or take the channel out of the schedule."
_RULES = "ask an administrator of the workspace to allow it, or choose another channel."
_LOST = {
    "channel_not_found": f"Slack shows Attaché no {{}}: {_INVITE}",
    "not_in_channel": f"Attaché is not in {{}}: {_INVITE}",
    "is_archived": "Slack's {} is archived: unarchive it, or choose another channel.",
    "restricted_action": f"Attaché may not post in {{}}: {_RULES}",
    "restricted_action_read_only_channel": f"Nobody but a few may post in {{}}: {_RULES}",
    "restricted_action_thread_only_channel": "In {} only threads take messages: choose another channel.",
    "no_permission": f"Attaché may not post in {{}}: {_RULES}",
    "ekm_access_denied": f"Administrators have stopped messages in {{}}: {_RULES}",
    "messages_tab_disabled": "Attaché takes no direct messages: turn on the Messages tab in the app's settings.",
    "cannot_dm_bot": "Slack's {} is with a bot: choose another channel.",
    "user_disabled": "Whom {} is with has left the workspace: choose another channel.",
    "user_not_found": "Whom {} is with has left the workspace: choose another channel.",
}
"""Channels to which nothing can be posted."""
INSTALL = "install it there again, and what is scheduled there goes on."
"""How a trouble ends that is over when a workspace, of several, has installed the app again."""
TAKEN_OUT = f"Attaché was taken out of the workspace: {INSTALL}"
REVOKED = frozenset({"token_revoked", "account_inactive"})
"""What Slack says of a token that is of no use any more, whoever shows it."""
_MOVED = "org_login_required"
"""A workspace is being moved into an organisation, which takes hours."""
_NOT_LET_IN = {
    "token_revoked": "was taken out of the workspace",
    "account_inactive": "was taken out of the workspace, or the workspace is closed",
    "team_access_not_granted": "is not let into the workspace",
    "token_expired": "has an old token",
    "invalid_auth": "is not known by its token",
    "not_authed": "has no token",
    "not_allowed_token_type": "has a token of another kind than a bot's",
    _MOVED: "is kept out while the workspace is moved",
    "access_denied": "is not let in",
    "accesslimited": "is not let in from this network",
    "enterprise_is_restricted": "is not let in",
    "missing_scope": "lacks a permission",
}
"""Workspaces that take nothing from us."""
_LATER = frozenset(
    {"team_added_to_org", "external_channel_migrating", "request_timeout", "message_limit_exceeded"}
)
"""Nothing was posted, and that will pass."""
_MAY_HAVE_ACTED = frozenset({"internal_error", "fatal_error", "service_unavailable"})
_GONE = frozenset({"thread_not_found", "message_not_found"})
_NO_THREADS = frozenset(
    {
        "cannot_reply_to_message",
        "restricted_action_non_threadable_channel",
        "restricted_action_thread_locked",
        "thread_locked",
    }
)
"""A message that takes no replies."""
_LIMITS = frozenset({"ratelimited", "rate_limited"})
_BROKEN_OFF = (aiohttp.ClientError, OSError, TimeoutError)
_UNLIKE_SLACK = (SlackClientError, AttributeError, KeyError, TypeError, ValueError)


class Gone(Exception):
    """Somebody took the opening away: what was to follow follows nothing."""


class NoThreads(Exception):
    """No reply may be posted to the opening."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a refusal says."""

    status: int
    error: str = ""
    """Slack's word for it; empty where it is not Slack that answers, or no JSON."""
    needed: str = ""
    retry_after: float | None = None
    """Seconds."""

    @classmethod
    def of(cls, error: SlackApiError) -> Answer:
        """Reads any answer, whatever the library made of it."""
        response = error.response
        status: Any = getattr(response, "status_code", None) or getattr(response, "status", 0)
        data: Any = getattr(response, "data", None)
        told = data if isinstance(data, dict) else {}
        seconds = str((getattr(response, "headers", None) or {}).get("Retry-After", "")).strip()
        wait = max(1.0, float(seconds)) if re.fullmatch(r"[0-9]{1,9}", seconds) else None
        return cls(int(status), str(told.get("error") or ""), str(told.get("needed") or ""), wait)

    @property
    def is_limit(self) -> bool:
        """Whether it was one request too many, and nothing else."""
        return self.status == 429 or self.error in _LIMITS

    @property
    def is_gone(self) -> bool:
        """Whether the message that was meant is not there."""
        return self.error in _GONE


@dataclass(frozen=True, slots=True)
class Refusals:
    """Slack's failures as ours."""

    several: bool = False
    """Whether there are other workspaces, which one that does not let us in must not hold up."""

    @contextmanager
    def posting(self, channel: Channel, *, within: bool = False) -> Iterator[None]:
        """Around what Slack may have done although it did not say so; `within` a thread on a post of ours."""
        where = f"channel {channel.external_id}"
        try:
            yield
        except SlackApiError as error:
            answer = Answer.of(error)
            if within and answer.is_gone:
                raise Gone from error
            if within and answer.error in _NO_THREADS:
                raise NoThreads from error
            log.info("Slack refuses", channel=channel.external_id, status=answer.status, error=answer.error)
            raise self._refusal(answer, where) from error
        except TooLate as error:
            raise _full(where) from error
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as error:
            raise PlatformAway("Slack cannot be reached: check the network.") from error
        except _BROKEN_OFF as error:
            raise DeliveryUnknown(
                f"The connection broke before Slack answered: look into {where}."
            ) from error
        except _UNLIKE_SLACK as error:
            raise DeliveryUnknown(f"Slack's answer cannot be read: look into {where}.") from error

    @contextmanager
    def looking(self, channel: Channel) -> Iterator[None]:
        """Around what only reads."""
        try:
            yield
        except SlackApiError as error:
            raise self._unseen(Answer.of(error), f"channel {channel.external_id}") from error
        except TooLate as error:
            raise DeliveryError("Slack shows no more of the channel now: try again later.") from error
        except (*_BROKEN_OFF, *_UNLIKE_SLACK) as error:
            raise _hidden() from error

    @contextmanager
    def reaching(self, channel: Channel) -> Iterator[None]:
        """Around what is asked before anything is posted."""
        where = f"the conversation with {channel.external_id}"
        try:
            yield
        except SlackApiError as error:
            answer = Answer.of(error)
            if answer.error in _LOST:
                raise ChannelLost(_LOST[answer.error].format(where)) from error
            if answer.error in _NOT_LET_IN:
                raise self._not_let_in(answer, where) from error
            raise DeliveryError(f"Slack does not open {where} now: try again later.") from error
        except (TooLate, *_BROKEN_OFF, *_UNLIKE_SLACK) as error:
            raise DeliveryError(f"Slack does not open {where} now: try again later.") from error

    def _refusal(self, answer: Answer, where: str) -> DeliveryError:
        match answer.error:
            case error if error in _LOST:
                return ChannelLost(_LOST[error].format(where))
            case error if error in _NOT_LET_IN:
                return self._not_let_in(answer, where)
            case error if error.startswith("restricted_action"):
                return ChannelLost(_LOST["restricted_action"].format(where))
            case error if error in _LATER:
                return _full(where)
            case error if error in _MAY_HAVE_ACTED or answer.status >= 500:
                said = f"status {answer.status}" if answer.status >= 500 else error
                return DeliveryUnknown(f"Slack failed with {said}: look into {where}.")
            case "" if answer.status < 400:
                return DeliveryUnknown(
                    f"What answers is not Slack: check the proxy and ATTACHE_SLACK_API_URL, and look into {where}."
                )
            case "":
                return _not_slack(answer.status)
            case error:
                return DeliveryError(
                    f"Slack refuses the post to {where} ({error}): report it with the log.", permanent=True
                )

    def _unseen(self, answer: Answer, where: str) -> DeliveryError:
        if answer.error == "missing_scope":
            return DeliveryUnknown(
                f"Attaché cannot look into {where}: give the app the permission {answer.needed or 'to read it'}, "
                "install it again, and look there yourself this time."
            )
        if answer.error in _NOT_LET_IN:
            return self._not_let_in(answer, where)
        if answer.error in _LOST:
            return DeliveryUnknown(
                f"Attaché cannot look into {where}: invite it with /invite @Attaché, "
                "and look there yourself this time."
            )
        if answer.error and answer.status < 500 and answer.error not in _MAY_HAVE_ACTED:
            return DeliveryError(f"Slack does not show {where} now ({answer.error}): try again later.")
        return _hidden()

    def _not_let_in(self, answer: Answer, where: str) -> DeliveryError:
        why = _NOT_LET_IN[answer.error] + (f" ({answer.needed})" if answer.needed else "")
        if answer.error == _MOVED:
            told = f"Attaché {why}: that passes, and the post is tried again."
            return DeliveryError(told) if self.several else PlatformAway(told)
        if self.several:
            return ChannelLost(f"Attaché {why} in which {where} is: {INSTALL}")
        return PlatformAway(
            f"Attaché {why}: install the app again, and set ATTACHE_SLACK_BOT_TOKEN to its token."
        )


@contextmanager
def begun() -> Iterator[None]:
    """Around what follows an opening: as that is there, what waits is no longer the whole, and must be looked for."""
    try:
        yield
    except DeliveryError as error:
        if error.permanent or isinstance(error, DeliveryUnknown):
            raise
        raise DeliveryUnknown(str(error)) from error


def _full(where: str) -> DeliveryError:
    return DeliveryError(f"Slack takes no more posts to {where} now: try again later.")


def _hidden() -> PlatformAway:
    return PlatformAway("Slack does not show the channel now: try again later.")


def _not_slack(status: int) -> PlatformAway:
    return PlatformAway(
        f"What answers is not Slack (status {status}): check the proxy and ATTACHE_SLACK_API_URL."
    )
