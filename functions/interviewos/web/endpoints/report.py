"""Read the report on an interview, and say what is wrong in it."""

from __future__ import annotations

from flask import Request, Response

from interviewos.domain.report import Grading, Objection
from interviewos.usecases import reports, sessions
from interviewos.web.app import App, Route
from interviewos.web.callers import open_interview
from interviewos.web.endpoints.health import health_at
from interviewos.web.http import answer
from interviewos.web.report_view import report_view
from interviewos.web.request_body import read_json
from interviewos.web.schemas import ObjectionBody, decode
from interviewos.web.views import etag

PENDING_SECONDS = 5
"""When it is worth asking again for what a model still reads."""


def report(app: App, request: Request, session_id: str) -> Response:
    session_id = session_id.lower()
    caller = open_interview(app, request, session_id)
    seen = sessions.read(app.store, session_id, caller.incarnation)
    plan = app.plans.of(seen.interview)
    made = reports.report_of(plan, seen.interview, seen.at)
    headers = {"ETag": f'"{etag(seen, 0)}"'}
    if made.grading is Grading.PENDING:
        headers["Retry-After"] = str(PENDING_SECONDS)
    if request.if_none_match.contains_weak(etag(seen, 0)):
        return Response(status=304, headers=headers)
    return answer(report_view(seen, plan, made), headers=headers)


def wrong(app: App, request: Request, session_id: str) -> Response:
    session_id = session_id.lower()
    caller = open_interview(app, request, session_id)
    body = decode(read_json(request), ObjectionBody)
    seen = sessions.read(app.store, session_id, caller.incarnation)
    objection = Objection(body.seq, body.start, body.sign, body.words)
    reports.object_to(app.store, app.plans.of(seen.interview), session_id, objection)
    return Response(status=204)


_PATH = "sessions/<string(length=36):session_id>/report"
ROUTES = (Route(_PATH, "GET", report), Route(f"{_PATH}/wrong", "POST", wrong), health_at(_PATH))
