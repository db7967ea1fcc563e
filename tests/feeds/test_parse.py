import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds.discover import usual_addresses
from feeds.elements import LONGEST_AUTHOR
from feeds.parse import LONGEST_KEY, parse
from news.errors import ParseError
from tests.feeds.conftest import atom, page_of, rss

GOLDEN = Path(__file__).parent.parent / "golden" / "feeds"
URL = "https://herald.example/feeds/all.xml"


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.xml")), ids=lambda path: path.stem)
def test_golden_feed_parses_to_what_stands_beside_it(path):
    feed = asdict(parse(path.read_bytes(), url=URL))
    del feed["pace"]
    found = json.loads(json.dumps(feed, default=datetime.isoformat))

    assert found == json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


def entry_of(document, **options):
    (entry,) = parse(document.encode(), url=URL, **options).entries
    return entry


@pytest.mark.parametrize(
    ("item", "key"),
    [
        ("<guid>tag:1</guid><link>https://herald.example/1</link>", "tag:1"),
        ("<guid> https://herald.example/1 </guid>", "herald.example/1"),
        ("<link>/1</link><title>a</title>", "herald.example/1"),
        ("<guid></guid><link>/1</link>", "herald.example/1"),
    ],
)
def test_key_is_the_guid_else_the_link(item, key):
    assert entry_of(rss(f"<item>{item}</item>")).key == key


def test_key_of_an_entry_without_id_and_link_is_of_its_words():
    one, same, other = (
        entry_of(rss(f"<item><title>{title}</title><description>b</description></item>"))
        for title in ("Vote", " Vote ", "Voted")
    )

    assert len(one.key) == 64
    assert one.key == same.key != other.key


def test_key_that_is_too_long_becomes_a_hash():
    one, other = (
        entry_of(rss(f"<item><guid>{'x/' * LONGEST_KEY}{n}</guid><title>a</title></item>")) for n in "12"
    )

    assert len(one.key) == 64
    assert one.key != other.key


def test_entries_of_one_key_are_one_the_first():
    items = "".join(f"<item><guid>1</guid><title>{title}</title></item>" for title in ("first", "second"))

    assert [entry.title for entry in parse(rss(items).encode(), url=URL).entries] == ["first"]


def test_item_that_says_nothing_is_left_out():
    entries = parse(rss("<item><guid>1</guid></item><item/><item><x>1</x></item>").encode(), url=URL).entries

    assert [entry.key for entry in entries] == ["1"]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("<guid>https://herald.example/1</guid>", "https://herald.example/1"),
        ("<guid>17</guid>", None),
        ("<guid>17</guid><link>/1</link>", "https://herald.example/1"),
        ("<link>/1</link><guid>17</guid>", "https://herald.example/1"),
        ('<guid isPermaLink="false">https://herald.example/1</guid>', None),
    ],
)
def test_guid_is_the_link_only_where_it_is_an_address(item, expected):
    assert entry_of(rss(f"<item><title>a</title>{item}</item>")).url == expected


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://b.example/x?a=1&amp;b=2", "https://b.example/x?a=1&b=2"),
        ("../2024/vote", "https://herald.example/2024/vote"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("http://[::1", None),
    ],
)
def test_link_is_absolute_and_of_the_web(link, expected):
    assert entry_of(rss(f"<item><title>a</title><link>{link}</link></item>")).url == expected


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("<description>Plain words.</description>", "Plain words."),
        ("<description>&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;“Two” &amp;amp; three.&lt;/p&gt;</description>", "One.\n“Two” & three."),
        ("<description>short</description><content:encoded><![CDATA[<p>Long.</p><p>Longer.</p>]]></content:encoded>", "Long.\nLonger."),
        ("<description>longer than it</description><content:encoded>it</content:encoded>", "longer than it"),
        ("<description><![CDATA[<script>alert(1)</script>No &#147;script&#148;.]]></description>", "No “script”."),
        ("<description><![CDATA[R&D, A&amp;B]]> and C&D &c</description>", "R&D, A&B and C&D &c"),
        ("<description>It rose 3 &lt; 4.</description>", "It rose 3 < 4."),
    ],
)  # fmt: skip
def test_text_is_the_longest_of_the_feeds_own_words_without_markup(item, expected):
    assert entry_of(rss(f"<item><title>a</title>{item}</item>")).text == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("<title>Vote put off</title>", "Vote put off"),
        ("<title>\n Vote\n put off </title>", "Vote put off"),
        ("<title>&lt;b&gt;Vote&lt;/b&gt; put &amp;amp; off</title>", "Vote put & off"),
        ("<title><![CDATA[“Vote” — off]]></title>", "“Vote” — off"),
        ("<title/>", None),
    ],
)
def test_title_is_one_line_of_text(title, expected):
    assert entry_of(rss(f"<item>{title}<description>x</description></item>")).title == expected


