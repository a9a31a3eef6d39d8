"""The dev server as a candidate's machine would run it: a process of its own that can be killed and started again."""

import json
import os
import sys
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from support.canaries import look_for
from support.process import Child, free_port, port_is_free, wait_until

REPOSITORY = Path(__file__).resolve().parents[2]
HEALTH = "/api/interview/sessions/create/health"

# Everything else stays outside: a developer's own key, project or proxy must never reach a test.
INHERITED = ("PATH", "HOME", "USER", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TZ", "VIRTUAL_ENV", "LD_LIBRARY_PATH")


class DevServer:
    """`python -m interviewos.dev` on a port and a data directory that survive `kill` and `stop`.

    `env` adds to a clean environment; `command`, `cwd` and `health` are there for other servers of the project.
    """

    def __init__(
        self,
        data: Path,
        env: Mapping[str, str] | None = None,
        *,
        port: int | None = None,
        command: Sequence[str] = ("-m", "interviewos.dev"),
        cwd: Path = REPOSITORY,
        health: str = HEALTH,
        ready_seconds: float = 30,
    ) -> None:
        self.data = data
        self.port = port or free_port()
        self._command = [sys.executable, *command]
        self._cwd = cwd
        self._health = health
        self._ready_seconds = ready_seconds
        self._env = self._clean_env() | dict(env or {})
        self._earlier_log = ""
        self._child: Child | None = None

    @property
    def url(self) -> str:
        """The base URL, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The process id of the server, which is also its group's."""
        assert self._child is not None, "the server is not started"
        return self._child.pid

    @property
    def secret(self) -> str:
        """The X-INGEST-SECRET that the server made up for itself."""
        return str(json.loads((self.data / "secrets.json").read_text())["INGEST_SECRET"])

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._child is not None and self._child.running

    @property
    def log(self) -> str:
        """All output so far, of earlier starts too."""
        return self._earlier_log + (self._child.log if self._child else "")

    def start(self) -> Self:
        """Start it, again on the same port and data, and wait until it is healthy."""
        assert not self.running, "the server runs already"
        self._forget()
        wait_until(lambda: port_is_free(self.port), 10, "the end of the earlier server")
        self._child = Child(self._command, cwd=self._cwd, env=self._env)
        self._child.wait_until_ready(self.healthy, self._ready_seconds)
        return self

    def healthy(self) -> bool:
        """Whether the health check answers 200 now."""
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with direct.open(self.url + self._health, timeout=5) as response:
                return bool(response.status == 200)
        except OSError:
            return False

    def stop(self) -> None:
        """Ask it to end, as a platform does before it takes an instance away."""
        if self._child is not None:
            self._child.terminate()

    def kill(self) -> None:
        """End the server and its workers in the middle of whatever they do."""
        if self._child is not None:
            self._child.kill()

    def close(self) -> None:
        """Stop it for good; the log stays readable."""
        self.stop()
        self._forget()

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self.kill()
            self._forget()
            raise

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _forget(self) -> None:
        if self._child is not None:
            self._earlier_log = self.log
            look_for("server", self._child.log)
            self._child.close()
            self._child = None

    def _clean_env(self) -> dict[str, str]:
        inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
        return inherited | {
            "PYTHONPATH": str(self._cwd / "functions"),
            "PYTHONUNBUFFERED": "1",
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "INTERVIEWOS_DATA": str(self.data),
            "CALLS_PER_MINUTE": "100000",  # a test that waits for something looks more often than any client may
            "REPLY_GATE": "off",  # what a test's model says is heard letter by letter, as the test needs it
            "CLOUDSDK_CONFIG": str(self.data / "no-gcloud"),  # nor may the login of the developer's gcloud be found
            "NO_GCE_CHECK": "true",
        }
