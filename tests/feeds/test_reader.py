import asyncio
import subprocess
import sys
from hashlib import sha256

import pytest

from bot.ports import FeedReader
from feeds.reader import Reader
from news.errors import AddressRefused, FetchError, ParseError, UnreadableInput
from news.feeds import Entry, Fetched, Gone, NotModified, Page, Validators
from tests.feeds.conftest import a_feed, a_reader, atom, page_of, rss

ITEM = "<item><guid>1</guid><title>Bridge vote</title><link>/bridge</link><description>Put off.</description></item>"
ARTICLE = "<article><h1>Bridge vote</h1><p>The council put off its vote on the bridge.</p><p>“Not yet,” it said.</p></article>"


async def test_feed_comes_back_with_its_entries(site, reader):
    document = rss(ITEM)
    url = site.serves("/feed.xml", document, ETag='"1"', Content_Type="application/rss+xml")

    assert await reader.fetch(a_feed(url)) == Fetched(
        title="Daily Herald",
        entries=(Entry(key="1", title="Bridge vote", url=site.url("/bridge"), summary="Put off.", guid="1"),),
        validators=Validators(etag='"1"'),
        body_hash=sha256(document.encode()).hexdigest(),
        url=url,
    )


async def test_atom_feed_comes_back_with_its_entries(site, reader):
    url = site.serves("/atom", atom('<entry><id>a</id><title>Vote</title><link href="b"/></entry>'))

    (entry,) = (await reader.fetch(a_feed(url))).entries

    assert (entry.key, entry.url) == ("a", site.url("/b"))


@pytest.mark.parametrize("content_type", ["text/xml; charset=windows-1251", "application/rss+xml"])
async def test_feed_in_windows_1251_is_read(site, reader, content_type):
    declaration = "" if "charset" in content_type else '<?xml version="1.0" encoding="windows-1251"?>'
    url = site.serves(
        "/feed", (declaration + rss(title="Вестник")).encode("cp1251"), Content_Type=content_type
    )

    assert (await reader.fetch(a_feed(url))).title == "Вестник"


async def test_feed_that_has_not_changed_is_not_modified(site, reader):
    known = Validators(etag='"1"')

    assert await reader.fetch(a_feed(site.serves("/f", status=304), validators=known)) == NotModified(known)


async def test_same_body_is_not_modified_and_renews_validators(site, reader):
    document = rss(ITEM)
    url = site.serves("/f", document, ETag='"2"')
    feed = a_feed(url, body_hash=sha256(document.encode()).hexdigest(), validators=Validators(etag='"1"'))

    assert await reader.fetch(feed) == NotModified(Validators(etag='"2"'))


async def test_feed_that_ended_is_gone(site, reader):
    assert await reader.fetch(a_feed(site.serves("/f", status=410))) == Gone()


async def test_feed_that_moved_for_good_says_where_even_with_the_same_body(site, reader):
    document = rss(ITEM)
    new = site.serves("/new", document)
    old = site.redirects("/old", "/new", status=301)

    update = await reader.fetch(a_feed(old, body_hash=sha256(document.encode()).hexdigest()))

    assert update.url == new
    assert update.entries[0].url == site.url("/bridge")


async def test_feed_that_moved_for_now_keeps_its_address(site, reader):
    site.serves("/elsewhere/feed", rss("<item><title>a</title><link>a</link></item>"))
    url = site.redirects("/f", "/elsewhere/feed")

    update = await reader.fetch(a_feed(url))

    assert (update.url, update.entries[0].url) == (url, site.url("/elsewhere/a"))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (page_of("<h1>News</h1>"), "is a web page, not a feed"),
        ("garbage \0\1\2", "neither RSS nor Atom"),
        ("", "is empty"),
    ],
)
async def test_what_is_no_feed_is_a_parse_error(site, reader, body, says):
    url = site.serves("/f", body)

    with pytest.raises(ParseError, match=says) as caught:
        await reader.fetch(a_feed(url))
    assert caught.value.url == url


async def test_server_error_is_a_fetch_error(site, reader):
    with pytest.raises(FetchError, match="500 Internal Server Error"):
        await reader.fetch(a_feed(site.serves("/f", status=500)))


async def test_private_address_is_refused_where_it_is_not_named(site):
    async with a_reader(site, private_hosts=()) as reader:
        with pytest.raises(AddressRefused):
            await reader.fetch(a_feed(site.serves("/f", rss())))
        with pytest.raises(AddressRefused):
            await reader.page(site.url("/f"))
    assert site.requests == []


async def test_page_is_its_article(site, reader):
    url = site.serves("/bridge", page_of(ARTICLE), Content_Type="text/html; charset=utf-8")

    assert await reader.page(url) == Page(
        url=url,
        text="The council put off its vote on the bridge.\n“Not yet,” it said.",
        title="Bridge vote",
        language="en",
    )


async def test_canonical_link_of_a_named_host_is_believed(site, reader):
    head = '<link rel="canonical" href="https://herald.example/bridge">'

    page = await reader.page(site.serves("/bridge", page_of(ARTICLE, head=head), Content_Type="text/html"))

    assert page.url == "https://herald.example/bridge"


@pytest.mark.parametrize(
    ("content_type", "body", "says"),
    [
        ("application/pdf", "%PDF-1.7", "is not a web page but application/pdf"),
        ("image/png", "\x89PNG", "is not a web page but image/png"),
        ("text/html", "<html></html>", "holds no article text"),
    ],
)
async def test_page_without_an_article_is_unreadable(site, reader, content_type, body, says):
    with pytest.raises(UnreadableInput, match=says) as caught:
        await reader.page(site.serves("/x", body, Content_Type=content_type))
    assert caught.value.kind == "no_text"


async def test_page_that_was_taken_down_is_a_fetch_error(site, reader):
    with pytest.raises(FetchError, match="410 Gone"):
        await reader.page(site.serves("/x", status=410))


async def test_work_that_takes_too_long_is_given_up(site):
    async with a_reader(site, work_timeout=1e-6) as reader:
        with pytest.raises(ParseError, match="takes too long to read: follow another feed") as caught:
            await reader.fetch(a_feed(site.serves("/f", rss(ITEM * 200))))
        with pytest.raises(UnreadableInput, match="takes too long to read: give the address of one article"):
            await reader.page(site.serves("/x", page_of(ARTICLE), Content_Type="text/html"))
    assert caught.value.url == site.url("/f")


async def test_files_are_read_without_the_network():
    reader: FeedReader
    async with Reader(user_agent="attache-test") as reader:
        page = await reader.extract(page_of(ARTICLE))
        documents = [
            rss(f"<item><guid>{number}</guid><title>a</title></item>").encode() for number in range(9)
        ]
        feeds = await asyncio.gather(*(reader.parse(document, "f.xml") for document in documents))
        with pytest.raises(ParseError, match=r"^f\.xml is empty") as caught:
            await reader.parse(b"", "f.xml")

    assert page.title == "Bridge vote"
    assert [feed.entries[0].key for feed in feeds] == list("012345678")
    assert caught.value.url == "f.xml"


def test_heavy_libraries_are_not_imported_with_the_reader():
    script = "import sys, feeds.reader; print({'trafilatura', 'feedparser', 'lxml', 'htmldate', 'pebble'} & sys.modules.keys())"

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout == "set()\n"
