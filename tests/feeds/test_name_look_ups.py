"""Names that lead where they must not: what counts is the address that is connected to, whenever and however found."""

import asyncio
import socket
import threading

import pytest

import feeds.fetch
from feeds.fetch import LOOK_UPS, Fetcher
from news.errors import AddressRefused, FetchError
from tests.feeds.conftest import a_site


class Names:
    """A name server: each look-up of a name gets its next answer, the last one again and again."""

    def __init__(self, **answers):
        self._answers = {name.replace("_", "."): list(given) for name, given in answers.items()}
        self.asked = []

    def look_up(self, host, port, *, family, type, flags):  # noqa: A002  # as socket.getaddrinfo
        self.asked.append(host)
        answers = self._answers.get(host)
        if answers is None:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(addresses, Exception):
            raise addresses
        return [
            (socket.AF_INET6, type, 6, "", (address, port, 0, 0))
            if ":" in address
            else (socket.AF_INET, type, 6, "", (address, port))
            for address in addresses
        ]


def a_fetcher(names, *hosts, **options):
    return Fetcher(
        **{
            "user_agent": "attache-test",
            "private_hosts": hosts,
            "look_up": names.look_up,
            "timeout": 5,
            **options,
        }
    )


@pytest.fixture
def port(site):
    return site.host.partition(":")[2]


@pytest.fixture
def public(monkeypatch):
    """127.0.0.2 plays the one public address of the world."""
    monkeypatch.setattr(feeds.fetch, "is_public", lambda address: address == "127.0.0.2")


@pytest.fixture
async def world(public, port):
    """A site at the public address, on the port where the private one is."""
    async with a_site("127.0.0.2", int(port)) as world:
        yield world


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["127.0.0.1", "::1"],
        ["0.0.0.0"],
        ["::"],
        ["10.0.0.1", "192.168.0.1", "169.254.169.254", "fd00:ec2::254", "fe80::1%lo"],
        ["64:ff9b::7f00:1", "2002:7f00:1::", "::7f00:1"],
    ],
)
async def test_name_of_private_addresses_is_refused(site, port, addresses):
    site.serves("/x", "hidden")
    async with a_fetcher(Names(herald_example=[addresses])) as fetcher:
        with pytest.raises(AddressRefused, match="leads to an address that is not public"):
            await fetcher.get(f"http://herald.example:{port}/x")
    assert site.requests == []


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1", "127.0.0.2"], ["127.0.0.2", "127.0.0.1"], ["::1", "127.0.0.1", "127.0.0.2", "10.0.0.1"]],
)
async def test_name_of_many_addresses_is_reached_at_the_public_one_only(site, world, port, addresses):
    site.serves("/x", "hidden")
    world.serves("/x", "words")
    async with a_fetcher(Names(herald_example=[addresses])) as fetcher:
        for _ in range(3):
            assert (await fetcher.get(f"http://herald.example:{port}/x")).content == b"words"
            await fetcher.aclose()
    assert site.requests == []


async def test_name_whose_public_address_does_not_answer_falls_back_to_no_private_one(site, public, port):
    site.serves("/x", "hidden")
    async with a_fetcher(Names(herald_example=[["127.0.0.2", "127.0.0.1"]])) as fetcher:
        with pytest.raises((FetchError, AddressRefused)):
            await fetcher.get(f"http://herald.example:{port}/x")
    assert site.requests == []


async def test_name_that_changes_between_look_ups_gains_nothing(site, world, port):
    """The address that was checked is the one connected to: nothing is looked up in between."""
    site.serves("/x", "hidden")
    world.serves("/x", "words", Connection="close")
    names = Names(herald_example=[["127.0.0.2"], ["127.0.0.1"]])
    url = f"http://herald.example:{port}/x"
    async with a_fetcher(names) as fetcher:
        assert (await fetcher.get(url)).content == b"words"
        assert names.asked == ["herald.example"]
        await fetcher.aclose()  # and with it what is remembered of names
        with pytest.raises(AddressRefused):
            await fetcher.get(url)
    assert names.asked == ["herald.example"] * 2
    assert site.requests == []


