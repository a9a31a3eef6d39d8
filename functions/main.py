"""The entry points. Each deploys alone as an HTTPS function and answers its own paths, `…/health` included.

What an entry point does not need it does not import: a cold start is imports.
"""

from __future__ import annotations

import logging
import re
import uuid

import flask
import functions_framework
from flask import Request, Response

from interviewos import bootstrap
from interviewos.domain.errors import (
    AnsweredElsewhere,
    Forbidden,
    InterviewError,
    InvalidField,
    RequestTimeout,
    StoreUnavailable,
    TurnInProgress,
    Unauthenticated,
    UnknownSession,
)
from interviewos.domain.interview import Candidate, Event, EventType
from interviewos.usecases import sessions
from interviewos.usecases.turns import Answered, utc_now
from interviewos.usecases.turns import sweep as sweep_due
from interviewos.web.auth import Caller, identify
from interviewos.web.http import LIMITS, Route, answer, serve, stream, wants_stream
from interviewos.web.request_body import BODY_SECONDS, UNKNOWN_BODY_SECONDS, read_json
from interviewos.web.schemas import CreateBody, SessionBody, TurnBody, event_of, is_session_id, shape
from interviewos.web.views import (
    access_view,
    created_view,
    etag,
    event_view,
    instead_view,
    messages_view,
    turn_health_view,
    turn_view,
)

logger = logging.getLogger("interviewos.main")

bootstrap.settings()  # what cannot work refuses to start


@functions_framework.http
def create(request: Request) -> Response:
    """Create an interview, and describe the whole service in openapi.json."""
    return _serve(request, CREATE)


@functions_framework.http
def messages(request: Request) -> Response:
    """Read an interview's transcript and state, or delete it."""
    return _serve(request, MESSAGES)


@functions_framework.http
def next_turn(request: Request) -> Response:
    """Take one turn of an interview, for a candidate's page or for a trusted server."""
    return _serve(request, NEXT_TURN)


@functions_framework.http
def token(request: Request) -> Response:
    """Give access to an interview's voice room."""
    return _serve(request, TOKEN)


@functions_framework.http
def stage_timeout(request: Request) -> Response:
    """Wake one interview, for Cloud Tasks."""
    return _serve(request, STAGE_TIMEOUT)


@functions_framework.http
def sweep(request: Request) -> Response:
    """Wake every interview that is overdue, for Cloud Scheduler."""
    return _serve(request, SWEEP)


@functions_framework.http
def dev(request: Request) -> Response:
    """Serve everything on one origin, the page included, on a laptop."""
    from interviewos.dev import is_page, serve_page

    if is_page(request):
        return serve_page(request)
    return _serve(request, (*CREATE, *MESSAGES, *NEXT_TURN, *TOKEN, *STAGE_TIMEOUT, *SWEEP))


@functions_framework.errorhandler(404)  # type: ignore[untyped-decorator]
def not_found(error: Exception) -> Response:
    """Answer what the framework's own routes do not match, such as a path with a line break in it."""
    return _serve(flask.request, ())


def _serve(request: Request, routes: tuple[Route, ...]) -> Response:
    return serve(request, routes, bootstrap.settings().allowed_origins)


def _identify(request: Request) -> Caller:
    headers = request.headers
    secret, authorization = headers.get("X-Ingest-Secret"), headers.get("Authorization")
    return identify(authorization, secret, bootstrap.tokens(), bootstrap.settings().ingest)


def _open(request: Request, session_id: str) -> Caller:
    """Let a caller to one interview, a few times in a minute, or answer as if it did not exist."""
    caller = _identify(request)
    if not caller.trusted and caller.session_id is None:
        raise Unauthenticated
    if not (is_session_id(session_id) and caller.may_open(session_id)):
        raise UnknownSession
    _count(request, "read", caller)
    return caller


