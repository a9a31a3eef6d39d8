"""The HTTP server under every fake: the stdlib's own, made to close at once even while requests hang."""

import json
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit


class ServerClosing(Exception):
    """The server is being closed, so nobody waits for this answer any more."""


class Exchange:
    """One request, and the means to answer it byte by byte."""

    def __init__(self, handler: BaseHTTPRequestHandler, closing: threading.Event) -> None:
        target = urlsplit(handler.path)
        self.method = handler.command
        self.path = target.path
        self.query: dict[str, list[str]] = parse_qs(target.query)
        self.headers: dict[str, str] = {name.lower(): value for name, value in handler.headers.items()}
        length = int(handler.headers.get("Content-Length") or 0)
        self.body = handler.rfile.read(length)
        if len(self.body) < length:
            raise ConnectionResetError("the client was gone before its body was whole")
        self._handler = handler
        self._closing = closing
        self._unsent = b""
        self.answered = False

    def pause(self, seconds: float) -> None:
        """Wait, but not longer than the server lives."""
        if self._closing.wait(seconds):
            raise ServerClosing

    def wait_for(self, event: threading.Event) -> None:
        """Wait for the event, but not longer than the server lives."""
        while not event.wait(0.01):
            self.pause(0)

    def hang(self) -> None:
        """Say nothing until the server is closed."""
        self._closing.wait()
        raise ServerClosing

    def drop(self) -> None:
        """Break the connection off where it is."""
        self._handler.close_connection = True
        self.answered = True

    def send(self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> None:
        """Answer whole; header and body travel in one packet, because two cost a delayed acknowledgement."""
        self._write(_head(status, {**(headers or {}), "Content-Length": str(len(body))}) + body)

    def send_json(self, status: int, payload: object) -> None:
        """Answer with a JSON document."""
        self.send(status, json.dumps(payload).encode(), {"Content-Type": "application/json; charset=UTF-8"})

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """Start a stream; its header leaves together with the first chunk."""
        self._unsent = _head(status, {**headers, "Transfer-Encoding": "chunked"})

    def chunk(self, data: bytes) -> None:
        """Send one piece of a stream."""
        self._write(self._unsent + b"%x\r\n%b\r\n" % (len(data), data))
        self._unsent = b""

    def end(self) -> None:
        """Close a stream properly."""
        self._write(self._unsent + b"0\r\n\r\n")
        self._unsent = b""

    def _write(self, data: bytes) -> None:
        self.answered = True
        self._handler.wfile.write(data)


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


class LocalServer:
    """Answers on a free port of 127.0.0.1 with the given function, one thread for each connection.

    An exception in that function becomes a 500 and is kept in `errors`; leaving the `with` block raises the first one,
    so that a mistake in a test's script does not look like a fault of the code under test.
    """

    def __init__(self, answer: Callable[[Exchange], None]) -> None:
        self.errors: list[Exception] = []
        self._answer = answer
        self._closing = threading.Event()
        self._server = _Server(self._serve)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """The port that the system chose."""
        return int(self._server.server_address[1])

    @property
    def host(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The base URL, without a slash at the end."""
        return f"http://{self.host}"

    def close(self) -> None:
        """Stop at once: whoever hangs is disconnected."""
        if self._closing.is_set():
            return
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._server.disconnect_all()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
        if error is None and self.errors:
            raise self.errors[0]

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        exchange = Exchange(handler, self._closing)
        try:
            self._answer(exchange)
        except (ConnectionError, ServerClosing):
            exchange.drop()
        except Exception as error:
            self.errors.append(error)
            self._explain(exchange, error)

    @staticmethod
    def _explain(exchange: Exchange, error: Exception) -> None:
        if exchange.answered:
            exchange.drop()
        else:
            exchange.send_json(500, {"error": {"code": 500, "message": repr(error), "status": "INTERNAL"}})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args: Any, **_kwargs: Any) -> None:
        """Say nothing: the fakes keep logs of their own."""

    def serve(self) -> None:
        assert isinstance(self.server, _Server)
        self.server.serve(self)


for _method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
    setattr(_Handler, f"do_{_method}", _Handler.serve)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, serve: Callable[[BaseHTTPRequestHandler], None]) -> None:
        self.serve = serve
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news; anything else is printed as usual."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def disconnect_all(self) -> None:
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it went by itself