async def test_redirect_to_a_name_of_a_private_address_is_refused(site, world, port):
    site.serves("/x", "hidden")
    names = Names(herald_example=[["127.0.0.2"]], inside_example=[["127.0.0.1"]])
    world.redirects("/x", f"http://inside.example:{port}/x")
    async with a_fetcher(names) as fetcher:
        for get in (fetcher.get, fetcher.page):
            with pytest.raises(
                AddressRefused, match=rf"^http://herald\.example:{port}/x leads to an address"
            ):
                await get(f"http://herald.example:{port}/x")
    assert site.requests == []


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost.",
        "LOCALHOST",
        "127.0.0.1.",
        "127.1",
        "127.0.1",
        "0177.0.0.1",
        "0x7f.1",
        "0x7f000001",
        "017700000001",
        "2130706433",
        "0",
        "0.0.0.0",
        "[::]",
        "[::1]",
        "[::1%25lo]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[0:0:0:0:0:ffff:7f00:0001]",
        "[::127.0.0.1]",
        "１２７.０.０.１",
        "127。0。0。1",
        "①②⑦.⓪.⓪.①",
        "ⓛocalhost",
        "%31%32%37.0.0.1",
        "127.0.0.1%00.herald.example",
        "herald.example@127.0.0.1",
        "herald.example:80@127.0.0.1",
        "herald.example%40127.0.0.1",
        "herald.example#@127.0.0.1",
        "herald.example\\@127.0.0.1",
        "127.0.0.1\\@herald.example",
        "169.254.169.254",
        "[fd00:ec2::254]",
    ],
)
async def test_no_way_to_write_a_private_address_gets_there(site, port, host):
    """With the system's own look-up, which understands the odd number forms."""
    site.serves("/x", "hidden")
    async with Fetcher(user_agent="attache-test", timeout=5) as fetcher:
        for get in (fetcher.get, fetcher.page):
            with pytest.raises((AddressRefused, FetchError)) as caught:
                await get(f"http://{host}:{port}/x")
            assert "\n" not in str(caught.value)
    assert site.requests == []


@pytest.mark.parametrize(
    "url",
    [
        "http://{named}@127.0.0.1:{other}/x",
        "http://{named}%40127.0.0.1:{other}/x",
        "http://{named}#@127.0.0.1:{other}/x",
        "http://{named}\\@127.0.0.1:{other}/x",
        "http://127.0.0.1:{other}\\@{named}/x",
        "http://127.0.0.1:{other}#@{named}/x",
        "http://127.0.0.1:{other}?@{named}/x",
        "http://localhost:{other}/x",
        "http://named.example.:{other}/x",
        "http://named.example.herald.example:{other}/x",
    ],
)
async def test_name_of_a_named_host_does_not_open_others(site, port, url):
    names = Names(
        named_example=[["127.0.0.1"]],
        localhost=[["127.0.0.1"]],
        named_example_=[["127.0.0.1"]],
        named_example_herald_example=[["127.0.0.1"]],
    )
    async with a_site() as other, a_fetcher(names, f"named.example:{port}") as fetcher:
        other.serves("/x", "hidden")
        with pytest.raises((AddressRefused, FetchError)):
            await fetcher.get(url.format(named=f"named.example:{port}", other=other.host.partition(":")[2]))
        assert other.requests == []


@pytest.mark.parametrize("written", ["bücher.example", "BÜCHER.example", "xn--bcher-kva.example"])
@pytest.mark.parametrize("named", ["bücher.example", "xn--bcher-kva.example"])
async def test_named_host_may_be_written_in_any_alphabet(site, port, written, named):
    site.serves("/x", "words")
    names = Names(**{"xn--bcher-kva_example": [["127.0.0.1"]]})
    async with a_fetcher(names, named) as fetcher:
        assert (await fetcher.get(f"http://{written}:{port}/x")).content == b"words"


@pytest.mark.parametrize(
    ("answer", "passing"),
    [
        (socket.gaierror(socket.EAI_NONAME, "no such name"), False),
        (socket.gaierror(socket.EAI_AGAIN, "try again"), True),
        (socket.gaierror(socket.EAI_FAIL, "broken"), True),
        (UnicodeError("label too long"), None),
        ([], False),
    ],
)
async def test_name_that_is_not_found_is_told_in_words(answer, passing):
    async with a_fetcher(Names(herald_example=[answer])) as fetcher:
        with pytest.raises((FetchError, AddressRefused)) as caught:
            await fetcher.page("http://herald.example/x")

    assert "\n" not in str(caught.value)
    assert getattr(caught.value, "passing", None) is passing


async def test_name_is_looked_up_once_for_many(site, port):
    site.serves("/x", "words", Connection="close")
    names = Names(herald_example=[["127.0.0.1"]])
    async with a_fetcher(names, "herald.example") as fetcher:
        await asyncio.gather(*(fetcher.get(f"http://herald.example:{port}/x") for _ in range(8)))
    assert names.asked == ["herald.example"]


async def test_look_ups_that_hang_hold_up_neither_other_names_nor_other_work(site, port):
    site.serves("/x", "words")
    end, hanging = threading.Event(), []

    def look_up(host, port, *, family, type, flags):  # noqa: A002
        if host != "herald.example":
            hanging.append(host)
            end.wait()
        return [(socket.AF_INET, type, 6, "", ("127.0.0.1", port))]

    fetcher = Fetcher(user_agent="x", private_hosts={"herald.example"}, timeout=0.2, look_up=look_up)
    try:
        lost = await asyncio.gather(
            *(fetcher.get(f"http://slow{number}.example/") for number in range(LOOK_UPS - 1)),
            return_exceptions=True,
        )
        assert {type(error) for error in lost} == {FetchError}
        assert len(hanging) == LOOK_UPS - 1
        assert (await fetcher.get(f"http://herald.example:{port}/x")).content == b"words"
        assert await asyncio.to_thread(lambda: "done") == "done"
    finally:
        end.set()
        await fetcher.aclose()
