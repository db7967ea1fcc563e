"""What a dump is: a first line that says how it is made, a line a row, and a last line that counts them.

```
{"attache": "dump", "format": 1, "version": "0004", "made": "…Z", "tables": {"workspaces": {"id": "integer", …}, …}}
{"table": "workspaces", "id": 1, …}
{"end": {"counters": {"workspaces": 1, …}, "rows": {"workspaces": 1, …}, "sha256": "…"}}
```

It is ASCII, so that it has no effect on a terminal and no encoding can harm it. The hash is of the rows' lines and
what the last line says besides: the same rows have the same last line. Columns are named with their kinds, so that a
dump can be read without knowing the version that wrote it.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import math
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from news.errors import InputError

FORMAT = 1
LONGEST = 1 << 28
"""Bytes of a line; no article comes near."""
GZIP = b"\x1f\x8b"
"""What a packed file begins with."""
_HEAD = b'{"attache":"dump"'
_LEVEL = 6
"""Higher ones take much longer and save little."""

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
"""Keys in order, for PostgreSQL keeps none: the same rows are the same bytes wherever they come from."""

Values = dict[str, object]
Counts = Mapping[str, int]
"""By table."""


class Kind(StrEnum):
    """What a column holds."""

    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TEXT = "text"
    TIME = "time"
    BYTES = "bytes"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Layout:
    """A table's columns, by name."""

    table: str
    columns: Mapping[str, Kind]


@dataclass(frozen=True, slots=True)
class Heading:
    """What the first line says."""

    version: str
    """The newest migration that the store had had."""
    made: datetime
    layouts: tuple[Layout, ...]
    """In an order in which no row needs a later one."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What the last line says."""

    rows: Counts
    counters: Counts
    """The last number given out, of tables that count up; a number is never given out twice."""


class DumpWriter:
    """Writes a dump, line by line."""

    def __init__(self, out: BinaryIO, heading: Heading) -> None:
        self._out = out
        self._hash = hashlib.sha256()
        self._rows = {layout.table: 0 for layout in heading.layouts}
        tables = {layout.table: layout.columns for layout in heading.layouts}
        # Written part by part, for here the order of the tables means something.
        about = f'"format":{FORMAT},"version":{_encode(heading.version)},"made":"{_time(heading.made)}"'
        listed = ",".join(f"{_encode(table)}:{_encode(dict(columns))}" for table, columns in tables.items())
        out.write(f'{_HEAD.decode()},{about},"tables":{{{listed}}}}}\n'.encode("ascii"))

    def write(self, layout: Layout, rows: Sequence[Sequence[object]]) -> None:
        """Writes rows of a table, each its columns' values in order."""
        start = f'{{"table":{_encode(layout.table)},'
        writers = [_WRITTEN.get(kind) for kind in layout.columns.values()]
        lines = []
        for row in rows:
            values = {
                name: value if write is None or value is None else write(value)
                for name, value, write in zip(layout.columns, row, writers, strict=True)
            }
            lines.append(start + _encode(values)[1:] + "\n")
        self._rows[layout.table] += len(rows)
        written = "".join(lines).encode("ascii")
        self._hash.update(written)
        self._out.write(written)

    def end(self, counters: Counts) -> Ending:
        """Writes the last line."""
        ending = Ending(self._rows, counters)
        said = _said(ending)
        self._hash.update(_encode(said).encode("ascii"))
        self._out.write(f"{_encode({'end': said | {'sha256': self._hash.hexdigest()}})}\n".encode("ascii"))
        return ending


