"""Column types, ids and keys, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql, sqlite

from storage.ids import new_id
from storage.types import LONGEST_KEY, Document, Id, UtcTime, clean, lookup_key

DIALECTS = [sqlite.dialect(), postgresql.dialect()]
MOMENT = datetime(2024, 12, 4, 9, 0, 0, 123456, tzinfo=UTC)


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda d: d.name)
def test_a_naive_time_is_refused(dialect):
    with pytest.raises(ValueError, match="without a zone"):
        UtcTime().process_bind_param(MOMENT.replace(tzinfo=None), dialect)


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda d: d.name)
@given(st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1)), st.integers(-14, 14))  # noqa: DTZ001
def test_an_instant_comes_back_in_utc_to_the_microsecond(dialect, naive, hours):
    moment = naive.replace(tzinfo=timezone(timedelta(hours=hours)))
    column = UtcTime()
    back = column.process_result_value(column.process_bind_param(moment, dialect), dialect)
    assert back == moment
    assert back.tzinfo is UTC


@pytest.mark.parametrize(
    ("number", "bound"), [(0, 0), (2**63 - 1, 2**63 - 1), (2**63, -1), (-5, -1), (None, None)]
)
def test_a_number_that_is_no_id_names_nothing(number, bound):
    assert Id().process_bind_param(number, DIALECTS[0]) == bound


@given(st.text(st.characters()))
def test_cleaned_text_can_be_stored_and_keeps_its_offsets(text):
    cleaned = clean(text)
    assert len(cleaned) == len(text)
    assert "\0" not in cleaned
    cleaned.encode()
    assert all(a in (b, "\ufffd") for a, b in zip(cleaned, text, strict=True))


def test_a_document_is_cleaned_all_through():
    document = {"a\0": ["b\0", {"c": ("\ud800", 1, None, True)}]}
    cleaned = {"a\ufffd": ["b\ufffd", {"c": ["\ufffd", 1, None, True]}]}
    assert Document().process_bind_param(document, DIALECTS[0]) == cleaned


@given(st.text(st.characters(), max_size=LONGEST_KEY * 2))
def test_a_lookup_key_is_short_enough_to_be_indexed(text):
    assert len(lookup_key(text).encode()) <= LONGEST_KEY


def test_lookup_keys_of_long_strings_tell_them_apart():
    long = "k" * 5000
    assert lookup_key(long) != lookup_key(long + "k")
    assert lookup_key("short") == "short"


def test_ids_grow_with_time_and_are_never_the_same():
    ids = [new_id(MOMENT + timedelta(milliseconds=n)) for n in range(100)]
    assert ids == sorted(ids)
    assert len({new_id(MOMENT) for _ in range(1000)}) == 1000


@pytest.mark.parametrize("year", [1, 1969, 1970, 2024, 2039, 9999])
def test_an_id_of_any_time_fits_63_bits(year):
    assert 0 <= new_id(datetime(year, 12, 31, tzinfo=UTC)) < 2**63
