import pytest

from news.arrivals import Known, recognise
from news.feeds import Entry

HOST = "https://herald.example"


def known(key, path):
    return Known(key, f"herald.example{path}", "f")


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