def test_atom_title_that_is_text_keeps_what_looks_like_markup():
    assert (
        entry_of(atom('<entry><id>1</id><title type="text">The &lt;b&gt; tag</title></entry>')).title
        == "The <b> tag"
    )


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Wed, 04 Dec 2024 08:10:00 +0200", datetime(2024, 12, 4, 6, 10, tzinfo=UTC)),
        ("Wed, 04 Dec 2024 08:10:00 EST", datetime(2024, 12, 4, 13, 10, tzinfo=UTC)),
        ("2024-12-04T08:10:00Z", datetime(2024, 12, 4, 8, 10, tzinfo=UTC)),
        ("2024-12-04", datetime(2024, 12, 4, tzinfo=UTC)),
        ("yesterday", None),
        ("9999-12-04T08:10:00Z", None),
        ("Mon, 01 Jan 0001 00:00:00 +0000", None),
    ],
)
def test_published_is_aware_utc(date, expected):
    entry = entry_of(rss(f"<item><title>a</title><pubDate>{date}</pubDate></item>"))

    assert (entry.published, entry.updated) == (expected, None)


def test_entry_with_only_a_time_of_change_counts_as_published_then():
    entry = entry_of(atom("<entry><id>1</id><title>a</title><updated>2024-12-04T08:10:00Z</updated></entry>"))

    assert entry.published == entry.updated == datetime(2024, 12, 4, 8, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("<dc:creator>Ann Writer</dc:creator>", "Ann Writer"),
        (
            "<dc:creator>Ann Writer</dc:creator><dc:creator>Jo Stringer</dc:creator>",
            "Ann Writer, Jo Stringer",
        ),
        ("<author>ann@herald.example (Ann Writer)</author>", "Ann Writer"),
        ("<author>Ann Writer &lt;ann@herald.example&gt;</author>", "Ann Writer"),
        ("<author>ann@herald.example</author>", None),
        ("", None),
    ],
)
def test_byline_is_names_only(item, expected):
    assert entry_of(rss(f"<item><title>a</title>{item}</item>")).byline == expected


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (rss(title="Порт").encode("utf-8"), None),
        (rss(title="Порт").encode("utf-8"), "text/xml"),  # by the old rule that would be ASCII
        (rss(title="Порт").encode("utf-16"), "application/rss+xml"),
        (rss(title="Порт").encode("cp1251"), "application/rss+xml; charset=windows-1251"),
        (b'<?xml version="1.0" encoding="windows-1251"?>' + rss(title="Порт").encode("cp1251"), "text/xml"),
        (b'<?xml version="1.0" encoding="windows-1251"?>' + rss(title="Порт").encode("cp1251"), "text/xml; charset=utf-8"),
        (b'<?xml version="1.0" encoding="utf-8"?>' + rss(title="Порт", extra="<x>").encode() + b"\xff", "text/xml"),
    ],
)  # fmt: skip
def test_encoding_is_found(body, content_type):
    assert parse(body, url=URL, content_type=content_type).title == "Порт"


def test_feed_without_entries_is_a_feed():
    assert parse(rss().encode(), url=URL).entries == ()


