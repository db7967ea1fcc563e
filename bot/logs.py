"""Logs: structured lines on standard error, for people or as JSON."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any


def set_up_logs(level: str, form: str) -> None:
    """Lines from `level` up, as `console` or `json`; other libraries' loggers say only what went wrong."""
    import structlog

    number = getattr(logging, level.upper())
    logging.basicConfig(level=max(number, logging.WARNING), stream=sys.stderr, format="%(name)s: %(message)s")
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _harmless,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def _harmless(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Strangers' words in a line must not act on the terminal that shows it."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", value)
    return event
