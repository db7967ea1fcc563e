"""Looking for lost posts where Slack takes one look a minute of fifteen messages: complete before anything is sent again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from bot.jobs.posting import settle
from bot.platforms.slack.searching import LONGEST_LOOK, LOOK_THROUGH
from news.channels import DeliveryState
from news.errors import DeliveryError, DeliveryUnknown
from tests.slack.fake import Trouble
from tests.slack.posting import CHANNEL, DIGEST, KEY, WHOLE, Time, in_thread, keys, messenger_at, openings
from tests.slack.samples import POST
from tests.slack.test_threads import Delivery

HISTORY, REPLIES = "conversations.history", "conversations.replies"
IN_PARTS = replace(WHOLE, threaded=True)
BETWEEN = 120.0
"""Seconds between two tries of a post that is looked for."""


@dataclass
class OneAMinute(Trouble):
    """Every look within a minute of the last one is one too many."""

    clock: Time | None = None
    free: float = 0.0

    def concerns(self, method, channel):
        if method != self.method:
            return False
        if self.clock.at < self.free:
            self.retry_after = round(self.free - self.clock.at)
            return True
        self.free = self.clock.at + 60
        return False


@pytest.fixture
def clock():
    return Time()


@pytest.fixture
def messenger(slack, client, clock):
    """Of an app that Slack shows fifteen messages a minute."""
    slack.knobs.history_page = 15
    for method in (HISTORY, REPLIES):
        slack.knobs.troubles.append(OneAMinute(method, error="ratelimited", status=429, clock=clock))
    return messenger_at(slack, client.session, clock)


def pages(slack, method=HISTORY):
    """Where each look that was answered began."""
    return [arguments.get("cursor") for arguments in slack.asked(method)]


async def looked_for(messenger, clock, delivery):
    """Tries until it is settled; how many tries that were."""
    for tries in range(1, 20):
        await settle(delivery, messenger)
        if delivery.state is not DeliveryState.SENDING:
            return tries
        clock.at += BETWEEN
    raise AssertionError("never settled")


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_search_of_several_tries_goes_on_where_it_stopped_and_nothing_is_sent_before(
    slack, messenger, clock, when
):
    delivery = Delivery(DIGEST)
    slack.knobs.drop(when, method=POST)
    await settle(delivery, messenger)
    for _ in range(40):
        slack.say("Hello")
    once_more = when == "before"  # that nothing came since the first look is known by a last one
    assert await looked_for(messenger, clock, delivery) == 3 + once_more
    assert pages(slack)[::2] == [None, "at:15", "at:30"] + [None] * once_more
    assert len(openings(slack)) == 41
    assert keys(openings(slack)) == [KEY]
    assert delivery.state is DeliveryState.SENT
    posts = [call.at for call in slack.calls if call.method == POST]
    looks = [call.at for call in slack.calls if call.method == HISTORY]
    assert len(posts) == (2 if when == "before" else 1)
    assert when == "after" or posts[-1] > looks[-1]


async def test_what_another_process_posted_between_two_tries_is_found(slack, client, messenger, clock):
    delivery, other = Delivery(DIGEST), messenger_at(slack, client.session, clock)
    slack.knobs.drop("before", method=POST)
    await settle(delivery, messenger)
    for _ in range(20):
        slack.say("Hello")
    await settle(delivery, messenger)  # one page; then the other process has the lease
    slack.knobs.drop("after", method=POST)
    while len(slack.asked(POST)) == 1:
        clock.at += BETWEEN
        await settle(delivery, other)
    slack.say("Hello")
    clock.at += BETWEEN
    await looked_for(messenger, clock, delivery)
    [posted] = [each for each in openings(slack) if "metadata" in each]
    assert (delivery.state, delivery.receipt) == (DeliveryState.SENT, posted["ts"])


async def test_what_is_newer_than_a_search_is_not_looked_through_without_end(slack, messenger, clock):
    begun, told = datetime.now(UTC), None
    for _ in range(5):
        slack.say("Hello")
    for _ in range(LOOK_THROUGH // 15 + 10):
        for _ in range(14):  # of fifteen that are shown
            slack.say("Hello")
        try:
            told = await messenger.find(CHANNEL, key=KEY, after=begun)
        except DeliveryError as error:
            told = error
        if isinstance(told, DeliveryUnknown):
            break
        clock.at += 60
    assert "too many messages" in str(told)
    assert len({arguments["oldest"] for arguments in slack.asked(HISTORY)}) > 2


async def test_a_search_waits_no_longer_than_others_can(slack, messenger, clock):
    for _ in range(40):
        slack.say("Hello")
    begun = datetime.now(UTC)
    with pytest.raises(DeliveryError, match="shows no more") as caught:
        await messenger.find(CHANNEL, key=KEY, after=begun)
    assert not isinstance(caught.value, DeliveryUnknown)
    assert clock.gone <= LONGEST_LOOK


async def test_two_searches_in_one_channel_do_not_take_each_others_place(slack, messenger, clock):
    for key in ("attache-1", "attache-2"):
        await messenger.send(CHANNEL, DIGEST, key=key)
    for _ in range(40):
        slack.say("Hello")
    begun, found = datetime.now(UTC), {}
    for _ in range(12):
        for key in ("attache-1", "attache-2"):
            try:
                found[key] = await messenger.find(CHANNEL, key=key, after=begun)
            except DeliveryError:
                clock.at += 60
    assert [found[key] for key in sorted(found)] == [each["ts"] for each in slack.channel().messages[:2]]


async def test_a_place_that_slack_has_forgotten_makes_the_search_begin_anew(slack, client, clock):
    slack.knobs.history_page = 15
    messenger = messenger_at(slack, client.session, clock)
    receipt = await messenger.send(CHANNEL, DIGEST, key=KEY)
    for _ in range(20):
        slack.say("Hello")
    begun = datetime.now(UTC)
    slack.knobs.troubles.append(OnSecond(HISTORY, error="invalid_cursor"))
    assert await messenger.find(CHANNEL, key=KEY, after=begun) == receipt
    assert pages(slack) == [None, "at:15", None, "at:15"]


@dataclass
class OnSecond(Trouble):
    """Comes over the second request alone."""

    asked: int = 0

    def concerns(self, method, channel):
        self.asked += method == self.method
        return method == self.method and self.asked == 2


async def test_a_thread_in_parts_is_completed_over_several_tries(slack, messenger, clock):
    delivery = Delivery(IN_PARTS)
    slack.knobs.troubles.insert(0, OnSecond(POST, drop="after"))  # the first part is there
    await settle(delivery, messenger)
    [opening] = openings(slack)
    for _ in range(35):
        slack.store(slack.channel(), {"text": "Well!", "thread_ts": opening["ts"]}, user="U0READER001")
    tries = await looked_for(messenger, clock, delivery)
    assert delivery.state is DeliveryState.SENT
    assert sorted(keys(in_thread(slack, opening["ts"]))) == [f"{KEY}-1", f"{KEY}-2"]
    assert len(slack.asked(HISTORY)) == 1  # what was found is not looked for again
    assert list(dict.fromkeys(pages(slack, REPLIES))) == [None, "at:15", "at:30"]
    assert tries <= 4


async def test_parts_that_another_process_added_between_two_tries_are_not_added_again(
    slack, client, messenger, clock
):
    other = messenger_at(slack, client.session, clock)
    receipt = await other.send(CHANNEL, DIGEST, key=KEY)
    for _ in range(20):
        slack.store(slack.channel(), {"text": "Well!", "thread_ts": receipt}, user="U0READER001")
    slack.knobs.troubles.insert(0, OnSecond(REPLIES, status=503, html=True))
    with pytest.raises(DeliveryError):
        await messenger.complete(CHANNEL, IN_PARTS, key=KEY, receipt=receipt)
    for each in (other, messenger):
        clock.at += BETWEEN
        await each.complete(CHANNEL, IN_PARTS, key=KEY, receipt=receipt)
    assert sorted(keys(in_thread(slack, receipt))) == [f"{KEY}-1", f"{KEY}-2"]


async def test_a_post_that_was_tried_often_is_not_given_up_while_it_is_looked_for(slack, messenger, clock):
    delivery = Delivery(DIGEST, attempts=13)
    slack.knobs.drop("after", method=POST)
    await settle(delivery, messenger)
    for _ in range(20):
        slack.say("Hello")
    assert await looked_for(messenger, clock, delivery) == 2
    assert delivery.state is DeliveryState.SENT
    assert not any(isinstance(each, DeliveryError) for each in delivery.told)
