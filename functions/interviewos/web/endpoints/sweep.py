"""Wake every interview that is overdue, for Cloud Scheduler."""

from __future__ import annotations

from flask import Request, Response

from interviewos.usecases import turns
from interviewos.web.app import App, Route
from interviewos.web.endpoints.health import health_at
from interviewos.web.http import answer


def sweep(app: App, request: Request) -> Response:
    app.google_callers.check(request.headers.get("Authorization"), app.settings.tasks.sweep_invoker)
    moved, left = turns.sweep(app.turns, app.clock())
    return answer({"moved": moved, "left": left})


ROUTES = (Route("tasks/sweep", "POST", sweep), health_at("tasks/sweep"))
