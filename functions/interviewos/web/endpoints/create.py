"""Create an interview."""

from __future__ import annotations

import re
import uuid

from flask import Request, Response

from interviewos.domain.choice import Choice, choose
from interviewos.domain.errors import InvalidField
from interviewos.domain.interview import Candidate, Paste
from interviewos.usecases import sessions
from interviewos.web.app import App, Route
from interviewos.web.auth import Caller
from interviewos.web.callers import caller_of
from interviewos.web.endpoints.health import health_at
from interviewos.web.http import LIMITS, answer
from interviewos.web.rate_limit import sender_of
from interviewos.web.request_body import BODY_SECONDS, MAX_PASTE_BYTES, UNKNOWN_BODY_SECONDS, read_json
from interviewos.web.schemas import ACCEPTS, CreateBody, decode
from interviewos.web.views import created_view


def create(app: App, request: Request) -> Response:
    """Create an interview: one write, and where daily caps are set up to two reads and one write more for a stranger.

    A stranger passes the cheapest guard first: the address's own limit, App Check, the caps that all processes share.
    """
    caller = caller_of(app, request)
    key = _idempotency_key(request, caller)
    seconds = BODY_SECONDS if caller.trusted else UNKNOWN_BODY_SECONDS
    body = decode(read_json(request, seconds, MAX_PASTE_BYTES), CreateBody)
    if not caller.trusted:
        _check_stranger(app, request)
    settings, choice = app.settings, Choice(body.level, body.time_factor, frozenset(body.seen), body.only)
    capped = settings.daily_caps.configured and not caller.trusted
    interview = sessions.create(
        app.store,
        Candidate(body.candidate_name, body.role, Paste(body.job, body.background)),
        key=key,
        scope="trusted" if caller.trusted else "anonymous",
        now=app.clock(),
        retention=settings.retention,
        plan=choose(app.plans.find(body.plan, body.language), choice),
        charge=app.budget.charge_quota if capped else None,
    )
    page = settings.allowed_origins[0] if settings.allowed_origins else ""
    session_token = app.tokens.issue(interview.session_id, interview.incarnation, interview.expire_at)
    return answer(created_view(interview, session_token, page, app.plans.of(interview), ACCEPTS), 201)


def _check_stranger(app: App, request: Request) -> None:
    """Let a stranger to the door, a few times in a minute."""
    sender, limits = sender_of(request, app.settings.deployed), app.rate_limits
    request.environ[LIMITS] = limits.hit("create", sender.address)
    limits.hit("create-by-proxy", sender.hop)
    if app.app_check:
        app.app_check.check(request.headers.get("X-Firebase-AppCheck", ""))


def _idempotency_key(request: Request, caller: Caller) -> str:
    """Read the key; a stranger's must be a UUID, since knowing it opens the interview that it made."""
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


ROUTES = (Route("sessions/create", "POST", create), health_at("sessions/create"))
