"""Posts arrive once, whole and in threads, and a lost one is found again or known not to be there."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.messages.message import Hint, Message, Paragraph, advice, plain
from bot.platforms.slack.login import OneWorkspace
from bot.platforms.slack.messenger import SlackMessenger
from bot.platforms.slack.names import Names
from bot.platforms.slack.rendering import render
from bot.platforms.slack.retrying import make_client
from news.channels import Channel, Platform
from news.errors import ChannelLost, DeliveryError, DeliveryUnknown, PlatformAway
from tests.bot.hostile import ACTING
from tests.slack.fake import ATTIC, BOT, DESK, LOBBY, NEWS, READER, TOKEN, VAULT, Installation, Trouble
from tests.slack.payloads import breaches
from tests.slack.posting import (
    CHANNEL,
    DIGEST,
    KEY,
    WHOLE,
    One,
    Time,
    messenger_at,
    openings,
)
from tests.slack.samples import POST
from tests.slack.schema import faults_in_blocks

HISTORY = "conversations.history"


@pytest.fixture
def clock():
    return Time()


@pytest.fixture
def messenger(slack, client, clock):
    return messenger_at(slack, client.session, clock)


@pytest.fixture
def started():
    return datetime.now(UTC)


def forged(slack, key=KEY, **more):
    """Somebody else's message that bears a key of ours."""
    metadata = {"event_type": "attache_delivery", "event_payload": {"key": key}}
    blocks = [{"type": "divider", "block_id": key}]
    payload = {"text": "x", "metadata": metadata, "blocks": blocks}
    return slack.store(slack.channel(), payload, **{"user": READER, "bot_id": "B0OTHER0001"} | more)


# one message


async def test_a_post_arrives_once_with_its_key_and_unfurls_nothing(slack, messenger):
    receipt = await messenger.send(CHANNEL, DIGEST, key=KEY)
    [payload] = slack.asked(POST)
    [message] = slack.channel().messages
    assert (messenger.platform, receipt) == (Platform.SLACK, message["ts"])
    assert payload["metadata"] == {"event_type": "attache_delivery", "event_payload": {"key": KEY}}
    assert (payload["unfurl_links"], payload["unfurl_media"]) == (False, False)
    [post] = render(DIGEST, key=KEY)
    assert {name: payload[name] for name in post.payload} == post.payload


async def test_one_message_is_the_same_in_every_channel_but_for_its_key(slack, messenger):
    await messenger.send(CHANNEL, WHOLE, key="attache-1")
    await messenger.send(Channel(Platform.SLACK, DESK), WHOLE, key="attache-2")
    one, other = slack.asked(POST)
    assert [payload["blocks"][0]["block_id"] for payload in (one, other)] == ["attache-1", "attache-2"]
    assert one["blocks"][1:] == other["blocks"][1:] != []


@pytest.mark.parametrize("threaded", [False, True])
async def test_hostile_words_are_posted_and_nothing_acts(slack, messenger, threaded):
    words = plain(" ".join(ACTING))
    message = Message(
        words, (Paragraph(words), *(Paragraph(plain(each)) for each in ACTING)), threaded=threaded
    )
    await messenger.send(CHANNEL, message, key="<!channel> & " + "x" * 500)
    for payload in slack.asked(POST):
        assert breaches(payload) == faults_in_blocks(payload["blocks"]) == []
    assert openings(slack)


async def test_a_direct_message_and_a_private_channel_are_channels(slack, messenger, client, started):
    direct = (await client.conversations_open(users=READER))["channel"]["id"]
    for place in (DESK, direct):
        channel = Channel(Platform.SLACK, place)
        receipt = await messenger.send(channel, DIGEST, key=KEY)
        assert await messenger.find(channel, key=KEY, after=started) == receipt


