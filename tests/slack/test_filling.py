"""What is added up while a post fills is what its blocks take in the end, and twice as much costs about twice as much."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages.message import Message, Sources, plain
from bot.platforms.slack import limits
from bot.platforms.slack.blocks import (
    APART,
    NO_END,
    Room,
    Size,
    Words,
    context,
    divider,
    header,
    laid,
    lay,
    section,
    taken,
)
from bot.platforms.slack.filling import Filling, fill, whole
from bot.platforms.slack.parts import Part
from bot.platforms.slack.rendering import render
from bot.platforms.slack.units import parts_of
from tests.costs import calls
from tests.discord.test_rendering import MESSAGES, a_saying, a_story

TEXTS = st.text(max_size=12) | st.sampled_from(
    ('say "so"', "back\\slash", "line\nline", "😀", "\x1b\x7f", "\ud83d")
)
LONG = st.builds(lambda text, times: (text * times)[:3100], TEXTS, st.integers(1, 400))
GAPS = st.sampled_from(("\n", "\n\n", APART, " · ", " "))
WORDS = st.lists(st.tuples(GAPS, st.builds(Words, TEXTS | LONG, st.sampled_from(Size))), max_size=12)
OPENS = st.lists(
    st.builds(divider) | st.builds(header, TEXTS) | st.builds(section, LONG) | st.builds(context, TEXTS),
    max_size=3,
)
ROOMS = st.builds(Room, st.integers(0, 12_000), st.integers(0, 50))


def wide(text):
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def measured(blocks):
    """What the blocks take, as it is found in what is sent."""
    sections = [block["text"]["text"] for block in blocks if block["type"] == "section"]
    contexts = [each["text"] for block in blocks if block["type"] == "context" for each in block["elements"]]
    headers = [block["text"]["text"] for block in blocks if block["type"] == "header"]
    if any(wide(text) > limits.SECTION for text in (*sections, *contexts)):
        return NO_END
    written = wide(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))
    words = sum(map(wide, (*sections, *contexts, *headers)))
    return Room(max(written, words + limits.BLOCK * len(blocks)), len(blocks))


@given(OPENS, WORDS, st.integers(0, 12))
def test_words_take_what_their_blocks_take(opens, words, half):
    blocks = [*opens, *lay(words)]
    assert laid(opens).with_words(words[:half]).with_words(words[half:]).room == measured(blocks)
    assert taken(blocks) == measured(blocks)


@given(MESSAGES, ROOMS)
@settings(max_examples=60, deadline=None)
def test_what_a_part_takes_is_known_at_each_step(message, room):
    for part in parts_of(message):
        filling = Filling(part)
        assert filling.size == measured(filling.filled().blocks())
        for number in (*filling.sources[:1], *filling.words_in_turn(), *filling.sources[1:]):
            room -= filling.keep(number, room)
            assert filling.size == measured(filling.filled().blocks())
        for number in filling.chosen:
            room -= filling.widen(number, room)
            assert filling.size == measured(filling.filled().blocks())


@given(MESSAGES, ROOMS)
@settings(max_examples=60, deadline=None)
def test_what_is_filled_takes_no_more_than_the_room(message, room):
    for part in fill(parts_of(message), room):
        room -= measured(part.blocks())
    assert room.holds(Room(0, 0))


@given(MESSAGES)
@settings(max_examples=60, deadline=None)
def test_a_part_in_full_takes_what_was_added_up(message):
    for part in parts_of(message):
        filling = Filling(part)
        units, size = filling.in_full()
        filling.show_all(units)
        assert size == measured(filling.filled().blocks())


@given(MESSAGES, st.integers(500, 12_000))
@settings(max_examples=60, deadline=None)
def test_no_page_takes_more_than_its_room(message, characters):
    room = Room(characters, limits.BLOCKS)
    for part in parts_of(message):
        told = [
            Part(page.opens, page.head, units=[page.units[at] for at in page.kept])
            for page in whole(part, room)
        ]
        assert all(room.holds(measured(page.blocks())) for page in told if page.units)


@pytest.mark.parametrize(
    ("few", "many"),
    [
        (range(1, 4), range(1, 13)),
        (range(1, 9), range(1, 33)),
    ],
)
def test_a_digest_of_four_times_as_many_stories_costs_about_four_times_as_much(few, many):
    short, long = (
        Message(plain("Digest"), tuple(block for rank in ranks for block in a_story(rank)))
        for ranks in (few, many)
    )
    assert calls(lambda: render(long)) < 6 * calls(lambda: render(short))


@pytest.mark.parametrize(
    "blocks",
    [
        lambda count: (Sources(tuple(plain(f"feed {number}") for number in range(count))),),
        lambda count: (a_saying("“No.”"),) * count,
    ],
)
def test_a_list_four_times_as_long_costs_about_four_times_as_much(blocks):
    short, long = (Message(plain("T"), (*blocks(count), a_saying("x" * 9_000))) for count in (40, 160))
    assert calls(lambda: render(long)) < 6 * calls(lambda: render(short))
