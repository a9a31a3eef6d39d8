"""Wake every interview that is overdue, for Cloud Scheduler."""

from __future__ import annotations

from dataclasses import asdict

from flask import Request, Response

from interviewos.usecases import sweeping
from interviewos.web.app import App, Route
from interviewos.web.endpoints.health import health_at
from interviewos.web.http import answer


def sweep(app: App, request: Request) -> Response:
    app.google_callers.check(request.headers.get("Authorization"), app.settings.tasks.sweep_invoker)
    return answer(asdict(sweeping.sweep(app.turns, app.clock())))


ROUTES = (Route("tasks/sweep", "POST", sweep), health_at("tasks/sweep"))
