from datetime import timedelta

import pytest

from feeds.parse import parse
from news.feeds import Pace
from tests.feeds.conftest import rss

HOURS = "".join(f"<hour>{hour}</hour>" for hour in range(24))


def pace(extra):
    return parse(rss(extra=extra).encode(), url="https://herald.example/feed").pace


def period(name, frequency="1"):
    space = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    return (
        f"<sy:updatePeriod {space}>{name}</sy:updatePeriod>"
        f"<sy:updateFrequency {space}>{frequency}</sy:updateFrequency>"
    )


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ("", Pace()),
        ("<ttl>60</ttl>", Pace(timedelta(hours=1))),
        ("<ttl> 60 </ttl>" + period("daily"), Pace(timedelta(hours=1))),
        ("<ttl>0</ttl>", Pace()),
        ("<ttl>-5</ttl>", Pace()),
        ("<ttl>99999999999999999999</ttl>", Pace()),
        ("<ttl>500000</ttl>", Pace()),
        ("<ttl>often</ttl>", Pace()),
        ("<ttl>²</ttl>", Pace()),
        (
            "<skipHours><hour>0</hour><hour> 23 </hour><hour>24</hour><hour>31</hour></skipHours>",
            Pace(quiet_hours=frozenset({0, 23})),
        ),
        (
            "<skipDays><day>Saturday</day><day>sunday</day><day>Caturday</day></skipDays>",
            Pace(quiet_days=frozenset({5, 6})),
        ),
        (f"<skipHours>{HOURS}</skipHours>", Pace()),
        ("<skipHours><hour>1</hour>", Pace(quiet_hours=frozenset({1}))),
    ],
)
def test_pace_is_what_the_channel_asks_for_where_it_makes_sense(extra, expected):
    assert pace(extra) == expected


@pytest.mark.parametrize(
    ("name", "frequency", "expected"),
    [
        ("hourly", "1", timedelta(hours=1)),
        ("Daily", "4", timedelta(hours=6)),
        ("weekly", "0", timedelta(weeks=1)),
        ("yearly", "1", None),
        ("hourly", "100000", None),
        ("sometimes", "1", None),
    ],
)
def test_pace_of_the_syndication_module(name, frequency, expected):
    assert pace(period(name, frequency)).at_least == expected
