"""Reporting: errors go to Sentry, or to what speaks its protocol, where a setting says so. The only door to `sentry_sdk`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, MutableMapping
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import structlog

from bot.logs import recalling
from bot.masking import Mask, recall
from news.errors import InputError

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

_PATIENCE = 2.0
"""Seconds that what is still to be reported has at the end."""
_IDS = ("workspace", "feed", "article", "delivery", "notice", "work", "platform", "command")
"""What an error is found by; other fields of a line are not sent."""


@asynccontextmanager
async def reporting(dsn: str, secrets: Iterable[str] = ()) -> AsyncIterator[None]:
    """Reports what is logged as an error while the body runs. Raises InputError where the library is not there.

    Sent are the error with its traceback, without local variables, and the ids of what it is about; nothing of requests
    and no breadcrumbs. `secrets` and what was typed stand in none of it.
    """
    try:
        import sentry_sdk
        from sentry_sdk.integrations.logging import LoggingIntegration
    except ImportError:
        raise InputError(
            "ATTACHE_SENTRY_DSN is set, and the library for it is not installed: install attache with its extra "
            "`sentry`, or take the setting away."
        ) from None
    sentry_sdk.init(
        dsn=dsn,
        release=f"attache@{version('attache')}",
        default_integrations=False,
        integrations=[LoggingIntegration(level=None, event_level=logging.ERROR)],
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        send_client_reports=False,
        before_send=_Masking(Mask(secrets)),
        shutdown_timeout=_PATIENCE,
    )
    before = structlog.get_config()["processors"]
    structlog.configure(processors=[*before[:1], recalling, _report, *before[1:]])
    try:
        yield
    finally:
        structlog.configure(processors=before)
        client = sentry_sdk.get_client()
        await asyncio.to_thread(client.close, timeout=_PATIENCE)
        sentry_sdk.get_global_scope().set_client(None)


def _report(_: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A step between a line's ids and its rendering: what is an error is reported, too."""
    import sentry_sdk

    if method not in {"error", "exception", "critical"}:
        return event
    with sentry_sdk.new_scope() as scope:
        scope.set_level("error")
        for name in _IDS:
            if name in event:
                scope.set_tag(name, str(event[name]))
        error = event.get("exc_info")
        if error and error is not True:
            scope.set_context("line", {"event": event["event"]})
            scope.capture_exception(error)
        elif error or method == "exception":
            scope.set_context("line", {"event": event["event"]})
            scope.capture_exception()
        else:
            told = f"{event['event']}: {event['error']}" if event.get("error") else str(event["event"])
            scope.capture_message(told)
    return event


class _Masking:
    """The last step before an event leaves."""

    def __init__(self, mask: Mask) -> None:
        self._mask = mask

    def __call__(self, event: Event, hint: Hint) -> Event | None:
        """Without secrets, without what was typed, and without anything of people and requests."""
        recall((hint.get("exc_info") or (None, None))[1])
        kept = {key: value for key, value in event.items() if key not in _LEFT_OUT}
        return self._masked(kept, within_error=False)  # type: ignore[no-any-return]

    def _masked(self, value: Any, *, within_error: bool) -> Any:  # noqa: ANN401  # whatever the library makes of an error
        if isinstance(value, str):
            return self._mask.error(value) if within_error else self._mask(value)
        if isinstance(value, dict):
            return {
                key: self._masked(one, within_error=key in _TEXTS)
                for key, one in value.items()
                if key != "vars"
            }
        if isinstance(value, list | tuple):
            return [self._masked(one, within_error=within_error) for one in value]
        return value


_LEFT_OUT = frozenset({"request", "user", "breadcrumbs", "extra", "modules", "server_name"})
_TEXTS = frozenset({"value", "message", "formatted", "params"})
"""Where an event holds what an error says."""
