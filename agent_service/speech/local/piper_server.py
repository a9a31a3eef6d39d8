"""Piper as a separate process: its licence is GPL-3.0, and all jobs share its memory."""

from __future__ import annotations

import atexit
import collections
import http.client
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from speech.stack import StackUnavailable

logger = logging.getLogger(__name__)

HOST = "127.0.0.1"
AGAIN_SECONDS = 1.0
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "PYTHONPATH", "VIRTUAL_ENV")
"""Variables that piper gets of the worker's: no secret is among them."""


class PiperUnavailable(StackUnavailable):
    """Piper does not run."""


class PiperServer:
    """`python -m piper.http_server` on a loopback port, restarted when it dies, killed when this process ends.

    `voice` is an .onnx file with its .onnx.json beside it.
    """

    def __init__(self, voice: str, *, port: int | None = None) -> None:
        self.port = port or _free_port()
        self._voice = voice
        self._process: subprocess.Popen[str] | None = None
        self._last_words: collections.deque[str] = collections.deque(maxlen=20)
        self._closing = threading.Event()
        # Linux kills piper when the thread that started it ends (PR_SET_PDEATHSIG), so that thread lives on.
        self._keeper = threading.Thread(target=self._keep, name="piper", daemon=True)

    @property
    def url(self) -> str:
        """Its URL, without a slash at the end."""
        return f"http://{HOST}:{self.port}"

    @property
    def pid(self) -> int:
        """The current process id; a restart changes it. Raises PiperUnavailable before the start."""
        if self._process is None:
            raise PiperUnavailable("piper was not started")
        return self._process.pid

    def start(self, ready_seconds: float = 60) -> Self:
        """Start it and wait until it answers. Raises PiperUnavailable."""
        self._keeper.start()
        atexit.register(self.close)
        end = time.monotonic() + ready_seconds
        while not self.healthy():
            if self._last_words and not self._alive():
                self.close()
                raise PiperUnavailable(f"piper ended at its start: {self._last_words[-1]}")
            if time.monotonic() > end:
                self.close()
                raise PiperUnavailable(f"piper did not answer within {ready_seconds:g} seconds")
            time.sleep(0.05)
        return self

    def healthy(self) -> bool:
        """Whether it answers now."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=5)
        try:
            connection.request("GET", "/info")
            return connection.getresponse().status == http.HTTPStatus.OK and self._alive()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def close(self) -> None:
        """End it for good."""
        atexit.unregister(self.close)
        self._closing.set()
        if self._process is not None:
            self._process.kill()
        if self._keeper.is_alive():
            self._keeper.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _keep(self) -> None:
        while not self._closing.is_set():
            with self._spawn() as process:
                self._process = process
                if self._closing.is_set():
                    process.kill()
                for line in process.stderr or ():
                    if words := line.strip():
                        self._last_words.append(words)
            if not self._closing.wait(AGAIN_SECONDS):
                logger.warning("piper ended and starts again", extra={"status": process.returncode})

    def _spawn(self) -> subprocess.Popen[str]:
        launcher = [sys.executable, str(Path(__file__).with_name("with_parent.py")), str(os.getpid())]
        piper = [sys.executable, "-P", "-m", "piper.http_server", "--host", HOST, "--port", str(self.port)]
        return subprocess.Popen(  # noqa: S603, the command has no input of others
            [*launcher, *piper, "-m", self._voice, "--data-dir", str(Path(self._voice).parent)],
            env={name: os.environ[name] for name in INHERITED if name in os.environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,  # Ctrl-C asks the worker to drain, and must not reach piper
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