class DumpReader:
    """Reads a dump: its heading at once, its rows in order, and at their end whether it is whole.

    Raises InputError, whatever the file holds.
    """

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._lines = _lines(file, name)
        self.name = name
        self._hash = hashlib.sha256()
        self._number = 0
        self.heading = self._heading(self._parse(self._next(begins=_HEAD)))
        self._layouts = {layout.table: layout for layout in self.heading.layouts}
        self.ending: Ending | None = None
        """Known once all rows have been read."""

    def rows(self) -> Iterator[tuple[Layout, Values]]:
        """Each row with its table's layout. All of them are what they should be only once the last one was read."""
        counted = Counter[str]()
        while True:
            line = self._next()
            parts = self._parse(line)
            if "table" not in parts:
                self.ending = self._ending(parts.get("end"), counted)
                return
            self._hash.update(line)
            layout = self._layouts.get(str(parts.pop("table")))
            if layout is None:
                raise self._damaged("it is of no table")
            counted[layout.table] += 1
            yield layout, self._values(layout, parts)

    def unfit(self, layout: Layout) -> InputError:
        """What is said where rows of that table cannot be stored beside the others."""
        return InputError(f"{self.name} does not fit together (in {layout.table}): take another copy of it.")

    def _next(self, begins: bytes = b"{") -> bytes:
        line = next(self._lines, b"")
        self._number += 1
        if self._number == 1 and not line.startswith(begins):
            raise foreign(self.name)
        if not line.endswith(b"\n"):
            raise self._damaged("it is too long") if len(line) > LONGEST else self._cut_off()
        return line

    def _parse(self, line: bytes) -> Values:
        try:
            parts = json.loads(line)
        except (ValueError, RecursionError):
            parts = None
        if not isinstance(parts, dict):
            raise self._damaged("it is no JSON object")
        return parts

    def _heading(self, parts: Values) -> Heading:
        if parts.get("format") != FORMAT:
            raise InputError(
                f"{self.name} is in a newer form than this version of attache reads: install a newer one."
            )
        try:
            tables = cast("Mapping[str, Mapping[str, str]]", parts["tables"])
            layouts = tuple(
                Layout(table, {name: Kind(kind) for name, kind in columns.items()})
                for table, columns in tables.items()
            )
            return Heading(str(parts["version"]), _read_time(parts["made"]), layouts)
        except (KeyError, ValueError, TypeError, AttributeError):
            raise self._damaged("it does not say what the file holds") from None

    def _values(self, layout: Layout, parts: Values) -> Values:
        if parts.keys() != layout.columns.keys():
            raise self._damaged(f"it has other columns than {layout.table}")
        for name, kind in layout.columns.items():
            value = parts[name]
            if value is None or kind is Kind.JSON:
                continue
            try:
                parts[name] = _READ[kind](value)
            except (ValueError, TypeError, OverflowError):
                raise self._damaged(f"{name} of {layout.table} is no {kind}") from None
        return parts

    def _ending(self, said: object, counted: Counter[str]) -> Ending:
        if next(self._lines, b""):
            raise self._damaged("lines follow that should be the last")
        try:
            parts = cast("Mapping[str, Any]", said)
            rows = {str(table): _integer(count) for table, count in parts["rows"].items()}
            counters = {str(table): _integer(count) for table, count in parts["counters"].items()}
            written = parts["sha256"]
        except (KeyError, ValueError, TypeError, AttributeError):
            raise self._damaged("it does not say how many rows there are") from None
        if rows != {table: counted[table] for table in self._layouts}:
            raise self._damaged("rows are missing before it, or too many")
        ending = Ending(rows, counters)
        self._hash.update(_encode(_said(ending)).encode("ascii"))
        if written != self._hash.hexdigest():
            raise self._damaged("what stands in the file is not what was written")
        return ending

    def _damaged(self, reason: str) -> InputError:
        return InputError(
            f"{self.name} is damaged in line {self._number} ({reason}): take another copy of it."
        )

    def _cut_off(self) -> InputError:
        return InputError(f"{self.name} is cut off in line {self._number}: take another copy of it.")


@contextmanager
def open_dump(path: Path, name: str) -> Iterator[DumpReader]:
    """The dump in a file, packed or not, and what people call the file. Raises InputError."""
    try:
        file = path.open("rb")
        packed = file.peek(len(GZIP)).startswith(GZIP)
    except OSError as error:
        raise unreadable(name, error) from None
    with file, gzip.open(file) if packed else nullcontext(file) as lines:
        yield DumpReader(cast("IO[bytes]", lines), name)


@contextmanager
def open_for_dump(path: Path, *, packed: bool) -> Iterator[BinaryIO]:
    """A new file to write a dump to, which nobody else may read. The same lines are the same bytes, packed too."""
    path.touch(mode=0o600, exist_ok=False)
    with path.open("wb") as file:
        if not packed:
            yield file
            return
        with gzip.GzipFile("", "wb", _LEVEL, file, mtime=0) as out:
            yield cast("BinaryIO", out)


def foreign(name: str) -> InputError:
    """What is said of a file that is something else."""
    return InputError(
        f"{name} is no backup and no dump: give a file that `attache backup` or `attache dump` made."
    )


def unreadable(name: str, error: OSError) -> InputError:
    """What is said of a file that the system does not let us read."""
    return InputError(
        f"{name} cannot be read ({error.strerror or error}): check its name and its permissions."
    )


def _said(ending: Ending) -> dict[str, dict[str, int]]:
    return {"rows": dict(ending.rows), "counters": dict(ending.counters)}


def _lines(file: IO[bytes], name: str) -> Iterator[bytes]:
    try:
        while line := file.readline(LONGEST + 1):
            yield line
    except EOFError:  # a packed file, and what was unpacked last is lost
        raise InputError(f"{name} is cut off: take another copy of it.") from None
    except (gzip.BadGzipFile, zlib.error):
        raise InputError(f"{name} is damaged and cannot be unpacked: take another copy of it.") from None
    except OSError as error:
        raise unreadable(name, error) from None


def _time(value: object) -> str:
    moment = cast("datetime", value).astimezone(UTC)
    return moment.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def _read_time(value: object) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.utcoffset() != timedelta(0):
        raise ValueError("not UTC")
    return moment


def _bytes(value: object) -> str:
    return base64.b64encode(cast("bytes", value)).decode("ascii")


def _read_bytes(value: object) -> bytes:
    return base64.b64decode(_text(value), validate=True)


def _integer(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not -(1 << 63) <= value < 1 << 63:
        raise ValueError("no integer of 64 bits")
    return value


def _number(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise ValueError("no number")
    return float(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("neither true nor false")
    return value


_WRITTEN: Mapping[Kind, Callable[[object], str]] = {Kind.TIME: _time, Kind.BYTES: _bytes}
"""How values that JSON has no form for are written."""
_READ: Mapping[Kind, Callable[[object], object]] = {
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.BOOLEAN: _boolean,
    Kind.TEXT: _text,
    Kind.TIME: _read_time,
    Kind.BYTES: _read_bytes,
}
"""How they are read, each raising ValueError, TypeError or OverflowError for what is something else."""
