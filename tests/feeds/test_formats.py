"""One small document of each format that feeds are written in."""

from datetime import UTC, datetime

import pytest

from feeds.elements import MOST_ENTRIES
from feeds.parse import parse
from news.feeds import Entry
from tests.feeds.conftest import rss

URL = "https://herald.example/feeds/all.xml"
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
ITEM = "<item><title>Vote</title><link>https://herald.example/vote</link><description>Put off.</description></item>"
VOTE = Entry("herald.example/vote", "Vote", "https://herald.example/vote", "Put off.")


def parsed(document, url=URL):
    return parse(document.encode(), url=url)


def only(document, url=URL):
    (entry,) = parsed(document, url).entries
    return entry


@pytest.mark.parametrize(
    "document",
    [
        f'<rdf:RDF {RDF} xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>The Herald</title></channel>{ITEM}</rdf:RDF>',
        f'<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><title>The Herald</title>{ITEM}</channel></rss>',
        *(f'<rss version="{version}"><channel><title>The Herald</title>{ITEM}</channel></rss>' for version in ("0.91", "0.92", "0.93", "0.94", "2.0", "2.0.1", "x")),
        f"<rss><channel><title>The Herald</title>{ITEM}</channel></rss>",
        f'<RSS VERSION="2.0"><Channel><Title>The Herald</Title>{ITEM.replace("title", "TITLE")}</Channel></RSS>',
        f'<rss version="2.0" xmlns="http://backend.userland.com/RSS2"><channel><title>The Herald</title>{ITEM}</channel></rss>',
        f'<rss version="2.0"><channel><title>The Herald</title></channel>{ITEM}</rss>',
    ],
)  # fmt: skip
def test_rss_of_every_version(document):
    feed = parsed(document)

    assert (feed.title, feed.entries) == ("The Herald", (VOTE,))


def test_rdf_items_are_named_by_what_they_are_about():
    item = '<item rdf:about="urn:herald:1"><title>Vote</title><dc:date>2024-12-04T08:10:00Z</dc:date><dc:creator>Edda Marlow</dc:creator></item>'
    document = f'<rdf:RDF {RDF} xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>x</title></channel>{item}</rdf:RDF>'
    moment = datetime(2024, 12, 4, 8, 10, tzinfo=UTC)

    assert only(document) == Entry(
        "urn:herald:1", "Vote", published=moment, updated=moment, byline="Edda Marlow", guid="urn:herald:1"
    )


def test_channel_definition_format():
    document = (
        '<channel href="https://herald.example/"><title>The Herald</title>'
        '<item href="https://herald.example/vote" lastmod="2024-12-04T08:10Z"><title>Vote</title><abstract>Put off.</abstract></item></channel>'
    )

    entry = only(document)

    assert (entry.title, entry.url, entry.summary) == ("Vote", "https://herald.example/vote", "Put off.")
    assert entry.published == datetime(2024, 12, 4, 8, 10, tzinfo=UTC)


def atom10(entry, attributes=""):
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}><title>The Herald</title><entry><id>urn:1</id>{entry}</entry></feed>'


def test_atom_03():
    document = (
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>The Herald</title><entry><title mode="escaped" type="text/html">Vote &amp;amp; bridge</title>'
        '<link rel="alternate" type="text/html" href="https://herald.example/vote"/><id>urn:1</id><issued>2024-12-04T08:10:00+02:00</issued>'
        "<modified>2024-12-05T08:10:00Z</modified><author><name>Edda Marlow</name></author>"
        '<content type="application/xhtml+xml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One.</p><p>Two.</p></div></content></entry></feed>'
    )

    assert only(document) == Entry(
        key="urn:1",
        title="Vote & bridge",
        url="https://herald.example/vote",
        content="One.\nTwo.",
        published=datetime(2024, 12, 4, 6, 10, tzinfo=UTC),
        updated=datetime(2024, 12, 5, 8, 10, tzinfo=UTC),
        byline="Edda Marlow",
        guid="urn:1",
    )


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('<content type="text">3 &lt; 4 &amp;amp; 5</content>', "3 < 4 &amp; 5"),
        ("<content>3 &lt; 4</content>", "3 < 4"),
        ('<content type="html">&lt;p&gt;One.&lt;/p&gt;Two &amp;amp; three</content>', "One.\nTwo & three"),
        ('<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One.</p>3 &lt; 4</div></content>', "One.\n3 < 4"),
        ('<content type="xhtml"><x:div xmlns:x="http://www.w3.org/1999/xhtml"><x:p>One.</x:p>Two</x:div></content>', "One.\nTwo"),
        ('<content type="image/png">iVBORw0KGgo=</content>', ""),
        ('<content type="html" src="https://herald.example/a"/>', ""),
    ],
)  # fmt: skip
def test_atom_content_of_each_type(content, expected):
    assert only(atom10(content)).content == expected


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ('<link href="https://a.example/1"/>', "https://a.example/1"),
        ('<link rel="self" href="https://a.example/s"/><link rel="alternate" href="https://a.example/1"/>', "https://a.example/1"),
        ('<link rel="enclosure" href="https://a.example/e.mp3"/><link href="https://a.example/1"/>', "https://a.example/1"),
        ('<link rel="alternate" type="application/pdf" href="https://a.example/1.pdf"/>', "https://a.example/1.pdf"),
        ('<link rel="replies" href="https://a.example/r"/>', None),
        ('<content type="html" src="https://a.example/c"/>', "https://a.example/c"),
        ('<link rel="related" href="https://a.example/r"/>', "https://a.example/r"),
    ],
)  # fmt: skip
def test_atom_link_is_the_page_of_the_entry(links, expected):
    assert only(atom10(links)).url == expected