@pytest.mark.parametrize(
    "external_id", ["", "news", "#news", "U0READER001", "C1\n", "c0news00001", "C" * 5000]
)
async def test_what_is_no_channel_is_refused_for_good(slack, messenger, external_id):
    with pytest.raises(ChannelLost, match="is no Slack channel"):
        await messenger.send(Channel(Platform.SLACK, external_id), DIGEST, key=KEY)
    assert not slack.calls


# looking for it


async def test_a_post_whose_answer_was_lost_is_found(slack, messenger, started):
    slack.knobs.drop("after", method=POST)
    with pytest.raises(DeliveryUnknown):
        await messenger.send(CHANNEL, DIGEST, key=KEY)
    assert await messenger.find(CHANNEL, key=KEY, after=started) == slack.channel().messages[0]["ts"]
    assert len(slack.asked(POST)) == len(slack.channel().messages) == 1


async def test_a_post_that_never_arrived_is_known_not_to_be_there(slack, messenger, started):
    slack.knobs.drop("before", method=POST)
    with pytest.raises(DeliveryUnknown):
        await messenger.send(CHANNEL, DIGEST, key=KEY)
    assert await messenger.find(CHANNEL, key=KEY, after=started) is None
    assert len(slack.asked(POST)) == 1


async def test_a_post_is_found_though_our_clock_is_ahead(messenger, started):
    receipt = await messenger.send(CHANNEL, DIGEST, key=KEY)
    ahead = started + timedelta(minutes=4)
    assert await messenger.find(CHANNEL, key=KEY, after=ahead) == receipt


async def test_only_our_own_post_with_that_very_key_is_found(slack, messenger, started):
    await messenger.send(CHANNEL, DIGEST, key="attache-12")
    forged(slack)
    assert await messenger.find(CHANNEL, key=KEY, after=started) is None
    ours = forged(slack, bot_id=BOT)
    assert await messenger.find(CHANNEL, key=KEY, after=started) == ours["ts"]
    assert len(slack.asked("auth.test")) == 1


async def test_a_post_is_found_by_its_block_where_its_metadata_are_not_shown(slack, messenger, started):
    receipt = await messenger.send(CHANNEL, DIGEST, key=KEY)
    del slack.channel().messages[0]["metadata"]
    assert await messenger.find(CHANNEL, key=KEY, after=started) == receipt


async def test_a_post_is_found_behind_many_others(slack, messenger, started):
    receipt = await messenger.send(CHANNEL, DIGEST, key=KEY)
    for _ in range(450):
        slack.say("Hello")
    assert await messenger.find(CHANNEL, key=KEY, after=started) == receipt
    assert len(slack.asked(HISTORY)) == 3


async def test_a_channel_that_is_too_busy_to_look_through_stays_unknown(slack, messenger, started):
    for _ in range(1001):
        slack.say("Hello")
    with pytest.raises(DeliveryUnknown, match="too many messages"):
        await messenger.find(CHANNEL, key=KEY, after=started)
    slack.channel().messages.pop()
    assert await messenger.find(CHANNEL, key=KEY, after=started) is None


async def test_what_was_said_long_before_is_not_looked_through(slack, messenger, started):
    for _ in range(1001):
        slack.say("Hello", at=time.time() - timedelta(days=2).total_seconds())
    assert await messenger.find(CHANNEL, key=KEY, after=started) is None


