"""What strangers write costs little to render, however much it is: the loop that answers everyone stands still meanwhile."""

from __future__ import annotations

import pytest

from bot.messages.message import Heading, Message, Paragraph, Sources, Text, plain
from bot.platforms.discord.rendering import render, render_thread
from tests.costs import cpu_seconds


@pytest.mark.parametrize("text", ["[" * 500_000, "@everyone " * 50_000, ":x" * 250_000, "\u202e" * 500_000])
def test_half_a_million_hostile_characters(text):
    message = Message(plain(text), (Heading(plain(text)), Paragraph(plain(text)), Sources((plain(text),))))

    def work():
        render(message)
        render_thread(message, key="attache-1")

    assert cpu_seconds(work, enough=1.5) < 1.5


def test_a_list_of_thousands_of_lines():
    lines = tuple(
        (Text(f"{number}  "), Text("Daily Herald https://herald.example/feed")) for number in range(4000)
    )
    assert cpu_seconds(lambda: render(Message(plain("Feeds"), (Sources(lines),))), enough=1.5) < 1.5
