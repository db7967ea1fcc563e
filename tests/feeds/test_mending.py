from xml.parsers import expat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.mending import entities_of, mended
from feeds.parse import parse
from tests.feeds.conftest import rss

URL = "https://herald.example/feed"


def titles_and_words(document):
    return [(entry.title, entry.summary) for entry in parse(document.encode(), url=URL).entries]


TWO = "<item><title>One</title><description>First words.</description></item><item><title>Two</title><description>{}</description></item>"
WHOLE = [("One", "First words."), ("Two", "Second words.")]


@pytest.mark.parametrize(
    "document",
    [
        rss(TWO.format("Second words.")).replace("</channel></rss>", ""),
        rss(TWO.format("Second words.")).removesuffix("</description></item></channel></rss>"),
        rss(TWO.format("Second words.")).replace("</title><desc", "<desc"),
        rss(TWO.format("Second words.")).replace("</item>", ""),
        rss(TWO.format("<![CDATA[Second words.")),
        rss(TWO.format("Second words.")).replace("</channel>", "</chanel>"),
        "Warning: <b>no such file</b> in line 3\n<?xml version='1.0'?>\n" + rss(TWO.format("Second words.")),
        rss(TWO.format("Second words.")) + "<!-- 0.3 s --> and junk <x>",
        rss(TWO.format("Second words.") + "<unknown:thing>x</unknown:thing>"),
        rss(TWO.format("Second words.")).replace("<item>", "<item id=1 id=2 checked>"),
        rss(TWO.format("Second\x00 \x0bwords.")),
        rss(TWO.format("Second words.")).replace("</item><item>", "</item></item><item>"),
        "<rss/>" + rss(TWO.format("Second words.")),
        rss(TWO.format("Second\fwords.")),
        rss(TWO.format("Second words.")).replace("<rss ", '<rss a="x<'),
        rss(TWO.format("Second words.")).replace("<rss ", "<rs s"),
        rss(TWO.format("Second words.")).replace("<item>", '<item a:b=" xmlns:a=">'),
    ],
)
def test_broken_document_gives_its_entries(document):
    assert titles_and_words(document) == WHOLE


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("R&D & 3 < 4 &c", "R&D & 3 < 4 &c"),
        ("Caf&eacute;&nbsp;&ndash; &unknown; &#233;&#0;&#xD800;", "Café – &unknown; é"),
        ("One<br>two <b>three</i> four & five", "One\ntwo three four & five"),
        ("<p>One.<p>Two &amp; three.", "One.\nTwo & three."),
        ("<a href=https://a.example/?a=1&b=2>One</a> two", "One two"),
        ("a ]]> b & c", "a ]]> b & c"),
    ],
)
def test_words_survive_what_breaks_the_document(words, expected):
    (entry,) = parse(rss(f"<item><description>{words}</description></item>").encode(), url=URL).entries

    assert entry.summary == expected


def test_link_with_bare_ampersands_is_whole():
    (entry,) = parse(
        rss("<item><link>https://a.example/?a=1&b=2&copy=3</link></item>").encode(), url=URL
    ).entries

    assert entry.url == "https://a.example/?a=1&b=2&copy=3"


def test_xhtml_in_a_broken_document_is_read_as_markup():
    document = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>x & y</title><entry><title>One</title>'
        '<content type="xhtml"><div><p>First.<br>Second &lt; third &amp; fourth.</p></div></content></entry></feed>'
    )

    assert parse(document.encode(), url=URL).entries[0].content == "First.\nSecond < third & fourth."


def test_entities_that_a_doctype_declares_are_put_in():
    document = (
        '<!DOCTYPE rss [<!ENTITY paper "The <Herald>"><!ENTITY daily "The Herald"><!ENTITY long "&daily;&daily;">]>'
        + rss("<item><title>&daily; &long;</title></item>")
    )

    assert titles_and_words(document) == [("The Herald &long;", "")]


def test_entities_are_plain_text_only():
    assert entities_of(
        "<!DOCTYPE x [<!ENTITY a 'b'><!ENTITY c SYSTEM 'file:///x'><!ENTITY d '&a;'><!ENTITY e '&#233;'>]"
    ) == {
        "a": "b",
        "e": "&#233;",
    }


PIECES = st.sampled_from(
    [
        "<item>", "</item>", "<title>", "</title>", "<entry", "<link href='x", "<a b=c d='e\">", "<![CDATA[", "]]>", "<!--", "-->",
        "<?x", "<!x", "&", "&amp;", "&#x", "<x:y z:w='1'>", "</x:y>", "<b>", "</p>", "<xmlns:a>", "<a xmlns:xml='x' xmlns:='y' xmlns='z'>",
        "<description type='xhtml'>", "</description>", "<rss>", "</rss>", "<1>", "<a:b:c>", "<:a>", "/>", "<content mode='xml'/>",
    ]
)  # fmt: skip


@given(
    st.lists(
        st.one_of(
            PIECES, st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cn"]), max_size=5)
        ),
        max_size=30,
    )
)
def test_what_is_mended_is_well_formed(pieces):
    document = mended("<rss>" + "".join(pieces), {})
    parser = expat.ParserCreate(namespace_separator=" ")

    parser.Parse(document, True)
