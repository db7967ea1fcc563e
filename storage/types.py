"""The store's column types, and how strangers' strings are made fit to be stored and looked up."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, BigInteger, Dialect, Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlalchemy.types import TypeDecorator, TypeEngine

from news.articles import ArticleDraft
from news.times import as_utc

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
LONGEST_KEY = 400
"""Bytes of a string that is looked up as it is; PostgreSQL indexes no more than about 2,700."""

# PostgreSQL stores no NUL, and neither database stores half of a surrogate pair.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def clean(text: str) -> str:
    """`text` with U+FFFD for each character that no database stores; offsets stay as they were."""
    return text if _is_storable(text) else _UNSTORABLE.sub("\ufffd", text)


def _is_storable(text: str) -> bool:
    """Faster by far than looking with the pattern, and most text is."""
    try:
        return "\0" not in text and (text.isascii() or text.encode() != b"")
    except UnicodeEncodeError:  # half of a surrogate pair
        return False


def clean_draft(draft: ArticleDraft) -> ArticleDraft:
    """The draft as it will read once it is stored."""
    texts = (draft.text, draft.title, draft.outlet, draft.url, draft.byline, draft.language)
    if all(text is None or _is_storable(text) for text in texts):
        return draft
    return replace(
        draft,
        text=clean(draft.text),
        title=None if draft.title is None else clean(draft.title),
        outlet=None if draft.outlet is None else clean(draft.outlet),
        url=None if draft.url is None else clean(draft.url),
        byline=None if draft.byline is None else clean(draft.byline),
        language=None if draft.language is None else clean(draft.language),
    )


def lookup_key(text: str) -> str:
    """What a string of any length is unique by: itself, or a hash of it where it is too long to index."""
    encoded = clean(text).encode()
    if len(encoded) <= LONGEST_KEY:
        return encoded.decode()
    return f"sha256:{hashlib.sha256(encoded).hexdigest()}"


class Id(TypeDecorator[int]):
    """A 63-bit integer; one beyond that is bound as -1, which names nothing."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        # Only a column declared INTEGER counts up by itself in SQLite; its integers have 64 bits anyway.
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        return value if value is None or 0 <= value < 1 << 63 else -1


class Many(TypeDecorator[Sequence[Any]]):
    """Values of one type, to be compared with by `storage.rows.any_of`: in PostgreSQL one array.

    The statement stays the same however many they are, which spares its driver to prepare another.
    """

    impl = ARRAY
    cache_ok = True

    def __init__(self, each: type[TypeEngine[Any]]) -> None:
        super().__init__(each())
        self.each = each


class Words(TypeDecorator[str]):
    """Text that is cleaned on its way in, whether it is stored or compared with."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        # `str` also takes the value out of a StrEnum, which asyncpg would not.
        return None if value is None else clean(str(value))


Bytewise = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that is ordered by its bytes whatever the language of the database, so that what begins alike is a range."""


class UtcTime(TypeDecorator[datetime]):
    """An instant: aware UTC outside; microseconds since 1970 in SQLite, `timestamptz` in PostgreSQL."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        instant = TIMESTAMP(timezone=True) if dialect.name == "postgresql" else BigInteger()
        return dialect.type_descriptor(instant)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | int | None:
        if value is None:
            return None
        moment = as_utc(value)
        return moment if dialect.name == "postgresql" else (moment - EPOCH) // MICROSECOND

    def process_result_value(self, value: datetime | int | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return as_utc(value) if isinstance(value, datetime) else EPOCH + value * MICROSECOND


class Document(TypeDecorator[object]):
    """JSON that is carried whole."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(JSONB() if dialect.name == "postgresql" else JSON())

    def process_bind_param(self, value: object, dialect: Dialect) -> object:
        return clean_document(value)


class Numbers(Document):
    """A document without a stranger's strings."""

    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> object:
        return value


def clean_document(value: object) -> object:
    """The document with all its strings cleaned."""
    match value:
        case str():
            return clean(value)
        case dict():
            return {clean(key): clean_document(part) for key, part in value.items()}
        case list() | tuple():
            return [clean_document(part) for part in value]
        case _:
            return value
