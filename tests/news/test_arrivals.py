import pytest

from news.arrivals import Known, recognise
from news.feeds import Entry
from news.links import entry_identity
from tests.builders import MORNING
from tests.fakes import NOON

HOST = "https://herald.example"


def known(key, path):
    return Known(key, f"herald.example{path}", "f", url=HOST + path)


@pytest.mark.parametrize(
    ("entries", "stored", "expected"),
    [
        ([("1", "/a")], [("1", "/a")], {"1": "1"}),
        ([("1", "/moved")], [("1", "/a")], {"1": "1"}),
        ([("2", "/a?utm_source=rss")], [("1", "/a")], {"2": "1"}),
        # The old key is still there: what is new at its address is another entry.
        ([("1", "/a"), ("2", "/a")], [("1", "/a")], {"1": "1"}),
        ([("1", "/b"), ("2", "/a")], [("1", "/a")], {"1": "1"}),
        # An address of several entries is no entry's own.
        ([("2", "/"), ("3", "/")], [("1", "/")], {}),
        ([("3", "/")], [("1", "/"), ("2", "/")], {}),
        ([("2", None)], [("1", "/a")], {}),
        ([], [("1", "/a")], {}),
    ],
)
def test_an_entry_is_recognised_by_its_key_or_else_by_an_address_of_its_own(entries, stored, expected):
    document = [Entry(key, url=path and HOST + path) for key, path in entries]
    found = recognise(document, [known(key, path) for key, path in stored])
    assert {key: one.key for key, one in found.items()} == expected


def test_entries_without_an_address_are_not_taken_for_each_other():
    assert recognise([Entry("2"), Entry("3")], [Known("1", None, "f")]) == {}


NEWS = "/2024/12/04/bridge-closes"


def at(path, host="herald.example", key="2", **more):
    return Entry(key, url=f"https://{host}{path}", **more)


def stored(path, host="herald.example", **more):
    url = f"https://{host}{path}"
    return Known("1", entry_identity(url), "f", url=url, **more)


@pytest.mark.parametrize(
    ("entries", "old", "same"),
    [
        ([at(NEWS)], stored(NEWS), True),
        ([at(NEWS, published=NOON)], stored(NEWS, published=MORNING), True),
        # A site that moved, or a mirror of it.
        ([at(NEWS, "new.example"), at("/2024/12/05/other-news", "new.example", "3")], stored(NEWS), True),
        # A feed of several sites' articles.
        ([at(NEWS, "bob.example"), at("/2024/12/05/other-news", "herald.example", "3")], stored(NEWS), False),
        ([at(NEWS, "bob.example"), at("/2024/12/05/other-news", "carol.example", "3")], stored(NEWS), False),
        # An address at which one piece of news comes to lie after the other.
        ([at("/alerts/north", published=NOON)], stored("/alerts/north", published=MORNING), False),
        ([at("/alerts/north", published=NOON)], stored("/alerts/north", published=NOON), True),
        ([at("/alerts/north")], stored("/alerts/north", published=NOON), True),
    ],
)
def test_what_lies_at_one_path_is_one_entry_or_another(entries, old, same):
    assert ("2" in recognise(entries, [old])) is same
