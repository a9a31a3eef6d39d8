"""Firebase Hosting in small: the page, and in front of the functions the rewrites that hosting/firebase.json asks for.

What Hosting does and this does not: caching, compression, cookies and TLS. What a function answers goes through as it
is, without the headers that are configured for files.
"""

import http.client
import json
import mimetypes
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from support.emulators import require
from support.globs import matches
from support.local_server import Exchange, LocalServer

HOSTING = Path(__file__).resolve().parents[2] / "hosting"
TIMEOUT_SECONDS = 60
BY_HOP = frozenset({"connection", "content-length", "host", "keep-alive", "te", "trailer", "transfer-encoding"})


def why_not_built() -> str | None:
    """Say what this machine lacks to build the page as it is deployed, or nothing."""
    if shutil.which("npm") is None:
        return "npm is missing, so the page cannot be built"
    return None if (HOSTING / "node_modules" / "esbuild").exists() else "esbuild is not installed: run hosting/install"


def build_page(folder: Path) -> Path:
    """Build the page as it is deployed, without what a deployment says of itself."""
    require(why_not_built())
    subprocess.run(["node", HOSTING / "build.mjs", folder], check=True, timeout=TIMEOUT_SECONDS)
    return folder


class Hosting(LocalServer):
    """Serves a build of the page; `services` leads from a rewrite's `serviceId` to the base URL of a function.

    `buffers` holds every answer back until it is whole, as Hosting was reported to do.
    """

    def __init__(self, services: Mapping[str, str], folder: Path, *, buffers: bool = False) -> None:
        self.services = services
        self.buffers = buffers
        self._config: dict[str, Any] = json.loads((folder / "firebase.json").read_text())["hosting"]
        self._public = folder / self._config["public"]
        super().__init__(self._serve_request)

    def service_of(self, path: str) -> str | None:
        """Name the function that a path leads to; the first rewrite that matches wins."""
        rules = self._config.get("rewrites", [])
        return next((str(rule["run"]["serviceId"]) for rule in rules if matches(rule["source"], path)), None)

    def headers_of(self, path: str) -> dict[str, str]:
        """Collect the headers of a file; of two rules for one header the later wins."""
        rules = [rule for rule in self._config.get("headers", []) if matches(rule["source"], path)]
        return {header["key"]: header["value"] for rule in rules for header in rule["headers"]}

    def _serve_request(self, exchange: Exchange) -> None:
        path = unquote(exchange.path)
        if (address := self._other_address(path)) is not None:
            exchange.send(301, b"", {"Location": address})
        elif (file := self._file(path)) is not None:
            self._send_file(exchange, 200, file)
        elif (service := self.service_of(path)) is not None:
            self._forward(exchange, self.services[service])
        else:
            self._send_file(exchange, 404, self._public / "404.html")

    def _other_address(self, path: str) -> str | None:
        """Where a file is that was asked for by another name: with its .html, or with a slash behind it."""
        plain = path.removesuffix(".html").removesuffix("/index") if self._config.get("cleanUrls") else path
        if self._config.get("trailingSlash") is False:
            plain = plain.rstrip("/")
        return (plain or "/") if (plain or "/") != path and self._file(plain or "/") else None

    def _file(self, path: str) -> Path | None:
        names = [path, f"{path.rstrip('/')}/index.html"]
        if self._config.get("cleanUrls"):
            names.append(f"{path}.html")
        files = (self._public / name.lstrip("/") for name in names)
        return next((file for file in files if file.is_file() and self._is_deployed(file)), None)

    def _is_deployed(self, file: Path) -> bool:
        inside = file.resolve().is_relative_to(self._public.resolve())
        return inside and not any(
            matches(glob, f"/{file.relative_to(self._public)}") for glob in self._config.get("ignore", [])
        )

    def _send_file(self, exchange: Exchange, status: int, file: Path) -> None:
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        exchange.send(status, file.read_bytes(), {"Content-Type": kind, **self.headers_of(unquote(exchange.path))})

    def _forward(self, exchange: Exchange, service: str) -> None:
        connection = http.client.HTTPConnection(urlsplit(service).netloc, timeout=TIMEOUT_SECONDS)
        query = f"?{urlencode(exchange.query, doseq=True)}" if exchange.query else ""
        try:
            connection.request(exchange.method, exchange.path + query, exchange.body or None, _forwarded(exchange))
            self._pass_on(exchange, connection.getresponse())
        except TimeoutError:
            exchange.send(504, b"The function did not answer in time.")
        except ConnectionRefusedError:
            exchange.send(502, b"The function does not run.")
        finally:
            connection.close()

    def _pass_on(self, exchange: Exchange, response: http.client.HTTPResponse) -> None:
        headers = {name: value for name, value in response.getheaders() if name.lower() not in BY_HOP}
        if self.buffers or response.length is not None:
            exchange.send(response.status, response.read(), headers)
            return
        exchange.begin(response.status, headers)
        for piece in _pieces(response):
            exchange.chunk(piece)
        exchange.end()


def _forwarded(exchange: Exchange) -> dict[str, str]:
    """Say on whose behalf; the last address is the one that Google's front end saw itself."""
    headers = {name: value for name, value in exchange.headers.items() if name not in BY_HOP}
    known = f"{headers['x-forwarded-for']}, " if "x-forwarded-for" in headers else ""
    return headers | {
        "x-forwarded-for": f"{known}127.0.0.1",
        "x-forwarded-host": exchange.headers.get("host", ""),
        "x-forwarded-proto": "https",
    }


def _pieces(response: http.client.HTTPResponse) -> Iterator[bytes]:
    """Whatever has arrived, as soon as it has."""
    while piece := response.read1():
        yield piece