@pytest.mark.parametrize(
    ("head", "feeds"),
    [
        (
            '<link rel="alternate" type="application/rss+xml" href="/world.rss">',
            ("https://herald.example/world.rss",),
        ),
        ("", usual_addresses(URL)),
    ],
)
def test_a_page_tells_where_its_feed_may_be(head, feeds):
    with pytest.raises(ParseError) as caught:
        parse(page_of("<h1>News</h1>", head=head).encode(), url=URL)
    assert caught.value.feeds == feeds != ()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "is empty"),
        (b" \n\t ", "is empty"),
        (
            page_of("<h1>News</h1>").encode(),
            "is a web page, not a feed: find the address of its RSS or Atom feed.",
        ),
        (b"<!-- x -->\n<HTML><body>x", "is a web page"),
        (
            page_of("", head='<link rel="alternate" type="application/rss+xml" href="/rss">').encode(),
            "add the feed it names, https://herald.example/rss.",
        ),
        (b"just some words", "neither RSS nor Atom"),
        (
            b'{"version": "1.1", "items": []}',
            "neither RSS nor Atom nor JSON Feed",
        ),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "neither RSS nor Atom"),
        (b"<note><to>you</to></note>", "neither RSS nor Atom"),
    ],
)
def test_what_is_no_feed_is_told_in_one_sentence(body, says):
    with pytest.raises(ParseError) as caught:
        parse(body, url=URL)

    assert str(caught.value).startswith(URL)
    assert says in str(caught.value)
    assert caught.value.url == URL


def test_external_entities_are_not_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("hidden words")
    document = f'<!DOCTYPE r [<!ENTITY x SYSTEM "{secret.as_uri()}">]>' + rss(
        "<item><title>a&x;</title></item>"
    )

    assert "hidden words" not in repr(parse(document.encode(), url=URL))


def test_entities_that_multiply_do_not():
    entities = '<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {name} "{f"&{inner};" * 10}">'
        for inner, name in zip("abcdefghi", "bcdefghij", strict=True)
    )

    entry = entry_of(f"<!DOCTYPE r [{entities}]>" + rss("<item><title>x &j;</title></item>"))

    assert len(entry.title) < 100


@pytest.mark.parametrize("start", ["<!--a-->", "<!-- ", "<?xml ", " ", "<![CDATA[", "<!DOCTYPE "])
def test_endless_beginning_is_no_feed_at_once(start):
    with pytest.raises(ParseError):
        parse(b"x" + start.encode() * 20_000, url=URL)
    with pytest.raises(ParseError):
        parse(start.encode() * 20_000 + b"x", url=URL)


def test_endless_word_is_cut_before_it_costs_minutes():
    entry = entry_of(rss(f"<item><title>a</title><author>{'a' * 100_000}</author></item>"))

    assert len(entry.byline) == LONGEST_AUTHOR


PIECES = st.sampled_from(
    [
        "<item>", "</item>", "<title>", "</title>", "<entry>", "</entry>", "<link>", "<link href='http://[' />", "<guid>",
        "<![CDATA[", "]]>", "&amp;", "&#xD800;", "&#0;", "&lol;", "<pubDate>", "99:99 -9999", "<content:encoded>", "<b>",
        "<?xml encoding='x'?>", "<!DOCTYPE a [", "<!ENTITY a '&a;'>", "\0", "\ud800", "<author>", "a@b.cd (", "xml:base='//['",
        "<media:content url='x' />", "<georss:point>1", "<itunes:duration>", "<geo:lat>", "<source>", "<category>", "<a:b>",
    ]
)  # fmt: skip


def parses_or_says_why_not(body):
    try:
        feed = parse(body, url=URL)
    except ParseError:
        return
    assert all(entry.key for entry in feed.entries)


@given(st.binary(max_size=400))
def test_any_bytes_parse_or_are_a_parse_error(body):
    parses_or_says_why_not(body)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=25), st.booleans())
def test_any_mutated_feed_parses_or_is_a_parse_error(pieces, strict):
    document = rss("".join(pieces)) if strict else atom("".join(pieces))
    parses_or_says_why_not(document.encode("utf-8", "surrogatepass"))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_any_damaged_golden_feed_parses_or_is_a_parse_error(data):
    body = bytearray(data.draw(st.sampled_from(sorted(GOLDEN.glob("*.xml")))).read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(body) - 1))
        body[start : start + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=8))
        body = body or bytearray(b" ")
    parses_or_says_why_not(bytes(body))
