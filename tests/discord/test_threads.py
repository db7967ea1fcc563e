"""Digests in threads, in forums and to one person: whole and once, whatever is lost on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.messages.digest import digest_message
from news.channels import Channel, Platform
from news.errors import ChannelLost, DeliveryUnknown, PlatformAway
from tests.bot.samples import a_full_digest

CHANNEL = Channel(Platform.DISCORD, "9")
WHOLE = digest_message(a_full_digest())
IN_PARTS = replace(WHOLE, threaded=True)
KEY = "attache-123"
ALONE = Channel(Platform.DISCORD, "@77")


@pytest.fixture
def started():
    return datetime.now(UTC)


def keys(messages):
    return [embed["footer"]["text"] for m in messages for embed in m["embeds"] if embed.get("footer")]


def parts_of(fake, thread):
    """The keys of what stands in a thread."""
    return keys(fake.messages.get(int(thread), []))


ALL = [f"{KEY}-{number}" for number in range(1, 4)]


async def test_a_digest_in_parts_is_an_opening_and_a_thread_on_it(fake, messenger):
    receipt = await messenger.send(CHANNEL, IN_PARTS, key=KEY)
    assert keys(fake.messages[9]) == [KEY]
    thread = fake.threads[int(receipt)]
    assert (thread["parent_id"], thread["name"]) == (9, "Morning digest about harbour · 12 Mar 2025")
    assert parts_of(fake, receipt) == ALL[: len(parts_of(fake, receipt))] != []
    assert all(payload["allowed_mentions"] == {"parse": []} for payload in fake.post_attempts)
    assert all(payload["enforce_nonce"] for payload in fake.post_attempts)
    shown = str(fake.messages)
    assert all(story.name in shown for story in a_full_digest().stories)


@pytest.mark.parametrize("lost", ["thread", "before", "after"])
async def test_what_a_lost_answer_left_behind_is_found_and_added_to(fake, messenger, started, lost):
    if lost == "thread":
        fake.lose_thread_answers = 1
    else:
        fake.lose_part = (f"{KEY}-1", lost)
    with pytest.raises(DeliveryUnknown):
        await messenger.send(CHANNEL, IN_PARTS, key=KEY)
    receipt = await messenger.find(CHANNEL, key=KEY, after=started)
    for _ in range(2):  # a second time there is nothing to do
        await messenger.complete(CHANNEL, IN_PARTS, key=KEY, receipt=receipt)
    assert keys(fake.messages[9]) == [KEY]
    found = parts_of(fake, receipt)
    assert found == ALL[: len(found)] != []


async def test_where_no_thread_may_be_the_opening_becomes_the_whole(fake, messenger, started):
    fake.without_threads.add(9)
    receipt = await messenger.send(CHANNEL, IN_PARTS, key=KEY)
    (message,) = fake.messages[9]
    assert (message["id"], keys([message])) == (receipt, [KEY])
    assert [embed.get("title") for embed in message["embeds"][1:]] == [
        embed.get("title") for embed in (await posted_whole(fake, messenger))["embeds"][1:]
    ]


async def posted_whole(fake, messenger):
    await messenger.send(Channel(Platform.DISCORD, "10"), WHOLE, key=KEY)
    return fake.messages[10][-1]


async def test_within_a_thread_a_digest_in_parts_is_one_message(fake, messenger):
    fake.threads[9] = {"name": "news", "parent_id": 8, "owner_id": "1"}
    receipt = await messenger.send(CHANNEL, IN_PARTS, key=KEY)
    assert (keys(fake.messages[9]), parts_of(fake, receipt)) == ([KEY], [])


@pytest.mark.parametrize("message", [WHOLE, IN_PARTS], ids=["whole", "in parts"])
async def test_a_forum_gets_a_thread(fake, messenger, started, message):
    fake.forums.add(9)
    receipt = await messenger.send(CHANNEL, message, key=KEY)
    assert fake.threads[int(receipt)]["parent_id"] == 9
    first, *others = parts_of(fake, receipt)
    assert (first, others) == (KEY, ALL[: len(others)])
    assert bool(others) is message.threaded
    assert await messenger.find(CHANNEL, key=KEY, after=started) == receipt
    assert await messenger.find(CHANNEL, key="attache-12", after=started) is None
    assert 9 not in fake.messages


async def test_a_lost_thread_of_a_forum_is_found_and_added_to(fake, messenger, started):
    fake.forums.add(9)
    fake.lose_thread_answers = 1
    with pytest.raises(DeliveryUnknown):
        await messenger.send(CHANNEL, IN_PARTS, key=KEY)
    receipt = await messenger.find(CHANNEL, key=KEY, after=started)
    await messenger.complete(CHANNEL, IN_PARTS, key=KEY, receipt=receipt)
    first, *others = parts_of(fake, receipt)
    assert (first, others) == (KEY, ALL[: len(others)])
    assert len(fake.threads) == 1
    assert others


async def test_one_person_is_told_in_private(fake, messenger, started):
    alone = Channel(Platform.DISCORD, "@77")
    receipt = await messenger.send(alone, WHOLE, key=KEY)
    assert keys(fake.messages[977]) == [KEY]
    assert await messenger.find(alone, key=KEY, after=started) == receipt


@pytest.mark.parametrize("external_id", ["@", "@me", "@-7", "@" + "9" * 30])
async def test_a_person_that_is_no_number_is_refused_for_good(messenger, external_id):
    with pytest.raises(ChannelLost):
        await messenger.send(Channel(Platform.DISCORD, external_id), WHOLE, key=KEY)


@pytest.mark.parametrize("place", ["channel", "forum"])
@pytest.mark.parametrize("status", [401, 429])
async def test_what_stops_half_way_is_found_and_never_begun_anew(fake, messenger, started, place, status):
    fake.forums |= {9} if place == "forum" else set()
    fake.knobs.refuse_posts = [status] if place == "forum" else [0, status]
    if place == "forum":
        messenger._forums.add(9)
    with pytest.raises(DeliveryUnknown):
        await messenger.send(CHANNEL, IN_PARTS, key=KEY)
    receipt = await messenger.find(CHANNEL, key=KEY, after=started)
    await messenger.complete(CHANNEL, IN_PARTS, key=KEY, receipt=receipt)
    assert len(fake.threads) == 1
    assert keys(fake.messages.get(9, [])) == ([] if place == "forum" else [KEY])
    found = [key for key in parts_of(fake, receipt) if key != KEY]
    assert found == ALL[: len(found)] != []


async def test_a_thread_of_a_forum_is_asked_for_once_where_discord_fails(fake, messenger, started):
    fake.forums.add(9)
    fake.fail_threads = 1
    with pytest.raises(DeliveryUnknown):
        await messenger.send(CHANNEL, WHOLE, key=KEY)
    assert len(fake.threads) == 1
    assert await messenger.find(CHANNEL, key=KEY, after=started) is not None


async def test_a_thread_of_a_forum_that_was_closed_meanwhile_is_found(fake, messenger, started):
    fake.forums.add(9)
    receipt = await messenger.send(CHANNEL, WHOLE, key=KEY)
    fake.archived.add(int(receipt))
    assert await messenger.find(CHANNEL, key=KEY, after=started) == receipt


async def test_a_forum_that_wants_a_tag_gets_one_that_anybody_may_give(fake, messenger):
    fake.forums.add(9)
    await messenger.send(CHANNEL, WHOLE, key=KEY)
    fake.wants_tag = True
    await messenger.send(CHANNEL, WHOLE, key=f"{KEY}4")
    assert fake.tags == [[], ["2"]]


@pytest.mark.parametrize("what", ["opening", "thread"])
async def test_what_somebody_takes_away_at_once_is_no_channel_that_is_lost(fake, messenger, what):
    fake.take_away = what
    assert await messenger.send(CHANNEL, IN_PARTS, key=KEY) == fake.messages[9][0]["id"]


async def test_where_nothing_may_be_posted_in_threads_the_permission_is_named(fake, messenger):
    fake.knobs.refuse_posts = [0, 403]
    with pytest.raises(ChannelLost, match="Send Messages in Threads"):
        await messenger.send(CHANNEL, IN_PARTS, key=KEY)


async def test_a_person_that_cannot_be_reached_now_is_looked_for_later(fake, messenger, started):
    fake.fail_people = True
    for asked in (messenger.find(ALONE, key=KEY, after=started), messenger.send(ALONE, WHOLE, key=KEY)):
        with pytest.raises(PlatformAway):
            await asked
