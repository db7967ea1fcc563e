"""Discord markup: nothing that strangers wrote takes effect, and all of it is read as it was written."""

from __future__ import annotations

import re
import string
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.message import Form, Link, Moment, Style, Text
from bot.platforms.discord.markup import escape, render_line, safe_url
from tests.discord.hostile import WORDS

NOON = datetime(2025, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**bold** _i_ ~~s~~ `c` ||s||", r"\*\*bold\*\* \_i\_ \~\~s\~\~ \`c\` \|\|s\|\|"),
        ("# heading", r"\# heading"),
        ("> quote", r"\> quote"),
        ("-# small", r"-\# small"),
        ("- list", r"\- list"),
        ("12. list", r"12\. list"),
        ("12.5 per cent - so far", "12.5 per cent - so far"),
        ("@everyone @here <@1> <@&2> <#3>", r"\@everyone \@here \<\@1\> \<\@&2\> \<\#3\>"),
        ("[x](https://evil.example)", r"\[x\](https\://evil.example)"),
        ("https://evil.example", r"https\://evil.example"),
        ("discord://x steam://y", r"discord\://x steam\://y"),
        (":smile: <:a:1> 10:30 so: yes", r"\:smile: \<\:a\:1\> 10\:30 so: yes"),
        ("<t:0:R> </ban:1> <id:browse>", r"\<t\:0\:R\> \</ban\:1\> \<id\:browse\>"),
        ("\\*not\\*", r"\\\*not\\\*"),
        ("ab\u202ecd\u2066ef\u200bgh", "abcdefgh"),
        ("a\x00b\ud800c", "a\ufffdb\ufffdc"),
        ("two\nlines\r\n# here", r"two lines \# here"),
        ("“No – not ’til 5 % (or ½) of $3…”", "“No – not ’til 5 % (or ½) of $3…”"),
    ],
)
def test_words_of_strangers_are_shown_letter_by_letter(text, shown):
    assert escape(text) == shown


@given(WORDS)
def test_nothing_that_begins_markup_stays_bare(text):
    bare = re.sub(r"\\[^0-9A-Za-z\s]", "", escape(text))
    assert not set(bare) & set("\\*_~`|<>[]@#")
    assert not re.search(r":\S", bare)


@given(st.text(string.printable))
def test_what_a_reader_sees_are_the_very_words(text):
    seen = re.sub(r"\\([^0-9A-Za-z\s])", r"\1", escape(text))
    assert "".join(seen.split()) == "".join(re.sub("[\x00-\x1f\x7f]", "", text).split())


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://herald.example/a?b=c&d#e", "https://herald.example/a?b=c&d#e"),
        ("http://herald.example:8080/", "http://herald.example:8080/"),
        ("HTTPS://Herald.Example/A", "https://herald.example/A"),
        ("https://herald.example/a(b) c", "https://herald.example/a%28b%29%20c"),
        ("https://herald.example/a)[x](b", "https://herald.example/a%29%5Bx%5D%28b"),
        ('https://herald.example/"t"\\<>', "https://herald.example/%22t%22%5C%3C%3E"),
        ("https://herald.example/%20ok/ö", "https://herald.example/%20ok/%C3%B6"),
        ("https://zürich.example/", "https://xn--zrich-kva.example/"),
        ("https://herald.example/\ud800\u202e", "https://herald.example/?%E2%80%AE"),
        ("https://good.example@evil.example/", None),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//herald.example", None),
        ("https://", None),
        ("https://[::1]/", None),
        ("https://herald.example:port/", None),
        ("https://herald.example/" + "a" * 1000, None),
        ("https://" + "a" * 70 + ".example", None),
        ("", None),
    ],
)
def test_addresses_are_harmless_or_left_out(url, safe):
    assert safe_url(url) == safe


@pytest.mark.parametrize(
    ("inline", "shown"),
    [
        (Link("Daily Herald", "https://h.example"), "[Daily Herald](https://h.example)"),
        (Link("[2]", "https://h.example"), r"\[[2](https://h.example)\]"),
        (Link("[a] b", "https://h.example"), "[(a) b](https://h.example)"),
        (
            Link("x](https://evil.example) [", "https://h.example"),
            r"[x)(https\://evil.example) (](https://h.example)",
        ),
        (Link("words", "javascript:x"), "words"),
        (Link("", "https://h.example/1"), "[h.example](https://h.example/1)"),
        (Text(" bold * ", Style.STRONG), r"**bold \***"),
        (Text("  ", Style.STRONG), ""),
        (Moment(NOON, Form.DAY), "<t:1735732800:D>"),
    ],
)
def test_inlines_are_rendered(inline, shown):
    assert render_line((inline,)) == shown


def test_strong_words_that_touch_are_one():
    line = (Text("a", Style.STRONG), Text("b ", Style.STRONG), Text("c"))
    assert render_line(line) == "**ab** c"
