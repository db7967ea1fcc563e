import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.opml import MOST_FEEDS, TOO_DEEP, read_opml, write_opml
from news.errors import ParseError
from news.feeds import Feed, FeedId, Follow, Listed
from tests.costs import cpu_seconds


def opml(outlines, head=""):
    return (
        f'{head}<opml version="2.0"><head><title>Mine</title></head><body>{outlines}</body></opml>'.encode()
    )


FEED = '<outline type="rss" text="The Herald" xmlUrl="https://herald.example/feed"/>'
HERALD = Listed("https://herald.example/feed", "The Herald")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (opml(FEED), (HERALD,)),
        (opml(f'<outline text="News"><outline title="Local">{FEED}</outline></outline>'), (Listed(HERALD.url, HERALD.title, "News/Local"),)),
        (opml(f'<outline text="A/B">{FEED}</outline>'), (Listed(HERALD.url, HERALD.title, "A∕B"),)),
        (opml(FEED + f'<outline text="Again">{FEED}</outline>'), (Listed(HERALD.url, HERALD.title, "Again"),)),
        (opml('<outline TITLE="R&D" XMLURL="feed://herald.example/feed?a=1&b=2">'), (Listed("http://herald.example/feed?a=1&b=2", "R&D"),)),
        (opml('<outline xmlUrl="https://herald.example/feed"/>'), (Listed("https://herald.example/feed"),)),
        (opml(FEED + '<outline text="x" xmlUrl="javascript:alert(1)"/><outline text="y" xmlUrl="file:///etc/passwd"/>'), (HERALD, Listed("javascript:alert(1)", "x"), Listed("file:///etc/passwd", "y"))),
        (opml('<outline text="Порт" xmlUrl="https://port.example/"/>').decode().encode("utf-16"), (Listed("https://port.example/", "Порт"),)),
        (b'<?xml version="1.0" encoding="windows-1251"?>' + opml('<outline text="Порт" xmlUrl="https://port.example/"/>').decode().encode("cp1251"), (Listed("https://port.example/", "Порт"),)),
        (opml('<outline text="&paper;" xmlUrl="https://herald.example/feed"/>', '<!DOCTYPE opml [<!ENTITY paper "The Herald">]>'), (HERALD,)),
    ],
)  # fmt: skip
def test_list_is_read(body, expected):
    assert read_opml(body) == expected


@pytest.mark.parametrize(
    "body", [b"", b"words", opml(""), b"<rss><channel/></rss>", b"\x00\xff" * 50, b"<opml>"]
)
def test_what_names_no_feed_is_told_in_one_sentence(body):
    with pytest.raises(ParseError, match=r"^mine\.opml [^\n]+\.$"):
        read_opml(body, "mine.opml")


def test_entities_neither_grow_nor_lead_elsewhere(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("hidden words")
    declared = f'<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY a "{"a" * 400}"><!ENTITY b "&a;&a;">'

    found = read_opml(
        opml(
            f'<outline text="&x;{"&a;&b;" * 50_000}" xmlUrl="https://a.example/"/>',
            f"<!DOCTYPE o [{declared}]>",
        )
    )

    assert "hidden" not in repr(found)
    assert len(found[0].title) <= 200


def test_endless_list_is_refused_and_not_cut_in_silence():
    many = "".join(f'<outline text="a" xmlUrl="https://a.example/{n}"/>' for n in range(MOST_FEEDS + 5))

    with pytest.raises(ParseError, match="names more than 5,000 feeds: split it"):
        read_opml(opml(many))


def test_names_with_brackets_do_not_count_as_folders():
    many = "".join(f'<outline text="A > B" xmlUrl="https://a.example/{n}"/>' for n in range(TOO_DEEP + 5))

    assert len(read_opml(opml(many))) == TOO_DEEP + 5


@pytest.mark.parametrize(
    "outlines",
    [
        '<outline text="f"><outline text="a" xmlUrl="https://a.example/"/>' * 3000,
        f'<outline text="a" xmlUrl="https://a.example/" category="{"".join(f"/c{n}," for n in range(30_000))}"/>',
        "&" * 200_000,
        "<" * 200_000,
    ],
)
def test_hostile_list_costs_little(outlines):
    def read():
        with contextlib.suppress(ParseError):
            read_opml(opml(outlines))

    assert cpu_seconds(read, enough=1.0) < 1.0  # it was up to 48


def follow(url, title, folder=""):
    return Follow(Feed(FeedId(1), url, title), folder)


def test_list_is_written_with_a_folder_within_a_folder():
    follows = [
        follow("https://a.example/?x=1&y=2", "A & <b>", "News/Local"),
        follow("https://b.example/", 'B "b"'),
        follow("https://c.example/", "C", "News"),
    ]

    assert write_opml(follows, "Mine & ours").decode().split("\n") == [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        "  <head><title>Mine &amp; ours</title></head>",
        "  <body>",
        '    <outline text="News">',
        '      <outline text="Local">',
        '        <outline type="rss" text="A &amp; &lt;b&gt;" title="A &amp; &lt;b&gt;" xmlUrl="https://a.example/?x=1&amp;y=2"/>',
        "      </outline>",
        '      <outline type="rss" text="C" title="C" xmlUrl="https://c.example/"/>',
        "    </outline>",
        "    <outline type=\"rss\" text='B \"b\"' title='B \"b\"' xmlUrl=\"https://b.example/\"/>",
        "  </body>",
        "</opml>",
        "",
    ]  # fmt: skip


NAMES = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "S"], exclude_characters="/∕"),
    min_size=1,
    max_size=12,
)
FOLLOWS = st.builds(
    follow,
    st.integers(0, 99).map(lambda n: f"https://a.example/{n}?x=1&y=2"),
    NAMES,
    st.lists(NAMES, max_size=3).map("/".join),
)


@given(st.lists(FOLLOWS, min_size=1, max_size=8, unique_by=lambda each: each.feed.url), st.text(max_size=20))
def test_what_is_written_reads_back(follows, title):
    found = read_opml(write_opml(follows, title))

    assert {(each.url, each.title, each.folder) for each in found} == {
        (each.feed.url, each.feed.title, each.folder) for each in follows
    }


@given(st.binary(max_size=300))
def test_any_bytes_are_a_list_or_a_parse_error(body):
    try:
        read_opml(b"<opml><body>" + body)
    except ParseError:
        return
