from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.freshness import LONGEST, fresh_for, retry_after

NOW = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
EIGHT, NINE = "Wed, 04 Mar 2026 08:00:00 GMT", "Wed, 04 Mar 2026 09:00:00 GMT"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"cache_control": "max-age=3600"}, HOUR),
        ({"cache_control": "public, Max-Age = 3600 , must-revalidate"}, HOUR),
        ({"cache_control": 'max-age="3600"'}, HOUR),
        ({"cache_control": "max-age=3600", "age": "3540"}, MINUTE),
        ({"cache_control": "max-age=3600", "age": "3600"}, None),
        ({"cache_control": "max-age=3600", "age": "4000"}, None),
        ({"cache_control": "max-age=3600", "age": "-5"}, HOUR),
        ({"cache_control": "max-age=3600", "age": "soon"}, HOUR),
        ({"cache_control": "max-age=60, max-age=3600"}, MINUTE),
        ({"cache_control": "max-age=60", "expires": NINE, "date": EIGHT}, MINUTE),
        ({"cache_control": "s-maxage=3600"}, None),
        ({"cache_control": "s-maxage=3600, max-age=60"}, MINUTE),
        ({"cache_control": "no-cache, max-age=3600"}, None),
        ({"cache_control": "max-age=3600, no-store"}, None),
        ({"cache_control": "No-Cache", "expires": NINE, "date": EIGHT}, None),
        ({"cache_control": 'no-cache="Set-Cookie", max-age=3600'}, None),
        ({"cache_control": "max-age=0"}, None),
        ({"cache_control": "max-age=-3600"}, None),
        ({"cache_control": "max-age=1.5"}, None),
        ({"cache_control": "max-age=1e5"}, None),
        ({"cache_control": "max-age=٣٦٠٠"}, None),
        ({"cache_control": "max-age"}, None),
        ({"cache_control": "max-age=", "expires": NINE, "date": EIGHT}, None),
        ({"cache_control": "max-age=31536000"}, timedelta(days=365)),
        ({"cache_control": "max-age=315360000"}, None),
        ({"cache_control": "max-age=" + "9" * 5000}, None),
        ({"cache_control": ",=,,;max-age=3600"}, None),
        ({"cache_control": None, "expires": NINE, "date": EIGHT}, HOUR),
        ({"cache_control": "public", "expires": NINE, "date": EIGHT, "age": "3540"}, MINUTE),
        ({"cache_control": None, "expires": "Wednesday, 04-Mar-26 09:00:00 GMT", "date": EIGHT}, HOUR),
        ({"cache_control": None, "expires": "Wed Mar  4 09:00:00 2026", "date": EIGHT}, HOUR),
        ({"cache_control": None, "expires": EIGHT, "date": NINE}, None),
        ({"cache_control": None, "expires": EIGHT, "date": EIGHT}, None),
        ({"cache_control": None, "expires": NINE}, None),
        ({"cache_control": None, "expires": "0", "date": EIGHT}, None),
        ({"cache_control": None, "expires": "-1", "date": EIGHT}, None),
        ({"cache_control": None, "expires": "Thu, 31 Feb 2026 09:00:00 GMT", "date": EIGHT}, None),
        ({"cache_control": None, "expires": "Tue, 01 Jan 9999 00:00:00 GMT", "date": EIGHT}, None),
        ({"cache_control": None, "date": EIGHT}, None),
        ({"cache_control": None}, None),
    ],
)
def test_fresh_for_is_what_the_headers_promise(headers, expected):
    assert fresh_for(**headers) == expected


@pytest.mark.parametrize(
    ("value", "date", "expected"),
    [
        ("120", None, 2 * MINUTE),
        (" 120 ", NINE, 2 * MINUTE),
        (NINE, EIGHT, HOUR),
        (NINE, None, HOUR),
        (NINE, "garbage", HOUR),
        (EIGHT, NINE, None),
        ("0", None, None),
        ("-5", None, None),
        ("1.5", None, None),
        ("soon", None, None),
        ("9" * 5000, None, None),
        ("99999999999", None, None),
        ("Thu, 01 Jan 9999 00:00:00 GMT", None, None),
        ("", None, None),
        (None, NINE, None),
    ],
)
def test_retry_after_is_seconds_or_a_moment_by_the_servers_clock(value, date, expected):
    assert retry_after(value, date=date, now=NOW) == expected


headers = st.one_of(
    st.none(),
    st.text(),
    st.integers().map(str),
    st.from_regex(r"(max-age|no-cache|s-maxage)=?[0-9]*,?", fullmatch=True),
    st.from_regex(r"[A-Z][a-z]{2}, [0-9]{1,3} [A-Z][a-z]{2} [0-9]{1,6} [0-9:]{0,9} [A-Z+0-9-]{0,6}", fullmatch=True),
)  # fmt: skip


@given(headers, headers, headers, headers)
def test_no_header_is_too_odd(one, two, three, four):
    for time in (
        fresh_for(one, age=two, expires=three, date=four),
        retry_after(one, date=two, now=NOW),
    ):
        assert time is None or timedelta() < time <= LONGEST
