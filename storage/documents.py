"""Values that are stored whole, as JSON: how they get there and back."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from news.spans import Span

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")
Spans = tuple[Span, ...]
Parts = Mapping[str, Sequence[Sequence[int]]]
"""Named parts of a statement: each a list of `[start, end]`; those without spans are left out."""


def as_json(kind: type[T], value: T) -> object:
    """The value, of this kind, as JSON."""
    return _adapter(cast("Hashable", kind)).dump_python(value, mode="json")


def from_json(kind: type[T], document: object) -> T:
    """The value of this kind that was stored."""
    value: T = _adapter(cast("Hashable", kind)).validate_python(document)
    return value


@lru_cache(maxsize=1_000)  # one article is told to many channels
def from_text(kind: Hashable, document: str) -> Any:  # noqa: ANN401
    """As `from_json`, from the document's own text."""
    return _adapter(kind).validate_json(document)


def as_parts(parts: Mapping[str, Spans]) -> Parts:
    """The parts as JSON."""
    return {name: _pairs(spans) for name, spans in parts.items() if spans}


def part(parts: Parts, name: str) -> Spans:
    """The spans of one part."""
    return tuple(Span(start, end) for start, end in parts.get(name, ()))


def _pairs(spans: Iterable[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]


@cache
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(cast("type[Any]", kind))