@pytest.mark.parametrize(
    ("trouble", "kind", "words"),
    [
        (Trouble(HISTORY, error="missing_scope"), DeliveryUnknown, "give the app the permission"),
        (Trouble(HISTORY, error="not_in_channel"), DeliveryUnknown, "/invite @Attaché"),
        (Trouble(HISTORY, error="channel_not_found"), DeliveryUnknown, "/invite @Attaché"),
        (Trouble(HISTORY, error="token_revoked"), PlatformAway, "set ATTACHE_SLACK_BOT_TOKEN"),
        (Trouble("auth.test", error="invalid_auth"), PlatformAway, "set ATTACHE_SLACK_BOT_TOKEN"),
        (Trouble(HISTORY, error="invalid_cursor"), DeliveryError, "try again later"),
        (
            Trouble(HISTORY, status=429, retry_after=3600, error="ratelimited"),
            DeliveryError,
            "try again later",
        ),
        (Trouble(HISTORY, status=503, html=True), PlatformAway, "try again later"),
        (Trouble(HISTORY, html=True), PlatformAway, "try again later"),
        (Trouble(HISTORY, drop="after", times=9), PlatformAway, "try again later"),
    ],
)
async def test_a_refused_look_is_told_apart_from_a_late_one(slack, messenger, started, trouble, kind, words):
    slack.knobs.troubles.append(trouble)
    with pytest.raises(DeliveryError, match=words) as caught:
        await messenger.find(CHANNEL, key=KEY, after=started)
    assert (type(caught.value), caught.value.permanent) == (kind, False)


async def test_where_we_post_uninvited_the_scope_and_the_channel_are_named(slack, messenger, started):
    await messenger.send(Channel(Platform.SLACK, LOBBY), DIGEST, key=KEY)
    with pytest.raises(DeliveryUnknown, match=LOBBY):
        await messenger.find(Channel(Platform.SLACK, LOBBY), key=KEY, after=started)
    slack.installations[TOKEN].scopes = ("chat:write",)
    with pytest.raises(DeliveryUnknown, match="channels:history"):
        await messenger.find(CHANNEL, key=KEY, after=started)


async def test_reading_is_tried_again_where_the_connection_breaks(slack, messenger, started):
    receipt = await messenger.send(CHANNEL, DIGEST, key=KEY)
    slack.knobs.drop("before", method=HISTORY)
    assert await messenger.find(CHANNEL, key=KEY, after=started) == receipt


# refusals


@pytest.mark.parametrize(
    ("error", "kind", "permanent", "words"),
    [
        ("channel_not_found", ChannelLost, True, "/invite @Attaché"),
        ("not_in_channel", ChannelLost, True, "/invite @Attaché, or take the channel out of the schedule"),
        ("is_archived", ChannelLost, True, "unarchive it"),
        ("restricted_action", ChannelLost, True, "ask an administrator"),
        ("restricted_action_read_only_channel", ChannelLost, True, "ask an administrator"),
        ("restricted_action_thread_only_channel", ChannelLost, True, "choose another channel"),
        ("restricted_action_of_tomorrow", ChannelLost, True, "ask an administrator"),
        ("messages_tab_disabled", ChannelLost, True, "turn on the Messages tab"),
        ("account_inactive", PlatformAway, False, "set ATTACHE_SLACK_BOT_TOKEN"),
        ("token_revoked", PlatformAway, False, "set ATTACHE_SLACK_BOT_TOKEN"),
        ("invalid_auth", PlatformAway, False, "set ATTACHE_SLACK_BOT_TOKEN"),
        ("team_access_not_granted", PlatformAway, False, "install the app again"),
        ("missing_scope", PlatformAway, False, "lacks a permission"),
        ("org_login_required", PlatformAway, False, "is moved: that passes"),
        ("msg_too_long", DeliveryError, True, "report it"),
        ("invalid_blocks", DeliveryError, True, "invalid_blocks"),
        ("msg_blocks_too_long", DeliveryError, True, "report it"),
        ("message_limit_exceeded", DeliveryError, False, "try again later"),
        ("external_channel_migrating", DeliveryError, False, "try again later"),
        ("internal_error", DeliveryUnknown, False, "look into channel"),
        ("fatal_error", DeliveryUnknown, False, "look into channel"),
    ],
)
async def test_a_refused_post_says_what_to_do(slack, messenger, error, kind, permanent, words):
    slack.knobs.refuse(error, method=POST)
    with pytest.raises(DeliveryError, match=words) as caught:
        await messenger.send(CHANNEL, DIGEST, key=KEY)
    assert (type(caught.value), caught.value.permanent) == (kind, permanent)
    assert str(caught.value).endswith(".")
    assert len(slack.asked(POST)) == 1


