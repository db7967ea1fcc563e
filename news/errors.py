"""The one error tree. Each error's text is one sentence a person can act on.

AttacheError
├── InputError            something typed or given cannot be used
│   ├── GrammarError      a command's words are wrong
│   └── UnreadableInput   a file, line or page cannot be read as an article
├── FeedError             a feed cannot be read
│   ├── FetchError        the network or the server said no
│   ├── AddressRefused    the address is one that must not be fetched
│   └── ParseError        what came back is no feed
├── NotFound              what was named does not exist
├── AlreadyThere          what was to be added exists
├── StoreError            the database cannot be used
│   ├── StoreVersionError the database is of another version
│   ├── StoreAway         it cannot be used now; nothing was stored, and later it may work
│   │   └── StoreBusy     somebody else holds it; trying again at once is safe
│   └── StoreUnknown      nobody can tell whether it was stored
├── DeliveryError         a platform did not take a message
│   └── DeliveryUnknown   nobody can tell whether it did
└── WritingError          a larger model wrote no summary
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta


class AttacheError(Exception):
    """Base of all errors that are told to a person. `str()` is one sentence that says what to do."""

    def __reduce__(self) -> tuple[Callable[..., AttacheError], tuple[object, ...]]:
        """For another process: not made by its own `__init__`, which takes other arguments than an exception remembers."""
        return _again, (type(self), self.args, self.__dict__)


def _again(kind: type[AttacheError], args: tuple[object, ...], fields: Mapping[str, object]) -> AttacheError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(fields)
    return error


class InputError(AttacheError):
    """Something typed or given cannot be used."""


class GrammarError(InputError):
    """A command's words are wrong."""


class UnreadableInput(InputError):
    """A file, line or page cannot be read as an article.

    `kind` is a stable word for machines: `missing`, `binary`, `empty`, `no_text`, `bad_json`, `bad_value`, `fetch`.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class FeedError(AttacheError):
    """A feed cannot be read. `url` says which."""

    def __init__(self, url: str, message: str) -> None:
        super().__init__(message)
        self.url = url


class FetchError(FeedError):
    """The network or the server said no.

    `retry_after` is how long the server wants to be left alone, where it said so. `passing` is whether the same
    request may well succeed later: a time-out, a broken connection, 429, 5xx.
    """

    def __init__(
        self, url: str, message: str, *, retry_after: timedelta | None = None, passing: bool = False
    ) -> None:
        super().__init__(url, message)
        self.retry_after = retry_after
        self.passing = passing


class AddressRefused(FeedError):
    """The address is one that must not be fetched (private, loopback, not http)."""


class ParseError(FeedError):
    """What came back is no feed.

    `feeds` are the addresses that it names as its feeds if it is a web page, else where a site's feed mostly is.
    """

    def __init__(self, url: str, message: str, *, feeds: tuple[str, ...] = ()) -> None:
        super().__init__(url, message)
        self.feeds = feeds


class NotFound(AttacheError):
    """What was named does not exist."""


class AlreadyThere(AttacheError):
    """What was to be added exists."""


class StoreError(AttacheError):
    """The database cannot be used."""


class StoreVersionError(StoreError):
    """The database is of another version than this program."""


class StoreAway(StoreError):
    """The database cannot be used now, for a reason that may pass without us; nothing was stored."""


class ReadingAway(AttacheError):
    """No article can be read now, for a reason that may pass without us."""


class StoreBusy(StoreAway):
    """Somebody else holds the database; nothing was stored, and trying again at once is safe."""


class StoreUnknown(StoreError):
    """The connection broke while the database was storing, and nobody can tell whether it did."""


class DeliveryError(AttacheError):
    """A platform did not take a message. `permanent` when trying again cannot help."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


class DeliveryUnknown(DeliveryError):
    """Nobody can tell whether the platform took the message."""


class PlatformAway(DeliveryError):
    """A platform cannot be reached, or takes nothing from us at all: what is to be posted waits for it."""


class ChannelLost(DeliveryError):
    """A channel is gone, or we may not post there any more: nothing can be posted until somebody mends that."""

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=True)


class WritingError(AttacheError):
    """A larger model wrote no summary: it cannot be used, was not done in time, or answered nonsense."""
