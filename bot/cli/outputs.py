"""Files that verbs write for people."""

from __future__ import annotations

import sys
from pathlib import Path

from news.errors import InputError


def write_file(file: str, content: bytes) -> None:
    """Writes the file, or standard output for `-`. Raises InputError."""
    if file == "-":
        sys.stdout.buffer.write(content)
        return
    try:
        Path(file).write_bytes(content)
    except OSError as error:
        raise InputError(f"{file} cannot be written ({error.strerror}): choose another place.") from None
