import asyncio
import gzip
import socket
import zlib

import pytest
from aiohttp import web

from feeds.fetch import MAX_REDIRECTS, Body, Fetcher
from news.errors import AddressRefused, FetchError
from news.feeds import Gone, NotModified, Validators
from tests.feeds.servers import a_server, says


@pytest.fixture
async def fetcher(site):
    async with a_fetcher(site.host) as fetcher:
        yield fetcher


def a_fetcher(*hosts, **options):
    return Fetcher(**{"user_agent": "attache-test", "private_hosts": hosts, **options})


async def test_body_comes_with_its_type_and_validators(site, fetcher):
    url = site.serves(
        "/x", "words", Content_Type="text/plain; charset=utf-8", ETag='W/"1"', Last_Modified="Wed, 04 Dec 2024 08:00:00 GMT"
    )  # fmt: skip

    assert await fetcher.get(url, accept="text/plain") == Body(
        url=url,
        home=url,
        content=b"words",
        content_type="text/plain; charset=utf-8",
        validators=Validators(etag='W/"1"', last_modified="Wed, 04 Dec 2024 08:00:00 GMT"),
    )
    (request,) = site.requests
    assert request.headers["User-Agent"] == "attache-test"
    assert request.headers["Accept"] == "text/plain"
    assert "If-None-Match" not in request.headers


async def test_validators_are_sent_and_304_keeps_them(site, fetcher):
    url = site.serves("/x", status=304)
    known = Validators(etag='"1"', last_modified="Wed, 04 Dec 2024 08:00:00 GMT")

    assert await fetcher.get(url, validators=known) == NotModified(known)
    (request,) = site.requests
    assert request.headers["If-None-Match"] == '"1"'
    assert request.headers["If-Modified-Since"] == "Wed, 04 Dec 2024 08:00:00 GMT"


async def test_304_with_a_new_etag_renews_it(site, fetcher):
    url = site.serves("/x", status=304, ETag='"2"')

    assert await fetcher.get(url, validators=Validators(etag='"1"')) == NotModified(Validators(etag='"2"'))


async def test_304_that_nobody_asked_for_is_an_error(site, fetcher):
    with pytest.raises(FetchError, match="304 Not Modified"):
        await fetcher.get(site.serves("/x", status=304))


async def test_410_is_gone(site, fetcher):
    assert await fetcher.get(site.serves("/x", status=410)) == Gone()


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (400, "answers 400 Bad Request: check the address."),
        (403, "answers 403 Forbidden: it may not be open to programs; look for another feed of the outlet."),
        (404, "answers 404 Not Found: check the address."),
        (429, "answers 429 Too Many Requests: try again later."),
        (500, "answers 500 Internal Server Error: try again later."),
        (599, "answers status 599: try again later."),
    ],
)
async def test_refusal_is_told_in_words(site, fetcher, status, says):
    url = site.serves("/x", "hidden", status=status)

    with pytest.raises(FetchError) as caught:
        await fetcher.get(url)

    assert str(caught.value) == f"{url} {says}"
    assert caught.value.url == url


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [((301,), 1), ((308,), 1), ((301, 308), 2), ((302,), 0), ((307,), 0), ((303,), 0), ((301, 302, 301), 1)],
)
async def test_redirects_are_followed_and_only_permanent_ones_remembered(site, fetcher, statuses, moved):
    for number, status in enumerate(statuses):
        site.redirects(f"/{number}", f"/{number + 1}#part", status=status)
    end = site.serves(f"/{len(statuses)}", "words")

    body = await fetcher.get(site.url("/0"))

    assert (body.url, body.home, body.content) == (end, site.url(f"/{moved}"), b"words")


async def test_redirects_end_somewhere(site, fetcher):
    url = site.redirects("/x", "/x")

    with pytest.raises(FetchError, match="redirects too often"):
        await fetcher.get(url)
    assert len(site.requests) == MAX_REDIRECTS + 1


async def test_redirect_to_nowhere_is_an_error(site, fetcher):
    with pytest.raises(AddressRefused, match="without saying where to"):
        await fetcher.get(site.serves("/x", status=302))


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://a.example/x", "javascript:alert(1)", "http://["]
)
async def test_redirect_out_of_the_web_is_refused(site, fetcher, target):
    with pytest.raises(AddressRefused, match="which is no web address"):
        await fetcher.get(site.redirects("/x", target))


LOOPBACK = ("localhost", "127.1", "0x7f.0.0.1", "2130706433", "0.0.0.0", "[::ffff:127.0.0.1]")


@pytest.mark.parametrize("host", ["127.0.0.1", *LOOPBACK])
async def test_private_address_is_refused_however_it_is_written(site, host):
    site.serves("/secret", "hidden")
    url = f"http://{host}:{site.host.partition(':')[2]}/secret"

    async with a_fetcher() as fetcher:
        with pytest.raises(AddressRefused) as caught:
            await fetcher.get(url)

    assert str(caught.value).startswith(f"{url} leads to ")
    assert site.requests == []


@pytest.mark.parametrize("host", LOOPBACK)
async def test_redirect_to_a_private_address_is_refused_however_it_is_written(site, fetcher, host):
    site.serves("/secret", "hidden")
    url = site.redirects("/x", f"http://{host}:{site.host.partition(':')[2]}/secret")

    with pytest.raises(AddressRefused) as caught:
        await fetcher.get(url)  # whose host is named as private, as 127.0.0.1

    assert str(caught.value).startswith(f"{url} leads to ")
    assert [request.path for request in site.requests] == ["/x"]


