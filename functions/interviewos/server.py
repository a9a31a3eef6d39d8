"""The server of `make dev`: gunicorn, whose threads are lent to requests that have arrived, never to connections.

gunicorn's own worker reads header, body and the rest of a refused body in a thread, so that callers who send half of
one hold as many threads as they like, and it waits in its one loop for a caller to hang up. Here that loop takes bytes
in and drops what is left of it, and a thread reads memory alone.
"""

from __future__ import annotations

import fcntl
import re
import resource
import socket
import struct
import termios
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from io import SEEK_END
from selectors import EVENT_READ
from typing import Any

from gunicorn.http.unreader import Unreader
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, TConn, ThreadWorker

from interviewos.domain.errors import Unauthenticated
from interviewos.settings import Secrets
from interviewos.web.auth import Caller, SessionTokens, identify
from interviewos.web.request_body import BODY_SECONDS, MAX_DROPPED_BYTES, MAX_PASTE_BYTES, UNKNOWN_BODY_SECONDS

MAX_CONNECTIONS = 600
"""Of one process; then an idle connection makes room, or else the one that waits longest for its request."""
MAX_REQUEST_BYTES = 128 * 1024
"""Of a header, or of a body in chunks, with what surrounds it."""
HEAD_SECONDS = 10.0
LINGER_SECONDS = 10.0
"""How long a caller who was answered may go on sending; without it the answer is lost in a reset (RFC 9112, 9.6)."""
UNREAD_SECONDS = 0.25
KEPT_SECONDS = 120
"""How long an idle connection is kept: longer than the pools of clients that send nothing again of themselves keep
theirs (Go's 90 s), or a request may meet a reset on its way in.
"""
OPTIONS = {
    "worker_connections": MAX_CONNECTIONS,
    "keepalive": KEPT_SECONDS,
    "limit_request_line": 8190,
    "sendfile": False,
}

_BARE_LINE_FEED = re.compile(rb"(?<!\r)\n")
_LENGTH = re.compile(rb"\r\ncontent-length[ \t]*:[ \t]*(\d+)[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding[ \t]*:", re.IGNORECASE)
_CREDENTIAL = re.compile(rb"\r\n(authorization|x-ingest-secret)[ \t]*:[ \t]*([^\r]*)", re.IGNORECASE)
_EXPECT = re.compile(rb"\r\nexpect[ \t]*:[ \t]*100-continue", re.IGNORECASE)
_CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,8}")


class Arrivals(Unreader):  # type: ignore[misc]
    """What has come in on a connection and was not read yet; to its reader there is no more than that."""

    def __init__(self) -> None:
        super().__init__()
        self.begin()

    def begin(self) -> None:
        """Expect another request."""
        self.whole = False
        self.has_head = False
        self.credentials: dict[str, str] = {}
        self.expects = False
        self._searched = 0
        self._next_chunk = 0

    def chunk(self, size_hint: int | None = None) -> bytes:
        return b""

    def add(self, data: bytes) -> None:
        self.buf.seek(0, SEEK_END)
        self.buf.write(data)

    def is_ready(self) -> bool:
        """Whether a thread can answer: the request is whole, or it is certain that it will be refused."""
        data = self.buf.getvalue()
        end = data.find(b"\r\n\r\n", self._searched) + 4
        if end < 4:
            return self._is_no_head(data)
        if not self.has_head:
            self._read_head(data[:end])
        if self._length is None:
            return self._chunks_are_here(data[end:])
        self.whole = self._length <= len(data) - end
        return self.whole or self._length > MAX_PASTE_BYTES

    def _is_no_head(self, data: bytes) -> bool:
        """Look at what is new, since a caller may send byte by byte: a handshake of TLS, a bare line feed, too much."""
        begun, self._searched = self._searched, max(0, len(data) - 3)
        if len(data) > MAX_REQUEST_BYTES or not (data[:1].isalpha() or data[:1] in (b"", b"\r")):
            return True
        return _BARE_LINE_FEED.search(data, begun) is not None

    def _read_head(self, head: bytes) -> None:
        """Note how long the body is, None in chunks, and what its caller presents; gunicorn judges all of it later."""
        length = _LENGTH.search(head)
        self._length = None if _CHUNKED.search(head) else int(length[1][:12]) if length else 0
        self.credentials = {name.lower().decode(): value.decode("latin-1") for name, value in _CREDENTIAL.findall(head)}
        self.expects = _EXPECT.search(head) is not None
        self.has_head = True

    def _chunks_are_here(self, body: bytes) -> bool:
        """Go on from chunk to chunk; what is no chunk is refused, and so is more than a body may have."""
        while (end := body.find(b"\r\n", self._next_chunk)) >= 0:
            size = _CHUNK_SIZE.match(body, self._next_chunk, end)
            if size is None:
                return True
            if int(size[0], 16) == 0:
                self.whole = body.find(b"\r\n\r\n", end) >= 0
                return self.whole
            if end + 4 + int(size[0], 16) > len(body):
                break
            self._next_chunk = end + 4 + int(size[0], 16)
        return len(body) > MAX_REQUEST_BYTES


