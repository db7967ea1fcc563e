"""Summaries by an OpenAI-compatible server: one deadline for all of it, and every failure is of one kind."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import aclosing
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from news.errors import WritingError
from summarizer.models.writing import MOST_CHARACTERS, beginning, messages_about, neutral, sentences_of

if TYPE_CHECKING:
    import ssl

_MOST_BYTES = 256 * 1024
"""Of an answer; three sentences come in a few thousand."""
_MANNERS = {"temperature": 0, "max_tokens": 4_000, "stream": False}
"""What makes answers repeatable, and ends them; a server that refuses it (HTTP 400) is asked without."""
_PATIENCE = 3
"""Failures in a row after which the server is left alone for a while."""
_PAUSE = 300.0
"""Seconds of that while: articles must not wait one after the other for a server that is down."""
_TOLD = {
    401: "refuses the key (HTTP 401): check ATTACHE_SUMMARY_SERVER_KEY",
    403: "refuses the key (HTTP 403): check ATTACHE_SUMMARY_SERVER_KEY",
    404: "knows no such address or model (HTTP 404): check ATTACHE_SUMMARY_SERVER and ATTACHE_SUMMARY_SERVER_MODEL",
    429: "is asked too often (HTTP 429)",
}


class ServerWriter:
    """A model behind `POST {base}/chat/completions`. The key is sent to that server only, and never told."""

    def __init__(
        self,
        base: str,
        model: str,
        *,
        key: str | None = None,
        timeout: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.engine = model
        self._url = f"{base.rstrip('/')}/chat/completions"
        self._name = f"The summary server at {urlsplit(base).netloc.rpartition('@')[2]}"
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._timeout = timeout
        self._pause = _Pause(clock)
        self._manners: dict[str, Any] = _MANNERS
        self._tls: ssl.SSLContext | None = None

    def write(self, text: str) -> tuple[str, ...]:
        """As `Writer.write`; not to be called on an event loop."""
        self._pause.check()
        try:
            sentences = self._sentences(text)
        except WritingError as error:
            self._pause.failed(error)
            raise
        self._pause.worked()
        return sentences

    def _sentences(self, text: str) -> tuple[str, ...]:
        article = neutral(beginning(text, MOST_CHARACTERS))
        loop = asyncio.new_event_loop()
        try:
            body = loop.run_until_complete(self._asked(messages_about(article)))
        finally:
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()  # waits for no look-up of a name that hangs
        sentences = sentences_of(self._content(body))
        if not sentences:
            raise self._error("wrote nothing")
        return sentences

    async def _asked(self, messages: list[dict[str, str]]) -> bytes:
        """The body of the answer. All of it, a second request too, has one deadline."""
        import httpx2

        try:
            async with asyncio.timeout(self._timeout):
                status, body = await self._post(messages, self._manners)
                if status == 400 and self._manners:
                    status, body = await self._post(messages, {})
                    if status == 200:
                        self._manners = {}
        except TimeoutError:
            raise self._error(f"did not answer in {self._timeout:g} s") from None
        # No error's own words are told: they may hold the headers.
        except httpx2.ConnectError:
            raise self._error("is not reached: check ATTACHE_SUMMARY_SERVER") from None
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
            raise self._error(f"broke off ({type(error).__name__})") from None
        if not 200 <= status < 300:
            raise self._error(_refusal(status))
        return body

    async def _post(self, messages: list[dict[str, str]], manners: dict[str, Any]) -> tuple[int, bytes]:
        """Status and body. Redirects are not followed: the key is for one server."""
        import httpx2

        headers = self._headers | {"Accept-Encoding": "identity"}
        request = {"model": self.engine, "messages": messages, **manners}
        client = httpx2.AsyncClient(verify=self._context(), timeout=None, trust_env=False)
        async with client, client.stream("POST", self._url, json=request, headers=headers) as response:
            if response.status_code != 200:
                return response.status_code, b""
            body = bytearray()
            async with aclosing(response.aiter_raw()) as chunks:
                async for chunk in chunks:
                    body += chunk
                    if len(body) > _MOST_BYTES:
                        raise self._error("answered far too much")
            return response.status_code, bytes(body)

    def _context(self) -> ssl.SSLContext:
        """The authorities that certificates are held against, read once."""
        import httpx2

        if self._tls is None:
            self._tls = httpx2.create_ssl_context(trust_env=False)
        return self._tls

    def _content(self, body: bytes) -> str:
        try:
            choice = json.loads(body)["choices"][0]
            content = choice["message"]["content"]
        except (ValueError, RecursionError, LookupError, TypeError):
            raise self._error("answered no chat completion: check ATTACHE_SUMMARY_SERVER") from None
        if not isinstance(content, str) or not content.strip():
            raise self._error("wrote nothing")
        return content

    def _error(self, reason: str) -> WritingError:
        return WritingError(f"{self._name} {reason}.")


def _refusal(status: int) -> str:
    if 300 <= status < 400:
        return f"sends elsewhere (HTTP {status}): set ATTACHE_SUMMARY_SERVER to where it is"
    return _TOLD.get(status, f"answered HTTP {status}")


class _Pause:
    """Leaves a server alone that failed several times in a row; any thread may ask."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._failures = 0
        self._until = float("-inf")
        self._reason = ""

    def check(self) -> None:
        """Raises WritingError, with why the server failed, while it is left alone."""
        with self._lock:
            if self._clock() < self._until:
                raise WritingError(f"{self._reason} It is left alone for a while.")

    def failed(self, error: WritingError) -> None:
        with self._lock:
            self._failures += 1
            self._reason = str(error)
            if self._failures >= _PATIENCE:
                self._until = self._clock() + _PAUSE

    def worked(self) -> None:
        with self._lock:
            self._failures = 0
