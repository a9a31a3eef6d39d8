"""The whole system in its deployed shape on this machine: one process for each function, Hosting in front of them.

Each function runs from a bare copy of its folder under the production server, with K_SERVICE, its own secrets and as
many threads as Terraform gives it; the page is built as for a deployment, and streams turns from the function's own
address. What differs: Firestore and Cloud Tasks are emulators, their tokens have another issuer, the model is a local
one, the clock is short, there is no TLS, and nobody asks IAM before a request reaches a function.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self

import httpx

from support.bare_copy import BareCopy
from support.client import BASE, ApiClient
from support.emulators import FirestoreEmulator, TasksEmulator, require
from support.entry_points import SECRET, SECRETS
from support.gemini import FakeGemini
from support.hosting import Hosting, why_not_built
from support.oidc import INVOKER
from support.process import free_port
from support.puppet import interviewer_script
from support.server import DevServer

INFRA = Path(__file__).resolve().parents[2] / "infra"
LOCAL_SOURCE = str(Path(__file__).with_name("deployed_function.py"))
PROJECT, LOCATION, QUEUE = "demo-iv", "europe-west1", "interview-alarms"
HEALTH = {
    "create": "sessions/create",
    "messages": "sessions/messages",
    "next_turn": "ui/next_turn",
    "token": "livekit/token",
    "stage_timeout": "tasks/stage_timeout",
    "sweep": "tasks/sweep",
}
"""The path, below the base, that each function answers `/health` under."""
DOORS = ("create", "messages", "next_turn", "token")
"""What Hosting leads to; Cloud Tasks and Cloud Scheduler call the others by their own addresses."""
ASKING = ("next_turn", "stage_timeout", "sweep")
"""What takes turns: it asks the model and sets alarms."""
NOBODY = "11111111-2222-4333-8444-555555555555"
SCHEDULER = "scheduler@demo-iv.iam.gserviceaccount.com"
INTRO_SECONDS, GRACE_SECONDS = 6, 2


def service_of(target: str) -> str:
    """Name the service of an entry point: names of services have no underscores."""
    return target.replace("_", "-")


def concurrency(target: str) -> str:
    """How many requests Terraform sends to one instance of a function at once."""
    functions = (INFRA / "terraform" / "modules" / "interviewos" / "locals.tf").read_text()
    found = re.search(rf"^    {target} = {{\n(?:      .+\n)*?      concurrency += (\d+)", functions, re.MULTILINE)
    assert found, f"locals.tf does not say how many requests {target} takes at once"
    return found[1]


def cloud_env(target: str, origin: str, stage_timeout_url: str) -> dict[str, str]:
    """What the platform and the deployment set for one function, the address of the model aside."""
    env = {
        "K_SERVICE": service_of(target),
        "FUNCTION_TARGET": target,
        "THREADS": concurrency(target),
        "GOOGLE_CLOUD_PROJECT": PROJECT,
        "FIRESTORE_DATABASE": "(default)",
        "ALLOWED_ORIGINS": origin,
        "INTRO_TIMEOUT_S": str(INTRO_SECONDS),
        "STAGE_GRACE_S": str(GRACE_SECONDS),
    }
    if target in DOORS:
        env |= {"CREATES_PER_MINUTE": "1000", **SECRETS}
    if target in ASKING:
        env |= {
            "TASKS_LOCATION": LOCATION,
            "TASKS_QUEUE": QUEUE,
            "TASKS_TARGET_URL": stage_timeout_url,
            "TASKS_INVOKER": INVOKER,
            "SWEEP_INVOKER": SCHEDULER,
        }
    return env


class Function(DevServer):
    """One function as a process of its own, from a bare copy, under the production server."""

    def __init__(
        self,
        copy: BareCopy,
        target: str,
        data: Path,
        env: Mapping[str, str],
        *,
        port: int | None = None,
        source: str = "functions/main.py",
    ) -> None:
        command = ("-m", "functions_framework", "--source", source)
        health = f"{BASE}/{HEALTH[target]}/health"
        super().__init__(data, env, port=port, command=command, cwd=copy.home, health=health, ready_seconds=60)
        self._command[0] = str(copy.python)


def build_page(folder: Path, next_turn_url: str) -> Path:
    """Build the page for a deployment whose turns are streamed from there."""
    said = {"project": PROJECT, "site": PROJECT, "region": LOCATION, "next_turn_url": next_turn_url}
    require(why_not_built())
    command = [sys.executable, str(INFRA / "deploy-hosting"), "--build-only", "--to", str(folder)]
    subprocess.run(command, input=json.dumps({"page": {"value": said}}), text=True, check=True)
    return folder


class Deployed:
    """All of it, running; `functions` by entry point. Tests share it, so a test that breaks a part uses `altered`."""

    def __init__(self, copy: BareCopy, data: Path, firestore: FirestoreEmulator) -> None:
        self.gemini = FakeGemini(interviewer_script)
        self.queue = TasksEmulator(f"projects/{PROJECT}/locations/{LOCATION}/queues/{QUEUE}")
        self._ports = {target: free_port() for target in HEALTH}
        self.page = build_page(data / "page", self.url_of("next_turn"))
        services = {service_of(target): self.url_of(target) for target in DOORS}
        self.hosting = Hosting(services, self.page, buffers=True)
        self.functions: dict[str, Function] = {}
        self._copy = copy
        self._data = data
        self._firestore = firestore
        self._running = ExitStack()

    @property
    def url(self) -> str:
        """The public address."""
        return self.hosting.url

    @property
    def stage_timeout_url(self) -> str:
        """Where Cloud Tasks calls, and the audience of all tokens."""
        return f"{self.url_of('stage_timeout')}{BASE}/tasks/stage_timeout"

    def url_of(self, target: str) -> str:
        """The own address of a function."""
        return f"http://127.0.0.1:{self._ports[target]}"

    def client(self) -> ApiClient:
        """A caller at the public address that knows the secret."""
        return ApiClient(self.url, secret=SECRET)

    def sweep(self) -> httpx.Response:
        """Call `sweep` as Cloud Scheduler does."""
        return self.call("sweep", {"Authorization": f"Bearer {self.queue.token(self.stage_timeout_url, SCHEDULER)}"})

    def call(self, target: str, headers: Mapping[str, str]) -> httpx.Response:
        """Call `stage_timeout` or `sweep` at its own address, about no interview."""
        url = f"{self.url_of(target)}{BASE}/{HEALTH[target]}"
        return httpx.post(url, json={"session_id": NOBODY}, headers=dict(headers), trust_env=False)

    @contextmanager
    def altered(self, target: str, **env: str) -> Iterator[Function]:
        """Run a function with another environment in the place of one; a variable that is empty is not set."""
        self.functions[target].kill()
        try:
            with self._function(target, env) as other:
                yield other
                other.kill()
        finally:
            self.functions[target].start()

    def _function(self, target: str, changes: Mapping[str, str]) -> Function:
        env = {**cloud_env(target, self.url, self.stage_timeout_url), **self._local_env(target), **changes}
        kept = {name: value for name, value in env.items() if value}
        return Function(self._copy, target, self._data, kept, port=self._ports[target], source=LOCAL_SOURCE)

    def _local_env(self, target: str) -> dict[str, str]:
        """Lead a function to what stands in for Google here."""
        env = {"LOCAL_FIRESTORE": self._firestore.host}
        if target in ASKING:
            env |= {"LOCAL_QUEUE": self.queue.host, "LOCAL_ISSUER": self.queue.issuer}
            env |= {"LOCAL_CERTS": self.queue.jwks_url, **self.gemini.env()}
        return env

    def __enter__(self) -> Self:
        with ExitStack() as starting:
            starting.enter_context(self.gemini)
            starting.enter_context(self.queue)
            starting.enter_context(self.hosting)
            for target in HEALTH:
                self.functions[target] = starting.enter_context(self._function(target, {}))
                starting.callback(self.functions[target].kill)  # a polite end waits for connections
            self._running = starting.pop_all()
        return self

    def __exit__(self, *failure: object) -> None:
        self._running.close()
