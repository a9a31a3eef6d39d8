"""The voice worker as it is deployed: `agent.py start`, a process of its own that can be killed and drained."""

import contextlib
import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from support.process import REPOSITORY, ManagedProcess, answer_of, clean_environment, free_port

AGENT = REPOSITORY / "agent_service" / "agent.py"
BROKEN_AGENT = REPOSITORY / "tests" / "voice" / "broken_worker.py"


class Worker(ManagedProcess):
    """A worker on a health port of its own.

    `env` has LiveKit's and the backend's addresses and secrets, and VOICE_STACK; `script` is another composition root,
    with other ears or another mouth.
    """

    grace_seconds = 1
    tells_of_candidates = True

    def __init__(self, env: Mapping[str, str], script: Path = AGENT, ready_seconds: float = 90) -> None:
        self.port = free_port()
        self.ready_seconds = ready_seconds
        self._env = {**_clean_env(), "PORT": str(self.port), **env}
        self._command: Sequence[str] = [sys.executable, str(script), "start"]

    def command(self) -> Sequence[str]:
        return self._command

    def environment(self) -> Mapping[str, str]:
        return self._env

    def lines(self, message: str) -> list[dict[str, Any]]:
        """The structured log lines with this message."""
        parsed = [json.loads(line) for line in self.log.splitlines() if line.startswith("{")]
        return [line for line in parsed if line.get("message") == message]

    def healthy(self) -> bool:
        """Whether LiveKit knows it and it waits for interviews."""
        return self._ask("/") is not None and "registered worker" in self.log

    def active_jobs(self) -> int:
        """How many interviews it holds now."""
        status = self._ask("/worker")
        return 0 if status is None else int(json.loads(status).get("active_jobs", 0))  # it leaves out a zero

    def job_pids(self) -> list[int]:
        """The processes below the worker, deepest last."""
        found: list[int] = []
        ahead = [self.pid]
        while ahead:
            threads = Path(f"/proc/{ahead.pop(0)}/task").glob("*/children")
            children = [int(child) for thread in threads for child in thread.read_text().split()]
            ahead += children
            found += children
        return found

    def interview_pid(self, session_id: str) -> int:
        """The process that holds an interview now."""
        whole = self.log.rpartition("\n")[0]
        told = [json.loads(line) for line in whole.splitlines() if line.startswith("{")]
        alive = set(self.job_pids())
        return next(
            int(line["pid"])
            for line in reversed(told)
            if line.get("room") == f"iv-{session_id}" and line.get("pid") in alive
        )

    def memory_megabytes(self) -> int:
        """What it and all of its processes need; what several share is counted once."""
        return sum(map(_resident_kilobytes, [self.pid, *self.job_pids()])) // 1024

    def processor_seconds(self) -> float:
        """What its living processes have used of the processor so far."""
        return sum(map(_processor_seconds, [self.pid, *self.job_pids()]))

    def drain(self) -> None:
        """Ask it to end when its interviews have."""
        os.kill(self.pid, signal.SIGTERM)

    def _ask(self, path: str) -> bytes | None:
        return answer_of(f"http://127.0.0.1:{self.port}{path}")


def _clean_env() -> dict[str, str]:
    return clean_environment() | {"PYTHONUNBUFFERED": "1", "HOST": "127.0.0.1", "PYTHONPATH": str(AGENT.parent)}


def _resident_kilobytes(pid: int) -> int:
    """Shared pages divided among those who share them; nothing of a process that ended."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return 0


def _processor_seconds(pid: int) -> float:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        _, _, after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")
        fields = after_name.split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0
