"""The form of dumps: what is written is read again, and whatever else is given is refused in a sentence."""

from __future__ import annotations

import gzip
import io
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.errors import InputError
from storage.dumps import DumpReader, DumpWriter, Ending, Heading, Kind, Layout, open_dump, open_for_dump
from tests.builders import MORNING

THINGS = Layout("things", {kind.value: kind for kind in Kind})
OTHERS = Layout("others", {"id": Kind.INTEGER})
HEADING = Heading("0003", MORNING, (THINGS, OTHERS))
ROW = {
    "integer": 7,
    "number": 0.5,
    "boolean": True,
    "text": "Édda",
    "time": MORNING,
    "bytes": b"\0\xff",
    "json": {"b": [1], "a": None},
}


def written(*rows, layout=THINGS, heading=HEADING, counters=()):
    out = io.BytesIO()
    writer = DumpWriter(out, heading)
    writer.write(layout, [[row[name] for name in layout.columns] for row in rows])
    writer.end(dict(counters))
    return out.getvalue()


def read(content):
    """The heading, the rows and the ending."""
    reader = DumpReader(io.BytesIO(content), "all.jsonl")
    rows = [(layout.table, values) for layout, values in reader.rows()]
    return reader.heading, rows, reader.ending


def test_what_is_written_is_read():
    assert read(written(ROW, counters={"things": 9})) == (
        HEADING,
        [("things", ROW)],
        Ending(rows={"things": 1, "others": 0}, counters={"things": 9}),
    )


times = st.datetimes(timezones=st.just(UTC))
documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
rows = st.fixed_dictionaries(
    {
        "integer": st.integers(-(1 << 63), (1 << 63) - 1),
        "number": st.floats(allow_nan=False, allow_infinity=False),
        "boolean": st.booleans(),
        "text": st.text(),
        "time": times,
        "bytes": st.binary(),
        "json": documents,
    }
)


@given(st.lists(rows, max_size=4))
def test_any_values_are_read_as_they_were_written(some):
    content = written(*some)
    assert content.isascii()
    assert len(content.splitlines()) == len(some) + 2
    assert [values for _, values in read(content)[1]] == some


@given(rows)
def test_any_value_may_be_missing(row):
    missing = dict.fromkeys(row)
    assert read(written(missing))[1] == [("things", missing)]


def test_times_are_written_in_utc():
    east = datetime(2024, 12, 4, 11, 0, 0, 5, tzinfo=timezone(timedelta(hours=2)))
    assert b'"time":"2024-12-04T09:00:00.000005Z"' in written(ROW | {"time": east})


def test_keys_are_in_one_order():
    one, other = ({"json": dict(pairs)} for pairs in ((("a", 1), ("bb", 2)), (("bb", 2), ("a", 1))))
    assert written(ROW | one) == written(ROW | other)


GOOD = written(ROW, ROW, counters={"things": 9})
FIRST, *LINES = GOOD.splitlines(keepends=True)


def damaged(old, new):
    """A row in which a value stands that it cannot have."""
    assert old in LINES[0]
    return FIRST + LINES[0].replace(old, new) + b"".join(LINES[1:])


