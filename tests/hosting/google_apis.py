"""Stand-ins for the Google APIs that `firebase deploy` calls, and the real `firebase` in front of them."""

import json
from pathlib import Path
from typing import Any

from hosting.emulator import FIREBASE, PROJECT, REGION, SITE
from support.local_server import Exchange, LocalServer

ADDRESSES = (
    "FIREBASE_API_URL",
    "FIREBASE_HOSTING_API_URL",
    "FIREBASE_RESOURCEMANAGER_URL",
    "FIREBASE_SERVICE_USAGE_URL",
    "FIREBASE_TOKEN_URL",
    "CLOUD_RUN_URL",
)
READY = {"observedGeneration": 1, "conditions": [{"type": "Ready", "status": "True"}]}


class GoogleApis:
    """One project with one Hosting site, whose Cloud Run services have had a first revision each."""

    def __init__(self, site_type: str = "DEFAULT_SITE") -> None:
        self.version: dict[str, Any] = {}
        self.files: dict[str, str] = {}
        self.tags: dict[str, list[dict[str, Any]]] = {}
        self.released = False
        self._site = {
            "name": f"projects/{PROJECT}/sites/{SITE}",
            "type": site_type,
            "defaultUrl": "https://page.example",
        }
        self.server = LocalServer(self._answer)

    def env(self, bin_folder: Path) -> dict[str, str]:
        """An environment in which `firebase` is the real one and calls only this server."""
        bin_folder.mkdir()
        command = bin_folder / "firebase"
        command.write_text(f'#!/bin/sh\nexec node "{FIREBASE}" "$@"\n')
        command.chmod(0o755)
        quiet = {"CI": "true", "NO_UPDATE_NOTIFIER": "1", "HOME": str(bin_folder), "FIREBASE_TOKEN": "a person's"}
        return {**quiet, **dict.fromkeys(ADDRESSES, self.server.url)}

    def _answer(self, exchange: Exchange) -> None:
        body = json.loads(exchange.body) if exchange.body.startswith(b"{") else {}
        exchange.send_json(200, self._said(exchange.method, exchange.path, body))

    def _said(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        if "/locations/" in path:
            return self._service(method, path.rpartition("/")[2], body)
        if path.endswith(":populateFiles"):
            self.files = body["files"]
            return {"uploadRequiredHashes": [], "uploadUrl": self.server.url}
        if method == "PATCH":
            self.version = body
        if path.endswith("/channels/live/releases"):
            self.released = True
        answers: dict[str, dict[str, Any]] = {
            ":testIamPermissions": {"permissions": body.get("permissions")},
            "/token": {"access_token": "ours", "expires_in": 3600},
            "/sites": {"sites": [self._site]},
            f"/sites/{SITE}": self._site,
            "/versions": {"name": f"{self._site['name']}/versions/v1"},
        }
        return next((said for end, said in answers.items() if path.endswith(end)), {"state": "ENABLED", **body})

    def _service(self, method: str, name: str, body: dict[str, Any]) -> dict[str, Any]:
        if method == "PUT":
            self.tags[name] = body["spec"]["traffic"]
        labels = {"cloud.googleapis.com/location": REGION}
        return {
            "metadata": {"name": name, "namespace": "123", "generation": 1, "labels": labels},
            "spec": {"traffic": [{"latestRevision": True, "percent": 100}]},
            "status": {**READY, "latestReadyRevisionName": f"{name}-00001"},
        }
