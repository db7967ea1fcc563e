"""What an entry is worth as an article."""

from dataclasses import replace

import pytest

from bot.jobs.drafting import WHOLE, fingerprint, is_whole
from news.feeds import Entry, Feed, FeedId
from tests.fakes import NOON

FEED = Feed(FeedId(1), "https://feeds.herald.example/world")
WORDS = "The bridge will close on Monday, the mayor said. " * 40
ENTRY = Entry(
    "1", title="Bridge to close", url="https://www.herald.example/1", summary="A teaser.", content=WORDS
)


@pytest.mark.parametrize(
    ("changes", "whole"),
    [
        ({}, True),
        ({"content": WORDS[: WHOLE - 1]}, False),
        ({"content": "", "summary": WORDS}, False),  # a summary is one, however long
        ({"content": WORDS + "The bridge …"}, False),
        ({"content": WORDS + "The bridge [...]"}, False),
        ({"content": WORDS + "\nRead more »"}, False),
        ({"content": WORDS + "\nContinue reading “Bridge to close” →"}, False),
        ({"content": WORDS + "\nRead the full story at the Herald."}, False),
        ({"url": "https://post.example/1"}, False),
        ({"url": None}, False),
    ],
)
def test_a_feed_carries_the_whole_article_or_a_teaser(changes, whole):
    assert is_whole(replace(ENTRY, **changes), FEED) is whole


@pytest.mark.parametrize(
    ("changes", "edited"),
    [
        ({"title": "Bridge shut"}, True),
        ({"content": WORDS + "."}, True),
        ({"updated": NOON}, True),
        ({"url": "https://herald.example/1?utm_source=x"}, False),
        ({"url": "https://herald.example/2"}, True),
        ({"published": NOON, "byline": "Edda Marlow", "key": "2"}, False),
    ],
)
def test_an_entry_is_edited_where_its_words_or_its_time_of_change_are(changes, edited):
    assert (fingerprint(replace(ENTRY, **changes)) != fingerprint(ENTRY)) is edited
