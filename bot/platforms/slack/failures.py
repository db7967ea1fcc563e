"""Every failure of a command, a button or a view becomes words for the one who asked, and a line in the log."""

from __future__ import annotations

import asyncio

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError

from bot.platforms.sentences import AWAY, BROKEN, UNKNOWN
from news.errors import AttacheError, StoreError, StoreUnknown

log = structlog.get_logger(__name__)

UNSHOWN = "Slack did not take the answer, though what you asked for is done; the log has the details."
UNSURE = (
    "The connection to Slack broke off with the answer, which may or may not be there; what you asked for is done, "
    "and the log has the details."
)
CUT_OFF = "Attaché is being restarted: look whether it is done before you ask again."
"""For what may have changed something by then."""
OUTDATED = "This workspace has that command from another version of Attaché: create the app's commands anew."
TOO_LONG = "That took too long: look whether it is done before you ask again."
NOT_ALLOWED = "Only those who manage Attaché here may do that."
NOT_INSTALLED = "Attaché is not installed here any more, or cannot look that up now: ask whoever runs it."
CONNECTION_FAILURES = (aiohttp.ClientError, OSError, TimeoutError, asyncio.IncompleteReadError)
SLACK_FAILURES = (SlackClientError, *CONNECTION_FAILURES)
"""What calls of Slack's methods raise."""


class NotShown(Exception):
    """The answer is there, and Slack did not take it.

    Nothing of it or of its cause may hold an address: whoever has a `response_url` speaks through it.
    """


class PerhapsShown(NotShown):
    """Slack may have taken it: its reply was lost."""


def kind_of(error: BaseException) -> str:
    """What a failure of a connection is, for the log: without its words, which may hold an address that is secret."""
    status = getattr(error, "status", None)
    return (
        f"{type(error).__name__} ({status})" if isinstance(status, int) and status else type(error).__name__
    )


def told_of(cause: Exception, what: str) -> str:
    """What the reader can mend, in a sentence; the rest goes to the log. `what` is what was asked, for the log."""
    if isinstance(cause, StoreError):  # where the database is concerns only those who run it
        log.error("slack command failed", command=what, error=str(cause))
        return UNKNOWN if isinstance(cause, StoreUnknown) else AWAY
    if isinstance(cause, NotShown):
        log.error("slack command answered in vain", command=what, error=str(cause))
        return UNSURE if isinstance(cause, PerhapsShown) else UNSHOWN
    if not isinstance(cause, AttacheError):
        log.error("slack command failed", command=what, exc_info=cause)
        return BROKEN
    return str(cause)
