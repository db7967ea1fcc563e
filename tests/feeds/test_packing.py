import gzip
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.packing import MAX_MEMBERS, PackingError, Unpacker

WORDS = b"<rss>The council put off its vote.</rss>"
ZIPPED, DEFLATED = gzip.compress(WORDS, mtime=0), zlib.compress(WORDS)
BARE = DEFLATED[2:-4]


def unpacked(body, encoding, *, piece=2**16, room=2**20):
    unpacker, content = Unpacker(encoding), b""
    for start in range(0, len(body), piece):
        content += unpacker.unpack(body[start : start + piece], room - len(content))
        if len(content) >= room:
            break
    return content


@pytest.mark.parametrize("piece", [1, 7, 2**16])
@pytest.mark.parametrize(
    ("body", "encoding", "content"),
    [
        (WORDS, None, WORDS),
        (WORDS, "", WORDS),
        (WORDS, "identity", WORDS),
        (WORDS, "utf-8", WORDS),
        (ZIPPED, "gzip", WORDS),
        (ZIPPED, " GZIP ", WORDS),
        (ZIPPED, "x-gzip", WORDS),
        (ZIPPED, "identity, gzip", WORDS),
        (ZIPPED, "deflate", WORDS),
        (DEFLATED, "deflate", WORDS),
        (DEFLATED, "gzip", WORDS),
        (ZIPPED * 3, "gzip", WORDS * 3),
        (gzip.compress(b"", mtime=0) * 3 + ZIPPED, "gzip", WORDS),
        (ZIPPED + b"\n", "gzip", WORDS),
        (ZIPPED + b"\r\n", "gzip", WORDS),
        (ZIPPED + bytes(20), "gzip", WORDS),
        (ZIPPED + b"<!-- cached -->" + ZIPPED, "gzip", WORDS),
        (ZIPPED + DEFLATED, "gzip", WORDS),
        (WORDS, "gzip", WORDS),
        ("Вѣстникъ".encode(), "gzip", "Вѣстникъ".encode()),
        (b"", "gzip", b""),
        (ZIPPED, None, ZIPPED),
        (gzip.compress(ZIPPED, mtime=0), "gzip, gzip", ZIPPED),
    ],
)
def test_body_is_unpacked_whatever_it_is_called_and_however_it_comes(body, encoding, content, piece):
    assert unpacked(body, encoding, piece=piece) == content


def test_bare_stream_is_known_by_its_beginning():
    assert unpacked(BARE, "deflate") == WORDS
    assert unpacked(WORDS, "deflate") == WORDS


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "gzip, br"])
def test_packing_that_nobody_asked_for_is_an_error(encoding):
    with pytest.raises(PackingError):
        Unpacker(encoding)


@pytest.mark.parametrize(
    "body",
    [
        ZIPPED[:-8] + b"otherwise",
        ZIPPED[:10] + b"\xff" * 20,
        DEFLATED[:-4] + b"1234",
        b"\x1f\x8b<rss>",
        gzip.compress(b"", mtime=0) * (MAX_MEMBERS + 1),
    ],
)
def test_bad_packing_is_an_error(body):
    with pytest.raises(PackingError):
        unpacked(body, "gzip")


def test_what_was_cut_off_is_kept_as_far_as_it_goes():
    assert WORDS.startswith(unpacked(ZIPPED[:-12], "gzip"))
    assert unpacked(ZIPPED[:-6], "gzip") == WORDS


@pytest.mark.parametrize(
    "bomb", [gzip.compress(bytes(10**7), mtime=0), gzip.compress(bytes(10**6), mtime=0) * 10]
)
def test_no_more_is_unpacked_than_there_is_room_for(bomb):
    assert len(unpacked(bomb, "gzip", room=1000)) == 1000


@given(st.binary(), st.sampled_from(["gzip", "deflate", None]), st.integers(1, 50), st.booleans())
def test_no_body_is_too_odd(body, encoding, piece, zipped):
    if zipped:
        body = (ZIPPED[: len(body)] + body + ZIPPED)[: len(body) * 2]
    with suppress(PackingError):
        assert len(unpacked(body, encoding, piece=piece, room=100)) <= 100 + piece
