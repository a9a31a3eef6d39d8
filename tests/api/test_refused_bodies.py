"""A body that is refused, and the connection that it came on, under the laptop's server and the deployed one."""

import http.client
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from interviewos.web.request_body import BODY_SECONDS
from support.client import BASE
from support.entry_points import SECRET, SECRETS
from support.process import free_port
from support.raw import connect, read, status_of
from support.server import DevServer

pytestmark = pytest.mark.server

JSON = {"Content-Type": "application/json"}
TRUSTED = {"X-INGEST-SECRET": SECRET}
CHUNKED = {"Transfer-Encoding": "chunked"}
OTHER_SESSION = "11111111-2222-4333-8444-555555555555"


@pytest.fixture(scope="module", params=["laptop", "deployed"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DevServer]:
    """All entry points under `make dev`, and under functions-framework's own command."""
    env, port, data = {**SECRETS, "CREATES_PER_MINUTE": "100000"}, free_port(), tmp_path_factory.mktemp("bodies")
    command = ["-m", "functions_framework", "--target", "dev", "--source", "functions/main.py"]
    where = ["--host", "127.0.0.1", "--port", str(port)]
    deployed = request.param == "deployed"
    with DevServer(
        data, env, port=port, command=[*command, *where] if deployed else ["-m", "interviewos.dev"]
    ) as running:
        yield running


@pytest.fixture
def caller(server: DevServer) -> Iterator[http.client.HTTPConnection]:
    """A client that keeps its connection for as long as the server does, as it was told."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)) as connection:
        yield connection


@pytest.mark.parametrize("headers", [{}, TRUSTED], ids=["stranger", "trusted"])
@pytest.mark.parametrize("size", [66_000, 1_000_000, 10_000_000])
def test_who_sends_too_much_is_told_so(size: int, headers: dict[str, str], caller: http.client.HTTPConnection) -> None:
    """A client that sends everything before it listens gets the answer and no broken pipe, again and again."""
    for _ in range(3):
        caller.request("POST", f"{BASE}/sessions/create", b" " * size, JSON | headers)
        answer = caller.getresponse()

        assert (answer.status, b"/problems#body-too-large" in answer.read()) == (413, True)


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status"),
    [
        ("POST", "sessions/create", b" " * 70_000, JSON, 413),
        ("POST", "sessions/create", [b" " * 70_000], JSON | CHUNKED, 413),
        ("POST", "sessions/create", b"{" * 9_000, JSON, 400),
        ("POST", "sessions/create", b"{}", {"Content-Type": "text/plain"}, 415),
        ("POST", "ui/next_turn", b" " * 9_000, JSON, 401),
        ("POST", "ui/next_turn", b" " * 900_000, JSON, 401),
        ("POST", "ui/next_turn", [b" " * 9_000], JSON | CHUNKED, 401),
        ("POST", "engine/next_turn", b" " * 9_000, JSON | {"X-INGEST-SECRET": "wrong"}, 401),
        ("PUT", "sessions/create", b" " * 9_000, JSON, 405),
        ("POST", "nothing", b" " * 9_000, JSON, 404),
        ("GET", f"sessions/{OTHER_SESSION}/messages", b" " * 9_000, JSON | TRUSTED, 404),
        ("GET", "sessions/create/health", b" " * 9_000, JSON, 200),
        ("OPTIONS", "sessions/create", b" " * 9_000, JSON, 204),
    ],
)
def test_an_answer_that_needed_no_body_keeps_the_connection_or_says_that_it_does_not(
    method: str,
    path: str,
    body: bytes | list[bytes],
    headers: dict[str, str],
    status: int,
    caller: http.client.HTTPConnection,
) -> None:
    """The next request of a pooled client is answered: what is left of a body is nobody's next request."""
    caller.request(method, f"{BASE}/{path}", body, headers, encode_chunked=isinstance(body, list))
    answer = caller.getresponse()
    answer.read()
    closes = answer.will_close
    caller.request("POST", f"{BASE}/sessions/create", b"{}", JSON)
    after = caller.getresponse()
    after.read()

    assert (answer.status, after.status) == (status, 201)
    assert closes == (answer.headers["Connection"] == "close")


def test_a_page_that_is_posted_to_is_no_accident(caller: http.client.HTTPConnection) -> None:
    """A file takes no body, of whatever size."""
    for size in (0, 10, 20_000):
        caller.request("POST", "/index.html", b" " * size, JSON)
        answer = caller.getresponse()
        answer.read()
        assert answer.status == 405


def half(path: str, *headers: str) -> bytes:
    lines = [f"POST {BASE}/{path} HTTP/1.1", "Host: localhost", "Content-Type: application/json", *headers]
    return "\r\n".join([*lines, "Content-Length: 50", "", "{"]).encode()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (half("ui/next_turn"), 401),
        (half("engine/next_turn", "X-INGEST-SECRET: wrong"), 401),
        (half("sessions/create"), 408),
        (half("nothing"), 404),
    ],
)
def test_a_strangers_half_body_is_not_waited_for_like_a_known_callers(
    sent: bytes, status: int, server: DevServer
) -> None:
    """One byte of fifty, then silence: the answer does not take the time that a known caller's body may take."""
    began = time.monotonic()
    with connect(server.port) as caller:
        caller.sendall(sent)
        answered = caller.recv(65_536)

    assert status == status_of(answered)
    assert time.monotonic() - began < BODY_SECONDS - 2


def test_requests_come_in_pieces_in_chunks_and_one_behind_the_other(server: DevServer) -> None:
    """However a request arrives, it is the same request, and those that come together are answered in turn."""
    head = f"POST {BASE}/sessions/create HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n".encode()
    whole = head + b"Content-Length: 2\r\n\r\n{}"
    chunked = head + b'Transfer-Encoding: chunked\r\n\r\n1;a="b"\r\n{\r\n1\r\n}\r\n0\r\nX-Trailer: a\r\n\r\n'
    last = head + b"Connection: close\r\nContent-Length: 2\r\n\r\n{}"
    with connect(server.port) as caller:
        for piece in (whole[:7], whole[7:-1], whole[-1:] + chunked[:-9], chunked[-9:] + whole + last):
            caller.sendall(piece)
            time.sleep(0.1)
        answered = read(caller)

    assert answered.count(b"HTTP/1.1 201 CREATED") == 4
    assert answered.count(b"HTTP/1.1") == 4


def test_who_asks_first_is_told_to_go_on(server: DevServer) -> None:
    """`Expect: 100-continue`: the body is sent for before it is answered."""
    head = f"POST {BASE}/sessions/create HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n".encode()
    with connect(server.port) as caller:
        caller.sendall(head + b"Expect: 100-continue\r\nConnection: close\r\nContent-Length: 2\r\n\r\n")
        told = caller.recv(25)
        caller.sendall(b"{}")
        answered = read(caller)

    assert told == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert b"HTTP/1.1 201 CREATED" in answered
