"""Read an interview's transcript and state."""

from __future__ import annotations

from flask import Request, Response

from interviewos.domain.errors import InvalidField
from interviewos.usecases import sessions
from interviewos.web.app import App, Route
from interviewos.web.callers import open_interview
from interviewos.web.endpoints.health import health_at
from interviewos.web.http import answer
from interviewos.web.schemas import ACCEPTS
from interviewos.web.views import etag, messages_view


def messages(app: App, request: Request, session_id: str) -> Response:
    session_id = session_id.lower()
    caller = open_interview(app, request, session_id)
    after = _after(request)
    seen = sessions.read(app.store, session_id, caller.incarnation)
    tag = etag(seen, after)
    if request.if_none_match.contains_weak(tag):  # whatever compresses on the way weakens the tag
        return Response(status=304, headers={"ETag": f'"{tag}"'})
    return answer(messages_view(seen, after, app.plans.of(seen.interview), ACCEPTS), headers={"ETag": f'"{tag}"'})


def _after(request: Request) -> int:
    values = request.args.getlist("after")
    unknown = set(request.args) - {"after"}
    if unknown or len(values) > 1 or any(not (v.isascii() and v.isdigit() and len(v) <= 6) for v in values):
        raise InvalidField("after is the seq of the last message you have: one number, the only parameter.")
    return int(values[0]) if values else 0


_PATH = "sessions/<string(length=36):session_id>/messages"
ROUTES = (Route(_PATH, "GET", messages), health_at(_PATH), health_at("sessions/messages"))