def _count(request: Request, policy: str, caller: Caller) -> None:
    """Count a candidate's call before anything is done for it. Raises RateLimited."""
    if not caller.trusted and caller.session_id is not None:
        request.environ[LIMITS] = bootstrap.rate_limits().hit(policy, caller.session_id)


def _health(request: Request, **_: str) -> Response:
    return answer({"status": "ok"})


# create


def _create(request: Request) -> Response:
    """Create an interview: one write, and where daily caps are set up to two reads and one write more for a stranger.

    A stranger passes the cheapest guard first: the address's own limit, App Check, the caps that all processes share.
    """
    caller = _identify(request)
    key = _idempotency_key(request, caller)
    body = shape(read_json(request, BODY_SECONDS if caller.trusted else UNKNOWN_BODY_SECONDS), CreateBody)
    if not caller.trusted:
        _check_stranger(request)
    settings = bootstrap.settings()
    capped = settings.daily_caps.configured and not caller.trusted
    interview = sessions.create(
        bootstrap.store(),
        Candidate(body.candidate_name, body.role),
        key=key,
        scope="trusted" if caller.trusted else "anonymous",
        now=utc_now(),
        retention=settings.retention,
        charge=bootstrap.budget().charge_interview if capped else None,
    )
    page = settings.allowed_origins[0] if settings.allowed_origins else ""
    session_token = bootstrap.tokens().issue(interview.session_id, interview.incarnation, interview.expire_at)
    return answer(created_view(interview, session_token, page), 201)


def _check_stranger(request: Request) -> None:
    """Let a stranger to the door, a few times in a minute."""
    from interviewos.web.rate_limit import sender_of

    sender, limits = sender_of(request, bootstrap.settings().deployed), bootstrap.rate_limits()
    request.environ[LIMITS] = limits.hit("create", sender.address)
    limits.hit("create-by-proxy", sender.hop)
    if app_check := bootstrap.app_check():
        app_check.check(request.headers.get("X-Firebase-AppCheck", ""))


def _idempotency_key(request: Request, caller: Caller) -> str:
    """Read the key; a stranger's must be a UUID, since whoever knows it gets the interview that it made."""
    header = request.headers.get("Idempotency-Key")
    if header is None:
        return ""
    key = re.fullmatch(r'"?([!#-~]{1,128})"?', header)
    if key is None:
        raise InvalidField("Idempotency-Key must have 1 to 128 printable ASCII characters without blanks.")
    if caller.trusted:
        return key[1]
    try:
        return str(uuid.UUID(key[1]))
    except ValueError:
        raise InvalidField("Idempotency-Key must be a UUID.") from None


def _openapi(request: Request) -> Response:
    from interviewos.web.openapi import document

    return answer(document())


# messages


def _messages(request: Request, session_id: str) -> Response:
    session_id = session_id.lower()
    caller = _open(request, session_id)
    after = _after(request)
    seen = sessions.read(bootstrap.store(), session_id, caller.incarnation)
    tag = etag(seen, after)
    if request.if_none_match.contains_weak(tag):  # whatever compresses on the way weakens the tag
        return Response(status=304, headers={"ETag": f'"{tag}"'})
    return answer(messages_view(seen, after), headers={"ETag": f'"{tag}"'})


def _after(request: Request) -> int:
    values = request.args.getlist("after")
    unknown = set(request.args) - {"after"}
    if unknown or len(values) > 1 or any(not (v.isascii() and v.isdigit() and len(v) <= 6) for v in values):
        raise InvalidField("after is the seq of the last message you have: one number, the only parameter.")
    return int(values[0]) if values else 0


def _delete(request: Request, session_id: str) -> Response:
    session_id = session_id.lower()
    caller = _open(request, session_id)
    sessions.delete(bootstrap.store(), bootstrap.voice_room(), session_id, caller.incarnation, bootstrap.budget())
    return Response(status=204)


# next_turn


