"""Child processes of the tests: each has a group of its own, so that only what a test started is ever stopped."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from support.canaries import look_for

REPOSITORY = Path(__file__).resolve().parents[2]
LOG_CHARACTERS = 6_000
"""How much of a log is shown beside a failure: its end."""
INHERITED = ("PATH", "HOME", "USER", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TZ", "VIRTUAL_ENV", "LD_LIBRARY_PATH")
"""Everything else stays outside: a developer's own key, project or proxy must never reach a test."""
PORTS = range(20_000, 32_000)
"""Below those that a system takes for connections: none of them takes a port between its choice and its use."""
_chosen: set[int] = set()


def clean_environment() -> dict[str, str]:
    """What a process may know of the machine."""
    return {name: os.environ[name] for name in INHERITED if name in os.environ}


def free_port() -> int:
    """A port of 127.0.0.1, for TCP and UDP, that nobody listens on and that no test of this run has or will get."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    ours = PORTS[worker :: int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))]
    while (port := secrets.choice(ours)) in _chosen or not port_is_free(port):
        pass
    _chosen.add(port)
    return port


def answer_of(url: str) -> bytes | None:
    """The body of a 200, asked for past any proxy; None for anything else and where nobody is."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=5) as response:
            return bytes(response.read()) if response.status == 200 else None
    except OSError:
        return None


def port_is_free(port: int) -> bool:
    """Whether a server could listen there now; closed connections that linger do not count."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def wait_until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait for a condition of the world outside; a test asserts afterwards, never on the time it took."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not happen within {seconds:g} s")
        time.sleep(0.02)


class Child:
    """A process group with its output in a file nobody else sees; it does not outlive the process that started it."""

    def __init__(
        self, command: Sequence[str], *, cwd: Path | None = None, env: Mapping[str, str] | None = None
    ) -> None:
        self._name = Path(command[0]).name
        self._output = tempfile.TemporaryFile()  # noqa: SIM115, for it lives as long as the child
        self._gone = False
        self._process = subprocess.Popen(
            command,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._guard, self._lifeline = _guard_of(self._process.pid)

    @property
    def pid(self) -> int:
        """The leader's process id, which is also the group's."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the leader still runs."""
        return self._process.poll() is None

    @property
    def log(self) -> str:
        """What it wrote so far, output and errors together."""
        size = os.fstat(self._output.fileno()).st_size
        return os.pread(self._output.fileno(), size, 0).decode(errors="replace")

    def wait_until_ready(self, ready: Callable[[], bool], seconds: float) -> None:
        """Wait until `ready`; a process that ends before has failed, and its log says why."""
        try:
            wait_until(lambda: not self.running or ready(), seconds, f"{self._name}: readiness")
        except TimeoutError as error:
            self.kill()
            raise RuntimeError(f"{error}:\n{self.log}") from error
        if not self.running:
            raise RuntimeError(f"{self._name} ended with {self._process.returncode}:\n{self.log}")

    def terminate(self, grace_seconds: float = 10) -> None:
        """Ask the leader to end, as a platform does; who is left of the group after that is killed."""
        if self.running:
            self._process.terminate()
            self._wait(grace_seconds)
        self.kill()

    def kill(self) -> None:
        """End the whole group without a warning."""
        if self._gone:
            return  # the number of the group may be somebody else's by now
        self._guard.kill()
        self._guard.wait()
        os.close(self._lifeline)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._gone = True

    def close(self) -> None:
        """Kill it and forget its output."""
        self.kill()
        self._output.close()

    def _wait(self, seconds: float) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)


def _guard_of(group: int) -> tuple[subprocess.Popen[bytes], int]:
    """Let a process wait at a pipe for our end, and end a group then: nobody else would, where we are killed."""
    theirs, ours = os.pipe()
    command = ["sh", "-c", f"read _; kill -9 -{group}"]
    guard = subprocess.Popen(command, stdin=theirs, stderr=subprocess.DEVNULL, start_new_session=True)
    os.close(theirs)
    return guard, ours


class ManagedProcess:
    """A process that tests start, wait for, break and stop; in a `with` block it is ready.

    A kind of process says its `command`, its `environment` and when it is `healthy`. What it was made with, as its port
    and its data, is the same over `kill`, `stop` and `start`; its log goes on over all of these and stays readable when
    it is closed. One that is not ready in time, or ends before, fails the test with its log.
    """

    living: ClassVar[list["ManagedProcess"]] = []
    """Those that run now, or were killed and not closed; their logs are shown beside a failure."""

    cwd = REPOSITORY
    ready_seconds: float = 30
    grace_seconds: float = 10
    """How long it may take to end when it is asked to."""
    tells_of_candidates = False
    """Whether it is ours: then no word of a candidate may be in its log."""

    _child: Child | None = None
    _earlier_log = ""

    @property
    def name(self) -> str:
        """What its log is called."""
        return type(self).__name__

    @property
    def pid(self) -> int:
        """The process id, which is also the group's."""
        assert self._child is not None, f"{self.name} is not started"
        return self._child.pid

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._child is not None and self._child.running

    @property
    def log(self) -> str:
        """All output so far, of earlier starts too."""
        return self._earlier_log + (self._child.log if self._child else "")

    def prepare(self) -> None:
        """Do what must be done before each start."""

    def command(self) -> Sequence[str]:
        """The program and its arguments."""
        raise NotImplementedError

    def environment(self) -> Mapping[str, str]:
        """All that the process finds in its environment."""
        return clean_environment()

    def healthy(self) -> bool:
        """Whether it does its work now."""
        raise NotImplementedError

    def start(self) -> Self:
        """Start it, after `kill` and `stop` with the same port and data, and wait until it is healthy."""
        assert not self.running, f"{self.name} runs already"
        self._forget()
        self.prepare()
        self._child = Child(self.command(), cwd=self.cwd, env=self.environment())
        self.living.append(self)
        self._child.wait_until_ready(self.healthy, self.ready_seconds)
        return self

    def stop(self) -> None:
        """Ask it to end, as a platform does before it takes an instance away; kill it when it takes too long."""
        if self._child is not None:
            self._child.terminate(self.grace_seconds)

    def kill(self) -> None:
        """End it and its children without a warning, in the middle of whatever they do."""
        if self._child is not None:
            self._child.kill()

    def restart(self) -> None:
        """Kill it and start it again."""
        self.kill()
        self.start()

    def close(self) -> None:
        """Stop it for good."""
        self.stop()
        self._forget()

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self.kill()
            self.close()
            raise

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
        if error is not None:
            error.add_note(f"{self.name} wrote:\n{self.log[-LOG_CHARACTERS:]}")

    def _forget(self) -> None:
        if self._child is None:
            return
        self._earlier_log = self.log
        if self.tells_of_candidates:
            look_for(self.name, self._child.log)
        self._child.close()
        self._child = None
        self.living.remove(self)
