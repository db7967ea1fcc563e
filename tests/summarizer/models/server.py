"""A local server that answers chat completions as it is told, badly too; it remembers what it was asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

Behaviour = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """One request, behaved to as the server is told."""

    server: ChatServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, self.headers, json.loads(body)))
        self.server.behaviour(self)

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers, {}))
        self.answer(200, b"")

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: the tests' output stays clean."""


class ChatServer(ThreadingHTTPServer):
    """Listens on a free port of this machine."""

    daemon_threads = True

    def __init__(self, behaviour: Behaviour) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.behaviour = behaviour
        self.asked: list[tuple[str, object, dict]] = []
        self.leaving = Event()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def handle_error(self, *_: object) -> None:
        """Nothing: clients that have gone are what is tested."""


@contextmanager
def served(behaviour: Behaviour) -> Iterator[ChatServer]:
    """The server, while the body runs."""
    with ChatServer(behaviour) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.leaving.set()
            server.shutdown()
            thread.join()


def saying(text: object, **message: object) -> Behaviour:
    """Answers well: a chat completion of that text."""
    body = json.dumps({"choices": [{"message": {"role": "assistant", "content": text, **message}}]})
    return lambda handler: handler.answer(200, body.encode())


def answering(body: bytes, status: int = 200, **headers: str) -> Behaviour:
    """Answers with that status and body, whatever they are."""
    return lambda handler: handler.answer(status, body, **headers)


def hanging(handler: Handler) -> None:
    """Never answers."""
    handler.server.leaving.wait()


def trickling_headers(handler: Handler) -> None:
    """Sends its head byte by byte, and never ends it."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    _trickle(handler)


def trickling_body(handler: Handler) -> None:
    """Sends its body byte by byte, and never ends it."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n")
    _trickle(handler)


def _trickle(handler: Handler) -> None:
    while not handler.server.leaving.wait(0.01):
        handler.wfile.write(b"x")
        handler.wfile.flush()


def breaking_off(handler: Handler) -> None:
    """Says that more is to come than comes."""
    handler.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n{"choices"')
    handler.close_connection = True


def talking_nonsense(handler: Handler) -> None:
    """Speaks no HTTP."""
    handler.wfile.write(b"220 ready for mail\r\n")
    handler.close_connection = True


def flooding(handler: Handler) -> None:
    """Sends megabytes without end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    while not handler.server.leaving.is_set():
        handler.wfile.write(b" " * 65_536)
