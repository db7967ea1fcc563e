import pytest

from feeds.discover import feed_links, usual_addresses
from feeds.parse import parse
from news.errors import ParseError
from tests.feeds.conftest import page_of


def test_feed_links_are_absolute_and_each_once():
    head = (
        '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
        '<link rel="ALTERNATE" type="application/atom+xml; charset=utf-8" href="https://b.example/atom">'
        '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
        '<link rel="alternate" hreflang="fr" href="/fr"><link rel="stylesheet" href="/x.css">'
        '<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">'
    )

    found = feed_links(page_of("", head=head), "https://a.example/news/")

    assert found == ("https://a.example/feed.xml", "https://b.example/atom")


def test_feed_links_of_nothing_are_none():
    assert feed_links("") == ()


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        ('<link rel="alternate" type="application/feed+json" href="/feed.json">', "", ["/feed.json"]),
        ('<link rel="alternate" type="application/json" href="/feed.json">', "", ["/feed.json"]),
        ('<link rel="alternate" type="application/json" href="/wp-json/pages/7">', "", []),
        ('<link rel="alternate" type="application/rdf+xml" href="/index.rdf">', "", ["/index.rdf"]),
        ('<link rel="feed" href="/all">', "", ["/all"]),
        ("", '<link rel="alternate" type="application/rss+xml" href="/rss">', ["/rss"]),
        ('<base href="https://a.example/sub/"><link rel="alternate" type="application/rss+xml" href="rss">', "", ["/sub/rss"]),
        (
            '<link rel="alternate" type="application/rss+xml" href="/comments/feed/"><link rel="alternate" type="application/rss+xml" href="/feed/">',
            "",
            ["/feed/", "/comments/feed/"],
        ),
        ("", '<a href="/rss.xml">RSS</a> <a href="/news/atom">Atom</a> <a href="/about">About</a> <a href="/feedback">Write</a>', ["/rss.xml", "/news/atom"]),
        ("", '<a href="https://elsewhere.example/feed">Their feed</a>', []),
        ('<link rel="alternate" type="application/rss+xml" href="/feed">', '<a href="/rss.xml">RSS</a>', ["/feed"]),
    ],
)  # fmt: skip
def test_feeds_are_found_where_pages_name_them(head, body, expected):
    found = feed_links(page_of(body, head=head), "https://a.example/news/")

    assert found == tuple(f"https://a.example{path}" for path in expected)


def test_usual_addresses_are_below_the_page_and_on_its_site():
    assert usual_addresses("https://a.example/blog/")[:4] == (
        "https://a.example/blog/feed",
        "https://a.example/blog/rss",
        "https://a.example/feed",
        "https://a.example/rss",
    )
    assert usual_addresses("https://a.example/index.html?x=1") == tuple(
        f"https://a.example{path}"
        for path in ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")
    )
    assert usual_addresses("ftp://a.example/") == ()


def test_page_in_place_of_a_feed_names_its_feeds():
    head = '<link rel="alternate" type="application/rss+xml" href="/rss">'

    with pytest.raises(ParseError) as caught:
        parse(page_of("", head=head).encode(), url="https://a.example/")

    assert caught.value.feeds == ("https://a.example/rss",)
