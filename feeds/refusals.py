"""What it means when a server says no: in words, with what to do, and whether it may pass."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from feeds.addresses import shown
from news.errors import FetchError

BUSY = frozenset({429, 503})
"""With these a server asks to be left alone, where it says for how long."""

_PASSING = frozenset({408, 425, 429})


def refusal(url: str, status: int, *, retry_after: timedelta | None = None) -> FetchError:
    """The error that a status is."""
    passing = status in _PASSING or status >= 500
    try:
        words = f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        words = f"status {status}"
    if status in {401, 403}:
        advice = "it may not be open to programs; look for another feed of the outlet"
    elif passing:
        advice = "try again later"
    else:
        advice = "check the address"
    return FetchError(
        url, f"{shown(url)} answers {words}: {advice}.", retry_after=retry_after, passing=passing
    )
