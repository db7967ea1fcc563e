"""Whether we may post where a schedule is to: asked before it is kept, of the workspace that it is given in.

So no workspace has anything posted to another's channels, and who forgot to invite us hears of it at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import structlog
from slack_sdk.errors import SlackApiError

from bot.platforms.slack.failures import SLACK_FAILURES
from bot.platforms.slack.pacing import TooLate
from bot.platforms.slack.refusals import Answer
from bot.platforms.slack.retrying import Requests
from news.channels import Platform
from news.errors import InputError

log = structlog.get_logger(__name__)

_CHANNEL = re.compile(r"(?:slack:)?([CDG][A-Z0-9]{2,30})", re.ASCII)
_UNKNOWN = frozenset({"channel_not_found", "method_not_supported_for_channel_type", "not_in_channel"})
NAME_ONE = "Name a channel of this workspace: type # and choose it from the list."
INVITE = "Attaché cannot post to {}: invite it there with /invite @Attaché, and try again."
ARCHIVED = "Channel {} is archived: choose another."
UNTOLD = "Slack does not tell whether Attaché may post there: try again in a minute."
NO_SCOPE = "Attaché may not look for channels: install the app again with the permission {}."


async def check_place(requests: Requests, options: Mapping[str, str], here: str) -> None:
    """Whether what `schedule` is told can be posted to; `here` is where it was asked. Raises InputError."""
    action, named = options.get("action"), options.get("channel")
    if action not in ("add", "change") or (action == "change" and named is None):
        return
    if named is not None and named.lower() in ("here", Platform.SLACK):
        named = None
    found = _CHANNEL.fullmatch(here if named is None else named)
    if found is None:
        raise InputError(NAME_ONE)
    channel = found[1]
    if channel == here and channel.startswith("D"):
        return  # a direct conversation is none that we may look up, and posting there tells
    shown = "this channel" if channel == here else channel
    known = await _look(requests, channel, shown)
    if known.get("is_archived"):
        raise InputError(ARCHIVED.format(shown))
    if not known.get("is_member") and not known.get("is_im"):
        raise InputError(INVITE.format(shown))


async def _look(requests: Requests, channel: str, shown: str) -> Mapping[str, object]:
    """What Slack says of it. Raises InputError."""
    try:
        answer = await requests.ask(
            "conversations.info", lambda: requests.client.conversations_info(channel=channel)
        )
    except SlackApiError as error:
        told = Answer.of(error)
        if told.error in _UNKNOWN:
            raise InputError(INVITE.format(shown)) from error
        if told.error == "missing_scope":
            raise InputError(NO_SCOPE.format(told.needed)) from error
        log.warning("slack does not tell of a channel", channel=channel, error=told.error or told.status)
        raise InputError(UNTOLD) from error
    except (*SLACK_FAILURES, TooLate) as error:
        log.warning("slack does not tell of a channel", channel=channel, error=type(error).__name__)
        raise InputError(UNTOLD) from error
    known = answer.get("channel")
    if not isinstance(known, dict):
        raise InputError(UNTOLD)
    return known
