"""Logs: structured lines on standard error, for people or as JSON. None of them holds a secret."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Callable, Iterable, MutableMapping
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast

from bot.masking import Mask, recall

if TYPE_CHECKING:
    from typing import TextIO

    import structlog

_ERRORS = frozenset({"error", "exception", "reason"})
"""Fields that hold what an error says."""


def set_up_logs(level: str, form: str, secrets: Iterable[str] = ()) -> None:
    """Lines from `level` up, as `console` or `json`; other libraries' loggers say only what went wrong.

    `secrets` stand in no line, and neither does anything that looks like a token.
    """
    import structlog

    mask = Mask(secrets)
    number = getattr(logging, level.upper())
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    stream = _Lossy(sys.stderr)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_of_libraries(mask, renderer) if form == "json" else _Plain(mask))
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[handler])
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            recalling,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            masking(mask),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", stream)),
        cache_logger_on_first_use=False,
    )
    sys.excepthook = _crashing(mask)


class _Lossy:
    """A stream that loses what nobody takes: a full disk or a closed pipe ends the log, not the work that it tells of."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """As of any stream, but that it never fails."""
        with suppress(OSError, ValueError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Likewise."""
        with suppress(OSError, ValueError):
            self._stream.flush()


_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def recalling(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The step that has an error's own ids in its line, and knows what was typed before it."""
    for name, value in recall(_error_of(event.get("exc_info"))).items():
        event.setdefault(name, value)
    return event


def _error_of(info: object) -> BaseException | None:
    """What `exc_info` stands for: an error, what `sys.exc_info` gives, or that there is one."""
    if isinstance(info, BaseException):
        return info
    if isinstance(info, tuple):
        return next((one for one in info if isinstance(one, BaseException)), None)
    return sys.exc_info()[1] if info else None


def masking(mask: Mask) -> structlog.typing.Processor:
    """The step before a line is rendered: strangers' words must not act on the terminal that shows it, and no secret
    stands in it."""

    def harmless(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        for name, value in event.items():
            if isinstance(value, str):
                hidden = mask.error(value) if name in _ERRORS else mask(value)
                event[name] = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", hidden)
            elif not isinstance(value, int | float | None):
                event[name] = _plain(value, mask)
        return event

    return harmless


def _plain(value: object, mask: Mask) -> object:
    """A value in a line, its texts masked; of what is no list or mapping, what it shows of itself."""
    if isinstance(value, str):
        return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", mask(value))
    if isinstance(value, bool | int | float | None):
        return value
    if isinstance(value, dict):
        return {str(key): _plain(one, mask) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one, mask) for one in value]
    return mask.error(repr(value))


class _Plain(logging.Formatter):
    """A library's line for people."""

    def __init__(self, mask: Mask) -> None:
        super().__init__("%(name)s: %(message)s")
        self._mask = mask

    def format(self, record: logging.LogRecord) -> str:
        """The line, with the traceback where there is one."""
        recall(_error_of(record.exc_info))
        return self._mask.error(super().format(record))


def _of_libraries(mask: Mask, renderer: structlog.typing.Processor) -> logging.Formatter:
    """A library's line as JSON."""
    import structlog

    def words(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event["event"] = mask.error(str(event["event"]))
        return event

    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            recalling,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            words,
            masking(mask),
            renderer,
        ],
    )


def _crashing(mask: Mask) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    """What is said where nothing else could be: the traceback, masked."""

    def crashed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        recall(error)
        sys.stderr.write(mask.error("".join(traceback.format_exception(kind, error, trace))))

    return crashed
