"""Child processes of the tests: each has a group of its own, so that only what a test started is ever stopped."""

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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
    """A process group with its output in a file nobody else sees."""

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
