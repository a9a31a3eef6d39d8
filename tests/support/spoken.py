"""Everything that a spoken interview needs, as it is deployed: functions, livekit-server, worker and a model."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from support.client import ApiClient
from support.gemini import FakeGemini
from support.livekit import LiveKitServer
from support.process import REPOSITORY
from support.puppet import interviewer_script
from support.server import DevServer
from support.worker import AGENT, Worker


class SpokenService:
    """The four processes of a spoken interview; each may be killed and started again.

    `env` is the functions' environment and `worker_env` the worker's, beside the addresses and secrets that both need;
    `make_worker` may make another kind of worker of it. `checkout` has other functions.
    """

    def __init__(
        self,
        data: Path,
        *,
        env: Mapping[str, str] | None = None,
        worker_env: Mapping[str, str] | None = None,
        script: Path = AGENT,
        make_worker: Callable[[Mapping[str, str]], Worker] | None = None,
        model: Callable[..., Any] = interviewer_script,
        checkout: Path = REPOSITORY,
    ) -> None:
        self.livekit = LiveKitServer()
        self.gemini = FakeGemini(model)
        self._data = data
        self._env = {"CREATES_PER_MINUTE": "1000", **(env or {})}
        self._worker_env = worker_env or {}
        self._make_worker = make_worker or partial(Worker, script=script)
        self._checkout = checkout
        self._running = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as starting:
            starting.enter_context(self.livekit)
            starting.enter_context(self.gemini)
            known = {**self.gemini.env(), **self.livekit.env(), **self._env}
            self.server = starting.enter_context(DevServer(self._data, known, cwd=self._checkout))
            self.worker = starting.enter_context(self.new_worker())
            self._running = starting.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._running.close()

    def new_worker(self, **env: str) -> Worker:
        """Another worker for the same interviews, not started."""
        known = {
            **self.livekit.env(),
            "BACKEND_BASE_URL": self.server.url,
            "INGEST_SECRET": self.server.secret,
            "VOICE_STACK": "local",
            "TURN_DETECTION": "vad",
        }
        return self._make_worker({**known, **self._worker_env, **env})

    def interview(self, **candidate: Any) -> ApiClient:
        """A new interview, in the hands of its candidate."""
        client = self._running.enter_context(ApiClient(self.server.url, secret=self.server.secret))
        client.create(**candidate)
        return client
