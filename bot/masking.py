"""Masking: the last line of defence, by which no token, no password and no word that somebody typed gets into a log.

Nothing is meant to log any of them. What a library says of its own accord, or an error quotes, is masked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from urllib.parse import quote

MASKED = "***"
SHORTEST = 6
"""Characters; a setting's value that is shorter is in half of all lines by chance."""
_SHORTEST_WORD = 4

_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = (
    # Slack: tokens of bots, people, apps and refreshing; the addresses that speak for us; tickets of sockets.
    (re.compile(r"\b(?:xox[a-z](?:\.xox[a-z])?|xapp|xwfp)-[\w.%-]{6,}"), MASKED),
    (re.compile(r"(hooks\.slack\.com/)[^\s\"'<>]+"), rf"\1{MASKED}"),
    # Discord: tokens of bots (the id, a time, a signature), and those that an interaction lends.
    (re.compile(r"\b(?:mfa\.[\w-]{60,}|[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,})"), MASKED),
    (re.compile(r"(/(?:webhooks|interactions)/\d+/)[\w-]{20,}"), rf"\1{MASKED}"),
    # Any address: who logs in with it, and what is a key by its name.
    (re.compile(r"(\b[a-zA-Z][\w+.-]*://[^\s:/@\"']*:)[^\s/@\"']+@"), rf"\1{MASKED}@"),
    (
        re.compile(
            r"([?&;](?:[\w-]*(?:token|secret|password|passwd|api_?key|signature)|key|pwd|auth|sig|ticket|code|state)=)"
            r"[^&;\s\"'<>]+",
            re.IGNORECASE,
        ),
        rf"\1{MASKED}",
    ),
    (re.compile(r"\b((?:Bearer|Basic|Bot) )[\w.~+/-]{16,}=*"), rf"\1{MASKED}"),
)
_TRACEBACK = "Traceback (most recent call last):"
_OF_A_GROUP = re.compile(r"\s*\| ")
"""What stands before each line of an error that is one of several."""

_TYPED = "_attache_typed"
_said: ContextVar[re.Pattern[str] | None] = ContextVar("said", default=None)


@dataclass(frozen=True, slots=True)
class _Typed:
    """What somebody typed, and the ids of what it was about."""

    words: re.Pattern[str] | None
    ids: Mapping[str, object]


@contextmanager
def typed(options: Mapping[str, str], **ids: object) -> Iterator[None]:
    """While what somebody typed is answered, what is logged of errors does not repeat it.

    An error that leaves the body takes that along, with the ids: who logs it may be another task (`recall`).
    """
    words = _words_of(options)
    token = _said.set(words)
    try:
        yield
    except Exception as error:
        with suppress(AttributeError):  # hardly any error takes no attribute
            error.__dict__[_TYPED] = _Typed(words, ids)
        raise
    finally:
        _said.reset(token)


def recall(error: BaseException | None) -> Mapping[str, object]:
    """The ids that the error took along; from now on, what this task logs of errors does not repeat what was typed."""
    for each in _chain(error):
        found = each.__dict__.get(_TYPED)
        if isinstance(found, _Typed):
            _said.set(found.words)
            return found.ids
    return {}


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error, what it came of, and those that are together in it."""
    waiting, seen = [error], set[int]()
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__]
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions


def _words_of(options: Mapping[str, str]) -> re.Pattern[str] | None:
    texts = {value.strip() for value in options.values()}
    words = texts | {word for text in texts for word in re.findall(r"\w+", text)}
    some = sorted((word for word in words if len(word) >= _SHORTEST_WORD), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, some)), re.IGNORECASE) if some else None


class Mask:
    """Masks what looks like a token, and the secrets that it is given, wherever they stand in a text."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        kept = {secret for secret in secrets if len(secret) >= SHORTEST}
        kept |= {quote(secret, safe="") for secret in kept}
        by_length = sorted(
            kept, key=len, reverse=True
        )  # of two, one of which begins as the other, the longer first
        self._secrets = re.compile("|".join(map(re.escape, by_length))) if by_length else None

    def __call__(self, text: str) -> str:
        """The text without secrets."""
        if self._secrets is not None:
            text = self._secrets.sub(MASKED, text)
        for shape, instead in _SHAPES:
            text = shape.sub(instead, text)
        return text

    def error(self, text: str) -> str:
        """An error's text, or a whole traceback: without secrets, and without what was typed."""
        text, words = self(text), _said.get()
        return text if words is None else "\n".join(_without(words, text.split("\n")))


def _without(words: re.Pattern[str], lines: Iterable[str]) -> Iterator[str]:
    """The lines without the words, but for those of our own program that a traceback shows."""
    shows_program = False
    for line in lines:
        if line.endswith(_TRACEBACK):
            shows_program = True
        elif shows_program:
            group = _OF_A_GROUP.match(line)
            shows_program = line[group.end() if group else 0 :].startswith(" ")
        yield line if shows_program else words.sub(MASKED, line)
