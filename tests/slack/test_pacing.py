"""A message a second in each channel, a share of every other method, and rest where Slack asks for it."""

from __future__ import annotations

import asyncio

import pytest

from bot.messages.message import Message, plain
from bot.platforms.slack.pacing import LONGEST, POST, SPREAD, STRAINED, UNTOLD_REST, TooLate, Turns
from news.channels import Channel, Platform
from news.errors import DeliveryError
from tests.slack.fake import DESK, NEWS, Trouble
from tests.slack.fake import Channel as Place
from tests.slack.posting import CHANNEL, DIGEST, PICTURE, Time, messenger_at

FOREVER = float("inf")


@pytest.fixture
def clock():
    return Time()


@pytest.fixture
def pacer(clock):
    return clock.pacer


@pytest.fixture
def messenger(slack, client, clock):
    return messenger_at(slack, client.session, clock)


async def post(messenger, number, external_id=NEWS):
    return await messenger.send(Channel(Platform.SLACK, external_id), DIGEST, key=f"attache-{number}")


def fifty(slack):
    places = [f"C0MANY{number:05d}" for number in range(50)]
    for place in places:
        slack.channels[place] = Place(place, place.lower())
    return places


# turns


async def moments(clock, turns, count):
    made = []

    async def request(number):
        await turns.turn(FOREVER)
        made.append((clock.gone, number))

    await asyncio.gather(*map(request, range(count)))
    assert [number for _, number in made] == list(range(count))
    return [moment for moment, _ in made]


@pytest.mark.parametrize(
    ("at_once", "expected"), [(1, [0, 2, 4, 6, 8]), (3, [0, 0, 0, 2, 4])], ids=["one by one", "a few at once"]
)
async def test_requests_follow_each_other_in_order(clock, at_once, expected):
    turns = Turns(2.0, at_once, now=clock.now, sleep=clock.sleep)
    assert await moments(clock, turns, 5) == pytest.approx(expected)


async def test_what_was_not_used_adds_up_to_so_many_only(clock):
    turns = Turns(2.0, 3, now=clock.now, sleep=clock.sleep)
    clock.at += 1000
    assert await moments(clock, turns, 5) == pytest.approx([1000, 1000, 1000, 1002, 1004])


async def test_a_turn_that_comes_too_late_is_not_waited_for(clock):
    turns = Turns(1.0, now=clock.now, sleep=clock.sleep)
    turns.rest(100)
    with pytest.raises(TooLate):
        await turns.turn(clock.at + 99)
    assert clock.gone == 0
    await turns.turn(clock.at + 101)
    assert clock.gone == pytest.approx(100)
    with pytest.raises(TooLate):
        await turns.turn(clock.at - 1)


async def test_who_gives_up_hinders_no_other(clock):
    turns = Turns(1.0, now=clock.now, sleep=clock.sleep)
    waiting = [asyncio.create_task(turns.turn(FOREVER)) for _ in range(5)]
    await asyncio.sleep(0)
    waiting[2].cancel()
    done = await asyncio.gather(*waiting, return_exceptions=True)
    assert [isinstance(each, asyncio.CancelledError) for each in done] == [False, False, True, False, False]
    assert clock.gone == pytest.approx(3)


async def test_a_rest_holds_for_those_who_wait_already(clock):
    turns = Turns(1.0, now=clock.now, sleep=clock.sleep)
    await turns.turn(FOREVER)
    waiting = asyncio.create_task(turns.turn(FOREVER))
    await asyncio.sleep(0)
    turns.rest(30)
    await waiting
    assert clock.gone >= 30


# a workspace


@pytest.mark.parametrize(
    ("method", "seconds"),
    [
        ("conversations.history", 48),
        ("users.info", 18),
        ("views.publish", 18),
        ("views.push", 138),
        ("conversations.open", 48),
    ],
)
async def test_a_method_gets_the_share_of_its_tier(clock, pacer, method, seconds):
    for _ in range(50):
        await pacer.ask("a", method, FOREVER)
    assert clock.gone == pytest.approx(seconds)  # the first fifth of a minute's share came at once
    before = clock.gone
    await pacer.ask("b", method, FOREVER)  # another workspace has its own
    assert clock.gone == before


async def test_a_method_that_was_limited_rests_alone(clock, pacer):
    pacer.limited("a", "users.info", "", 7.0)
    await pacer.ask("a", "conversations.history", FOREVER)
    await pacer.post("a", NEWS, FOREVER)
    assert clock.gone == 0
    await pacer.ask("a", "users.info", FOREVER)
    assert clock.gone == pytest.approx(7)


async def test_a_channel_that_was_limited_rests_alone(clock, pacer):
    pacer.limited("a", POST, NEWS, 5.0)
    await pacer.post("a", DESK, FOREVER)
    assert clock.gone == 0
    await pacer.post("a", NEWS, FOREVER)
    assert clock.gone == pytest.approx(5)