@pytest.mark.parametrize(
    ("trouble", "kind", "words"),
    [
        (Trouble(POST, status=500, error="internal_error"), DeliveryUnknown, "status 500"),
        (Trouble(POST, status=503, html=True), DeliveryUnknown, "status 503"),
        (Trouble(POST, html=True), DeliveryUnknown, "not Slack"),
        (Trouble(POST, status=404, html=True), PlatformAway, "ATTACHE_SLACK_API_URL"),
        (Trouble(POST, status=407, html=True), PlatformAway, "check the proxy"),
    ],
)
async def test_a_failing_slack_is_not_asked_twice(slack, messenger, trouble, kind, words):
    slack.knobs.troubles.append(trouble)
    with pytest.raises(DeliveryError, match=words) as caught:
        await messenger.send(CHANNEL, DIGEST, key=KEY)
    assert (type(caught.value), caught.value.permanent) == (kind, False)
    assert len(slack.asked(POST)) == 1


@pytest.mark.parametrize("answer", [{}, {"ts": None}, {"ts": "soon"}, {"ts": 1.5}])
async def test_an_answer_without_the_message_s_number_is_none(slack, messenger, answer):
    slack.methods[POST] = lambda call, installation: answer
    with pytest.raises(DeliveryUnknown, match="cannot be read"):
        await messenger.send(CHANNEL, DIGEST, key=KEY)


@pytest.mark.parametrize(
    "page", [{}, {"messages": [], "has_more": True}, {"messages": [{"bot_id": BOT, "metadata": 7}]}]
)
async def test_a_history_that_is_not_one_is_no_proof(slack, messenger, started, page):
    slack.methods[HISTORY] = lambda call, installation: page
    with pytest.raises(DeliveryError):
        await messenger.find(CHANNEL, key=KEY, after=started)


@pytest.mark.parametrize(
    ("body", "kind", "status", "raised"),
    [
        ("hello", "text/plain", 200, DeliveryUnknown),
        ("hello", "text/plain", 502, DeliveryUnknown),
        ("[]", "application/json", 200, DeliveryUnknown),
        ("[1]", "application/json", 200, DeliveryUnknown),
        ("{", "application/json", 200, DeliveryUnknown),
        ("{", "application/json", 403, PlatformAway),
        ("", "application/json", 200, DeliveryUnknown),
    ],
)
async def test_what_answers_may_be_anything(client, clock, started, body, kind, status, raised):
    async def answer(request):
        return web.Response(text=body, content_type=kind, status=status)

    async with TestServer(a_server_that(answer)) as server:
        messenger = SlackMessenger(
            One(make_client(TOKEN, client.session, str(server.make_url("/")))), pacer=clock.pacer
        )
        with pytest.raises(raised):
            await messenger.send(CHANNEL, DIGEST, key=KEY)
        with pytest.raises(PlatformAway):
            await messenger.find(CHANNEL, key=KEY, after=started)


def a_server_that(answers):
    application = web.Application()
    application.router.add_route("*", "/{method}", answers)
    return application


@pytest.mark.parametrize(
    ("external_id", "words"),
    [(ATTIC, "is archived"), (VAULT, "shows Attaché no channel"), ("C404", "shows Attaché no channel")],
)
async def test_channels_that_are_lost(messenger, external_id, words):
    with pytest.raises(ChannelLost, match=words):
        await messenger.send(Channel(Platform.SLACK, external_id), DIGEST, key=KEY)


async def test_a_post_that_is_not_answered_in_time_may_be_there(slack, messenger, started, monkeypatch):
    monkeypatch.setattr("bot.platforms.slack.retrying.ANSWER", 0.05)
    gate = slack.knobs.hold(method=POST)
    with pytest.raises(DeliveryUnknown):
        await messenger.send(CHANNEL, DIGEST, key=KEY)
    gate.set()


