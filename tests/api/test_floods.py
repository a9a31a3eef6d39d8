"""Callers who hold connections without asking for anything: others are served all the while, and memory stays flat."""

import http.client
import resource
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from interviewos.dev import FUNCTIONS
from interviewos.server import MAX_CONNECTIONS
from support.flood import Flood
from support.process import wait_until
from support.server import DevServer

pytestmark = pytest.mark.server

CREATE = b"POST /api/interview/sessions/create HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
SENT = {
    "nothing": b"",
    "half-a-header": CREATE + b"X-Half: ",
    "half-a-body": CREATE + b"Content-Length: 50\r\n\r\n{ ",
    "half-a-chunk": CREATE + b"Transfer-Encoding: chunked\r\n\r\n10\r\n{ ",
    "awaited-body": CREATE + b"Content-Length: 50\r\nExpect: 100-continue\r\n\r\n",
}
ONE_ANSWER = b"GET /api/interview/sessions/create/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
KEPT_ANSWER = b"GET /api/interview/sessions/create/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
LARGE_ANSWER = b"GET /vendor/livekit-client.umd.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
GROWTH_MB = 40


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DevServer]:
    """A server whose memory nobody else uses, warmed up."""
    with DevServer(tmp_path_factory.mktemp("floods"), {"CREATES_PER_MINUTE": "100000"}) as running:
        for _ in range(100):
            seconds_to_create(running)
        yield running


def seconds_to_create(server: DevServer, patience: float = 30) -> float:
    """Create an interview over a connection of its own, as a newcomer would."""
    began = time.monotonic()
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=patience)) as caller:
        caller.request("POST", "/api/interview/sessions/create", "{}", {"Content-Type": "application/json"})
        assert caller.getresponse().read(1)
    return time.monotonic() - began


def megabytes(server: DevServer) -> float:
    """What the server and its worker hold in memory."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in (server.pid, *children)]
    return sum(pages) * resource.getpagesize() / 1e6


@pytest.fixture
def a_moment(server: DevServer) -> float:
    """A second, and what a busy machine adds by itself."""
    return 1 + 3 * max(seconds_to_create(server) for _ in range(20))


def check_others_are_served(server: DevServer, seconds: float, a_moment: float) -> None:
    """One caller after the other comes for so long, and each is served in a moment.

    One in twenty may take three: other tests run beside this one.
    """
    before, waits, end = megabytes(server), list[float](), time.monotonic() + seconds
    while time.monotonic() < end:
        waits.append(seconds_to_create(server))
        time.sleep(0.1)

    waits.sort()
    assert waits[len(waits) * 19 // 20 - 1] < a_moment
    assert waits[-1] < 3 * a_moment
    assert megabytes(server) < before + GROWTH_MB


@pytest.mark.parametrize(
    "seconds", [pytest.param(8, id="8-seconds"), pytest.param(60, id="60-seconds", marks=pytest.mark.long)]
)
@pytest.mark.parametrize("sent", SENT)
def test_two_hundred_half_requests_hold_nobody_up(
    sent: str, seconds: float, server: DevServer, a_moment: float
) -> None:
    """A connection gets no thread before its request is here, however it is held back."""
    with Flood(server.port, SENT[sent], 200):
        check_others_are_served(server, seconds, a_moment)


@pytest.mark.parametrize("sent", [b"", KEPT_ANSWER], ids=["nothing", "one-request"])
def test_more_connections_than_there_is_room_for_make_room(sent: bytes, server: DevServer, a_moment: float) -> None:
    """One that asks for nothing goes, or else the one that has waited longest, so that whoever comes is let in."""
    with Flood(server.port, sent, 700):
        check_others_are_served(server, 5, a_moment)


def test_it_is_not_the_newcomer_who_makes_room(server: DevServer) -> None:
    """Every other connection has been answered and is idle, and the newcomer's body comes after its header."""
    header, body = CREATE + b"Content-Length: 2\r\nConnection: close\r\n\r\n", b"{}"
    with (
        Flood(server.port, KEPT_ANSWER, MAX_CONNECTIONS),
        socket.create_connection(("127.0.0.1", server.port), timeout=10) as newcomer,
    ):
        newcomer.sendall(header)
        time.sleep(0.5)
        newcomer.sendall(body)
        assert newcomer.recv(100).startswith(b"HTTP/1.1 201 ")


def test_who_is_answered_and_does_not_hang_up_holds_nobody_up(server: DevServer, a_moment: float) -> None:
    """The server does not wait for them where it serves all others."""
    with Flood(server.port, ONE_ANSWER, 100, reads=False):
        check_others_are_served(server, 5, a_moment)


def test_who_does_not_read_their_answers_is_let_go_when_others_need_the_threads(
    server: DevServer, a_moment: float
) -> None:
    """A hundred ask for more than the connections hold and read none of it; soon others are served as ever."""
    with Flood(server.port, LARGE_ANSWER * 20, 100, reads=False):
        wait_until(lambda: seconds_to_create(server, patience=60) < a_moment, 60, "room for others")
        check_others_are_served(server, 3, a_moment)


BREAKS_OFF = """
import os
from flask import Flask, Response
from functions_framework._http import create_server
from interviewos import server

app = Flask("breaks off")

@app.get("/<path:path>")
def answer(path):
    def breaks_off():
        yield b"half of it"
        raise RuntimeError
    return Response(breaks_off()) if path == "broken" else str(os.getpid())

create_server(app, debug=False, worker_class=server.Worker, **server.OPTIONS).run("127.0.0.1", int(os.environ["PORT"]))
"""


def test_an_answer_that_breaks_off_ends_its_connection_and_nothing_else(tmp_path: Path) -> None:
    """The process that serves all others lives on."""
    (tmp_path / "breaks_off.py").write_text(BREAKS_OFF)
    (tmp_path / "functions").symlink_to(FUNCTIONS)
    with (
        DevServer(tmp_path, command=["breaks_off.py"], cwd=tmp_path) as server,
        httpx.Client(base_url=server.url, trust_env=False) as client,
    ):
        before = client.get("/pid").text
        for _ in range(3):
            with pytest.raises(httpx.RemoteProtocolError):
                client.get("/broken")
        after = client.get("/pid").text

    assert before == after
