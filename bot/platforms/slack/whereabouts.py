"""Whether we may post where a schedule is to: asked before it is kept, of the workspace that it is given in.

So no workspace has anything posted to another's channels, and who forgot to invite us hears of it at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.platforms.slack.failures import SLACK_FAILURES
from bot.platforms.slack.pacing import TooLate
from bot.platforms.slack.refusals import Answer
from bot.platforms.slack.retrying import Requests
from news.addresses import SLACK_CHANNEL, SLACK_DIRECT
from news.channels import Platform
from news.errors import InputError

log = structlog.get_logger(__name__)

_CHANNEL = re.compile(f"(?:slack:)?({SLACK_CHANNEL})", re.ASCII)
_UNKNOWN = frozenset({"channel_not_found", "method_not_supported_for_channel_type", "not_in_channel"})
NAME_ONE = "Name a channel of this workspace: type # and choose it from the list."
INVITE = "Attaché cannot post to {}: invite it there with /invite @Attaché, and try again."
NOT_OURS = "Attaché is not in this conversation: ask in a channel that it is in, or in its own messages, or name a channel."
ARCHIVED = "Channel {} is archived: choose another."
UNTOLD = "Slack does not tell whether Attaché may post there: try again in a minute."
NO_SCOPE = "Attaché may not look for channels: install the app again with the permission {}."


async def check_place(requests: Requests, options: Mapping[str, str], here: str, user: str) -> None:
    """Whether what `schedule` is told can be posted to; `here` is where `user` asked. Raises InputError."""
    action, named = options.get("action"), options.get("channel")
    if action not in ("add", "change") or (action == "change" and named is None):
        return
    if named is not None and named.lower() in ("here", Platform.SLACK):
        named = None
    found = _CHANNEL.fullmatch(here if named is None else named)
    if found is None:
        raise InputError(NAME_ONE)
    await check_channel(requests, found[1], here, user)


async def check_channel(requests: Requests, channel: str, here: str, user: str) -> None:
    """Whether that one can be posted to. Raises InputError."""
    if channel.startswith(SLACK_DIRECT):
        # Commands can be given in direct messages between others, too; we may not look those up, and are in none.
        if await _direct(requests, user) != channel:
            raise InputError(NOT_OURS if channel == here else NAME_ONE)
        return
    shown = "this channel" if channel == here else channel
    known = await _look(requests, channel, shown)
    if known.get("is_archived"):
        raise InputError(ARCHIVED.format(shown))
    if not known.get("is_member") and not known.get("is_im"):
        raise InputError(INVITE.format(shown))


async def can_post(requests: Requests, channel: str, user: str) -> bool:
    """Likewise, where nobody is to be told why not."""
    try:
        await check_channel(requests, channel, channel, user)
    except InputError:
        return False
    return True


async def _look(requests: Requests, channel: str, shown: str) -> Mapping[str, object]:
    """What Slack says of it. Raises InputError."""
    try:
        answer = await requests.ask(
            "conversations.info", lambda: requests.client.conversations_info(channel=channel)
        )
        return _channel_in(answer)
    except SlackApiError as error:
        told = Answer.of(error)
        if told.error in _UNKNOWN:
            raise InputError(INVITE.format(shown)) from error
        raise _untold(error, channel) from error
    except (*SLACK_FAILURES, TooLate) as error:
        raise _untold(error, channel) from error


async def _direct(requests: Requests, user: str) -> object:
    """The id of our conversation with somebody. Raises InputError."""
    try:
        answer = await requests.ask(
            "conversations.open", lambda: requests.client.conversations_open(users=user)
        )
        return _channel_in(answer).get("id")
    except (*SLACK_FAILURES, TooLate) as error:
        raise _untold(error, user) from error


def _channel_in(answer: AsyncSlackResponse) -> Mapping[str, object]:
    known = answer.get("channel")
    if not isinstance(known, dict):
        raise InputError(UNTOLD)
    return known


def _untold(error: Exception, where: str) -> InputError:
    told = Answer.of(error) if isinstance(error, SlackApiError) else None
    if told is not None and told.error == "missing_scope":
        return InputError(NO_SCOPE.format(told.needed))
    why = told.error or told.status if told is not None else type(error).__name__
    log.warning("slack does not tell of a channel", channel=where, error=why)
    return InputError(UNTOLD)
