"""The dev server's harness is tried on a stand-in that is quick to start and has a child process as gunicorn has."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.client import ApiClient
from support.process import PORTS, ManagedProcess, free_port, wait_until
from support.server import DevServer

TESTS = Path(__file__).parents[1]
STAND_IN = """
import http.server, json, os, subprocess, sys

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"pid": os.getpid(), "child": child.pid, "env": dict(os.environ)}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

print("one line of log")
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
http.server.ThreadingHTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Handler).serve_forever()
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[DevServer]:
    """A started stand-in for the dev server."""
    (tmp_path / "stand_in.py").write_text(STAND_IN)
    with DevServer(tmp_path, {"INTRO_TIMEOUT_S": "5"}, command=["stand_in.py"], cwd=tmp_path) as running:
        yield running


def environment(server: DevServer) -> dict[str, str]:
    """The environment that the stand-in sees."""
    with ApiClient(server.url) as client:
        return dict(client.request("GET", "anything")["env"])


def test_the_server_is_ready_after_start(server: DevServer) -> None:
    """The health check answers and the log is kept."""
    assert server.running
    assert server.healthy()
    assert "one line of log" in server.log


def test_nothing_of_the_developers_cloud_reaches_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: DevServer
) -> None:
    """Keys, projects and emulators of the shell are left outside; the test's own variables come in."""
    server.close()
    for name in ("GOOGLE_API_KEY", "FIRESTORE_EMULATOR_HOST", "GEMINI_MODEL", "LIVEKIT_URL", "INGEST_SECRET"):
        monkeypatch.setenv(name, "the developer's own")
    with DevServer(tmp_path, {"INTRO_TIMEOUT_S": "5"}, command=["stand_in.py"], cwd=tmp_path) as clean:
        seen = environment(clean)

    assert "the developer's own" not in seen.values()
    assert ("5", str(tmp_path), str(clean.port)) == (
        seen["INTRO_TIMEOUT_S"],
        seen["INTERVIEWOS_DATA"],
        seen["PORT"],
    )


def test_kill_takes_the_children_along_and_start_uses_the_same_port(server: DevServer) -> None:
    """After `kill -9` of the group nobody listens, and the next start is a new process at the old place."""
    with ApiClient(server.url) as client:
        first = client.request("GET", "anything").body
    server.kill()

    wait_until(lambda: not is_alive(first["child"]), 10, "the end of the child")
    assert not server.running
    assert not server.healthy()
    server.start()
    with ApiClient(server.url) as client:
        assert first["pid"] != client.request("GET", "anything")["pid"]
    assert server.log.count("one line of log") == 2


def test_stop_ends_the_server(server: DevServer) -> None:
    """A polite end is an end, and the log stays."""
    server.stop()

    assert not server.running
    server.close()
    assert "one line of log" in server.log


def test_a_server_that_dies_at_start_shows_its_log(tmp_path: Path) -> None:
    """The failure says what the process said."""
    (tmp_path / "broken.py").write_text("raise SystemExit('INGEST_SECRET is missing')")

    with (
        pytest.raises(RuntimeError, match="INGEST_SECRET is missing"),
        DevServer(tmp_path, command=["broken.py"], cwd=tmp_path),
    ):
        pass


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be reaped does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_what_a_server_wrote_is_shown_where_a_test_fails(tmp_path: Path) -> None:
    """Inside of its `with` block the failure carries the log; one that a fixture holds is known to the reports."""
    (tmp_path / "stand_in.py").write_text(STAND_IN)
    server = DevServer(tmp_path, command=["stand_in.py"], cwd=tmp_path)

    with pytest.raises(AssertionError, match="living") as failed, server:
        assert server not in ManagedProcess.living, "living"

    assert "one line of log" in failed.value.__notes__[0]
    assert server not in ManagedProcess.living


def test_a_server_does_not_outlive_the_tests(tmp_path: Path) -> None:
    """Whoever kills a run of tests leaves nothing behind that holds ports and memory."""
    tests = "import sys, time; from support.process import Child; print(Child(['sleep', '600']).pid); time.sleep(600)"
    run = subprocess.Popen([sys.executable, "-uc", tests], cwd=TESTS, stdout=subprocess.PIPE)
    assert run.stdout
    server = int(run.stdout.readline())
    alive = is_alive(server)
    run.kill()
    run.communicate()

    wait_until(lambda: not is_alive(server), 10, "the end of the server")
    assert alive


def test_a_port_is_given_once() -> None:
    """Also where its server starts later than the next one is chosen; and no connection takes it in between."""
    ports = [free_port() for _ in range(200)]

    assert len(set(ports)) == len(ports)
    assert set(ports) <= set(PORTS)