async def test_another_port_of_a_named_host_is_refused(site, fetcher):
    with socket.create_server(("127.0.0.1", 0)) as other:
        url = f"http://127.0.0.1:{other.getsockname()[1]}/"
        with pytest.raises(AddressRefused):
            await fetcher.get(url)


async def test_host_named_without_port_is_reached_on_any(site):
    async with a_fetcher("127.0.0.1") as fetcher:
        assert (await fetcher.get(site.serves("/x", "words"))).content == b"words"


@pytest.mark.parametrize(
    ("url", "private"),
    [
        ("http://a.example/", True),
        ("https://A.example/", True),
        ("http://b.example/", False),
        ("http://b.example:8080/", True),
        ("http://[::1]:80/", True),
        ("https://[::1]/", False),
        ("http://[", False),
    ],
)
def test_private_hosts_are_names_with_or_without_port(url, private):
    assert a_fetcher("a.example", "b.example:8080", "[::1]:80").is_private(url) is private


@pytest.mark.parametrize(
    "url", ["", "herald", "ftp://a.example/", "file:///etc/passwd", "http://", "http://[", "http://a b/"]
)
async def test_what_is_no_web_address_is_refused(fetcher, url):
    with pytest.raises(AddressRefused, match="is no web address: use one that begins with https://"):
        await fetcher.get(url)


async def test_body_over_the_limit_is_not_read_on(site):
    async with a_fetcher(site.host, max_bytes=2**20) as fetcher:
        assert len((await fetcher.get(site.serves("/x", b"x" * 2**20))).content) == 2**20
        with pytest.raises(FetchError, match="is larger than 1 MiB"):
            await fetcher.get(site.serves("/y", b"x" * (2**20 + 1)))


@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
async def test_small_body_that_unpacks_to_a_huge_one_is_refused(site, fetcher, encoding, pack):
    bomb = pack(b"\0" * 64 * 2**20)
    assert len(bomb) < 2**17

    with pytest.raises(FetchError, match="is larger than 5 MiB"):
        await fetcher.get(site.serves("/x", bomb, Content_Encoding=encoding))


async def test_packed_body_is_unpacked(site, fetcher):
    url = site.serves("/x", gzip.compress(b"words"), Content_Encoding="gzip")

    assert (await fetcher.get(url)).content == b"words"


@pytest.mark.parametrize("part", ["head", "body"])
async def test_server_that_takes_too_long_is_given_up(site, part):
    never = asyncio.Event()

    async def answer(request):
        response = web.StreamResponse()
        if part == "body":
            await response.prepare(request)
            await response.write(b"some")
        await never.wait()
        return response

    url = site.does("/x", answer)
    async with a_fetcher(site.host, timeout=0.1) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.get(url)

    assert str(caught.value) == f"{url} did not answer in full within 0.1 seconds: try again later."


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"no http\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 4\r\n\r\nnope",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://a:b:c/\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: \xff\xfe\r\nContent-Length: 0\r\n\r\n",
        bytes(range(256)) * 4,
    ],
)
async def test_broken_answer_is_an_error_in_one_line(answer):
    async with a_server(says(answer)) as host, a_fetcher(host) as fetcher:
        with pytest.raises((FetchError, AddressRefused)) as caught:
            await fetcher.get(f"http://{host}/x")

    assert str(caught.value).startswith(f"http://{host}/x ")
    assert "\n" not in str(caught.value)


async def test_header_that_is_no_header_is_left_out():
    answer = b'HTTP/1.1 200 OK\r\nETag: "\xff"\r\nContent-Type: text/\xff\r\nContent-Length: 1\r\n\r\nx'
    async with a_server(says(answer)) as host, a_fetcher(host) as fetcher:
        body = await fetcher.get(f"http://{host}/x")

    assert (body.validators, body.content_type) == (Validators(), None)


async def test_refused_connection_is_told_in_words():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        host = f"127.0.0.1:{closed.getsockname()[1]}"
    async with a_fetcher(host) as fetcher:
        with pytest.raises(FetchError, match="cannot be connected to: check the address or try again later"):
            await fetcher.get(f"http://{host}/")


async def test_password_is_sent_but_never_shown(site, fetcher):
    site.serves("/x", status=404)
    url = site.url("/x").replace("//", "//me:secret@")

    with pytest.raises(FetchError) as caught:
        await fetcher.get(url)

    assert "Authorization" in site.requests[0].headers
    assert "secret" not in str(caught.value)


async def test_cookies_are_not_kept(site, fetcher):
    url = site.serves("/x", Set_Cookie="id=1")

    await fetcher.get(url)
    await fetcher.get(url)

    assert "Cookie" not in site.requests[1].headers


async def test_proxies_of_the_environment_are_not_used(site, fetcher, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")

    assert (await fetcher.get(site.serves("/x", "words"))).content == b"words"


async def test_fetcher_works_again_after_closing(site, fetcher):
    url = site.serves("/x", "words")
    await fetcher.get(url)
    await fetcher.aclose()

    assert (await fetcher.get(url)).content == b"words"
