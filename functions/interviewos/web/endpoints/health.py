"""Whether an entry point runs at all."""

from __future__ import annotations

from flask import Request, Response

from interviewos.web.app import App, Route
from interviewos.web.http import answer


def health(app: App, request: Request, **_: str) -> Response:
    return answer({"status": "ok"})


def health_at(path: str) -> Route:
    """Answer at this address that the entry point runs."""
    return Route(f"{path}/health", "GET", health)
