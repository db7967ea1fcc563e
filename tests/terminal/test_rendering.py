"""Messages as a terminal shows them; `python -m tests.terminal.test_rendering` writes the golden files anew."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len

from bot.messages.digest import digest_message
from bot.messages.message import (
    Attachment,
    Choice,
    Form,
    Heading,
    Link,
    Message,
    Moment,
    Note,
    Paragraph,
    Remark,
    Saying,
    Sources,
    Style,
    Text,
    plain,
)
from bot.messages.stances import stances_message
from bot.messages.statements import statements_message
from bot.messages.targets import Listed, target_message, targets_message
from bot.platforms.terminal.output import show_error
from bot.platforms.terminal.rendering import render
from news.digests import FeedHealth
from news.rereading import Progress
from news.targets import BUILT_IN
from tests.bot.samples import (
    KYIV,
    MORNING,
    a_digest,
    a_full_digest,
    a_page,
    a_quote,
    an_edited_story,
    an_occasion_of_three,
    an_occasion_that_one_lost,
    three_quotes,
)
from tests.bot.standings import (
    NIGHTS,
    a_changed_standing,
    a_digest_of_positions,
    a_standing_page,
    three_standings,
)

GOLDEN = Path(__file__).parents[1] / "golden" / "messages"
NOTHING = a_digest(stories=(), articles=0, outlets=0, left_out=0, health=FeedHealth())
MESSAGES = {
    "digest": digest_message(a_digest()),
    "full_digest": digest_message(a_full_digest()),
    "nothing_new": digest_message(NOTHING),
    "statements": statements_message(
        a_page(*three_quotes(), offset=5, total=12, about="harbour strike", since=MORNING), KYIV
    ),
    "one_occasion": statements_message(
        replace(a_page(total=2), occasions=(an_occasion_of_three(), *a_page(a_quote()).occasions)), KYIV
    ),
    "positions": stances_message(
        a_standing_page(*three_standings(), total=9, offset=6),
        KYIV,
        reading=(Progress("night shifts", 12, 1900),),
    ),
    "one_position": stances_message(a_standing_page(a_changed_standing()), KYIV),
    "no_positions": stances_message(a_standing_page(actor="Marlo"), KYIV, like=("Edda Marlow",)),
    "digest_of_positions": digest_message(a_digest_of_positions()),
    "targets": targets_message(
        [Listed(NIGHTS, 3, Progress("night shifts", 12, 1900)), *(Listed(t, 0) for t in BUILT_IN)], KYIV
    ),
    "target": target_message(Listed(NIGHTS, 3, Progress("night shifts", 12, 1900)), KYIV),
    "edited": digest_message(a_digest(stories=(an_edited_story(),))),
    "gone": statements_message(
        replace(
            a_page(total=3),
            occasions=(
                an_occasion_that_one_lost(),
                an_occasion_that_one_lost(all_of_them=True),
                *a_page(replace(a_quote(), gone=MORNING)).occasions,
            ),
        ),
        KYIV,
    ),
    "no_statements": statements_message(a_page(actor="Edda Marlow", about="peace"), KYIV),
}
HOSTILE = "[bold]x[/bold] :skull: \x1b[2J\x1b]8;;https://evil.example\x07 \u202e\x9b31m\r\nnew"


def test_messages_cover_all_blocks():
    kinds = {type(block) for message in MESSAGES.values() for block in message.blocks}
    assert kinds == {Heading, Paragraph, Saying, Remark, Sources, Note}


@pytest.mark.parametrize("width", [100, 60])
@pytest.mark.parametrize("name", MESSAGES)
def test_plain_rendering_is_as_reviewed(name, width):
    expected = (GOLDEN / f"{name}_{width}.txt").read_text(encoding="utf-8")
    assert render(MESSAGES[name], width=width, color=False) == expected


@pytest.mark.parametrize("width", [1, 24, 40, 69, 70, 80, 110, 200])
@pytest.mark.parametrize("name", MESSAGES)
def test_only_what_is_copied_is_wider_than_the_terminal(name, width):
    for line in render(MESSAGES[name], width=width, color=False).splitlines():
        copied = line.startswith(("Older ", "Newer ")) or line.split()[-1:] == re.findall(
            r"https://\S+", line
        )
        assert copied or cell_len(line) <= max(width, 24)
        assert line == line.rstrip()


@pytest.mark.parametrize("name", MESSAGES)
def test_colours_change_no_word_of_what_is_said(name, colours):
    coloured = re.sub(
        r"\x1b\]8;[^\x1b]*\x1b\\|\x1b\[[\d;]*m", "", render(MESSAGES[name], width=100, color=True)
    )
    assert coloured == render(MESSAGES[name], width=100, color=False)


@pytest.fixture
def colours(monkeypatch):
    """A terminal with colours, whatever runs the tests."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def test_words_can_be_followed_and_their_address_copied_where_the_terminal_has_links(colours):
    message = Message(plain("T"), (Sources(((Link("Kurier", "https://kurier.example/1"),),)),))
    shown = re.sub(r"id=[^;]*", "id=", render(message, width=80, color=True))
    link, end = "\x1b]8;id=;https://kurier.example/1\x1b\\", "\x1b[0m\x1b]8;;\x1b\\"
    address = f"{link}\x1b[2;36mhttps://kurier.example/1{end}"
    assert shown == f"T\n\n{link}\x1b[36mKurier{end}  {address}\n"


