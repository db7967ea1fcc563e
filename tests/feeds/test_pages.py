"""Pages are asked for as their sites let programs read them."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from feeds.fetch import Body, Fetcher
from feeds.hosts import Hosts
from news.errors import AddressRefused, FetchError
from news.feeds import Gone
from tests.feeds.conftest import Site, a_site
from tests.feeds.servers import FakeTime


@pytest.fixture
def time():
    return FakeTime()


@pytest.fixture
async def fetcher(site, other, time):
    async with a_fetcher(site, other, hosts=Hosts(now=time.now, sleep=time.sleep)) as fetcher:
        yield fetcher


@pytest.fixture
async def other():
    async with a_site() as other:
        yield other


def a_fetcher(*sites: Site, **options):
    return Fetcher(
        **{"user_agent": "Attache/0.1 (test)", "private_hosts": [site.host for site in sites], **options}
    )


def paths(site):
    return [request.path for request in site.requests]


async def test_page_is_fetched_after_robots_txt_was_asked_once(site, fetcher):
    site.serves("/robots.txt", "User-agent: *\nDisallow: /private")
    url = site.serves("/bridge", "words", Content_Type="text/html")

    for _ in range(2):
        body = await fetcher.page(url)
        assert (body.url, body.content) == (url, b"words")
    assert paths(site) == ["/robots.txt", "/bridge", "/bridge"]
    assert {request.headers["User-Agent"] for request in site.requests} == {"Attache/0.1 (test)"}


async def test_page_that_programs_must_not_read_is_not_asked_for(site, fetcher):
    site.serves("/robots.txt", "User-agent: attache\nDisallow: /private")
    url = site.serves("/private/x", "words")

    with pytest.raises(FetchError) as caught:
        await fetcher.page(url)

    assert str(caught.value) == (
        f"{url} is closed to programs by its site's robots.txt: follow the outlet's feed instead."
    )
    assert (caught.value.url, caught.value.passing, caught.value.retry_after) == (url, False, None)
    assert paths(site) == ["/robots.txt"]


async def test_feed_is_asked_for_whatever_robots_txt_says(site, fetcher):
    site.serves("/robots.txt", "User-agent: *\nDisallow: /")
    url = site.serves("/feed", "words")

    assert (await fetcher.get(url)).content == b"words"
    assert paths(site) == ["/feed"]


async def test_every_site_that_a_redirect_leads_to_is_asked(site, other, fetcher):
    other.serves("/robots.txt", "User-agent: *\nDisallow: /private")
    other.serves("/private", "words")
    url = site.redirects("/x", other.url("/private"))

    with pytest.raises(FetchError, match="is closed to programs") as caught:
        await fetcher.page(url)
    assert caught.value.url == url
    assert (paths(site), paths(other)) == (["/robots.txt", "/x"], ["/robots.txt"])


async def test_redirect_within_the_site_is_held_against_its_rules(site, fetcher):
    site.serves("/robots.txt", "User-agent: *\nDisallow: /private")
    site.serves("/private", "words")

    with pytest.raises(FetchError, match="is closed to programs"):
        await fetcher.page(site.redirects("/x", "/private"))
    assert paths(site) == ["/robots.txt", "/x"]


async def test_robots_txt_that_moved_is_followed_and_speaks_for_the_site_that_was_asked(site, other, fetcher):
    site.redirects("/robots.txt", other.url("/rules"), status=301)
    other.serves("/rules", "User-agent: *\nDisallow: /x")
    url = site.serves("/x", "words")

    with pytest.raises(FetchError, match="is closed to programs"):
        await fetcher.page(url)
    assert (await fetcher.page(other.serves("/x", "words"))).content == b"words"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
async def test_no_robots_txt_allows_everything(site, fetcher, status):
    site.serves("/robots.txt", "User-agent: *\nDisallow: /", status=status)

    assert (await fetcher.page(site.serves("/x", "words"))).content == b"words"


@pytest.mark.parametrize("target", ["/robots.txt", "ftp://herald.example/x", "http://127.0.0.1:1/"])
async def test_robots_txt_that_leads_nowhere_is_none(site, fetcher, target):
    site.redirects("/robots.txt", target)

    assert (await fetcher.page(site.serves("/x", "words"))).content == b"words"


@pytest.mark.parametrize(
    ("status", "words"),
    [(500, "500 Internal Server Error"), (503, "503 Service Unavailable"), (429, "429 Too Many Requests")],
)
async def test_site_whose_robots_txt_fails_is_left_alone_for_some_minutes(site, fetcher, time, status, words):
    robots = site.serves("/robots.txt", status=status)
    url = site.serves("/x", "words")

    for _ in range(2):
        with pytest.raises(FetchError) as caught:
            await fetcher.page(url)
        assert str(caught.value) == f"{url} is not read, because {robots} answers {words}: try again later."
        assert caught.value.passing
    assert paths(site) == ["/robots.txt"]
    time.pass_by(300)
    site.serves("/robots.txt", "")
    assert (await fetcher.page(url)).content == b"words"


async def test_robots_txt_that_hangs_is_given_up(site):
    never = asyncio.Event()

    async def hang(request):
        await never.wait()

    robots = site.does("/robots.txt", hang)
    url = site.serves("/x", "words")
    async with a_fetcher(site, timeout=0.1) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.page(url)

    assert str(caught.value) == (
        f"{url} is not read, because {robots} did not answer in full within 0.1 seconds: try again later."
    )
    assert caught.value.passing


async def test_huge_robots_txt_is_read_as_far_as_it_is_read(site, fetcher):
    site.serves("/robots.txt", "User-agent: *\nDisallow: /private\n" + "#" * 10 * 2**20)

    with pytest.raises(FetchError, match="is closed to programs"):
        await fetcher.page(site.url("/private"))


async def test_robots_txt_of_many_pages_at_once_is_asked_for_once(site, fetcher):
    site.serves("/robots.txt", "")
    urls = [site.serves(f"/{number}", "words") for number in range(10)]

    await asyncio.gather(*(fetcher.page(url) for url in urls))

    assert paths(site).count("/robots.txt") == 1
    assert len(site.requests) == 11


async def test_robots_txt_is_asked_for_again_after_as_long_as_its_server_says(site, fetcher, time):
    site.serves("/robots.txt", "", Cache_Control="max-age=3600")
    url = site.serves("/x", "words")

    await fetcher.page(url)
    time.pass_by(3599)
    await fetcher.page(url)
    time.pass_by(1)
    await fetcher.page(url)

    assert paths(site).count("/robots.txt") == 2


async def test_pages_are_spaced_as_their_site_asks_and_feeds_are_not(site, fetcher, time):
    site.serves("/robots.txt", "User-agent: *\nCrawl-delay: 3")
    url = site.serves("/x", "words")

    for _ in range(3):
        await fetcher.page(url)
        await fetcher.get(url)

    assert time.slept == [3, 3]


async def test_page_behind_too_many_others_is_put_off(site, fetcher, time):
    site.serves("/robots.txt", "User-agent: *\nCrawl-delay: 10")
    url = site.serves("/x", "words")
    time.stands = True

    for _ in range(7):
        await fetcher.page(url)
    with pytest.raises(FetchError, match="asks for 10 seconds between two: try again later") as caught:
        await fetcher.page(url)

    assert (caught.value.passing, caught.value.retry_after) == (True, timedelta(seconds=70))


@pytest.mark.parametrize("status", [429, 503])
async def test_site_that_wants_to_be_left_alone_gets_no_more_pages_asked_for(site, fetcher, time, status):
    busy = site.serves("/busy", status=status, Retry_After="90")
    url = site.serves("/x", "words")

    with pytest.raises(FetchError) as first:
        await fetcher.page(busy)
    time.pass_by(30)
    with pytest.raises(FetchError) as second:
        await fetcher.page(url)

    assert (first.value.passing, first.value.retry_after) == (True, timedelta(seconds=90))
    assert (
        str(second.value) == f"{url} is of a site that asked to be left alone for a while: try again later."
    )
    assert (second.value.passing, second.value.retry_after) == (True, timedelta(seconds=60))
    assert paths(site) == ["/robots.txt", "/busy"]
    assert (await fetcher.get(url)).content == b"words"  # a feed's next look is the store's matter
    time.pass_by(60)
    assert (await fetcher.page(url)).content == b"words"


async def test_feed_that_is_told_to_wait_keeps_its_sites_pages_waiting(site, fetcher):
    with pytest.raises(FetchError):
        await fetcher.get(site.serves("/feed", status=429, Retry_After="90"))
    with pytest.raises(FetchError, match="asked to be left alone"):
        await fetcher.page(site.serves("/x", "words"))


@pytest.mark.parametrize(
    ("status", "given", "passing", "retry_after"),
    [
        (404, None, False, None),
        (403, None, False, None),
        (403, "60", False, timedelta(seconds=60)),
        (408, None, True, None),
        (425, None, True, None),
        (429, None, True, None),
        (429, "Wed, 04 Mar 2026 08:02:00 GMT", True, timedelta(minutes=2)),
        (429, "soon", True, None),
        (500, None, True, None),
        (502, "60", True, timedelta(seconds=60)),
        (599, None, True, None),
    ],
)
async def test_refusal_says_whether_it_may_pass_and_when(site, status, given, passing, retry_after):
    headers = {"Retry_After": given} if given else {}
    url = site.serves("/x", status=status, Date="Wed, 04 Mar 2026 08:00:00 GMT", **headers)

    async with a_fetcher(site, now=lambda: datetime(2000, 1, 1, tzinfo=UTC)) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.get(url)

    assert (caught.value.passing, caught.value.retry_after) == (passing, retry_after)


async def test_page_of_a_private_host_is_refused_in_its_own_name(site):
    async with a_fetcher() as fetcher:
        with pytest.raises(AddressRefused) as caught:
            await fetcher.page(site.serves("/x", "words"))

    assert str(caught.value).startswith(f"{site.url('/x')} leads to an address that is not public")
    assert site.requests == []


async def test_page_that_was_taken_down_is_gone(site, fetcher):
    assert await fetcher.page(site.serves("/x", status=410)) == Gone()


async def test_password_goes_to_the_page_and_not_to_robots_txt(site, fetcher):
    url = site.serves("/x", "words").replace("//", "//me:secret@")

    assert isinstance(await fetcher.page(url), Body)
    assert ["Authorization" in request.headers for request in site.requests] == [False, True]


async def test_two_requests_at_most_go_to_one_site_at_a_time_and_waiting_is_no_time_out(site):
    inside, most, go = 0, 0, asyncio.Event()

    async def answer(request):
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        if inside == 2:
            go.set()
        await go.wait()
        await asyncio.sleep(0.15)
        inside -= 1
        return web.Response(body=b"words")

    urls = [site.does(f"/{number}", answer) for number in range(8)]
    async with a_fetcher(site, timeout=0.5) as fetcher:
        bodies = await asyncio.gather(*(fetcher.get(url) for url in urls))

    assert [body.content for body in bodies] == [b"words"] * 8
    assert most == 2
