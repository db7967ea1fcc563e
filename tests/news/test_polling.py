from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from news.feeds import Feed, FeedId, Fetched, Gone, NotModified, Pace, Validators
from news.polling import LONGEST, LONGEST_WAIT, SHORTEST, after_failure, after_part, after_success

NOW = datetime(2024, 12, 5, 9, 0, tzinfo=UTC)  # a Thursday
FEED = Feed(id=FeedId(1), url="https://herald.example/feed")
KNOWN = replace(FEED, last_success=NOW - timedelta(minutes=30))
SAME = NotModified(Validators())


def failed(times):
    feed = FEED
    for _ in range(times):
        feed = after_failure(feed, "answered 500", NOW)
    return feed


def a_fetch(**changes):
    fetched = Fetched("Herald", (), Validators(etag="1"), "hash", "https://herald.example/new")
    return replace(fetched, **changes)


def wait(feed, update=SAME, **how):
    return after_success(feed, update, NOW, **how).next_check - NOW


@pytest.mark.parametrize(
    ("failures", "minutes"), [(1, 30), (2, 60), (3, 120), (6, 960), (7, 1440), (50, 1440), (5000, 1440)]
)
def test_a_failing_feed_waits_twice_as_long_each_time_up_to_a_day(failures, minutes):
    assert failed(failures).next_check == NOW + timedelta(minutes=minutes)


def test_a_failing_feed_remembers_since_when():
    later = after_failure(after_failure(FEED, "a", NOW), "b", NOW + timedelta(hours=1))
    assert (later.failing_since, later.last_error, later.failures) == (NOW, "b", 2)


@pytest.mark.parametrize(("asked", "minutes"), [(5, 30), (45, 45), (9_999, 1440)])
def test_a_server_that_wants_to_be_left_alone_is_up_to_a_day(asked, minutes):
    feed = after_failure(FEED, "answered 429", NOW, retry_after=timedelta(minutes=asked))
    assert feed.next_check == NOW + timedelta(minutes=minutes)


def test_a_feed_that_is_read_again_is_well():
    feed = after_success(failed(3), a_fetch(), NOW)
    assert feed == replace(
        FEED,
        url="https://herald.example/new",
        title="Herald",
        validators=Validators(etag="1"),
        body_hash="hash",
        last_success=NOW,
        next_check=NOW + timedelta(minutes=30),
    )


def test_a_feed_that_did_not_change_keeps_what_is_known_of_it():
    pace = Pace(at_least=timedelta(hours=2))
    known = replace(FEED, title="Herald", body_hash="hash", pace=pace)
    feed = after_success(known, NotModified(Validators(etag="2")), NOW)
    assert (feed.title, feed.body_hash, feed.validators.etag, feed.pace) == ("Herald", "hash", "2", pace)


@pytest.mark.parametrize(
    ("fresh_for", "minutes"), [(None, 1), (timedelta(minutes=5), 5), (timedelta(days=9), 1440)]
)
def test_a_feed_of_which_some_was_taken_is_well_and_read_whole_again_soon(fresh_for, minutes):
    troubled = after_failure(KNOWN, "answered 500", NOW)
    feed = after_part(troubled, a_fetch(fresh_for=fresh_for), NOW)
    assert feed == replace(
        KNOWN, title="Herald", url="https://herald.example/new", next_check=NOW + timedelta(minutes=minutes)
    )


def test_a_feed_that_is_gone_has_ended_and_says_so():
    feed = after_success(FEED, Gone(), NOW)
    assert feed.ended
    assert "410" in feed.last_error
    assert feed.failing_since == NOW


def test_a_feed_is_asked_more_often_the_more_it_brings():
    busy, still = KNOWN, KNOWN
    for _ in range(20):
        busy = after_success(busy, a_fetch(), NOW, brought=True)
        still = after_success(still, SAME, NOW, brought=False)
    assert (busy.interval, still.interval) == (SHORTEST, LONGEST)
    assert wait(busy, brought=False) > SHORTEST
    assert wait(still, brought=True) < LONGEST


def test_the_interval_settles_at_a_third_of_the_time_between_changes():
    """A feed that changes every hour, looked at for a fortnight."""
    feed, now, last, looks = KNOWN, NOW, -1, 0
    while now < NOW + timedelta(days=14):
        hour = int((now - NOW).total_seconds() // 3600)
        feed = after_success(feed, SAME, now, brought=hour != last)
        now, last, looks = feed.next_check, hour, looks + 1
    assert 14 * 24 * 2 < looks < 14 * 24 * 4


def test_a_first_reading_tells_nothing_of_how_often_a_feed_changes():
    assert after_success(FEED, a_fetch(), NOW, brought=True).interval == FEED.interval


def test_looks_are_spread():
    waits = {wait(KNOWN, brought=False, chance=chance) for chance in (0, 0.25, 0.5, 1)}
    assert len(waits) == 4
    middle = wait(KNOWN, brought=False)
    assert all(abs(each - middle) <= middle * 0.1 + timedelta(seconds=1) for each in waits)
    assert after_failure(FEED, "a", NOW, chance=0).next_check < after_failure(FEED, "a", NOW).next_check


@pytest.mark.parametrize(
    ("update", "pace", "minutes"),
    [
        (replace(SAME, fresh_for=timedelta(hours=2)), Pace(), 120),
        (replace(SAME, fresh_for=timedelta(seconds=5)), Pace(), 37.5),
        (replace(SAME, fresh_for=timedelta(days=365)), Pace(), 1440),
        (SAME, Pace(at_least=timedelta(hours=3)), 180),
        (a_fetch(pace=Pace(at_least=timedelta(hours=3))), Pace(), 180),
        (a_fetch(), Pace(at_least=timedelta(hours=3)), 37.5),  # it asks so no longer
    ],
)
def test_a_publisher_is_asked_no_more_often_than_it_wants(update, pace, minutes):
    assert wait(replace(KNOWN, pace=pace), update, brought=False) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("pace", "next_check"),
    [
        (Pace(quiet_hours=frozenset({9, 10, 11})), datetime(2024, 12, 5, 12, 0, tzinfo=UTC)),
        (Pace(quiet_hours=frozenset(range(1, 24))), datetime(2024, 12, 6, 0, 0, tzinfo=UTC)),
        (Pace(quiet_days=frozenset({3, 4, 5, 6})), datetime(2024, 12, 9, 0, 0, tzinfo=UTC)),
        (Pace(quiet_hours=frozenset({20})), NOW + timedelta(minutes=37.5)),
        (Pace(quiet_hours=frozenset(range(24))), NOW + timedelta(minutes=37.5)),
    ],
)
def test_a_feed_is_left_alone_while_it_publishes_nothing(pace, next_check):
    feed = after_success(replace(KNOWN, pace=pace), SAME, NOW, brought=False)
    assert feed.next_check == next_check


def test_nothing_waits_longer_than_a_day_but_for_quiet_days():
    assert wait(replace(KNOWN, interval=timedelta(days=30))) <= LONGEST_WAIT


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ({"outlet": "Daily Herald", "title": "RSS"}, "Daily Herald"),
        ({"title": "RSS"}, "RSS"),
        ({}, FEED.url),
    ],
)
def test_a_feed_is_called_by_its_outlet_else_its_title_else_its_address(names, shown):
    assert replace(FEED, **names).name == shown