def ending(**parts):
    end = json.loads(LINES[-1])["end"] | parts
    return FIRST + b"".join(LINES[:-1]) + json.dumps({"end": end}).encode() + b"\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no backup and no dump"),
        (b"\n", "no backup and no dump"),
        (b"Dear reader,\n", "no backup and no dump"),
        (b"\0" * 5000, "no backup and no dump"),
        (b'{"attache":"something else"}\n', "no backup and no dump"),
        (FIRST[:40], "cut off in line 1"),
        (FIRST, "cut off in line 2"),
        (FIRST + LINES[0], "cut off in line 3"),
        (FIRST + LINES[0][:-9], "cut off in line 2"),
        (FIRST + LINES[0] + LINES[1], "cut off in line 4"),
        (GOOD[:-1], "cut off in line 4"),
        (GOOD + LINES[0], "damaged in line 4 (lines follow"),
        (GOOD + b"\n", "damaged in line 4 (lines follow"),
        (GOOD + GOOD, "damaged in line 4 (lines follow"),
        (FIRST + LINES[0] + LINES[2], "damaged in line 3 (rows are missing"),
        (FIRST + LINES[0] + GOOD[len(FIRST) :], "damaged in line 5 (rows are missing before it, or too many"),
        (FIRST.replace(b'"format":1', b'"format":2') + b"".join(LINES), "in a newer form"),
        (FIRST.replace(b':"integer"', b':"colour"', 1) + b"".join(LINES), "damaged in line 1"),
        (FIRST.replace(b'"version"', b'"versions"') + b"".join(LINES), "damaged in line 1"),
        (FIRST.replace(b'"made":"2', b'"made":"x') + b"".join(LINES), "damaged in line 1"),
        (b'{"attache":"dump","format":1,"version":"1","made":1,"tables":3}\n', "damaged in line 1"),
        (b'{"attache":"dump"\n', "damaged in line 1"),
        (damaged(b'"things"', b'"nothing"'), "damaged in line 2 (it is of no table"),
        (damaged(b'"integer"', b'"whole"'), "damaged in line 2 (it has other columns than things"),
        (damaged(b',"text":', b',"more":1,"text":'), "damaged in line 2 (it has other columns than things"),
        (damaged(b'"integer":7', b'"integer":true'), "(integer of things is no integer"),
        (damaged(b'"integer":7', b'"integer":7.0'), "(integer of things is no integer"),
        (damaged(b'"integer":7', b'"integer":"7"'), "(integer of things is no integer"),
        (damaged(b'"integer":7', b'"integer":9223372036854775808'), "(integer of things is no integer"),
        (damaged(b'"integer":7', b'"integer":' + b"9" * 5000), "(it is no JSON object"),
        (damaged(b'"number":0.5', b'"number":NaN'), "(number of things is no number"),
        (damaged(b'"number":0.5', b'"number":1e999'), "(number of things is no number"),
        (damaged(b'"number":0.5', b'"number":' + b"9" * 400), "(number of things is no number"),
        (damaged(b'"number":0.5', b'"number":false'), "(number of things is no number"),
        (damaged(b'"boolean":true', b'"boolean":1'), "(boolean of things is no boolean"),
        (damaged(b'"text":"', b'"text":1,"json":"'), "(text of things is no text"),
        (damaged(b"09:00:00.000000Z", b"09:00:00.000000"), "(time of things is no time"),
        (damaged(b"09:00:00.000000Z", b"09:00:00+02:00"), "(time of things is no time"),
        (damaged(b"2024-12-04T", b"soon"), "(time of things is no time"),
        (damaged(b'"AP8="', b'"AP8"'), "(bytes of things is no bytes"),
        (damaged(b'"AP8="', b'"\\u00e9"'), "(bytes of things is no bytes"),
        (damaged(b'"AP8="', b'"A P8="'), "(bytes of things is no bytes"),
        (damaged(b'{"table"', b'["table"'), "(it is no JSON object"),
        (damaged(b'"json":{', b'"json":' + b"[" * 100_000 + b"{"), "(it is no JSON object"),
        (damaged(b"dda", b"\xff\xfe"), "(it is no JSON object"),
        (damaged(b"dda", b"ddo"), "damaged in line 4 (what stands in the file is not what was written"),
        (FIRST + b"5\n" + b"".join(LINES), "damaged in line 2 (it is no JSON object"),
        (FIRST + b"{}\n", "damaged in line 2 (it does not say how many"),
        (FIRST + b'{"end":[]}\n', "damaged in line 2 (it does not say how many"),
        (ending(rows=None), "does not say how many"),
        (ending(rows={"things": "2"}), "does not say how many"),
        (ending(counters={"things": None}), "does not say how many"),
        (ending(sha256=5), "is not what was written"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_whole_dump_is_refused_in_a_sentence(content, said):
    with pytest.raises(InputError) as refused:
        read(content)
    text = str(refused.value)
    assert (said in text, text.startswith("all.jsonl "), len(text.splitlines())) == (True, True, 1), text


@given(st.data())
def test_no_byte_can_be_lost_or_changed_unnoticed(data):
    at = data.draw(st.integers(len(FIRST), len(GOOD) - 1))
    byte = data.draw(st.none() | st.integers(0, 255).filter(lambda byte: byte != GOOD[at]))
    changed = GOOD[:at] + (b"" if byte is None else bytes([byte])) + GOOD[at + 1 :]
    try:
        found = read(changed)
    except InputError:
        return
    # Blanks in the last line, and other names for the same hash, mean nothing.
    assert found == read(GOOD)


@pytest.mark.parametrize("packed", [True, False])
def test_a_file_is_read_whether_it_is_packed_or_not(packed, tmp_path):
    path = tmp_path / "all"
    with open_for_dump(path, packed=packed) as out:
        out.write(GOOD)
    assert (path.read_bytes() == GOOD) is not packed
    with open_dump(path, "all") as dump:
        assert [values for _, values in dump.rows()] == [ROW, ROW]


PACKED = gzip.compress(GOOD * 1, mtime=0)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (PACKED[:60], "cut off"),
        (PACKED[:-30], "cut off"),
        (PACKED[:12], "cut off"),
        (PACKED[:80] + b"\xff\xff\xff\xff" + PACKED[84:], "cannot be unpacked"),
        (PACKED[:-8] + b"\0" * 8, "cannot be unpacked"),
        (PACKED + b"more", "cannot be unpacked"),
        (gzip.compress(b"Dear reader", mtime=0), "no backup and no dump"),
        (b"\x1f\x8b", "cut off"),
    ],
    ids=range(8),
)
def test_a_packed_file_that_is_damaged_is_refused_in_a_sentence(content, said, tmp_path):
    path = tmp_path / "all.gz"
    path.write_bytes(content)

    def through():
        with open_dump(path, "all.gz") as dump:
            list(dump.rows())

    with pytest.raises(InputError, match=said) as refused:
        through()
    assert str(refused.value).startswith("all.gz ")


@pytest.mark.parametrize(("name", "said"), [("none", "No such file"), (".", "Is a directory")])
def test_a_file_that_cannot_be_read_is_told(name, said, tmp_path):
    with pytest.raises(InputError, match=said), open_dump(tmp_path / name, name):
        pass
