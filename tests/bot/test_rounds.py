"""What of the bot's work fails is told, and not again with each beat."""

from __future__ import annotations

import pytest
import structlog

from bot.cli.rounds import Rounds
from bot.desk import FrontDesk
from bot.settings import Settings
from bot.wiring import App
from news.errors import ReadingAway


@pytest.fixture
def rounds(store, reader, understanding, clock):
    desk = FrontDesk(store, reader, understanding, clock)
    return Rounds(App(Settings(_env_file=None), clock, store, reader, understanding, desk), {})


async def told(rounds, *failures):
    """What is told of rereading that fails so, beat after beat, or does not."""
    left = list(failures)

    async def reread():
        if (failure := left.pop(0)) is not None:
            raise failure
        return 0

    rounds._reread = reread
    with structlog.testing.capture_logs() as lines:
        while left:
            await rounds.reread()
    return [(line["event"].partition(",")[0], line.get("exc_info") is not None) for line in lines]


async def test_what_breaks_is_told_whole_once_and_when_it_changes(rounds):
    again = [KeyError(f"article {number} at 0x7f{number}a") for number in range(3)]
    assert await told(rounds, *again) == [("broke", True)]
    assert await told(rounds, KeyError("feed 7"), IndexError("feed 7"), IndexError("feed 7")) == [
        ("broke", True),
        ("broke", True),
    ]
    assert await told(rounds, None, None) == [("works again", False)]
    assert await told(rounds, IndexError("feed 7")) == [("broke", True)]


async def test_what_stays_broken_is_told_in_a_line_each_hour(rounds, clock):
    assert await told(rounds, KeyError("a")) == [("broke", True)]
    found = []
    for _ in range(13):
        clock.forward(minutes=10)
        found += await told(rounds, KeyError("a"))
    assert found == [("is still broken", False)] * 2


async def test_what_an_operator_can_mend_is_told_once(rounds, clock):
    away, full = ReadingAway("No process could be started."), ReadingAway("The disk is full.")
    assert await told(rounds, away, away, full) == [("failed", False), ("failed", False)]
    clock.forward(hours=2)
    assert await told(rounds, full, None) == [("works again", False)]
