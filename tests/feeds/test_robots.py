import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.robots import (
    ALL_ALLOWED,
    LONGEST,
    MAX_BYTES,
    MAX_OURS,
    RETRY,
    SHORTEST,
    NotHad,
    Robots,
    Rules,
    product,
    read_rules,
)
from tests.costs import cpu_seconds
from tests.feeds.servers import FakeTime

SITE = "https://herald.example"


def read(text):
    return read_rules(text.encode(), "attache")


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Attache/0.1 (+https://herald.example/bot)", "attache"),
        ("Attache", "attache"),
        ("Attache (news)", "attache"),
        (" Herald-Reader/2 ", "herald-reader"),
        ("", ""),
    ],
)
def test_product_is_the_name_alone(user_agent, name):
    assert product(user_agent) == name


@pytest.mark.parametrize(
    ("text", "allowed", "refused"),
    [
        ("", ["/", "/x"], []),
        ("User-agent: *\nDisallow: /", [], ["/", "/x"]),
        ("User-agent: *\nDisallow:", ["/", "/x"], []),
        ("User-agent: *\nDisallow: /private", ["/", "/public"], ["/private", "/private/x", "/privateer"]),
        ("User-agent: *\nDisallow: /\nAllow: /news/", ["/news/x"], ["/", "/new"]),
        ("User-agent: *\nDisallow: /*.pdf$", ["/x.pdf?y", "/x"], ["/x.pdf", "/y/x.pdf"]),
        ("User-agent: *\nDisallow: /a%20b", ["/a"], ["/a b"]),
        ("User-agent: *\nDisallow: /новини", ["/"], ["/новини/x"]),
        # Our own group stands alone, wherever it is, and the name's case does not matter.
        ("User-agent: *\nDisallow: /\n\nUser-agent: ATTACHE\nDisallow: /x", ["/", "/y"], ["/x"]),
        ("User-agent: Attache/2.0\nDisallow: /x\n\nUser-agent: *\nDisallow: /", ["/y"], ["/x"]),
        ("User-agent: attache\nUser-agent: other\nDisallow: /x", ["/y"], ["/x"]),
        ("User-agent: other\nUser-agent: *\nDisallow: /x", ["/y"], ["/x"]),
        ("User-agent: attache\nDisallow: /x\n\nUser-agent: attache\nDisallow: /y", ["/z"], ["/x", "/y"]),
        ("User-agent: attache\n\n\nDisallow: /x", ["/y"], ["/x"]),
        ("User-agent: attache\nUser-agent: attache\nDisallow: /x", ["/y"], ["/x"]),
        ("User-agent: attache\n\nUser-agent: *\nDisallow: /x", ["/y"], ["/x"]),
        ("User-agent: attache\nDisallow:\n\nUser-agent: *\nDisallow: /", ["/x"], []),
        # Others' groups say nothing to us, nor do names that ours only begins or ends with.
        ("User-agent: other\nDisallow: /", ["/", "/x"], []),
        ("User-agent: att\nDisallow: /", ["/x"], []),
        ("User-agent: attache-images\nDisallow: /", ["/x"], []),
        ("User-agent: *\nDisallow: /x\nUser-agent: other\nDisallow: /", ["/y"], ["/x"]),
        ("Disallow: /", ["/x"], []),
        # As it is really written.
        ("\ufeffuser-agent:*\r\nDISALLOW:/x # all of it\r\n", ["/y"], ["/x"]),
        ("# hello\nUser agent: *\nDisallow /x", ["/y"], ["/x"]),
        ("Sitemap: https://herald.example/map\nUser-agent: *\nSitemap: x\nDisallow: /x", ["/y"], ["/x"]),
        ("User-agent: attache\nSitemap: x\nUser-agent: other\nDisallow: /x", ["/y"], ["/x"]),
        ("User-agent: *\nCrawl-delay: 2\nDisallow: /x", ["/y"], ["/x"]),
        ("<!DOCTYPE html><html><body>Disallow: /</body></html>", ["/x"], []),
        ("User-agent: *\nDisallow: /x\0y", ["/x"], []),
    ],
)  # fmt: skip
def test_rules_allow_what_the_site_allows(text, allowed, refused):
    rules = read(text)

    assert [path for path in allowed + refused if rules.allow(SITE + path)] == allowed


