import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.links import entry_identity, identity, is_own

STORY = "herald.example/2024/12/05/bridge-to-close"


@pytest.mark.parametrize(
    "url",
    [
        "https://herald.example/2024/12/05/bridge-to-close",
        "http://www.herald.example/2024/12/05/bridge-to-close/",
        "https://m.herald.example:443/2024/12/05/bridge-to-close?utm_source=rss&utm_medium=feed",
        "https://amp.herald.example/2024/12/05/bridge-to-close.amp#comments",
        "https://HERALD.example./2024/12/05//bridge-to-close/amp/?fbclid=Iw&at_medium=RSS&CMP=x",
        "https://herald.example/2024/12/05/bridge%2Dto%2dclose/index.html",
        "https://herald.example/2024/12/05/bridge-to-close/amp.html",
    ],
)
def test_an_article_has_one_address_whatever_way_it_was_reached(url):
    assert identity(url) == STORY


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://herald.example/?p=12", "https://herald.example/?p=13"),
        ("https://herald.example/a", "https://herald.example/A"),
        ("https://herald.example/a", "https://herald.example:8080/a"),
        ("https://herald.example/a", "https://post.example/a"),
        ("https://herald.example/%fe", "https://herald.example/%ff"),
        ("https://herald.example/?q=%fe", "https://herald.example/?q=%ff"),
        ("https://herald.example/?ref=1", "https://herald.example/?ref=2"),  # to some sites it is a chapter
        ("https://m.example/", "https://www.example/"),
        ("https://guitars.example/amp", "https://guitars.example/"),
        ("https://herald.example/?feedid=1", "https://herald.example/?feedid=2"),
    ],
)
def test_what_may_be_another_article_has_another_address(one, other):
    assert identity(one) != identity(other)


def test_the_order_of_parameters_tells_nothing():
    assert identity("https://a.example/?b=2&a=1&b=1") == identity("https://a.example/?a=1&b=1&b=2")


@pytest.mark.parametrize(
    "url", [None, "", "herald", "ftp://a.example/x", "urn:a", "http://[", "http:///x", "http://a:b/"]
)
def test_what_is_no_web_address_has_none(url):
    assert (identity(url), entry_identity(url)) == (None, None)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://herald.example/2024/bridge-closes", "https://mirror.herald.example/2024/bridge-closes", True),
        ("https://herald.example/2024/bridge-closes", "http://herald-news.example/2024/bridge-closes/", True),
        ("https://herald.example/2024/bridge-closes", "https://mirror.example/2024/bridge-opens", False),
        ("https://herald.example/news/1", "https://post.example/news/1", False),  # any site may have that
        ("https://herald.example/politics/world", "https://post.example/politics/world", False),
        ("https://herald.example/?p=1", "https://post.example/?p=1", False),
    ],
)  # fmt: skip
def test_an_entry_stays_itself_where_its_site_moves(one, other, same):
    assert (entry_identity(one) == entry_identity(other)) is same


@pytest.mark.parametrize(
    ("article", "feed", "own"),
    [
        ("https://herald.example/1", "https://herald.example/feed", True),
        ("https://www.herald.example/1", "https://feeds.herald.example/world", True),
        ("https://world.herald.example/1", "https://herald.example/feed", True),
        ("https://world.herald.example/1", "https://www.herald.example/feed", True),
        ("https://world.herald.example/1", "https://rss.herald.example/", False),
        ("https://www.bbc.co.example/news/1", "https://rss.co.example/f", False),
        ("https://herald.com.example/1", "https://api.com.example/", False),
        ("https://alice.pages.example/1", "https://feeds.pages.example/f", False),
        ("https://alice.pages.example/1", "https://m.pages.example/f", False),
        ("https://herald.example./1", "https://www.herald.example/feed", True),
        ("https://post.example/1", "https://herald.example/feed", False),
        ("https://bbc.co.example/1", "https://evil.co.example/feed", False),
        ("https://one.blogs.example/1", "https://other.blogs.example/feed", False),
        ("https://blogs.example/1", "https://other.blogs.example/feed", False),
        ("https://evilherald.example/1", "https://herald.example/feed", False),
        ("https://co.example/1", "https://feeds.example/", False),
        (None, "https://herald.example/feed", False),
        ("https://herald.example/1", "import:1", False),
        ("http://[", "http://[", False),
    ],
)
def test_only_a_sites_own_feed_speaks_for_it(article, feed, own):
    assert is_own(article, feed) is own


@given(
    st.text() | st.text().map("https://a.example/{}".format) | st.text().map("https://a.example/?{}".format)
)
def test_any_string_has_an_identity_or_none(text):
    found = identity(text)
    assert found is None or identity(f"https://{found}") == found
