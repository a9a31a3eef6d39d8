"""What no HTTP client would send, byte by byte, against the real server in front of the functions.

Rows 25 and 60 to 68 are refused by gunicorn before any handler runs: a plain page and no problem. The others are ours.
"""

import http.client
import socket
import threading
import time
from contextlib import ExitStack, closing, suppress

import pytest

from support.client import ApiClient
from support.raw import connect, exchange, read, status_of
from support.server import DevServer

pytestmark = pytest.mark.server

PATH = b"/api/interview/sessions/create"
LINE = b"POST " + PATH + b" HTTP/1.1"
HOST = b"Host: interviews.local\r\nContent-Type: application/json\r\n"
SILENT_CALLERS = 8
IDLE_SECONDS = 5.5
"""Longer than the pools of undici (4 s) and httpx (5 s) let a connection wait."""


def request(*headers: bytes, body: bytes = b"{}", line: bytes = LINE) -> bytes:
    """A request with these header lines instead of the usual Content-Length."""
    return line + b"\r\n" + HOST + b"".join(header + b"\r\n" for header in headers) + b"\r\n" + body


def get(path: bytes) -> bytes:
    return b"GET " + path + b" HTTP/1.1\r\nHost: interviews.local\r\nConnection: close\r\n\r\n"


LENGTH = b"Content-Length: 2"
CHUNKED = b"Transfer-Encoding: chunked"
NOTHING = b"0\r\n\r\n"

REFUSED_IN_FRONT = [
    pytest.param(request(LENGTH, line=b"post " + PATH + b" HTTP/1.1"), 400, id="row-22-method-in-lower-case"),
    pytest.param(request(LENGTH, CHUNKED, body=NOTHING), 400, id="row-60-length-and-chunks"),
    pytest.param(request(LENGTH, b"Content-Length: 3"), 400, id="row-61-two-lengths"),
    pytest.param(request(LENGTH, LENGTH), 400, id="row-61-one-length-twice"),
    pytest.param(request(b"Content-Length: -1"), 400, id="row-62-negative-length"),
    pytest.param(request(b"Content-Length: +2"), 400, id="row-62-length-with-a-sign"),
    pytest.param(request(b"Transfer-Encoding: xchunked", body=NOTHING), 501, id="row-63-unknown-coding"),
    pytest.param(
        request(CHUNKED, body=NOTHING, line=b"POST " + PATH + b" HTTP/1.0"), 400, id="row-64-chunks-in-http-1.0"
    ),
    pytest.param(request(b"Content-Length : 2"), 400, id="row-65-blank-before-the-colon"),
    pytest.param(request(b"X-A: b\r\n c", LENGTH), 400, id="row-65-folded-header"),
    pytest.param(LINE + b"\nHost: a\nContent-Length: 2\n\n{}", 400, id="row-65-bare-line-feeds"),
    pytest.param(request(b"X-A: a\0b", LENGTH), 400, id="row-65-nul-in-a-header"),
    pytest.param(request(b"Host: other.test", LENGTH), 400, id="row-65-two-hosts"),
    pytest.param(get(b"/api/interview/" + b"a" * 1_000_000), 414, id="row-25-path-of-1-MB"),
    pytest.param(request(b"X-A: " + b"a" * 70_000, LENGTH), 431, id="row-66-header-of-70-KB"),
    pytest.param(request(*(b"X-%d: a" % number for number in range(200)), LENGTH), 431, id="row-67-200-headers"),
    pytest.param(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, id="row-68-http-2-preface"),
    pytest.param(bytes.fromhex("1603010200010001fc0303") + b"a" * 500, 0, id="row-68-tls-hello"),
]

OURS = [
    pytest.param(get(b"/api/interview/../../x"), 404, b"not-found", id="row-24-dots"),
    pytest.param(get(b"/api/interview/%2e%2e%2f%2e%2e%2fx"), 404, b"not-found", id="row-24-encoded-dots"),
    pytest.param(
        request(b"Content-Length: 8000000", body=b'{"a":1,' * 1_000_000 + b"}" * 1_000_000),
        413,
        b"body-too-large",
        id="row-14-a-million-keys",
    ),
    pytest.param(
        request(b"Content-Length: 41943040", body=b" " * 40 * 1024 * 1024), 413, b"body-too-large", id="row-16-40-MB"
    ),
    pytest.param(
        request(CHUNKED, body=(b"400\r\n" + b" " * 1024 + b"\r\n") * 4_000),
        413,
        b"body-too-large",
        id="row-17-chunks-without-end",
    ),
    pytest.param(
        request(CHUNKED, body=b"2\r\n{}\r\n" + (b"400\r\n" + b" " * 1024 + b"\r\n") * 65 + NOTHING),
        413,
        b"body-too-large",
        id="row-17-good-json-and-too-many-blanks",
    ),
    pytest.param(request(CHUNKED, body=b"zz\r\n{}\r\n" + NOTHING), 400, b"malformed-json", id="chunks-that-are-none"),
    pytest.param(request(b"Content-Length: 50", body=b"{}"), 408, b"request-timeout", id="row-70-hung-up-halfway"),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "status"), REFUSED_IN_FRONT)
