"""Tokens at rest: sealed with keys that are not in the database."""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from news.errors import InputError

_FORM = (
    "ATTACHE_SLACK_TOKEN_KEY cannot be used: a key is 32 random bytes in URL-safe base64, 44 characters; "
    "separate several by commas."
)
_WRONG = (
    "ATTACHE_SLACK_TOKEN_KEY does not open what is stored of Slack's workspaces, which stays as it is: "
    "add the key that it was stored with, behind the present one and a comma."
)


class Seal:
    """Seals and opens. Of several keys, separated by commas, the first seals, and each opens what it sealed.

    Shows neither its keys nor what it was given. Raises InputError for keys that are none.
    """

    def __init__(self, keys: str) -> None:
        try:
            each = [Fernet(key.strip()) for key in keys.split(",")]
        except ValueError:
            raise InputError(_FORM) from None
        self._first, self._all = each[0], MultiFernet(each)

    def seal(self, text: str) -> bytes:
        """The text as nobody can read it without the key."""
        return self._first.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """The text that was sealed. Raises InputError where none of the keys did it."""
        try:
            return self._all.decrypt(sealed).decode()
        except (InvalidToken, UnicodeDecodeError):
            raise InputError(_WRONG) from None

    def seals_like(self, sealed: bytes) -> bool:
        """Whether the first key sealed it."""
        try:
            self._first.decrypt(sealed)
        except InvalidToken:
            return False
        return True
