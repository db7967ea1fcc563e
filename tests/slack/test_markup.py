"""Slack's markup: nothing that strangers wrote takes effect, and all of it is read as it was written."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given

from bot.messages.harmless import harmless
from bot.messages.message import Form, Hint, Link, Moment, Place, Style, Text
from bot.platforms.slack.markup import ALIKE, JOINER, QUOTE_ALIKE, Markup, escape, safe_url
from news.channels import Channel, Platform
from tests.bot.hostile import WORDS

NOON = datetime(2025, 1, 1, 12, tzinfo=UTC)
IN_KYIV = Markup("Europe/Kyiv")
TURNED_BACK = str.maketrans({alike: mark for mark, alike in ALIKE.items()} | {QUOTE_ALIKE: ">"})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("*bold* _i_ ~s~ `c` ```pre```", "∗bold∗ ˍiˍ ∼s∼ ˋcˋ ˋˋˋpreˋˋˋ"),
        ("snake_case, 2*3, a~b but f**k and rock`n`roll", "snake_case, 2*3, a~b but f∗∗k and rockˋnˋroll"),
        ("> quote", "› quote"),
        (">>> all", "››› all"),
        ("5 > 4 < 6 & so", "5 &gt; 4 &lt; 6 &amp; so"),
        ("<!channel> <!here> <@U1> <#C1> <!subteam^S1>", "&lt;!channel&gt; &lt;!here&gt; &lt;@U1&gt; &lt;#C1&gt; &lt;!subteam^S1&gt;"),
        ("<https://evil.example|good>", "&lt;https://evil.example|good&gt;"),
        ("<!date^0^{time}|x>", "&lt;!date^0^{time}|x&gt;"),
        (":smile: so: yes, at 10:30", f":{JOINER}smile: so: yes, at 10:30"),
        (":wave::skin-tone-2:", f":{JOINER}wave::{JOINER}skin-tone-2:"),
        (":ピザ:", f":{JOINER}ピザ:"),
        ("&lt;!channel&gt;", "&amp;lt;!channel&amp;gt;"),
        ("ab\u202ecd\u2066ef\u200bgh", "abcdefgh"),
        ("a\x00b\ud800c", "a\ufffdb\ufffdc"),
        ("two\nlines\r\n> here", "two lines &gt; here"),
        ("“No – not ’til 5 % (or ½) of $3…”", "“No – not ’til 5 % (or ½) of $3…”"),
    ],
)  # fmt: skip
def test_words_of_strangers_are_shown_letter_by_letter(text, shown):
    assert escape(text) == shown


@given(WORDS)
def test_nothing_that_acts_stays_bare(text):
    shown = escape(text)
    assert not set(shown) & set("<>`")
    assert not re.search(r"&(?!amp;|lt;|gt;)", shown)
    assert not re.search(r"(?<![^\W_])[*_~]|[*_~](?![^\W_])", shown)
    assert not re.search(r":[\w+'-]+:", shown)
    assert not re.match(r"\s*&gt;", shown)


@given(WORDS)
def test_what_a_reader_sees_are_the_very_words(text):
    seen = html.unescape(escape(text)).replace(JOINER, "").translate(TURNED_BACK)
    assert seen == harmless(text).translate(TURNED_BACK)


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://herald.example/a?b=c&d#e", "https://herald.example/a?b=c&amp;d#e"),
        ("http://herald.example:8080/", "http://herald.example:8080/"),
        ("HTTPS://Herald.Example/A", "https://herald.example/A"),
        ("https://herald.example/a b|c>d<e", "https://herald.example/a%20b%7Cc%3Ed%3Ce"),
        ("https://herald.example/|<!channel>", "https://herald.example/%7C%3C!channel%3E"),
        ("https://herald.example/%20ok/ö", "https://herald.example/%20ok/%C3%B6"),
        ("https://zürich.example/", "https://xn--zrich-kva.example/"),
        ("https://herald.example/\ud800\u202e", "https://herald.example/?%E2%80%AE"),
        ("https://good.example@evil.example/", None),
        ("javascript:alert(1)", None),
        ("slack://open", None),
        ("mailto:a@b.example", None),
        ("//herald.example", None),
        ("https://", None),
        ("https://[::1]/", None),
        ("https://herald.example:port/", None),
        ("https://herald.example/" + "a" * 1000, None),
        ("", None),
    ],
)
def test_addresses_are_harmless_or_left_out(url, safe):
    assert safe_url(url) == safe


@pytest.mark.parametrize(
    ("inline", "shown"),
    [
        (Link("Daily Herald", "https://h.example"), "<https://h.example|Daily Herald>"),
        (Link("[2]", "https://h.example"), "<https://h.example|[2]>"),
        (Link("a|b> <!here>", "https://h.example"), "<https://h.example|a|b&gt; &lt;!here&gt;>"),
        (Link("words", "javascript:x"), "words"),
        (Link("", "https://h.example/1"), "<https://h.example/1|h.example>"),
        (Text(" bold * ", Style.STRONG), "*bold ∗*"),
        (Text("  ", Style.STRONG), ""),
        (Text("quiet", Style.QUIET), "quiet"),
        (Moment(NOON), "<!date^1735732800^{time}|14:00>"),
        (Moment(NOON, Form.DAY), "<!date^1735732800^{date_short_pretty}|Wed 1 Jan 2025>"),
        (
            Moment(NOON, Form.FULL),
            "<!date^1735732800^{date_short_pretty} {time}|Wed 1 Jan 2025, 14:00>",
        ),
        (Moment(NOON, Form.FULL, "America/New_York"), "Wed 1 Jan 2025, 07:00 America/New_York"),
        (Moment(datetime(1969, 1, 1, tzinfo=UTC), Form.DAY), "Wed 1 Jan 1969"),
        (Hint("digest since 3d"), "`/digest since 3d`"),
        (Hint("stance `*_~<!here>"), "`/stance ˋ∗ˍ∼&lt;!here&gt;`"),
        (Place(Channel(Platform.DISCORD, "9")), "discord:9"),
        (Place(Channel(Platform.TERMINAL, "local")), "the terminal"),
        (Place(Channel(Platform.SLACK, "C024BE91L")), "<#C024BE91L>"),
        (Place(Channel(Platform.SLACK, "C1|x> <!here>")), "slack:C1|x&gt; &lt;!here&gt;"),
    ],
)  # fmt: skip
def test_inlines_are_rendered(inline, shown):
    assert IN_KYIV.line((inline,)) == shown


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ((Text("a", Style.STRONG), Text("b ", Style.STRONG), Text("c")), "*ab* c"),
        ((Text("! ", Style.STRONG), Text("headline")), "*!* headline"),
        ((Text("in 3 articles"), Text(", 1 of which has it", Style.STRONG)), "in 3 articles, *1 of which has it*"),
        ((Text("touch"), Text("ing", Style.STRONG)), "touching"),
        ((Text("touch", Style.STRONG), Text("ing")), "touching"),
    ],
)  # fmt: skip
def test_strong_words_are_bold_where_slack_can_show_that(line, shown):
    assert IN_KYIV.line(line) == shown


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ((Text(":"), Text("smile:")), f":{JOINER}smile:"),
        ((Text(":smi"), Text("le"), Text(": :a:")), f":{JOINER}smile: :{JOINER}a:"),
        ((Text("so: "), Link("a:b", "https://h.example:80/:c:")), "so: <https://h.example:80/:c:|a:b>"),
        ((Text("at:"), Moment(NOON), Text(":")), "at:<!date^1735732800^{time}|14:00>:"),
    ],
)
def test_no_emoji_arises_where_words_meet(line, shown):
    assert IN_KYIV.line(line) == shown


def test_words_alone_tell_moments_and_commands_too():
    line = (
        Text("<b> since "),
        Moment(NOON, Form.FULL),
        Text(": "),
        Hint("feeds list"),
        Link(" x", "https://h"),
    )
    assert IN_KYIV.words(line, zone=True) == "<b> since Wed 1 Jan 2025, 14:00 Europe/Kyiv: /feeds list x"
    assert IN_KYIV.words(line) == "<b> since Wed 1 Jan 2025, 14:00: /feeds list x"
