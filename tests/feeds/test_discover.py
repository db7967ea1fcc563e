from feeds.discover import feed_links
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
