"""Firebase's own Hosting emulator in front of functions that a test chooses."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from support.emulators import require
from support.hosting import why_not_built
from support.local_server import Exchange, LocalServer
from support.process import ManagedProcess, answer_of, clean_environment, free_port

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "infra" / "deploy-hosting"
FIREBASE = Path(__file__).parent / "node_modules" / "firebase-tools" / "lib" / "bin" / "firebase.js"
PROJECT = "demo-iv"
SITE = "demo-iv-page"
REGION = "europe-west1"


def why_not() -> str | None:
    """Say what this machine lacks, or nothing."""
    if shutil.which("node") is None:
        return "the Hosting emulator needs node, and there is no `node` here"
    return None if FIREBASE.exists() else "firebase-tools is not installed: it needs npm, and tests/install-tools"


def outputs(**page: Any) -> str:
    """What `terraform output -json` prints for a deployment of text alone; keywords change its `page`."""
    text_alone = {"next_turn_url": None, "livekit_url": None, "app_check": None}
    value = {"project": PROJECT, "site": SITE, "region": REGION, **text_alone, **page}
    return json.dumps({"page": {"sensitive": False, "type": "dynamic", "value": value}})


def build(folder: Path, **page: Any) -> Path:
    """Let the real script build a deployment; keywords as in `outputs`."""
    require(why_not_built())
    command = [sys.executable, str(DEPLOY), "--build-only", "--to", str(folder)]
    subprocess.run(command, input=outputs(**page), text=True, check=True)
    return folder


def policy_of(folder: Path) -> dict[str, list[str]]:
    """The Content-Security-Policy of a build, directive by directive."""
    rules = json.loads((folder / "firebase.json").read_text())["hosting"]["headers"]
    [value] = [h["value"] for rule in rules for h in rule["headers"] if h["key"] == "Content-Security-Policy"]
    return {name: sources for name, *sources in (part.split() for part in value.split(";"))}


class HostingEmulator(ManagedProcess):
    """Serves a folder with a `firebase.json` as Hosting would; its rewrites lead to `functions`.

    The emulator asks Cloud Run's API where a service is. Here a local server answers: at the address `functions`, in
    which `{service}` stands for its name.
    """

    ready_seconds = 60
    grace_seconds = 5

    def __init__(self, folder: Path, functions: str, port: int | None = None) -> None:
        self.port = port or free_port()
        self.services: list[str] = []
        self.cwd = folder
        self._functions = functions
        self._cloud_run = LocalServer(self._tell)

    @property
    def url(self) -> str:
        """The base URL, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def prepare(self) -> None:
        self._choose_ports()

    def command(self) -> Sequence[str]:
        return ["node", str(FIREBASE), "emulators:start", "--only", "hosting", "--project", PROJECT]

    def environment(self) -> Mapping[str, str]:
        quiet = {"CI": "true", "NO_UPDATE_NOTIFIER": "1", "HOME": str(self.cwd)}
        return {**clean_environment(), **quiet, "CLOUD_RUN_API_URL": self._cloud_run.url}

    def healthy(self) -> bool:
        return answer_of(f"{self.url}/") is not None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        super().__exit__(kind, error, at)
        self._cloud_run.__exit__(kind, error, at)

    def _tell(self, exchange: Exchange) -> None:
        self.services.append(exchange.path.partition("/locations/")[2])
        service = exchange.path.rpartition("/")[2]
        exchange.send_json(200, {"status": {"url": self._functions.format(service=service)}})

    def _choose_ports(self) -> None:
        path = self.cwd / "firebase.json"
        here: dict[str, Any] = {"host": "127.0.0.1", "port": self.port}
        others = {name: {**here, "port": free_port()} for name in ("hub", "logging")}
        emulators = {"hosting": here, **others, "ui": {"enabled": False}}
        path.write_text(json.dumps({**json.loads(path.read_text()), "emulators": emulators}))
