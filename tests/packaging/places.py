"""Places on this machine that are free."""

from __future__ import annotations

import socket


def free_port() -> int:
    """A port on which nobody listens; who takes it next must be quick."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
