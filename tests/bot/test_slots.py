"""When a cron line is due: on ordinary days, and on the days when clocks change."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.jobs.slots import COUNTED, canonical, missed, next_slot, shortest_gap
from news.errors import InputError

MINUTE = timedelta(minutes=1)


def at(moment):
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


def slots(cron, zone, after, count):
    """The first slots after the moment, each found from the one before."""
    found = [at(after)]
    for _ in range(count):
        found.append(next_slot(cron, zone, found[-1]))
    return [slot.strftime("%Y-%m-%dT%H:%M") for slot in found[1:]]


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
    assert next_slot("0 9 * * *", "Europe/Kyiv", at(after)) == at(due)


@pytest.mark.parametrize(
    ("zone", "cron", "after", "due"),
    [
        # 02:30 does not exist on 30 March, and exists twice on 26 October
        (
            "Europe/Berlin",
            "30 2 * * *",
            "2025-03-28T20:00",
            ["2025-03-29T01:30", "2025-03-30T01:00", "2025-03-31T00:30"],
        ),
        (
            "Europe/Berlin",
            "30 2 * * *",
            "2025-10-24T20:00",
            ["2025-10-25T00:30", "2025-10-26T00:30", "2025-10-27T01:30"],
        ),
        # two times of one night that the clocks skip are one post
        ("Europe/Berlin", "0,30 2 * * *", "2025-03-30T00:00", ["2025-03-30T01:00", "2025-03-31T00:00"]),
        # midnight does not exist on 25 April, and exists twice on 31 October
        (
            "Africa/Cairo",
            "0 0 * * *",
            "2025-04-23T12:00",
            ["2025-04-23T22:00", "2025-04-24T22:00", "2025-04-25T21:00"],
        ),
        (
            "Africa/Cairo",
            "30 23 * * *",
            "2025-10-29T12:00",
            ["2025-10-29T20:30", "2025-10-30T20:30", "2025-10-31T21:30"],
        ),
        (
            "Asia/Beirut",
            "0 0 * * *",
            "2025-03-28T12:00",
            ["2025-03-28T22:00", "2025-03-29T22:00", "2025-03-30T21:00"],
        ),
        (
            "Asia/Beirut",
            "30 23 * * *",
            "2025-10-24T12:00",
            ["2025-10-24T20:30", "2025-10-25T20:30", "2025-10-26T21:30"],
        ),
        # half an hour: 02:00 to 02:30 does not exist on 5 October, 01:30 to 02:00 exists twice on 6 April
        (
            "Australia/Lord_Howe",
            "15 2 * * *",
            "2025-10-03T12:00",
            ["2025-10-03T15:45", "2025-10-04T15:30", "2025-10-05T15:15"],
        ),
        (
            "Australia/Lord_Howe",
            "45 1 * * *",
            "2025-04-04T12:00",
            ["2025-04-04T14:45", "2025-04-05T14:45", "2025-04-06T15:15"],
        ),
        (
            "Australia/Lord_Howe",
            "45 * * * *",
            "2025-10-04T14:30",
            ["2025-10-04T15:15", "2025-10-04T15:45", "2025-10-04T16:45"],
        ),
        ("UTC", "0 9 29 2 *", "2024-02-28T12:00", ["2024-02-29T09:00", "2028-02-29T09:00"]),
        ("Asia/Tokyo", "0 0 1 1 *", "2024-12-30T12:00", ["2024-12-31T15:00", "2025-12-31T15:00"]),
        ("America/New_York", "30 23 31 12 *", "2024-12-30T12:00", ["2025-01-01T04:30", "2026-01-01T04:30"]),
        # every six hours of the clock, and every hour that goes by
        (
            "Europe/Berlin",
            "0 */6 * * *",
            "2025-03-29T22:00",
            ["2025-03-29T23:00", "2025-03-30T04:00", "2025-03-30T10:00", "2025-03-30T16:00"],
        ),
        (
            "Europe/Berlin",
            "0 */2 * * *",
            "2025-03-29T22:30",
            ["2025-03-29T23:00", "2025-03-30T01:00", "2025-03-30T02:00"],
        ),
        (
            "Europe/Berlin",
            "0 */2 * * *",
            "2025-10-25T21:30",
            ["2025-10-25T22:00", "2025-10-26T00:00", "2025-10-26T03:00"],
        ),
        (
            "Europe/Berlin",
            "0 * * * *",
            "2025-03-30T00:30",
            ["2025-03-30T01:00", "2025-03-30T02:00"],
        ),
        (
            "Europe/Berlin",
            "0 * * * *",
            "2025-10-26T00:30",
            ["2025-10-26T01:00", "2025-10-26T02:00"],
        ),
    ],
)
def test_clock_changes_and_calendars_give_one_post_each(zone, cron, after, due):
    assert slots(cron, zone, after, len(due)) == due


@pytest.mark.parametrize("minute", range(0, 120, 7))
def test_the_second_of_two_equal_hours_is_not_due_again(minute):
    """Wherever one begins in the two hours that are called 02:xx, the next is 02:30 once or tomorrow's."""
    begun = at("2025-10-26T00:00") + timedelta(minutes=minute)
    due = next_slot("30 2 * * *", "Europe/Berlin", begun)
    assert due == at("2025-10-26T00:30" if minute < 30 else "2025-10-27T01:30")


