"""Secrets in files, as container engines mount them: where they lie, and one line for one that cannot be used."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from news.errors import InputError

USUAL = Path("/run/secrets")
"""Where Docker, Podman and others put them."""


def secrets_folder(given: Path | None, names: Collection[str]) -> Path | None:
    """The folder whose files are secrets, None where there is none.

    `names` are the files that would be read, in small letters; other files are nobody's business here.
    Raises InputError for a given folder that is none, and for a file of that name that holds no secret.
    """
    folder = given or USUAL
    try:
        files = sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        if given is None:
            return None
        raise InputError(f"ATTACHE_SECRETS_DIR cannot be used: there is no folder {folder}.") from None
    except OSError as error:
        raise InputError(f"The folder of secrets {folder} cannot be read: {error.strerror}.") from None
    for file in files:
        if file.name.lower() in names:
            _check(file, folder)
    return folder


def _check(file: Path, folder: Path) -> None:
    try:
        if folder.resolve() not in file.resolve().parents:
            raise InputError(f"The secret file {file} leads out of its folder: put the file itself there.")
        text = file.read_bytes().decode()
    except UnicodeDecodeError:
        raise InputError(f"The secret file {file} is not text in UTF-8: save it as UTF-8.") from None
    except (OSError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it leads in a circle"
        raise InputError(
            f"The secret file {file} cannot be read ({reason}): let the user read it whom attache runs as."
        ) from None
    secret = text.strip()
    if not secret:
        raise InputError(f"The secret file {file} is empty: write the secret into it, or take it away.")
    if secret != text.rstrip("\n"):
        # The database would take them for a part of its password, and we would not.
        raise InputError(
            f"The secret file {file} begins or ends with a blank: write the secret alone into it."
        )
