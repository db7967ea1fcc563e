from datetime import UTC, datetime

import pytest

from bot.jobs.slots import cron_of, next_slot
from news.errors import InputError


@pytest.mark.parametrize(
    ("times", "cron"),
    [
        ("09:00", "0 9 * * *"),
        ("9:05", "5 9 * * *"),
        (" 23:59 ", "59 23 * * *"),
        ("0 9 * * mon-fri", "0 9 * * mon-fri"),
    ],
)
def test_a_time_of_day_becomes_a_cron_line(times, cron):
    assert cron_of(times) == cron


@pytest.mark.parametrize("times", ["24:00", "9:60", "9:5", "a:b", ":", "-1:00", "９:00"])
def test_what_is_no_time_of_day_is_refused(times):
    with pytest.raises(InputError, match="09:00"):
        cron_of(times)


@pytest.mark.parametrize(
    ("after", "due"),
    [
        ("2024-12-05T06:59:00", "2024-12-05T07:00:00"),
        ("2024-12-05T07:00:00", "2024-12-06T07:00:00"),  # later than, never equal
        ("2025-03-29T08:00:00", "2025-03-30T06:00:00"),  # clocks went forward in the night
        ("2024-10-26T08:00:00", "2024-10-27T07:00:00"),  # and back
    ],
)
def test_nine_oclock_stays_nine_oclock_when_clocks_change(after, due):
    found = next_slot("0 9 * * *", "Europe/Kyiv", datetime.fromisoformat(after).replace(tzinfo=UTC))
    assert found == datetime.fromisoformat(due).replace(tzinfo=UTC)


def test_a_time_that_exists_twice_is_due_once():
    first = next_slot("30 3 * * *", "Europe/Kyiv", datetime(2024, 10, 26, 22, 0, tzinfo=UTC))
    second = next_slot("30 3 * * *", "Europe/Kyiv", first)
    assert first.date().isoformat() == "2024-10-27"
    assert second.date().isoformat() == "2024-10-28"


@pytest.mark.parametrize(
    ("cron", "zone"),
    [
        ("61 * * * *", "UTC"),
        ("", "UTC"),
        ("0 9 30 2 *", "UTC"),
        ("0 9 * * *", "Europe/Nowhere"),
        ("0 9 * * *", "../etc"),
    ],
)
def test_what_is_no_schedule_is_refused(cron, zone):
    with pytest.raises(InputError):
        next_slot(cron, zone, datetime(2024, 12, 5, tzinfo=UTC))
