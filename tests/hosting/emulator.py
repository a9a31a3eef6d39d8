"""Firebase's own Hosting emulator in front of functions that a test chooses."""

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from support.emulators import require
from support.hosting import why_not_built
from support.local_server import Exchange, LocalServer
from support.process import Child, free_port
from support.server import INHERITED

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


class HostingEmulator:
    """Serves a folder with a `firebase.json` as Hosting would; its rewrites lead to `functions`.

    The emulator asks Cloud Run's API where a service is. Here a local server answers: at the address `functions`, in
    which `{service}` stands for its name.
    """

    def __init__(self, folder: Path, functions: str, port: int | None = None) -> None:
        self.port = port or free_port()
        self.services: list[str] = []
        self._folder = folder
        self._functions = functions
        self._cloud_run = LocalServer(self._tell)
        self._child: Child | None = None

    @property
    def url(self) -> str:
        """The base URL, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._cloud_run.__enter__()
        self._choose_ports()
        command = ["node", str(FIREBASE), "emulators:start", "--only", "hosting", "--project", PROJECT]
        self._child = Child(command, cwd=self._folder, env=self._environment())
        try:
            self._child.wait_until_ready(self._answers, seconds=60)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        assert self._child is not None
        self._child.terminate(grace_seconds=5)
        self._child.close()
        self._cloud_run.__exit__(kind, error, at)

    def _tell(self, exchange: Exchange) -> None:
        self.services.append(exchange.path.partition("/locations/")[2])
        service = exchange.path.rpartition("/")[2]
        exchange.send_json(200, {"status": {"url": self._functions.format(service=service)}})

    def _choose_ports(self) -> None:
        path = self._folder / "firebase.json"
        here: dict[str, Any] = {"host": "127.0.0.1", "port": self.port}
        others = {name: {**here, "port": free_port()} for name in ("hub", "logging")}
        emulators = {"hosting": here, **others, "ui": {"enabled": False}}
        path.write_text(json.dumps({**json.loads(path.read_text()), "emulators": emulators}))

    def _environment(self) -> dict[str, str]:
        inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
        quiet = {"CI": "true", "NO_UPDATE_NOTIFIER": "1", "HOME": str(self._folder)}
        return {**inherited, **quiet, "CLOUD_RUN_API_URL": self._cloud_run.url}

    def _answers(self) -> bool:
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with direct.open(f"{self.url}/", timeout=5) as response:
                return bool(response.status == 200)
        except OSError:
            return False