class Worker(ThreadWorker):  # type: ignore[misc]
    """A gunicorn worker that lends threads to requests."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._lent: dict[TConn, int] = {}
        self._looked_at = 0.0

    def is_known(self, credentials: Mapping[str, str]) -> bool:
        """Do these credentials prove who the caller is? By itself this server knows none."""
        return False

    # in

    def enqueue_req(self, conn: TConn) -> None:
        """Take a request in, and lend it a thread; gunicorn calls this for each connection that may bring one."""
        conn.init()
        if not isinstance(conn.parser.unreader, Arrivals):
            conn.parser.unreader = Arrivals()
        conn.parser.unreader.begin()
        self._wait(conn, self._collect, HEAD_SECONDS)
        self._collect(conn)

    def _collect(self, conn: TConn, _: object = None) -> None:
        arrivals = conn.parser.unreader
        data = _receive(conn.sock)
        arrivals.add(data or b"")
        had_head = arrivals.has_head
        if arrivals.is_ready() or data == b"":
            self._lend(conn)
        elif arrivals.has_head and not had_head:
            self._expect_body(conn, arrivals)

    def _expect_body(self, conn: TConn, arrivals: Arrivals) -> None:
        """Give a body its time, whatever its headers claim about the caller."""
        seconds = BODY_SECONDS if self.is_known(arrivals.credentials) else UNKNOWN_BODY_SECONDS
        conn.timeout = time.monotonic() + seconds
        if arrivals.expects:
            with suppress(OSError):
                conn.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _lend(self, conn: TConn) -> None:
        self._stop_waiting(conn)
        self._lent[conn] = 0
        super().enqueue_req(conn)

    def handle_request(self, req: Any, conn: TConn) -> Any:
        """Say that the connection ends here when some of its request is missing: the next one cannot be found."""
        req.must_close = req.must_close or not conn.parser.unreader.whole
        return super().handle_request(req, conn)

    # out

    def finish_request(self, conn: TConn, fs: Future[Any]) -> None:
        del self._lent[conn]
        if not fs.cancelled() and fs.exception() is None and fs.result():
            super().finish_request(conn, fs)
        else:
            self._let_go(conn)

    def _let_go(self, conn: TConn) -> None:
        """Say that there is no more, and drop what the caller has still to say, so that the answer reaches them."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:  # already closed, by gunicorn or by the caller
            self.nr_conns -= 1
            conn.close()
            return
        conn.left = MAX_DROPPED_BYTES
        self._wait(conn, self._drop, LINGER_SECONDS)

    def _drop(self, conn: TConn, _: object = None) -> None:
        data = _receive(conn.sock)
        conn.left -= len(data or b"")
        if data == b"" or conn.left < 0:
            self._close(conn)

    # who waits

    def _wait(self, conn: TConn, callback: Callable[[TConn, object], None], seconds: float) -> None:
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + (seconds if self.alive else min(seconds, STOP_KEEPALIVE_LINGER))
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(callback, conn))

    def _stop_waiting(self, conn: TConn) -> None:
        self.poller.unregister(conn.sock)
        self.pending_conns.remove(conn)

    def _close(self, conn: TConn) -> None:
        self._stop_waiting(conn)
        self.nr_conns -= 1
        conn.close()

    def _make_room(self) -> None:
        """Where the last place is taken, close who has been idle for longest, or else waits longest for a request."""
        if self.nr_conns < self.worker_connections:
            return
        if self.keepalived_conns:
            self.keepalived_conns[0].timeout = 0
            self.murder_keepalived()
        elif self.pending_conns:
            self._close(self.pending_conns[0])

    def murder_pending(self) -> None:
        """Lend a thread to what did not arrive in time, for the refusal, and close who was let go.

        gunicorn calls this once in a round, after all events: nothing that is closed here has one left.
        """
        now = time.monotonic()
        for conn in [each for each in self.pending_conns if each.timeout <= now]:
            if hasattr(conn, "left"):
                self._close(conn)
            else:
                self._lend(conn)
        self._make_room()
        self._cut_off_who_does_not_read(now)

    def _cap_keepalive(self, deadline: float) -> None:
        super()._cap_keepalive(deadline)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        super().wait_for_and_dispatch_events(UNREAD_SECONDS if self._is_full() else timeout)

    def _is_full(self) -> bool:
        return len(self._lent) > int(self.cfg.threads)

    def _cut_off_who_does_not_read(self, now: float) -> None:
        """When requests wait for threads, hang up on callers that hold one by leaving its answer where it is."""
        if not self._is_full() or now - self._looked_at < UNREAD_SECONDS:
            return
        self._looked_at = now
        for conn, unread in self._lent.items():
            self._lent[conn] = _unread(conn.sock)
            if unread and self._lent[conn]:
                with suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RDWR)


def worker_class(tokens: SessionTokens, ingest: Secrets) -> type[Worker]:
    """Make a worker that gives more time to callers who prove something by these keys."""

    class KnowingWorker(Worker):
        def is_known(self, credentials: Mapping[str, str]) -> bool:
            presented = credentials.get("authorization"), credentials.get("x-ingest-secret")
            try:
                return identify(*presented, tokens, ingest) != Caller()
            except Unauthenticated:
                return False

    return KnowingWorker


def allow_files() -> None:
    """Let this process open as many files as its connections need, where the shell gave it fewer."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * MAX_CONNECTIONS if hard == resource.RLIM_INFINITY else min(2 * MAX_CONNECTIONS, hard)
    if 0 <= soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _receive(connection: socket.socket) -> bytes | None:
    """Give what has come; None when that is nothing yet, and no bytes at the end."""
    try:
        return connection.recv(65_536)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def _unread(connection: socket.socket) -> int:
    """Count the bytes that the other side has not acknowledged."""
    try:
        return int(struct.unpack("i", fcntl.ioctl(connection, termios.TIOCOUTQ, b"\0" * 4))[0])
    except (OSError, ValueError):  # its thread has just closed it
        return 0
