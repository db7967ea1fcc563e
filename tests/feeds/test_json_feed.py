import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.parse import parse
from news.errors import ParseError
from news.feeds import Entry

URL = "https://herald.example/feed.json"
VERSION = "https://jsonfeed.org/version/1.1"


def parsed(*items, **top):
    document = {"version": VERSION, "title": "The Herald", "items": list(items)} | top
    return parse(json.dumps(document).encode(), url=URL)


def test_json_feed_is_read_in_full():
    item = {
        "id": "1", "url": "/vote", "title": "Vote <b> put off", "summary": "Put off again.", "content_html": "<p>One.</p><p>Two &amp; three.</p>",
        "content_text": "passed over", "date_published": "2024-12-04T08:10:00+02:00", "date_modified": "2024-12-05T08:10:00Z",
        "authors": [{"name": "Edda Marlow"}, {"url": "https://a.example"}, {"name": "Jo Stringer"}],
    }  # fmt: skip

    feed = parsed(item)

    assert feed.title == "The Herald"
    assert feed.entries == (
        Entry(
            key="1",
            title="Vote <b> put off",
            url="https://herald.example/vote",
            summary="Put off again.",
            content="One.\nTwo & three.",
            published=datetime(2024, 12, 4, 6, 10, tzinfo=UTC),
            updated=datetime(2024, 12, 5, 8, 10, tzinfo=UTC),
            byline="Edda Marlow, Jo Stringer",
            guid="1",
        ),
    )


@pytest.mark.parametrize(
    ("given_id", "expected"),
    [(7, "7"), (7.0, "7"), (7.5, "7.5"), ("7", "7"), (True, None), ([7], None), (None, None)],
)
def test_id_may_be_a_number(given_id, expected):
    (entry,) = parsed({"id": given_id, "content_text": "x"}).entries

    assert entry.guid == expected


@pytest.mark.parametrize(
    ("top", "item", "expected"),
    [
        ({"author": {"name": "Edda Marlow"}}, {}, "Edda Marlow"),
        ({"authors": [{"name": "Edda Marlow"}]}, {"author": {"name": "Jo Stringer"}}, "Jo Stringer"),
        ({}, {"author": "Jo Stringer"}, "Jo Stringer"),
        ({"authors": 5}, {"authors": {"name": []}}, None),
    ],
)
def test_byline_is_the_items_own_else_the_feeds(top, item, expected):
    (entry,) = parsed({"content_text": "x"} | item, **top).entries

    assert entry.byline == expected


def test_external_link_stands_where_there_is_no_other():
    (entry,) = parsed({"id": "1", "external_url": "https://b.example/x"}).entries

    assert entry.url == "https://b.example/x"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"{}",
        b'{"items": [], "version": 5}',
        b'{"version": "x", "items": []}',
        b"[" * 100_000,
        b'{"items":' * 20_000,
    ],
)
def test_other_json_is_no_feed(body):
    with pytest.raises(ParseError):
        parse(body, url=URL)


@pytest.mark.parametrize("items", [None, {}, "x", [], [None, 5, []]])
def test_feed_without_entries_is_a_feed(items):
    assert parse(json.dumps({"version": VERSION, "items": items}).encode(), url=URL).entries == ()


def test_feed_with_a_mark_and_control_characters_is_read():
    body = f'\ufeff{{"version": "{VERSION}", "title": "A\tb\x01", "items": [{{"id": "1", "content_text": "x\ny"}}]}}'

    feed = parse(body.encode(), url=URL)

    assert (feed.title, feed.entries[0].content) == ("A b", "x\ny")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "url"]), inner, max_size=2)
    ),
    max_leaves=5,
)
FIELDS = [
    *("id", "url", "external_url", "title", "content_html", "content_text", "summary", "tags"),
    *("date_published", "date_modified", "author", "authors"),
]


@given(st.lists(st.dictionaries(st.sampled_from(FIELDS), ANYTHING)), ANYTHING)
def test_values_of_any_type_never_fail(items, title):
    feed = parsed(*items, title=title)

    assert all(entry.key for entry in feed.entries)