@pytest.mark.parametrize(
    ("document", "url", "expected"),
    [
        (atom10('<link href="1"/>', 'xml:base="https://b.example/x/"'), URL, "https://b.example/x/1"),
        (atom10('<link xml:base="y/" href="1"/>', 'xml:base="https://b.example/x/"'), URL, "https://b.example/x/y/1"),
        (atom10('<link href="1"/>'), URL, "https://herald.example/feeds/1"),
        (atom10('<link href="1"/>'), "saved.xml", None),
        (atom10('<link href="1"/>').replace("<entry>", '<link rel="self" href="https://c.example/feed"/><entry>'), "saved.xml", "https://c.example/1"),
        (rss("<item><title>a</title><link>1</link></item>"), "saved.xml", "https://herald.example/1"),
        ("<rss><channel><item><title>a</title><link>/1</link></item></channel></rss>", "/tmp/saved.xml", None),
    ],
)  # fmt: skip
def test_link_starts_from_what_says_where_it_stands(document, url, expected):
    assert only(document, url).url == expected


def test_author_of_an_atom_feed_wrote_its_entries():
    author = "<author><name>Edda Marlow</name></author>"

    assert only(atom10("<title>a</title>").replace("<entry>", author + "<entry>")).byline == "Edda Marlow"
    assert (
        only(
            rss("<item><title>a</title></item>", extra="<managingEditor>Edda Marlow</managingEditor>")
        ).byline
        is None
    )


MODULES = (
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dcterms="http://purl.org/dc/terms/"'
)


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("<media:title>Vote</media:title><media:description>Put off.</media:description>", Entry("", "Vote", summary="Put off.")),
        ("<title>Vote</title><media:group><media:title>A picture</media:title><media:description>Of a bridge.</media:description></media:group><description>Put off.</description>", Entry("", "Vote", summary="Put off.")),
        ("<title>Vote</title><itunes:summary>Put off.</itunes:summary><itunes:author>Edda Marlow</itunes:author>", Entry("", "Vote", summary="Put off.", byline="Edda Marlow")),
        ("<title>Vote</title><description>Put off.</description><itunes:summary>Longer than it.</itunes:summary><slash:comments>3</slash:comments>", Entry("", "Vote", summary="Put off.")),
        ('<title>Vote</title><atom:link rel="alternate" href="https://herald.example/vote"/>', Entry("", "Vote", "https://herald.example/vote")),
        ("<title>Vote</title><link>https://proxy.example/~r/1</link><feedburner:origLink xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0'>https://herald.example/vote</feedburner:origLink>", Entry("", "Vote", "https://herald.example/vote")),
        ("<title>Vote</title><atom:author><atom:name>Edda Marlow</atom:name></atom:author>", Entry("", "Vote", byline="Edda Marlow")),
        ("<title>Vote</title><author>by <a href='/edda'>Edda Marlow</a></author>", Entry("", "Vote", byline="by Edda Marlow")),
        ("<title>Vote</title><dcterms:issued>2024-12-04</dcterms:issued>", Entry("", "Vote", published=datetime(2024, 12, 4, tzinfo=UTC))),
        ('<title>Vote</title><source url="https://b.example/feed">Another paper</source><category>Politics</category><enclosure url="https://b.example/a.mp3"/>', Entry("", "Vote")),
    ],
)  # fmt: skip
def test_modules_that_people_use(item, expected):
    entry = only(f'<rss version="2.0" {MODULES}><channel><title>x</title><item>{item}</item></channel></rss>')
    found = (entry.title, entry.url, entry.summary, entry.content, entry.published, entry.byline)

    assert found == (
        expected.title, expected.url, expected.summary, expected.content, expected.published, expected.byline
    )  # fmt: skip


def test_channels_image_does_not_name_the_channel():
    image = (
        "<image><title>Logo</title><url>https://a.example/l.png</url><link>https://a.example</link></image>"
    )

    assert (
        parsed(f"<rss><channel>{image}<title>The Herald</title>{ITEM}</channel></rss>").title == "The Herald"
    )


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Vote &amp;#8211; put off", "Vote – put off"),
        ("Fish &amp;amp; chips", "Fish & chips"),
        ("<![CDATA[Fish &amp; chips]]>", "Fish & chips"),
        ("a=1&amp;copy=2", "a=1&copy=2"),
        ("The &lt;b> tag", "The <b> tag"),
    ],
)
def test_title_of_rss_is_decoded_as_most_mean_it(title, expected):
    assert only(rss(f"<item><title>{title}</title></item>")).title == expected


def test_of_a_long_feed_the_first_entries_are_kept():
    words = "The council put off its vote on the bridge for a third time, and the ferry goes on. " * 3
    items = "".join(f"<item><title>{words}</title><guid>{n}</guid></item>" for n in range(MOST_ENTRIES + 5))

    assert [e.key for e in parsed(rss(items)).entries] == [str(n) for n in range(MOST_ENTRIES)]


def test_feed_of_elements_without_words_is_cut_between_entries():
    items = "".join(f"<item><a/><b/><c/><title>x</title><guid>{n}</guid></item>" for n in range(MOST_ENTRIES))

    found = [e.key for e in parsed(rss(items)).entries]

    assert found == [str(n) for n in range(len(found))]
    assert 100 < len(found) < MOST_ENTRIES
