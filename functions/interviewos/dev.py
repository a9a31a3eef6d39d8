"""The whole service on a laptop: `python -m interviewos.dev`.

One process under the production server, one origin for page and functions, no key and no cloud. What it needs and
nobody set it makes up: secrets of its own, readable by their owner only.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import MutableMapping
from functools import cache
from pathlib import Path

from flask import Request, Response, send_from_directory
from werkzeug.exceptions import NotFound

FUNCTIONS = Path(__file__).parent.parent
HOSTING = FUNCTIONS.parent / "hosting"


def main() -> None:
    """Serve until interrupted."""
    prepare(os.environ)
    from functions_framework import create_app
    from functions_framework._http import create_server

    from interviewos import bootstrap
    from interviewos.settings import SettingsError

    try:
        bootstrap.settings()
    except SettingsError as error:
        sys.exit(f"This cannot start:\n{error}")
    app = create_app("dev", str(FUNCTIONS / "main.py"), "http")
    host, port = os.environ["HOST"], os.environ["PORT"]
    print(_banner(f"http://{host}:{port}"), flush=True)
    create_server(app, debug=False, post_worker_init=_start_clock).run(host, int(port))


def prepare(environ: MutableMapping[str, str]) -> None:
    """Fill in what a laptop's environment lacks."""
    environ.setdefault("HOST", "127.0.0.1")
    environ.setdefault("PORT", "8080")
    environ.setdefault("THREADS", "80")
    environ.setdefault("INTERVIEWOS_DATA", str(FUNCTIONS.parent / ".interviewos"))
    environ.setdefault("ALLOWED_ORIGINS", f"http://{environ['HOST']}:{environ['PORT']}")
    environ["FUNCTION_TARGET"] = "dev"
    data = Path(environ["INTERVIEWOS_DATA"])
    data.mkdir(mode=0o700, parents=True, exist_ok=True)  # transcripts are nobody else's to read
    for name, value in _own_secrets(data).items():
        environ.setdefault(name, value)


def _own_secrets(data: Path) -> dict[str, str]:
    """Read this laptop's secrets, or make them, so that links to interviews outlive a restart."""
    path = data / "secrets.json"
    if not path.exists():
        made = {name: secrets.token_urlsafe(32) for name in ("INGEST_SECRET", "SESSION_SIGNING_KEY")}
        half = path.with_suffix(".new")
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(made, file)
        half.replace(path)
    loaded: dict[str, str] = json.loads(path.read_text())
    return loaded


def _start_clock(worker: object) -> None:
    """Set the alarms of the interviews that were open when the last process ended; threads do not survive a fork."""
    from interviewos import bootstrap

    bootstrap.turns()


def _banner(url: str) -> str:
    from interviewos import bootstrap

    settings = bootstrap.settings()
    gemini = settings.gemini
    offline = "offline script, no AI model (set GOOGLE_API_KEY for Gemini)"
    rows = {
        "page": url,
        "interviewer": f"Gemini, {gemini.model}" if gemini.configured else offline,
        "store": f"Firestore, {settings.firestore_project}" if settings.firestore else f"SQLite in {settings.data}",
        "clock": "Cloud Tasks" if settings.tasks.configured else "alarms in this process",
        "voice": f"LiveKit, {settings.livekit.url}" if settings.livekit.configured else "not configured (text only)",
        "secrets": f"{settings.data}/secrets.json",
    }
    return "\n".join(f"{name:>12}  {value}" for name, value in rows.items())


# the page, with the headers that Firebase Hosting would send


def is_page(request: Request) -> bool:
    return not request.path.startswith("/api/")


def serve_page(request: Request) -> Response:
    """Serve a file of the page, as `firebase.json` says."""
    name = request.path.lstrip("/") or "index.html"
    if "." not in name:
        name = f"{name}.html"
    if request.method not in ("GET", "HEAD"):
        return Response(status=405, headers={"Allow": "GET, HEAD"})
    try:
        response = send_from_directory(HOSTING / "public", name, conditional=True)
    except NotFound:
        response = send_from_directory(HOSTING / "public", "404.html")
        response.status_code = 404
    for name, value in _page_headers().items():
        response.headers[name] = value
    return response


@cache
def _page_headers() -> dict[str, str]:
    """Read the headers that hold for every file of the page, and let the page connect to LiveKit where that is."""
    from interviewos import bootstrap

    rules = json.loads((HOSTING / "firebase.json").read_text())["hosting"]["headers"]
    headers = {h["key"]: h["value"] for rule in rules if rule["source"] == "**" for h in rule["headers"]}
    livekit = bootstrap.settings().livekit
    if livekit.configured:
        policy, mine = headers["Content-Security-Policy"], "connect-src 'self'"
        headers["Content-Security-Policy"] = policy.replace(mine, f"{mine} {livekit.url} {livekit.api_url}")
    return headers


if __name__ == "__main__":
    main()
