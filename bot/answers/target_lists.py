"""Lists of targets as YAML: a list of name and description, with wordings for and against where there are any."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from news.errors import InputError
from news.target_names import checked_target
from news.targets import Target

MOST_BYTES = 128 * 1024
MOST = 100
"""Targets of one list."""
_KEYS = {"name": "name", "description": "description", "for": "supporting", "against": "opposing"}
_NO_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")
_DEEPEST = 3
"""A list of mappings that hold lists; nothing in it goes further down."""
_MOST_EVENTS = 100 * MOST
"""Pieces of a list: each target has at most its braces, four keys and their values."""
_PARTED = re.compile(r"[;\n]")


def a_target(
    name: str, description: str = "", supporting: Sequence[str] = (), opposing: Sequence[str] = ()
) -> Target:
    """The target that was typed or listed so. Raises InputError for what is no name, and for what is too long."""
    told, against = (tuple(map(_clean, some)) for some in (supporting, opposing))
    return checked_target(Target(_clean(name), _clean(description), told, against))


def parted(text: str | None) -> tuple[str, ...]:
    """Wordings that are typed in one row, parted by semicolons."""
    return tuple(_PARTED.split(text)) if text else ()


def parse_targets(body: bytes, source: str) -> tuple[Target, ...]:
    """The targets of a list; `source` names it in errors. Raises InputError, also for one that holds none.

    The list may be anybody's: no tag means anything in it, every scalar is text, and anchors are refused, with which a
    few lines could stand for millions.
    """
    if len(body) > MOST_BYTES:
        raise InputError(f"{source} is larger than {MOST_BYTES >> 10} KiB: split the list.")
    rows = _load(body, source)
    if not isinstance(rows, list) or not rows:
        raise InputError(f"{source} holds no targets: write a list of name and description.")
    if len(rows) > MOST:
        raise InputError(f"{source} holds more than {MOST} targets: split the list.")
    return tuple(_row(row, f"{source}, target {number}") for number, row in enumerate(rows, start=1))


def write_targets(targets: Sequence[Target]) -> bytes:
    """The targets as such a list."""
    import yaml

    rows = [
        {
            "name": target.name,
            **({"description": target.description} if target.description else {}),
            **({"for": list(target.supporting)} if target.supporting else {}),
            **({"against": list(target.opposing)} if target.opposing else {}),
        }
        for target in targets
    ]
    text: str = yaml.safe_dump(rows, allow_unicode=True, sort_keys=False, width=100)
    return text.encode("utf-8", "replace")


def _load(body: bytes, source: str) -> object:
    import yaml

    try:
        text = body.decode("utf-8-sig")
        _check(yaml.parse(text, Loader=yaml.BaseLoader), source)
        # Of the base loader, which makes text, lists and mappings of everything and nothing else.
        return yaml.load(text, Loader=yaml.BaseLoader)
    except UnicodeDecodeError:
        raise InputError(f"{source} is not text in UTF-8: convert it first.") from None
    except (yaml.YAMLError, ValueError) as error:
        raise InputError(f"{source} cannot be read as YAML: {_reason(error)}.") from None


def _check(events: Iterator[Any], source: str) -> None:
    """Nothing that stands for something else, and nothing so deep that it could be no list of targets."""
    depth = 0
    for number, event in enumerate(events):
        if number > _MOST_EVENTS:
            raise InputError(f"{source} holds more than {MOST} targets: split the list.")
        kind = type(event).__name__
        if getattr(event, "anchor", None) is not None:
            raise InputError(f"{source} has an anchor (& or *): write the words out where they belong.")
        if kind.endswith("StartEvent"):
            depth += kind in ("SequenceStartEvent", "MappingStartEvent")
        elif kind in ("SequenceEndEvent", "MappingEndEvent"):
            depth -= 1
        if depth > _DEEPEST:
            raise InputError(f"{source} holds no targets: write a list of name and description.")


def _row(row: object, place: str) -> Target:
    if not isinstance(row, dict):
        raise InputError(f"{place}: write it as name and description.")
    unknown = [str(key) for key in row if key not in _KEYS]
    if unknown:
        raise InputError(f"{place} has {_short(unknown[0])}: use name, description, for and against.")
    if not _text(row, "name", place):
        raise InputError(f"{place} has no name: give it one.")
    supporting, opposing = _list(row, "for", place), _list(row, "against", place)
    try:
        return a_target(_text(row, "name", place), _text(row, "description", place), supporting, opposing)
    except InputError as error:
        raise InputError(f"{place}: {error}") from None


def _text(row: dict[Any, Any], key: str, place: str) -> str:
    value = row.get(key, "")
    if not isinstance(value, str):
        raise InputError(f"{place}: {key} is no text.")
    return value


def _list(row: dict[Any, Any], key: str, place: str) -> Sequence[str]:
    """Wordings, one an entry, or in one text parted by semicolons."""
    value = row.get(key, "")
    if isinstance(value, str):
        return parted(value)
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise InputError(f"{place}: {key} is no list of wordings.")
    return value


def _clean(text: str) -> str:
    return " ".join(_NO_TEXT.sub(" ", text).split())


def _short(text: str) -> str:
    text = _clean(text)
    return text if len(text) <= 40 else text[:39] + "…"


def _reason(error: Exception) -> str:
    """What is wrong, and in which line, without the excerpt that the library adds."""
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    if problem is None:
        return _clean(str(error)).rstrip(".")[:160] or "it is no YAML"
    where = f" in line {mark.line + 1}" if mark is not None else ""
    return f"{_clean(str(problem))[:120]}{where}"
