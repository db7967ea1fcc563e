"""What messages say of feeds, asked and unasked, before any platform renders them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.messages.feeds import (
    exported_message,
    feed_added_message,
    feed_removed_message,
    feeds_message,
    imported_message,
)
from bot.messages.message import Attachment, Link, Place, Sources, Text
from bot.messages.notices import notices_message, recipient_message
from bot.platforms.discord.rendering import render as render_discord
from bot.platforms.terminal.rendering import render as render_terminal
from news.channels import Channel, DeliveryState, Platform, WorkspaceId
from news.feeds import Feed, FeedId, Follow, Gone, Imported
from news.notices import Notice, NoticeId, NoticeKind, Recipient
from news.polling import after_failure, after_success
from tests.bot.hostile import ACTING, FOREIGN, acting
from tests.bot.samples import KYIV, MORNING, notes, told
from tests.discord.fake import breaches

HERE, THERE = Channel(Platform.DISCORD, "9"), Channel(Platform.TERMINAL, "local")
OLD = "Nothing old is posted: digests tell what is new; whosaid finds all that was read."
TOLD_HERE = "This channel is told when a feed fails; feeds notices off ends that."
SOON = "They are read with the next rounds of the running bot; feeds list shows how they fare."
WHEN = "Once when it has failed for a day or has ended, and once when it is back."
FEED = Feed(FeedId(1), "https://kurier.example/feed.xml", outlet="Kurier")


LATER = MORNING + timedelta(hours=1)
WELL = replace(FEED, last_success=MORNING, next_check=LATER + timedelta(minutes=30))


@pytest.mark.parametrize(
    ("feed", "expected"),
    [
        (FEED, "Kurier  not read yet; first try with the next round"),
        (replace(FEED, outlet=None), "kurier.example  not read yet; first try with the next round"),
        (WELL, "Kurier  well, read <full>; next <time>, every 30 minutes"),
        (
            replace(WELL, interval=timedelta(hours=6), next_check=LATER + timedelta(days=1)),
            "Kurier  well, read <full>; next <full>, every 6 hours",
        ),
        (replace(WELL, next_check=LATER), "Kurier  well, read <full>; next with the next round, every 30 minutes"),
        (
            after_failure(WELL, "https://kurier.example/feed.xml answers 500: try again later.", LATER),
            "Kurier  failing since <full>: it answers 500: try again later. Next try <time>; last read <full>",
        ),
        (
            after_failure(FEED, "https://other.example/ is empty: check it", LATER),
            "Kurier  failing since <full>: https://other.example/ is empty: check it. Next try <time>",
        ),
        (
            after_failure(replace(FEED, url="https://me:key@k.example/"), "https://k.example/ is empty.", LATER),
            "Kurier  failing since <full>: it is empty. Next try <time>",
        ),
        (
            replace(FEED, failing_since=MORNING),
            "Kurier  failing since <full>: no reason was kept. Next try with the next round",
        ),
        (
            after_success(FEED, Gone(), MORNING),
            "Kurier  ended <full>, its server says (410 Gone): look for its new address, and remove this one",
        ),
    ],
)  # fmt: skip
def test_a_feed_is_listed_by_name_with_how_it_fares(feed, expected):
    (listed,) = feeds_message([Follow(feed)], LATER, KYIV).blocks
    assert isinstance(listed, Sources)
    (line,) = listed.items
    assert told(line) == expected
    assert isinstance(line[0], Link)
    assert line[0].url == feed.url.replace("me:key@", "")


def test_feeds_are_listed_failing_ones_first_and_then_by_folder():
    def follow(name, folder="", **state):
        return Follow(replace(WELL, outlet=name, **state), folder)

    follows = [
        follow("A", "World"),
        follow("B"),
        follow("C", "World", failing_since=MORNING, ended=True),
        follow("D", "Home"),
        follow("E", "World", failing_since=MORNING, last_error="it is empty."),
        follow("F", "World"),
    ]
    message = feeds_message(follows, LATER, KYIV)
    assert told(message.title) == "6 feeds, 1 failing, 1 ended"
    (listed,) = message.blocks
    assert isinstance(listed, Sources)
    names = [told(line).partition("  ")[0] for line in listed.items]
    assert names == ["E (in World)", "C (in World)", "", "B", "", "World", "A", "F", "", "Home", "D"]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (
            feed_added_message(WELL, 12, KYIV),
            ["Following Kurier: 12 articles read", OLD],
        ),
        (
            feed_added_message(WELL, 1, KYIV, found_on="https://kurier.example/", tells_here=True),
            ["Following Kurier (found on https://kurier.example/): 1 article read", OLD, TOLD_HERE],
        ),
        (
            feed_removed_message(WELL, KYIV),
            ["No longer following Kurier (https://kurier.example/feed.xml); what was read from it stays stored"],
        ),
        (
            imported_message(Imported(480, 15, 5), KYIV, tells_here=True),
            ["Following 480 feeds; 15 were followed already; 5 are no web addresses", SOON, TOLD_HERE],
        ),
        (imported_message(Imported(1), KYIV), ["Following 1 feed", SOON]),
        (
            imported_message(Imported(0, 1, 1), KYIV),
            ["Following 0 feeds; 1 was followed already; 1 is no web address"],
        ),
        (
            recipient_message(Recipient(HERE), HERE, KYIV),
            ["This channel is told when a feed fails", WHEN, "feeds notices off ends that."],
        ),
        (
            recipient_message(Recipient(HERE), THERE, KYIV),
            ["Another channel (discord:9) is told when a feed fails", WHEN, "feeds notices off ends that."],
        ),
        (
            recipient_message(Recipient(THERE), THERE, KYIV),
            ["The terminal of attache run is told when a feed fails", WHEN, "feeds notices off ends that."],
        ),
        (
            recipient_message(Recipient(chosen=True), HERE, KYIV),
            ["Nobody is told when a feed fails", "feeds notices here tells this channel."],
        ),
    ],
)  # fmt: skip
def test_what_was_done_about_feeds_is_told(message, expected):
    assert [told(message.title), *notes(message)] == expected


def test_a_list_of_feeds_comes_as_a_file():
    message = exported_message([Follow(WELL)], b"<opml/>", KYIV)
    assert told(message.title) == "1 feed as OPML, which other readers take"
    assert message.attachments == (Attachment("feeds.opml", b"<opml/>"),)


def a_notice(number=1, kind=NoticeKind.FAILING, **more):
    given = {"name": "Kurier", "url": FEED.url, "reason": "it is empty."} | more
    return Notice(
        id=NoticeId(number),
        workspace_id=WorkspaceId(1),
        feed_id=FeedId(number),
        kind=kind,
        since=MORNING,
        channel=HERE,
        made=LATER,
        state=DeliveryState.SENDING,
        touched=LATER,
        **given,
    )


def test_a_feed_without_a_name_is_told_by_its_host():
    message = notices_message([a_notice(name=FEED.url)])
    assert told(message.title) == "kurier.example has failed for a day"
    assert notes(message) == ["feeds list shows how all of them fare; feeds notices off ends these notices."]


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("discord:123", Place(Channel(Platform.DISCORD, "123"))),
        (f"{HERE.platform}:{HERE.external_id}", Text("here")),
        ("elsewhere", Text("elsewhere")),
    ],
)
def test_a_schedule_that_stopped_is_told_with_its_channel_and_the_way_on(url, place):
    message = notices_message(
        [a_notice(kind=NoticeKind.PAUSED, name="Morning", url=url, reason="It is gone.")]
    )
    assert told(message.title) == "Morning is not posted any more"
    assert message.blocks[0].items[0][1] == place
    assert notes(message) == [
        (
            "Nothing is lost: once that is put right, schedule resume NUMBER posts it again; "
            "schedule list shows its number."
        )
    ]


def thousand():
    """A thousand feeds of hostile, foreign and endless names; every seventh fails, every hundredth has ended."""
    words = (*ACTING, *FOREIGN, "x" * 2000, "plain")
    for number in range(1000):
        word = words[number % len(words)]
        feed = Feed(FeedId(number), f"https://{number}.example/{word[:40]}", outlet=f"{number} {word}")
        if number % 100 == 0:
            feed = after_success(feed, Gone(), MORNING)
        elif number % 7 == 0:
            feed = after_failure(feed, f"{word} {word}", MORNING)
        elif number % 3:
            feed = replace(feed, last_success=MORNING, next_check=LATER)
        yield Follow(feed, ("", "World/Asia", word)[number % 3])


def test_a_long_hostile_list_is_no_flood_and_does_nothing():
    message = feeds_message(tuple(thousand()), LATER, KYIV)
    embeds = render_discord(message)
    assert breaches({"embeds": [embed.to_dict() for embed in embeds]}) == []
    text = embeds[0].description or ""
    assert "left out for length" in text
    assert "failing since" in text
    assert "well, read" not in text
    assert embeds[0].title == "1000 feeds, 141 failing, 10 ended, 283 not read yet"
    shown = render_terminal(message, width=100, color=False)
    assert acting(shown) == []
    assert all(f"https://{number}.example/" in shown for number in range(1000))


def test_notices_of_hostile_feeds_are_within_limits_and_do_nothing():
    notices = [
        a_notice(
            number, list(NoticeKind)[number % 3], name=follow.feed.name, url=follow.feed.url, reason="x" * 999
        )
        for number, follow in enumerate(thousand())
    ]
    for some in (notices[:1], notices[20:21], notices):
        message = notices_message(some, all_failing=True)
        embeds = render_discord(message, key=some[0].key)
        assert breaches({"embeds": [embed.to_dict() for embed in embeds]}) == []
        assert embeds[-1].footer.text == some[0].key
        assert acting(render_terminal(message, width=60, color=False)) == []
