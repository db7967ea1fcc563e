"""What comes out of feeds and pages that mean harm; no file is opened for them and nobody is asked."""

import pytest

from feeds.extract import extract
from feeds.parse import parse
from news.errors import ParseError, UnreadableInput
from tests.feeds.conftest import a_reader, page_of

WHERE = "https://herald.example/x"
SECRET = "the words of a file that is none of its business"
NESTED = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
LIVE = (
    "<script>alert(1)</script><style>p{}</style><iframe src='https://evil.example/'>frame</iframe>"
    "<svg onload='alert(2)'><text>svg</text></svg><object data='x'>object</object><img src=x onerror='alert(3)'>"
    "<a href='javascript:alert(4)' onclick='alert(5)'>link</a>"
)
ARTICLE = "<p>The harbour council put off its vote on the new bridge on Tuesday, it said.</p>"
TEXT = "The harbour council put off its vote on the new bridge on Tuesday, it said."


def escaped(markup: str) -> str:
    return markup.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def rss(title="Bridge vote", description="Put off.", *, link="https://herald.example/b", dtd="", extra=""):
    return (
        f"<?xml version='1.0'?>{dtd}<rss version='2.0' xmlns:xi='http://www.w3.org/2001/XInclude'><channel><title>Herald</title>"
        f"<item><title>{title}</title><link>{link}</link><guid isPermaLink='false'>1</guid>"
        f"<description>{description}</description>{extra}</item></channel></rss>"
    )


def entry(body):
    """The title, text and link of the one entry; the error's words where there is none."""
    try:
        (only,) = parse(body.encode() if isinstance(body, str) else body, url=WHERE).entries
    except ParseError as error:
        return str(error)
    return only.title, only.text, only.url


PLAIN = ("Bridge vote", "Put off.", "https://herald.example/b")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (rss(link="javascript:alert(1)"), ("Bridge vote", "Put off.", None)),
        (rss(link="data:text/html,x"), ("Bridge vote", "Put off.", None)),
        (rss(link="file:///etc/passwd"), ("Bridge vote", "Put off.", None)),
        (rss(link="https://user:secret@herald.example/b"), PLAIN),
        (rss(description=escaped(f"Put off.{LIVE}")), ("Bridge vote", "Put off.link", PLAIN[2])),
        (rss(description=f"<![CDATA[Put off.{LIVE}]]>"), ("Bridge vote", "Put off.link", PLAIN[2])),
        (
            rss(title="@everyone &lt;@123&gt; **Bridge**"),
            ("@everyone <@123> **Bridge**", "Put off.", PLAIN[2]),
        ),
        (rss(title="Bridge\x1b[31m vote\x07"), ("Bridge[31m vote", "Put off.", PLAIN[2])),
        (rss(title="Bridge\0 vote"), PLAIN),
        (rss(extra="<xi:include href='file:///etc/passwd' parse='text'/>"), PLAIN),
        (rss(extra="<x>" * 300 + "</x>" * 300), PLAIN),
        (rss(extra=f"<x a='{'a' * 500_000}'/>"), PLAIN),
        (rss(extra="\0" * 100_000), PLAIN),
        (
            b"\0" * 100_000,
            f"{WHERE} is neither RSS nor Atom nor JSON Feed: check that it is the feed's address.",
        ),
        (
            "<" * 100_000,
            f"{WHERE} is neither RSS nor Atom nor JSON Feed: check that it is the feed's address.",
        ),
    ],
    ids=lambda value: (
        (value if isinstance(value, str) else value[:60].decode("latin-1"))[-40:]
        if isinstance(value, str | bytes)
        else ""
    ),
)
def test_nothing_live_comes_out_of_a_feed(body, expected):
    assert entry(body) == expected