async def test_a_workspace_rests_where_a_second_channel_is_limited_and_then_goes_slowly(clock, pacer):
    pacer.limited("a", POST, NEWS, 5.0)
    pacer.limited("a", POST, DESK, 5.0)
    await pacer.post("b", NEWS, FOREVER)
    assert clock.gone == 0
    for number in range(4):
        await pacer.post("a", f"C{number}", FOREVER)
    assert clock.gone == pytest.approx(5 + 3 * SPREAD)
    clock.at += STRAINED
    before = clock.gone
    for number in range(4, 8):
        await pacer.post("a", f"C{number}", FOREVER)
    assert clock.gone == before


async def test_channels_without_news_are_forgotten_and_paced_all_the_same(clock, pacer, monkeypatch):
    monkeypatch.setattr("bot.platforms.slack.pacing._KEPT", 20)
    for number in range(100):
        await pacer.post("a", f"C{number}", FOREVER)
        clock.at += 0.2
    assert len(pacer._turns) <= 20
    before = clock.gone
    await pacer.post("a", "C99", FOREVER)
    assert clock.gone - before == pytest.approx(0.8)


# posts


async def test_posts_to_one_channel_come_a_second_apart(slack, messenger, clock):
    await asyncio.gather(*(post(messenger, number) for number in range(20)))
    assert len(slack.channel().messages) == len(slack.asked(POST)) == 20
    assert clock.gone == pytest.approx(19)


async def test_posts_to_fifty_channels_go_side_by_side(slack, messenger, clock):
    gate = slack.knobs.hold(50, method=POST)
    posting = [
        asyncio.create_task(post(messenger, number, place)) for number, place in enumerate(fifty(slack))
    ]
    await slack.called(POST, 50)  # all of them are there before the first is answered
    gate.set()
    await asyncio.gather(*posting)
    assert clock.gone == 0
    assert all(len(slack.channel(place).messages) == 1 for place in fifty_of(slack))


def fifty_of(slack):
    return [place for place in slack.channels if place.startswith("C0MANY")]


async def test_slack_is_left_alone_for_as_long_as_it_says(slack, messenger, clock):
    slack.knobs.limit(2, retry_after=30, method=POST)
    await post(messenger, 1)
    assert len(slack.channel().messages) == 1
    assert len(slack.asked(POST)) == 3
    assert clock.gone == pytest.approx(60)


@pytest.mark.parametrize(
    ("trouble", "rest"),
    [
        (Trouble(POST, status=429, html=True), UNTOLD_REST),
        (Trouble(POST, error="ratelimited"), UNTOLD_REST),
        (Trouble(POST, error="rate_limited", retry_after=4), 4),
        (Trouble(POST, status=429, error="ratelimited", retry_after=0), 1),
    ],
    ids=["a proxy", "no status", "no status but a time", "no time"],
)
async def test_a_limit_is_known_in_any_dress(slack, messenger, clock, trouble, rest):
    slack.knobs.troubles.append(trouble)
    await post(messenger, 1)
    assert (len(slack.channel().messages), clock.gone) == (1, pytest.approx(rest))


async def test_a_channel_that_is_full_for_long_holds_nobody_up(slack, messenger, clock):
    slack.knobs.limit(1, retry_after=3600, method=POST, channel=NEWS)
    for number in range(2):  # the second one need not even ask
        with pytest.raises(DeliveryError, match="takes no more posts") as caught:
            await post(messenger, number)
        assert (type(caught.value), caught.value.permanent) == (DeliveryError, False)
    assert len(slack.asked(POST)) == 1
    await post(messenger, 3, DESK)
    assert clock.gone == 0


async def test_no_post_is_tried_for_longer_than_somebody_waits_for_it(slack, messenger, clock):
    slack.knobs.limit(100, retry_after=20, method=POST)
    with pytest.raises(DeliveryError, match="takes no more posts"):
        await post(messenger, 1)
    assert (len(slack.asked(POST)), clock.gone) == (5, pytest.approx(80))
    assert clock.gone < LONGEST


async def test_a_workspace_that_posts_too_much_gets_every_post_in_the_end(slack, messenger, clock):
    slack.knobs.limit(50, retry_after=10, method=POST)
    await asyncio.gather(*(post(messenger, number, place) for number, place in enumerate(fifty(slack))))
    assert all(len(slack.channel(place).messages) == 1 for place in fifty_of(slack))
    assert 10 <= clock.gone < LONGEST


async def test_a_file_is_a_message_too(slack, messenger, clock):
    await messenger.send(CHANNEL, Message(plain("Stance"), attachments=(PICTURE,)), key="attache-1")
    await post(messenger, 2)
    assert len(slack.channel().messages) == 3
    assert clock.gone == pytest.approx(2)
