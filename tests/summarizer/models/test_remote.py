"""Summaries by a server: a real client against a real local server that behaves in every way but well."""

from __future__ import annotations

import socket

import pytest

from news.errors import WritingError
from summarizer.models.remote import ServerWriter
from summarizer.models.writing import INSTRUCTIONS
from tests.summarizer.models.articles import FERRY, OWN_WORDS
from tests.summarizer.models.server import (
    answering,
    breaking_off,
    flooding,
    hanging,
    saying,
    served,
    talking_nonsense,
    trickling_body,
    trickling_headers,
)

KEY = "sk-very-secret"
HTML = b"<!doctype html><title>Sign in</title>"


class Ticking:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        return self.at


def writer_at(server, **changes):
    return ServerWriter(server.base, "orvane-7b", **{"key": KEY, "timeout": 60.0} | changes)


def test_a_good_answer_is_its_sentences():
    with served(saying(f"{OWN_WORDS} A bus will run.")) as server:
        writer = writer_at(server)
        assert writer.write(FERRY) == (OWN_WORDS, "A bus will run.")
    ((path, headers, request),) = server.asked
    assert writer.engine == "orvane-7b"
    assert (path, headers["Authorization"]) == ("/v1/chat/completions", f"Bearer {KEY}")
    assert (request["model"], request["temperature"], request["stream"]) == ("orvane-7b", 0, False)
    assert request["messages"][0] == {"role": "system", "content": INSTRUCTIONS}
    assert f"<article>\n{FERRY}\n</article>" in request["messages"][1]["content"]


def test_no_key_is_sent_where_none_is_set():
    with served(saying(OWN_WORDS)) as server:
        writer_at(server, key=None).write(FERRY)
    assert server.asked[0][1]["Authorization"] is None


def test_of_a_long_article_the_beginning_is_sent():
    with served(saying(OWN_WORDS)) as server:
        writer_at(server).write(FERRY * 1_000)
    content = server.asked[0][2]["messages"][1]["content"]
    assert FERRY[:200] in content
    assert len(content) < 13_000


@pytest.mark.parametrize(
    ("behaviour", "told"),
    [
        (answering(b"", 301, Location="http://127.0.0.1:9/v1"), "sends elsewhere (HTTP 301)"),
        (answering(b"", 307, Location="/v1/chat/completions"), "sends elsewhere (HTTP 307)"),
        (answering(b"{}", 401), "refuses the key (HTTP 401)"),
        (answering(b"{}", 404), "knows no such address or model (HTTP 404)"),
        (answering(b"{}", 429, **{"Retry-After": "9"}), "is asked too often (HTTP 429)"),
        (answering(b"oh no", 500), "answered HTTP 500"),
        (answering(HTML), "answered no chat completion"),
        (answering(b""), "answered no chat completion"),
        (answering(b"{}"), "answered no chat completion"),
        (answering(b"[]"), "answered no chat completion"),
        (answering(b"7"), "answered no chat completion"),
        (answering(b'{"choices": []}'), "answered no chat completion"),
        (answering(b'{"choices": [{"message": "It rained."}]}'), "answered no chat completion"),
        (answering(b'{"choices": {"0": 1}}'), "answered no chat completion"),
        (answering(b"[" * 100_000), "answered no chat completion"),
        (answering(b"\xff\xfe{\x80"), "answered no chat completion"),
        (answering(b'{"choices": [{"message": {"content": "\xff\xc3("}}]}'), "answered no chat completion"),
        (answering(b"\x1f\x8b\x08", **{"Content-Encoding": "gzip"}), "answered no chat completion"),
        (saying(None, refusal="I cannot help with that."), "wrote nothing"),
        (saying(["It rained."]), "wrote nothing"),
        (saying(" \n"), "wrote nothing"),
        (saying("<think>Hm."), "wrote nothing"),
        (saying("It rained. " * 100_000), "answered far too much"),
        (flooding, "answered far too much"),
        (breaking_off, "broke off (RemoteProtocolError)"),
        (talking_nonsense, "broke off (RemoteProtocolError)"),
    ],
)
def test_every_failure_is_one_kind_that_says_what_happened(behaviour, told):
    with served(behaviour) as server, pytest.raises(WritingError) as caught:
        writer_at(server).write(FERRY)
    message = str(caught.value)
    assert message.startswith(f"The summary server at 127.0.0.1:{server.server_port} {told}")
    assert KEY not in message
    assert [path for path, _, _ in server.asked] == ["/v1/chat/completions"]


@pytest.mark.parametrize("behaviour", [hanging, trickling_headers, trickling_body])
def test_one_deadline_holds_for_all_of_an_answer(behaviour):
    with served(behaviour) as server, pytest.raises(WritingError, match=r"did not answer in 0\.3 s"):
        writer_at(server, timeout=0.3).write(FERRY)


def test_a_server_that_nobody_reaches_is_told():
    with socket.socket() as taken:  # bound, but listening to nobody
        taken.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(WritingError, match="is not reached"):
            ServerWriter(base, "orvane-7b", timeout=60).write(FERRY)


@pytest.mark.parametrize("key", ["line\nbreak", "ключ", "x" * 100_000])
def test_a_key_that_cannot_be_sent_is_not_told(key):
    with served(answering(b"", 431)) as server, pytest.raises(WritingError) as caught:
        writer_at(server, key=key).write(FERRY)
    assert key not in str(caught.value)


def test_the_key_goes_to_no_other_server():
    with served(saying(OWN_WORDS)) as other:
        elsewhere = answering(b"", 308, Location=f"{other.base}/chat/completions")
        with served(elsewhere) as server, pytest.raises(WritingError):
            writer_at(server).write(FERRY)
    assert other.asked == []


def test_a_server_that_refuses_the_manners_is_asked_without_them():
    def strict(handler):
        known = set(handler.server.asked[-1][2]) == {"model", "messages"}
        (saying(OWN_WORDS) if known else answering(b"{}", 400))(handler)

    with served(strict) as server:
        writer = writer_at(server)
        assert [writer.write(FERRY), writer.write(FERRY)] == [(OWN_WORDS,)] * 2
    assert [len(request) for _, _, request in server.asked] == [5, 2, 2]


def test_a_server_that_is_down_is_left_alone_for_a_while():
    clock = Ticking()
    with served(answering(b"", 503)) as server:
        writer = writer_at(server, clock=clock)
        for told in ["503."] * 3 + ["503. It is left alone for a while."] * 2:
            with pytest.raises(WritingError, match=f"answered HTTP {told}$"):
                writer.write(FERRY)
        assert len(server.asked) == 3
        clock.at += 301
        server.behaviour = saying(OWN_WORDS)
        assert writer.write(FERRY) == (OWN_WORDS,)
