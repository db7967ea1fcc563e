"""Files that come with a message: uploaded, then shared below it or in its thread, with words for who cannot see them."""

from __future__ import annotations

from collections.abc import Sequence

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.platforms.slack.pacing import POST, TooLate
from bot.platforms.slack.refusals import Answer
from bot.platforms.slack.rendering import File
from bot.platforms.slack.retrying import Requests

log = structlog.get_logger(__name__)

UPLOAD = "files.upload"
"""What the steps of an upload count as together."""
_FAILURES = (
    SlackClientError,
    TooLate,
    aiohttp.ClientError,
    OSError,
    AttributeError,
    KeyError,
    TypeError,
    ValueError,
)


async def share(
    requests: Requests, channel: str, files: Sequence[File], *, thread: str | None = None
) -> bool:
    """Shows the files in the channel, or in the thread on the message with that `ts`; whether that worked.

    Raises nothing of Slack's: the words that the files come with are there without them.
    """
    if not files:
        return True
    uploads = [
        {
            "content": file.content,
            "filename": file.name,
            "title": file.name,
            "alt_txt": file.description or None,
        }
        for file in files
    ]
    try:
        await requests.turn(POST, channel)  # it is a message too
        await requests.ask(
            UPLOAD,
            lambda: requests.client.files_upload_v2(file_uploads=uploads, channel=channel, thread_ts=thread),
        )
    except _FAILURES as error:
        told = Answer.of(error) if isinstance(error, SlackApiError) else None
        why = (told.error or told.status) if told else type(error).__name__
        needed = told.needed if told else ""
        log.warning("files not shown", channel=channel, files=len(files), error=why, needed=needed)
        return False
    return True
