"""Every role that a server can play: the fetcher comes back with the right value or one line, within its limits."""

import asyncio
import gzip
import tracemalloc
import zlib

import pytest

from feeds.fetch import Body, Fetcher
from news.errors import AddressRefused, FetchError
from news.feeds import NotModified, Validators
from tests.feeds.servers import a_server, falls_silent, repeats, resets, says

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
LIMIT = 2**20


def a_fetcher(host, **options):
    return Fetcher(
        **{
            "user_agent": "attache-test",
            "private_hosts": {host},
            "max_bytes": LIMIT,
            "timeout": 0.2,
            **options,
        }
    )


TOO_LATE = "did not answer in full within 0.2 seconds: try again later."
TOO_LARGE = "is larger than 1 MiB: find a smaller feed or page."
NONSENSE = "answers in a way that cannot be understood: try again later."
BROKEN_OFF = "breaks off its answer: try again later."

ENDLESS = {
    "no answer": (falls_silent(), TOO_LATE, True),
    "half a head": (falls_silent(b"HTTP/1.1 200 OK\r\nContent-"), TOO_LATE, True),
    "half a body": (falls_silent(OK + b"Content-Length: 9\r\n\r\nsome"), TOO_LATE, True),
    "head by single bytes": (repeats(OK + b"X: ", b"x", every=0.01), TOO_LATE, True),
    "body by single bytes": (repeats(CHUNKED, b"1\r\nx\r\n", every=0.01), TOO_LATE, True),
    "endless header": (repeats(OK + b"X: ", b"x" * 2**14), NONSENSE, True),
    "endless headers": (repeats(OK, b"X: x\r\n" * 100), NONSENSE, True),
    "endless status": (repeats(b"HTTP/1.1 200 ", b"x" * 2**14), NONSENSE, True),
    "endless body": (repeats(OK + b"\r\n", b"x" * 2**14), TOO_LARGE, False),
    "endless chunks": (repeats(CHUNKED, b"4000\r\n" + b"x" * 2**14 + b"\r\n"), TOO_LARGE, False),
    "endless chunk": (repeats(CHUNKED + b"ffffffffff\r\n", b"x" * 2**14), TOO_LARGE, False),
    "endless length": (repeats(OK + b"Content-Length: 99999999999\r\n\r\n", b"x" * 2**14), TOO_LARGE, False),
    "endless redirect body": (
        repeats(b"HTTP/1.1 302 Found\r\nLocation: ftp://a.example/\r\n\r\n", b"x" * 2**14),
        "redirects to ftp://a.example/, which is no web address: ask for its present address.",
        None,
    ),
    "endless refusal body": (
        repeats(b"HTTP/1.1 404 Not Found\r\n\r\n", b"x" * 2**14),
        "answers 404 Not Found: check the address.",
        False,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("role", "says", "passing"), ENDLESS.values(), ids=ENDLESS.keys())
async def test_server_without_end_is_given_up(role, says, passing):
    async with a_server(role) as host, a_fetcher(host) as fetcher:
        with pytest.raises((FetchError, AddressRefused)) as caught:
            await fetcher.get(f"http://{host}/x")

    assert str(caught.value) == f"http://{host}/x {says}"
    assert getattr(caught.value, "passing", None) is passing


@pytest.mark.parametrize(
    "role",
    [
        pytest.param(repeats(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 50), id="interim answers"),
        pytest.param(repeats(b"", b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n" * 50), id="early hints"),
        pytest.param(repeats(CHUNKED + b"1;", b"x" * 2**14), id="chunk extension"),
        pytest.param(repeats(CHUNKED + b"1\r\nx\r\n0\r\n", b"X: x\r\n" * 100), id="trailers"),
        pytest.param(repeats(CHUNKED + b"1\r\nx\r\n0\r\nX: ", b"x" * 2**14), id="trailer"),
        pytest.param(repeats(b"", b"\r\n" * 2**13), id="line ends"),
        pytest.param(repeats(b"", b"\0" * 2**14), id="zeros"),
        pytest.param(repeats(OK + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b"")), id="empty packings"),
    ],
)  # fmt: skip
async def test_flood_ends_in_one_line_and_keeps_no_memory(role):
    async with a_server(role) as host, a_fetcher(host) as fetcher:
        tracemalloc.start()
        try:
            with pytest.raises(FetchError) as caught:
                await fetcher.get(f"http://{host}/x")
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

    assert str(caught.value) in {f"http://{host}/x {words}" for words in (TOO_LATE, NONSENSE)}
    assert caught.value.passing
    assert peak < 8 * LIMIT


BROKEN = {
    "nothing": (says(b""), BROKEN_OFF),
    "reset before the head": (resets(b""), BROKEN_OFF),
    "reset in the head": (resets(b"HTTP/1.1 200 OK\r\nContent-"), BROKEN_OFF),
    "end in the head": (says(b"HTTP/1.1 200 OK\r\nContent-"), BROKEN_OFF),
    "reset in the body": (resets(OK + b"Content-Length: 9\r\n\r\nsome"), NONSENSE),
    "less than its length": (says(OK + b"Content-Length: 9\r\n\r\nsome"), NONSENSE),
    "more than its length": (says(OK + b"Content-Length: 5\r\n\r\nwords and more"), NONSENSE),
    "length twice": (says(OK + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nwords"), NONSENSE),
    "two lengths": (says(OK + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nwords"), NONSENSE),
    "length and chunks": (says(OK + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), NONSENSE),
    "length no number": (says(OK + b"Content-Length: four\r\n\r\nwords"), NONSENSE),
    "end in a chunk": (says(CHUNKED + b"9\r\nsome"), NONSENSE),
    "end before the last chunk": (says(CHUNKED + b"4\r\nsome\r\n"), NONSENSE),
    "chunk of no size": (says(CHUNKED + b"zz\r\nsome\r\n"), NONSENSE),
    "HTTP/0.9": (says(b"<rss></rss>"), NONSENSE),
    "another protocol": (says(b"SSH-2.0-OpenSSH_9.9\r\n"), NONSENSE),
    "another protocol with lines": (says(b"220 mail.example ESMTP\r\n\r\n"), NONSENSE),
    "TLS alert": (says(b"\x15\x03\x01\x00\x02\x02\x46"), NONSENSE),
    "bad packing": (says(OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"words")[:-8] + b"otherwise"), NONSENSE),
    "packing nobody asked for": (says(OK + b"Content-Encoding: br\r\nContent-Length: 5\r\n\r\nwords"), NONSENSE),
    "switch of protocols": (says(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"), "answers 101 Switching Protocols: check the address."),
}  # fmt: skip


@pytest.mark.parametrize(("role", "says"), BROKEN.values(), ids=BROKEN.keys())
async def test_broken_answer_is_told_in_one_line(role, says):
    async with a_server(role) as host, a_fetcher(host, timeout=5) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.get(f"http://{host}/x")

    assert str(caught.value) == f"http://{host}/x {says}"


ODD = {
    "no length": (OK + b"\r\nwords", b"words"),
    "HTTP/1.0": (b"HTTP/1.0 200 OK\r\n\r\nwords", b"words"),
    "no reason": (b"HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nwords", b"words"),
    "bare line ends": (b"HTTP/1.1 200 OK\nContent-Length: 5\n\nwords", b"words"),
    "interim answer first": (b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n" + OK + b"Content-Length: 5\r\n\r\nwords", b"words"),
    "a hundred headers": (OK + b"X: x\r\n" * 100 + b"Content-Length: 5\r\n\r\nwords", b"words"),
    "a long header": (OK + b"X: " + b"x" * 20_000 + b"\r\nContent-Length: 5\r\n\r\nwords", b"words"),
    "packed": (OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"words"), b"words"),
    "packed in two": (OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"wo") + gzip.compress(b"rds"), b"words"),
    "deflated": (OK + b"Content-Encoding: deflate\r\n\r\n" + zlib.compress(b"words"), b"words"),
    "deflated without a head": (OK + b"Content-Encoding: deflate\r\n\r\n" + zlib.compress(b"words")[2:-4], b"words"),
    "no packing where one is told": (OK + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nwords", b"words"),
    "more behind a packing": (OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"words") + b"\r\n", b"words"),
    "packing of another name": (OK + b"Content-Encoding: none\r\nContent-Length: 5\r\n\r\nwords", b"words"),
    "no content": (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
    "empty": (OK + b"Content-Length: 0\r\n\r\n", b""),
}  # fmt: skip


@pytest.mark.parametrize(("answer", "content"), ODD.values(), ids=ODD.keys())
async def test_odd_answer_is_understood(answer, content):
    async with a_server(says(answer)) as host, a_fetcher(host, timeout=5) as fetcher:
        body = await fetcher.get(f"http://{host}/x")

    assert (body.url, body.content) == (f"http://{host}/x", content)


async def test_what_comes_after_an_answer_is_not_the_next_one():
    """More than its length, on a connection that stays open, must not pass for what is asked next."""
    smuggled = OK + b"Content-Length: 5\r\n\r\nwords" + OK + b"Content-Length: 4\r\n\r\nlies"

    async def role(outgoing):
        outgoing.write(smuggled)
        await asyncio.Event().wait()

    async with a_server(role) as host, a_fetcher(host, timeout=5) as fetcher:
        bodies = [await fetcher.get(f"http://{host}/{number}") for number in range(2)]

    assert [body.content for body in bodies] == [b"words"] * 2


BOMBS = {
    "gzip": ("gzip", gzip.compress(bytes(64 * LIMIT))),
    "deflate": ("deflate", zlib.compress(bytes(64 * LIMIT))),
    "many members": ("gzip", gzip.compress(bytes(4 * LIMIT)) * 16),
}


@pytest.mark.parametrize(("encoding", "bomb"), BOMBS.values(), ids=BOMBS.keys())
async def test_packed_bomb_takes_no_more_memory_than_the_limit_twice(site, encoding, bomb):
    url = site.serves("/x", bomb, Content_Encoding=encoding)
    async with a_fetcher(site.host, timeout=10) as fetcher:
        tracemalloc.start()
        try:
            with pytest.raises(FetchError, match="is larger than 1 MiB"):
                await fetcher.get(url)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

    assert peak < 2 * LIMIT + 2**19


async def test_bomb_in_a_bomb_stays_packed(site):
    """Only what the server says is packed is unpacked, and once."""
    inner = gzip.compress(bytes(64 * LIMIT))
    packed = site.serves("/gzip", gzip.compress(inner), Content_Encoding="gzip")
    twice = site.serves("/twice", gzip.compress(gzip.compress(inner)), Content_Encoding="gzip, gzip")
    async with a_fetcher(site.host, timeout=10) as fetcher:
        assert (await fetcher.get(packed)).content == inner
        assert len((await fetcher.get(twice)).content) < LIMIT


async def test_only_packings_that_are_always_there_are_asked_for(site):
    async with a_fetcher(site.host) as fetcher:
        await fetcher.get(site.serves("/x"))

    assert site.requests[0].headers["Accept-Encoding"] == "gzip, deflate"


@pytest.mark.parametrize(
    "content_type",
    ["image/png", "text/xml; charset=nonsense", "text/xml; charset=", "no/such/type; ;;=", "💥"],
)
async def test_wrong_type_and_charset_are_no_matter_here(content_type):
    answer = OK + b"Content-Length: 5\r\nContent-Type: " + content_type.encode() + b"\r\n\r\nwords"
    async with a_server(says(answer)) as host, a_fetcher(host, timeout=5) as fetcher:
        body = await fetcher.get(f"http://{host}/x")

    assert isinstance(body, Body)
    assert body.content == b"words"


async def test_secure_address_of_a_plain_server_is_told_so(site):
    url = site.serves("/x", "words").replace("http:", "https:")
    async with a_fetcher(site.host, timeout=5) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.get(url)

    assert str(caught.value) == (
        f"{url} cannot be connected to securely: check the address or try again later."
    )
    assert caught.value.passing


async def test_chain_of_redirects_is_followed_as_far_as_the_limit(site):
    for number in range(7):
        site.redirects(f"/{number}", f"/{number + 1}")
    site.serves("/7", "words")
    async with a_fetcher(site.host, timeout=5) as fetcher:
        assert (await fetcher.get(site.url("/2"))).content == b"words"
        with pytest.raises(FetchError, match="redirects too often") as caught:
            await fetcher.get(site.url("/1"))

    assert not caught.value.passing


async def test_redirects_that_lead_in_a_circle_end(site):
    site.redirects("/a", "/b")
    site.redirects("/b", "/c", status=301)
    site.redirects("/c", "/a", status=307)
    async with a_fetcher(site.host, timeout=5) as fetcher:
        with pytest.raises(FetchError, match="redirects too often"):
            await fetcher.get(site.url("/a"))


async def test_time_of_all_redirects_counts_together():
    async def role(outgoing):
        await asyncio.sleep(0.08)
        outgoing.write(b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n")

    async with a_server(role) as host, a_fetcher(host) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.get(f"http://{host}/x")

    assert str(caught.value) == f"http://{host}/x {TOO_LATE}"


async def test_answer_with_a_promise_says_how_long_it_holds(site):
    known = Validators(etag='"1"')
    fresh = site.serves("/fresh", "words", Cache_Control="max-age=600", Age="60")
    same = site.serves("/same", status=304, Cache_Control="private", Expires="0")
    async with a_fetcher(site.host, timeout=5) as fetcher:
        body = await fetcher.get(fresh)
        again = await fetcher.get(same, validators=known)

    assert body.fresh_for.total_seconds() == 540
    assert again == NotModified(known)


async def test_promise_in_two_headers_is_one(site):
    answer = b"HTTP/1.1 304 Not Modified\r\nCache-Control: public\r\nCache-Control: max-age=60\r\n\r\n"
    async with a_server(says(answer)) as host, a_fetcher(host, timeout=5) as fetcher:
        again = await fetcher.get(f"http://{host}/x", validators=Validators(etag='"1"'))

    assert again.fresh_for.total_seconds() == 60
