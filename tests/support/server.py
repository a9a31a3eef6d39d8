"""The dev server as a candidate's machine would run it: a process of its own that can be killed and started again."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from support.process import (
    REPOSITORY,
    ManagedProcess,
    answer_of,
    clean_environment,
    free_port,
    port_is_free,
    wait_until,
)

HEALTH = "/api/interview/sessions/create/health"


class DevServer(ManagedProcess):
    """`python -m interviewos.dev` on a port and a data directory that survive `kill` and `stop`.

    `env` adds to a clean environment; `command`, `cwd` and `health` are there for other servers of the project.
    """

    tells_of_candidates = True

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
        self.cwd = cwd
        self.ready_seconds = ready_seconds
        self._command = [sys.executable, *command]
        self._health = health
        self._env = self._clean_env() | dict(env or {})

    @property
    def url(self) -> str:
        """The base URL, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def secret(self) -> str:
        """The X-INGEST-SECRET that the server made up for itself."""
        return str(json.loads((self.data / "secrets.json").read_text())["INGEST_SECRET"])

    def prepare(self) -> None:
        wait_until(lambda: port_is_free(self.port), 10, "the end of the earlier server")

    def command(self) -> Sequence[str]:
        return self._command

    def environment(self) -> Mapping[str, str]:
        return self._env

    def healthy(self) -> bool:
        """Whether the health check answers 200 now."""
        return answer_of(self.url + self._health) is not None

    def _clean_env(self) -> dict[str, str]:
        return clean_environment() | {
            "PYTHONPATH": str(self.cwd / "functions"),
            "PYTHONUNBUFFERED": "1",
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "INTERVIEWOS_DATA": str(self.data),
            "CALLS_PER_MINUTE": "100000",  # a test that waits for something looks more often than any client may
            "REPLY_GATE": "off",  # what a test's model says is heard letter by letter, as the test needs it
            "CLOUDSDK_CONFIG": str(self.data / "no-gcloud"),  # nor may the login of the developer's gcloud be found
            "NO_GCE_CHECK": "true",
        }
