"""Tasks for workers, most of them hostile."""

from __future__ import annotations

import os
import signal

from news.errors import ParseError, UnreadableInput


def endless() -> None:
    while True:
        pass


def endless_in_c() -> int:
    return 9 ** (9**9)


def swollen() -> int:
    return len([bytes(2**20) for _ in range(2**14)])


def crashed() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def left() -> None:
    os._exit(3)


def unsendable() -> object:
    return lambda: None


def bottomless() -> None:
    bottomless()


def wrong() -> None:
    raise KeyError("anything")


def quit_() -> None:
    raise SystemExit(1)


def unparsable(url: str) -> None:
    raise ParseError(url, f"{url} is empty.")


def unreadable() -> None:
    raise UnreadableInput("no_text", "The page holds no text.")


def added(one: int, *, other: int) -> tuple[int, int]:
    return one + other, os.getpid()
