from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.times import read_time


def at(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wed, 04 Dec 2024 08:10:00 +0200", at(2024, 12, 4, 6, 10)),
        ("Wed,4 Dec 24 08:10 EST", at(2024, 12, 4, 13, 10)),
        ("04 Dec 2024 08:10:00 GMT+02:00", at(2024, 12, 4, 6, 10)),
        ("Wed, 04 December, 2024 08:10:00 UTC+2", at(2024, 12, 4, 6, 10)),
        ("Wed, 04-Dec-2024 08:10:00 GMT", at(2024, 12, 4, 8, 10)),
        ("Wed, 4 Dec 2024 8:1:5 GMT", at(2024, 12, 4, 8, 1, 5)),
        ("Wed, 04 Dec 2024 08:10:00 +0200 (CET)", at(2024, 12, 4, 6, 10)),
        ("Wed, 04 Dec 2024 24:00:00 GMT", at(2024, 12, 5)),
        ("Tue, 31 Dec 2024 23:59:60 GMT", at(2025, 1, 1)),
        ("Wed, 04 Dec 2024 8:10:00 PM EST", at(2024, 12, 5, 1, 10)),
        ("Wed Dec  4 08:10:00 2024", at(2024, 12, 4, 8, 10)),
        ("Wed Dec 04 08:10:00 PST 2024", at(2024, 12, 4, 16, 10)),
        ("Wednesday, December 4, 2024 8:10 AM", at(2024, 12, 4, 8, 10)),
        ("December 4th, 2024", at(2024, 12, 4)),
        ("4 de diciembre de 2024", at(2024, 12, 4)),
        ("mer. 4 décembre 2024 08:10", at(2024, 12, 4, 8, 10)),
        ("Mi, 04 Dez 2024 08:10:00 +0100", at(2024, 12, 4, 7, 10)),
        ("4 декабря 2024 08:10", at(2024, 12, 4, 8, 10)),
        ("2024年12月4日 08:10", at(2024, 12, 4, 8, 10)),
        ("04 Dec 99", at(1999, 12, 4)),
        ("2024-12-04T08:10:00.123+02:00", at(2024, 12, 4, 6, 10)),
        ("2024-12-04T08:10:00,5Z", at(2024, 12, 4, 8, 10)),
        ("2024-12-04 08:10 +0200", at(2024, 12, 4, 6, 10)),
        ("2024-12-04T08:10:00 EST", at(2024, 12, 4, 13, 10)),
        ("2024/12/04 08:10:00", at(2024, 12, 4, 8, 10)),
        ("20241204T081000Z", at(2024, 12, 4, 8, 10)),
        ("2024-12", at(2024, 12, 1)),
        ("2024-12-04T08:10:00-1100", at(2024, 12, 4, 19, 10)),
        ("Wed, 04 Dec 2024 08:10:00 Europe/Brussels", at(2024, 12, 4, 7, 10)),
        ("Wed, 04 Dec 2024 08:10:00 Nowhere/Land", at(2024, 12, 4, 8, 10)),
        ("2024-12-04T08:10:00-05:00Z", at(2024, 12, 4, 13, 10)),
        ("Wed, 24/12/2024 - 08:10", at(2024, 12, 24, 8, 10)),
        ("12/24/2024 4:20 pm PST", at(2024, 12, 25, 0, 20)),
        ("04.12.24", at(2024, 12, 4)),
        ("1733299800", at(2024, 12, 4, 8, 10)),
        ("1733299800000", at(2024, 12, 4, 8, 10)),
        ("0000-00-00 00:00:00", None),
        ("2024-13-45", None),
        ("2024-02-30", None),
        ("Wed, 31 Feb 2024 10:00:00 GMT", None),
        ("Wed, 04 Dec 2024 25:10:00 GMT", None),
        ("2024-12-04T08:10:00-99:00", None),
        ("04/12/2024", None),  # April or December
        ("24-12-04", None),
        ("2024120408", None),
        ("Sat, 11 04 2020 08:51:49 +0100", None),
        ("192.168.10.24", None),
        ("9999-12-04", None),
        ("0001-01-01T00:00:00Z", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)  # fmt: skip
def test_read_time_reads_what_cannot_be_mistaken(text, expected):
    assert read_time(text) == expected


@given(st.one_of(st.text(max_size=120), st.from_regex(r"[0-9A-Za-z:+., ()-]{0,90}")))
def test_read_time_never_fails(text):
    found = read_time(text)
    assert found is None or found.utcoffset().total_seconds() == 0
