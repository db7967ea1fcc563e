"""The times of a schedule as people type them, the cron line that they are, and that line in words."""

from __future__ import annotations

import contextlib
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.slots import canonical
from bot.messages.times import in_words
from bot.time_grammar import cron_of, zone_named, zones_like
from news.errors import InputError

ONLY_SAID = {"every hour at :15", "every 6 hours, weekdays"}


@pytest.mark.parametrize(
    ("typed", "cron", "words"),
    [
        (("09:00", "9:00", " daily 09:00 ", "every day at 9:00", "0 9 * * *", "0 9 1-31 * 0-7", "9", "9am", "9 AM", "9:00 a.m.",
          "at 9", "every day at 9", "09.00", "9h00", "0900", "9 o’clock", "'09:00'", "`0 9 * * *`", "“09:00”", "to 09:00"), "0 9 * * *", "every day at 09:00"),
        (("weekdays 09:00", "Weekdays at 9:00", "mon-fri 09:00", "0 9 * * 1-5", "'0 9 * * mon-fri'",
          "mo-fr 9", "mon – fri 9:00", "mon to fri 9am", "monday through friday at 9", "daily, on weekdays, 9:00"), "0 9 * * mon-fri", "weekdays at 09:00"),
        (("weekends 10:30", "sat, sun 10:30", "saturdays and sundays at 10:30"), "30 10 * * sat,sun", "weekends at 10:30"),
        (
            ("mon,wed,fri 18:30", "Monday, Wednesday and Friday at 18:30", "fri wed mon 18:30"),
            "30 18 * * mon,wed,fri",
            "Mon, Wed and Fri at 18:30",
        ),
        (("fri-mon 10:00",), "0 10 * * mon,fri,sat,sun", "Mon, Fri, Sat and Sun at 10:00"),
        (("mondays 10:00", "every monday at 10:00", "0 10 * * mon"), "0 10 * * mon", "every Monday at 10:00"),
        (("09:00, 18:00", "18:00 and 09:00", "9, 18", "9am & 6pm", "9 and 18 every day", "09:00 18:00 09:00", "0 9,18 * * *"), "0 9,18 * * *", "every day at 09:00 and 18:00"),
        (("every 12 hours from 09:00", "every 12h at 21:00", "every 12 hours starting at 9pm"), "0 9,21 * * *", "every day at 09:00 and 21:00"),
        (("09:00, 09:30, 18:00, 18:30",), "0,30 9,18 * * *", "every day at 09:00, 09:30, 18:00 and 18:30"),
        (("every 6 hours", "EVERY 6H", "0 */6 * * *"), "0 0,6,12,18 * * *", "every 6 hours"),
        (("every 6 hours from 03:00", "every 6h from 09:00", "0 3-21/6 * * *"), "0 3,9,15,21 * * *", "every 6 hours from 03:00"),
        (("every 8 hours from 9:15",), "15 1,9,17 * * *", "every 8 hours from 01:15"),
        (("every 24 hours from 8:15", "every 24h from 08:15"), "15 8 * * *", "every day at 08:15"),
        (("noon", "12pm", "12:00", "every day at noon"), "0 12 * * *", "every day at 12:00"),
        (("midnight", "12am", "0", "00:00"), "0 0 * * *", "every day at 00:00"),
        (("every 6 hours from noon",), "0 0,6,12,18 * * *", "every 6 hours"),
        (("every hour", "hourly", "every 1 hour", "every 60 minutes", "0 * * * *"), "0 * * * *", "every hour"),
        (("15 * * * *", "every hour from 09:15"), "15 * * * *", "every hour at :15"),
        (("every 30 minutes", "*/30 * * * *"), "0,30 * * * *", "every 30 minutes"),
        (("every 15 min",), "0,15,30,45 * * * *", "every 15 minutes"),
        (("0 9 1 * *",), "0 9 1 * *", "the 1st of each month at 09:00"),
        (("0 9 2,15,L * *",), "0 9 2,15,L * *", "the 2nd, 15th and last day of each month at 09:00"),
        (("0 9 L * *",), "0 9 L * *", "the last day of each month at 09:00"),
        (("0 */6 * * 1-5",), "0 0,6,12,18 * * mon-fri", "every 6 hours, weekdays"),
        # where words would not be plainer
        (("0 9 29 2 *",), "0 9 29 2 *", "0 9 29 2 *"),
        (("0 9 1 * mon",), "0 9 1 * mon", "0 9 1 * mon"),
        (("0 9 * * 1#2",), "0 9 * * 1#2", "0 9 * * 1#2"),
        (("0 9-17 * * mon-fri",), "0 9-17 * * mon-fri", "0 9-17 * * mon-fri"),
        (("0 9 LW * *",), "0 9 LW * *", "0 9 LW * *"),
    ],
)  # fmt: skip
def test_times_that_mean_the_same_are_one_line_and_are_said_in_words(typed, cron, words):
    assert {cron_of(each) for each in typed} == {cron}
    assert in_words(cron) == words
    if words not in ONLY_SAID and not words.startswith("the ") and words != cron:
        assert cron_of(words) == cron  # what is said can be typed


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Say at what time"),
        ("mon", "Say at what time"),
        ("every", "Say at what time"),
        ("tomorrow", "'tomorrow' is no time of a schedule: use 09:00"),
        ("25", "'25' is no time of a schedule"),
        ("13pm", "'13pm' is no time of a schedule"),
        ("9 18", "'9 18' is no schedule"),
        ("09:00 CET", "'cet' is a time zone: give it as one, as in 09:00 timezone CET."),
        ("9am kyiv", "'kyiv' is a time zone: give it as one, as in 09:00 timezone Europe/Kyiv."),
        (
            "mon-fri 09:00, sat 10:00",
            "Days with times of their own do not fit into one schedule: add one for each.",
        ),
        ("weekdays 9 weekends 10", "Days with times of their own"),
        ("09:00 mon 18:00 tue", "Days with times of their own"),
        ("every 2 days at 9:00", "No schedule has such a rhythm: use 09:00"),
        ("2 days", "No schedule has such a rhythm"),
        ("every other day at 9:00", "No schedule has such a rhythm"),
        ("every 6 hours on weekdays", "No schedule has such a rhythm"),
        ("mon-xyz 09:00", "'mon-xyz' is no time"),
        ("24:00", "'24:00' is no time of day: write it as 09:00"),
        ("9:60", "write it as 09:00"),
        ("9:5", "write it as 09:00"),
        ("a:b", "write it as 09:00"),
        ("-1:00", "write it as 09:00"),
        ("９:00", "write it as 09:00"),
        ("every 6 hours from dawn", "'dawn' is no time of day"),
        ("every 5 hours", "no whole number of 5 hours"),
        ("every 0 hours", "no whole number of 0 hours"),
        ("every 9999 hours", "no whole number"),
        ("every 10 minutes", "Every 15, 20, 30 or 60 minutes"),
        ("every 45 minutes", "no whole number of 45 minutes"),
        ("every 30 minutes from 09:00", "Every 15, 20, 30 or 60 minutes"),
        ("09:00, 18:30", "do not fit into one schedule"),
        ("09:00, 09:10", "no more often than every 15 minutes"),
        ("* 9 * * *", "no more often than every 15 minutes"),
        ("*/10 * * * *", "no more often than every 15 minutes"),
        ("0,50 9,10 * * *", "no more often than every 15 minutes"),
        ("0 9 31 2 *", "never comes"),
        ("0 9 * *", "is no schedule"),
        ("0 0 9 * * *", "is no schedule"),
        ("0 9 * * xyz", "is no schedule"),
        ("9" * 5000, "is no time of a schedule"),
        ("9 " * 2000, "is no schedule"),
        ("every " + "9" * 5000 + " hours", "No schedule has such a rhythm"),
    ],
)
def test_what_is_no_time_of_a_schedule_is_answered_with_what_to_do(typed, told):
    with pytest.raises(InputError) as raised:
        cron_of(typed)
    assert told in str(raised.value)
    assert len(str(raised.value)) < 200