@pytest.mark.parametrize(
    ("lines", "spacing"),
    [
        ("Disallow: /x", 0),
        ("Crawl-delay: 3", 3),
        ("Crawl-delay: 0.5", 0.5),
        ("Crawl-delay: 3600", 10),
        ("Request-rate: 1/5", 5),
        ("Request-rate: 30/1m", 2),
        ("Request-rate: 1/1d", 10),
        ("Request-rate: 1/5\nCrawl-delay: 3", 5),
        ("Crawl-delay: soon", 0),
        ("Crawl-delay: -3", 0),
        ("Crawl-delay: nan\nCrawl-delay: inf", 0),
        ("Request-rate: 0/5\nRequest-rate: 5/0\nRequest-rate: x\nRequest-rate:", 0),
        ("Request-rate: 1/" + "9" * 4000, 10),
        ("Request-rate: " + "9" * 4000 + "/1", 0),
        ("Request-rate: " + "9" * 4000 + "/" + "9" * 4000, 1),
        ("Request-rate: 1/" + "9" * 9000, 0),
    ],
)
def test_spacing_is_what_the_site_asks_for_within_reason(lines, spacing):
    assert read(f"User-agent: *\n{lines}").spacing == spacing


def test_spacing_for_others_is_not_ours():
    assert read("User-agent: other\nCrawl-delay: 9\n\nUser-agent: *\nCrawl-delay: 2").spacing == 2


