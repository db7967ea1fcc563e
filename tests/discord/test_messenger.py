"""Posts arrive once, and a lost one is found again or known not to be there."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from bot.messages.message import Attachment, Message, Paragraph, plain
from news.channels import Channel, Platform
from news.errors import ChannelLost, DeliveryError, DeliveryUnknown, PlatformAway

CHANNEL = Channel(Platform.DISCORD, "9")
DIGEST = Message(plain("Digest"), (Paragraph(plain("Nothing new.")),))
KEY = "attache-123"


@pytest.fixture
def started():
    return datetime.now(UTC)


async def test_a_post_arrives_once_with_its_key_and_pings_nobody(fake, messenger):
    receipt = await messenger.send(CHANNEL, DIGEST, key=KEY)
    [payload] = fake.post_attempts
    assert receipt == fake.messages[9][0]["id"]
    assert (payload["nonce"], payload["enforce_nonce"]) == (KEY, True)
    assert payload["allowed_mentions"] == {"parse": []}
    assert payload["embeds"][-1]["footer"] == {"text": KEY}


async def test_a_file_comes_with_a_post_that_keeps_its_key(fake, messenger):
    message = Message(plain("2 feeds"), attachments=(Attachment("feeds.opml", b"<opml/>"),))
    await messenger.send(CHANNEL, message, key=KEY)
    [payload] = fake.post_attempts
    assert (payload["nonce"], payload["enforce_nonce"]) == (KEY, True)
    assert payload["files"] == {"feeds.opml": b"<opml/>"}


async def test_the_same_key_gives_the_first_post_again(fake, messenger):
    first = await messenger.send(CHANNEL, DIGEST, key=KEY)
    assert await messenger.send(CHANNEL, DIGEST, key=KEY) == first
    assert len(fake.messages[9]) == 1


async def test_a_post_whose_answer_was_lost_is_found(fake, messenger, started):
    fake.knobs.drop_after_storing = 1
    with pytest.raises(DeliveryUnknown):
        await messenger.send(CHANNEL, DIGEST, key=KEY)
    assert await messenger.find(CHANNEL, key=KEY, after=started) == fake.messages[9][0]["id"]
    assert len(fake.messages[9]) == 1


async def test_a_post_that_never_arrived_is_known_not_to_be_there(fake, messenger, started):
    fake.knobs.drop_before_storing = 1
    with pytest.raises(DeliveryUnknown):
        await messenger.send(CHANNEL, DIGEST, key=KEY)
    assert await messenger.find(CHANNEL, key=KEY, after=started) is None


async def test_a_post_is_found_though_our_clock_is_ahead(messenger, started):
    receipt = await messenger.send(CHANNEL, DIGEST, key=KEY)
    ahead = started + timedelta(minutes=4)
    assert await messenger.find(CHANNEL, key=KEY, after=ahead) == receipt


async def test_only_our_own_post_with_that_very_key_is_found(fake, messenger, started):
    await messenger.send(CHANNEL, DIGEST, key="attache-12")
    forged = fake.add_message(9)
    forged["embeds"] = [{"type": "rich", "footer": {"text": KEY}}]
    assert await messenger.find(CHANNEL, key=KEY, after=started) is None


async def test_a_post_is_found_behind_many_others(fake, messenger, started):
    for _ in range(150):
        fake.add_message(9)
    receipt = await messenger.send(CHANNEL, DIGEST, key=KEY)
    assert await messenger.find(CHANNEL, key=KEY, after=started) == receipt


async def test_a_channel_that_is_too_busy_to_look_through_stays_unknown(fake, messenger, started):
    for _ in range(1001):
        fake.add_message(9)
    with pytest.raises(DeliveryUnknown, match="too many messages"):
        await messenger.find(CHANNEL, key=KEY, after=started)


async def test_a_history_that_is_hidden_is_no_proof(fake, messenger, started):
    fake.add_message(9)
    fake.knobs.hide_history = True
    with pytest.raises(DeliveryUnknown, match="Read Message History"):
        await messenger.find(CHANNEL, key=KEY, after=started)


async def test_a_channel_without_news_since_is_proof(fake, messenger, started):
    fake.add_message(9, at=time.time() - timedelta(days=2).total_seconds())
    assert await messenger.find(CHANNEL, key=KEY, after=started) is None


@pytest.mark.parametrize(
    ("status", "kind", "permanent", "words"),
    [
        (400, DeliveryError, True, "refuses the post"),
        (401, PlatformAway, False, "set ATTACHE_DISCORD_TOKEN"),
        (403, ChannelLost, True, "give it View Channel"),
        (404, ChannelLost, True, "choose another channel"),
        (429, PlatformAway, False, "nothing from this address"),
        (503, DeliveryUnknown, False, "status 503"),
    ],
)
async def test_a_refused_post_says_what_to_do(fake, messenger, status, kind, permanent, words):
    fake.knobs.refuse_posts = [status]
    with pytest.raises(DeliveryError, match=words) as caught:
        await messenger.send(CHANNEL, DIGEST, key=KEY)
    assert (type(caught.value), caught.value.permanent) == (kind, permanent)
    assert 9 not in fake.messages


async def test_a_channel_that_is_full_for_long_holds_nobody_up(fake, messenger):
    fake.knobs.full_for = 3600.0
    with pytest.raises(DeliveryError, match="takes no more posts") as caught:
        await messenger.send(CHANNEL, DIGEST, key=KEY)
    assert (type(caught.value), caught.value.permanent) == (DeliveryError, False)


async def test_what_discord_may_have_taken_before_it_refused_is_looked_for(fake, messenger):
    fake.knobs.refuse_posts = [502, 429]  # after the first one discord.py asks again by itself
    with pytest.raises(DeliveryUnknown):
        await messenger.send(CHANNEL, DIGEST, key=KEY)
    assert len(fake.post_attempts) == 2


@pytest.mark.parametrize(
    ("status", "kind"),
    [(403, DeliveryUnknown), (404, DeliveryUnknown), (429, PlatformAway), (503, PlatformAway)],
)
async def test_a_refused_look_is_told_apart_from_a_late_one(fake, messenger, started, status, kind):
    fake.knobs.refuse_history = status
    with pytest.raises(DeliveryError) as caught:
        await messenger.find(CHANNEL, key=KEY, after=started)
    assert (type(caught.value), caught.value.permanent) == (kind, False)


@pytest.mark.parametrize("external_id", ["", "general", "-9", "9 ", "٩", "9" * 5000])
async def test_a_channel_that_is_no_number_is_refused_for_good(fake, messenger, external_id):
    with pytest.raises(DeliveryError, match="is no Discord channel") as caught:
        await messenger.send(Channel(Platform.DISCORD, external_id), DIGEST, key=KEY)
    assert caught.value.permanent
    assert not fake.post_attempts


async def test_a_closed_connection_sends_nothing(fake, connect):
    async with connect() as messenger:
        assert messenger.platform is Platform.DISCORD
    with pytest.raises(DeliveryError, match="not connected"):
        await messenger.send(CHANNEL, DIGEST, key=KEY)