@pytest.mark.parametrize(
    ("cron", "zone", "told"),
    [
        ("61 * * * *", "UTC", r"'61 \* \* \* \*' is no schedule"),
        ("", "UTC", "'' is no schedule"),
        ("0 0 9 * * *", "UTC", "is no schedule"),  # no seconds
        ("9" * 5000, "UTC", "'9{39}…' is no schedule"),
        ("/".join("1" * 500) + " * * * *", "UTC", "is no schedule"),
        ("0 9 30 2 *", "UTC", r"'0 9 30 2 \*' never comes"),
        ("0 9 31 4,6,9,11 *", "UTC", "never comes"),
        ("0 9 32 2 *", "UTC", "is no schedule"),
        ("0 9 * * *", "Europe/Nowhere", "No time zone is called 'Europe/Nowhere'"),
        ("0 9 * * *", "../etc", "No time zone is called"),
        ("0 9 * * *", "\0", "No time zone is called"),
        ("0 9 * * *", "x" * 5000, "No time zone is called 'x{39}…'"),
    ],
)
def test_what_is_no_schedule_is_refused(cron, zone, told):
    with pytest.raises(InputError, match=told):
        next_slot(cron, zone, datetime(2024, 12, 5, tzinfo=UTC))


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("0 9 * * mon-fri", "0 9 * * mon-fri"),
        ("  00 09 *  * 1-5 ", "0 9 * * mon-fri"),
        ("0 9 * * MON,TUE,WED,THU,FRI", "0 9 * * mon-fri"),
        ("0 9 * * 0-7", "0 9 * * *"),
        ("0 9 1-31 1-12 *", "0 9 * * *"),
        ("0 9 * * 6,7", "0 9 * * sat,sun"),
        ("0 9 * * 0-3", "0 9 * * mon-wed,sun"),
        ("0 */6 * * *", "0 0,6,12,18 * * *"),
        ("*/30 0-23 * * *", "0,30 * * * *"),
        ("0 9 1,2,3,15 jan,feb *", "0 9 1-3,15 1,2 *"),
        ("0 9 L,1 * *", "0 9 1,L * *"),
        ("0 9 lw * *", "0 9 LW * *"),
        ("0 9 * * mon#2,7L", "0 9 * * 0L,1#2"),
        ("0 9 1-31 * mon", "0 9 * * *"),  # any day, or a Monday
        ("0 9 1 * mon", "0 9 1 * mon"),  # the first, or a Monday
        ("0 9 */2 * mon", "0 9 */2 * mon"),  # an odd day that is a Monday: a list would mean either
    ],
)
def test_lines_that_mean_the_same_become_the_same(typed, line):
    assert canonical(typed) == line
    assert canonical(line) == line
    begun = at("2023-12-31T10:00")
    following = list(
        itertools.accumulate(range(9), lambda slot, _: next_slot(typed, "UTC", slot), initial=begun)
    )
    assert following == list(
        itertools.accumulate(range(9), lambda slot, _: next_slot(line, "UTC", slot), initial=begun)
    )


