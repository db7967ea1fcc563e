from datetime import UTC, datetime

import pytest

from feeds.keys import Published, with_keys

NOON = datetime(2024, 12, 4, 12, tzinfo=UTC)


def published(guid=None, url=None, title=None, *, summary="", at=None):
    return Published(guid, title, url, summary, "", at, None, None)


def keys(*entries):
    return [entry.key for entry in with_keys(entries)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (published("https://herald.example/2024/vote-17"), published("http://www.herald.example/2024/vote-17/?utm_source=rss")),
        (published(url="https://herald.example/a/1"), published(url="https://herald.example/a/1?utm_medium=feed#xtor=RSS-1")),
        (published("x", "https://herald.example/a"), published("x", "https://herald.example/b", "Other words")),
        (published(title="Vote", url="https://herald.example/", at=NOON, summary="a"), published(title="Vote", url="https://herald.example/", at=NOON, summary="b")),
    ],
)  # fmt: skip
def test_entry_is_itself_in_another_document(one, other):
    assert keys(one) == keys(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (published("1"), published("2")),
        (published("https://herald.example/?p=1"), published("https://herald.example/?p=2")),
        (published("https://herald.example/changes#v1"), published("https://herald.example/changes#v2")),
        (published(url="https://herald.example/a"), published(url="https://herald.example/b")),
        (published("same", "https://herald.example/a"), published("same", "https://herald.example/b")),
        (published(url="https://herald.example/", title="A"), published(url="https://herald.example/", title="B")),
        (published(url="https://herald.example/news", title="A"), published(url="https://herald.example/news", title="B")),
        (published(url="https://herald.example/", title="A", at=NOON), published(url="https://herald.example/", title="A")),
        (published("https://a.example/2024/12/04/briefing"), published("https://b.example/2024/12/04/briefing")),
        (published(title="A"), published(title="B")),
    ],
)  # fmt: skip
def test_entries_of_one_document_stay_apart(one, other):
    assert len(keys(one, other)) == 2


def test_id_that_entries_with_different_links_share_gives_way_to_the_link():
    found = keys(
        published("feed", "https://herald.example/a"),
        published("feed", "https://herald.example/b"),
        published("17"),
    )

    assert found == ["herald.example/a", "herald.example/b", "17"]


def test_id_that_all_entries_share_tells_none_apart():
    found = with_keys([published("feed", "https://herald.example/", title) for title in "ABC"])

    assert [entry.title for entry in found] == ["A", "B", "C"]
    assert len({entry.key for entry in found}) == 3


def test_id_that_is_no_address_is_the_key_as_it_stands():
    assert keys(published("tag:herald.example,2024:1"), published("A b c")) == [
        "tag:herald.example,2024:1",
        "A b c",
    ]


def test_first_of_several_with_one_key_is_kept_with_its_id_as_published():
    first, second = (
        published("https://www.herald.example/1/", title="A"),
        published("http://herald.example/1", title="B"),
    )

    (entry,) = with_keys([first, second])

    assert (entry.title, entry.guid, entry.key) == ("A", "https://www.herald.example/1/", "herald.example/1")


def test_entry_that_comes_twice_is_one():
    twice = [
        published(url="https://a.example/2024/12/04/briefing"),
        published(url="http://www.a.example/2024/12/04/briefing/"),
    ]

    assert keys(*twice) == ["a.example/2024/12/04/briefing"]
