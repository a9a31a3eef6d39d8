"""The whole service on a laptop: `python -m interviewos.dev`.

One process under the production server, one origin for page and functions, no key and no cloud. What it needs and
nobody set it makes up: secrets of its own, readable by their owner only.
"""

from __future__ import annotations

import ipaddress
import json
import os
import secrets
import socket
import sys
import uuid
from collections.abc import Iterator, MutableMapping
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from urllib.parse import urlsplit

from flask import Request, Response, request, send_from_directory
from werkzeug.exceptions import NotFound

from interviewos.domain.errors import Forbidden, StoreUnavailable
from interviewos.settings import LiveKitSettings, Settings, SettingsError
from interviewos.web.app import App
from interviewos.web.http import problem
from interviewos.web.request_body import drop_rest

FUNCTIONS = Path(__file__).parent.parent
HOSTING = FUNCTIONS.parent / "hosting"


def main() -> None:
    """Serve until interrupted."""
    prepare(os.environ)
    from functions_framework import create_app
    from functions_framework._http import create_server

    from interviewos import server

    try:
        settings = Settings.from_env(os.environ)
    except SettingsError as error:
        sys.exit(f"This cannot start:\n{error}")
    host, port = os.environ["HOST"], os.environ["PORT"]
    check_address(host, port)
    wsgi = create_app("dev", str(FUNCTIONS / "main.py"), "http")
    app: App = sys.modules["main"].APP  # the framework has just loaded it
    server.allow_files()
    wsgi.before_request(partial(refuse_foreign_names, settings))
    print(_banner(settings, pages(host, port)), flush=True)
    options = {
        **server.OPTIONS,
        "worker_class": server.worker_class(app.tokens, settings.ingest),
        "post_worker_init": partial(_start_clock, app),
    }
    create_server(wsgi, debug=False, **options).run(_in_url(host), int(port))


def prepare(environ: MutableMapping[str, str]) -> None:
    """Fill in what a laptop's environment lacks."""
    environ["HOST"] = environ.get("HOST", "").strip("[] ") or "127.0.0.1"
    environ["PORT"] = environ.get("PORT", "").strip() or "8080"
    environ.setdefault("THREADS", "80")
    environ.setdefault("INTERVIEWOS_DATA", str(FUNCTIONS.parent / ".interviewos"))
    environ.setdefault("ALLOWED_ORIGINS", ",".join(reversed(pages(environ["HOST"], environ["PORT"]))))
    environ["FUNCTION_TARGET"] = "dev"
    data = Path(environ["INTERVIEWOS_DATA"])
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)  # only their owner may read transcripts
        made = _own_secrets(data)
    except OSError as error:
        sys.exit(f"INTERVIEWOS_DATA={data} cannot be written: {error.strerror}. Choose another folder.")
    for name, value in made.items():
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


# where it listens

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104, only where HOST says so
"""What listens on all addresses of a machine, and where it is found on the machine itself."""
_FAR_AWAY = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))


def check_address(host: str, port: str) -> None:
    """End with a sentence where the address cannot be listened on."""
    if not (port.isascii() and port.isdigit() and len(port) < 6 and 1 <= int(port) <= 65_535):
        sys.exit("PORT must be a whole number from 1 to 65535.")
    try:
        family, kind, *_, address = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror:
        sys.exit(f"HOST={host} is no address and no name of this machine.")
    except OSError as error:
        sys.exit(f"Nobody can listen at HOST={host} PORT={port}: {error.strerror}. Choose another PORT or HOST.")


def pages(host: str, port: str) -> list[str]:
    """Give the page's addresses: this machine's own first, then those that others can open."""
    hosts = [EVERYWHERE.get(host, host), *(_own_addresses(host) if host in EVERYWHERE else ())]
    return [f"http://{_in_url(each)}:{port}" for each in hosts]


def _own_addresses(everywhere: str) -> Iterator[str]:
    """Ask by which address this machine would go out; nothing is sent."""
    for family, far_away in _FAR_AWAY[: 1 if everywhere == "0.0.0.0" else 2]:  # noqa: S104
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((far_away, 9))
            yield probe.getsockname()[0]


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def refuse_foreign_names(settings: Settings) -> Response | None:
    """Answer only to names that lead here on purpose.

    Any site can have its own name lead to this machine (DNS rebinding), and its pages would then be ours in the eyes of
    a browser. An address, or a name that only a local network knows, it cannot have.
    """
    known = {urlsplit(origin).netloc for origin in settings.allowed_origins}
    if is_local(request.host) or request.host in known:
        return None
    error = Forbidden("This server is not known by that name: add its origin to ALLOWED_ORIGINS.")
    return drop_rest(request, problem(error, str(uuid.uuid4())))


def is_local(host: str) -> bool:
    """Whether a Host header is an address, or a name that no public name server gives out."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    with suppress(ValueError):
        return bool(ipaddress.ip_address(name))
    return "." not in name or name.endswith((".local", ".localhost"))


def _start_clock(app: App, worker: object) -> None:
    """Set the alarms of the interviews that were open when the last process ended; threads do not survive a fork.

    Where the store is down, the log has said why, and the first turn that finds it sets them.
    """
    with suppress(StoreUnavailable):
        _ = app.turns


def _banner(settings: Settings, pages: list[str]) -> str:
    gemini = settings.gemini
    offline = "offline script, no AI model (set GOOGLE_API_KEY for Gemini)"
    rows = {
        "page": ", ".join(pages),
        "interviewer": f"Gemini, {gemini.model}" if gemini.configured else offline,
        "store": f"Firestore, {settings.firestore_project}" if settings.firestore else f"SQLite in {settings.data}",
        "clock": "Cloud Tasks" if settings.tasks.configured else "alarms in this process",
        "voice": f"LiveKit, {settings.livekit.url}" if settings.livekit.configured else "not configured (text only)",
        "secrets": f"{settings.data}/secrets.json",
    }
    return "\n".join(f"{name:>12}  {value}" for name, value in rows.items())


# the page as its sources are, with the headers that Firebase Hosting would send


def is_page(request: Request) -> bool:
    return not request.path.startswith("/api/")


def serve_page(settings: Settings, request: Request) -> Response:
    """Serve a source of the page, with the headers of `firebase.json`; browsers need no build of them."""
    name = request.path.lstrip("/") or "index.html"
    if "." not in name:
        name = f"{name}.html"
    if request.method not in ("GET", "HEAD"):
        return Response(status=405, headers={"Allow": "GET, HEAD"})
    try:
        response = send_from_directory(HOSTING / "src", name, conditional=True)
    except NotFound:
        response = send_from_directory(HOSTING / "src", "404.html")
        response.status_code = 404
    for name, value in _page_headers(settings.livekit).items():
        response.headers[name] = value
    return response


@cache
def _page_headers(livekit: LiveKitSettings) -> dict[str, str]:
    """Read the headers that hold for every file of the page, and let the page connect to LiveKit where that is."""
    rules = json.loads((HOSTING / "firebase.json").read_text())["hosting"]["headers"]
    headers = {h["key"]: h["value"] for rule in rules if rule["source"] == "**" for h in rule["headers"]}
    if livekit.configured:
        policy, mine = headers["Content-Security-Policy"], "connect-src 'self'"
        headers["Content-Security-Policy"] = policy.replace(mine, f"{mine} {livekit.url} {livekit.api_url}")
    return headers


if __name__ == "__main__":
    main()