async def test_a_slack_that_cannot_be_reached_got_nothing(client, clock, unused_tcp_port):
    lost = make_client(TOKEN, client.session, f"http://127.0.0.1:{unused_tcp_port}/api/")
    with pytest.raises(PlatformAway, match="cannot be reached"):
        await SlackMessenger(One(lost), pacer=clock.pacer).send(CHANNEL, DIGEST, key=KEY)


async def test_a_closed_session_sends_nothing(slack, client, messenger):
    await client.session.close()
    with pytest.raises(PlatformAway, match="not connected"):
        await messenger.send(CHANNEL, DIGEST, key=KEY)
    assert not slack.calls


@pytest.mark.parametrize("refused", ["token_revoked", "account_inactive", "team_access_not_granted"])
async def test_of_several_workspaces_one_that_lets_us_out_loses_its_channels_only(slack, client, refused):
    slack.installations["xoxb-other"] = Installation("xoxb-other", refused=refused)
    clients = {NEWS: "xoxb-other", DESK: TOKEN}

    class Several:
        async def of(self, channel):
            return make_client(clients[channel.external_id], client.session, slack.api_url)

        def revoked(self, client):
            gone.append(client.token)

    gone = []
    messenger = SlackMessenger(Several(), several=True)
    with pytest.raises(ChannelLost, match="install it there again"):
        await messenger.send(CHANNEL, DIGEST, key=KEY)
    assert await messenger.send(Channel(Platform.SLACK, DESK), DIGEST, key=KEY)
    assert gone == (["xoxb-other"] if refused != "team_access_not_granted" else [])


async def test_of_several_workspaces_one_that_is_being_moved_loses_nothing_and_holds_up_no_other(
    slack, client
):
    messenger = SlackMessenger(OneWorkspace(client), several=True)
    slack.knobs.refuse("org_login_required", method=POST)
    with pytest.raises(DeliveryError, match="that passes") as caught:
        await messenger.send(CHANNEL, DIGEST, key=KEY)
    assert (type(caught.value), caught.value.permanent) == (DeliveryError, False)


async def test_commands_in_a_post_are_called_as_they_are_in_the_workspace(slack, client):
    words = Names({"feeds": "sources"}).in_message
    note = advice("", Hint("feeds list", "/feeds list"), " shows why.")
    message = Message(plain("A feed fails"), (note,))
    sender = SlackMessenger(OneWorkspace(client), worded=words)
    await sender.send(CHANNEL, message, key=KEY)
    (post,) = await slack.posted(1)
    assert "/sources list" in str(post["blocks"])
    assert "/feeds" not in str(post["blocks"])


async def test_somebody_is_told_in_the_conversation_with_them_alone(slack, messenger, client, started):
    person = Channel(Platform.SLACK, f"@{READER}")
    receipt = await messenger.send(person, DIGEST, key=KEY)
    direct = (await client.conversations_open(users=READER))["channel"]["id"]
    assert [message["ts"] for message in slack.channels[direct].messages] == [receipt]
    assert await messenger.find(person, key=KEY, after=started) == receipt
    assert await messenger.find(person, key="another", after=started) is None


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        ("user_not_found", ChannelLost),
        ("cannot_dm_bot", ChannelLost),
        ("account_inactive", PlatformAway),
        ("fatal_error", DeliveryError),
    ],
)
async def test_somebody_who_cannot_be_reached_is_told_of(slack, messenger, error, failure):
    slack.knobs.refuse(error, method="conversations.open")
    with pytest.raises(failure) as raised:
        await messenger.send(Channel(Platform.SLACK, f"@{READER}"), DIGEST, key=KEY)
    assert raised.type is failure
    assert not slack.asked("chat.postMessage")