def test_no_color_is_respected(colours, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    message = Message(plain("T"), (Heading(plain("Strike"), rank=1),))
    assert set(re.findall(r"\x1b\[([\d;]*)m", render(message, width=80, color=True))) == {"1", "0"}


def test_a_dumb_terminal_gets_plain_text(colours, monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    message = MESSAGES["digest"]
    assert render(message, width=100, color=True) == render(message, width=100, color=False)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://x.example/\x1b\\\x1b[31m",
        "https://x.example/\u202egpj",
        "https://x.example/a b",
        "",
    ],
)
def test_an_address_that_is_none_is_no_hyperlink(url, colours):
    message = Message(plain("T"), (Paragraph((Link("words", url),)), Sources(((Link("words", url),),))))
    assert "\x1b]8" not in render(message, width=80, color=True)


@pytest.mark.parametrize("color", [True, False])
def test_strangers_text_stays_text(color, colours):
    line = (Text(HOSTILE), Text(HOSTILE, Style.VERBATIM), Link(HOSTILE, HOSTILE), Link("w", HOSTILE))
    message = Message(
        line,
        (
            Heading(line, rank=1, aside=line),
            Paragraph(line),
            Saying(line, line, line),
            Saying(line, line, line, context=line, sources=(line,)),
            Sources((line,)),
            Note(line),
        ),
        timezone=HOSTILE,
        choices=(Choice(HOSTILE, HOSTILE),),
    )
    shown = render(message, width=200, color=color)
    left = re.sub(r"\x1b\[[\d;]*m", "", shown) if color else shown
    assert "[bold]x[/bold] :skull:" in left
    assert not set(left) & set("\x1b\x07\x9b\u202e\r")


def test_moments_are_told_in_the_messages_zone():
    moments = (
        Moment(MORNING, Form.TIME),
        Text(" | "),
        Moment(MORNING, Form.DAY),
        Text(" | "),
        Moment(MORNING, Form.FULL),
    )
    message = Message((Moment(MORNING, Form.FULL),), (Paragraph(moments),), timezone="America/St_Johns")
    assert render(message, width=100, color=False) == (
        "Wed 12 Mar 2025, 04:30 America/St_Johns\n\n04:30 | Wed 12 Mar 2025 | Wed 12 Mar 2025, 04:30\n"
    )


def test_a_moment_of_another_zone_names_it():
    line = (Moment(MORNING, Form.FULL, timezone="Asia/Tokyo"),)
    shown = render(Message(plain("T"), (Paragraph(line),), timezone="UTC"), width=80, color=False)
    assert shown == "T\n\nWed 12 Mar 2025, 16:00 Asia/Tokyo\n"


def test_an_address_is_written_out_once_and_never_broken():
    url = "https://kurier.example/" + "a" * 100
    message = Message(plain("T"), (Paragraph((Text("see "), Link("Kurier", url))), Note((Link(url, url),))))
    assert render(message, width=300, color=False) == f"T\n\nsee Kurier ({url})\n\n{url}\n"
    source = Message(plain("T"), (Sources(((Link("Kurier", url),),)),))
    assert render(source, width=60, color=False) == f"T\n\nKurier\n    {url}\n"


def test_addresses_stand_behind_all_sources_or_under_all():
    near, far = Link("A", "https://a.example"), Link("B", "https://b.example/" + "b" * 40)
    message = Message(plain("T"), (Sources(((near,), (far,))),))
    assert render(message, width=80, color=False) == f"T\n\nA  {near.url}\nB  {far.url}\n"
    assert render(message, width=50, color=False) == f"T\n\nA\n    {near.url}\nB\n    {far.url}\n"


def test_short_sources_without_addresses_share_lines():
    message = Message(plain("T"), (Sources((plain("A, 08:00"), plain("B, 09:00"), plain("C" * 40))),))
    assert render(message, width=50, color=False) == f"T\n\nA, 08:00   B, 09:00\n{'C' * 40}\n"


class Window(io.StringIO):
    """A standard error that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (Window(), "No such feed here:\nhttps://a.example/a/long/address ask\nfeeds list.\n"),
        (io.StringIO(), "No such feed here: https://a.example/a/long/address ask feeds list.\n"),
    ],
    ids=["terminal", "file"],
)
def test_an_error_is_wrapped_between_words_in_a_terminal_alone(error, shown, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr("sys.stderr", error)
    show_error("No such feed here:\n https://a.example/a/long/address ask feeds list.")
    assert error.getvalue() == shown


def test_columns_align_by_cells_not_characters():
    sayings = (Saying(plain("田中 春"), plain("「動かない」")), Saying(plain("Ida"), plain("“No”")))
    shown = render(Message(plain("T"), sayings), width=80, color=False)
    assert shown == "T\n\n田中 春   「動かない」\nIda       “No”\n"


def test_very_long_words_are_folded():
    message = Message(plain("T"), (Paragraph(plain("x" * 100_000 + "港" * 10_000)),))
    lines = render(message, width=80, color=False).splitlines()
    assert max(map(cell_len, lines)) == 80
    assert sum(map(len, lines)) == 1 + 110_000


def test_a_file_is_named_for_a_terminal_shows_none():
    message = Message(plain("2 feeds"), attachments=(Attachment("feeds\x1b.opml", b"<opml/>"),))
    assert (
        render(message, width=60, color=False) == "2 feeds\n\nfeeds\ufffd.opml: a terminal shows no files\n"
    )


if __name__ == "__main__":
    for name, message in MESSAGES.items():
        for width in (100, 60):
            text = render(message, width=width, color=False)
            (GOLDEN / f"{name}_{width}.txt").write_text(text, encoding="utf-8")
