"""How long one of Python's threads goes on while another waits for its turn."""

from __future__ import annotations

import sys

TURN = 0.0005
"""Seconds that another thread may keep Python while the event loop waits for it. It does so after each call to the system;
the interpreter's own 5 ms, several at a time and again and again, were what answers waited for."""


def take_short_turns() -> None:
    """For a process whose event loop answers people while its threads work."""
    sys.setswitchinterval(TURN)
