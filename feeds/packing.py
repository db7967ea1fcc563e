"""Bodies unpacked piece by piece and never further than asked for, with the tolerance of browsers."""

from __future__ import annotations

import zlib

ENCODINGS = "gzip, deflate"
"""What a server is asked for."""
MAX_MEMBERS = 1000
"""Packings one after the other, at most: each may be empty and still cost its time."""

_GZIP = b"\x1f\x8b"
_KNOWN = frozenset({"gzip", "x-gzip", "deflate"})
_UNKNOWN = frozenset({"br", "zstd", "compress", "x-compress"})


class PackingError(Exception):
    """The body is packed in a way that nobody asked for, or badly."""


class Unpacker:
    """Unpacks one body. What its server calls packed and is not is taken as it is; so is what is not known."""

    def __init__(self, content_encoding: str | None) -> None:
        names = {name.strip().lower() for name in (content_encoding or "").split(",")}
        if not names.isdisjoint(_UNKNOWN):
            raise PackingError("packed in a way that was not asked for")
        self._deflate = "deflate" in names
        self._plain = names.isdisjoint(_KNOWN)
        self._ended = False
        self._waiting = b""
        self._members = 0
        self._member: zlib._Decompress | None = None

    def unpack(self, piece: bytes, room: int) -> bytes:
        """The next piece unpacked, at least one byte of room given; when that is filled, the rest is lost."""
        if self._plain:
            return piece
        unpacked, packed = bytearray(), self._waiting + piece
        self._waiting = b""
        while packed and len(unpacked) < room and not self._ended:
            if self._member is None and not self._begin(packed):
                return bytes(unpacked) + (packed if self._plain else b"")
            packed = self._more(packed, unpacked, room)
        return bytes(unpacked)

    def _more(self, packed: bytes, unpacked: bytearray, room: int) -> bytes:
        """Unpacks as much as there is room for; returns what is left."""
        member = self._member
        assert member is not None
        try:
            unpacked += member.decompress(packed, room - len(unpacked))
        except zlib.error as error:
            raise PackingError("badly packed") from error
        if not member.eof:
            return member.unconsumed_tail
        self._member = None
        return member.unused_data

    def _begin(self, packed: bytes) -> bool:
        """Begins a packing, if this is one: the first whatever its server calls it, later ones only of gzip."""
        if len(packed) < 2:
            self._waiting = packed
        elif packed.startswith(_GZIP):
            self._member = zlib.decompressobj(31)
        elif self._members:
            self._ended = True  # what comes behind is no matter, as in browsers
        elif packed[0] & 0x0F == 8 and int.from_bytes(packed[:2], "big") % 31 == 0:
            self._member = zlib.decompressobj(15)
        elif self._deflate and _is_bare(packed):
            self._member = zlib.decompressobj(-15)
        else:
            self._plain = True
        self._members += self._member is not None
        if self._members > MAX_MEMBERS:
            raise PackingError("packed in too many parts")
        return self._member is not None


def _is_bare(packed: bytes) -> bool:
    """Whether it looks like what some servers mean by `deflate`: the bare stream, without a head."""
    try:
        zlib.decompressobj(-15).decompress(packed, 1)
    except zlib.error:
        return False
    return True
