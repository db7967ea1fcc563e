"""What an entry is worth as an article."""

from dataclasses import replace

import pytest

from bot.jobs.drafting import WHOLE, Publisher, apart, draft_of_page, fingerprint, is_whole, without_stamp
from news.arrivals import Arrival
from news.articles import ArticleDraft
from news.feeds import Entry, Page
from news.links import entry_identity
from tests.fakes import NOON

HERALD = Publisher(("https://feeds.herald.example/world", "https://www.herald.example/feed"), "Daily Herald")
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
    assert is_whole(replace(ENTRY, **changes), HERALD) is whole


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


def test_a_site_does_not_speak_in_a_strangers_feed_that_it_redirects_to():
    out = Publisher(("https://herald.example/out?u=evil", "https://evil.example/feed"))
    assert not out.owns("https://herald.example/1")
    assert not out.owns("https://evil.example/1")
    assert HERALD.owns(ENTRY.url)


@pytest.mark.parametrize(
    ("entry", "page", "url"),
    [
        ("https://herald.example/1", "https://herald.example/2", "https://herald.example/2"),
        ("https://herald.example/1", "https://herald.example/", "https://herald.example/1"),
        ("https://herald.example/", "https://herald.example/", "https://herald.example/"),
        ("https://herald.example/1", "", "https://herald.example/1"),
    ],
)
def test_a_first_page_is_not_the_address_of_other_pages(entry, page, url):
    assert draft_of_page(replace(ENTRY, url=entry), Page(page, "Words."), HERALD).url == url


def an_arrival(entry, page=None, *, words="The page."):
    url = f"https://herald.example/{entry}"
    draft = ArticleDraft(words, url=f"https://herald.example/{page or entry}")
    said = ArticleDraft(f"Of {entry}.", url=url, partial=True)
    return Arrival(entry, draft, "f", address=entry_identity(url), instead=said)


@pytest.mark.parametrize(
    ("led", "texts"),
    [
        ([("a", "login"), ("b", "login"), ("c", None)], ["Of a.", "Of b.", "The page."]),
        ([("a", "a-better-address"), ("b", None)], ["The page.", "The page."]),
        ([("a", "login")], ["The page."]),
    ],
)
def test_where_several_pages_are_one_the_feeds_own_words_are_kept(led, texts):
    assert [arrival.draft.text for arrival in apart([an_arrival(*each) for each in led])] == texts


@pytest.mark.parametrize(
    ("updated", "told"),
    [([NOON] * 3, False), ([NOON] * 2, True), ([NOON, NOON, None], True), ([None] * 3, False)],
)
def test_the_moment_at_which_all_was_changed_tells_nothing(updated, told):
    entries = [Entry(str(n), updated=at) for n, at in enumerate(updated)]
    assert [e.updated for e in without_stamp(entries)] == (updated if told else [None] * len(updated))
