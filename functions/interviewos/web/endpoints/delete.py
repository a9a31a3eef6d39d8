"""Delete an interview."""

from __future__ import annotations

from flask import Request, Response

from interviewos.usecases import sessions
from interviewos.web.app import App, Route
from interviewos.web.callers import open_interview


def delete(app: App, request: Request, session_id: str) -> Response:
    session_id = session_id.lower()
    caller = open_interview(app, request, session_id)
    sessions.delete(app.store, app.voice_room, session_id, caller.incarnation, app.budget)
    return Response(status=204)


ROUTES = (Route("sessions/<string(length=36):session_id>", "DELETE", delete),)
