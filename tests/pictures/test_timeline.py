"""Time across a picture."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pictures.timeline import MOST_TICKS, timeline

END = datetime(2024, 12, 5, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def names(span: timedelta, *, end: datetime = END, timezone: str = "UTC") -> list[str]:
    return [name for _, name in timeline(end - span, end, 0, 1000, timezone).ticks()]


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (timedelta(0), ["06:00", "07:00", "08:00", "09:00"]),
        (5 * HOUR, ["04:00", "05:00", "06:00", "07:00", "08:00", "09:00"]),
        (20 * HOUR, ["15:00", "18:00", "21:00", "5 Dec", "03:00", "06:00", "09:00"]),
        (3 * DAY, ["12:00", "3 Dec", "12:00", "4 Dec", "12:00", "5 Dec"]),
        (6 * DAY, ["30 Nov", "1 Dec", "2 Dec", "3 Dec", "4 Dec", "5 Dec"]),
        (12 * DAY, ["25 Nov", "27 Nov", "29 Nov", "1 Dec", "3 Dec", "5 Dec"]),
        (40 * DAY, ["28 Oct", "4 Nov", "11 Nov", "18 Nov", "25 Nov", "2 Dec"]),
        (80 * DAY, ["16 Sep", "30 Sep", "14 Oct", "28 Oct", "11 Nov", "25 Nov"]),
        (190 * DAY, ["Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]),
        (400 * DAY, ["Nov", "2024", "Mar", "May", "Jul", "Sep", "Nov"]),
        (1000 * DAY, ["Jul", "2023", "Jul", "2024", "Jul"]),
        (3650 * DAY, ["2016", "2018", "2020", "2022", "2024"]),
        (300 * 365 * DAY, ["1750", "1800", "1850", "1900", "1950", "2000"]),
    ],
)
def test_named_moments_suit_the_span(span, expected):
    assert names(span) == expected


def test_moments_stand_where_they_are_in_the_zone_of_the_workspace():
    line = timeline(END - 2 * DAY, END, 0, 1040, "Asia/Tokyo")  # 48 hours, and a fiftieth of them before
    assert line.ticks() == (
        (147.8, "4 Dec"),
        (402.7, "12:00"),
        (657.6, "5 Dec"),
        (912.5, "12:00"),
    )


@pytest.mark.parametrize(
    ("span", "moment", "expected"),
    [
        (HOUR, END, "11:00"),
        (30 * HOUR, END - 20 * HOUR, "4 Dec 15:00"),
        (40 * DAY, END - 20 * DAY, "15 Nov"),
        (400 * DAY, END, "5 Dec 2024"),
    ],
)
def test_dates_tell_as_much_as_the_span_needs(span, moment, expected):
    assert timeline(END - span, END, 0, 1000, "Europe/Kyiv").date(moment) == expected


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (HOUR, "5 Dec 2024"),
        (3 * DAY, "2–5 Dec 2024"),
        (30 * DAY, "5 Nov – 5 Dec 2024"),
        (365 * DAY, "6 Dec 2023 – 5 Dec 2024"),
    ],
)
def test_the_range_is_from_the_first_report_to_the_end(span, expected):
    assert timeline(END - span, END, 0, 1000, "UTC").range() == expected


@pytest.mark.parametrize("timezone", ["Nowhere/Atall", "", "../../etc/passwd", "a" * 5000])
def test_an_unknown_zone_is_utc(timezone):
    assert names(5 * HOUR, timezone=timezone) == names(5 * HOUR)


@settings(deadline=None)
@given(
    st.datetimes(timezones=st.just(UTC)),
    st.datetimes(timezones=st.just(UTC)),
    st.sampled_from(["UTC", "Europe/Kyiv", "Pacific/Apia", "America/St_Johns", "Asia/Kathmandu"]),
)
def test_every_span_has_some_moments_in_order(one, other, timezone):
    line = timeline(min(one, other), max(one, other), 10, 110, timezone)
    places = [x for x, _ in line.ticks()]
    assert 1 <= len(places) <= MOST_TICKS
    assert places == sorted(places)
    assert all(10 <= x <= 110 for x in places)
    assert line.range()
    assert line.date(one)
