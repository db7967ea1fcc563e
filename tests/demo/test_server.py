"""The sample wire's server answers like the outlets of the real web."""

import asyncio
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import aiohttp
import feedparser
import pytest
from lxml import html

from bot.demo.pages import View, article_page, feed_document
from bot.demo.sample import (
    FeedFormat,
    QuoteStyle,
    SampleArticle,
    SampleOutlet,
    SampleWire,
    Version,
    load_wire,
    moved,
)
from bot.demo.server import serve_wire
from feeds.extract import extract

MORNING = datetime(2024, 12, 5, 7, 0, tzinfo=UTC)
BEFORE_EDIT = datetime(2024, 12, 5, 6, 0, tzinfo=UTC)
EDITED = "aldenmoor-wire/2024-12-05-kelvasen-conditions"
LATER = "aldenmoor-wire/2024-12-05-envoys-named"
WIRE = load_wire()
LIVING = [outlet.slug for outlet in WIRE.outlets if not outlet.dead]
BASE = "http://127.0.0.1:8000"


@pytest.fixture
async def server():
    async with serve_wire(WIRE, until=MORNING) as running:
        yield running


@pytest.fixture
async def client():
    async with aiohttp.ClientSession() as session:
        yield session


def a_view(slug: str, *, until: datetime | None = MORNING) -> View:
    return View(WIRE.outlet(slug), BASE, until)


def parsed(view: View) -> feedparser.FeedParserDict:
    kind = "rss" if view.outlet.format is FeedFormat.RSS else "atom"
    headers = {"content-type": f"application/{kind}+xml; charset=utf-8"}
    return feedparser.parse(feed_document(view), response_headers=headers)


def an_outlet(*, format: FeedFormat, title: str, paragraph: str) -> SampleOutlet:  # noqa: A002
    version = Version(datetime(2024, 12, 3, tzinfo=UTC), title, (paragraph,))
    article = SampleArticle("slug", 'By "Q" <b>', "News & views", "s", "<i>caption</i>", (version,))
    return SampleOutlet("o", "Salt & Pepper", "<about>", format, QuoteStyle.DOUBLE, True, (article,))


# Feeds


@pytest.mark.parametrize("slug", LIVING)
def test_feed_parses_into_what_was_published(slug):
    view = a_view(slug)
    feed = parsed(view)
    assert not feed.bozo
    assert feed.version == {"rss": "rss20", "atom": "atom10"}[view.outlet.format]
    assert feed.feed.title == view.outlet.name
    told = [(e.title, e.link, e.author, datetime(*e.published_parsed[:6], tzinfo=UTC)) for e in feed.entries]
    assert told == [(v.title, view.link(a), a.byline, a.published) for a, v in view.shown]


@pytest.mark.parametrize("slug", LIVING)
def test_feed_carries_whole_articles_or_teasers(slug):
    view = a_view(slug)
    entries = parsed(view).entries
    assert [e.summary for e in entries] == [v.paragraphs[0] for _, v in view.shown]
    if not view.outlet.full_text:
        assert not any("content" in e for e in entries)
        return
    for entry, (_, version) in zip(entries, view.shown, strict=True):
        shown = html.fromstring(entry.content[0].value)
        assert tuple(p.text_content() for p in shown.iter("p")) == version.paragraphs


def test_edited_entry_keeps_its_id_and_shows_its_new_words():
    slug, _, name = EDITED.partition("/")
    before, after = (
        next(e for e in parsed(a_view(slug, until=until)).entries if e.link.endswith(name))
        for until in (BEFORE_EDIT, MORNING)
    )
    assert before.id == after.id
    assert before.link == after.link
    assert before.published == after.published
    assert before.updated < after.updated
    assert "stopped for five days" in before.content[0].value
    assert "stopped for seven days" in after.content[0].value


def test_ids_differ_between_articles():
    ids = [e.id for slug in LIVING for e in parsed(a_view(slug, until=None)).entries]
    assert len(ids) == len(set(ids)) == len(WIRE.articles)


@pytest.mark.parametrize("slug", LIVING)
def test_feed_before_the_first_article_is_an_empty_feed(slug):
    feed = parsed(a_view(slug, until=datetime(2024, 12, 1, tzinfo=UTC)))
    assert not feed.bozo
    assert feed.entries == []


@pytest.mark.parametrize("format_", FeedFormat)
def test_markup_in_words_stays_words(format_):
    title, paragraph = "A <b>bold</b> & “odd” ]]> title", "1 < 2 & <script>alert('x')</script> \"end\""
    view = View(an_outlet(format=format_, title=title, paragraph=paragraph), BASE)
    feed = parsed(view)
    assert not feed.bozo
    assert paragraph in html.fromstring(feed.entries[0].content[0].value).text_content()
    page = html.document_fromstring(article_page(view, "slug").decode())
    assert page.findtext(".//h1") == title
    assert [p.text for p in page.iterfind(".//article//p")] == [paragraph]
    assert page.find(".//script") is None


# Pages


@pytest.mark.parametrize(("slug", "name"), [(outlet.slug, article.slug) for outlet, article in WIRE.articles])
def test_page_extracts_into_its_article(slug, name):
    view = a_view(slug, until=None)
    article, version = next(pair for pair in view.shown if pair[0].slug == name)
    page = extract(article_page(view, name), view.link(article))
    assert page.text.split("\n") == list(version.paragraphs)
    assert (page.title, page.outlet, page.byline) == (version.title, view.outlet.name, article.byline)
    assert (page.published, page.language) == (article.published, "en")
    assert page.url == view.link(article)


