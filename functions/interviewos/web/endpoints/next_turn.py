"""Take one turn of an interview, for a candidate's page or for a trusted server."""

from __future__ import annotations

from flask import Request, Response

from interviewos.domain.errors import AnsweredElsewhere, Forbidden, Unauthenticated, UnknownSession
from interviewos.domain.interview import Event, EventType
from interviewos.usecases.turns import Answered
from interviewos.web.app import App, Route
from interviewos.web.callers import caller_of, count
from interviewos.web.http import answer, stream, wants_stream
from interviewos.web.request_body import read_json
from interviewos.web.schemas import TurnBody, decode, event_of
from interviewos.web.views import event_view, instead_view, turn_health_view, turn_view


def candidate_turn(app: App, request: Request) -> Response:
    caller = caller_of(app, request)
    if caller.session_id is None:
        raise Unauthenticated
    count(app, request, "turn", caller)
    body = decode(read_json(request), TurnBody)
    if body.event_type is EventType.TIMEOUT:
        raise Forbidden
    if body.session_id != caller.session_id:
        raise UnknownSession
    return _turn(app, request, event_of(body, caller.incarnation))


def trusted_turn(app: App, request: Request) -> Response:
    if not caller_of(app, request).trusted:
        raise Unauthenticated
    return _turn(app, request, event_of(decode(read_json(request), TurnBody)))


def _turn(app: App, request: Request, event: Event) -> Response:
    steps = app.turns.take_turn(event)
    try:
        if wants_stream(request):
            return stream(event_view(step) for step in steps)
        *_, answered = steps
    except AnsweredElsewhere as error:
        error.members = instead_view(error.instead)
        raise
    assert isinstance(answered, Answered)
    return answer(turn_view(answered))


def health(app: App, request: Request) -> Response:
    """Warm up what the first turn needs, and say what an interview here is like."""
    source, settings = app.turns.interviewer.source, app.settings
    return answer(turn_health_view(source, settings.livekit.configured, app.plans.default, settings.retention))


ROUTES = (
    Route("ui/next_turn", "POST", candidate_turn),
    Route("engine/next_turn", "POST", trusted_turn),
    Route("ui/next_turn/health", "GET", health),
    Route("engine/next_turn/health", "GET", health),
)