def test_only_so_much_is_read_and_only_whole_lines():
    line = "Disallow: /0123456789\n"
    start = "User-agent: *\nDisallow: /first\n"

    rules = read(start + line * (MAX_BYTES // len(line)) + "Disallow: /last\n")

    assert rules.size <= MAX_OURS + 20
    assert [rules.allow(SITE + path) for path in ("/first", "/0123456789", "/0", "/last")] == [
        False, False, True, True
    ]  # fmt: skip


def test_our_group_is_found_behind_many_others():
    others = "".join(f"User-agent: reader{number}\nDisallow: /\n\n" for number in range(5000))

    rules = read(others + "User-agent: Attache\nDisallow: /x\n")

    assert (rules.allow(SITE + "/x"), rules.allow(SITE + "/y")) == (False, True)


def _filled(line, *, start="User-agent: *\n"):
    """A robots.txt as large as is read, of one line with changing numbers."""
    length = len(line.format(0))
    return (start + "".join(line.format(number) for number in range(MAX_BYTES // length))).encode()


HOSTILE = {
    "blank lines": b"\n" * MAX_BYTES,
    "short lines": _filled("a\n"),
    "colons": _filled(":\n"),
    "rules": _filled("Disallow:/{:x}\n"),
    "stars": _filled("Disallow:*{:x}\n"),
    "many stars": _filled("Disallow:" + "*a" * 100 + "{:x}\n"),
    "one line of stars": b"User-agent: *\nDisallow:" + b"*a" * 2**17,
    "slow finds": _filled("Disallow:*" + "a" * 50 + "b" + "a" * 50 + "\n"),
    "dollars": _filled("Allow:/{:x}$$$$$$\n"),
    "percents": _filled("Disallow:/" + "%41" * 20 + "{:x}\n"),
    "names and rules": _filled("User-agent:{:x}\n")[: MAX_BYTES // 2] + _filled("Allow:/{:x}\n"),
    "names of ours": _filled("User-agent:attache\nUser-agent:*\n")[: MAX_BYTES // 2] + _filled("Allow:/{:x}\n"),
    "names without colons": _filled("User agent {:x}\n")[: MAX_BYTES // 2] + _filled("Allow:/{:x}\n"),
    "lines in lines": _filled("Disallow:/x\x0bUser-agent:{:x}\x0bAllow:/y\x85"),
    "spaces": b"user" + b" " * MAX_BYTES,
    "delays": _filled("Crawl-delay:" + "9" * 40 + "\n"),
    "zeros": bytes(MAX_BYTES),
    "no text": b"\xff\xfe" * (MAX_BYTES // 2),
}  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_file_costs_little(body):
    """They took up to 65 ms to read and 15 ms to hold against; quadratic ones would take minutes."""

    def read_and_hold_against():
        read_rules(body, "attache").allow(SITE + "/" + "a" * 2000)

    assert cpu_seconds(read_and_hold_against, enough=1.0) < 1.0


@given(
    st.one_of(
        st.binary(),
        st.lists(
            st.tuples(
                st.sampled_from(["User-agent", "user agent", "Disallow", "Allow", "Crawl-delay", "Request-rate", "Visit-time", "Host"]),
                st.sampled_from([":", " ", ": ", "::", "", "\t"]),
                st.one_of(st.sampled_from(["*", "attache", "/", "$", "%", "1/5s", "0800-9999"]), st.text()),
            ).map("".join)
        ).map(lambda lines: "\n".join(lines).encode("utf-8", "surrogatepass")),
    ),
    st.text(),
)  # fmt: skip
def test_no_file_is_too_odd(body, path):
    rules = read_rules(body, "attache")

    assert rules.allow(f"{SITE}/{path}") in {True, False}
    assert 0 <= rules.spacing <= 10


class Source:
    """What sites answer, and how often they were asked."""

    def __init__(self, answer=ALL_ALLOWED, lasts=None):
        self.answer, self.lasts = answer, lasts
        self.asked = []

    async def fetch(self, origin):
        self.asked.append(origin)
        await asyncio.sleep(0)
        return self.answer, self.lasts


@pytest.mark.parametrize(
    ("answer", "says", "lasts"),
    [
        (ALL_ALLOWED, None, LONGEST),
        (ALL_ALLOWED, timedelta(hours=2), timedelta(hours=2)),
        (ALL_ALLOWED, timedelta(seconds=1), SHORTEST),
        (ALL_ALLOWED, timedelta(days=90), LONGEST),
        (NotHad("it is ill"), None, RETRY),
    ],
)
async def test_rules_are_remembered_for_a_time(answer, says, lasts):
    source, clock = Source(answer, says), FakeTime()
    robots = Robots(source.fetch, now=clock.now)

    assert [await robots.rules(SITE) for _ in range(3)] == [answer] * 3
    clock.pass_by(lasts.total_seconds() - 1)
    await robots.rules(SITE)
    assert source.asked == [SITE]
    clock.pass_by(1)
    await robots.rules(SITE)
    assert source.asked == [SITE] * 2


async def test_those_who_ask_together_ask_the_site_once():
    source = Source()
    robots = Robots(source.fetch)

    await asyncio.gather(*(robots.rules(site) for site in ["https://a.example", "https://b.example"] * 5))

    assert sorted(source.asked) == ["https://a.example", "https://b.example"]


async def test_who_gives_up_leaves_the_question_to_the_next():
    source = Source()
    robots = Robots(source.fetch)
    first = asyncio.create_task(robots.rules(SITE))
    second = asyncio.create_task(robots.rules(SITE))
    await asyncio.sleep(0)
    first.cancel()

    assert await second == ALL_ALLOWED
    assert source.asked == [SITE] * 2


async def test_sites_longest_not_asked_for_make_room():
    source = Source()
    robots = Robots(source.fetch, max_sites=2)

    for site in ("a", "b", "a", "c", "a", "b"):
        await robots.rules(site)

    assert source.asked == ["a", "b", "c", "b"]


async def test_long_rules_make_room_too():
    source = Source(Rules(size=60))
    robots = Robots(source.fetch, max_kept=100)

    for site in ("a", "b", "b", "a"):
        await robots.rules(site)

    assert source.asked == ["a", "b", "a"]
