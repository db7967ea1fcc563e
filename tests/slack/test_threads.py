"""Digests in threads and deliveries as a whole: complete and once, whatever is lost on the way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from bot.jobs.posting import settle
from bot.messages.message import Heading, Hint, Message, advice, plain
from bot.platforms.slack.names import Names
from bot.platforms.slack.rendering import render_thread
from news.channels import DeliveryState
from news.errors import ChannelLost, DeliveryUnknown
from tests.slack.fake import NEWS, Trouble
from tests.slack.payloads import breaches
from tests.slack.posting import CHANNEL, DIGEST, KEY, WHOLE, Time, in_thread, keys, messenger_at, openings
from tests.slack.samples import POST

IN_PARTS = replace(WHOLE, threaded=True)
REPLIES = "conversations.replies"
PARTS = [f"{KEY}-1", f"{KEY}-2"]


@pytest.fixture
def clock():
    return Time()


@pytest.fixture
def messenger(slack, client, clock):
    return messenger_at(slack, client.session, clock)


@pytest.fixture
def restarted(slack, client):
    """A messenger after a crash: it remembers nothing."""
    return messenger_at(slack, client.session, Time())


@pytest.fixture
def started():
    return datetime.now(UTC)


@dataclass
class Later(Trouble):
    """Trouble that comes over one request only, after some have passed."""

    at: int = 1

    def concerns(self, method, channel):
        if not super().concerns(method, channel):
            return False
        self.at -= 1
        return self.at == 0


def strike(slack, at, **trouble):
    """The post with that number meets trouble."""
    slack.knobs.troubles.append(Later(POST, at=at, **trouble))


def is_whole(slack, receipt):
    """Whether there is one opening, and every part once and in its place."""
    return (keys(openings(slack)), keys(in_thread(slack, receipt))) == ([KEY], PARTS)


async def test_a_digest_in_parts_is_an_opening_and_a_thread_on_it(slack, messenger):
    receipt = await messenger.send(CHANNEL, IN_PARTS, key=KEY)
    assert is_whole(slack, receipt)
    for payload in slack.asked(POST):
        assert (payload["unfurl_links"], payload["unfurl_media"]) == (False, False)
        assert breaches(payload) == []


@pytest.mark.parametrize("at", [2, 3])
@pytest.mark.parametrize(
    "trouble",
    [
        {"drop": "before"},
        {"drop": "after"},
        {"status": 503, "html": True},
        {"error": "token_revoked"},
        {"status": 429, "error": "ratelimited", "retry_after": 3600},
    ],
    ids=["before", "after", "down", "revoked", "limited"],
)
async def test_what_stops_half_way_is_found_and_added_to(slack, messenger, restarted, started, at, trouble):
    strike(slack, at, **trouble)
    with pytest.raises(DeliveryUnknown):
        await messenger.send(CHANNEL, IN_PARTS, key=KEY)
    receipt = await restarted.find(CHANNEL, key=KEY, after=started)
    for _ in range(2):  # a second time there is nothing to do
        await restarted.complete(CHANNEL, IN_PARTS, key=KEY, receipt=receipt)
    assert is_whole(slack, receipt)


async def test_a_part_in_the_middle_is_added_where_others_talk_in_the_thread(slack, messenger, restarted):
    receipt = await messenger.send(CHANNEL, IN_PARTS, key=KEY)
    messages = slack.channel().messages
    messages.remove(in_thread(slack, receipt)[0])
    for _ in range(250):
        slack.store(slack.channel(), {"text": "Well!", "thread_ts": receipt}, user="U0READER001")
    await restarted.complete(CHANNEL, IN_PARTS, key=KEY, receipt=receipt)
    assert sorted(keys(in_thread(slack, receipt))) == PARTS
    assert len(slack.asked(REPLIES)) == 2


async def test_a_key_in_the_thread_that_somebody_else_wrote_is_none(slack, messenger, restarted):
    strike(slack, 2, drop="before")
    with pytest.raises(DeliveryUnknown):
        await messenger.send(CHANNEL, IN_PARTS, key=KEY)
    receipt = slack.channel().messages[0]["ts"]
    metadata = {"event_type": "attache_delivery", "event_payload": {"key": f"{KEY}-1"}}
    slack.store(slack.channel(), {"text": "x", "thread_ts": receipt, "metadata": metadata}, user="U1")
    await restarted.complete(CHANNEL, IN_PARTS, key=KEY, receipt=receipt)
    ours = [each for each in in_thread(slack, receipt) if each["user"] != "U1"]
    assert keys(ours) == PARTS


async def test_an_opening_that_somebody_took_away_is_left_alone(slack, messenger, restarted):
    receipt = await messenger.send(CHANNEL, IN_PARTS, key=KEY)
    slack.channel().messages.clear()
    await restarted.complete(CHANNEL, IN_PARTS, key=KEY, receipt=receipt)
    assert slack.channel().messages == []


async def test_an_opening_that_is_taken_away_at_once_is_no_channel_that_is_lost(slack, messenger):
    strike(slack, 2, error="thread_not_found")
    receipt = await messenger.send(CHANNEL, IN_PARTS, key=KEY)
    assert [message["ts"] for message in slack.channel().messages] == [receipt]


@pytest.mark.parametrize("error", ["restricted_action_non_threadable_channel", "cannot_reply_to_message"])
async def test_where_no_thread_may_be_the_opening_becomes_the_whole(slack, messenger, started, error):
    strike(slack, 2, error=error)
    receipt = await messenger.send(CHANNEL, IN_PARTS, key=KEY)
    [message] = slack.channel().messages
    assert (message["ts"], keys([message])) == (receipt, [KEY])
    await messenger.send(CHANNEL, WHOLE, key=KEY)
    whole = slack.asked(POST)[-1]["blocks"]
    assert [block["type"] for block in message["blocks"]] == [block["type"] for block in whole]
    assert [block.get("text") for block in message["blocks"]] == [block.get("text") for block in whole]
    assert await messenger.find(CHANNEL, key=KEY, after=started) is not None


async def test_an_opening_that_is_gone_before_it_could_become_the_whole_is_left_alone(slack, messenger):
    strike(slack, 2, error="thread_locked")
    slack.knobs.refuse("message_not_found", method="chat.update")
    assert await messenger.send(CHANNEL, IN_PARTS, key=KEY) == slack.channel().messages[0]["ts"]
    assert len(slack.asked("chat.update")) == 1


async def test_an_opening_that_slack_refuses_is_not_begun(slack, messenger):
    strike(slack, 1, error="is_archived")
    with pytest.raises(ChannelLost):
        await messenger.send(CHANNEL, IN_PARTS, key=KEY)
    assert len(slack.asked(POST)) == 1


# deliveries


@dataclass
class Delivery:
    """A post as the outbox has it; what is noted of it stays with it."""

    content: object = DIGEST
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    receipt: str | None = None
    told: list = field(default_factory=list)
    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    channel = CHANNEL
    key = KEY
    group = 1

    @property
    def touched(self):
        return self.since

    async def message(self):
        return self.content if self.content.threaded else None

    async def claim(self):
        self.state, self.attempts = DeliveryState.SENDING, self.attempts + 1
        return self, self.content

    async def mark(self, state, *, receipt=None, error=None, attempts=None):
        self.state, self.receipt = state, receipt
        self.told += [error] if error else []
        return True

    async def give_up(self, error):
        self.told.append(error)


@pytest.mark.parametrize("content", [DIGEST, IN_PARTS], ids=["whole", "in parts"])
@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_delivery_whose_answer_was_lost_arrives_once(slack, messenger, content, when):
    delivery = Delivery(content)
    strike(slack, 1, drop=when)
    assert (await settle(delivery, messenger)).state is DeliveryState.SENDING
    outcome = await settle(delivery, messenger)
    [opening] = openings(slack)
    assert (outcome.state, delivery.receipt) == (DeliveryState.SENT, opening["ts"])
    assert len(in_thread(slack, opening["ts"])) == (2 if content.threaded else 0)


async def test_a_delivery_to_a_workspace_that_takes_us_out_waits(slack, messenger):
    delivery = Delivery()
    slack.knobs.refuse("token_revoked", method=POST)
    outcome = await settle(delivery, messenger)
    assert (outcome.state, bool(outcome.away)) == (DeliveryState.PENDING, True)
    assert (await settle(delivery, messenger)).state is DeliveryState.SENT


async def test_a_delivery_to_an_archived_channel_fails_and_says_why(slack, messenger):
    delivery = Delivery()
    slack.channel().archived = True
    assert (await settle(delivery, messenger)).state is DeliveryState.FAILED
    assert "unarchive it" in delivery.told[-1]
    assert isinstance(delivery.told[0], ChannelLost)


async def test_an_opening_that_becomes_the_whole_names_commands_as_the_workspace_does(slack, client, clock):
    sender = messenger_at(slack, client.session, clock, worded=Names({"feeds": "sources"}).in_message)
    note = advice("", Hint("feeds list", "/feeds list"), " shows why.")
    whole = Message(plain("A digest"), (Heading(plain("Part"), 1), note), threaded=True)
    opening, _ = render_thread(whole, key=KEY)
    receipt = (await client.chat_postMessage(channel=NEWS, **opening.payload))["ts"]
    slack.knobs.refuse("thread_locked", method="chat.postMessage")
    await sender.complete(CHANNEL, whole, key=KEY, receipt=receipt)
    (update,) = slack.asked("chat.update")
    assert "/sources list" in str(update)
    assert "/feeds" not in str(update)
