"""A messenger at a fake Slack, and a clock on which no test has to wait."""

from __future__ import annotations

import asyncio

from bot.messages.digest import digest_message
from bot.messages.message import Attachment, Message, Paragraph, plain
from bot.platforms.slack.messenger import SlackMessenger
from bot.platforms.slack.pacing import Pacer
from bot.platforms.slack.retrying import make_client
from news.channels import Channel, Platform
from tests.bot.samples import a_full_digest
from tests.slack.fake import NEWS, TOKEN

CHANNEL = Channel(Platform.SLACK, NEWS)
DIGEST = Message(plain("Digest"), (Paragraph(plain("Nothing new.")),))
WHOLE = digest_message(a_full_digest())
PICTURE = Attachment("stance.png", b"a picture", "A line that falls.")
KEY = "attache-123"


class Time:
    """Goes on only where somebody sleeps; who sleeps shorter wakes earlier."""

    def __init__(self):
        self.at = 1000.0
        self._wakes = []

    @property
    def gone(self):
        return self.at - 1000.0

    @property
    def pacer(self):
        return Pacer(now=lambda: self.at, sleep=self.sleep)

    def now(self):
        return self.at

    async def sleep(self, seconds):
        wake = self.at + seconds
        self._wakes.append(wake)
        try:
            await asyncio.sleep(0)
            while min(self._wakes) < wake:  # noqa: ASYNC110 - the others only need a turn of the loop
                await asyncio.sleep(0)
        finally:
            self._wakes.remove(wake)
        self.at = max(self.at, wake)


class One:
    """The client of the only workspace."""

    def __init__(self, client):
        self.client = client

    async def of(self, channel):
        return self.client

    def revoked(self, client):
        pass


def messenger_at(slack, session, clock, token=TOKEN, **more):
    """A messenger of one workspace that shares the session."""
    return SlackMessenger(One(make_client(token, session, slack.api_url)), pacer=clock.pacer, **more)


def keys(messages):
    return [message["metadata"]["event_payload"]["key"] for message in messages if "metadata" in message]


def openings(slack, channel=NEWS):
    """What stands in the channel itself."""
    return [
        each for each in slack.channel(channel).messages if each.get("thread_ts", each["ts"]) == each["ts"]
    ]


def in_thread(slack, receipt, channel=NEWS):
    """What stands in a thread."""
    everything = slack.channel(channel).messages
    return [each for each in everything if each.get("thread_ts") == receipt and each["ts"] != receipt]
