"""Give access to an interview's voice room."""

from __future__ import annotations

from flask import Request, Response

from interviewos.domain.errors import UnknownSession
from interviewos.usecases import sessions
from interviewos.web.app import App, Route
from interviewos.web.callers import count, known_caller_of
from interviewos.web.endpoints.health import health_at
from interviewos.web.http import answer
from interviewos.web.request_body import read_json
from interviewos.web.schemas import SessionBody, decode
from interviewos.web.views import access_view


def token(app: App, request: Request) -> Response:
    caller = known_caller_of(app, request)
    count(app, request, "voice", caller)
    body = decode(read_json(request), SessionBody)
    if not caller.may_open(body.session_id):
        raise UnknownSession
    return answer(access_view(*sessions.join_room(app.store, app.voice_room, body.session_id, caller.incarnation)))


ROUTES = (Route("livekit/token", "POST", token), health_at("livekit/token"))