def _candidate_turn(request: Request) -> Response:
    caller = _identify(request)
    if caller.session_id is None:
        raise Unauthenticated
    _count(request, "turn", caller)
    body = shape(read_json(request), TurnBody)
    if body.event_type is EventType.TIMEOUT:
        raise Forbidden
    if body.session_id != caller.session_id:
        raise UnknownSession
    return _turn(request, event_of(body, caller.incarnation))


def _trusted_turn(request: Request) -> Response:
    if not _identify(request).trusted:
        raise Unauthenticated
    return _turn(request, event_of(shape(read_json(request), TurnBody)))


def _turn(request: Request, event: Event) -> Response:
    steps = bootstrap.turns().take_turn(event)
    try:
        if wants_stream(request):
            return stream(event_view(step) for step in steps)
        *_, answered = steps
    except AnsweredElsewhere as error:
        error.members = instead_view(error.instead)
        raise
    assert isinstance(answered, Answered)
    return answer(turn_view(answered))


def _next_turn_health(request: Request) -> Response:
    """Warm up what the first turn needs, and say what an interview here is like."""
    settings = bootstrap.settings()
    source, voice = bootstrap.turns().interviewer.source, settings.livekit.configured
    return answer(turn_health_view(source, voice, settings.plan, settings.retention))


# token


def _token(request: Request) -> Response:
    caller = _identify(request)
    if not caller.trusted and caller.session_id is None:
        raise Unauthenticated
    _count(request, "voice", caller)
    body = shape(read_json(request), SessionBody)
    if not caller.may_open(body.session_id):
        raise UnknownSession
    store, room = bootstrap.store(), bootstrap.voice_room()
    return answer(access_view(*sessions.admit(store, room, body.session_id, caller.incarnation)))


# the clock


def _let_google_in(request: Request, invoker: str) -> None:
    bootstrap.google_callers().check(request.headers.get("Authorization"), invoker)


def _stage_timeout(request: Request) -> Response:
    """Wake an interview; whatever Cloud Tasks cannot mend by trying again is answered 200."""
    _let_google_in(request, bootstrap.settings().tasks.invoker)
    try:
        session_id = shape(read_json(request), SessionBody).session_id
        return answer({"moved": bootstrap.turns().wake(session_id)})
    except (RequestTimeout, TurnInProgress, StoreUnavailable):
        raise
    except InterviewError as error:
        logger.error("callback not understood", extra={"why": error.slug})
        return answer({"moved": False})


def _sweep(request: Request) -> Response:
    _let_google_in(request, bootstrap.settings().tasks.sweep_invoker)
    moved, left = sweep_due(bootstrap.turns(), utc_now())
    return answer({"moved": moved, "left": left})


CREATE = (
    Route("sessions/create", "POST", _create),
    Route("sessions/create/health", "GET", _health),
    Route("openapi.json", "GET", _openapi),
)
MESSAGES = (
    Route("sessions/<string(length=36):session_id>/messages", "GET", _messages),
    Route("sessions/<string(length=36):session_id>/messages/health", "GET", _health),
    Route("sessions/messages/health", "GET", _health),
    Route("sessions/<string(length=36):session_id>", "DELETE", _delete),
)
NEXT_TURN = (
    Route("ui/next_turn", "POST", _candidate_turn),
    Route("engine/next_turn", "POST", _trusted_turn),
    Route("ui/next_turn/health", "GET", _next_turn_health),
    Route("engine/next_turn/health", "GET", _next_turn_health),
)
TOKEN = (
    Route("livekit/token", "POST", _token),
    Route("livekit/token/health", "GET", _health),
)
STAGE_TIMEOUT = (
    Route("tasks/stage_timeout", "POST", _stage_timeout),
    Route("tasks/stage_timeout/health", "GET", _health),
)
SWEEP = (
    Route("tasks/sweep", "POST", _sweep),
    Route("tasks/sweep/health", "GET", _health),
)
