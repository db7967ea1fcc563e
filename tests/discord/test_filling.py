"""What is added up while embeds fill is what they take in the end, and four times as much costs about four times as much."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages.message import Message, Sources, plain
from bot.platforms.discord import limits
from bot.platforms.discord.filling import Filling, fill, whole
from bot.platforms.discord.limits import length
from bot.platforms.discord.parts import SPARE, parts_of
from bot.platforms.discord.rendering import render
from tests.costs import calls
from tests.discord.test_rendering import MESSAGES, a_saying, a_story

ROOMS = st.integers(0, limits.TOTAL)


def measured(part):
    """What the part takes, as it is found in what is sent."""
    described = length(part.description())
    long = described > limits.DESCRIPTION - SPARE
    return length(part.title) + (limits.TOTAL + 1 if long else described)


@given(MESSAGES, ROOMS)
@settings(max_examples=60, deadline=None)
def test_what_a_part_takes_is_known_at_each_step(message, room):
    for part in parts_of(message):
        filling = Filling(part)
        assert filling.size == measured(filling.filled())
        for number in (*filling.sources[:1], *filling.words_in_turn(), *filling.sources[1:]):
            room -= filling.keep(number, room)
            assert filling.size == measured(filling.filled())
        for number in filling.chosen:
            room -= filling.widen(number, room)
            assert filling.size == measured(filling.filled())


@given(MESSAGES, ROOMS)
@settings(max_examples=60, deadline=None)
def test_what_is_filled_takes_no_more_than_the_room(message, room):
    assert sum(map(measured, fill(parts_of(message), room))) <= room


@given(MESSAGES)
@settings(max_examples=60, deadline=None)
def test_every_page_can_be_sent(message):
    for page in (page for part in parts_of(message) for page in whole(part)):
        assert length(page.description()) <= limits.DESCRIPTION


@pytest.mark.parametrize(
    "blocks",
    [
        lambda count: tuple(block for rank in range(count // 10) for block in a_story(rank)),
        lambda count: (Sources(tuple(plain(f"feed {number} of many") for number in range(count))),),
        lambda count: (a_saying("“No.”"),) * count,
    ],
)
def test_four_times_as_much_costs_about_four_times_as_much(blocks):
    short, long = (Message(plain("T"), (*blocks(count), a_saying("x" * 5_000))) for count in (40, 160))
    assert calls(lambda: render(long)) < 6 * calls(lambda: render(short))