@pytest.mark.parametrize(
    "dtd",
    [
        f'<!DOCTYPE rss [<!ENTITY e0 "lol">{NESTED}<!ENTITY e "&e9;">]>',
        f'<!DOCTYPE rss [<!ENTITY e "{"a" * 100_000}">]>',
        '<!DOCTYPE rss [<!ENTITY e SYSTEM "FILE">]>',
        '<!DOCTYPE rss [<!ENTITY e SYSTEM "ADDRESS">]>',
        '<!DOCTYPE rss [<!ENTITY e PUBLIC "-//X//Y" "ADDRESS">]>',
        '<!DOCTYPE rss [<!ENTITY % p SYSTEM "ADDRESS"> %p;]>',
        '<!DOCTYPE rss SYSTEM "ADDRESS">',
        '<?xml-stylesheet type="text/xsl" href="ADDRESS"?>',
    ],
)
async def test_entities_bring_nothing_in(site, tmp_path, dtd):
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    dtd = dtd.replace("FILE", secret.as_uri()).replace("ADDRESS", site.serves("/x", SECRET))
    body = rss(title="Bridge &e; vote", description="&e;" * 1000, dtd=dtd).encode()

    async with a_reader(site) as reader:
        try:
            shown = repr(await reader.parse(body, "feed.xml"))
        except ParseError as error:
            shown = str(error)

    assert SECRET not in shown
    assert len(shown) < 20_000
    assert site.requests == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (ARTICLE + LIVE, TEXT + "\nlink"),
        (f"<script>{ARTICLE}</script>{ARTICLE}", TEXT),
        (ARTICLE.replace("it said", "@everyone &lt;@1&gt; **it** said"), TEXT.replace("it said", "@everyone <@1> **it** said")),
        (ARTICLE.replace("bridge", "br\0idge\x1b[31m"), TEXT.replace("bridge", "bridge[31m")),
        ("<div>" * 300 + ARTICLE, None),
        (f"<p title='{'a' * 500_000}'></p>{ARTICLE}", TEXT),
        ("<p " + " ".join(f"a{n}=1" for n in range(50_000)) + f"></p>{ARTICLE}", TEXT),
        ("<table><tr><td>" * 3000 + ARTICLE, None),
        ("<script>" * 20_000, "no_text"),
        ("<p>" * 30_001, "too_large"),
        ("\0" * 200_000, "no_text"),
        ("<b><i>" * 10_000 + ARTICLE, None),
    ],
    ids=lambda value: value[-40:] if isinstance(value, str) else "",
)  # fmt: skip
def test_nothing_live_comes_out_of_a_page(body, expected):
    try:
        found = extract(page_of(f"<article><h1>Bridge vote</h1>{body}</article>"), WHERE).text
    except UnreadableInput as error:
        found = error.kind
    if expected is None:  # libxml2 leaves out what is nested too deep: the text, or nothing
        assert found in {TEXT, "no_text"}
    else:
        assert found == expected


@pytest.mark.parametrize("head", ["<base href='javascript:'>", "<base href='https://evil.example/'>"])
def test_page_does_not_send_its_readers_elsewhere(head):
    head += "<link rel='canonical' href='javascript:alert(1)'><meta property='og:url' content='https://evil.example/'>"

    assert extract(page_of(f"<article>{ARTICLE}</article>", head=head), WHERE).url == WHERE


async def test_page_brings_no_file_and_asks_nobody(site, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    url = site.serves("/x", SECRET)
    page = (
        f'<!DOCTYPE html [<!ENTITY e SYSTEM "{secret.as_uri()}"><!ENTITY f SYSTEM "{url}">]><html><head>'
        f'<link rel="stylesheet" href="{url}"><script src="{url}"></script><meta http-equiv="refresh" content="0; {url}">'
        f'</head><body><article><p>&e; &f;</p>{ARTICLE}<img src="{url}"><iframe src="{secret.as_uri()}"></iframe>'
        f'<xi:include href="{url}"/></article></body></html>'
    )
    async with a_reader(site) as reader:
        found = await reader.extract(page.encode())

    assert SECRET not in repr(found)
    assert found.text.endswith(TEXT)
    assert site.requests == []