@pytest.mark.parametrize(
    ("cron", "minutes"),
    [
        ("* * * * *", 1),
        ("*/15 9 * * *", 15),
        ("0,50 9 * * *", 50),
        ("0,50 9,10 * * *", 10),
        ("0,50 0,23 * * *", 10),
        ("0,50 8,10 * * *", 50),
        ("0 9 * * *", 60),
    ],
)
def test_the_shortest_gap_is_that_between_neighbours(cron, minutes):
    assert shortest_gap(cron) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("cron", "since", "now", "latest", "count"),
    [
        ("0 9 * * *", "2025-01-01T09:00", "2025-01-01T10:00", None, 0),
        ("0 9 * * *", "2025-01-01T08:59", "2025-01-01T09:00", "2025-01-01T09:00", 1),
        ("0 9 * * *", "2025-01-01T08:59", "2025-01-04T08:59", "2025-01-03T09:00", 3),
        ("0 9 29 2 *", "1990-01-01T00:00", "2025-01-01T00:00", "2024-02-29T09:00", 9),
        ("0 * * * *", "2025-01-01T00:30", "2025-02-11T16:30", "2025-02-11T16:00", COUNTED),
        ("* * * * *", "1990-01-01T00:30", "2025-02-11T16:30", "2025-02-11T16:30", COUNTED),
        ("*/15 * * 1 *", "1990-01-01T00:30", "2025-12-11T16:30", "2025-01-31T23:45", COUNTED),
        ("0 0 * * *", "2025-01-01T00:00", "2024-01-01T00:00", None, 0),
    ],
)
def test_what_was_missed_is_counted_up_to_a_thousand(cron, since, now, latest, count):
    assert missed(cron, "UTC", at(since), at(now)) == (at(latest) if latest else None, count)


def test_a_night_of_changing_clocks_is_counted_as_it_is_posted():
    night = at("2025-10-25T12:00"), at("2025-10-26T12:00")
    assert missed("30 2 * * *", "Europe/Berlin", *night) == (at("2025-10-26T00:30"), 1)
    assert missed("0 * * * *", "Europe/Berlin", *night) == (at("2025-10-26T12:00"), 24)


def as_cron_has_it(fields, zone, begin, end):
    """The slots of a line of plain numbers, found by looking at every minute of the clocks.

    At a time of day: once where its minute begins, or where clocks leap over it. Every hour: whenever clocks show it.
    """
    minutes, hours = fields
    found, before = [], None
    for step in range(int((end - begin) / MINUTE) + 1):
        moment = begin + step * MINUTE
        local = moment.astimezone(ZoneInfo(zone))
        shown = [local.replace(tzinfo=None)] if hours is None or not local.fold else []
        while hours is not None and before is not None and before + MINUTE < local.replace(tzinfo=None):
            before += MINUTE
            shown.append(before)
        if any(each.minute in minutes and (hours is None or each.hour in hours) for each in shown):
            found.append(moment)
        before = local.replace(tzinfo=None)
    return [slot for slot in found if slot > begin]


@pytest.mark.parametrize(
    "hours", [None, (0,), (1,), (2,), (3,), (23,), (0, 6, 12, 18), tuple(range(0, 24, 2))]
)
@pytest.mark.parametrize("minutes", [(0,), (30,), (45,), (15, 45)])
@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Berlin", "2025-03-30"),
        ("Europe/Berlin", "2025-10-26"),
        ("Africa/Cairo", "2025-04-25"),
        ("Africa/Cairo", "2025-10-31"),
        ("Asia/Beirut", "2025-03-30"),
        ("Asia/Beirut", "2025-10-26"),
        ("Australia/Lord_Howe", "2025-04-06"),
        ("Australia/Lord_Howe", "2025-10-05"),
        ("America/Havana", "2025-11-02"),
        ("UTC", "2024-12-31"),
    ],
)
def test_the_night_of_a_change_has_the_slots_that_its_clocks_show(zone, day, minutes, hours):
    begin = at(f"{day}T12:00") - timedelta(days=1)
    end = begin + timedelta(days=1, hours=6)
    cron = f"{','.join(map(str, minutes))} {'*' if hours is None else ','.join(map(str, hours))} * * *"
    wanted = as_cron_has_it((minutes, hours), zone, begin, end)
    found = [begin]
    while found[-1] <= end:
        found.append(next_slot(cron, zone, found[-1]))
    assert found[1:-1] == wanted
    assert missed(cron, zone, begin, end) == (wanted[-1] if wanted else None, len(wanted))