def test_page_looks_like_a_real_one():
    slug, _, name = EDITED.partition("/")
    page = html.document_fromstring(article_page(a_view(slug), name).decode())
    for path in ("body/header/nav/a", "body//article/h1", "body//article/figure/figcaption", "body/footer"):
        assert page.find(path) is not None, path
    assert page.get("lang") == "en"
    assert page.find(".//link[@rel='alternate']").get("href") == f"{BASE}/{slug}/feed.xml"
    modified = page.find(".//meta[@property='article:modified_time']").get("content")
    assert [t.get("datetime") for t in page.iter("time")] == ["2024-12-05T05:30:00+00:00", modified]
    related = [a.get("href") for a in page.iterfind(".//aside//a")]
    assert len(related) == 3
    assert f"{BASE}/{EDITED}" not in related


# The server


async def test_server_answers_with_feeds_and_their_pages(server, client):
    assert list(server.feeds) == [outlet.name for outlet in WIRE.outlets]
    assert server.base_url == f"http://{server.host}"
    for outlet in WIRE.outlets[:-1]:
        async with client.get(server.feeds[outlet.name]) as response:
            assert response.status == 200
            assert response.content_type == f"application/{outlet.format}+xml"
            feed = feedparser.parse(await response.read())
        async with client.get(feed.entries[0].link) as response:
            assert response.status == 200
            assert response.content_type == "text/html"
            assert feed.entries[0].title in await response.text()
        async with client.get(f"{server.base_url}/{outlet.slug}/") as response:
            assert feed.entries[-1].title in html.fromstring(await response.text()).text_content()


async def test_feed_that_has_not_changed_is_not_sent_again(server, client):
    url = server.feeds["Aldenmoor Wire"]
    async with client.get(url) as response:
        tag = response.headers["ETag"]
        assert response.headers["Last-Modified"] == "Thu, 05 Dec 2024 06:45:00 GMT"
    async with client.get(url, headers={"If-None-Match": tag}) as response:
        assert (response.status, await response.read()) == (304, b"")
        assert response.headers["ETag"] == tag
    server.advance(None)
    async with client.get(url, headers={"If-None-Match": tag}) as response:
        assert response.status == 200
        assert response.headers["ETag"] != tag


async def test_server_shows_nothing_from_the_future(server, client):
    async with client.get(f"{server.base_url}/{LATER}") as response:
        assert response.status == 404
    server.advance(BEFORE_EDIT)
    assert server.until == BEFORE_EDIT
    async with client.get(f"{server.base_url}/{EDITED}") as response:
        assert "stopped for five days" in await response.text()
    server.advance(None)
    async with client.get(f"{server.base_url}/{EDITED}") as response:
        assert "stopped for seven days" in await response.text()
    async with client.get(f"{server.base_url}/{LATER}") as response:
        assert response.status == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/radio-veshta/feed.xml", 500),
        ("/radio-veshta/", 500),
        ("/nobody/feed.xml", 404),
        ("/aldenmoor-wire/nothing", 404),
        ("/aldenmoor-wire/..%2f..%2foutlets.toml", 404),
        ("/", 404),
    ],
)
async def test_what_is_not_there_answers_an_error(server, client, path, status):
    async with client.get(server.base_url + path) as response:
        assert response.status == status
        assert "Traceback" not in await response.text()


async def test_server_serves_another_wire_and_stops():
    async with serve_wire(SampleWire(()), until=MORNING) as server:
        assert server.feeds == {}
        host, _, port = server.host.partition(":")
    assert host == "127.0.0.1"
    async with aiohttp.ClientSession() as client:
        with pytest.raises(aiohttp.ClientConnectionError):
            await client.get(f"http://127.0.0.1:{port}/")


def test_the_files_are_read_without_a_web_server():
    code = "import sys, bot.demo.sample, bot.demo.pages; print('aiohttp' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


async def test_the_wire_is_served_as_if_its_morning_were_now(client):
    """`attache demo --serve`, as a process: what it says is there, is told of the last days, and Ctrl-C ends it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", "--serve", "0"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        lines = [(await process.stdout.readline()).decode() for _ in range(8)]
        feeds = [line.split(maxsplit=1)[0] for line in lines[1:7]]
        assert lines[7] == f"Who reads it needs ATTACHE_PRIVATE_HOSTS={feeds[0].split('/')[2]}\n"
        async with client.get(feeds[0]) as answer:
            found = feedparser.parse(await answer.read())
        process.send_signal(signal.SIGINT)
        rest = await process.communicate()
    assert (process.returncode, rest) == (0, (b"", b""))
    now = datetime.now(UTC)
    told = [datetime(*entry.published_parsed[:6], tzinfo=UTC) for entry in found.entries]
    assert now - timedelta(days=3) < min(told) < now - timedelta(days=1)
    assert now - timedelta(hours=4) < max(told) < now


async def test_a_port_that_is_taken_is_told():
    async with serve_wire(SampleWire(())) as server:
        done = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "demo", "--serve", server.base_url.rpartition(":")[2]),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        _, told = await done.communicate()
    assert done.returncode == 1
    assert told.decode().startswith(f"attache: Nothing can be served at {server.host} (")
    assert told.count(b"\n") == 1


def test_a_wire_that_is_moved_keeps_its_words_and_the_time_between():
    later = moved(WIRE, timedelta(days=100, minutes=5))
    pairs = list(zip(WIRE.articles, later.articles, strict=True))
    versions = [
        (a, b) for (_, one), (_, other) in pairs for a, b in zip(one.versions, other.versions, strict=True)
    ]
    assert {b.at - a.at for a, b in versions} == {timedelta(days=100, minutes=5)}
    assert all((a.title, a.paragraphs) == (b.title, b.paragraphs) for a, b in versions)
