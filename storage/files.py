"""Files that are written beside their place and take their name only when they are whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from news.errors import AlreadyThere, InputError


@contextmanager
def fresh_file(path: Path, *, force: bool = False) -> Iterator[Path]:
    """Where to write what is to become the file, which is there, and safe on the disk, once the body ends well.

    Otherwise nothing is. Raises AlreadyThere for a file that is there, unless `force`d, and InputError.
    """
    path = Path(os.path.realpath(path))
    try:
        _check_place(path, force=force)
        with TemporaryDirectory(prefix=".attache-", dir=path.parent, ignore_cleanup_errors=True) as folder:
            beside = Path(folder, path.name)
            yield beside
            _sync(beside)
            os.replace(beside, path)
            _sync(path.parent)
    except OSError as error:
        raise unwritable(path, error) from error


def unwritable(path: Path, error: OSError) -> InputError:
    """What is said of a file that the system does not let us write."""
    return InputError(f"{path} cannot be written ({error.strerror or error}): choose another place.")


def _check_place(path: Path, *, force: bool) -> None:
    if path.is_dir():
        raise InputError(f"{path} is a folder: name a file in it.")
    if path.exists() and not path.is_file():
        raise InputError(f"{path} is no ordinary file: choose another name.")
    if path.exists() and not force:
        raise AlreadyThere(f"{path} is there already: choose another name, or add --force.")
    if not path.parent.is_dir():
        raise InputError(f"There is no folder {path.parent}: make it first.")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