TOKENS = ["every", "am", "noon", "to", "days", "other", "6", "h", "hours", "from", "mon", "mon-fri", "weekdays", "09:00", "18:30", ",", "and", "*", "*/2",
          "1-5", "L", "5L", "0", "9", "#", "/", "-", "60"]  # fmt: skip


@given(st.text(max_size=60) | st.lists(st.sampled_from(TOKENS), max_size=8).map(" ".join))
def test_no_times_do_more_than_become_a_line_or_complain(typed):
    with contextlib.suppress(InputError):
        cron = cron_of(typed)
        assert canonical(cron) == cron
        assert in_words(cron)


@given(st.text(max_size=60) | st.lists(st.sampled_from(TOKENS), max_size=8).map(" ".join))
def test_every_line_can_be_said_somehow(line):
    assert in_words(line) is not None


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Kyiv", "Europe/Kyiv"),
        ("europe/KYIV", "Europe/Kyiv"),
        ("kyiv", "Europe/Kyiv"),
        ("new york", "America/New_York"),
        ("UTC", "UTC"),
        ("Etc/GMT+3", "Etc/GMT+3"),
    ],
)
def test_a_time_zone_is_found_by_its_name_or_its_city(typed, zone):
    assert zone_named(typed) == zone
    assert ZoneInfo(zone).key == zone


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Europe/Kiyv", "did you mean Europe/Kyiv?"),
        ("buenos aires", "did you mean America/Argentina/Buenos_Aires or America/Buenos_Aires?"),
        ("Qqqqqq", "use a name such as Europe/Kyiv"),
        ("localtime", "No time zone is called 'localtime'"),
        ("right/UTC", "No time zone is called 'right/UTC'"),
        ("../../etc/passwd", "No time zone is called"),
        ("x" * 5000, "No time zone is called 'xxx"),
    ],
)
def test_what_is_no_time_zone_is_answered_with_one_that_may_be_meant(typed, told):
    with pytest.raises(InputError) as raised:
        zone_named(typed)
    assert told in str(raised.value)
    assert len(str(raised.value)) < 200


def test_zones_that_begin_like_it_are_offered_first():
    found = zones_like("ber", 25)
    begins = [any(part.lower().startswith("ber") for part in zone.split("/")) for zone in found]
    assert begins == sorted(begins, reverse=True)
    assert {"Europe/Berlin", "Atlantic/Bermuda"} <= set(found)
    assert len(zones_like("a", 25)) == 25
    assert zones_like("xyzzy", 25) == ()