def test_what_is_not_http_reaches_no_handler(sent: bytes, status: int, server: DevServer) -> None:
    """The server in front refuses it and closes, without a word about our code."""
    answered = exchange(server.port, sent)

    assert status == status_of(answered)
    assert b"X-Request-Id" not in answered
    assert b"Traceback" not in answered


@pytest.mark.parametrize(("sent", "status", "slug"), OURS)
def test_what_is_http_but_nonsense_is_a_problem(sent: bytes, status: int, slug: bytes, server: DevServer) -> None:
    """It is answered without being read to its end, and is neither kept nor echoed."""
    answered = exchange(server.port, sent)

    head, _, body = answered.partition(b"\r\n\r\n")
    assert status == status_of(answered)
    assert b"application/problem+json" in head
    assert b"Cache-Control: no-store" in head
    assert b"/problems#" + slug in body


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (request(b"Content-Length: 50"), 408),
        (request(b"Content-Length: 50", line=b"POST /api/interview/ui/next_turn HTTP/1.1"), 401),
        (request(b"Content-Length: 50", line=b"POST /index.html HTTP/1.1"), 405),
        (request(b"Content-Length: 70000"), 413),
        (request(CHUNKED, body=b"zz\r\n{}\r\n" + NOTHING), 400),
    ],
)
def test_what_is_not_whole_is_a_connections_last_and_its_answer_says_so(
    sent: bytes, status: int, server: DevServer
) -> None:
    """Nobody knows where the next request begins. functions-framework's own server closes without a word."""
    answered = exchange(server.port, sent)

    assert status == status_of(answered)
    assert b"Connection: close\r\n" in answered
    assert answered.count(b"HTTP/1.1") == 1


@pytest.mark.parametrize("name", [b"X_INGEST_SECRET", b"X-INGEST_SECRET"])
def test_row_69_a_header_with_underscores_is_no_credential(name: bytes, server: DevServer) -> None:
    """Underscores and dashes are one to WSGI, so the server in front drops the former: the secret was not presented."""
    secret = name + b": " + server.secret.encode()
    body = b'{"session_id":"11111111-2222-4333-8444-555555555555","event_type":"start"}'
    length = b"Content-Length: %d" % len(body)

    line = b"POST /api/interview/engine/next_turn HTTP/1.1"

    answered = exchange(server.port, request(secret, length, body=body, line=line))

    assert status_of(answered) == 401


@pytest.mark.parametrize(
    "path", [b"/", b"/index.html", b"//evil.test", b"/%00", b"/..%2f..%2fpyproject.toml", b"/.." * 9 + b"/etc/passwd"]
)
def test_the_page_never_fails_and_never_leaves_its_folder(path: bytes, server: DevServer) -> None:
    """Whatever is asked for, there is a page or none."""
    answered = exchange(server.port, get(path))

    assert status_of(answered) in (200, 404)
    assert b"[project]" not in answered
    assert b"root:" not in answered


@pytest.mark.long
@pytest.mark.parametrize("trickle", [False, True], ids=["silent", "trickling"])
def test_row_70_half_sent_bodies_hold_nobody_up(trickle: bool, server: DevServer) -> None:
    """Eight callers send two bytes of fifty: others are served meanwhile, and each gets its 408 and is closed."""
    half = request(b"Content-Length: 50", body=b"{ ")
    answers: list[bytes] = []
    with ExitStack() as open_ones, ApiClient(server.url) as other:
        callers = [open_ones.enter_context(connect(server.port)) for _ in range(SILENT_CALLERS)]
        for caller in callers:
            caller.sendall(half)
        listeners = [threading.Thread(target=lambda c=caller: answers.append(read(c))) for caller in callers]
        for listener in listeners:
            listener.start()
        statuses = []
        while any(listener.is_alive() for listener in listeners):
            statuses.append(other.create().status)
            for caller in callers if trickle else ():
                drip(caller)
            threading.Event().wait(0.5)

    assert {408} == {status_of(answered) for answered in answers}
    assert set(statuses) == {201}
    assert len(statuses) > 3


def drip(caller: socket.socket) -> None:
    """Send one more byte, if anybody still listens."""
    with suppress(OSError):
        caller.sendall(b" ")


def test_a_connection_that_was_idle_for_a_while_takes_another_request(server: DevServer) -> None:
    """Clients keep theirs for some seconds; one that the server closes first resets what is sent just then."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)) as caller:
        caller.request("GET", "/api/interview/plans")
        assert caller.getresponse().read()
        kept = caller.sock
        time.sleep(IDLE_SECONDS)
        caller.request("GET", "/api/interview/plans")
        assert caller.getresponse().status == 200
        assert caller.sock is kept
