from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from news.feeds import Feed, FeedId, Fetched, Gone, NotModified, Validators, after_failure, after_success

NOW = datetime(2024, 12, 5, 9, 0, tzinfo=UTC)
FEED = Feed(id=FeedId(1), url="https://herald.example/feed")


def failed(times):
    feed = FEED
    for _ in range(times):
        feed = after_failure(feed, "answered 500", NOW)
    return feed


@pytest.mark.parametrize(
    ("failures", "minutes"), [(1, 30), (2, 60), (3, 120), (6, 960), (7, 1440), (50, 1440), (5000, 1440)]
)
def test_a_failing_feed_waits_twice_as_long_each_time_up_to_a_day(failures, minutes):
    assert failed(failures).next_check == NOW + timedelta(minutes=minutes)


def test_a_failing_feed_remembers_since_when():
    later = after_failure(after_failure(FEED, "a", NOW), "b", NOW + timedelta(hours=1))
    assert (later.failing_since, later.last_error, later.failures) == (NOW, "b", 2)


def test_a_feed_that_is_read_again_is_well():
    fetched = Fetched("Herald", (), Validators(etag="1"), "hash", "https://herald.example/new")
    feed = after_success(failed(3), fetched, NOW)
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
    known = replace(FEED, title="Herald", body_hash="hash")
    feed = after_success(known, NotModified(Validators(etag="2")), NOW)
    assert (feed.title, feed.body_hash, feed.validators.etag) == ("Herald", "hash", "2")


def test_a_feed_that_is_gone_has_ended_and_says_so():
    feed = after_success(FEED, Gone(), NOW)
    assert feed.ended
    assert "410" in feed.last_error
    assert feed.failing_since == NOW


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
